//! The state of reading one JSON text: its memory, the path to an error, and notes about values of an unexpected form.
//!
//! It belongs to the thread, because serde passes no state to the code that reads a type. Reading never waits, so it stays on
//! its thread.

use super::notes::{Elements, Note, Others, Step};
use serde::de::Error;
use std::cell::{Cell, RefCell};

thread_local! {
    static STATE: State = const {
        State {
            budget: Cell::new(usize::MAX),
            is_limited: Cell::new(false),
            is_over: Cell::new(false),
            mode: Cell::new(Mode::Direct),
            fields: Cell::new(0),
            pending: Cell::new(0),
        }
    };
    static NOTES: RefCell<Vec<Note>> = const { RefCell::new(Vec::new()) };
    /// From the innermost step to the outermost.
    static PATH: RefCell<Vec<Step>> = const { RefCell::new(Vec::new()) };
}

struct State {
    /// The bytes that may still be allocated.
    budget: Cell<usize>,
    /// `false` outside of responses: a deserializer of the caller has no limit.
    is_limited: Cell<bool>,
    /// `true` if more was needed.
    is_over: Cell<bool>,
    mode: Cell<Mode>,
    /// The number of fields that are being read. Each takes the notes that are made while it is read.
    fields: Cell<usize>,
    /// The number of notes that no field has taken yet.
    pending: Cell<usize>,
}

/// The mode of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// By a deserializer of the caller, which shows a number only as serde does.
    Direct,
    /// A response. Values whose text matters end it with an error, and it is read again in the mode `Exact`.
    Fast,
    /// A response whose values are read from their text.
    Exact,
}

/// Restores the previous state, because a deserializer of the caller can read another text in between.
pub(crate) struct Reading {
    budget: usize,
    is_limited: bool,
    is_over: bool,
    mode: Mode,
    path: Vec<Step>,
}

impl Reading {
    /// Begins to read a text with a memory of `budget` bytes.
    pub(crate) fn begin(mode: Mode, budget: usize) -> Self {
        STATE.with(|state| Self {
            budget: state.budget.replace(budget),
            is_limited: state.is_limited.replace(true),
            is_over: state.is_over.replace(false),
            mode: state.mode.replace(mode),
            path: PATH.take(),
        })
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        STATE.with(|state| {
            state.budget.set(self.budget);
            state.is_limited.set(self.is_limited);
            state.is_over.set(self.is_over);
            state.mode.set(self.mode);
        });
        PATH.set(std::mem::take(&mut self.path));
    }
}

/// Returns the mode of reading.
pub(crate) fn mode() -> Mode {
    STATE.with(|state| state.mode.get())
}

/// Returns the memory that is left, in bytes.
pub(crate) fn left() -> usize {
    STATE.with(|state| state.budget.get())
}

/// Reads a part in another mode.
pub(crate) fn in_mode<T>(mode: Mode, read: impl FnOnce() -> T) -> T {
    let before = STATE.with(|state| state.mode.replace(mode));
    let value = read();
    STATE.with(|state| state.mode.set(before));
    value
}

/// Takes bytes from the memory.
///
/// # Errors
/// An error if there are not enough.
#[inline]
pub(crate) fn allocate<E: Error>(bytes: usize) -> Result<(), E> {
    STATE.with(|state| {
        let Some(left) = state.budget.get().checked_sub(bytes) else {
            return exhausted(state);
        };
        state.budget.set(left);
        Ok(())
    })
}

/// Without a limit the count begins anew. On a 32-bit machine a thread can read more than it counts.
#[cold]
fn exhausted<E: Error>(state: &State) -> Result<(), E> {
    if !state.is_limited.get() {
        state.budget.set(usize::MAX);
        return Ok(());
    }
    state.is_over.set(true);
    Err(E::custom("the value needs too much memory"))
}

/// The memory of a text of this length on the heap, as common allocators round it.
pub(crate) const fn heap(bytes: usize) -> usize {
    if bytes == 0 {
        return 0;
    }
    let rounded = bytes.saturating_add(8 + 15) & !15;
    if rounded < 32 { 32 } else { rounded }
}

/// Makes room for an element of a list, within the memory.
///
/// # Errors
/// An error if there is not enough memory.
#[inline]
pub(crate) fn reserve<T, E: Error>(list: &mut Vec<T>) -> Result<(), E> {
    if list.len() == list.capacity() {
        grow(list)?;
    }
    Ok(())
}

fn grow<T, E: Error>(list: &mut Vec<T>) -> Result<(), E> {
    // As `Vec` itself does.
    let least = if size_of::<T>() <= 1024 { 4 } else { 1 };
    let more = list.len().max(least);
    allocate(heap(more.saturating_mul(size_of::<T>())))?;
    list.try_reserve_exact(more)
        .map_err(|_| E::custom("the list is too long"))
}

/// Takes the memory of an entry of a `BTreeMap` that has `entries` so far.
///
/// # Errors
/// An error if there is not enough memory.
#[inline]
pub(crate) fn allocate_entry<K, V, E: Error>(entries: usize) -> Result<(), E> {
    /// The entries of a node. Nodes are at least half full, except for the first one.
    const NODE: usize = 11;
    let entry = size_of::<K>() + size_of::<V>();
    allocate(match entries {
        0 => heap(NODE * entry + 16),
        1..NODE => 0,
        _ => 2 * entry + 16,
    })
}

/// Returns `true` if the text needed more memory than it had.
pub(crate) fn is_over() -> bool {
    STATE.with(|state| state.is_over.get())
}

/// Adds a step to the path of an error, which begins at the innermost.
#[cold]
pub(crate) fn failed_at(step: impl FnOnce() -> Step) {
    if mode() != Mode::Direct {
        PATH.with_borrow_mut(|path| path.push(step()));
    }
}

/// Takes the path of an error, from the outermost step on.
pub(crate) fn take_path() -> Vec<Step> {
    let mut path = PATH.take();
    path.reverse();
    path
}

/// Begins to read a field. Returns the number of pending notes.
#[inline]
pub(crate) fn enter_field() -> usize {
    STATE.with(|state| {
        state.fields.set(state.fields.get().wrapping_add(1));
        state.pending.get()
    })
}

/// Ends reading a field.
#[inline]
pub(crate) fn leave_field() {
    STATE.with(|state| state.fields.set(state.fields.get().wrapping_sub(1)));
}

/// Returns the number of pending notes.
#[inline]
pub(crate) fn pending() -> usize {
    STATE.with(|state| state.pending.get())
}

/// Notes the JSON text of a value that is written in another form. Without a field around it there is no place for a note.
///
/// # Errors
/// An error if there is not enough memory.
#[cold]
pub(crate) fn note<E: Error>(text: &str) -> Result<(), E> {
    if STATE.with(|state| state.fields.get()) == 0 {
        return Ok(());
    }
    allocate(2 * size_of::<Note>() + size_of::<Step>() + 64 + text.len())?;
    push(Note::of(text));
    Ok(())
}

fn push(note: Note) {
    NOTES.with_borrow_mut(|notes| {
        notes.push(note);
        STATE.with(|state| state.pending.set(notes.len()));
    });
}

/// Adds a step to the notes that were made since there were `before`.
#[cold]
pub(crate) fn place_notes(before: usize, step: impl Fn() -> Step) {
    NOTES.with_borrow_mut(|notes| {
        for note in notes.iter_mut().skip(before) {
            note.place(step());
        }
    });
}

/// Adds the other entries of a map to the notes about its nulls, among those that were made since there were `before`.
///
/// # Errors
/// An error if there is not enough memory.
#[cold]
pub(crate) fn note_entries<'k, E: Error>(
    before: usize,
    keys: impl ExactSizeIterator<Item = &'k String>,
) -> Result<(), E> {
    allocate(heap(16 + keys.len() * size_of::<u64>()))?;
    let others = Others::of(keys, false);
    NOTES.with_borrow_mut(|notes| {
        for note in notes.iter_mut().skip(before) {
            note.stand_beside(&others);
        }
    });
    Ok(())
}

/// Returns `true` if there is a null of a list among the notes that were made since there were `before`.
#[cold]
pub(crate) fn has_null_element(before: usize) -> bool {
    NOTES.with_borrow(|notes| notes.iter().skip(before).any(Note::is_null_element))
}

/// Adds the list to the notes about its nulls, among those that were made since there were `before`.
#[cold]
pub(crate) fn note_elements(before: usize, elements: Elements) {
    NOTES.with_borrow_mut(|notes| {
        for note in notes.iter_mut().skip(before) {
            note.stand_among(elements);
        }
    });
}

/// Takes the notes that were made since there were `before`.
#[cold]
pub(crate) fn take_notes(before: usize) -> Vec<Note> {
    NOTES.with_borrow_mut(|notes| {
        let taken = notes.split_off(before.min(notes.len()));
        STATE.with(|state| state.pending.set(notes.len()));
        taken
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::value::Error;

    #[test]
    fn a_deserializer_of_the_caller_has_no_limit() {
        for _ in 0..3 {
            assert_eq!(allocate::<Error>(usize::MAX), Ok(()));
        }
        let reading = Reading::begin(Mode::Fast, 100);
        assert_eq!(allocate::<Error>(100), Ok(()));
        assert!(allocate::<Error>(1).is_err() && is_over());
        drop(reading);
        assert_eq!(allocate::<Error>(usize::MAX), Ok(()));
    }
}
