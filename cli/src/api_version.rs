//! Names and versions of APIs, and the heads of documents.

use std::fmt;

use gapi_generator::{Revision, decode, diagnostics::printable};
use serde::Deserialize;

/// One version of an API, such as `spanner` `v1`. Both are safe in a path and in a URL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ApiVersion {
    pub(crate) name: String,
    pub(crate) version: String,
}

impl ApiVersion {
    /// Returns `None` if a part has characters other than letters, digits, `_`, `-`, and in versions `.`.
    pub(crate) fn new(name: &str, version: &str) -> Option<Self> {
        let fits = |text: &str, also: &str| {
            let inner = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c) || also.contains(c);
            text.len() <= 100
                && text.starts_with(|c: char| c.is_ascii_alphanumeric())
                && text.chars().all(inner)
        };
        (fits(name, "") && fits(version, ".")).then(|| Self {
            name: name.to_owned(),
            version: version.to_owned(),
        })
    }

    /// Parses the name of a file: `spanner.v1.json` is `spanner` `v1`. A version may contain dots, and the name of an API may not.
    pub(crate) fn of_file(file: &str) -> Option<Self> {
        let (name, version) = file.strip_suffix(".json")?.split_once('.')?;
        Self::new(name, version)
    }

    /// Returns the name of the document's file.
    pub(crate) fn file(&self) -> String {
        format!("{}.{}.json", self.name, self.version)
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name, self.version)
    }
}

/// Returns the form for comparing names of APIs: `Spanner:v1` and `spanner.v1` become `spanner-v1`.
pub(crate) fn fold(text: &str) -> String {
    text.replace([':', '.', '_'], "-").to_ascii_lowercase()
}

/// The name, version, title and revision in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) api: ApiVersion,
    pub(crate) title: String,
    pub(crate) revision: Revision,
}

/// The members of a document that form a [`Head`].
#[derive(Deserialize)]
struct Members {
    kind: Option<String>,
    name: Option<String>,
    version: Option<String>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    revision: Revision,
}

impl Head {
    /// Reads the head of a document, and checks that the rest is JSON.
    pub(crate) fn read(document: &[u8]) -> Result<Self, String> {
        let text = decode(document.to_vec())?;
        let members: Members =
            serde_json::from_str(&text).map_err(|error| match error.classify() {
                serde_json::error::Category::Data => format!("not a Discovery document: {error}"),
                _ => format!("not JSON: {error}"),
            })?;
        if members.kind.as_deref() != Some("discovery#restDescription") {
            return Err(
                "not a Discovery document: `kind` is not `discovery#restDescription`".to_owned(),
            );
        }
        let (name, version) = (
            members.name.unwrap_or_default(),
            members.version.unwrap_or_default(),
        );
        let api = ApiVersion::new(&name, &version).ok_or_else(|| {
            format!(
                "`{}` `{}` is not the name and version of an API",
                printable(&name),
                printable(&version)
            )
        })?;
        Ok(Self {
            api,
            title: members.title,
            revision: members.revision,
        })
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_the_api() {
        for (file, api) in [
            ("spanner.v1.json", Some("spanner:v1")),
            ("admin.directory_v1.json", Some("admin:directory_v1")),
            ("dfareporting.v3.4.json", Some("dfareporting:v3.4")),
            ("index.json", None),
            ("spanner.v1", None),
            ("..json", None),
            ("a..json", None),
            ("a...json", None),
            ("../a.v1.json", None),
            ("a.v1/b.json", None),
        ] {
            let read = ApiVersion::of_file(file);
            assert_eq!(
                read.as_ref().map(ToString::to_string).as_deref(),
                api,
                "{file}"
            );
            if let Some(read) = read {
                assert_eq!(read.file(), file);
            }
        }
    }

    #[test]
    fn a_head_is_read_only_from_a_document() {
        let head = Head::read(
            br#"{"kind": "discovery#restDescription", "name": "a", "version": "v1", "revision": "20260102"}"#,
        )
        .expect("a document");
        assert_eq!(
            (head.api.to_string().as_str(), head.revision.as_str()),
            ("a:v1", "20260102")
        );
        for (text, message) in [
            (r#"{"kind": "discovery#restDescri"#, "not JSON: EOF"),
            (r#"{"kind": "discovery#directoryList"}"#, "`kind` is not"),
            (r#"{"kind": 1}"#, "not a Discovery document: invalid type"),
            (
                r#"{"kind": "discovery#restDescription", "name": "..", "version": "v1"}"#,
                "`..` `v1` is not the name",
            ),
        ] {
            let error = Head::read(text.as_bytes()).expect_err(text);
            assert!(error.contains(message), "{error}");
        }
    }
}
