//! Invisible characters, and characters that change the visible text.

/// Returns whether a character is a control or bidirectional character, a separator that some tools treat as a line
/// break, or a character that is displayed as nothing.
#[must_use]
pub(super) fn is_hidden(c: char) -> bool {
    /// Ranges of `Default_Ignorable_Code_Point` in Unicode 16, and the other characters.
    const RANGES: [(u32, u32); 19] = [
        (0xad, 0xad),
        (0x34f, 0x34f),
        (0x61c, 0x61c),
        (0x115f, 0x1160),
        (0x17b4, 0x17b5),
        (0x180b, 0x180f),
        (0x200b, 0x200f),
        (0x2028, 0x202e),
        (0x2060, 0x206f),
        (0x3164, 0x3164),
        (0xfe00, 0xfe0f),
        (0xfeff, 0xfeff),
        (0xffa0, 0xffa0),
        (0xfff0, 0xfffb),
        (0x1bca0, 0x1bca3),
        (0x1d173, 0x1d17a),
        (0xe0000, 0xe007f),
        (0xe0080, 0xe01ef),
        (0xe01f0, 0xe0fff),
    ];
    let code = u32::from(c);
    c.is_control()
        || RANGES
            .iter()
            .any(|(first, last)| (first..=last).contains(&&code))
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
