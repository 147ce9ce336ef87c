//! The model, facts, names and items of a document, as JSON for tests and other programs.
//!
//! `{"ir": …, "facts": …, "names": {"module", "client", "feature", "parameters", "methods", "schemas"}, "items": […]}`.
//! The keys of the names are from the document: method ids, schema ids, wire names. The type of a parameter is the
//! type of one value. Paths begin with the API's module.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use gapi_generator::inspect;
//!
//! # let analysis = library()?;
//! let all = inspect::to_json(&analysis);
//! assert_eq!(all["names"], inspect::names(&analysis));
//! assert_eq!(all["facts"], inspect::facts(&analysis));
//! assert_eq!(all["items"], inspect::items(&analysis));
//! assert_eq!(all["names"]["client"], "Library");
//! # Ok(())
//! # }
//! ```

use serde_json::{Map, Value, json};

mod list;

pub use list::items;

use crate::{
    Analysis,
    facts::OperationStyle,
    ir::{Method, MethodId, Owner, Param, Shape, TypeId, TypeRef},
    items::{self, Items, Place, Type},
};

/// Returns the whole analysis.
#[must_use]
pub fn to_json(analysis: &Analysis) -> Value {
    json!({
        "ir": analysis.api,
        "facts": facts(analysis),
        "names": names(analysis),
        "items": items(analysis),
    })
}

/// Returns the facts, by wire names.
#[must_use]
pub fn facts(analysis: &Analysis) -> Value {
    let Analysis { api, facts, .. } = analysis;
    let paging: Map<String, Value> = facts
        .paging
        .iter()
        .map(|(id, paging)| {
            let field = |index: usize| {
                struct_of(analysis, api[*id].response.as_ref())
                    .map(|fields| fields[index].wire.clone())
            };
            let mut fact = json!({
                "token": paging.token,
                "next_token": field(paging.next_token),
                "items": paging.items.and_then(field),
            });
            // Rare, and therefore omitted if empty.
            if !paging.no_masks.is_empty() {
                fact["no_masks"] = json!(paging.no_masks);
            }
            (api[*id].id.clone(), fact)
        })
        .collect();
    let boxed: Vec<String> = facts
        .boxed
        .iter()
        .filter_map(|(id, index)| match &api[*id].shape {
            Shape::Struct(fields) => Some(format!("{}#{}", api[*id].origin, fields[*index].wire)),
            _ => None,
        })
        .collect();
    let starts: Map<String, Value> = api
        .method_ids()
        .filter_map(|id| {
            let TypeRef::Named(response) = api[id].response.as_ref()? else {
                return None;
            };
            let style = match facts.operations.get(response)? {
                OperationStyle::Aip151 => "aip151",
                OperationStyle::Compute => "compute",
            };
            Some((api[id].id.clone(), style.into()))
        })
        .collect();
    let http_bodies: Vec<String> = facts
        .http_bodies
        .iter()
        .map(|id| api[*id].origin.to_string())
        .collect();
    let mut facts = json!({
        "paging": paging,
        "boxed": boxed,
        "operations": starts,
        "http_bodies": http_bodies,
    });
    // Rare, and therefore omitted if `false` or empty.
    if analysis.facts.encoded_slashes {
        facts["encoded_slashes"] = true.into();
    }
    let scopes = analysis.facts.scopes.iter();
    let scopes: Map<String, Value> = scopes
        .map(|(id, scopes)| (api[*id].id.clone(), json!(scopes)))
        .collect();
    if !scopes.is_empty() {
        facts["scopes"] = scopes.into();
    }
    let idempotency = analysis.facts.idempotency.iter();
    let idempotency: Map<String, Value> = idempotency
        .map(|(id, fact)| (api[*id].id.clone(), json!(fact)))
        .collect();
    if !idempotency.is_empty() {
        facts["idempotency"] = idempotency.into();
    }
    facts
}

/// Returns the Rust names, by wire names.
#[must_use]
pub fn names(analysis: &Analysis) -> Value {
    let Analysis { api, names, .. } = analysis;
    let reader = Reader {
        analysis,
        items: &analysis.items(),
    };
    let parameters = api.parameters.iter().zip(&reader.items.setters);
    let parameters: Map<String, Value> = parameters
        .filter_map(|(param, setter)| {
            let value = reader.parameter(param, setter.as_ref()?.name);
            Some((param.wire.clone(), value))
        })
        .collect();
    let methods: Map<String, Value> = api
        .method_ids()
        .map(|id| (api[id].id.clone(), reader.method(id)))
        .collect();
    let schemas: Map<String, Value> = api
        .type_ids()
        .map(|id| (key(analysis, id), reader.schema(id)))
        .collect();
    json!({
        "feature": names.feature,
        "module": names.module,
        "client": names.client,
        "parameters": parameters,
        "methods": methods,
        "schemas": schemas,
    })
}

/// Returns the key of a type in the list of schemas: its id, or its place if it has no id.
fn key(analysis: &Analysis, id: TypeId) -> String {
    match &analysis.api[id].owner {
        Owner::Schema(wire) => wire.clone(),
        _ => format!("#{}", analysis.api[id].origin),
    }
}

/// Returns the functions that lead from the client to the method's handle.
fn accessors(analysis: &Analysis, method: &Method) -> Vec<String> {
    (1..=method.resource.len())
        .map(|depth| {
            analysis.names.resources[&method.resource[..depth]]
                .accessor
                .clone()
        })
        .collect()
}

/// The analysis and the items that the names come from.
struct Reader<'a> {
    analysis: &'a Analysis,
    items: &'a Items<'a>,
}

impl Reader<'_> {
    /// Returns the place that paths are written for, outside of the API's module.
    fn place(&self) -> Place<'_> {
        Place::Outside(&self.analysis.names.module)
    }

    fn method(&self, id: MethodId) -> Value {
        let (method, call) = (&self.analysis.api[id], &self.items[id]);
        let names = &self.analysis.names[id].parameters;
        let list = |required: bool| -> Vec<Value> {
            let parameters = method.parameters.iter().zip(names);
            let parameters = parameters.filter(|(param, _)| param.required == required);
            parameters
                .map(|(param, name)| self.parameter(param, name))
                .collect()
        };
        json!({
            "path": call.path.text(self.place()),
            "handle": accessors(self.analysis, method),
            "function": call.function.name,
            "arguments": list(true),
            "body": call.request.as_ref().map(|request| request.text(self.place())),
            "setters": list(false),
            "response": call.response.text(self.place()),
        })
    }

    fn parameter(&self, param: &Param, name: &str) -> Value {
        let one = Type::owned(&self.analysis.names, &param.ty);
        json!({
            "wire": param.wire,
            "rust": name,
            "location": param.location,
            "type": one.text(self.place()),
            "repeated": param.repeated,
        })
    }

    fn schema(&self, id: TypeId) -> Value {
        let (definition, item) = (&self.analysis.api[id], &self.items[id]);
        let members = |wires: Vec<&String>| -> Map<String, Value> {
            let names = self.analysis.names[id].members.iter();
            let names = names.cloned().map(Value::from);
            wires.into_iter().cloned().zip(names).collect()
        };
        let path = item.path.text(self.place());
        match (&definition.shape, &item.shape) {
            (Shape::Struct(fields), _) => {
                let wires = fields.iter().map(|field| &field.wire);
                json!({"path": path, "fields": members(wires.collect())})
            }
            (Shape::Enum(variants), _) => {
                let wires = variants.iter().map(|variant| &variant.wire);
                json!({"path": path, "variants": members(wires.collect())})
            }
            (Shape::Alias(_), items::Shape::Alias(target)) => {
                json!({"path": path, "alias": target.text(self.place())})
            }
            (Shape::Alias(_), _) => json!({"path": path}),
        }
    }
}

fn struct_of<'a>(analysis: &'a Analysis, ty: Option<&TypeRef>) -> Option<&'a [crate::ir::Field]> {
    let Some(TypeRef::Named(id)) = ty else {
        return None;
    };
    match &analysis.api[*id].shape {
        Shape::Struct(fields) => Some(fields),
        _ => None,
    }
}
