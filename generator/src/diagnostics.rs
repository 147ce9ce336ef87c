//! Diagnostics about a document: the place, the problem and the fix.
//!
//! Stages collect diagnostics and continue as far as possible, so that the user sees all problems of a stage at once.

use std::{collections::BTreeSet, fmt};

mod quoted;
mod rename;

pub use crate::text::{is_hidden, printable};
pub use quoted::quoted;
pub use rename::Rename;

/// A place in a document: a JSON pointer (RFC 6901).
///
/// ```
/// use gapi_generator::Pointer;
///
/// let field = Pointer::root().child("schemas").child("a/b");
/// assert_eq!(field.as_str(), "/schemas/a~1b");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct Pointer(String);

impl Pointer {
    /// Returns the pointer to the whole document.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Returns the pointer to the member `name` (or the element with that index).
    #[must_use]
    pub fn child(&self, name: impl fmt::Display) -> Self {
        let mut pointer = format!("{}/{name}", self.0);
        let start = self.0.len() + 1;
        if pointer[start..].contains(['~', '/']) {
            let name = pointer.split_off(start);
            pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
        }
        Self(pointer)
    }

    /// Returns the pointer to the member `name` of the same object.
    pub(crate) fn beside(&self, name: &str) -> Self {
        let parent = self.0.rsplit_once('/').map_or("", |(parent, _)| parent);
        Self(parent.to_owned()).child(name)
    }

    /// Returns the text in the form of RFC 6901; empty for the whole document.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Pointer {
    /// Reads a pointer from a rename or a fixup.
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The severity of a diagnostic. It decides whether generation can continue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Nothing can be generated from the document.
    Error,
    /// The document generates, with a lossless fallback.
    Warning,
}

/// A problem in a document.
///
/// ```
/// use gapi_generator::{Diagnostic, Diagnostics, Severity};
///
/// /// Returns the places of the errors.
/// fn places(problems: &Diagnostics) -> Vec<&str> {
///     let is_error = |it: &&Diagnostic| it.severity == Severity::Error;
///     problems.all().iter().filter(is_error).map(|it| it.pointer.as_str()).collect()
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The severity.
    pub severity: Severity,
    /// The document, as the user named it (usually a path).
    pub document: String,
    /// The place in the document.
    pub pointer: Pointer,
    /// The description of the problem.
    pub message: String,
    /// An action that fixes the problem.
    pub help: Option<String>,
    /// A rename that fixes the problem.
    pub rename: Option<Rename>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        // Places and messages quote the document, whose characters must not control the terminal.
        write!(f, "{severity}: {}", printable(&self.document))?;
        if self.pointer != Pointer::root() {
            write!(f, "#{}", printable(self.pointer.as_str()))?;
        }
        write!(f, ": {}", printable(&self.message))?;
        if let Some(help) = &self.help {
            write!(f, "\n  help: {}", printable(help))?;
        }
        Ok(())
    }
}

/// The diagnostics of one document.
///
/// ```
/// use gapi_generator::{Diagnostics, Pointer, Rename};
///
/// let mut problems = Diagnostics::new("books.json");
/// let place = Pointer::root().child("schemas").child("Book");
/// problems.warning(&place, "is not used");
/// assert!(!problems.is_empty() && !problems.has_errors());
/// assert_eq!(problems.propagate(), Ok(())); // warnings do not stop a stage
///
/// let mut others = Diagnostics::new("films.json");
/// others.error(&Pointer::root(), "is not a Discovery document");
/// others.error_with_help(&place, "has two titles", "remove one of them");
/// let (document, pointer) = ("films:v1".to_owned(), place.as_str().to_owned());
/// let rename = Rename { document, pointer, rust: "Volume".to_owned() };
/// others.error_with_rename(&place, "has the name of another schema", rename);
/// problems.extend(others);
/// assert_eq!(problems.all().len(), 4);
/// assert!(problems.propagate().is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    document: String,
    found: Vec<Diagnostic>,
    /// Places with their help.
    helped: BTreeSet<(Pointer, String)>,
    /// `true` if there is an error among them.
    has_errors: bool,
    /// The number of diagnostics beyond [`MOST`].
    omitted: usize,
}

/// The maximum number of diagnostics that are kept. The others are only counted.
const MOST: usize = 1_000;

impl Diagnostics {
    /// Creates an empty collection for the document with this name.
    #[must_use]
    pub fn new(document: impl Into<String>) -> Self {
        Self {
            document: document.into(),
            ..Self::default()
        }
    }

    /// Adds an error.
    pub fn error(&mut self, pointer: &Pointer, message: impl Into<String>) {
        self.push(Severity::Error, pointer, message.into(), None, None);
    }

    /// Adds an error that a rename fixes.
    pub fn error_with_rename(
        &mut self,
        pointer: &Pointer,
        message: impl Into<String>,
        rename: Rename,
    ) {
        let option = rename.option();
        let help = option.map(|option| format!("rename it: `{option}`"));
        // The option would be cut.
        let help = help.filter(|help| *help == printable(help));
        self.push(Severity::Error, pointer, message.into(), help, Some(rename));
    }

    /// Adds an error with a fix.
    pub fn error_with_help(
        &mut self,
        pointer: &Pointer,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(
            Severity::Error,
            pointer,
            message.into(),
            Some(help.into()),
            None,
        );
    }

    /// Adds a warning.
    pub fn warning(&mut self, pointer: &Pointer, message: impl Into<String>) {
        self.push(Severity::Warning, pointer, message.into(), None, None);
    }

    fn push(
        &mut self,
        severity: Severity,
        pointer: &Pointer,
        message: String,
        help: Option<String>,
        rename: Option<Rename>,
    ) {
        // The first error is always kept, because it stops generation.
        if self.found.len() >= MOST && (severity == Severity::Warning || self.has_errors) {
            self.omitted += 1;
            return;
        }
        self.has_errors |= severity == Severity::Error;
        // A name that is used in several places causes one error.
        let known = |help: &String| !self.helped.insert((pointer.clone(), help.clone()));
        if help.as_ref().is_some_and(known) {
            return;
        }
        let document = self.document.clone();
        self.found.push(Diagnostic {
            severity,
            document,
            pointer: pointer.clone(),
            message,
            help,
            rename,
        });
    }

    /// Returns all diagnostics, in order.
    #[must_use]
    pub fn all(&self) -> &[Diagnostic] {
        &self.found
    }

    /// Returns whether there are no diagnostics.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Returns whether there is an error among the diagnostics.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// Ends a stage. Returns the diagnostics if one of them is an error.
    ///
    /// # Errors
    /// Returns the diagnostics themselves, warnings included.
    pub fn propagate(&mut self) -> Result<(), Diagnostics> {
        if self.has_errors() {
            Err(std::mem::take(self))
        } else {
            Ok(())
        }
    }

    /// Adds the diagnostics of another document.
    pub fn extend(&mut self, other: Diagnostics) {
        self.found.extend(other.found);
        self.has_errors |= other.has_errors;
        self.omitted += other.omitted;
    }
}

impl Diagnostics {
    /// Writes the diagnostics, and then all renames together, in the form that the reader needs.
    pub(crate) fn write(
        &self,
        f: &mut fmt::Formatter<'_>,
        place: &str,
        form: impl Fn(&Rename) -> String,
    ) -> fmt::Result {
        for (index, diagnostic) in self.found.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{diagnostic}")?;
        }
        if self.omitted > 0 {
            write!(f, "\nand {} more problems", self.omitted)?;
        }
        let renames = self.found.iter().filter_map(|it| it.rename.as_ref());
        for (index, rename) in renames.enumerate() {
            if index == 0 {
                write!(f, "\nhelp: these lines resolve the names, {place}:")?;
            }
            // Complete, and on a separate line, so that it can be copied.
            write!(f, "\n{}", form(rename))?;
        }
        Ok(())
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, "below `[[output]]` in gapi.toml", Rename::line)
    }
}

impl std::error::Error for Diagnostics {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_escape_slash_and_tilde() {
        let pointer = Pointer::root().child("paths").child("a/b~c").child(3);
        assert_eq!(pointer.as_str(), "/paths/a~1b~0c/3");
    }

    #[test]
    fn names_of_a_document_do_not_reach_the_terminal_as_they_are() {
        let mut diagnostics = Diagnostics::new("a\u{7}.json");
        let pointer = Pointer::root().child("\u{1b}[2J\n\u{202e}");
        diagnostics.error(&pointer, "bad");
        assert_eq!(
            diagnostics.to_string(),
            "error: a\u{fffd}.json#/\u{fffd}[2J\u{fffd}\u{fffd}: bad"
        );
    }

    #[test]
    fn case_s7_the_number_of_diagnostics_is_limited() {
        let mut diagnostics = Diagnostics::new("x.json");
        for index in 0..MOST + 5 {
            diagnostics.warning(&Pointer::root().child(index), "odd");
        }
        assert_eq!((diagnostics.all().len(), diagnostics.omitted), (MOST, 5));
        diagnostics.error(&Pointer::root(), "bad");
        diagnostics.error(&Pointer::root(), "worse");
        let text = diagnostics.to_string();
        assert!(text.ends_with("\nerror: x.json: bad\nand 6 more problems"));
        assert!(diagnostics.propagate().is_err());
    }

    #[test]
    fn propagate_lets_warnings_pass() {
        let mut diagnostics = Diagnostics::new("x.json");
        diagnostics.warning(&Pointer::root().child("schemas"), "odd");
        assert_eq!(diagnostics.propagate(), Ok(()));
        diagnostics.error_with_help(&Pointer::root(), "bad\u{1b}[31m", "fix it");
        assert_eq!(
            diagnostics.propagate().map_err(|found| found.to_string()),
            Err(
                "warning: x.json#/schemas: odd\nerror: x.json: bad\u{fffd}[31m\n  help: fix it"
                    .to_owned()
            )
        );
    }
}
