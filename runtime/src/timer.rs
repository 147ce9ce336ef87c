//! The timer of the Tokio runtime.

use std::cell::Cell;
use std::time::Duration;
use tokio::runtime::{Handle, Id};

thread_local! {
    /// The runtime that was asked last on this thread, and whether it has a timer.
    static KNOWN: Cell<Option<(Id, bool)>> = const { Cell::new(None) };
}

/// Returns `true` if the current task runs in a Tokio runtime with time enabled.
pub(crate) fn is_available() -> bool {
    let Ok(runtime) = Handle::try_current() else {
        return false;
    };
    let id = runtime.id();
    match KNOWN.get() {
        Some((known, is_available)) if known == id => is_available,
        _ => {
            let is_available = has_timer();
            KNOWN.set(Some((id, is_available)));
            is_available
        }
    }
}

/// Asks the runtime. Tokio has no other way to ask: it panics if it has no timer. The panic ends here, but the panic hook still
/// prints its message, once for a runtime and a thread.
fn has_timer() -> bool {
    std::panic::catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO))).is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_available;
    use tokio::runtime::Builder;

    #[test]
    fn case_r26_a_runtime_may_have_none() {
        assert!(!is_available());
        let without = Builder::new_current_thread().build().unwrap();
        let with = Builder::new_current_thread().enable_time().build().unwrap();
        let threads = Builder::new_multi_thread().worker_threads(1).build();
        for _ in 0..2 {
            assert!(!without.block_on(async { is_available() }));
            assert!(with.block_on(async { is_available() }));
        }
        assert!(!threads.unwrap().block_on(async { is_available() }));
    }
}
