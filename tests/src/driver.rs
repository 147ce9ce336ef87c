//! Rust source that reaches every schema of a document by its id.

use std::fmt::Write as _;

use gapi_generator::{Analysis, ir::Owner};

/// Returns the file with the table `SCHEMAS` of an API: the id of each schema and its round-trip function.
///
/// The API's module is below `root`. `round_trip.rs` is the module of that name in the crate.
#[must_use]
pub fn table(analysis: &Analysis, root: &str) -> String {
    let Analysis { api, names, .. } = analysis;
    let mut source = format!(
        "//! The schemas of `{}`. Written by `tests/src/driver.rs`.\n\n\
         use crate::round_trip::{{RoundTrip, round_trip}};\n\
         use {root}::{}::schemas;\n\n\
         /// By id.\n\
         #[rustfmt::skip]\n\
         pub(crate) const SCHEMAS: &[(&str, RoundTrip)] = &[\n",
        api.id, names.module
    );
    for id in api.type_ids() {
        if let Owner::Schema(schema) = &api[id].owner {
            let ident = &names[id].ident;
            // Writing to a string cannot fail.
            let _ = writeln!(source, "    ({schema:?}, round_trip::<schemas::{ident}>),");
        }
    }
    source + "];\n"
}

/// Returns the file `mod.rs` with the table `ALL` of the modules and their tables.
#[must_use]
pub fn tables(modules: &[String]) -> String {
    let declarations = modules.iter().map(|module| format!("mod {module};\n"));
    let rows = modules
        .iter()
        .map(|module| format!("    (\"{module}\", {module}::SCHEMAS),\n"));
    format!(
        "//! The tables of all documents. Written by `tests/src/driver.rs`.\n\n\
         use crate::round_trip::RoundTrip;\n\n\
         {}\n\
         /// By module.\n\
         #[rustfmt::skip]\n\
         pub(crate) const ALL: &[(&str, &[(&str, RoundTrip)])] = &[\n{}];\n",
        declarations.collect::<String>(),
        rows.collect::<String>()
    )
}
