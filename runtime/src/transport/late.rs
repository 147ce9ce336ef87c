//! Time limits of this crate that have passed.

use super::destination::Destination;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// A time limit that ended a request: the cause of an error.
#[derive(Debug)]
pub(crate) enum Late {
    /// The whole call took longer than its timeout.
    Call(Duration),
    /// An attempt took longer than that of the policy.
    Attempt(Duration),
    /// The stream of a response had no message for this time, after so many messages.
    Message(Duration, u64),
}

impl Late {
    /// Returns the failure of a request to this destination.
    pub(super) fn describe(&self, destination: &Destination) -> String {
        match self {
            Self::Call(limit) | Self::Attempt(limit) => {
                let seconds = limit.as_secs_f64();
                format!("no response from {destination} within {seconds} s ({self})")
            }
            Self::Message(..) => self.to_string(),
        }
    }
}

impl fmt::Display for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(_) => f.write_str("timeout of the call"),
            Self::Attempt(_) => f.write_str("timeout of an attempt"),
            Self::Message(limit, count) => {
                write!(f, "no message for {} s", limit.as_secs_f64())?;
                match count {
                    0 => Ok(()),
                    1 => f.write_str(" after 1 message"),
                    _ => write!(f, " after {count} messages"),
                }
            }
        }
    }
}

impl StdError for Late {}
