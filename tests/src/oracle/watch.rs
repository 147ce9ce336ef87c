//! A watchdog that reports an execution that does not end, and ends the program.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

/// Returns the time limit of an execution. It is long, so that a busy machine causes no finding.
#[must_use]
pub fn bound(bytes: usize) -> Duration {
    let megabytes = u32::try_from(bytes / 1_000_000).unwrap_or(u32::MAX - 1);
    Duration::from_mins(1).saturating_mul(megabytes.saturating_add(1))
}

/// Watches the executions of one thread.
#[derive(Debug)]
pub struct Watch {
    begun: Sender<Option<Duration>>,
    document: Arc<Mutex<String>>,
}

impl Watch {
    /// Starts a watchdog that passes the document of an endless execution to `give_up`.
    pub fn start(give_up: impl FnOnce(&str) + Send + 'static) -> Self {
        let (begun, executions) = mpsc::channel::<Option<Duration>>();
        let document = Arc::new(Mutex::new(String::new()));
        let current = Arc::clone(&document);
        thread::spawn(move || {
            let mut bound = None;
            loop {
                let next = match bound {
                    None => executions
                        .recv()
                        .map_err(|_| RecvTimeoutError::Disconnected),
                    Some(bound) => executions.recv_timeout(bound),
                };
                match next {
                    Ok(next) => bound = next,
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        give_up(&current.lock().unwrap_or_else(PoisonError::into_inner));
                        return;
                    }
                }
            }
        });
        Self { begun, document }
    }

    /// Runs an execution on this document under the watchdog.
    pub fn run<T>(&self, text: &str, execution: impl FnOnce() -> T) -> T {
        text.clone_into(&mut self.document.lock().unwrap_or_else(PoisonError::into_inner));
        // Without its watchdog the execution runs anyway.
        let _ = self.begun.send(Some(bound(text.len())));
        let done = execution();
        let _ = self.begun.send(None);
        done
    }
}

/// Ends the program, because a hanging thread cannot be stopped.
pub fn abort(document: &str) {
    eprintln!("an execution does not end; its document:\n{document}");
    std::process::abort();
}
