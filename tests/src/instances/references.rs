//! References between schemas, for instances that are as deep as possible.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// The schemas that each schema refers to, by id.
#[derive(Clone, Debug, Default)]
pub struct References<'d>(BTreeMap<&'d str, BTreeSet<&'d str>>);

/// The number of references from each schema to the target.
pub type Distances<'d> = BTreeMap<&'d str, usize>;

impl<'d> References<'d> {
    /// Collects the references of a document's schemas.
    #[must_use]
    pub fn of(schemas: &'d Map<String, Value>) -> Self {
        let references = schemas.iter().map(|(id, schema)| {
            let mut found = BTreeSet::new();
            collect(schema, &mut found);
            (id.as_str(), found)
        });
        Self(references.collect())
    }

    /// Returns the distances to a schema from all that lead to it.
    #[must_use]
    pub fn distances_to(&self, target: &'d str) -> Distances<'d> {
        let mut distances = Distances::from([(target, 0)]);
        for distance in 1.. {
            let near = |found: &BTreeSet<&str>| found.iter().any(|id| distances.contains_key(id));
            let next: Vec<&str> = self
                .0
                .iter()
                .filter(|(id, found)| !distances.contains_key(*id) && near(found))
                .map(|(id, _)| *id)
                .collect();
            if next.is_empty() {
                break;
            }
            distances.extend(next.into_iter().map(|id| (id, distance)));
        }
        distances
    }
}

/// Returns the distance from a place inside a schema, by the shortest path.
#[must_use]
pub fn distance(schema: &Value, distances: &Distances<'_>) -> Option<usize> {
    let mut found = BTreeSet::new();
    collect(schema, &mut found);
    found
        .iter()
        .filter_map(|id| distances.get(id))
        .min()
        .copied()
}

/// Collects every reference in a schema.
fn collect<'d>(schema: &'d Value, found: &mut BTreeSet<&'d str>) {
    found.extend(schema.get("$ref").and_then(Value::as_str));
    let properties = schema.get("properties").and_then(Value::as_object);
    for property in properties.into_iter().flat_map(Map::values) {
        collect(property, found);
    }
    for inner in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get(inner) {
            collect(inner, found);
        }
    }
}
