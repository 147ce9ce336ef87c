//! The errors of code generation in a build script.

use std::fmt;

use crate::{Diagnostics, Rename, WriteError};

/// An error of code generation in a build script.
#[non_exhaustive]
pub enum Problem {
    /// Documents or options are wrong.
    Documents(Diagnostics),
    /// A file could not be written.
    File(WriteError),
    /// The generator has no documents.
    Usage(&'static str),
}

impl From<Diagnostics> for Problem {
    fn from(diagnostics: Diagnostics) -> Self {
        Self::Documents(diagnostics)
    }
}

impl From<WriteError> for Problem {
    fn from(failure: WriteError) -> Self {
        Self::File(failure)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Documents(diagnostics) => {
                diagnostics.write(f, "in the build script", Rename::call)
            }
            Self::File(failure @ WriteError::NotGenerated { .. }) => {
                write!(f, "{failure}, or allow it with `Generator::force`")
            }
            Self::File(failure) => failure.fmt(f),
            Self::Usage(message) => write!(f, "error: {message}"),
        }
    }
}

/// Formats the error for a person, because a build script that returns an error prints this form.
impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Problem {}
