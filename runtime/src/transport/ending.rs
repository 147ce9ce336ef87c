//! The end of a body.

use super::TransportError;
use std::error::Error as StdError;
use std::fmt;

/// The facts that show whether a body is complete at its end.
///
/// hyper ends a body without an error if the server resets the stream of HTTP/2 with the code `NO_ERROR`. A server may do so after
/// a complete response only (RFC 9113, section 8.1).
#[derive(Clone, Copy)]
pub(super) struct End {
    /// The number of bytes that are missing, if the length of the body is known.
    pub(super) left: Option<u64>,
    /// `true` if `is_end_stream` of the body is `true` after each complete response.
    pub(super) is_marked: bool,
}

impl End {
    /// Counts bytes that have arrived.
    pub(super) fn receive(&mut self, bytes: usize) {
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(u64::try_from(bytes).unwrap_or(u64::MAX));
        }
    }

    /// Returns the error for a body that ends here, or `None` if it is complete. `is_end_stream` is that of the body.
    pub(super) fn missing(self, is_end_stream: bool) -> Option<TransportError> {
        let is_complete = is_end_stream || self.left.map_or(!self.is_marked, |left| left == 0);
        (!is_complete).then(|| TransportError::other(Incomplete(self.left)))
    }
}

/// A body that ends too early. The number of missing bytes, if it is known.
#[derive(Debug)]
struct Incomplete(Option<u64>);

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the stream ended before the end of the body")?;
        match self.0 {
            Some(bytes) => write!(f, ", {bytes} bytes early"),
            None => Ok(()),
        }
    }
}

impl StdError for Incomplete {}
