//! The causes of errors, and the chain that programs print.

use super::Error;
use std::error::Error as StdError;
use std::fmt;

/// A cause of any type.
pub(crate) type Cause = Box<dyn StdError + Send + Sync>;

/// The text of a cause whose own text the error shows.
pub(super) const BELOW: &str = "a failure below the call";

/// A cause whose text the error shows already. So a chain that is printed does not repeat it, nor the causes below it.
#[derive(Debug)]
pub(super) struct Shown {
    text: String,
    cause: Cause,
}

impl Shown {
    /// Returns the cause as a part of the chain. Its outermost text stays if the error does not show it.
    pub(super) fn boxed(cause: Cause, message: &str) -> Cause {
        let mut text = cause.to_string();
        if text.is_empty() || message.contains(&text) {
            BELOW.clone_into(&mut text);
        }
        Box::new(Self { text, cause })
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for Shown {}

impl Error {
    /// Returns the cause of the error, for programs that look for a type, such as `std::io::Error`.
    ///
    /// `Display` of the error contains the text of the innermost cause. [`source`](StdError::source) omits the causes whose
    /// text `Display` shows, so that a chain of sources can be printed without repetition.
    ///
    /// ```
    /// use gapi_runtime::Error;
    ///
    /// /// Returns whether the operating system is the cause, even if `source` leaves it out.
    /// fn is_of_system(error: &Error) -> bool {
    ///     error.get_ref().is_some_and(|cause| cause.is::<std::io::Error>())
    /// }
    /// ```
    #[must_use]
    pub fn get_ref(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        let cause = self.0.source.as_deref()?;
        let shown = cause.downcast_ref::<Shown>();
        Some(shown.map_or(cause, |shown| &*shown.cause))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
