//! Connections of HTTP/2 that a server closes.

use std::error::Error as StdError;
use std::fmt;
use std::iter::successors;

/// The reason why a server has closed a connection of HTTP/2. The text that a server can add is omitted, because it may repeat a
/// token.
#[derive(Debug)]
pub(in crate::transport) struct Closed(h2::Reason);

impl Closed {
    /// Returns the reason, if it is among the causes of an error.
    pub(in crate::transport) fn by(error: &(dyn StdError + 'static)) -> Option<Self> {
        let causes = successors(Some(error), |&error| error.source());
        let mut causes = causes.filter_map(<dyn StdError>::downcast_ref::<h2::Error>);
        let error = causes.find(|error| error.is_go_away() && error.is_remote())?;
        error.reason().map(Self)
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server closed it: {}", self.0.description())
    }
}

impl StdError for Closed {}
