//! Typed access to a table, which reports unknown keys and wrong types.

use std::ops::Range;

use gapi_generator::{diagnostics::printable, spelling::closest};
use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::{
    errors::ProjectErrors,
    settings::{Position, Text},
};

/// Computes places in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: &'t [usize],
}

impl<'t> Lines<'t> {
    /// Returns the positions in bytes at which the lines of a text begin.
    pub(super) fn starts(text: &str) -> Vec<usize> {
        let next = text.match_indices('\n').map(|(end, _)| end + 1);
        [0].into_iter().chain(next).collect()
    }

    /// A text with the positions of its lines.
    pub(super) fn new(text: &'t str, starts: &'t [usize]) -> Self {
        Self { text, starts }
    }

    /// Returns the position of the beginning of a range of bytes.
    pub(super) fn place(self, span: &Range<usize>) -> Position {
        let line = self.starts.partition_point(|start| *start <= span.start);
        let start = self.starts.get(line.saturating_sub(1)).copied();
        let start = start.unwrap_or_default();
        let before = self.text.get(start..span.start);
        let before = before.or_else(|| self.text.get(start..));
        let before = before.unwrap_or_default();
        Position {
            line,
            column: before.chars().count() + 1,
        }
    }
}

/// A table whose keys are read one by one. [`Table::end`] reports the unknown keys.
#[derive(Debug)]
pub(super) struct Table<'t, 'e> {
    lines: Lines<'t>,
    errors: &'e mut ProjectErrors,
    /// The table as in the file: `[[output]]`.
    name: &'static str,
    place: Position,
    entries: DeTable<'t>,
    known: Vec<&'static str>,
}

/// A value with its key.
#[derive(Debug)]
struct Entry<'t> {
    key: &'static str,
    place: Position,
    value: DeValue<'t>,
}

impl<'t, 'e> Table<'t, 'e> {
    pub(super) fn new(
        lines: Lines<'t>,
        errors: &'e mut ProjectErrors,
        name: &'static str,
        table: Spanned<DeTable<'t>>,
    ) -> Self {
        Self {
            lines,
            errors,
            name,
            place: lines.place(&table.span()),
            entries: table.into_inner(),
            known: Vec::new(),
        }
    }

    /// Returns the place of the table.
    pub(super) fn place(&self) -> Position {
        self.place
    }

    /// Returns the number of errors so far.
    pub(super) fn errors(&self) -> usize {
        self.errors.len()
    }

    /// Adds an error.
    pub(super) fn error(
        &mut self,
        place: Position,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.errors.add(place, message, help);
    }

    /// Reads the value of a key.
    fn take(&mut self, key: &'static str) -> Option<Entry<'t>> {
        self.known.push(key);
        let value = self.entries.remove(key)?;
        Some(Entry {
            key,
            place: self.lines.place(&value.span()),
            value: value.into_inner(),
        })
    }

    /// Reports a value of a wrong type.
    fn wrong(&mut self, entry: &Entry<'_>, wanted: &str, example: &str) {
        let Entry { key, place, value } = entry;
        self.errors.add(
            *place,
            format!("`{key}` is {}, and not {wanted}", kind(value)),
            format!("write `{key} = {example}`"),
        );
    }

    /// Reads a string.
    pub(super) fn text(&mut self, key: &'static str, example: &str) -> Option<Text> {
        let entry = self.take(key)?;
        let Some(text) = entry.value.as_str() else {
            self.wrong(&entry, "a string", example);
            return None;
        };
        if text.is_empty() {
            let or = if key == "out" {
                ""
            } else {
                ", or remove the line"
            };
            let help = format!("write `{key} = {example}`{or}");
            self.errors
                .add(entry.place, format!("`{key}` is empty"), help);
            return None;
        }
        Some(Text {
            place: entry.place,
            text: text.to_owned(),
        })
    }

    /// Reads an array of strings.
    pub(super) fn texts(&mut self, key: &'static str, example: &str) -> Option<Vec<Text>> {
        let entry = self.take(key)?;
        let Some(values) = entry.value.as_array() else {
            self.wrong(&entry, "an array of strings", example);
            return None;
        };
        if values.is_empty() {
            let help = format!("write `{key} = {example}`, or remove the line");
            self.errors
                .add(entry.place, format!("`{key}` is empty"), help);
            return None;
        }
        Some(self.strings(key, example, values))
    }

    /// Returns the strings of an array.
    fn strings(&mut self, key: &str, example: &str, values: &toml::de::DeArray<'_>) -> Vec<Text> {
        let mut texts = Vec::new();
        for value in values {
            let place = self.lines.place(&value.span());
            match value.get_ref().as_str() {
                Some("") | None => {
                    let found = match value.get_ref().as_str() {
                        Some(_) => "an empty string",
                        None => kind(value.get_ref()),
                    };
                    let message = format!("`{key}` contains {found}, and not only names");
                    let help = format!("write `{key} = {example}`");
                    self.errors.add(place, message, help);
                }
                Some(text) => texts.push(Text {
                    place,
                    text: text.to_owned(),
                }),
            }
        }
        texts
    }

    /// Reads a table with arbitrary keys, and with strings as values, or arrays of strings if `lists`.
    pub(super) fn pairs(
        &mut self,
        key: &'static str,
        example: &str,
        lists: bool,
    ) -> Vec<(Text, Vec<Text>)> {
        let Some(entry) = self.take(key) else {
            return Vec::new();
        };
        let Some(table) = entry.value.as_table() else {
            self.wrong(&entry, "a table", example);
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for (name, value) in table {
            let shown = printable(name.get_ref());
            let place = self.lines.place(&value.span());
            let values = match value.get_ref() {
                DeValue::String(text) => vec![Text {
                    place,
                    text: text.to_string(),
                }],
                DeValue::Array(values) if lists => {
                    self.strings(&shown, "[\"Eq\", \"Hash\"]", values)
                }
                other => {
                    let wanted = if lists {
                        "a string or an array of strings"
                    } else {
                        "a string"
                    };
                    let message =
                        format!("`{shown}` in `{key}` is {}, and not {wanted}", kind(other));
                    self.errors
                        .add(place, message, format!("write `{key} = {example}`"));
                    continue;
                }
            };
            let name = Text {
                place: self.lines.place(&name.span()),
                text: name.get_ref().to_string(),
            };
            pairs.push((name, values));
        }
        pairs.sort_by_key(|(name, _)| name.place);
        pairs
    }

    /// Reads one of several words.
    pub(super) fn word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let names: Vec<String> = words
            .iter()
            .map(|(name, _)| format!("\"{name}\""))
            .collect();
        let names = match &names[..] {
            [before @ .., last] if !before.is_empty() => format!("{} or {last}", before.join(", ")),
            names => names.concat(),
        };
        let example = words.first().map_or("", |(name, _)| name);
        let text = self.text(key, &format!("\"{example}\""))?;
        let found = words.iter().find(|(name, _)| *name == text.text);
        if found.is_none() {
            let message = format!("`{key}` is \"{}\", and not {names}", printable(&text.text));
            let known = words.iter().map(|(name, _)| (*name).to_owned());
            let help = match closest(known, &text.text) {
                Some(name) => format!("did you mean \"{name}\"?"),
                None => format!("write {names}"),
            };
            self.errors.add(text.place, message, help);
        }
        found.map(|(_, value)| *value)
    }

    /// Reads a table.
    pub(super) fn table(&mut self, key: &'static str, name: &'static str) -> Option<Table<'t, '_>> {
        let entry = self.take(key)?;
        if !entry.value.is_table() {
            let message = format!("`{key}` is {}, and not a table", kind(&entry.value));
            self.errors.add(
                entry.place,
                message,
                format!("write `{name}` on its own line"),
            );
            return None;
        }
        let DeValue::Table(entries) = entry.value else {
            return None;
        };
        Some(Table {
            lines: self.lines,
            errors: self.errors,
            name,
            place: entry.place,
            entries,
            known: Vec::new(),
        })
    }

    /// Reads an array of tables.
    pub(super) fn tables<T>(
        &mut self,
        key: &'static str,
        name: &'static str,
        mut read: impl FnMut(Table<'t, '_>) -> T,
    ) -> Vec<T> {
        let Some(entry) = self.take(key) else {
            return Vec::new();
        };
        let help = format!("write `{name}` on its own line");
        let DeValue::Array(values) = entry.value else {
            let message = format!(
                "`{key}` is {}, and not an array of tables",
                kind(&entry.value)
            );
            self.errors.add(entry.place, message, help);
            return Vec::new();
        };
        let mut all = Vec::new();
        for value in values {
            let place = self.lines.place(&value.span());
            match value.into_inner() {
                DeValue::Table(entries) => all.push(read(Table {
                    lines: self.lines,
                    errors: &mut *self.errors,
                    name,
                    place,
                    entries,
                    known: Vec::new(),
                })),
                other => {
                    let message = format!("`{key}` contains {}, and not only tables", kind(&other));
                    self.errors.add(place, message, help.clone());
                }
            }
        }
        all
    }

    /// Reports the keys that were not read.
    pub(super) fn end(self) {
        for key in self.entries.keys() {
            let place = self.lines.place(&key.span());
            self.errors.add(
                place,
                self.unknown(key.get_ref()),
                self.meant(key.get_ref()),
            );
        }
    }

    fn unknown(&self, key: &DeString<'_>) -> String {
        let (key, name) = (printable(key), self.name);
        match name {
            "" => format!("unknown key `{key}`"),
            _ => format!("unknown key `{key}` in `{name}`"),
        }
    }

    /// Returns the most similar key, or all keys.
    fn meant(&self, key: &str) -> String {
        let folded = key.replace('_', "-");
        let known = self.known.iter().map(|known| (*known).to_owned());
        if let Some(known) = closest(known, &folded) {
            return format!("did you mean `{known}`?");
        }
        let known: Vec<String> = self.known.iter().map(|key| format!("`{key}`")).collect();
        format!("the keys are {}", known.join(", "))
    }
}

/// Returns the type of a value, with an article.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a float",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}
