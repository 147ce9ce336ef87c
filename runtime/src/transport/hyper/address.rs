//! The URL of a request, as the server gets it.

use http::uri::{Authority, Scheme, Uri};

const SCHEME: &str = "the URL is neither one of `https` nor of `http`";
const HOST: &str = "the URL has no host";
const CHANGED: &str = "the URL would not be read as it was written";

/// Returns the URL to send a request to, or the reason why it cannot be sent.
///
/// A URL that servers or proxies may read in different ways is rejected: one with dot segments, or with characters that have to
/// be encoded. [`Uri`] has no others of them than those in `is_plain`.
pub(super) fn checked(uri: Uri) -> Result<Uri, &'static str> {
    let default_port = match uri.scheme() {
        Some(scheme) if *scheme == Scheme::HTTPS => 443,
        Some(scheme) if *scheme == Scheme::HTTP => 80,
        _ => return Err(SCHEME),
    };
    let Some(authority) = uri.authority().filter(|all| !all.host().is_empty()) else {
        return Err(HOST);
    };
    let is_plain = uri.path().bytes().all(is_plain) && uri.query().is_none_or(str::is_ascii);
    if !is_plain || uri.path().split('/').any(is_dot_segment) {
        return Err(CHANGED);
    }
    if authority.port_u16() != Some(default_port) {
        return Ok(uri);
    }
    let Ok(authority) = authority.host().parse::<Authority>() else {
        return Ok(uri);
    };
    // RFC 9110, section 4.2.3: the default port is omitted.
    let mut parts = uri.into_parts();
    parts.authority = Some(authority);
    Uri::from_parts(parts).map_err(|_| HOST)
}

/// Returns `true` for a byte of a path that no parser of URLs changes, or takes for another one.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii() && !matches!(byte, b'"' | b'\\' | b'{' | b'}')
}

/// Returns `true` for `.` and `..`, also where the dots are encoded.
fn is_dot_segment(segment: &str) -> bool {
    let (mut rest, mut dots) = (segment, 0);
    while let Some(after) = after_dot(rest) {
        (rest, dots) = (after, dots + 1);
    }
    rest.is_empty() && matches!(dots, 1 | 2)
}

fn after_dot(text: &str) -> Option<&str> {
    let mut dots = [".", "%2e", "%2E"].into_iter();
    dots.find_map(|dot| text.strip_prefix(dot))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(uri: &str) -> Result<String, &'static str> {
        checked(uri.parse().unwrap()).map(|uri| uri.to_string())
    }

    #[test]
    fn urls_are_sent_as_they_are_written() {
        for uri in [
            "https://example.com/",
            "https://example.com/v1/projects/p%2Fq:go?alt=json&x=%20",
            "http://localhost:8080/a//b/...?..",
            "http://[::1]:443/!$&'()*+,;=:@[]^|~",
            "https://EXAMPLE.com:80/?a='b'/../{c}^",
        ] {
            assert_eq!(sent(uri).as_deref(), Ok(uri));
        }
        for (uri, expected) in [
            ("https://example.com:443/a", "https://example.com/a"),
            ("http://[::1]:80/a?b", "http://[::1]/a?b"),
        ] {
            assert_eq!(sent(uri).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn urls_that_can_be_misread_are_rejected() {
        for path in [
            ".",
            "..",
            "a/../b",
            "a/.",
            "%2e",
            "a/%2E%2e/b",
            ".%2E",
            "%2e.",
            "a\\b",
            "é",
            "?a=é",
        ] {
            assert_eq!(
                sent(&format!("https://example.com/{path}")),
                Err(CHANGED),
                "{path}"
            );
        }
        // `Uri` rejects other characters that have to be encoded.
        for path in ["\"", "<", ">", "`", " ", "\u{1}", "?\"", "?<"] {
            let uri = format!("https://example.com/a{path}").parse::<Uri>();
            assert!(!uri.is_ok_and(|uri| checked(uri).is_ok()), "{path}");
        }
        assert_eq!(sent("ftp://example.com/"), Err(SCHEME));
        assert_eq!(sent("/a"), Err(SCHEME));
        assert_eq!(checked(Uri::from_static("example.com")), Err(SCHEME));
    }
}
