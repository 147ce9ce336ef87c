//! The errors of cassettes.

use std::fmt;
use std::path::{Path, PathBuf};

/// A cassette that cannot be written, read or replayed. `Display` names the file and the line.
///
/// ```
/// use gapi_runtime::cassette::{Cassette, CassetteError};
///
/// /// Returns the number of the line that cannot be read.
/// fn wrong_line(path: &str) -> Option<usize> {
///     let error: CassetteError = Cassette::open(path).err()?;
///     error.line()
/// }
///
/// assert_eq!(wrong_line("no-such-file.jsonl"), None);
/// ```
pub struct CassetteError {
    path: PathBuf,
    line: Option<usize>,
    problem: String,
}

impl CassetteError {
    pub(super) fn new(path: &Path, line: Option<usize>, problem: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            problem: problem.into(),
        }
    }

    /// Returns the number of the line with the problem. The first line is 1.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

impl fmt::Display for CassetteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cassette {}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}", self.problem)
    }
}

/// The same as `Display`, so that a test that fails with this error prints it readably.
impl fmt::Debug for CassetteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for CassetteError {}
