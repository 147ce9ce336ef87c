//! Rust source that calls every method of a document through a typed mock. Arguments are values of the right type.

use std::fmt::Write as _;

use gapi_generator::{
    Analysis,
    ir::{Location, MethodId, Param, TypeRef},
};

/// Returns the file with the table `METHODS` of an API: the id of each method and the function that calls it.
///
/// The API's module is below `root`. `mocked_call.rs` is the module of that name in the crate.
#[must_use]
pub fn table(analysis: &Analysis, root: &str) -> String {
    let Analysis { api, names, .. } = analysis;
    let mut source = format!(
        "//! The methods of `{}` through mocks. Written by `tests/src/mocks.rs`.\n\n\
         use crate::mocked_call::{{Mocked, all, body, mocked, raw_body, text, value}};\n\
         use {root}::{} as api;\n\n\
         /// By id.\n\
         #[rustfmt::skip]\n\
         pub(crate) const METHODS: &[(&str, Mocked)] = &[\n",
        api.id, names.module
    );
    for id in api.method_ids() {
        // Writing to a string cannot fail.
        let _ = writeln!(
            source,
            "    ({:?}, || mocked(|api: &api::{}| {})),",
            api[id].id,
            names.client,
            call(analysis, id)
        );
    }
    source + "];\n"
}

/// Returns the expression that builds the call of a method.
fn call(analysis: &Analysis, id: MethodId) -> String {
    let Analysis {
        api, names, facts, ..
    } = analysis;
    let method = &api[id];
    let required = method.parameters.iter().filter(|param| param.required);
    let mut arguments: Vec<String> = required
        .enumerate()
        .map(|(index, param)| argument(param, index))
        .collect();
    if let Some(request) = &method.request {
        let is_raw = matches!(request, TypeRef::Named(id) if facts.http_bodies.contains(id));
        arguments.push(if is_raw { "raw_body()" } else { "body()" }.to_owned());
    }
    let path = &method.resource;
    let handles = (1..=path.len()).filter_map(|length| names.resources.get(&path[..length]));
    let handles: String = handles
        .flat_map(|name| [".", &name.accessor, "()"])
        .collect();
    format!(
        "api{handles}.{}({})",
        names[id].function,
        arguments.join(", ")
    )
}

fn argument(param: &Param, index: usize) -> String {
    let is_path = param.location == Location::Path;
    match param.ty {
        TypeRef::String if param.repeated => format!("[text({index}, {is_path})]"),
        TypeRef::String => format!("text({index}, {is_path})"),
        _ if param.repeated => format!("all{}()", turbofish(&param.ty)),
        _ => format!("value{}()", turbofish(&param.ty)),
    }
}

/// Returns the turbofish for an argument that can be anything that converts to its type.
fn turbofish(ty: &TypeRef) -> &'static str {
    match ty {
        TypeRef::Base64 => "::<gapi_runtime::Base64>",
        TypeRef::Date => "::<gapi_runtime::Date>",
        TypeRef::DateTime => "::<gapi_runtime::DateTime>",
        TypeRef::Duration => "::<gapi_runtime::Duration>",
        TypeRef::FieldMask => "::<gapi_runtime::FieldMask>",
        _ => "",
    }
}

/// Returns the file `mod.rs` with the table `ALL` of the modules and their methods.
#[must_use]
pub fn tables(modules: &[String]) -> String {
    let declarations = modules.iter().map(|module| format!("mod {module};\n"));
    let rows = modules
        .iter()
        .map(|module| format!("    ({module:?}, {module}::METHODS),\n"));
    format!(
        "//! The methods of all documents. Written by `tests/src/mocks.rs`.\n\n\
         use crate::mocked_call::Mocked;\n\n{}\n\
         /// By module.\n\
         #[rustfmt::skip]\n\
         pub(crate) const ALL: &[(&str, &[(&str, Mocked)])] = &[\n{}];\n",
        declarations.collect::<String>(),
        rows.collect::<String>()
    )
}
