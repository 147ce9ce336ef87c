//! Rust names for places of documents, and the forms in which users write them.

use std::fmt::Write as _;

use crate::text::{is_hidden, shell_word};

/// A Rust name for a place of a document.
///
/// ```
/// use gapi_generator::Rename;
///
/// let rename = Rename {
///     document: "library:v1".to_owned(),
///     pointer: "/schemas/Book".to_owned(),
///     rust: "Volume".to_owned(),
/// };
/// assert_eq!(rename.line(), r#"renames."library:v1#/schemas/Book" = "Volume""#); // gapi.toml
/// assert_eq!(rename.call(), r#".rename("library:v1", "/schemas/Book", "Volume")"#); // build.rs
/// let option = rename.option();
/// assert_eq!(option.as_deref(), Some("--rename library:v1#/schemas/Book=Volume"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The document's id, for example `spanner:v1`.
    pub document: String,
    /// The place, a JSON pointer.
    pub pointer: String,
    /// The name.
    pub rust: String,
}

impl Rename {
    /// Returns the option of the command line, quoted for a shell. Returns `None` for hidden characters, which a shell cannot show.
    #[must_use]
    pub fn option(&self) -> Option<String> {
        let word = format!("{}#{}={}", self.document, self.pointer, self.rust);
        let is_shown = !word.chars().any(is_hidden);
        is_shown.then(|| format!("--rename {}", shell_word(&word)))
    }

    /// Returns the line for an `[[output]]` of `gapi.toml`. Several such lines can follow each other.
    #[must_use]
    pub fn line(&self) -> String {
        let place = toml_string(&format!("{}#{}", self.document, self.pointer));
        format!("renames.{place} = {}", toml_string(&self.rust))
    }

    /// Returns the call for a build script.
    #[must_use]
    pub fn call(&self) -> String {
        let words = [&self.document, &self.pointer, &self.rust].map(|word| rust_string(word));
        format!(".rename({})", words.join(", "))
    }
}

/// Returns a basic string of TOML. Hidden characters are escaped, so that the reader sees the whole string.
fn toml_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_hidden(c) && c <= '\u{ffff}' => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c if is_hidden(c) => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Returns a string literal of Rust. Hidden characters are escaped.
fn rust_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rename(pointer: &str) -> Rename {
        Rename {
            document: "a:v1".to_owned(),
            pointer: pointer.to_owned(),
            rust: "Name".to_owned(),
        }
    }

    #[test]
    fn case_s8_text_of_a_document_is_one_word_of_a_shell() {
        for (pointer, option) in [
            ("/schemas/A", "--rename a:v1#/schemas/A=Name"),
            ("/x/$(reboot)", "--rename 'a:v1#/x/$(reboot)=Name'"),
            ("/x/`reboot`", "--rename 'a:v1#/x/`reboot`=Name'"),
            ("/x/a; b", "--rename 'a:v1#/x/a; b=Name'"),
            ("/x/a'b", r"--rename 'a:v1#/x/a'\''b=Name'"),
            ("/x/a|b>c", "--rename 'a:v1#/x/a|b>c=Name'"),
            ("/x/~1a*", "--rename 'a:v1#/x/~1a*=Name'"),
            ("/x/!!", "--rename 'a:v1#/x/!!=Name'"),
            ("/x/日本", "--rename 'a:v1#/x/日本=Name'"),
        ] {
            assert_eq!(rename(pointer).option().as_deref(), Some(option));
        }
        for hidden in ["/x/a\nb", "/x/\u{202e}", "/x/\u{1b}[2J", "/x/\u{200b}"] {
            assert_eq!(rename(hidden).option(), None);
        }
    }

    #[test]
    fn case_g6_a_line_for_the_project_file_keeps_every_character() {
        for (pointer, line) in [
            ("/a", r#"renames."a:v1#/a" = "Name""#),
            (r#"/a"\b"#, r#"renames."a:v1#/a\"\\b" = "Name""#),
            (
                "/\n\u{202e}\u{e0041}é",
                r#"renames."a:v1#/\u000A\u202E\U000E0041é" = "Name""#,
            ),
        ] {
            assert_eq!(rename(pointer).line(), line);
        }
        let call = r#".rename("a:v1", "/\"\u{a}é", "Name")"#;
        assert_eq!(rename("/\"\né").call(), call);
    }
}
