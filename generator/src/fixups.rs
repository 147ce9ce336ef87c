//! Corrections of documents that are wrong. The documents themselves are kept as they were served.
//!
//! Each correction says what is wrong upstream and where that can be seen, and is an error as soon as
//! it no longer applies: then upstream has changed, and the correction goes.

use serde_json::Value;

use crate::{
    diagnostics::{Diagnostics, Pointer},
    names::Renames,
};

mod firestore;

/// A correction of one place of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fixup {
    /// The ids of the documents, for example `firestore:v1`.
    documents: &'static [&'static str],
    /// The place (JSON pointer) that is wrong.
    pointer: &'static str,
    /// What is put right.
    correction: Correction,
}

/// What can be corrected.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Correction {
    /// The object at the place gets this member, which upstream leaves out.
    Add(&'static str, &'static str),
    /// The place gets a Rust name of its own choice.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "no published document needs it yet")
    )]
    Rename(&'static str),
}

/// Every correction, by API.
const FIXUPS: &[&[Fixup]] = &[firestore::FIXUPS];

/// Which revision of a document is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Revision {
    /// The one to generate from: what does not apply to it has to go.
    Current,
    /// Any: corrections and renames are for another one, where they do not apply.
    Any,
}

/// Applies the corrections of the document with this `id`, and hands over the names they choose.
pub(crate) fn apply(
    document: &mut Value,
    revision: Revision,
    diagnostics: &mut Diagnostics,
) -> Renames {
    apply_table(FIXUPS, document, revision, diagnostics)
}

fn apply_table(
    table: &[&[Fixup]],
    document: &mut Value,
    revision: Revision,
    diagnostics: &mut Diagnostics,
) -> Renames {
    let id = document
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let mut renames = Renames::new(&id);
    if revision == Revision::Any {
        renames = renames.for_any_revision();
    }
    for fixup in table.iter().copied().flatten() {
        if !fixup.documents.contains(&id.as_str()) {
            continue;
        }
        let value = stands_in_a_list(document, fixup.pointer);
        let place = document.pointer_mut(fixup.pointer);
        let applied = match (fixup.correction, place) {
            (Correction::Rename(rust), place) if place.is_some() || value => {
                renames.insert(fixup.pointer, rust);
                true
            }
            (Correction::Add(member, value), Some(Value::Object(object))) => {
                object.insert(member.to_owned(), value.into()).is_none()
            }
            _ => false,
        };
        if !applied && revision == Revision::Current {
            diagnostics.error_with_help(
                &Pointer::from(fixup.pointer),
                "a correction in generator/src/fixups no longer applies",
                "look at what upstream has changed, then take the correction out",
            );
        }
    }
    renames
}

/// Whether the place is an allowed value, which renames call by its text.
fn stands_in_a_list(document: &Value, pointer: &str) -> bool {
    let Some((list, value)) = pointer.rsplit_once('/') else {
        return false;
    };
    let values = document.pointer(list).and_then(Value::as_array);
    let value = value.replace("~1", "/").replace("~0", "~");
    values.is_some_and(|values| values.iter().any(|listed| *listed == value.as_str()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TABLE: &[&[Fixup]] = &[&[
        Fixup {
            documents: &["a:v1"],
            pointer: "/methods/x",
            correction: Correction::Add("b", "c"),
        },
        Fixup {
            documents: &["a:v1"],
            pointer: "/schemas/S",
            correction: Correction::Rename("T"),
        },
    ]];

    #[test]
    fn applies_to_its_document_only() {
        let mut diagnostics = Diagnostics::new("d");
        let mut document = json!({"id": "a:v1", "methods": {"x": {}}, "schemas": {"S": {}}});
        apply_table(TABLE, &mut document, Revision::Current, &mut diagnostics);
        assert_eq!(document["methods"]["x"]["b"], "c");
        assert!(stands_in_a_list(&json!({"enum": ["a/b"]}), "/enum/a~1b"));
        assert!(!stands_in_a_list(&json!({"enum": ["a/b"]}), "/enum/b"));
        let mut other = json!({"id": "b:v1"});
        apply_table(TABLE, &mut other, Revision::Current, &mut diagnostics);
        assert_eq!(other, json!({"id": "b:v1"}));
        assert!(diagnostics.is_empty());
    }

    #[test]
    fn a_correction_that_upstream_has_made_is_an_error() {
        let mut diagnostics = Diagnostics::new("d");
        let mut document = json!({"id": "a:v1", "methods": {"x": {"b": "c"}}});
        apply_table(TABLE, &mut document, Revision::Current, &mut diagnostics);
        let found: Vec<&str> = diagnostics
            .all()
            .iter()
            .map(|found| found.pointer.as_str())
            .collect();
        assert_eq!(found, ["/methods/x", "/schemas/S"]);

        // An older or newer document may lack what they are for.
        let mut diagnostics = Diagnostics::new("d");
        apply_table(TABLE, &mut document, Revision::Any, &mut diagnostics);
        assert!(diagnostics.is_empty());
    }
}
