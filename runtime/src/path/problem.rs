//! What is wrong with a value of a path, whatever its pattern says.
//!
//! A triplet such as `%2F` stays in a `{+name}` variable, and whoever passes the request on may decode it before it looks for
//! segments. So what counts is the value decoded once, as one hop would. `%252F` is the right way to write the text `%2F`: it
//! takes two hops that both decode to make a slash of it, and without it such a text could not be written at all.

use percent_encoding::percent_decode_str;

/// What is wrong with the value of a variable `{name}`, which is encoded and stays one segment.
pub(super) fn problem(value: &str) -> Option<&'static str> {
    if value.is_empty() {
        Some("is empty")
    } else if value.contains(char::is_control) {
        Some("contains a control character")
    } else if is_dot_segment(value) {
        Some("is a `.` or `..` path segment")
    } else {
        None
    }
}

/// What is wrong with the value of a variable `{+name}`, whose slashes and triplets stay. Never quotes the value, which may be
/// confidential.
pub(super) fn reserved_problem(value: &str, takes_encoded_slashes: bool) -> Option<&'static str> {
    if value.is_empty() {
        return Some("is empty");
    }
    if value.contains(char::is_control) {
        return Some("contains a control character");
    }
    match value.chars().find(|c| matches!(c, '?' | '#')) {
        Some('?') => return Some("contains `?`, which would end the path"),
        Some(_) => return Some("contains `#`, which would end the path"),
        None => {}
    }
    if value.split('/').any(str::is_empty) {
        return Some("contains an empty path segment");
    }
    // Overlong forms, `%C0%AF` for a slash, are no UTF-8, and lenient decoders read them.
    let Ok(decoded) = percent_decode_str(value).decode_utf8() else {
        return Some("contains percent-encoded bytes that are not UTF-8");
    };
    if decoded.contains(char::is_control) {
        return Some("contains a percent-encoded control character");
    }
    // A backslash is text, and so is `%5C`, as which it is sent. But who takes it for a slash would take dots out.
    if decoded.split(['/', '\\']).any(is_dot_segment) {
        return Some("contains a `.` or `..` path segment");
    }
    let is_hidden = decoded.matches('/').count() > value.matches('/').count();
    (is_hidden && !takes_encoded_slashes).then_some(
        "contains an encoded slash (`%2F`), which a gateway may decode, so that another resource would be acted on; \
         if the API asks for it, build the client with `allow_encoded_slashes()`",
    )
}

/// Whether a segment is `.` or `..`, which servers take out, also with parameters (`..;x`), which some drop before they look.
fn is_dot_segment(segment: &str) -> bool {
    let name = segment.split_once(';').map_or(segment, |(name, _)| name);
    matches!(name, "." | "..")
}
