//! Errors in a project file.

use std::{fmt, path::Path};

use super::settings::Position;
use crate::terminal::Shown as _;

/// An error with its place and a way to fix it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProjectError {
    pub(crate) place: Position,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// The errors of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ProjectErrors(Vec<ProjectError>);

impl ProjectErrors {
    /// Adds an error.
    pub(crate) fn add(
        &mut self,
        place: Position,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.0.push(ProjectError {
            place,
            message: message.into(),
            help: Some(help.into()),
        });
    }

    /// Returns the number of errors.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds an error that another module has printed: `error: `, a message, and lines of help.
    pub(crate) fn add_printed(&mut self, place: Position, printed: &str) {
        self.0.push(ProjectError {
            place,
            message: printed.trim_start_matches("error: ").to_owned(),
            help: None,
        });
    }

    /// Returns the errors as text, in the order of their places, if there are any.
    pub(crate) fn into_result(mut self, file: &Path) -> Result<(), String> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.sort_by_key(|error| error.place);
        self.0.dedup();
        let file = file.shown();
        let texts: Vec<String> = self
            .0
            .iter()
            .map(|error| match error.place {
                Position { line: 0, .. } => format!("error: {error}"),
                Position { line, column } => format!("error: {file}:{line}:{column}: {error}"),
            })
            .collect();
        Err(texts.join("\n"))
    }
}

impl fmt::Display for ProjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}
