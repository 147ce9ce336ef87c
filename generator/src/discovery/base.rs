//! The root URL and the service path. Older documents have `baseUrl` or `basePath` instead.

use super::node::Node;
use crate::diagnostics::Diagnostics;

/// The host of documents without one. Google's older clients send their requests to it.
const GOOGLE: &str = "https://www.googleapis.com";

/// The parts of the URL that the paths of methods are relative to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Base {
    pub(super) root_url: String,
    /// The member that the root URL comes from.
    pub(super) member: &'static str,
    pub(super) service_path: String,
}

impl Base {
    /// Reads the members of a document. Reports an error if none of them contains the host.
    pub(super) fn read(document: &Node<'_>, d: &mut Diagnostics) -> Self {
        let mut string = |name| document.string(name, d).filter(|text| !text.is_empty());
        let root_url = string("rootUrl");
        let base_url = string("baseUrl");
        let base_path = string("basePath");
        let service_path = document.string("servicePath", d);
        if root_url.is_some() && service_path.is_some() {
            return Self::new(root_url.unwrap_or_default(), "rootUrl", service_path);
        }
        let (member, base) = match (base_url, base_path) {
            (Some(url), _) => ("baseUrl", Some(url)),
            (None, Some(path)) if path.contains("://") => ("basePath", Some(path)),
            (None, path) => (
                "basePath",
                path.map(|path| absolute(&path, root_url.as_deref())),
            ),
        };
        match (root_url, base) {
            (Some(root_url), base) => {
                let path = base.and_then(|base| below(&base, &root_url));
                Self::new(root_url, "rootUrl", path)
            }
            (None, Some(base)) => {
                if base.starts_with(GOOGLE) && member == "basePath" {
                    let message = format!("no `rootUrl`: requests go to {GOOGLE}/");
                    d.warning(&document.pointer.child("basePath"), message);
                }
                let path = service_path.filter(|path| !path.is_empty() && base.ends_with(path));
                let (root_url, path) = match path {
                    Some(path) => (base[..base.len() - path.len()].to_owned(), path),
                    None => split(&base),
                };
                Self::new(root_url, member, Some(path))
            }
            (None, None) => {
                let root_url = document.required_string("rootUrl", d);
                Self::new(root_url, "rootUrl", service_path)
            }
        }
    }

    fn new(root_url: String, member: &'static str, service_path: Option<String>) -> Self {
        Self {
            root_url,
            member,
            service_path: service_path.unwrap_or_default(),
        }
    }
}

/// Returns a path at the host of the root URL.
fn absolute(path: &str, root_url: Option<&str>) -> String {
    let (root, _) = split(root_url.unwrap_or(GOOGLE));
    format!("{root}{}", path.trim_start_matches('/'))
}

/// Returns the rest of a URL below another one.
fn below(url: &str, root_url: &str) -> Option<String> {
    let rest = url.strip_prefix(root_url.trim_end_matches('/'))?;
    Some(with_slash(rest.strip_prefix('/')?))
}

/// Splits a URL into scheme and host, and the path.
fn split(url: &str) -> (String, String) {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find('/').map_or(url.len(), |at| start + at);
    let (root, path) = url.split_at(end);
    let path = path.strip_prefix('/').unwrap_or(path);
    (format!("{root}/"), with_slash(path))
}

fn with_slash(path: &str) -> String {
    if path.is_empty() || path.ends_with('/') {
        path.to_owned()
    } else {
        format!("{path}/")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::diagnostics::Pointer;

    fn read(value: &Value) -> (Base, Vec<String>) {
        let mut d = Diagnostics::new("d");
        let node = Node {
            value,
            pointer: Pointer::root(),
        };
        let base = Base::read(&node, &mut d);
        (base, d.all().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn case_g6_older_members_say_where_the_api_is() {
        for (document, root_url, service_path) in [
            (
                json!({"rootUrl": "https://a.b/", "servicePath": "c/v1/", "baseUrl": "https://x.y/"}),
                "https://a.b/",
                "c/v1/",
            ),
            (json!({"rootUrl": "https://a.b/"}), "https://a.b/", ""),
            (
                json!({"rootUrl": "https://a.b/_ah/api/", "basePath": "/_ah/api/c/v1/"}),
                "https://a.b/_ah/api/",
                "c/v1/",
            ),
            (
                json!({"rootUrl": "https://a.b/", "baseUrl": "https://a.b/c/v1"}),
                "https://a.b/",
                "c/v1/",
            ),
            (
                json!({"rootUrl": "https://a.b/", "baseUrl": "https://a.bc/d/"}),
                "https://a.b/",
                "",
            ),
            (
                json!({"baseUrl": "https://a.b/c/v1/", "basePath": "/c/v1/"}),
                "https://a.b/",
                "c/v1/",
            ),
            (
                json!({"baseUrl": "https://a.b/_ah/api/c/v1/", "servicePath": "c/v1/"}),
                "https://a.b/_ah/api/",
                "c/v1/",
            ),
            (
                json!({"baseUrl": "https://a.b:8443"}),
                "https://a.b:8443/",
                "",
            ),
            (
                json!({"basePath": "https://a.b/c/v1/"}),
                "https://a.b/",
                "c/v1/",
            ),
        ] {
            let (base, found) = read(&document);
            let parts = (base.root_url.as_str(), base.service_path.as_str());
            assert_eq!(parts, (root_url, service_path), "{document}");
            assert_eq!(found, [""; 0], "{document}");
        }
    }

    #[test]
    fn case_g6_a_document_without_a_host_is_one_of_google() {
        let (base, found) = read(&json!({"basePath": "/plus/v1/"}));
        assert_eq!(base.root_url, "https://www.googleapis.com/");
        assert_eq!(
            (base.member, base.service_path.as_str()),
            ("basePath", "plus/v1/")
        );
        assert_eq!(
            found,
            ["warning: d#/basePath: no `rootUrl`: requests go to https://www.googleapis.com/"]
        );
        let (_, found) = read(&json!({"servicePath": "a/v1/"}));
        assert_eq!(found, ["error: d: the member `rootUrl` is missing"]);
    }
}
