//! The text of errors.

use super::attempts::Failure;
use super::cause::BELOW;
use super::{Error, ErrorKind, Inner};
use std::error::Error as _;
use std::fmt;
use std::iter::successors;

/// The text before advice.
const HELP: &str = "; help: ";

/// The length, in bytes, to which `Debug` shows the details of an error.
const LONGEST_DETAILS: usize = 1000;

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

/// The line of `Display`, and in brackets what it lacks: a `main` that returns the error shows nothing else.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.to_string();
        write!(f, "{shown} [{:?}", self.0.kind)?;
        // The line has all of the text of a provider's error.
        let is_shown = self.0.kind == ErrorKind::Credentials;
        let first = self.source().filter(|_| !is_shown);
        for cause in successors(first, |&cause| cause.source()) {
            let text = cause.to_string();
            if text != BELOW && !shown.contains(&text) {
                write!(f, "; cause: {text}")?;
                shown.push_str(&text);
            }
        }
        if let Some(response) = &self.0.response {
            let details = response.status.as_ref().map(|status| &status.details);
            if let Some(details) = details.filter(|details| !details.is_empty()) {
                let json = serde_json::to_string(details).unwrap_or_default();
                write!(f, "; details: {}", shortened(json))?;
            }
            write!(f, "; body: {} bytes", response.body.len())?;
        }
        f.write_str("]")
    }
}

/// Returns the beginning of a long text.
fn shortened(mut text: String) -> String {
    if text.len() > LONGEST_DETAILS {
        text.truncate(text.floor_char_boundary(LONGEST_DETAILS));
        text.push('…');
    }
    text
}
