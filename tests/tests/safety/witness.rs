//! Collects all output and log lines, and searches them for secrets.

use gapi_tests::journal::{self, Journal};
use std::error::Error;
use std::fmt::Debug;
use std::sync::Mutex;
use tracing::subscriber::DefaultGuard;

/// A text that all secrets contain, and nothing else.
const MARK: &str = "SECRET";

/// A collector of output and log lines.
pub(super) struct Witness {
    journal: Journal,
    _guard: DefaultGuard,
    /// The output, with its source.
    shown: Mutex<Vec<(String, String)>>,
}

impl Witness {
    pub(super) fn new() -> Self {
        let journal = Journal::default();
        // Starts to record the crate `log` as well.
        let _ = journal::records();
        Self {
            _guard: tracing::subscriber::set_default(journal.clone()),
            journal,
            shown: Mutex::default(),
        }
    }

    fn keep(&self, what: &str, text: String) {
        let kept = (what.to_owned(), text);
        self.shown.lock().unwrap().push(kept);
    }

    /// Records both forms of `Debug`.
    pub(super) fn debug(&self, what: &str, value: &impl Debug) {
        self.keep(what, format!("{value:?}\n{value:#?}"));
    }

    /// Records an error with all of its causes.
    pub(super) fn error(&self, what: &str, error: &(dyn Error + 'static)) {
        let mut cause = Some(error);
        while let Some(error) = cause {
            self.keep(what, format!("{error}\n{error:#}\n{error:?}\n{error:#?}"));
            cause = error.source();
        }
    }

    /// Checks that neither output nor log has a secret. Returns the log lines of this library.
    #[track_caller]
    pub(super) fn check(self) -> Vec<String> {
        let shown = self.shown.into_inner().unwrap();
        assert!(!shown.is_empty(), "nothing was shown");
        for (what, text) in shown {
            check(&what, &text);
        }
        let lines = self.journal.lines();
        for line in lines.iter().chain(&journal::records()) {
            check("the log", line);
        }
        lines
            .into_iter()
            .filter(|line| line.contains(" gapi_runtime"))
            .collect()
    }
}

#[track_caller]
fn check(what: &str, text: &str) {
    // Basic credentials (RFC 7617) of the proxy's user, as in a header.
    for secret in [MARK, super::leaks::PROXY_CREDENTIALS] {
        assert!(!text.contains(secret), "{what} shows {secret}: {text}");
    }
}

#[test]
#[should_panic(expected = "a client shows SECRET")]
fn a_secret_is_noticed_where_it_is_shown() {
    let witness = Witness::new();
    witness.debug("a client", &Some("Bearer SECRET-token"));
    witness.check();
}

#[test]
#[should_panic(expected = "the log shows SECRET")]
fn a_secret_is_noticed_where_it_is_logged() {
    let witness = Witness::new();
    witness.debug("nothing", &());
    tracing::trace!(target: "anybody", "a token: SECRET");
    witness.check();
}

#[test]
fn the_crate_log_is_heard() {
    let witness = Witness::new();
    log::trace!(target: "anybody", "not confidential");
    let records = journal::records();
    assert!(records.contains(&"TRACE anybody not confidential".to_owned()));
    witness.debug("nothing", &());
    witness.check();
}
