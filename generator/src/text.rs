//! Characters that hide text from a reader.

/// Returns whether a character is a control or bidirectional character, or a separator that some tools treat as a line
/// break. These change the display of the text around them.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Returns text of a document for a terminal: one line of limited length without hidden characters.
#[must_use]
pub fn printable(text: &str) -> String {
    let shown = |c: char| if is_hidden(c) { '\u{fffd}' } else { c };
    let mut characters = text.chars().map(shown);
    let mut short: String = characters.by_ref().take(LONGEST).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

/// Returns text of a document on one line, complete and without hidden characters.
pub(crate) fn one_line(text: &str) -> String {
    let shown = |c: char| if is_hidden(c) { '\u{fffd}' } else { c };
    text.chars().map(shown).collect()
}

/// Returns text of a document without hidden characters, with its line breaks.
pub(crate) fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\t', "    ");
    text.split('\n')
        .map(one_line)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Returns the words of a text, separated by single blanks.
pub(crate) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The maximum length of a part of a message, in characters.
const LONGEST: usize = 800;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_is_printed() {
        let text = "a\u{1b}[31m\n\u{9b}\u{202e}\u{2028}\u{61c}é";
        assert_eq!(
            printable(text),
            "a\u{fffd}[31m\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}é"
        );
    }

    #[test]
    fn line_breaks_can_stay() {
        assert_eq!(
            lines("a\r\nb\n\tc\rd\u{85}"),
            "a\nb\n    c\u{fffd}d\u{fffd}"
        );
        assert_eq!(one_line("a\nb\u{1b}[2J"), "a\u{fffd}b\u{fffd}[2J");
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(printable(&"é".repeat(LONGEST)), "é".repeat(LONGEST));
        let cut = printable(&"é".repeat(LONGEST + 1));
        assert_eq!(cut, "é".repeat(LONGEST) + "…");
    }
}
