//! The extent of list items: the boundary between an item and other text.

use super::super::{super::words::Word, marks::is_note};

/// Returns the number of words in the name that an item begins with. The name is one word or all of its code, and
/// any text in parentheses after it.
pub(super) fn head(item: &[Word<'_>]) -> usize {
    let mut length = 1;
    while item
        .get(length)
        .is_some_and(|word| word.text.starts_with('(') || word.inside || item[length - 1].goes_on)
    {
        length += 1;
    }
    length
}

/// Returns the ends of the sentences in an item that are followed by another sentence.
fn sentences<'w>(item: &'w [Word<'_>]) -> impl DoubleEndedIterator<Item = usize> + 'w {
    (1..item.len())
        .filter(|at| item[at - 1].is_last() && !item[*at].inside && item[*at].is_capital())
}

/// Returns the number of words that belong to an item that ends with a colon. The last sentence does not belong to
/// it: it introduces the text that follows.
pub(super) fn before_introduction(item: &[Word<'_>], short: bool) -> usize {
    let sentence = sentences(item).next_back();
    let name = head_of_short(item).filter(|length| short && item.len() > *length);
    sentence.or(name).unwrap_or(item.len())
}

/// Returns the number of words that belong to the last item. Like the other items it ends after a name or a
/// sentence, or before a note. If its end is not clear, all words belong to it.
pub(super) fn last_item(item: &[Word<'_>], others: &[&[Word<'_>]], short: bool) -> usize {
    let note = item.iter().position(is_note).filter(|at| *at > 0);
    let clear = if short {
        head_of_short(item)
    } else {
        let one_each = || others.iter().all(|other| sentences(other).next().is_none());
        sentences(item)
            .next()
            .filter(|_| others.len() >= 2 && one_each())
    };
    clear.into_iter().chain(note).min().unwrap_or(item.len())
}

/// Returns the length of the name at the beginning if a separate sentence follows it.
fn head_of_short(item: &[Word<'_>]) -> Option<usize> {
    let length = head(item);
    let next = item.get(length)?;
    let apart = next.is_capital()
        && !next.text.starts_with('`')
        && !item[length - 1].text.ends_with([':', ',']);
    apart.then_some(length)
}
