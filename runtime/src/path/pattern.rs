//! Matching a value against the pattern of its path parameter.

use regex_lite::Regex;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The pattern of any one segment.
const ANY: &[u8] = b"[^/]+";

/// Returns `true` if a value matches a pattern of a document. It is anchored only at the start, as with Python's `re.match`.
///
/// A pattern that cannot be compiled restricts nothing, because the server checks the value anyway.
pub(crate) fn matches(pattern: &'static str, value: &str) -> bool {
    // Most patterns are of this form, and a regular expression takes longer than everything else in building a request.
    by_segments(pattern, value).unwrap_or_else(|| by_regex(pattern, value))
}

/// For patterns such as `^projects/[^/]+/instances/[^/]+$`: any segment or a certain one, and nothing else. `None` for others.
fn by_segments(pattern: &str, value: &str) -> Option<bool> {
    let mut rest = pattern.strip_prefix('^')?.strip_suffix('$')?.as_bytes();
    let mut segments = super::segments(value.as_bytes());
    let mut is_match = true;
    loop {
        let segment = segments.next();
        rest = if let Some(after) = rest.strip_prefix(ANY) {
            is_match &= segment.is_some_and(|segment| !segment.is_empty());
            after
        } else {
            let length = rest.iter().take_while(|byte| stands_for_itself(**byte));
            let (certain, after) = rest.split_at(length.count());
            is_match &= segment == Some(certain);
            after
        };
        if rest.is_empty() {
            return Some(is_match && segments.next().is_none());
        }
        rest = rest.strip_prefix(b"/")?;
    }
}

fn stands_for_itself(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~' | b':')
}

fn by_regex(pattern: &'static str, value: &str) -> bool {
    type Patterns = HashMap<&'static str, Option<Arc<Regex>>>;
    static PATTERNS: OnceLock<Mutex<Patterns>> = OnceLock::new();
    let patterns = PATTERNS.get_or_init(Mutex::default);
    // Shared, because a clone of a regex begins without the memory that matching takes.
    let regex = {
        let mut patterns = patterns.lock().unwrap_or_else(PoisonError::into_inner);
        let compile = || Regex::new(&format!("^(?:{pattern})")).ok().map(Arc::new);
        patterns.entry(pattern).or_insert_with(compile).clone()
    };
    regex.is_none_or(|regex| regex.is_match(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATTERNS: [&str; 13] = [
        "^projects/[^/]+/instances/[^/]+$",
        "^projects/[^/]+$",
        "^[^/]+$",
        "^projects$",
        "^$",
        "^/$",
        "^[^/]+/[^/]+/$",
        "^[^/]+x$",
        "^[^/]+/x+$",
        "^projects|[^/]+$",
        "^operations/.*$",
        "projects/[^/]+$",
        "^projects/[^/]+",
    ];

    #[test]
    fn segments_match_as_the_regular_expression_says() {
        let values = [
            "",
            "/",
            "x",
            "p",
            "projects",
            "projects/",
            "projects/p",
            "projects/p/",
            "projects//",
            "projects/p/instances",
            "projects/p/instances/i",
            "projects/p/instances//i",
            "/projects/p",
            "projects/p/instances/i/x",
            "Projects/p",
            "projects/\n/instances/é ",
            "a/b/",
            "a/xx",
            "operations/a/b",
        ];
        let mut decided = 0;
        for pattern in PATTERNS {
            for value in values {
                if let Some(is_match) = by_segments(pattern, value) {
                    assert_eq!(is_match, by_regex(pattern, value), "{pattern} {value:?}");
                    decided += 1;
                }
            }
        }
        assert_eq!(decided, 7 * values.len());
    }

    #[test]
    fn what_is_not_made_of_segments_is_left_to_the_regular_expression() {
        for pattern in &PATTERNS[7..] {
            assert_eq!(by_segments(pattern, "projects/p"), None, "{pattern}");
        }
    }

    #[test]
    fn patterns_are_anchored_at_the_start_only() {
        assert!(matches("[a-z]+", "abc/1"));
        assert!(!matches("[a-z]+", "1abc"));
        assert!(matches("a|b", "bx"));
        assert!(!matches("a|b", "xb"));
        assert!(matches(r"\w[\w.-]{0,254}", "disk-1"));
        assert!(matches("(?i)(url:|origin:)?http(s)?://.*", "HTTPS://x"));
        assert!(matches(
            "(",
            "a pattern that does not compile restricts nothing"
        ));
    }
}
