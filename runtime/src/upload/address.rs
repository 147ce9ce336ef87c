//! The address of a session. It comes from a response or from the application, and the client sends credentials to it.

use crate::client::Client;
use crate::error::{Error, Result};
use crate::method::MethodInfo;
use bytes::Bytes;
use http::Uri;
use http::header::LOCATION;

/// Returns the address in a response, provided that credentials may go there.
pub(super) fn of_response(
    client: &Client,
    method: &'static MethodInfo,
    response: &http::Response<Bytes>,
) -> Result<Uri> {
    let text = response.headers().get(LOCATION);
    let uri = text.and_then(|text| text.to_str().ok());
    uri.and_then(|uri| checked(client, uri)).ok_or_else(|| {
        let problem = "the upload was sent to an address that credentials must not go to";
        Error::unreadable(method, problem, response.clone())
    })
}

/// An address, provided that credentials may go there.
pub(super) fn checked(client: &Client, address: &str) -> Option<Uri> {
    let uri = address.parse().ok();
    uri.filter(|uri| may_have_credentials(uri, client.root_url(), client.universe_domain()))
}

fn may_have_credentials(uri: &Uri, root_url: &str, universe_domain: &str) -> bool {
    let port = |uri: &Uri| {
        let default = if uri.scheme_str() == Some("http") {
            80
        } else {
            443
        };
        uri.port_u16().unwrap_or(default)
    };
    let host = |uri: &Uri| uri.host().unwrap_or_default().to_ascii_lowercase();
    let root: Uri = root_url.parse().unwrap_or_default();
    let plain = uri
        .authority()
        .is_some_and(|authority| !authority.as_str().contains('@'));
    let same =
        uri.scheme() == root.scheme() && host(uri) == host(&root) && port(uri) == port(&root);
    let google = uri.scheme_str() == Some("https")
        && port(uri) == 443
        && host(uri)
            .strip_suffix(&universe_domain.to_ascii_lowercase())
            .is_some_and(|subdomain| subdomain.ends_with('.'));
    plain && (same || google)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(
                may_have_credentials(&uri.parse().unwrap(), root, "googleapis.com"),
                may,
                "{uri} {root}"
            );
        }
        for (uri, may) in [
            ("https://storage.universe.example/upload", true),
            ("https://storage.googleapis.com/upload", false),
            ("https://evil-universe.example/upload", false),
        ] {
            let root = "https://www.universe.example/";
            let uri = uri.parse().unwrap();
            assert_eq!(may_have_credentials(&uri, root, "Universe.example"), may);
        }
    }
}
