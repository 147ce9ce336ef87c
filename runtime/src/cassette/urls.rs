//! Query parameters of URLs in any text: addresses of uploads and signed URLs are also in bodies and messages.

use super::hide::{HIDDEN_IN_URL, Names, is_credential_anywhere};

/// A text without hidden values of query parameters and passwords of URLs, and these.
pub(super) fn hide(text: &str, names: &Names) -> (String, Vec<String>) {
    let (text, mut values) = hide_users(text);
    let text = &*text;
    let mut hidden = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('=') {
        let (before, after) = rest.split_at(at + 1);
        hidden.push_str(before);
        rest = after;
        let is_hidden = is_hidden(&before[..at], names);
        let is_end = |c: char| c.is_whitespace() || "&\"'\\<>#;,)".contains(c);
        let end = after.find(is_end).unwrap_or(after.len());
        let (value, after) = after.split_at(end);
        let is_done = value.is_empty() || value.starts_with("%5Bhidden");
        if is_hidden && !is_done {
            hidden.push_str(HIDDEN_IN_URL);
            values.push(value.to_owned());
            rest = after;
        }
    }
    hidden.push_str(rest);
    (hidden, values)
}

/// Returns `true` if the text ends with the name of a hidden parameter. `&` may be escaped as in JSON or HTML.
fn is_hidden(text: &str, names: &Names) -> bool {
    let is_other = |c: char| !(c.is_ascii_alphanumeric() || "_.$-".contains(c));
    let start = text.rfind(is_other).map_or(0, |at| {
        at + text[at..].chars().next().map_or(1, char::len_utf8)
    });
    let (before, name) = text.split_at(start);
    let mut letters = ["u0026", "u003f", "u003F", "n", "r", "t"].iter();
    let after_escape = letters.find_map(|letters| name.strip_prefix(letters));
    let after_escape = after_escape.filter(|_| before.ends_with('\\'));
    let is_parameter = after_escape.is_some() || before.ends_with(['?', '&', ';', '#']);
    let name = after_escape.unwrap_or(name);
    is_parameter && names.hides_parameter(name) || is_credential_anywhere(name)
}

/// Hides the names and passwords of users in URLs: `https://user:password@host/`.
fn hide_users(text: &str) -> (String, Vec<String>) {
    let (mut hidden, mut values) = (String::with_capacity(text.len()), Vec::new());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        hidden.push_str(before);
        rest = after;
        let is_end = |c: char| c.is_whitespace() || "/?#\"'\\<>,".contains(c);
        let authority = &after[..after.find(is_end).unwrap_or(after.len())];
        if let Some((user, _)) = authority.rsplit_once('@')
            && !user.is_empty()
            && user != HIDDEN_IN_URL
        {
            let password = user.split_once(':').map_or(user, |(_, password)| password);
            values.push(password.to_owned());
            hidden.push_str(HIDDEN_IN_URL);
            rest = &after[user.len()..];
        }
    }
    hidden.push_str(rest);
    (hidden, values)
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
            ("access_token=abc", "access_token=%5Bhidden%5D"),
            (r"a\nrefresh_token=abc", r"a\nrefresh_token=%5Bhidden%5D"),
            (
                "pageToken=abc&token=1 token=2",
                "pageToken=abc&token=1 token=2",
            ),
            ("h#access_token=abc", "h#access_token=%5Bhidden%5D"),
            ("https://me:pass@h/a@b", "https://%5Bhidden%5D@h/a@b"),
            ("é?key=&x==", "é?key=&x=="),
            ("=", "="),
        ] {
            let (hidden, values) = hide(text, &Names::default());
            assert_eq!(hidden, expected);
            assert_eq!(values.len(), usize::from(expected != text), "{text}");
        }
    }
}
