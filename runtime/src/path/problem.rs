//! Problems with a value of a path, whatever its pattern.
//!
//! A triplet such as `%2F` stays in a `{+name}` variable. A proxy may decode it before it looks for segments. So the checks
//! apply to the value decoded once, as one hop would. `%252F` is the right way to write the text `%2F`: only two hops that both
//! decode turn it into a slash. Without it there would be no way to write such a text.

use percent_encoding::percent_decode_str;

/// Returns the problem with the value of a variable `{name}`, which is encoded and stays one segment.
pub(super) fn problem(value: &str) -> Option<&'static str> {
    if value.is_empty() {
        Some("is empty")
    } else if is_dot_segment(value) {
        Some("is a `.` or `..` path segment")
    } else {
        None
    }
}

/// Returns the problem with the value of a variable `{+name}`, whose slashes and triplets stay. Never quotes the value, which
/// may be confidential.
pub(super) fn reserved_problem(value: &str, takes_encoded_slashes: bool) -> Option<&'static str> {
    if value.is_empty() {
        return Some("is empty");
    }
    if value.split('/').any(str::is_empty) {
        return Some("contains an empty path segment");
    }
    // Overlong forms, `%C0%AF` for a slash, are not valid UTF-8, and lenient decoders read them.
    let Ok(decoded) = percent_decode_str(value).decode_utf8() else {
        return Some("contains percent-encoded bytes that are not UTF-8");
    };
    // Those that are not encoded yet will be, and are text.
    if count(&decoded, char::is_control) > count(value, char::is_control) {
        return Some("contains a percent-encoded control character");
    }
    // A backslash, `?` and `#` are text, and so are `%5C`, `%3F` and `%23`, as which they are sent. But a server that decodes
    // the path before it looks for segments would remove dots next to them.
    if decoded.split(['/', '\\']).any(is_dots_to_lenient_servers) {
        return Some("contains a `.` or `..` path segment");
    }
    let is_slash = |c| c == '/';
    let is_hidden = count(&decoded, is_slash) > count(value, is_slash);
    (is_hidden && !takes_encoded_slashes).then_some(
        "contains an encoded slash (`%2F`), which a gateway may decode, so that another resource would be acted on; \
         if the API asks for it, build the client with `allow_encoded_slashes()`",
    )
}

/// Returns `true` if a segment is `.` or `..`, which servers remove. Parameters (`..;x`) and control characters are ignored,
/// because some servers and parsers drop them first.
fn is_dot_segment(segment: &str) -> bool {
    let name = segment.split_once(';').map_or(segment, |(name, _)| name);
    let mut rest = name.chars().filter(|c| !c.is_control());
    rest.next() == Some('.') && matches!((rest.next(), rest.next()), (None | Some('.'), None))
}

/// Returns `true` if a segment is `.` or `..` up to a character that ends a path.
fn is_dots_to_lenient_servers(segment: &str) -> bool {
    segment.split(['?', '#']).next().is_some_and(is_dot_segment)
}

fn count(text: &str, is_counted: impl Fn(char) -> bool) -> usize {
    text.chars().filter(|c| is_counted(*c)).count()
}
