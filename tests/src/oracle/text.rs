//! Invisible characters, and characters that change the visible text.

/// Returns whether a character is a control or bidirectional character, or a separator that some tools treat as a line
/// break.
#[must_use]
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Returns the first character of `text` that hides something. Line breaks do not count.
pub(super) fn hidden(text: &str) -> Option<char> {
    // Most text is plain ASCII, which is fast to check.
    let plain = |b: &u8| matches!(b, b'\n' | b' '..=b'~');
    if text.as_bytes().iter().all(plain) {
        return None;
    }
    text.chars().find(|&c| c != '\n' && is_hidden(c))
}

/// Returns the beginning of a text, for a report.
pub(super) fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(200).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
