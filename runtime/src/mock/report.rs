//! The errors of a mock.

use std::fmt;

/// The problems that a mock found: unmatched calls, unused responses, and mistakes of expectations.
///
/// `Display` has a paragraph for each, which begins with the id of the method. `Debug` is the same, so that a test that fails with
/// this error prints it readably.
///
/// ```
/// use gapi_runtime::mock::{Mock, MockError};
///
/// /// Returns the methods whose calls or responses do not match.
/// fn wrong_methods(mock: &Mock) -> Vec<String> {
///     let error: Option<MockError> = mock.verify().err();
///     error.iter().flat_map(MockError::method_ids).map(str::to_owned).collect()
/// }
///
/// assert!(wrong_methods(&Mock::new()).is_empty());
/// ```
pub struct MockError(Vec<Problem>);

/// A problem with a method.
#[derive(Clone)]
pub(super) struct Problem {
    method_id: String,
    text: String,
    /// Further lines.
    notes: Vec<String>,
}

impl Problem {
    pub(super) fn new(method_id: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            method_id: method_id.into(),
            text: text.into(),
            notes: Vec::new(),
        }
    }

    pub(super) fn with_notes(mut self, notes: Vec<String>) -> Self {
        self.notes = notes;
        self
    }

    /// Returns the problem in one line, without the method.
    pub(super) fn in_one_line(&self) -> String {
        let lines = std::iter::once(self.text.as_str());
        let lines = lines.chain(self.notes.iter().map(String::as_str));
        lines.collect::<Vec<_>>().join("; ")
    }
}

impl MockError {
    /// Returns the error for problems, if there are any.
    pub(super) fn check(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Self(problems))
        }
    }

    /// Returns the ids of the methods that have problems.
    pub fn method_ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|problem| problem.method_id.as_str())
    }
}

impl fmt::Display for MockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let separator = if index > 0 { "\n" } else { "" };
            write!(f, "{separator}{}: {}", problem.method_id, problem.text)?;
            for note in &problem.notes {
                write!(f, "\n    {note}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for MockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for MockError {}
