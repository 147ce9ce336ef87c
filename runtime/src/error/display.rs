//! How errors are shown.

use super::{Error, ErrorKind, Inner};
use std::fmt;

/// One line: method, HTTP status, message, attempts.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(id) = self.0.method_id {
            f.write_str(id)?;
            separator = ": ";
        }
        if let Some(answer) = &self.0.answer
            && self.0.kind != ErrorKind::Operation
        {
            write!(f, "{separator}HTTP {}", answer.http_status.as_str())?;
            if let Some(reason) = answer.http_status.canonical_reason() {
                write!(f, " {reason}")?;
            }
            separator = ": ";
        }
        if !self.0.message.is_empty() {
            write!(f, "{separator}{}", self.0.message)?;
        }
        attempts(f, &self.0)
    }
}

/// In parentheses: how often the call was sent, and whether a retry was held back.
fn attempts(f: &mut fmt::Formatter<'_>, error: &Inner) -> fmt::Result {
    let mut parts = Vec::new();
    if error.attempts > 1 {
        parts.push(format!("attempt {}", error.attempts));
    }
    if error.is_suppressed {
        parts.push(
            "retry suppressed by the throttle: too many requests of this client fail".to_owned(),
        );
    }
    if parts.is_empty() {
        return Ok(());
    }
    write!(f, " ({})", parts.join("; "))
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug
            .field("kind", &self.0.kind)
            .field("method_id", &self.0.method_id)
            .field("message", &self.0.message)
            .field("attempts", &self.0.attempts);
        if self.0.is_suppressed {
            debug.field("is_retry_suppressed", &true);
        }
        if self.0.kind == ErrorKind::Credentials {
            debug.field("is_transient", &self.is_transient());
        }
        if let Some(answer) = &self.0.answer {
            debug
                .field("http_status", &answer.http_status)
                .field("status", &answer.status)
                .field("body_len", &answer.body.len());
        }
        if let Some(source) = &self.0.source {
            debug.field("source", source);
        }
        debug.finish_non_exhaustive()
    }
}
