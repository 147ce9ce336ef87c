//! Diagnostics: they name the problem and the place, and cannot control a terminal.

use gapi_generator::{Diagnostic, Diagnostics, Source};
use serde_json::Value;

use super::{Finding, Property, text};

/// The longest message, in characters, because the generator limits its parts in characters.
const LONGEST: usize = 4_000;

/// Checks the diagnostics of a document.
pub(super) fn check(source: &Source, diagnostics: &Diagnostics) -> Vec<Finding> {
    let document = serde_json::from_str::<Value>(&source.text).ok();
    let all = diagnostics.all().iter();
    all.flat_map(|diagnostic| one(diagnostic, document.as_ref()))
        .collect()
}

fn one(diagnostic: &Diagnostic, document: Option<&Value>) -> Vec<Finding> {
    let place = text::shortened(&diagnostic.pointer.to_string());
    let mut findings = Vec::new();
    let mut broken =
        |property, detail: String| findings.push(Finding::new(property, &place, detail));
    let printed = diagnostic.to_string();
    if diagnostic.message.trim().is_empty() {
        broken(Property::DiagnosticHelps, "it says nothing".to_owned());
    }
    let length = printed.chars().count();
    if length > LONGEST {
        broken(Property::DiagnosticHelps, format!("{length} characters"));
    }
    // The only line break is before the help.
    let mut lines = printed.split('\n');
    let first = lines.next().unwrap_or_default();
    let help = lines.next();
    if let Some(hidden) = text::hidden(&printed) {
        broken(
            Property::NothingInvisible,
            format!("the character {hidden:?} in `{first}`"),
        );
    }
    if lines.next().is_some() || help.is_some_and(|help| !help.starts_with("  help: ")) {
        broken(
            Property::NothingInvisible,
            format!("a line of the document's own after `{first}`"),
        );
    }
    if let Some(document) = document
        && !exists(document, diagnostic.pointer.as_str())
    {
        broken(
            Property::DiagnosticHelps,
            "the document has no such place".to_owned(),
        );
    }
    findings
}

/// Returns whether the document has the place, or the object that a missing member belongs to.
fn exists(document: &Value, pointer: &str) -> bool {
    let mut present = pointer;
    // The object can be missing as well, at most two levels up (`auth`, `oauth2`).
    for _ in 0..3 {
        if document.pointer(present).is_some() {
            return true;
        }
        present = present.rsplit_once('/').map_or("", |(parent, _)| parent);
    }
    false
}
