//! Compares the JSON that generated types write with the JSON that they read.

use std::fmt;

use serde_json::Value;

use crate::instances::{Document, Instance, Maker, class::Counts};

/// The result of passing JSON through a type.
#[derive(Debug)]
pub struct Outcome {
    /// The written JSON.
    pub text: String,
    /// `true` if the written JSON is read as the same typed value.
    pub is_same: bool,
}

/// The result of an instance: the written JSON, or the error of reading it.
pub type RoundTripResult = Result<Outcome, String>;

/// An instance that was not preserved.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The document's id.
    pub document: String,
    /// The schema's id.
    pub schema: String,
    /// The instance's number.
    pub number: usize,
    /// The place in the instance, a JSON pointer.
    pub pointer: String,
    /// A description of the difference.
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            document,
            schema,
            number,
            pointer,
            what,
        } = self;
        write!(
            f,
            "{document}, schema {schema}, instance {number}, at {pointer:?}: {what}"
        )
    }
}

/// The figures of a run.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Documents.
    pub documents: u64,
    /// Schemas.
    pub schemas: u64,
    /// Instances.
    pub instances: u64,
    /// The kinds and classes of values in the instances.
    pub counts: Counts,
    /// The differences.
    pub differences: Vec<Difference>,
}

impl Tally {
    /// Adds the figures of another run.
    pub fn add(&mut self, other: Self) {
        self.documents += other.documents;
        self.schemas += other.schemas;
        self.instances += other.instances;
        self.counts.add(&other.counts);
        self.differences.extend(other.differences);
    }
}

/// Passes instances of each schema of a document to `ask`, which returns a result for each.
///
/// # Errors
/// Returns the errors of `ask`.
pub fn check<E>(
    document: &Document,
    count: u32,
    mut ask: impl FnMut(&str, &[Instance]) -> Result<Vec<RoundTripResult>, E>,
) -> Result<Tally, E> {
    let maker = Maker::new(document);
    let mut tally = Tally {
        documents: 1,
        ..Tally::default()
    };
    for schema in document.schemas.keys() {
        let instances = maker.instances(schema, count);
        let mut results = ask(schema, &instances)?.into_iter();
        tally.schemas += 1;
        for (number, instance) in instances.iter().enumerate() {
            tally.instances += 1;
            tally.counts.add(&instance.counts);
            let result = results
                .next()
                .unwrap_or_else(|| Err("no response".to_owned()));
            if let Some((pointer, what)) = wrong(instance, result) {
                let (document, schema) = (document.id.clone(), schema.clone());
                tally.differences.push(Difference {
                    document,
                    schema,
                    number,
                    pointer,
                    what,
                });
            }
        }
    }
    Ok(tally)
}

/// Returns the place and the description of a difference.
fn wrong(instance: &Instance, result: RoundTripResult) -> Option<(String, String)> {
    let at_root = |what: String| Some((String::new(), what));
    let outcome = match result {
        Ok(outcome) => outcome,
        Err(message) => return at_root(format!("not read: {message}")),
    };
    let found: Value = match serde_json::from_str(&outcome.text) {
        Ok(found) => found,
        Err(error) => return at_root(format!("not JSON: {error}")),
    };
    // NaN is not equal to itself.
    let different = || at_root("the typed value differs when it is read again".to_owned());
    let unequal = (!outcome.is_same && !instance.has_nan)
        .then(different)
        .flatten();
    difference(&instance.expected, &found).or(unequal)
}

/// Returns the first place where two values differ, and how. Numbers are compared as they are written: `3` is not
/// `3.0`, and `0.0` is not `-0.0`.
#[must_use]
pub fn difference(expected: &Value, found: &Value) -> Option<(String, String)> {
    let inside = |step: &str, (pointer, what): (String, String)| {
        let step = step.replace('~', "~0").replace('/', "~1");
        (format!("/{step}{pointer}"), what)
    };
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            let lost = expected.iter().find_map(|(name, expected)| {
                let different = match found.get(name) {
                    Some(found) => difference(expected, found),
                    None => Some((String::new(), format!("{expected} is lost"))),
                };
                different.map(|different| inside(name, different))
            });
            let mut more = found
                .iter()
                .filter(|(name, _)| !expected.contains_key(*name));
            let more = more.next().map(|(name, found)| {
                inside(name, (String::new(), format!("{found} was not there")))
            });
            lost.or(more)
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            let mut pairs = expected.iter().zip(found).enumerate();
            pairs.find_map(|(index, (expected, found))| {
                let different = difference(expected, found)?;
                Some(inside(&index.to_string(), different))
            })
        }
        (Value::Number(expected), Value::Number(found))
            if expected.to_string() == found.to_string() =>
        {
            None
        }
        (Value::Number(_), Value::Number(_)) => {
            Some((String::new(), format!("{expected} became {found}")))
        }
        _ if expected == found => None,
        _ => Some((String::new(), format!("{expected} became {found}"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn differences_are_found_where_they_are() {
        let expected = json!({"a/b": [1, {"c": null}], "d": 3.0, "e": -0.0});
        let pointer = |found: Value| difference(&expected, &found).map(|(pointer, _)| pointer);
        assert_eq!(pointer(expected.clone()), None);
        for (found, place) in [
            (json!({"a/b": [1, {}], "d": 3.0, "e": -0.0}), "/a~1b/1/c"),
            (json!({"a/b": [1], "d": 3.0, "e": -0.0}), "/a~1b"),
            (json!({"a/b": [1, {"c": null}], "d": 3, "e": -0.0}), "/d"),
            (json!({"a/b": [1, {"c": null}], "d": 3.0, "e": 0.0}), "/e"),
            (
                json!({"a/b": [1, {"c": null}], "d": "3.0", "e": -0.0}),
                "/d",
            ),
            (
                json!({"a/b": [1, {"c": null}], "d": 3.0, "e": -0.0, "f": null}),
                "/f",
            ),
        ] {
            assert_eq!(pointer(found.clone()).as_deref(), Some(place), "{found}");
        }
    }
}
