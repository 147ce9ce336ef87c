//! Rust source that calls every method of a document with arguments by wire name. It uses the typed functions as a user
//! would: each parameter by its argument or setter, the body as its type.

use std::fmt::Write as _;

use gapi_generator::{
    Analysis,
    ir::{Location, MethodId, Param, TypeRef},
    names::MethodName,
};

/// Returns the file with the table `METHODS` of an API: the id and the calling function of each of these methods.
///
/// The API's module is below `root`. `given.rs` is the module of that name in the crate.
#[must_use]
pub fn calls(analysis: &Analysis, methods: &[MethodId], root: &str) -> String {
    let Analysis { api, names, .. } = analysis;
    let client = &names.client;
    let mut source = format!(
        "//! The methods of `{}`. Written by `tests/src/parity/driver.rs`.\n\n\
         use crate::given::{{Called, Given, Method}};\n\
         use {root}::{} as api;\n\
         use gapi_runtime::Call;\n\n\
         /// By id.\n\
         #[rustfmt::skip]\n\
         pub(crate) const METHODS: &[(&str, Method)] = &[\n",
        api.id, names.module
    );
    // Writing to a string cannot fail.
    for id in methods {
        let _ = writeln!(source, "    ({:?}, m{}),", api[*id].id, id.0);
    }
    source += "];\n\n";
    source += &standard(analysis);
    for id in methods {
        let _ = writeln!(
            source,
            "\n#[rustfmt::skip]\nfn m{}(given: &mut Given) -> Called {{\n    let api = given.client::<api::{client}>()?;\n{}}}",
            id.0,
            call(analysis, *id)
        );
    }
    source
}

/// Returns the function that sets the API-wide parameters of any call.
fn standard(analysis: &Analysis) -> String {
    let Analysis { api, names, .. } = analysis;
    let mut source = format!(
        "#[rustfmt::skip]\nfn standard<C: Call<Service = api::{}>>(given: &mut Given, mut call: C) -> Called<C> {{\n    \
             use api::StandardParameters as _;\n",
        names.client
    );
    for (param, name) in api.parameters.iter().zip(&names.parameters) {
        // The call decides the format of the response, as in the Python client.
        if param.wire == "alt" {
            source += "    given.form_is_decided();\n";
        } else {
            source += &set(param, name);
        }
    }
    source + "    Ok(call)\n}\n"
}

/// Returns the statement that sets an optional parameter.
fn set(param: &Param, name: &str) -> String {
    let take = if param.repeated { "all" } else { "one" };
    format!(
        "    if let Some(value) = given.{take}{}(\"{}\", {:?})? {{ call = call.{name}(value); }}\n",
        turbofish(&param.ty),
        place(param),
        param.wire
    )
}

fn place(param: &Param) -> &'static str {
    match param.location {
        Location::Path => "path",
        Location::Query => "query",
    }
}

/// Returns the turbofish for a setter that accepts anything that converts to its type.
fn turbofish(ty: &TypeRef) -> &'static str {
    match ty {
        TypeRef::String => "::<String>",
        TypeRef::Base64 => "::<gapi_runtime::Base64>",
        TypeRef::Date => "::<gapi_runtime::Date>",
        TypeRef::DateTime => "::<gapi_runtime::DateTime>",
        TypeRef::Duration => "::<gapi_runtime::Duration>",
        TypeRef::FieldMask => "::<gapi_runtime::FieldMask>",
        _ => "",
    }
}

fn is_http_body(analysis: &Analysis, ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::Named(id) if analysis.facts.http_bodies.contains(id))
}

/// Returns the statements that build and send the call of a method, or the call that follows from it.
fn call(analysis: &Analysis, id: MethodId) -> String {
    let Analysis {
        api, names, facts, ..
    } = analysis;
    let (method, name) = (&api[id], &names[id]);
    let mut arguments = Vec::new();
    for (param, _) in parameters(analysis, id).filter(|(param, _)| param.required) {
        let take = if param.repeated { "all_of" } else { "required" };
        arguments.push(format!(
            "given.{take}{}(\"{}\", {:?})?",
            turbofish(&param.ty),
            place(param),
            param.wire
        ));
    }
    if let Some(request) = &method.request {
        let take = if is_http_body(analysis, request) {
            "raw_body()"
        } else {
            "body()?"
        };
        arguments.push(format!("given.{take}"));
    }
    // Arguments come first, because they borrow `given` mutably.
    let mut source = String::new();
    for (index, argument) in arguments.iter().enumerate() {
        let _ = writeln!(source, "    let a{index} = {argument};");
    }
    let list: Vec<String> = (0..arguments.len())
        .map(|index| format!("a{index}"))
        .collect();
    let _ = writeln!(
        source,
        "    let mut call = api{}.{}({});",
        handles(analysis, id),
        name.function,
        list.join(", ")
    );
    for (param, name) in parameters(analysis, id).filter(|(param, _)| !param.required) {
        source += &set(param, name);
    }
    source += "    let call = standard(given, call)?;\n    given.is_used_up()?;\n";
    if let Some(upload) = &method.upload {
        if upload.resumable {
            source += "    if let Some(media) = given.media(\"resumable\") { return given.watch(call.upload(media).resumable().send()); }\n";
        }
        source += "    if let Some(media) = given.media(\"\") { return given.watch(call.upload(media).send()); }\n";
    }
    if method.download {
        source += "    if given.downloads() { return given.watch(call.download().send()); }\n";
    }
    if facts.paging.contains_key(&id) {
        source +=
            "    if let Some(page) = given.page()? { return given.next(call.next_page(&page)); }\n";
    }
    source + "    given.send(&call)\n"
}

fn parameters(analysis: &Analysis, id: MethodId) -> impl Iterator<Item = (&Param, &String)> {
    let MethodName { parameters, .. } = &analysis.names[id];
    analysis.api[id].parameters.iter().zip(parameters)
}

/// Returns the functions that lead to the handle: `.projects().instances()`.
fn handles(analysis: &Analysis, id: MethodId) -> String {
    let path = &analysis.api[id].resource;
    let accessors =
        (1..=path.len()).filter_map(|length| analysis.names.resources.get(&path[..length]));
    accessors
        .flat_map(|name| [".", &name.accessor, "()"])
        .collect()
}

/// Returns the file `mod.rs` with the table `ALL` of the modules and their methods.
#[must_use]
pub fn all(modules: &[String]) -> String {
    let declarations = modules.iter().map(|module| format!("mod {module};\n"));
    let rows = modules
        .iter()
        .map(|module| format!("    ({module:?}, {module}::METHODS),\n"));
    format!(
        "//! The methods of all documents. Written by `tests/src/parity/driver.rs`.\n\n\
         use crate::given::Method;\n\n{}\n\
         /// By module.\n\
         #[rustfmt::skip]\n\
         pub(crate) const ALL: &[(&str, &[(&str, Method)])] = &[\n{}];\n",
        declarations.collect::<String>(),
        rows.collect::<String>()
    )
}
