//! The address of a session. It comes from a response or from the application, and the client sends credentials to it.

use crate::client::Client;
use crate::error::{Error, Result};
use crate::method::MethodInfo;
use bytes::Bytes;
use http::Uri;
use http::header::LOCATION;
use std::net::IpAddr;

/// The client, as far as it decides where a session may be.
struct Home<'a> {
    root_url: &'a str,
    universe_domain: &'a str,
    /// `true` if the client sends neither a token nor an API key.
    is_anonymous: bool,
}

/// Returns the address in a response, provided that credentials may go there. A relative one is resolved against the address
/// of the request (RFC 9110, section 10.2.2).
pub(super) fn of_response(
    client: &Client,
    method: &'static MethodInfo,
    request: &Uri,
    response: &http::Response<Bytes>,
) -> Result<Uri> {
    let text = response.headers().get(LOCATION);
    let text = text.and_then(|text| text.to_str().ok());
    let uri = text.and_then(|text| resolve(request, text.trim()));
    uri.filter(|uri| Home::of(client).takes(uri))
        .ok_or_else(|| {
            let problem = "the upload was sent to an address that credentials must not go to";
            Error::unreadable(method, problem, response.clone())
        })
}

/// Returns an address of the application, provided that credentials may go there.
pub(super) fn checked(client: &Client, address: &str) -> Option<Uri> {
    let uri = address.parse().ok();
    uri.filter(|uri| Home::of(client).takes(uri))
}

impl<'a> Home<'a> {
    fn of(client: &'a Client) -> Self {
        Self {
            root_url: client.root_url(),
            universe_domain: client.universe_domain(),
            is_anonymous: client.is_anonymous(),
        }
    }

    /// Returns `true` if a session may be at this address.
    fn takes(&self, uri: &Uri) -> bool {
        let port = |uri: &Uri| {
            let is_http = uri.scheme_str() == Some("http");
            uri.port_u16().unwrap_or(if is_http { 80 } else { 443 })
        };
        let host = |uri: &Uri| uri.host().unwrap_or_default().to_ascii_lowercase();
        let root: Uri = self.root_url.parse().unwrap_or_default();
        let plain = uri
            .authority()
            .is_some_and(|authority| !authority.as_str().contains('@'));
        let (own, other) = (host(&root), host(uri));
        // An emulator listens on one of these names, and may use another one in its responses.
        let is_this_machine = self.is_anonymous && is_loopback(&own) && is_loopback(&other);
        let same = uri.scheme() == root.scheme()
            && port(uri) == port(&root)
            && (own == other || is_this_machine);
        let google = uri.scheme_str() == Some("https")
            && port(uri) == 443
            && other
                .strip_suffix(&self.universe_domain.to_ascii_lowercase())
                .is_some_and(|subdomain| subdomain.ends_with('.'));
        plain && (same || google)
    }
}

/// Returns `true` for `localhost` (RFC 6761, section 6.3), `127.0.0.0/8`, `::1`, and their forms.
fn is_loopback(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    let literal = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    match literal.unwrap_or(name).parse() {
        Ok(IpAddr::V4(address)) => address.is_loopback(),
        Ok(IpAddr::V6(address)) => {
            let mapped = address.to_ipv4_mapped();
            address.is_loopback() || mapped.is_some_and(|address| address.is_loopback())
        }
        Err(_) => name == "localhost",
    }
}

/// Resolves a reference against an absolute address (RFC 3986, section 5.2). Drops a fragment.
fn resolve(base: &Uri, reference: &str) -> Option<Uri> {
    let reference = reference.split('#').next()?;
    // Some parsers take a backslash for a slash.
    if reference.is_empty() || reference.contains('\\') {
        return None;
    }
    let scheme = base.scheme_str()?;
    let is_absolute = reference
        .find([':', '/', '?'])
        .is_some_and(|at| reference[at..].starts_with(':'));
    let (prefix, target) = if is_absolute {
        split(reference)?
    } else if reference.starts_with("//") {
        split(&[scheme, ":", reference].concat())?
    } else {
        let authority = base.authority()?.as_str();
        let base_path = base.path();
        let target = match reference.as_bytes() {
            [b'/', ..] => reference.to_owned(),
            [b'?', ..] => [base_path, reference].concat(),
            _ => {
                let directory = base_path.rfind('/').map_or("/", |last| &base_path[..=last]);
                [directory, reference].concat()
            }
        };
        ([scheme, "://", authority].concat(), target)
    };
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target.as_str(), None),
    };
    let mut address = prefix;
    address.push_str(&without_dots(path));
    if let Some(query) = query {
        address.push('?');
        address.push_str(query);
    }
    address.parse().ok()
}

/// Splits an absolute address after its authority.
fn split(address: &str) -> Option<(String, String)> {
    let start = address.find(':')? + "://".len();
    address.get(..start)?.strip_suffix("://")?;
    let end = address[start..].find(['/', '?']);
    let end = end.map_or(address.len(), |end| start + end);
    Some((address[..end].to_owned(), address[end..].to_owned()))
}

/// Removes the segments `.` and `..` of a path (RFC 3986, section 5.2.4).
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_dots = match segment {
            "." => true,
            ".." => {
                kept.pop();
                true
            }
            _ => false,
        };
        if !is_dots {
            kept.push(segment);
        } else if segments.peek().is_none() {
            kept.push("");
        }
    }
    ["/", &kept.join("/")].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(uri: &str, root_url: &str, is_anonymous: bool) -> bool {
        let home = Home {
            root_url,
            universe_domain: "googleapis.com",
            is_anonymous,
        };
        home.takes(&uri.parse().unwrap())
    }

    #[test]
    fn sessions_stay_where_credentials_may_go() {
        let google = "https://www.googleapis.com/";
        for (uri, root, may) in [
            ("https://www.googleapis.com/upload?id=1", google, true),
            ("https://WWW.googleapis.com:443/upload", google, true),
            ("https://storage.googleapis.com/upload", google, true),
            ("http://www.googleapis.com/upload", google, false),
            ("https://www.googleapis.com:8443/upload", google, false),
            ("https://googleapis.com.evil.example/upload", google, false),
            ("https://evilgoogleapis.com/upload", google, false),
            ("https://user@www.googleapis.com/upload", google, false),
            ("https://evil.example/upload", google, false),
            ("/upload", google, false),
            ("ftp://www.googleapis.com/upload", google, false),
            ("http://127.0.0.1:9/u", "http://127.0.0.1:9/proxy/", true),
            ("http://127.0.0.1:8/u", "http://127.0.0.1:9/", false),
            ("https://127.0.0.1:9/u", "http://127.0.0.1:9/", false),
            ("https://up.googleapis.com/u", "http://127.0.0.1:9/", true),
            ("https://proxy.example/u", "https://proxy.example/", true),
        ] {
            for is_anonymous in [false, true] {
                assert_eq!(takes(uri, root, is_anonymous), may, "{uri} {root}");
            }
        }
        for (uri, may) in [
            ("https://storage.universe.example/upload", true),
            ("https://storage.googleapis.com/upload", false),
            ("https://evil-universe.example/upload", false),
        ] {
            let home = Home {
                root_url: "https://www.universe.example/",
                universe_domain: "Universe.example",
                is_anonymous: false,
            };
            assert_eq!(home.takes(&uri.parse().unwrap()), may);
        }
    }

    #[test]
    fn case_r9_loopback_names_are_one_host_without_credentials() {
        let names = [
            "localhost",
            "LocalHost",
            "localhost.",
            "127.0.0.1",
            "127.8.9.10",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]",
        ];
        for own in names {
            for other in names {
                let (root, uri) = (format!("http://{own}:9/"), format!("http://{other}:9/u"));
                assert!(takes(&uri, &root, true), "{uri} {root}");
                let is_same = own.eq_ignore_ascii_case(other);
                assert_eq!(takes(&uri, &root, false), is_same, "{uri} {root}");
            }
        }
        for uri in [
            "http://localhost:8/u",
            "http://localhost/u",
            "https://localhost:9/u",
            "http://user@localhost:9/u",
            "http://localhost.evil.example:9/u",
            "http://evil.example:9/u",
            "http://128.0.0.1:9/u",
            "http://127.0.0.1.evil.example:9/u",
            "http://127.1:9/u",
            "http://2130706433:9/u",
            "http://[::2]:9/u",
            "http://[::ffff:10.0.0.1]:9/u",
            "http://0.0.0.0:9/u",
        ] {
            assert!(!takes(uri, "http://127.0.0.1:9/", true), "{uri}");
            assert!(!takes(uri, "http://elsewhere.example:9/", true), "{uri}");
        }
        assert!(!takes(
            "http://localhost:9/u",
            "http://emulator.example:9/",
            true
        ));
    }

    #[test]
    fn case_r9_relative_locations_are_resolved() {
        let base: Uri = "http://h:9/upload/v1/files?uploadType=resumable"
            .parse()
            .unwrap();
        for (reference, expected) in [
            ("/session?id=1", "http://h:9/session?id=1"),
            (
                "session?id=a/../b",
                "http://h:9/upload/v1/session?id=a/../b",
            ),
            ("./session", "http://h:9/upload/v1/session"),
            ("../v2/session", "http://h:9/upload/v2/session"),
            ("../../../../x", "http://h:9/x"),
            ("a/b/..", "http://h:9/upload/v1/a/"),
            ("?id=1", "http://h:9/upload/v1/files?id=1"),
            ("/a/./b/../c#fragment", "http://h:9/a/c"),
            ("/a:b", "http://h:9/a:b"),
            ("//other:8/x", "http://other:8/x"),
            ("//user@other/x", "http://user@other/x"),
            ("https://other/x/../y?q#f", "https://other/y?q"),
            ("HTTP://other?q", "http://other/?q"),
        ] {
            let found = resolve(&base, reference).map(|uri| uri.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{reference}");
        }
        for reference in [
            "",
            "#f",
            "/\\other/x",
            "\\\\other\\x",
            "http:x",
            "a b",
            "mailto:x@y",
        ] {
            assert_eq!(resolve(&base, reference), None, "{reference}");
        }
    }
}
