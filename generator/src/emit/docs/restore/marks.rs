//! Small marks with several spellings in documents.

use std::borrow::Cow;

use super::super::words::Word;

/// The marks that descriptions begin with.
const PREFIXES: [&str; 6] = [
    "Required.",
    "Optional.",
    "Output only.",
    "Input only.",
    "Immutable.",
    "Identifier.",
];

/// The spellings of marks in some documents, with their replacements.
const BRACKETED: [(&str, &str); 8] = [
    ("[Output Only]", "Output only."),
    ("[Output only]", "Output only."),
    ("[OutputOnly]", "Output only."),
    ("[Input Only]", "Input only."),
    ("[Required]", "Required."),
    ("[REQUIRED]", "Required."),
    ("[Optional]", "Optional."),
    ("[OPTIONAL]", "Optional."),
];

/// Writes each mark in one spelling and only once, and fixes links that contain a blank.
pub(super) fn tidy(text: &str) -> Cow<'_, str> {
    let mut text = match marks(text) {
        Some((marks, rest)) => Cow::Owned(format!("{} {rest}", marks.join(" "))),
        None => Cow::Borrowed(text),
    };
    if text.contains("] (http") {
        text = Cow::Owned(text.replace("] (http", "](http"));
    }
    text
}

/// Returns the marks at the beginning of a text and the rest, if the marks need a change.
fn marks(text: &str) -> Option<(Vec<&'static str>, &str)> {
    let mut marks = Vec::new();
    let mut rest = text.trim_start();
    let mut right = true;
    loop {
        let plain = PREFIXES
            .iter()
            .find_map(|mark| Some((*mark, rest.strip_prefix(mark)?)));
        let bracketed = || {
            BRACKETED
                .iter()
                .find_map(|(from, to)| Some((*to, rest.strip_prefix(from)?)))
        };
        let (mark, after) = match plain {
            Some(found) => found,
            None if rest.starts_with('[') => match bracketed() {
                Some((mark, after)) => {
                    right = false;
                    (mark, after.trim_start_matches(['.', ':']))
                }
                None => break,
            },
            None => break,
        };
        if marks.contains(&mark) {
            right = false;
        } else {
            marks.push(mark);
        }
        rest = after.trim_start();
    }
    (!right && !rest.is_empty()).then_some((marks, rest))
}

/// Returns the text without the mark if other text has the same meaning.
pub(in crate::emit::docs) fn without<'t>(text: &'t str, mark: &str) -> &'t str {
    let rest = text.trim_start().strip_prefix(mark).map(str::trim_start);
    rest.filter(|rest| !rest.is_empty()).unwrap_or(text)
}

/// Returns whether the word begins a separate paragraph.
pub(super) fn is_note(word: &Word<'_>) -> bool {
    let bare = word.text.trim_matches('*').trim_end_matches(':');
    matches!(
        bare,
        "Note" | "NOTE" | "Caution" | "Warning" | "WARNING" | "Important" | "IMPORTANT"
    ) && word.text.contains(':')
}

#[cfg(test)]
mod tests {
    use super::{tidy, without};

    #[test]
    fn writes_marks_in_one_way_and_once() {
        for (text, expected) in [
            ("[Output Only] The name.", "Output only. The name."),
            ("[Required]: The name.", "Required. The name."),
            (
                "Output only. [Output Only] The name.",
                "Output only. The name.",
            ),
            ("Optional. Immutable. It.", "Optional. Immutable. It."),
            ("[Else] The name.", "[Else] The name."),
            ("Required. Required. The name.", "Required. The name."),
            (
                "Required. The name is required.",
                "Required. The name is required.",
            ),
            ("[a] (https://x.example)", "[a](https://x.example)"),
            ("[a] (b)", "[a] (b)"),
        ] {
            assert_eq!(tidy(text), expected);
        }
    }

    #[test]
    fn leaves_out_a_mark() {
        assert_eq!(without("Required. The name.", "Required."), "The name.");
        assert_eq!(without("Required.", "Required."), "Required.");
        assert_eq!(without("The name.", "Required."), "The name.");
    }
}
