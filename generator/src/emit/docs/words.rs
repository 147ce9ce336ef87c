//! The words of a line of prose, and the ends of its sentences.

use std::ops::Range;

/// A word: text between blanks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
    /// `true` if it begins inside code or brackets. Nothing may be split there.
    pub(super) inside: bool,
    /// `true` if the code or the brackets continue after it.
    pub(super) goes_on: bool,
}

impl Word<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Returns the word without surrounding quotes, brackets and emphasis.
    pub(super) fn bare(&self) -> &str {
        self.text
            .trim_end_matches(['*', '_', '"', '\'', '”', '’', ')', ']'])
    }

    /// Returns whether the word could begin a sentence.
    pub(super) fn is_capital(&self) -> bool {
        let bare = self
            .text
            .trim_start_matches(['*', '_', '"', '\'', '“', '‘', '(', '[']);
        bare.starts_with(|c: char| c.is_uppercase() || c == '`')
    }

    /// Returns whether the word ends a sentence, if the next word begins one.
    pub(super) fn is_last(&self) -> bool {
        let bare = self.bare();
        let Some(stem) = bare.strip_suffix('.') else {
            return !self.goes_on && bare.ends_with(['!', '?']);
        };
        let stem = stem.trim_start_matches(['(', '"', '\'', '*', '_']);
        !self.goes_on
            && !ABBREVIATIONS.contains(&stem)
            && (stem.chars().nth(1).is_some() || stem.starts_with(|c: char| c.is_ascii_digit()))
            && !stem.ends_with('.')
    }
}

/// Abbreviations, whose full stop does not end a sentence.
const ABBREVIATIONS: [&str; 26] = [
    "e.g", "E.g", "i.e", "I.e", "eg", "ie", "ex", "Ex", "etc", "vs", "cf", "Dr", "Mr", "Mrs", "Ms",
    "St", "No", "no", "approx", "Inc", "Ltd", "Corp", "U.S", "a.m", "p.m", "incl",
];

/// Returns the words of the text; `None` if its backticks are not in pairs.
pub(super) fn words(text: &str) -> Option<Vec<Word<'_>>> {
    let protected = protected(text)?;
    let mut ranges = protected.iter().peekable();
    let mut reach = 0;
    let mut words = Vec::new();
    let mut at = 0;
    for part in text.split([' ', '\n']) {
        let start = at;
        at += part.len() + 1;
        if part.is_empty() {
            continue;
        }
        while let Some(range) = ranges.next_if(|range| range.start < start) {
            reach = reach.max(range.end);
        }
        let inside = start < reach;
        let end = start + part.len();
        while let Some(range) = ranges.next_if(|range| range.start < end) {
            reach = reach.max(range.end);
        }
        words.push(Word {
            text: part,
            start,
            inside,
            goes_on: end < reach,
        });
    }
    Some(words)
}

/// Returns the code spans and bracketed texts, by their beginnings.
fn protected(text: &str) -> Option<Vec<Range<usize>>> {
    let bytes = text.as_bytes();
    let mut ranges = Vec::new();
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'`' => {
                let end = code_end(bytes, at)?;
                ranges.push(at..end);
                at = end;
                continue;
            }
            b'(' | b'[' => open.push((at, byte)),
            b')' | b']' => {
                let opening = if byte == b')' { b'(' } else { b'[' };
                if let Some((start, _)) = open.pop_if(|(_, byte)| *byte == opening) {
                    ranges.push(start..at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    ranges.sort_by_key(|range| range.start);
    Some(ranges)
}

/// Returns the end of the code that begins with the backticks at `start`. The code ends with the same number of
/// backticks.
fn code_end(bytes: &[u8], start: usize) -> Option<usize> {
    let run = |at: usize| bytes[at..].iter().take_while(|b| **b == b'`').count();
    let marks = run(start);
    let mut at = start + marks;
    while at < bytes.len() {
        let found = run(at);
        if found == marks {
            // Two backticks alone: the code between them was removed as a tag.
            let inside = &bytes[start + marks..at];
            let removed = marks == 2 && inside.starts_with(b" ") && !inside.contains(&b'`');
            return (!removed).then_some(at + found);
        }
        at += found.max(1);
    }
    None
}

/// Returns the end of the first sentence that is more than a mark such as `Output only.`. Returns `None` if no
/// other sentence follows.
pub(super) fn first_sentence(words: &[Word<'_>]) -> Option<usize> {
    let mut length = 0;
    words.windows(2).find_map(|pair| {
        length += 1;
        let ends = pair[0].is_last() && !pair[1].inside && pair[1].is_capital();
        if ends && length < 3 {
            length = 0;
        }
        (ends && length >= 3).then(|| pair[0].end())
    })
}

#[cfg(test)]
mod tests {
    use super::{first_sentence, words};

    fn first(text: &str) -> Option<&str> {
        first_sentence(&words(text)?).map(|end| &text[..end])
    }

    #[test]
    fn finds_the_first_sentence() {
        for (text, expected) in [
            ("Gets a thing. It is good.", Some("Gets a thing.")),
            (
                "Output only. The name of it. More.",
                Some("Output only. The name of it."),
            ),
            (
                "Takes sources, e.g. BigQuery tables. More.",
                Some("Takes sources, e.g. BigQuery tables."),
            ),
            (
                "Takes `a. B` and (this. That). `More` is.",
                Some("Takes `a. B` and (this. That)."),
            ),
            ("Is version 1.2 of it", None),
            ("Only one sentence here.", None),
            ("An `unbalanced tick is here. More.", None),
        ] {
            assert_eq!(first(text), expected, "{text}");
        }
    }

    #[test]
    fn knows_what_is_inside() {
        let text = "a (b - c) [d](e) `f g` h";
        let inside: Vec<&str> = words(text)
            .unwrap_or_default()
            .iter()
            .filter(|word| word.inside)
            .map(|word| word.text)
            .collect();
        assert_eq!(inside, ["-", "c)", "g`"]);
    }
}
