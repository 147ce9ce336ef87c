//! Random valid JSON for each schema of a document.
//!
//! Instances are made from the JSON of the document, without the generator, to check the generator independently. An
//! instance depends only on the document's id, the schema's id and a number, on any machine.
//!
//! | number | instance |
//! |---|---|
//! | 0 | only `{}` |
//! | 1 | every member, and one or two that the document does not know |
//! | 2 | as deep as JSON readers go, for a schema that contains itself; otherwise random |
//! | others | random members, among them nulls and unknown ones |

use serde_json::{Map, Value};

mod any;
pub mod class;
mod composite;
mod format;

pub mod references;
mod scalar;

use crate::random::Random;
use class::{Counts, Kind};
use references::{Distances, References};

/// A document, as far as instances of its schemas need it.
#[derive(Clone, Debug)]
pub struct Document {
    /// The document's id, for example `spanner:v1`.
    pub id: String,
    /// The schemas by id.
    pub schemas: Map<String, Value>,
}

/// Makes instances of a document's schemas.
#[derive(Clone, Debug)]
pub struct Maker<'d> {
    document: &'d Document,
    references: References<'d>,
}

/// A random value of a schema.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Its JSON, on one line.
    pub text: String,
    /// The value that must be written after this was read. It is the same except for the cases of the module `scalar`.
    pub expected: Value,
    /// `true` if a float is NaN. Then the typed value is not equal to itself.
    pub has_nan: bool,
    /// The kinds and classes of its values.
    pub counts: Counts,
}

/// A plan for an instance.
#[derive(Clone, Copy, Debug)]
enum Plan {
    /// No members.
    Empty,
    /// All members.
    Complete,
    /// About this percentage of the members.
    Random { percent: usize },
    /// As deep as possible.
    Deep,
}

/// The maximum nesting depth of arrays and objects. `serde_json` reads 127.
const MAX_DEPTH: usize = 96;

/// The approximate number of values of an instance.
const BUDGET: usize = 32;

impl Document {
    /// Reads the text of a document.
    ///
    /// # Errors
    /// Returns an error if it is not JSON.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        let mut document: Value = serde_json::from_str(text)?;
        let id = document.get("id").and_then(Value::as_str);
        let id = id.unwrap_or_default().to_owned();
        let schemas = match document.get_mut("schemas").map(Value::take) {
            Some(Value::Object(schemas)) => schemas,
            _ => Map::new(),
        };
        Ok(Self { id, schemas })
    }
}

impl<'d> Maker<'d> {
    /// Creates a maker of instances of this document's schemas.
    #[must_use]
    pub fn new(document: &'d Document) -> Self {
        Self {
            document,
            references: References::of(&document.schemas),
        }
    }

    /// Returns the instances of a schema with the numbers below `count`; none if there is no such schema.
    #[must_use]
    pub fn instances(&self, schema: &str, count: u32) -> Vec<Instance> {
        let Document { id, schemas } = self.document;
        let Some((name, schema)) = schemas.get_key_value(schema) else {
            return Vec::new();
        };
        let distances = self.references.distances_to(name);
        let is_recursive = references::distance(schema, &distances).is_some();
        let instance = |number: u32| {
            let mut random = Random::of(&[id, name], number.into());
            let plan = match number {
                0 => Plan::Empty,
                1 => Plan::Complete,
                2 if is_recursive => Plan::Deep,
                _ => Plan::Random {
                    percent: [10, 40, 80][random.below(3)],
                },
            };
            let way = matches!(plan, Plan::Deep).then(|| distances.clone());
            Builder::new(schemas, random, plan, way).instance(schema)
        };
        (0..count).map(instance).collect()
    }
}

/// An instance that is being written.
struct Builder<'d> {
    schemas: &'d Map<String, Value>,
    random: Random,
    plan: Plan,
    /// The path back to the schema that must contain itself.
    way: Option<Distances<'d>>,
    text: String,
    counts: Counts,
    has_nan: bool,
    /// The number of values to add.
    budget: usize,
    /// The number of open arrays and objects.
    depth: usize,
    /// The number of open objects with described members.
    structs: usize,
}

impl<'d> Builder<'d> {
    fn new(
        schemas: &'d Map<String, Value>,
        random: Random,
        plan: Plan,
        way: Option<Distances<'d>>,
    ) -> Self {
        Self {
            schemas,
            random,
            plan,
            way,
            text: String::new(),
            counts: Counts::default(),
            has_nan: false,
            budget: BUDGET,
            depth: 0,
            structs: 0,
        }
    }

    fn instance(mut self, schema: &'d Value) -> Instance {
        if self.way.is_some() {
            self.counts.kind(Kind::Recursion);
        }
        let expected = self.value(schema);
        Instance {
            text: self.text,
            expected,
            has_nan: self.has_nan,
            counts: self.counts,
        }
    }

    /// Writes a value of any schema.
    fn value(&mut self, schema: &'d Value) -> Value {
        self.budget = self.budget.saturating_sub(1);
        let text = |name: &str| schema.get(name).and_then(Value::as_str);
        if let Some(reference) = text("$ref") {
            return match self.schemas.get(reference) {
                Some(schema) => self.value(schema),
                None => self.any(),
            };
        }
        let has_properties = schema.get("properties").is_some();
        let values = schema.get("additionalProperties");
        let allowed = schema.get("enum").and_then(Value::as_array);
        match (text("type"), text("format")) {
            (Some("string"), format) => match (allowed, format) {
                (Some(allowed), _) if !allowed.is_empty() => self.enumeration(allowed),
                (_, Some("int64")) => self.int64(),
                (_, Some("uint64")) => self.uint64(),
                (_, Some("byte")) => self.bytes(),
                (_, Some("date")) => self.date(),
                (_, Some("date-time" | "google-datetime")) => self.time(),
                (_, Some("google-duration")) => self.duration(),
                (_, Some("google-fieldmask")) => self.field_mask(),
                _ => self.words(),
            },
            (Some("boolean"), _) => self.boolean(),
            (Some("integer"), None | Some("int32")) => self.int32(),
            (Some("integer"), Some("uint32")) => self.uint32(),
            (Some("number"), format) => self.float(format == Some("float")),
            (Some("array"), _) => self.list(schema.get("items")),
            (Some("object") | None, _) if has_properties => self.object(schema),
            (Some("object"), _) => self.map(values),
            (None, _) if values.is_some() => self.map(values),
            _ => self.any(),
        }
    }

    fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.depth += 1;
    }

    fn close(&mut self, bracket: char) {
        self.text.push(bracket);
        self.depth -= 1;
    }

    /// Writes the comma before an element.
    fn separate(&mut self, is_first: bool) {
        if !is_first {
            self.text.push(',');
        }
    }

    /// Writes the name of a member.
    fn key(&mut self, name: &str, is_first: bool) {
        self.separate(is_first);
        self.string(name);
        self.text.push(':');
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Document {
        let schemas = json!({
            "Node": {"type": "object", "properties": {
                "children": {"type": "array", "items": {"$ref": "Node"}},
                "size": {"type": "string", "format": "int64"},
                "state": {"type": "string", "enum": ["ON"]},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            }},
            "Text": {"type": "object", "properties": {"text": {"type": "string"}}},
        });
        let id = "test:v1".to_owned();
        let schemas = schemas.as_object().cloned().unwrap_or_default();
        Document { id, schemas }
    }

    #[test]
    fn an_instance_follows_from_ids_and_number() {
        let document = document();
        let texts = |count| -> Vec<String> {
            let instances = Maker::new(&document).instances("Node", count).into_iter();
            instances.map(|instance| instance.text).collect()
        };
        let many = texts(20);
        assert_eq!(many[..5], texts(5));
        let mut distinct = many.clone();
        distinct.sort();
        distinct.dedup();
        assert!(distinct.len() > 10, "{many:?}");
    }

    #[test]
    fn the_first_instances_are_empty_complete_and_deep() {
        let document = document();
        let instances = Maker::new(&document).instances("Node", 3);
        assert_eq!(instances[0].text, "{}");
        let complete = instances[1].expected.as_object().expect("an object");
        for name in ["children", "size", "state", "labels"] {
            assert!(
                complete.get(name).is_some_and(|value| !value.is_null()),
                "{name}"
            );
        }
        assert!(complete.len() > 4, "no unknown member");
        assert_eq!(instances[2].counts.of(class::Class::DeepRecursion), 1);
    }

    #[test]
    fn the_text_is_what_is_expected_where_nothing_is_respelled() {
        let document = document();
        for instance in Maker::new(&document).instances("Text", 200) {
            let value: Value = serde_json::from_str(&instance.text).expect("JSON");
            assert_eq!(value, instance.expected);
            assert!(!instance.text.contains('\n'), "{}", instance.text);
        }
    }
}
