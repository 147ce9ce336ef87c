//! What a URL means to a parser that is not ours: the one of the WHATWG standard, which every HTTP client of this workspace has
//! the last word with.

use gapi_runtime::{Bytes, http};
use percent_encoding::percent_decode_str;
use url::Url;

/// What stands for a value where it can be told from everything else.
pub(super) const MARK: &str = "GAPI-MARK";

/// The URL of a request, as the other parser reads it; nothing of it may be read in another way than it was written.
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

/// The query as names and values.
pub(super) fn pairs(url: &Url) -> Vec<(String, String)> {
    let pairs = url.query_pairs();
    pairs
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// The segments, decoded once.
pub(super) fn segments(url: &Url) -> Vec<String> {
    let segments = url.path_segments().expect("a path");
    segments.map(decoded).collect()
}

pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The texts that a value has to arrive as: one segment where no slash may stay, else one for each of its segments.
///
/// `pattern` is the segments of the same request with [`MARK`] for the value.
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
