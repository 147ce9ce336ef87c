//! Methods and parameters.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    discovery::{self, Schema},
    ir::{Location, Method, MethodId, Owner, Param, PathTemplate, Segment, TypeRef, Verb},
};

use super::{media, path, schema::Types, streaming};

/// Query parameters that the reference client accepts on every method although no document lists them. One published
/// document (`oauth2.v2`) has all of them on a method by accident, together with the API-wide parameters.
const STACK_PARAMETERS: [&str; 4] = ["pp", "strict", "trace", "userip"];

/// The parameter that the reference client sets on every call, regardless of the caller.
const FORM_PARAMETER: &str = "alt";

/// Lowers the API-wide parameters.
pub(super) fn api_parameters(
    parameters: &BTreeMap<String, Schema>,
    types: &mut Types<'_>,
) -> Vec<Param> {
    parameters
        .iter()
        .map(|(wire, schema)| {
            param(
                wire,
                schema,
                &Owner::ApiParameter(wire.clone()),
                false,
                types,
            )
        })
        .collect()
}

/// Lowers the method `name` of a resource.
pub(super) fn lower(
    name: &str,
    method: &discovery::Method,
    resource: &[String],
    id: MethodId,
    document: &discovery::Document,
    types: &mut Types<'_>,
) -> Method {
    let template = template(method, types);
    let verb = verb(method, types);
    let request = request(verb, method, types);
    let response = method.response.as_ref();
    Method {
        id: method.id.clone(),
        name: name.to_owned(),
        resource: resource.to_vec(),
        origin: method.pointer.clone(),
        place: streaming::place(method, document),
        docs: method.description.clone(),
        verb,
        parameters: parameters(method, id, &template, &document.parameters, types),
        path: template,
        request: request.map(|request| types.type_ref(request, &Owner::Request(id))),
        response: response.map(|response| types.type_ref(response, &Owner::Response(id))),
        streaming: streaming::is_streaming(name, method, document),
        scopes: method.scopes.clone(),
        upload: media::upload(method, types.diagnostics),
        download: method.supports_media_download,
        api_version: api_version(method, types),
        deprecated: method.deprecated,
    }
}

fn template(method: &discovery::Method, types: &mut Types<'_>) -> PathTemplate {
    path::parse(&method.path).unwrap_or_else(|message| {
        types
            .diagnostics
            .error(&method.pointer.child("path"), message);
        PathTemplate {
            text: String::new(),
            segments: Vec::new(),
        }
    })
}

/// Returns the value of the API version header. It must be valid, because it becomes a constant.
fn api_version(method: &discovery::Method, types: &mut Types<'_>) -> Option<String> {
    let version = method.api_version.clone()?;
    if !version.bytes().all(|b| matches!(b, b' '..=b'~')) {
        types.diagnostics.error(
            &method.pointer.child("apiVersion"),
            format!("`{version}` cannot be the value of a header"),
        );
    }
    Some(version)
}

fn verb(method: &discovery::Method, types: &mut Types<'_>) -> Verb {
    match method.http_method.as_str() {
        "GET" => Verb::Get,
        "POST" => Verb::Post,
        "PUT" => Verb::Put,
        "PATCH" => Verb::Patch,
        "DELETE" => Verb::Delete,
        other => {
            types.diagnostics.error_with_help(
                &method.pointer.child("httpMethod"),
                format!("unknown verb `{other}`"),
                "write GET, POST, PUT, PATCH or DELETE",
            );
            Verb::Get
        }
    }
}

/// Returns the body. GET and DELETE have none. Some older documents state one, and Google's clients ignore it.
fn request<'m>(
    verb: Verb,
    method: &'m discovery::Method,
    types: &mut Types<'_>,
) -> Option<&'m Schema> {
    let request = method.request.as_ref()?;
    if matches!(verb, Verb::Get | Verb::Delete) {
        let message = format!("a {} has no body; `request` is ignored", verb.http());
        types
            .diagnostics
            .warning(&method.pointer.child("request"), message);
        return None;
    }
    Some(request)
}

/// Orders the arguments of a method: required ones first, in `parameterOrder`, then by name.
fn parameters(
    method: &discovery::Method,
    id: MethodId,
    template: &PathTemplate,
    api_wide: &BTreeMap<String, Schema>,
    types: &mut Types<'_>,
) -> Vec<Param> {
    let variables = template.segments.iter().filter_map(Segment::variable);
    let variables: BTreeSet<&str> = variables.collect();
    let in_path = |name: &str| variables.contains(name);
    check_path_variables(method, template, &in_path, types);

    // A parameter with the name of an API-wide one belongs to the method, and may have another meaning.
    let lists = |name: &str| method.parameters.contains_key(name);
    let polluted = STACK_PARAMETERS.into_iter().all(lists);
    let injected = |name: &str| {
        let foreign = api_wide.contains_key(name) || STACK_PARAMETERS.contains(&name);
        // A call decides the format of the response.
        !in_path(name) && (name == FORM_PARAMETER || (polluted && foreign))
    };
    let mut lowered: Vec<Param> = method
        .parameters
        .iter()
        .filter(|(name, _)| !injected(name))
        .map(|(wire, schema)| {
            let owner = Owner::Parameter {
                method: id,
                parameter: wire.clone(),
            };
            param(wire, schema, &owner, in_path(wire), types)
        })
        .collect();
    let order = method.parameter_order.iter().enumerate().rev();
    let order: BTreeMap<&str, usize> = order.map(|(at, name)| (name.as_str(), at)).collect();
    let position = |param: &Param| order.get(param.wire.as_str()).copied();
    lowered.sort_by_key(|param| (!param.required, position(param).unwrap_or(usize::MAX)));
    lowered
}

fn check_path_variables(
    method: &discovery::Method,
    template: &PathTemplate,
    in_path: &dyn Fn(&str) -> bool,
    types: &mut Types<'_>,
) {
    for segment in &template.segments {
        if let Some(name) = segment.variable()
            && !method.parameters.contains_key(name)
        {
            types.diagnostics.error(
                &method.pointer.child("path"),
                format!("the path has the variable `{name}`, but the method has no such parameter"),
            );
        }
    }
    // The variables of an invalid template are unknown.
    if template.segments.is_empty() {
        return;
    }
    for (name, schema) in &method.parameters {
        if schema.location.as_deref() == Some("path") && !in_path(name) {
            types.diagnostics.error(
                &schema.pointer,
                format!("a path parameter, but the path has no variable `{name}`"),
            );
        }
    }
}

fn param(
    wire: &str,
    schema: &Schema,
    owner: &Owner,
    in_path: bool,
    types: &mut Types<'_>,
) -> Param {
    Param {
        wire: wire.to_owned(),
        origin: schema.pointer.clone(),
        docs: schema.description.clone(),
        // The template decides: a variable goes into the path whatever its `location` is.
        location: if in_path {
            Location::Path
        } else {
            Location::Query
        },
        ty: scalar(schema, owner, types),
        required: schema.required || in_path,
        repeated: schema.repeated,
        pattern: schema.pattern.clone(),
        default: schema.default.clone(),
        deprecated: schema.deprecated,
    }
}

/// Returns the type of a parameter. Types other than scalars become text.
fn scalar(schema: &Schema, owner: &Owner, types: &mut Types<'_>) -> TypeRef {
    match schema.r#type.as_deref() {
        Some("boolean" | "integer" | "number" | "string") => types.type_ref(schema, owner),
        other => {
            let found = other.unwrap_or("nothing");
            types.diagnostics.warning(
                &schema.pointer,
                format!(
                    "expected a scalar type, found `{found}`; the parameter is treated as text"
                ),
            );
            TypeRef::String
        }
    }
}
