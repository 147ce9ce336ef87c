//! What the generator knows about a document, as JSON for tests and other programs.
//!
//! `{"ir": …, "facts": …, "names": {"module", "client", "feature", "parameters", "methods", "schemas"}}`.
//! The names are keyed by what the document says: method ids, schema ids, wire names.

use serde_json::{Map, Value, json};

use crate::{
    Analysis,
    emit::params::DECIDED,
    facts::OperationStyle,
    ir::{Method, MethodId, Owner, Param, Shape, TypeId, TypeRef},
};

/// The whole analysis.
#[must_use]
pub fn to_json(analysis: &Analysis) -> Value {
    json!({
        "ir": analysis.api,
        "facts": facts(analysis),
        "names": names(analysis),
    })
}

/// The facts, by wire names.
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
            // Rare, and so said only where it is so.
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
    // Rare, and so said only where it is so.
    if analysis.facts.encoded_slashes {
        facts["encoded_slashes"] = true.into();
    }
    facts
}

/// The Rust names, by wire names.
#[must_use]
pub fn names(analysis: &Analysis) -> Value {
    let Analysis { api, names, .. } = analysis;
    let parameters: Map<String, Value> = api
        .parameters
        .iter()
        .zip(&names.parameters)
        .filter(|(param, _)| !DECIDED.contains(&param.wire.as_str()))
        .map(|(param, name)| (param.wire.clone(), parameter(analysis, param, name)))
        .collect();
    let methods: Map<String, Value> = api
        .method_ids()
        .map(|id| (api[id].id.clone(), method(analysis, id)))
        .collect();
    let schemas: Map<String, Value> = api
        .type_ids()
        .map(|id| (key(analysis, id), schema(analysis, id)))
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

/// What a type is called in the list of schemas: its id, or its place where it has none.
fn key(analysis: &Analysis, id: TypeId) -> String {
    match &analysis.api[id].owner {
        Owner::Schema(wire) => wire.clone(),
        _ => format!("#{}", analysis.api[id].origin),
    }
}

fn method(analysis: &Analysis, id: MethodId) -> Value {
    let (method, name) = (&analysis.api[id], &analysis.names[id]);
    let named = || method.parameters.iter().zip(&name.parameters);
    let list = |required: bool| -> Vec<Value> {
        named()
            .filter(|(param, _)| param.required == required)
            .map(|(param, name)| parameter(analysis, param, name))
            .collect()
    };
    let module = [std::slice::from_ref(&analysis.names.module), &name.module]
        .concat()
        .join("::");
    json!({
        "path": format!("{module}::{}", name.call),
        "handle": accessors(analysis, method),
        "function": name.function,
        "arguments": list(true),
        "body": method.request.as_ref().map(|request| rust_type(analysis, request)),
        "setters": list(false),
        "response": method.response.as_ref().map(|response| rust_type(analysis, response)),
    })
}

/// The functions that lead from the client to the method's handle.
fn accessors(analysis: &Analysis, method: &Method) -> Vec<String> {
    (1..=method.resource.len())
        .map(|depth| {
            analysis.names.resources[&method.resource[..depth]]
                .accessor
                .clone()
        })
        .collect()
}

fn parameter(analysis: &Analysis, param: &Param, name: &str) -> Value {
    json!({
        "wire": param.wire,
        "rust": name,
        "location": param.location,
        "type": rust_type(analysis, &param.ty),
        "repeated": param.repeated,
    })
}

fn schema(analysis: &Analysis, id: TypeId) -> Value {
    let (definition, name) = (&analysis.api[id], &analysis.names[id]);
    let members = |wires: Vec<&String>| -> Map<String, Value> {
        wires
            .into_iter()
            .cloned()
            .zip(name.members.iter().cloned().map(Value::from))
            .collect()
    };
    let path = path(analysis, id);
    match &definition.shape {
        Shape::Struct(fields) => {
            json!({"path": path, "fields": members(fields.iter().map(|field| &field.wire).collect())})
        }
        Shape::Enum(variants) => {
            json!({"path": path, "variants": members(variants.iter().map(|variant| &variant.wire).collect())})
        }
        Shape::Alias(target) => json!({"path": path, "alias": rust_type(analysis, target)}),
    }
}

fn path(analysis: &Analysis, id: TypeId) -> String {
    let name = &analysis.names[id];
    let modules = std::slice::from_ref(&analysis.names.module)
        .iter()
        .chain(&name.module);
    modules
        .chain([&name.ident])
        .cloned()
        .collect::<Vec<_>>()
        .join("::")
}

/// The Rust type as text: paths begin at the API's module.
fn rust_type(analysis: &Analysis, ty: &TypeRef) -> String {
    match ty {
        TypeRef::Bool => "bool".to_owned(),
        TypeRef::I32 => "i32".to_owned(),
        TypeRef::U32 => "u32".to_owned(),
        TypeRef::I64 => "i64".to_owned(),
        TypeRef::U64 => "u64".to_owned(),
        TypeRef::F64 => "f64".to_owned(),
        TypeRef::String => "String".to_owned(),
        TypeRef::Base64 => "gapi_runtime::Base64".to_owned(),
        TypeRef::Date => "gapi_runtime::Date".to_owned(),
        TypeRef::DateTime => "gapi_runtime::DateTime".to_owned(),
        TypeRef::Duration => "gapi_runtime::Duration".to_owned(),
        TypeRef::FieldMask => "gapi_runtime::FieldMask".to_owned(),
        TypeRef::Any => "gapi_runtime::Value".to_owned(),
        TypeRef::List(item) => format!("Vec<{}>", rust_type(analysis, item)),
        TypeRef::Map(value) => format!("BTreeMap<String, {}>", rust_type(analysis, value)),
        TypeRef::Named(id) if analysis.facts.http_bodies.contains(id) => {
            "gapi_runtime::RawBody".to_owned()
        }
        TypeRef::Named(id) => path(analysis, *id),
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
