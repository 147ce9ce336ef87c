//! The text of errors.

use super::attempts::Failure;
use super::{Error, ErrorKind, Inner};
use std::fmt;

/// The text before advice.
const HELP: &str = "; help: ";

/// One line: method, HTTP status, message, attempts, what to check.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cause = Failure(self).to_string();
        // The advice of credentials is a part of their text.
        let (cause, own_advice) = match cause.split_once(HELP) {
            Some((cause, advice)) if self.0.kind == ErrorKind::Credentials => (cause, Some(advice)),
            _ => (cause.as_str(), None),
        };
        match self.0.method_id {
            Some(id) if cause.is_empty() => f.write_str(id)?,
            Some(id) => write!(f, "{id}: {cause}")?,
            None => f.write_str(cause)?,
        }
        attempts(f, &self.0, cause)?;
        match own_advice.or(self.0.advice()) {
            Some(advice) => write!(f, "{HELP}{advice}"),
            None => Ok(()),
        }
    }
}

/// In parentheses: how often, how long and where the call was tried, the first cause if it is another one, and the reason why
/// there was no retry.
fn attempts(f: &mut fmt::Formatter<'_>, error: &Inner, cause: &str) -> fmt::Result {
    let count = error.attempts;
    if count == 0 {
        return Ok(());
    }
    let unit = if error.counts_requests {
        "request"
    } else {
        "attempt"
    };
    let plural = if count == 1 { "" } else { "s" };
    write!(f, " ({count} {unit}{plural}")?;
    if let Some(elapsed) = error.elapsed {
        write!(f, " in {:.1} s", elapsed.as_secs_f64())?;
    }
    if let Some(host) = error.host.as_deref().filter(|host| !cause.contains(host)) {
        write!(f, " at {host}")?;
    }
    if let Some(first) = error.first_cause.as_deref().filter(|first| *first != cause) {
        write!(f, "; first: {first}")?;
    }
    if let Some(reason) = error.unretried {
        write!(f, "; {reason}")?;
    }
    f.write_str(")")
}

impl Inner {
    fn advice(&self) -> Option<&'static str> {
        self.advice.or_else(|| self.unretried?.advice())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug
            .field("kind", &self.0.kind)
            .field("method_id", &self.0.method_id)
            .field("message", &self.0.message)
            .field("attempts", &self.0.attempts);
        if let Some(host) = &self.0.host {
            debug.field("host", host);
        }
        if let Some(elapsed) = &self.0.elapsed {
            debug.field("elapsed", elapsed);
        }
        if let Some(first_cause) = &self.0.first_cause {
            debug.field("first_cause", first_cause);
        }
        // A `main` that returns the error shows nothing else.
        if let Some(advice) = self.0.advice() {
            debug.field("help", &advice);
        }
        if let Some(reason) = self.0.unretried {
            debug.field("unretried", &reason);
        }
        if self.is_retry_suppressed() {
            debug.field("is_retry_suppressed", &true);
        }
        if self.0.kind == ErrorKind::Credentials {
            debug.field("is_transient", &self.is_transient());
        }
        if let Some(response) = &self.0.response {
            debug
                .field("http_status", &response.http_status)
                .field("status", &response.status)
                .field("body_len", &response.body.len());
        }
        if let Some(source) = &self.0.source {
            debug.field("source", source);
        }
        debug.finish_non_exhaustive()
    }
}
