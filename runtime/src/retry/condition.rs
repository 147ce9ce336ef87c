//! Preconditions in headers.

use http::HeaderMap;
use http::header::IF_MATCH;

/// Returns `true` if the headers have a precondition that the first execution makes untrue: `If-Match` with tags (RFC 9110,
/// section 13.1.1). `*` matches any version, also among tags.
pub(super) fn is_conditional(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(IF_MATCH).iter();
    let mut tags = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    let counts = |tag: &[u8]| !matches!(tag.trim_ascii(), b"" | b"*");
    tags.next().is_some_and(counts) && tags.all(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tags_are_a_precondition() {
        let mut headers = HeaderMap::new();
        assert!(!is_conditional(&headers));
        for (value, expected) in [
            ("\"1\"", true),
            ("\"1\", \"2\"", true),
            ("*", false),
            (" * ", false),
            ("*, \"1\"", false),
            ("\"1\" ,*", false),
            ("", false),
        ] {
            headers.insert(IF_MATCH, value.parse().unwrap());
            assert_eq!(is_conditional(&headers), expected, "{value:?}");
        }
        headers.append(IF_MATCH, "\"1\"".parse().unwrap());
        assert!(!is_conditional(&headers));
    }
}
