//! Reading the JSON of a response, within a memory limit, and with errors that name the place.

use super::WireFormat;
use super::notes::Step;
use super::reading::{self, Mode, Reading};
use super::text::readable_names;
use serde::Deserializer;
use serde::de::{DeserializeOwned, DeserializeSeed};
use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;

/// The default limit on the body of a successful response that is read into memory: 64 MiB.
pub(crate) const DEFAULT_LIMIT: usize = 64 << 20;

/// The advice for a response that is too large.
pub(crate) const RAISE_LIMIT: &str = "raise `max_response_size` of the builder";

/// The memory that reading a response may take, in bytes. Stored with the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Budget(usize);

impl Budget {
    /// The memory for the decoded form of an error: 8 MiB. Errors have a few hundred bytes.
    pub(crate) const OF_ERRORS: Self = Self(8 << 20);

    /// A response and its decoded form together have at most this many times the limit on the response.
    pub(crate) const FACTOR: usize = 3;

    /// Returns the memory for the decoded form of a body: 64 KiB at least, for clients with a very small limit.
    pub(crate) const fn of(limit: usize, body: usize) -> Self {
        const LEAST: usize = 64 << 10;
        let left = limit.saturating_mul(Self::FACTOR).saturating_sub(body);
        Self(if left < LEAST { LEAST } else { left })
    }

    /// Returns the memory that a copy of the body leaves.
    pub(crate) fn without_copy(self, body: usize) -> Self {
        Self(self.0.saturating_sub(body))
    }

    /// Returns the share of one of many parts of a body. One half of the memory is shared equally, and the other one by length.
    pub(crate) fn share(self, part: usize, whole: usize, parts: usize) -> Self {
        let equally = self.0 / 2 / parts.max(1);
        let (half, part, whole) = (self.0 as u128 / 2, part as u128, whole.max(1) as u128);
        let by_length = usize::try_from(half * part.min(whole) / whole).unwrap_or(0);
        Self(equally + by_length)
    }

    /// Returns the smaller of two memories, if there is another one.
    pub(crate) fn at_most(self, other: Option<Self>) -> Self {
        other.map_or(self, |other| Self(self.0.min(other.0)))
    }
}

/// JSON that cannot be read as a type. Shows no values of it.
#[derive(Debug)]
pub(crate) struct JsonError {
    path: Vec<Step>,
    problem: Problem,
    /// The line and the column, if they are known.
    position: Option<(usize, usize)>,
}

#[derive(Debug)]
enum Problem {
    /// The text is not JSON.
    Syntax,
    /// The value has another type. The text is that which was expected.
    Type(Option<String>),
    /// The value needs more memory than there is, in bytes.
    Memory(usize),
}

/// Reads JSON.
///
/// # Errors
/// When it is not JSON, not of the type, or needs more memory than the budget.
pub(crate) fn read_json<T: DeserializeOwned>(
    json: &[u8],
    mut budget: Budget,
) -> Result<T, JsonError> {
    read_seed(json, &mut budget, PhantomData)
}

/// Reads JSON and appends it to a list. Takes the memory for the element from the budget.
///
/// # Errors
/// The errors of [`read_json`].
pub(crate) fn read_element<T: WireFormat>(
    json: &[u8],
    budget: &mut Budget,
    list: &RefCell<T>,
) -> Result<(), JsonError> {
    read_seed(json, budget, Append(list))
}

/// Appends an element to a list.
struct Append<'l, T>(&'l RefCell<T>);

impl<T> Clone for Append<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Append<'_, T> {}

impl<'de, T: WireFormat> DeserializeSeed<'de> for Append<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.borrow_mut().append(deserializer)
    }
}

fn read_seed<V, S: for<'de> DeserializeSeed<'de, Value = V> + Copy>(
    json: &[u8],
    budget: &mut Budget,
    seed: S,
) -> Result<V, JsonError> {
    let Budget(total) = *budget;
    let text = str::from_utf8(json);
    let mut read = |mode, text: Result<&str, _>, total| {
        let _reading = Reading::begin(mode, total);
        let decoded = match text {
            // Once for the whole takes less time than for each string.
            Ok(text) => whole(serde_json::Deserializer::from_str(text), seed),
            // An error that says where.
            Err(_) => whole(serde_json::Deserializer::from_slice(json), seed),
        };
        budget.0 = reading::left();
        decoded.map_err(|error| JsonError {
            path: reading::take_path(),
            position: Some((error.line(), error.column())).filter(|(line, _)| *line > 0),
            problem: if reading::is_over() {
                Problem::Memory(total)
            } else if error.is_data() {
                Problem::Type(expectation(&error))
            } else {
                Problem::Syntax
            },
        })
    };
    match read(Mode::Fast, text, total) {
        Err(error) if !matches!(error.problem, Problem::Memory(_)) => {}
        result => return result,
    }
    match read(Mode::Exact, text, total) {
        Err(error) if matches!(error.problem, Problem::Syntax) => {
            match text.ok().and_then(readable_names) {
                Some(text) => read(Mode::Exact, Ok(&text), total.saturating_sub(text.len())),
                None => Err(error),
            }
        }
        result => result,
    }
}

/// Reads one value, which is the whole text.
fn whole<'de, R: serde_json::de::Read<'de>, S: DeserializeSeed<'de>>(
    mut deserializer: serde_json::Deserializer<R>,
    seed: S,
) -> serde_json::Result<S::Value> {
    let value = seed.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// Returns the text that the reader expected: the end of serde's message. The beginning of the message may quote the body.
fn expectation(error: &serde_json::Error) -> Option<String> {
    let mut text = error.to_string();
    if error.line() > 0 {
        text.truncate(text.rfind(" at line ")?);
    }
    text.rsplit_once(", expected ")
        .map(|(_, expected)| expected.to_owned())
}

impl JsonError {
    /// Puts the place of a value that was taken out before its path.
    pub(crate) fn within(mut self, member: &'static str) -> Self {
        self.path.insert(0, Step::Field(member));
        self.position = None;
        self
    }

    /// Returns advice on reading it.
    pub(crate) fn advice(&self) -> Option<&'static str> {
        matches!(self.problem, Problem::Memory(_)).then_some(RAISE_LIMIT)
    }

    /// Puts the position of an element that was read by itself before its path.
    pub(crate) fn of_element(mut self, index: usize) -> Self {
        self.path.insert(0, Step::Index(index));
        self.position = None;
        self
    }
}

/// Continues "cannot be read": the position, the path and the expected type.
impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.position {
            write!(f, " at line {line} column {column}")?;
        }
        if !self.path.is_empty() {
            f.write_str(": ")?;
            show(&self.path, f)?;
        }
        match &self.problem {
            Problem::Syntax => f.write_str(": expected JSON"),
            Problem::Type(Some(expected)) => write!(f, ": expected {expected}"),
            Problem::Type(None) => Ok(()),
            Problem::Memory(bytes) => write!(
                f,
                ": needs more than {bytes} bytes of memory, which follow from `max_response_size`"
            ),
        }
    }
}

/// The length of a member or a key, in bytes, from which it is not shown. Both are the server's, which may repeat a token or an
/// API key of the request there. Names of fields are the document's.
const LONGEST_NAME: usize = 32;

/// Shows a path as `instances[3].labels["a"]`.
fn show(path: &[Step], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (position, step) in path.iter().enumerate() {
        let separator = if position > 0 { "." } else { "" };
        match step {
            Step::Field(name) => {
                f.write_str(separator)?;
                show_text(name, f)?;
            }
            Step::Member(name) => {
                f.write_str(separator)?;
                show_name(name, f)?;
            }
            Step::Key(key) => {
                f.write_str("[\"")?;
                show_name(key, f)?;
                f.write_str("\"]")?;
            }
            Step::Index(index) => write!(f, "[{index}]")?,
        }
    }
    Ok(())
}

fn show_name(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if name.len() >= LONGEST_NAME {
        return f.write_str("…");
    }
    show_text(name, f)
}

fn show_text(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for character in name.chars() {
        let is_plain = character.is_alphanumeric() || "_-.@/:$ ".contains(character);
        fmt::Write::write_char(f, if is_plain { character } else { '?' })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_r7_names_of_fields_are_shown_whole() {
        let long = || "k".repeat(LONGEST_NAME).into();
        let error = JsonError {
            path: vec![
                Step::Field("retainedAcknowledgedMessagesCountOfTopic"),
                Step::Key(long()),
                Step::Index(3),
                Step::Member(long()),
                Step::Member("short".into()),
            ],
            problem: Problem::Type(Some("a string".to_owned())),
            position: None,
        };
        assert_eq!(
            error.to_string(),
            r#": retainedAcknowledgedMessagesCountOfTopic["…"][3].….short: expected a string"#
        );
    }
}
