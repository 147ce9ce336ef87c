//! Corrections of wrong documents. The documents themselves stay as Google serves them.
//!
//! Each correction names the mistake and its evidence. A correction that no longer applies is skipped: the document has
//! another revision, or Google has corrected it. [`Options::insist_on_corrections`](crate::Options::insist_on_corrections)
//! makes that an error, so that the correction is removed here.

use serde_json::Value;

use crate::diagnostics::{Diagnostics, Pointer};

mod firestore;
mod fixup;
mod securitycenter;

use fixup::{Correction, Fixup};

/// Every correction, by API.
const FIXUPS: &[&[Fixup]] = &[firestore::FIXUPS, securitycenter::FIXUPS];

/// Applies the corrections of the document. With `insists`, reports those that do not apply.
pub(crate) fn apply(document: &mut Value, insists: bool, diagnostics: &mut Diagnostics) {
    apply_table(FIXUPS, document, insists, diagnostics);
}

fn apply_table(
    table: &[&[Fixup]],
    document: &mut Value,
    insists: bool,
    diagnostics: &mut Diagnostics,
) {
    let id = document
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    for fixup in table.iter().copied().flatten() {
        if !fixup.documents.contains(&id.as_str()) {
            continue;
        }
        let place = document.pointer_mut(fixup.pointer);
        let Correction::Pattern { was, is } = fixup.correction;
        let pattern = place.and_then(|parameter| parameter.get_mut("pattern"));
        let pattern = pattern.filter(|pattern| **pattern == was);
        let applied = pattern.map(|pattern| *pattern = is.into()).is_some();
        if !applied && insists {
            diagnostics.error_with_help(
                &Pointer::from(fixup.pointer),
                "a correction in generator/src/fixups no longer applies",
                format!(
                    "compare the document with {}, then take the correction out",
                    fixup.source
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TABLE: &[&[Fixup]] = &[&[
        Fixup {
            documents: &["a:v1"],
            pointer: "/methods/x",
            correction: Correction::Pattern {
                was: "^b$",
                is: "^b(/c)?$",
            },
            source: "a.proto",
        },
        Fixup {
            documents: &["a:v1"],
            pointer: "/parameters/p",
            correction: Correction::Pattern {
                was: "^x/[^/]+$",
                is: "^x(/[^/]+)?$",
            },
            source: "a.proto",
        },
    ]];

    #[test]
    fn applies_to_its_document_only() {
        let mut diagnostics = Diagnostics::new("d");
        let parameter = json!({"type": "string", "pattern": "^x/[^/]+$"});
        let mut document = json!({
            "id": "a:v1", "methods": {"x": {"pattern": "^b$"}}, "parameters": {"p": parameter}
        });
        apply_table(TABLE, &mut document, true, &mut diagnostics);
        assert_eq!(document["methods"]["x"]["pattern"], "^b(/c)?$");
        let parameter = json!({"type": "string", "pattern": "^x(/[^/]+)?$"});
        assert_eq!(document["parameters"]["p"], parameter);
        let mut other = json!({"id": "b:v1"});
        apply_table(TABLE, &mut other, true, &mut diagnostics);
        assert_eq!(other, json!({"id": "b:v1"}));
        assert!(diagnostics.is_empty());
    }

    #[test]
    fn case_g3_a_correction_that_upstream_has_made_is_skipped_or_an_error() {
        let mut diagnostics = Diagnostics::new("d");
        let mut document = json!({"id": "a:v1", "methods": {"x": {"pattern": "^b(/c)?$"}}});
        apply_table(TABLE, &mut document, true, &mut diagnostics);
        let found: Vec<&str> = diagnostics
            .all()
            .iter()
            .map(|found| found.pointer.as_str())
            .collect();
        assert_eq!(found, ["/methods/x", "/parameters/p"]);
        let said = diagnostics.to_string();
        assert!(said.contains("compare the document with a.proto"), "{said}");

        // For users, an older or newer document may lack the corrected places.
        let mut diagnostics = Diagnostics::new("d");
        apply_table(TABLE, &mut document, false, &mut diagnostics);
        assert!(diagnostics.is_empty());
    }

    #[test]
    fn case_r1_a_pattern_that_upstream_has_changed_stays() {
        for parameter in [
            json!({"pattern": "^x(/[^/]+)?$"}),
            json!({"pattern": "^y$"}),
            json!({"pattern": 1}),
            json!({}),
            json!("^x/[^/]+$"),
        ] {
            let mut document = json!({"id": "a:v1", "parameters": {"p": parameter}});
            let before = document.clone();
            let mut diagnostics = Diagnostics::new("d");
            apply_table(&[&TABLE[0][1..]], &mut document, true, &mut diagnostics);
            assert_eq!(document, before);
            assert_eq!(diagnostics.all().len(), 1, "{parameter}");
        }
    }

    #[test]
    fn case_r1_corrected_patterns_are_wider_than_those_of_the_document() {
        let patterns = FIXUPS.iter().copied().flatten().map(|fixup| {
            let Correction::Pattern { was, is } = fixup.correction;
            (fixup, was, is)
        });
        let mut count = 0;
        for (fixup, was, is) in patterns {
            let is_parameter =
                fixup.pointer.contains("/methods/") && fixup.pointer.contains("/parameters/");
            assert!(is_parameter, "{}", fixup.pointer);
            let start = was.trim_end_matches('$').trim_end_matches("/[^/]+/.*");
            let start = start.trim_end_matches("/.*");
            assert!(is.starts_with(start) && is != was, "{was} {is}");
            assert!(is.starts_with('^') && is.ends_with(")?$"), "{is}");
            count += fixup.documents.len();
        }
        assert_eq!(count, 17);
    }
}
