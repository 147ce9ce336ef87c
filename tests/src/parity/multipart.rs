//! Multipart bodies (RFC 2046), as far as clients write them.

/// A part: its headers, by lower-case name, and its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The headers in order.
    pub headers: Vec<(String, String)>,
    /// The content after the headers.
    pub content: String,
}

impl Part {
    /// Returns a header by its name in lower case; empty if it is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }
}

/// Returns the boundary that a content type names.
#[must_use]
pub fn boundary(content_type: &str) -> Option<&str> {
    let (_, value) = content_type.split_once("boundary=")?;
    let value = value.split(';').next()?.trim();
    Some(value.trim_matches('"'))
}

/// Returns the parts between the boundaries; `None` for any other text.
#[must_use]
pub fn parts(text: &str, boundary: &str) -> Option<Vec<Part>> {
    let delimiter = format!("--{boundary}");
    let (_, mut rest) = text.split_once(&delimiter)?;
    let mut parts = Vec::new();
    while !rest.starts_with("--") {
        let (content, after) = rest.split_once(&format!("\n{delimiter}"))?;
        let content = content.strip_prefix('\r').unwrap_or(content);
        let content = content.strip_prefix('\n').unwrap_or(content);
        parts.push(part(content.strip_suffix('\r').unwrap_or(content)));
        rest = after;
    }
    Some(parts)
}

/// Parses headers, an empty line, and content. Lines end in LF or CR LF.
#[must_use]
pub fn part(text: &str) -> Part {
    let mut headers = Vec::new();
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n') {
        rest = after;
        let line = line.trim_end_matches('\r');
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    Part {
        headers,
        content: rest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_with_either_line_end() {
        for end in ["\n", "\r\n"] {
            let text = [
                "--b", "A: 1", "", "x", "y", "--b", "Bee: 2", "", "", "--b--", "",
            ]
            .join(end);
            let parts = parts(&text, "b").expect("two parts");
            assert_eq!(parts.len(), 2);
            assert_eq!(parts[0].header("a"), "1");
            assert_eq!(parts[0].content, format!("x{end}y"));
            assert_eq!(parts[1].header("bee"), "2");
            assert_eq!(parts[1].content, "");
        }
        assert_eq!(parts("--b\nA: 1\n\nx", "b"), None);
        assert_eq!(boundary("multipart/related; boundary=\"=1=\""), Some("=1="));
    }
}
