//! A watchdog: an execution that does not end is told aloud, and ends the program.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

/// How long an execution may take: far more than any does, so that a busy machine is no finding.
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
    /// Starts a watchdog that hands the document of an execution without an end to `give_up`.
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

    /// Runs an execution on this document.
    pub fn run<T>(&self, text: &str, execution: impl FnOnce() -> T) -> T {
        text.clone_into(&mut self.document.lock().unwrap_or_else(PoisonError::into_inner));
        // Without its watchdog the execution runs all the same.
        let _ = self.begun.send(Some(bound(text.len())));
        let done = execution();
        let _ = self.begun.send(None);
        done
    }
}

/// Ends the program: there is no other way out of a thread that hangs.
pub fn abort(document: &str) {
    eprintln!("an execution does not end; its document:\n{document}");
    std::process::abort();
}
