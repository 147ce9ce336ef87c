//! URLs as another parser reads them: that of the WHATWG standard, which every HTTP client of this workspace uses.

use gapi_runtime::{Bytes, http};
use percent_encoding::percent_decode_str;
use url::Url;

/// A placeholder for a value, which occurs nowhere else.
pub(super) const MARK: &str = "GAPI-MARK";

/// Parses the URL of a request with the other parser. Fails if any part is read differently than written.
pub(super) fn parsed(request: &http::Request<Bytes>) -> Url {
    let text = request.uri().to_string();
    let url = Url::parse(&text).expect("a URL");
    assert_eq!(url.as_str(), text, "the parser changes it");
    assert_eq!((url.scheme(), url.port()), ("https", None), "{text}");
    assert_eq!(url.host_str(), Some("spanner.googleapis.com"), "{text}");
    assert_eq!((url.username(), url.password()), ("", None), "{text}");
    assert_eq!(url.fragment(), None, "{text}");
    url
}

/// Returns the query as names and values.
pub(super) fn pairs(url: &Url) -> Vec<(String, String)> {
    let pairs = url.query_pairs();
    pairs
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// Returns the segments, decoded once.
pub(super) fn segments(url: &Url) -> Vec<String> {
    let segments = url.path_segments().expect("a path");
    segments.map(decoded).collect()
}

pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Returns the texts that a value must arrive as: one segment where slashes are encoded, else one for each of its
/// segments.
///
/// `pattern` has the segments of the same request with [`MARK`] as the value.
pub(super) fn expected(pattern: &[String], text: &str, is_reserved: bool) -> Vec<String> {
    let pattern = pattern.iter().flat_map(|segment| {
        let parts: Vec<String> = if !segment.contains(MARK) {
            vec![segment.clone()]
        } else if is_reserved {
            let filled = segment.replace(MARK, text);
            filled.split('/').map(decoded).collect()
        } else {
            vec![segment.replace(MARK, text)]
        };
        parts
    });
    pattern.collect()
}
