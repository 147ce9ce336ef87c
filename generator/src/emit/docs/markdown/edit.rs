//! Replacements of parts of a text.

use std::ops::Range;

/// A replacement of a part of the text.
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    pub(super) with: String,
}

/// Puts a backslash before each of the characters that has none yet.
pub(super) fn escape<'t>(
    text: &'t str,
    range: &Range<usize>,
    chosen: impl Fn(char) -> bool + 't,
) -> impl Iterator<Item = Edit> + 't {
    let start = range.start;
    text[range.clone()]
        .char_indices()
        .filter(move |(_, c)| chosen(*c))
        .filter_map(move |(offset, _)| {
            let at = start + offset;
            let slashes = text[..at].len() - text[..at].trim_end_matches('\\').len();
            (slashes.is_multiple_of(2)).then(|| Edit {
                range: at..at,
                with: "\\".to_owned(),
            })
        })
}
