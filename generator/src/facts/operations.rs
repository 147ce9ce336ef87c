//! Long-running operations: their schemas, the methods that read them, and their results.

use std::{
    cell::LazyCell,
    collections::{BTreeMap, HashMap},
};

use serde::Serialize;

use crate::ir::{Api, Location, Method, MethodId, Shape, TypeDef, TypeId, TypeRef, Verb};

mod table;

use table::{Row, Schemas};

/// The two shapes of long-running operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationStyle {
    /// AIP-151: `name`, `done`, `error`, `response`.
    Aip151,
    /// As in Compute Engine: `operationType`, `status`, `selfLink`, `error`.
    Compute,
}

/// The methods of a resource of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OperationMethods {
    /// The method that reads an operation.
    pub get: MethodId,
    /// The method that requests its cancellation.
    pub cancel: Option<MethodId>,
    /// The method that responds when it is done, or after some time.
    pub wait: Option<MethodId>,
}

/// The known types of an operation that can be polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OperationResult {
    /// The schema of the operation.
    pub operation: TypeId,
    /// The type of the result.
    pub response: Option<TypeId>,
    /// `true` if the type of the result is known, but the document has no schema for it. The result is JSON.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub response_is_json: bool,
    /// The type of the metadata while the operation runs.
    pub metadata: Option<TypeId>,
}

/// Returns the style by shape, because other messages are called `Operation` too.
pub(super) fn style(definition: &TypeDef) -> Option<OperationStyle> {
    let Shape::Struct(fields) = &definition.shape else {
        return None;
    };
    let has = |wire: &str| fields.iter().any(|field| field.wire == wire);
    let done = fields
        .iter()
        .any(|field| field.wire == "done" && field.ty == TypeRef::Bool);
    if done && has("name") && has("error") && has("response") {
        Some(OperationStyle::Aip151)
    } else if ["operationType", "status", "selfLink", "error"]
        .into_iter()
        .all(has)
    {
        Some(OperationStyle::Compute)
    } else {
        None
    }
}

/// The names of the methods in the same resource as the one that reads operations.
const NEIGHBORS: [&str; 2] = ["cancel", "wait"];

/// Returns the methods that read the operations of each schema, shortest path first. If two read the same operation,
/// the longer path is another form of the shorter one.
pub(super) fn methods(
    api: &Api,
    operations: &BTreeMap<TypeId, OperationStyle>,
) -> BTreeMap<TypeId, Vec<OperationMethods>> {
    let mut found: BTreeMap<TypeId, Vec<OperationMethods>> = BTreeMap::new();
    let neighbors = api
        .method_ids()
        .filter(|id| NEIGHBORS.contains(&api[*id].name.as_str()));
    let neighbors: HashMap<(&[String], &str), MethodId> = neighbors
        .map(|id| ((&api[id].resource[..], api[id].name.as_str()), id))
        .collect();
    for get in api.method_ids() {
        let Some(operation) = returns_operation(&api[get], operations).filter(|_| reads(&api[get]))
        else {
            continue;
        };
        let beside = |name: &'static str| {
            let known = neighbors.get(&(&api[get].resource[..], name))?;
            let method = &api[*known];
            let fits = takes_only_a_path(method) && variables(method).eq(variables(&api[get]));
            fits.then_some(*known)
        };
        let wait = beside("wait");
        found.entry(operation).or_default().push(OperationMethods {
            get,
            cancel: beside("cancel"),
            wait: wait.filter(|&id| returns_operation(&api[id], operations) == Some(operation)),
        });
    }
    for methods in found.values_mut() {
        methods.sort_by_key(|methods| api[methods.get].path.text.len());
    }
    found
}

/// Returns the methods that respond with an operation that another method reads.
pub(super) fn results(
    api: &Api,
    operations: &BTreeMap<TypeId, OperationStyle>,
    methods: &BTreeMap<TypeId, Vec<OperationMethods>>,
) -> BTreeMap<MethodId, OperationResult> {
    if methods.is_empty() {
        return BTreeMap::new();
    }
    let rows = table::rows(api);
    let schemas = LazyCell::new(|| Schemas::of(api));
    let results = api.method_ids().filter_map(|id| {
        let operation = returns_operation(&api[id], operations)?;
        methods.get(&operation)?;
        let row = rows.get(api[id].place.as_str());
        let response = row.and_then(|row| schemas.response(row));
        let result = OperationResult {
            operation,
            response,
            response_is_json: response.is_none() && row.is_some_and(Row::is_annotated),
            metadata: row.and_then(|row| schemas.metadata(row)),
        };
        Some((id, result))
    });
    results.collect()
}

/// Returns the operation that a method responds with.
fn returns_operation(
    method: &Method,
    operations: &BTreeMap<TypeId, OperationStyle>,
) -> Option<TypeId> {
    match method.response {
        Some(TypeRef::Named(id)) if !method.streaming && operations.contains_key(&id) => Some(id),
        _ => None,
    }
}

/// Returns whether a method reads an operation. Other methods with GET may start one.
fn reads(method: &Method) -> bool {
    method.verb == Verb::Get && method.name.starts_with("get") && takes_only_a_path(method)
}

fn takes_only_a_path(method: &Method) -> bool {
    let in_path = |location| location == Location::Path;
    let mut required = method.parameters.iter().filter(|param| param.required);
    required.all(|param| in_path(param.location) && param.ty == TypeRef::String)
        && variables(method).next().is_some()
}

fn variables(method: &Method) -> impl Iterator<Item = &str> {
    let parameters = method.parameters.iter();
    let in_path = parameters.filter(|param| param.location == Location::Path);
    in_path.map(|param| param.wire.as_str())
}
