//! Bodies of several parts (RFC 2046).

use bytes::Bytes;
use http::HeaderValue;
use std::hash::{BuildHasher as _, DefaultHasher, Hash, Hasher, RandomState};

/// One of the parts.
pub(crate) struct Part {
    /// Its header lines, each with a line break at its end.
    pub(crate) head: Vec<u8>,
    pub(crate) content: Bytes,
}

/// The bytes around the last part of a body that is not in memory as a whole.
pub(crate) struct Frame {
    pub(crate) content_type: HeaderValue,
    pub(crate) before: Bytes,
    pub(crate) after: Bytes,
}

/// A body of two parts, of the second of which only the header lines are there yet.
///
/// A part that is still to come cannot be searched for the boundary. So the boundary is one that cannot be guessed:
/// 128 bits from the random numbers with which std keeps hash tables safe.
pub(crate) fn around(subtype: &str, first: &Part, head: &[u8]) -> Frame {
    let random = || RandomState::new().hash_one(&first.head);
    let boundary = loop {
        let boundary = format!("gapi-{:016x}{:016x}", random(), random());
        if !contains(&first.content, boundary.as_bytes()) {
            break boundary;
        }
    };
    let delimiter = format!("--{boundary}\r\n");
    let before = [
        delimiter.as_bytes(),
        &first.head,
        b"\r\n",
        &first.content,
        b"\r\n",
        delimiter.as_bytes(),
        head,
        b"\r\n",
    ];
    Frame {
        content_type: content_type(subtype, &boundary),
        before: before.concat().into(),
        after: format!("\r\n--{boundary}--\r\n").into(),
    }
}

/// The content type `multipart/<subtype>` and the body.
pub(crate) fn write(subtype: &str, parts: &[Part]) -> (HeaderValue, Bytes) {
    let boundary = boundary(parts);
    let length = |part: &Part| part.head.len() + part.content.len() + boundary.len() + 8;
    let mut body = Vec::with_capacity(parts.iter().map(length).sum::<usize>() + 40);
    for part in parts {
        body.extend_from_slice(b"--");
        body.extend_from_slice(boundary.as_bytes());
        body.extend_from_slice(b"\r\n");
        body.extend_from_slice(&part.head);
        body.extend_from_slice(b"\r\n");
        body.extend_from_slice(&part.content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--");
    body.extend_from_slice(boundary.as_bytes());
    body.extend_from_slice(b"--\r\n");
    (content_type(subtype, &boundary), body.into())
}

fn content_type(subtype: &str, boundary: &str) -> HeaderValue {
    // Of letters, digits and marks that headers allow.
    HeaderValue::try_from(format!("multipart/{subtype}; boundary=\"{boundary}\""))
        .unwrap_or_else(|_| HeaderValue::from_static("multipart/mixed"))
}

/// A line that occurs in none of the parts. The same parts have the same boundary.
fn boundary(parts: &[Part]) -> String {
    let mut hasher = DefaultHasher::new();
    for part in parts {
        part.head.hash(&mut hasher);
        part.content.len().hash(&mut hasher);
    }
    loop {
        let boundary = format!("gapi-{:016x}", hasher.finish());
        let occurs = |bytes: &[u8]| contains(bytes, boundary.as_bytes());
        if !parts
            .iter()
            .any(|part| occurs(&part.head) || occurs(&part.content))
        {
            return boundary;
        }
        boundary.hash(&mut hasher);
    }
}

/// Returns `true` if `haystack` contains `needle`. Skips ahead as Horspool describes, since media can be large.
fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    let Some((_, before_last)) = needle.split_last() else {
        return true;
    };
    let mut skips = [needle.len(); 256];
    for (position, byte) in before_last.iter().enumerate() {
        skips[usize::from(*byte)] = before_last.len() - position;
    }
    let mut start = 0;
    while let Some(window) = haystack.get(start..start + needle.len()) {
        if window == needle {
            return true;
        }
        start += window.last().map_or(1, |last| skips[usize::from(*last)]);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(head: &str, content: &'static [u8]) -> Part {
        Part {
            head: head.as_bytes().to_vec(),
            content: Bytes::from_static(content),
        }
    }

    #[test]
    fn the_parts_stand_between_boundaries() {
        let parts = [part("A: 1\r\n", b"x"), part("B: 2\r\nC: 3\r\n", b"\0\r\n")];
        let (content_type, body) = write("related", &parts);
        let content_type = content_type.to_str().unwrap();
        let boundary = content_type
            .strip_prefix("multipart/related; boundary=\"")
            .unwrap();
        let boundary = boundary.strip_suffix('"').unwrap();
        assert_eq!(boundary.len(), "gapi-".len() + 16);
        let expected = format!(
            "--{boundary}\r\nA: 1\r\n\r\nx\r\n--{boundary}\r\nB: 2\r\nC: 3\r\n\r\n\0\r\n\r\n--{boundary}--\r\n"
        );
        assert_eq!(body, expected);
        assert_eq!(write("related", &parts), write("related", &parts));
    }

    #[test]
    fn a_boundary_that_occurs_is_not_used() {
        let first = boundary(&[part("", &[b'x'; 40])]);
        // The same length, so the same first choice.
        let content = format!("{first:x<40}");
        let with = Part {
            head: Vec::new(),
            content: content.clone().into(),
        };
        let second = boundary(&[with]);
        assert_ne!(first, second);
        assert!(!content.contains(&second));
    }

    #[test]
    fn search() {
        for (haystack, needle, found) in [
            ("", "", true),
            ("", "a", false),
            ("abcabd", "abd", true),
            ("abcabd", "abe", false),
            ("aaaaab", "aab", true),
            ("ab", "abc", false),
            ("xabc", "abc", true),
            ("abcx", "abc", true),
        ] {
            assert_eq!(
                contains(haystack.as_bytes(), needle.as_bytes()),
                found,
                "{haystack} {needle}"
            );
        }
    }
}
