//! The decision about a fetched document.

use std::cmp::Ordering;

use gapi_generator::{Analysis, Options, Source, analyze};
use serde_json::Value;

use crate::api_version::{ApiVersion, Head};

/// The decision about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is the first of its API.
    New,
    /// It is of a later revision.
    Newer,
    /// It says what the one that is here says.
    Same,
    /// It is of an earlier revision.
    Older,
    /// It is left for this reason.
    Left(String),
    /// It is later, but the generator refuses it: the diagnostics.
    Refused(String),
}

/// A document that is here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Here<'a> {
    pub(crate) head: &'a Head,
    pub(crate) text: &'a [u8],
}

/// Compares the document that was brought for `api` with the one that is here.
///
/// # Errors
/// When it is not a document of this API: another address may have it.
pub(crate) fn judge(
    api: &ApiVersion,
    here: Option<Here<'_>>,
    brought: &[u8],
    options: &Options,
) -> Result<(Head, Verdict), String> {
    let head = Head::read(brought)?;
    if head.api != *api {
        return Err(format!("it is the document of {}", head.api));
    }
    let text = std::str::from_utf8(brought).map_err(|error| format!("not UTF-8: {error}"))?;
    let verdict = match here {
        None => match understood(api, text, options) {
            Ok(_) => Verdict::New,
            Err(refused) => Verdict::Refused(refused),
        },
        Some(here) => beside(here, &head, text, options),
    };
    Ok((head, verdict))
}

fn beside(here: Here<'_>, head: &Head, text: &str, options: &Options) -> Verdict {
    if here.text == text.as_bytes() {
        return Verdict::Same;
    }
    let (old, new) = (&here.head.revision, &head.revision);
    if !(old.is_number() && new.is_number()) {
        return Verdict::Left("one of the two has no revision that is a number".to_owned());
    }
    match old.cmp(new) {
        Ordering::Less => newer(here, head, text, options),
        Ordering::Greater => Verdict::Older,
        Ordering::Equal if means_the_same(here.text, text.as_bytes()) => Verdict::Same,
        Ordering::Equal => {
            Verdict::Left("it differs from the one that is here, at the same revision".to_owned())
        }
    }
}

/// Services that are shut down go on serving a document, without a method. Nobody is helped by a client of that.
fn newer(here: Here<'_>, head: &Head, text: &str, options: &Options) -> Verdict {
    let api = &here.head.api;
    let methods = |analysis: Analysis| analysis.api.methods.len();
    match understood(api, text, options).map(methods) {
        Err(refused) => Verdict::Refused(refused),
        Ok(0) if has_methods(here.text) => Verdict::Left(format!(
            "revision {} has no methods any more",
            head.revision
        )),
        Ok(_) => Verdict::Newer,
    }
}

fn understood(api: &ApiVersion, text: &str, options: &Options) -> Result<Analysis, String> {
    let source = Source {
        name: api.to_string(),
        text: text.to_owned(),
    };
    analyze(&source, options).map_err(|problems| problems.to_string())
}

fn has_methods(document: &[u8]) -> bool {
    let parsed: Option<Value> = serde_json::from_slice(document).ok();
    parsed.is_some_and(|document| {
        ["methods", "resources"].iter().any(|member| {
            document[member]
                .as_object()
                .is_some_and(|all| !all.is_empty())
        })
    })
}

/// Equal but for white space, the order of members, and the ETag that some servers write into a document.
fn means_the_same(a: &[u8], b: &[u8]) -> bool {
    let read = |text: &[u8]| {
        let mut document: Value = serde_json::from_slice(text).ok()?;
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

    fn verdict(here: Option<&str>, brought: &str) -> Result<Verdict, String> {
        let head = here.map(|text| Head::read(text.as_bytes()).expect("a document"));
        let here = head.as_ref().zip(here).map(|(head, text)| Here {
            head,
            text: text.as_bytes(),
        });
        let api = ApiVersion::new("a", "v1").expect("a name");
        judge(&api, here, brought.as_bytes(), &Options::default()).map(|(_, verdict)| verdict)
    }

    #[test]
    fn only_a_later_revision_replaces() {
        let here = document("20260102", METHODS);
        for (revision, wanted) in [
            ("20260103", Verdict::Newer),
            ("100000101", Verdict::Newer),
            ("20260101", Verdict::Older),
            ("9", Verdict::Older),
            (
                "020260102",
                Verdict::Left("it differs from the one that is here, at the same revision".into()),
            ),
            (
                "",
                Verdict::Left("one of the two has no revision that is a number".into()),
            ),
            (
                "2026-02-01",
                Verdict::Left("one of the two has no revision that is a number".into()),
            ),
        ] {
            let brought = document(revision, METHODS);
            assert_eq!(verdict(Some(&here), &brought), Ok(wanted), "{revision}");
        }
        assert_eq!(verdict(None, &here), Ok(Verdict::New));
    }

    #[test]
    fn white_space_order_and_etags_are_no_difference() {
        let here = document("1", METHODS);
        let value: Value = serde_json::from_str(&here).expect("JSON");
        let mut other = value.clone();
        other["etag"] = "\"x\"".into();
        assert_eq!(verdict(Some(&here), &other.to_string()), Ok(Verdict::Same));
        assert_eq!(
            verdict(Some(&here), &format!("{value:#}\n")),
            Ok(Verdict::Same)
        );
    }

    #[test]
    fn a_later_document_without_methods_is_left() {
        let (here, brought) = (document("1", METHODS), document("2", ""));
        let left = Verdict::Left("revision 2 has no methods any more".into());
        assert_eq!(verdict(Some(&here), &brought), Ok(left));
        assert_eq!(
            verdict(Some(&document("1", "")), &brought),
            Ok(Verdict::Newer)
        );
    }

    #[test]
    fn what_the_generator_refuses_does_not_replace() {
        let here = document("1", METHODS);
        let wrong = document("2", r#", "methods": {"get": {}}"#);
        for here in [Some(here.as_str()), None] {
            let refused = verdict(here, &wrong);
            assert!(
                matches!(&refused, Ok(Verdict::Refused(why)) if why.contains("a:v1#/methods/get")),
                "{refused:?}"
            );
        }
        let other = document("2", METHODS).replace(r#""name": "a""#, r#""name": "b""#);
        assert_eq!(
            verdict(None, &other),
            Err("it is the document of b:v1".into())
        );
    }
}
