//! Query parameters of URLs in any text: addresses of uploads and signed URLs are also in bodies and messages.

use super::hide::{HIDDEN_IN_URL, Names};

/// A text without hidden values of query parameters, and these.
pub(super) fn hide(text: &str, names: &Names) -> (String, Vec<String>) {
    let (mut hidden, mut values) = (String::with_capacity(text.len()), Vec::new());
    let mut rest = text;
    while let Some(at) = rest.find('=') {
        let (before, after) = rest.split_at(at + 1);
        hidden.push_str(before);
        rest = after;
        let is_hidden = name(&before[..at]).is_some_and(|name| names.hides_parameter(name));
        let is_end = |c: char| c.is_whitespace() || "&\"'\\<>#;,)".contains(c);
        let end = after.find(is_end).unwrap_or(after.len());
        if is_hidden && end > 0 {
            let (value, after) = after.split_at(end);
            hidden.push_str(HIDDEN_IN_URL);
            values.push(value.to_owned());
            rest = after;
        }
    }
    hidden.push_str(rest);
    (hidden, values)
}

/// Returns the name of a query parameter at the end of a text. `&` may be escaped as in JSON or HTML.
fn name(text: &str) -> Option<&str> {
    let is_other = |c: char| !(c.is_ascii_alphanumeric() || "_.$-".contains(c));
    let start = text.rfind(is_other).map_or(0, |at| {
        at + text[at..].chars().next().map_or(1, char::len_utf8)
    });
    let (before, name) = text.split_at(start);
    if before.ends_with(['?', '&', ';']) {
        return Some(name);
    }
    let mut escapes = ["u0026", "u003f", "u003F"].iter();
    let rest = escapes.find_map(|escape| name.strip_prefix(escape));
    rest.filter(|_| before.ends_with('\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_hidden_in_any_text() {
        for (text, expected) in [
            (
                "https://h/u?upload_id=abc&b=1",
                "https://h/u?upload_id=%5Bhidden%5D&b=1",
            ),
            (
                r#"{"uri":"https://h/u?b=1&X-Goog-Signature=abc"}"#,
                r#"{"uri":"https://h/u?b=1&X-Goog-Signature=%5Bhidden%5D"}"#,
            ),
            (
                r#""h?b=1\u0026upload_id=abc\u0026c""#,
                r#""h?b=1\u0026upload_id=%5Bhidden%5D\u0026c""#,
            ),
            (
                "<a href='h?b&amp;key=abc'>",
                "<a href='h?b&amp;key=%5Bhidden%5D'>",
            ),
            ("see h?key=abc, then", "see h?key=%5Bhidden%5D, then"),
            ("key=abc", "key=abc"),
            ("é?key=&x==", "é?key=&x=="),
            ("=", "="),
        ] {
            let (hidden, values) = hide(text, &Names::default());
            assert_eq!(hidden, expected);
            assert_eq!(values.len(), usize::from(expected != text), "{text}");
        }
    }
}
