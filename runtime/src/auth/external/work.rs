//! Work that blocks a thread.

use crate::credentials::CredentialsError;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use tokio::sync::oneshot;

/// A flag by which work finds out that its caller no longer waits for it.
#[derive(Clone, Default)]
pub(super) struct Canceled(Arc<AtomicBool>);

impl Canceled {
    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Sets the flag when the future is dropped.
struct OnDrop(Canceled);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

/// Runs work on a separate thread, so that a file on a slow disk or a slow program blocks no other task. The threads of tokio
/// are not suitable: a runtime that ends waits for them.
///
/// # Errors
/// The operating system has no thread left.
pub(super) async fn apart<T: Send + 'static>(
    work: impl FnOnce(Canceled) -> T + Send + 'static,
) -> Result<T, CredentialsError> {
    let (sender, receiver) = oneshot::channel();
    let guard = OnDrop(Canceled::default());
    let canceled = guard.0.clone();
    thread::Builder::new()
        .name("gapi-credentials".to_owned())
        .spawn(move || {
            // The receiver is gone if the future was dropped.
            let _ = sender.send(work(canceled));
        })
        .map_err(CredentialsError::transient)?;
    let ended = |_| CredentialsError::transient("the thread that reads the credentials has ended");
    receiver.await.map_err(ended)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn work_learns_that_nobody_waits() {
        assert!(!apart(|canceled| canceled.is_set()).await.unwrap());
        let (sender, receiver) = oneshot::channel();
        let work = apart(move |canceled| {
            while !canceled.is_set() {
                thread::sleep(Duration::from_millis(1));
            }
            let _ = sender.send(());
        });
        assert!(
            tokio::time::timeout(Duration::from_millis(20), work)
                .await
                .is_err()
        );
        receiver.await.unwrap();
    }
}
