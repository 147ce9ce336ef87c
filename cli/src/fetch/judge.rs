//! The decision about a fetched document.

use std::cmp::Ordering;

use gapi_generator::{Analysis, Options, Source, analyze, decode, value_of_document};
use serde_json::Value;

use crate::api_version::{ApiVersion, Head};

/// The decision about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// There is no current document of this API.
    New,
    /// The document has a later revision.
    Newer,
    /// The document has the same contents as the current one.
    Same,
    /// The document has an earlier revision.
    Older,
    /// The document is not used, for this reason.
    Left(String),
    /// The document has a later revision, but the generator rejects it. Contains the diagnostics.
    Rejected(String),
}

/// The current document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Here<'a> {
    pub(crate) head: &'a Head,
    pub(crate) text: &'a [u8],
}

/// Compares the fetched document of `api` with the current one.
///
/// # Errors
/// Returns an error if it is not a document of this API. Another address may have one.
pub(crate) fn judge(
    api: &ApiVersion,
    here: Option<Here<'_>>,
    fetched: &[u8],
    options: &Options,
) -> Result<(Head, Decision), String> {
    let head = Head::read(fetched)?;
    if head.api != *api {
        return Err(format!("it is the document of {}", head.api));
    }
    let decision = match here {
        None => match understood(api, fetched, options) {
            Ok(_) => Decision::New,
            Err(rejected) => Decision::Rejected(rejected),
        },
        Some(here) => beside(here, &head, fetched, options),
    };
    Ok((head, decision))
}

fn beside(here: Here<'_>, head: &Head, text: &[u8], options: &Options) -> Decision {
    if here.text == text {
        return Decision::Same;
    }
    let (old, new) = (&here.head.revision, &head.revision);
    if !(old.is_number() && new.is_number()) {
        return Decision::Left("one of the two has no revision that is a number".to_owned());
    }
    match old.cmp(new) {
        Ordering::Less => newer(here, head, text, options),
        Ordering::Greater => Decision::Older,
        Ordering::Equal if means_the_same(here.text, text) => Decision::Same,
        Ordering::Equal => {
            Decision::Left("it differs from the one that is here, at the same revision".to_owned())
        }
    }
}

/// Decides about a later revision. Services that were shut down still return a document without methods, whose client would be
/// useless.
fn newer(here: Here<'_>, head: &Head, text: &[u8], options: &Options) -> Decision {
    let api = &here.head.api;
    let methods = |analysis: Analysis| analysis.api.methods.len();
    match understood(api, text, options).map(methods) {
        Err(rejected) => Decision::Rejected(rejected),
        Ok(0) if has_methods(here.text) => Decision::Left(format!(
            "revision {} no longer has any methods",
            head.revision
        )),
        Ok(_) => Decision::Newer,
    }
}

fn understood(api: &ApiVersion, text: &[u8], options: &Options) -> Result<Analysis, String> {
    let source = Source {
        name: api.to_string(),
        text: decode(text.to_vec())?,
    };
    analyze(&source, options).map_err(|problems| problems.to_string())
}

fn has_methods(document: &[u8]) -> bool {
    value(document).is_some_and(|document| {
        ["methods", "resources"].iter().any(|member| {
            document[member]
                .as_object()
                .is_some_and(|all| !all.is_empty())
        })
    })
}

/// Returns the JSON of a document, unless it is too large.
fn value(document: &[u8]) -> Option<Value> {
    value_of_document(&decode(document.to_vec()).ok()?)
}

/// Returns whether two documents are equal apart from white space, the order of members, and the ETag that some servers write into
/// a document.
fn means_the_same(a: &[u8], b: &[u8]) -> bool {
    let read = |text: &[u8]| {
        let mut document = value(text)?;
        document.as_object_mut()?.remove("etag");
        Some(document)
    };
    read(a).is_some_and(|a| read(b) == Some(a))
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn document(revision: &str, more: &str) -> String {
        format!(
            r#"{{"kind": "discovery#restDescription", "id": "a:v1", "name": "a", "version": "v1",
                "revision": "{revision}", "rootUrl": "https://a.googleapis.com/"{more}}}"#
        )
    }

    const METHODS: &str =
        r#", "methods": {"get": {"id": "a.get", "path": "v1", "httpMethod": "GET"}}"#;

    fn decision(here: Option<&str>, fetched: &str) -> Result<Decision, String> {
        let head = here.map(|text| Head::read(text.as_bytes()).expect("a document"));
        let here = head.as_ref().zip(here).map(|(head, text)| Here {
            head,
            text: text.as_bytes(),
        });
        let api = ApiVersion::new("a", "v1").expect("a name");
        judge(&api, here, fetched.as_bytes(), &Options::default()).map(|(_, decision)| decision)
    }

    #[test]
    fn only_a_later_revision_replaces() {
        let here = document("20260102", METHODS);
        for (revision, wanted) in [
            ("20260103", Decision::Newer),
            ("100000101", Decision::Newer),
            ("20260101", Decision::Older),
            ("9", Decision::Older),
            (
                "020260102",
                Decision::Left("it differs from the one that is here, at the same revision".into()),
            ),
            (
                "",
                Decision::Left("one of the two has no revision that is a number".into()),
            ),
            (
                "2026-02-01",
                Decision::Left("one of the two has no revision that is a number".into()),
            ),
        ] {
            let fetched = document(revision, METHODS);
            assert_eq!(decision(Some(&here), &fetched), Ok(wanted), "{revision}");
        }
        assert_eq!(decision(None, &here), Ok(Decision::New));
    }

    #[test]
    fn white_space_order_and_etags_are_no_difference() {
        let here = document("1", METHODS);
        let value: Value = serde_json::from_str(&here).expect("JSON");
        let mut other = value.clone();
        other["etag"] = "\"x\"".into();
        assert_eq!(
            decision(Some(&here), &other.to_string()),
            Ok(Decision::Same)
        );
        assert_eq!(
            decision(Some(&here), &format!("{value:#}\n")),
            Ok(Decision::Same)
        );
    }

    #[test]
    fn a_later_document_without_methods_is_left() {
        let (here, fetched) = (document("1", METHODS), document("2", ""));
        let left = Decision::Left("revision 2 no longer has any methods".into());
        assert_eq!(decision(Some(&here), &fetched), Ok(left));
        assert_eq!(
            decision(Some(&document("1", "")), &fetched),
            Ok(Decision::Newer)
        );
    }

    #[test]
    fn what_the_generator_rejects_does_not_replace() {
        let here = document("1", METHODS);
        let wrong = document("2", r#", "methods": {"get": {}}"#);
        for here in [Some(here.as_str()), None] {
            let rejected = decision(here, &wrong);
            assert!(
                matches!(&rejected, Ok(Decision::Rejected(why)) if why.contains("a:v1#/methods/get")),
                "{rejected:?}"
            );
        }
        let other = document("2", METHODS).replace(r#""name": "a""#, r#""name": "b""#);
        assert_eq!(
            decision(None, &other),
            Err("it is the document of b:v1".into())
        );
    }
}
