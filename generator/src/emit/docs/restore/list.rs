//! Lists whose lines were joined: `One of: * a * b`.

use std::ops::Range;

use super::super::words::Word;

mod extent;

use extent::{before_introduction, head, last_item};

/// A list in the middle of a text. Its ranges count words.
#[derive(Debug)]
pub(super) struct List {
    /// Its first marker.
    pub(super) start: usize,
    pub(super) numbered: bool,
    pub(super) items: Vec<Item>,
}

/// An item without its marker.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) range: Range<usize>,
    /// The words after the item that do not belong to it.
    pub(super) tail: Range<usize>,
}

/// The marker that an item begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marker {
    Bullet(char),
    /// `1.` or `1)`
    Number(u32, char),
}

impl Marker {
    fn of(word: &Word<'_>) -> Option<Self> {
        if word.inside {
            return None;
        }
        match word.text {
            "*" => return Some(Self::Bullet('*')),
            "-" => return Some(Self::Bullet('-')),
            "+" => return Some(Self::Bullet('+')),
            _ => {}
        }
        let number = word.text.strip_suffix(['.', ')'])?;
        let plain =
            !number.is_empty() && number.len() <= 2 && number.bytes().all(|b| b.is_ascii_digit());
        let delimiter = word.text.chars().next_back()?;
        Some(Self::Number(
            number.parse().ok().filter(|_| plain)?,
            delimiter,
        ))
    }
}

/// Returns the first list in the text.
pub(super) fn find(words: &[Word<'_>]) -> Option<List> {
    // A marker that was rejected once is not tried again, so the search is linear.
    let mut rejected: Vec<Marker> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some(marker) = Marker::of(word).filter(|marker| !rejected.contains(marker)) else {
            continue;
        };
        let before = at.checked_sub(1).map(|before| &words[before]);
        let found = match marker {
            Marker::Bullet(mark) if opens(before) || mark == '*' => {
                let sure = opens(before);
                bullets(words, at, mark, sure)
            }
            Marker::Number(1, delimiter) if opens(before) => numbers(words, at, delimiter),
            _ => continue,
        };
        match found {
            Some(starts) => return Some(list(words, &starts, marker)),
            None => rejected.push(marker),
        }
    }
    None
}

/// Returns whether a list can begin after the word. The word must end a sentence or an introduction.
fn opens(before: Option<&Word<'_>>) -> bool {
    before.is_none_or(|word| {
        let bare = word.text.trim_end_matches(['*', '_', '"', '\'', ')', '`']);
        bare.ends_with([':', '.', '!', '?'])
    })
}

/// Returns the beginnings of the items of a bulleted list, including markers.
fn bullets(words: &[Word<'_>], start: usize, mark: char, sure: bool) -> Option<Vec<usize>> {
    let starts: Vec<usize> = (start..words.len())
        .filter(|at| Marker::of(&words[*at]) == Some(Marker::Bullet(mark)))
        .filter(|at| mark != '*' || *at == start || !is_arithmetic(words, *at))
        .collect();
    let items: Vec<&[Word<'_>]> = items(words, &starts).collect();
    // A single item is a list only in a clear place.
    let alone = || {
        let introduced = start > 0 && words[start - 1].text.ends_with(':');
        mark == '*'
            && introduced
            && items
                .iter()
                .all(|item| item.first().is_some_and(|word| word.text.starts_with('`')))
    };
    if items.len() < 2 && !alone()
        || !items
            .iter()
            .all(|item| item.first().is_some_and(begins_item))
    {
        return None;
    }
    if mark == '*' {
        let code = || items.iter().all(|item| kind(item[0].text) == Some('`'));
        let comma = |at: usize| words[at].text.ends_with([',', ';', ')']);
        let certain = sure || code() || start.checked_sub(1).is_some_and(comma);
        return (certain && !is_arithmetic(words, start)).then_some(starts);
    }
    dashes(words, starts)
}

/// Returns the dashes that begin items. Dashes also occur before an explanation, or as a pause.
fn dashes(words: &[Word<'_>], starts: Vec<usize>) -> Option<Vec<usize>> {
    let items: Vec<&[Word<'_>]> = items(words, &starts).collect();
    let (last, others) = items.split_last()?;
    // `- a - first - b - second`
    let even = items.iter().step_by(2);
    let odd = items.iter().skip(1).step_by(2);
    let single = others.iter().all(|item| item.len() == 1);
    let in_turn = || {
        even.clone().all(|item| kind(item[0].text).is_some())
            && odd.clone().all(|item| kind(item[0].text).is_none())
    };
    let pairs = even.clone().all(|item| item.len() == 1) && (!single || in_turn());
    if pairs && items.len() >= 4 && items.len().is_multiple_of(2) {
        return Some(starts.into_iter().step_by(2).collect());
    }
    let ended = |item: &&[Word<'_>]| {
        item.last().is_some_and(|word| {
            word.bare()
                .trim_end_matches('`')
                .ends_with(['.', ';', ':', ',', '!', '?'])
        })
    };
    let short = single
        && (last.len() == 1
            || others.len() > 1
            || kind(last[0].text).is_some() && kind(last[0].text) == kind(others[0][0].text));
    let alike = kind(items[0][0].text).is_some()
        && items
            .iter()
            .all(|item| kind(item[0].text) == kind(items[0][0].text));
    let same_word = items.iter().all(|item| item[0].text == items[0][0].text);
    let keyed = items
        .iter()
        .all(|item| item.iter().take(4).any(|word| word.text.ends_with(':')));
    let capital = items.iter().all(|item| item[0].is_capital());
    let certain = others.iter().all(ended) || short || alike || same_word || keyed || capital;
    if certain && !(pairs && items.len() == 2) && !is_yaml(words, starts[0]) {
        return Some(starts);
    }
    // Dashes within items are those without the end of a sentence before them.
    let strict: Vec<usize> = starts
        .iter()
        .copied()
        .filter(|at| {
            at.checked_sub(1)
                .is_none_or(|before| words[before].bare().ends_with(['.', ';', ':']))
        })
        .filter(|at| words[at + 1].is_capital())
        .collect();
    let clear = strict.len() >= 2
        && strict.first() == starts.first()
        && strict.len() > starts.len() - strict.len();
    (clear && !is_yaml(words, starts[0])).then_some(strict)
}

/// Returns whether this is YAML: `limits: - name: x` is a part of an example that lost its lines.
fn is_yaml(words: &[Word<'_>], start: usize) -> bool {
    let key = |at: Option<usize>| at.is_some_and(|at| words[at].text.ends_with(':'));
    key(start.checked_sub(1)) && key(start.checked_sub(2)) && key(Some(start + 1))
}

/// Returns the mark that the first word of an item begins with: of code, emphasis, quotes or a link.
fn kind(word: &str) -> Option<char> {
    word.chars()
        .next()
        .filter(|c| matches!(c, '`' | '*' | '"' | '\'' | '[' | '{'))
}

/// Returns the beginnings of the items of a numbered list: 1, 2, 3.
fn numbers(words: &[Word<'_>], start: usize, delimiter: char) -> Option<Vec<usize>> {
    let mut starts = vec![start];
    for at in start + 1..words.len() {
        let next = u32::try_from(starts.len()).ok()? + 1;
        let ended = || {
            let before = &words[at - 1];
            let begins = words.get(at + 1).is_some_and(Word::is_capital);
            delimiter == ')'
                || before.bare().ends_with(['.', ';', ':', ',', '!', '?', '`'])
                || begins && !COUNTED.contains(&before.text)
        };
        if Marker::of(&words[at]) == Some(Marker::Number(next, delimiter)) && ended() {
            starts.push(at);
        }
    }
    let fine = items(words, &starts).all(|item| item.first().is_some_and(begins_item));
    (starts.len() >= 2 && fine).then_some(starts)
}

/// Words that a number belongs to.
const COUNTED: [&str; 8] = [
    "step", "version", "phase", "stage", "level", "section", "rule", "option",
];

/// Returns whether a word can begin an item and does not begin another kind of block.
fn begins_item(word: &Word<'_>) -> bool {
    let emphasis = word.text.starts_with("**")
        || !word.text.starts_with('*')
        || word.text.trim_matches('*').len() + 2 == word.text.len();
    let text = word.text;
    let block = text.starts_with(['#', '>', '|', '=', '~', '+', '-'])
        && text.chars().nth(1).is_none_or(|c| !c.is_alphanumeric());
    emphasis && !block && !text.starts_with('>') && Marker::of(word).is_none()
}

/// Returns whether an asterisk is between factors or in a pattern.
fn is_arithmetic(words: &[Word<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |at| words[at].text);
    let after = words.get(at + 1).map_or("", |word| word.text);
    let number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let operator = |text: &str| {
        matches!(
            text,
            "=" | "+" | "-" | "/" | "*" | "<" | ">" | "(" | "==" | "<=" | ">=" | "×"
        )
    };
    operator(before)
        || operator(after)
        || after.starts_with([')', ','])
        || before.ends_with('(')
        || number(before)
            && !before.ends_with(['.', ':', ',', ';', ')'])
            && (number(after) || after.len() == 1)
        || number(after)
            && before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
            && before.contains('_')
}

/// Returns the words of each item, without the markers.
fn items<'w, 't>(
    words: &'w [Word<'t>],
    starts: &'w [usize],
) -> impl Iterator<Item = &'w [Word<'t>]> {
    let ends = starts.iter().copied().skip(1).chain([words.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| &words[start + 1..end])
}

/// Returns the items, each with the text that only follows it.
fn list(words: &[Word<'_>], starts: &[usize], marker: Marker) -> List {
    let all: Vec<&[Word<'_>]> = items(words, starts).collect();
    let end = all.len() - 1;
    let mut short = true;
    let items = all
        .iter()
        .zip(starts)
        .enumerate()
        .map(|(number, (item, start))| {
            let leads = item
                .last()
                .is_some_and(|word| word.text.trim_end_matches(['*', '_']).ends_with(':'));
            let length = if number == end {
                last_item(item, &all[..end], short)
            } else if leads {
                before_introduction(item, short)
            } else {
                item.len()
            };
            short = short && length == head(item);
            let (from, to) = (start + 1, start + 1 + item.len());
            Item {
                range: from..from + length,
                tail: from + length..to,
            }
        });
    List {
        start: starts[0],
        numbered: matches!(marker, Marker::Number(..)),
        items: items.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::restore;

    fn check(text: &str, expected: &str) {
        assert_eq!(restore(text, true), expected, "{text:?}");
    }

    fn stays(text: &str) {
        check(text, text);
    }

    #[test]
    fn asterisks() {
        check("One of: * a b * c", "One of:\n* a b\n* c");
        check("* a b * c", "* a b\n* c");
        check("See **this:** * `a` * `b`", "See **this:**\n* `a`\n* `b`");
        check(
            "Has states, * `a` is. * `b` is.",
            "Has states,\n* `a` is.\n* `b` is.",
        );
        check("Format: * `a/b`", "Format:\n* `a/b`");
        stays("At most 4 * 1024 * 1024 characters.");
        stays("The size: width * height * 2");
        stays("Of `x: * a * b` and (see: * a * b).");
        stays("Either: *(a) * *AND * *(b)");
        stays("The area. width * height");
    }

    #[test]
    fn dashes() {
        check("One of: - a - b - c", "One of:\n* a\n* b\n* c");
        check(
            "Modes: - `vbr` - variable bitrate - `crf` - constant rate",
            "Modes:\n* `vbr` - variable bitrate\n* `crf` - constant rate",
        );
        check(
            "Is. - If true: it is - or not. - If false: not.",
            "Is.\n* If true: it is - or not.\n* If false: not.",
        );
        check(
            "Of: - NOT_FOUND - no such thing. - INVALID - wrong",
            "Of:\n* NOT_FOUND - no such thing.\n* INVALID - wrong",
        );
        stays("Ranges: - one thing only");
        stays("Example - a=b c - d");
        stays("From 1.0 - 2.0 and 3.0 - 4.0");
        stays("Example: limits: - name: a x: b - name: c");
        stays("Of: - some prose - and more of it");
    }

    #[test]
    fn numbers() {
        check("Do: 1. This. 2. That.", "Do:\n1. This.\n2. That.");
        check("Do: 1) this 2) that", "Do:\n1. this\n2. that");
        stays("Use version 1. Then 2. is there.");
        stays("Do: 1. Use version 2. Then go.");
        stays("It is 1. or more, 3. or less.");
    }

    #[test]
    fn what_follows_a_list_is_no_item() {
        check(
            "One of: * a * b (default) For example, a.",
            "One of:\n* a\n* b (default)\n\nFor example, a.",
        );
        check(
            "Must: * Be a. * Be b. * Be long. It is an error not to.",
            "Must:\n* Be a.\n* Be b.\n* Be long.\n\nIt is an error not to.",
        );
        check(
            "Fields: * a * b Examples: * `a = 1` * `b = 2`",
            "Fields:\n* a\n* b\n\nExamples:\n* `a = 1`\n* `b = 2`",
        );
        check(
            "Of: * a thing. Has: * x * y",
            "Of:\n* a thing.\n\nHas:\n* x\n* y",
        );
    }
}
