//! The text of errors.

use super::{Error, ErrorKind, Inner};
use std::fmt;

/// One line: method, HTTP status, message, attempts, what to check.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(id) = self.0.method_id {
            f.write_str(id)?;
            separator = ": ";
        }
        if let Some(response) = &self.0.response
            && self.0.kind != ErrorKind::Operation
        {
            write!(f, "{separator}HTTP {}", response.http_status.as_str())?;
            if let Some(reason) = response.http_status.canonical_reason() {
                write!(f, " {reason}")?;
            }
            separator = ": ";
        }
        if !self.0.message.is_empty() {
            write!(f, "{separator}{}", self.0.message)?;
        }
        attempts(f, &self.0)?;
        match self.0.advice {
            Some(advice) => write!(f, "; help: {advice}"),
            None => Ok(()),
        }
    }
}

/// In parentheses: how often and how long the call was tried, and whether a retry was held back.
fn attempts(f: &mut fmt::Formatter<'_>, error: &Inner) -> fmt::Result {
    let count = error.attempts;
    let is_worth_it = count > 1 || error.kind == ErrorKind::Connect;
    let mut parts = Vec::new();
    match error.elapsed.filter(|_| is_worth_it) {
        Some(elapsed) => {
            let plural = if count == 1 { "" } else { "s" };
            let seconds = elapsed.as_secs_f64();
            parts.push(format!("{count} attempt{plural} in {seconds:.1} s"));
        }
        None if count > 1 => parts.push(format!("attempt {count}")),
        None => {}
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
        if let Some(host) = &self.0.host {
            debug.field("host", host);
        }
        if let Some(elapsed) = &self.0.elapsed {
            debug.field("elapsed", elapsed);
        }
        // A `main` that returns the error shows nothing else.
        if let Some(advice) = &self.0.advice {
            debug.field("help", advice);
        }
        if self.0.is_suppressed {
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
