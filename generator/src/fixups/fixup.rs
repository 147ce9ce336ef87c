//! The form of a correction.

/// A correction of one place of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fixup {
    /// The ids of the documents, for example `firestore:v1`.
    pub(super) documents: &'static [&'static str],
    /// The place (JSON pointer) that is wrong.
    pub(super) pointer: &'static str,
    /// The correction of the place.
    pub(super) correction: Correction,
    /// The evidence that the document is wrong, for example a file of <https://github.com/googleapis/googleapis>.
    pub(super) source: &'static str,
}

/// A kind of correction.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Correction {
    /// The parameter at the place gets a wider pattern. The service binds more forms of the name to the method than
    /// the document has (`additional_bindings` of `google.api.http`).
    Pattern {
        /// The pattern in the document. The correction does not apply to any other one.
        was: &'static str,
        /// The pattern that matches all forms.
        is: &'static str,
    },
}
