//! Text → settings.

use gapi_generator::{Derive, Rename, Selector, diagnostics::printable};
use toml::de::DeTable;

use super::{
    errors::ProjectErrors,
    paths,
    settings::{FetchSettings, Flavor, OutputSettings, Settings, Text},
    table::{Lines, Table},
};
use crate::crate_names;

/// Parses a file. Skips invalid keys, so that all errors are found.
pub(super) fn settings(text: &str) -> (Settings, ProjectErrors) {
    let starts = Lines::starts(text);
    let lines = Lines::new(text, &starts);
    let mut errors = ProjectErrors::default();
    let (file, syntax) = DeTable::parse_recoverable(text);
    if !syntax.is_empty() {
        for error in syntax {
            let place = lines.place(&error.span().unwrap_or_default());
            let message = format!("invalid TOML: {}", printable(error.message()));
            errors.add(place, message, "see https://toml.io for the syntax");
        }
        return (Settings::default(), errors);
    }
    let mut file = Table::new(lines, &mut errors, "", file);
    let settings = Settings {
        discovery: directory(&mut file, "discovery", "\"discovery\""),
        allow_hosts: hosts(&mut file),
        fetch: file
            .table("fetch", "[fetch]")
            .map(fetch)
            .unwrap_or_default(),
        outputs: file.tables("output", "[[output]]", output),
    };
    file.end();
    (settings, errors)
}

/// Returns the errors of a file, as text.
#[cfg(test)]
pub(crate) fn errors_of(text: &str) -> String {
    let (settings, mut errors) = settings(text);
    let file = std::path::Path::new("gapi.toml");
    super::overlaps::check("".as_ref(), file, &settings.outputs, &mut errors);
    errors.into_result(file).err().unwrap_or_default()
}

/// Returns the texts without their places.
fn plain(texts: Option<Vec<Text>>) -> Vec<String> {
    let texts = texts.unwrap_or_default();
    texts.into_iter().map(|text| text.text).collect()
}

fn hosts(table: &mut Table<'_, '_>) -> Vec<String> {
    plain(table.texts("allow-hosts", "[\"api.example.com\"]"))
}

/// Reads a directory that files are written to.
fn directory(table: &mut Table<'_, '_>, key: &'static str, example: &str) -> Option<Text> {
    let directory = table.text(key, example)?;
    if paths::leads_out(&directory.text) {
        let message = format!(
            "`{key} = \"{}\"` leads out of the project",
            printable(&directory.text)
        );
        let help = "write a relative path without `..`, or move gapi.toml to a directory above";
        table.error(directory.place, message, help);
        return None;
    }
    Some(directory)
}

fn fetch(mut table: Table<'_, '_>) -> FetchSettings {
    let apis = table.texts("apis", "[\"drive:v3\"]");
    let settings = FetchSettings {
        apis: apis.map(|apis| plain(Some(apis))),
        from: table.text("from", "\"documents.zip\"").map(|it| it.text),
    };
    table.end();
    settings
}

fn output(mut table: Table<'_, '_>) -> OutputSettings {
    let before = table.errors();
    let out = directory(&mut table, "out", "\"src\"");
    if out.is_none() && table.errors() == before {
        let place = table.place();
        let help = "add `out = \"src\"`, the directory to generate into";
        table.error(place, "`[[output]]` has no `out`", help);
    }
    let words = [
        ("module", Flavor::Module),
        ("crate", Flavor::Crate),
        ("crates", Flavor::Crates),
    ];
    let before = table.errors();
    let flavor = table.word("flavor", &words).unwrap_or_default();
    // A wrong flavor may have meant a crate.
    let is_module = flavor == Flavor::Module && table.errors() == before;
    let documents = table.texts("documents", "[\"discovery/*.json\"]");
    let resources = plain(table.texts("resources", "[\"projects.**\"]"));
    let allow_hosts = hosts(&mut table);
    let renames = renames(&mut table);
    let derives = derives(&mut table);
    let mut of_a_crate = |key, example| {
        let text = table.text(key, example)?;
        if is_module {
            let message = format!("`{key}` is for a crate");
            table.error(text.place, message, "add `flavor = \"crate\"`");
        }
        Some(text)
    };
    let name = of_a_crate("name", "\"my-clients\"");
    let version = of_a_crate("version", "\"0.1.0\"");
    let runtime_path = of_a_crate("runtime-path", "\"../gapi/runtime\"");
    if let Some(name) = name.as_ref().filter(|_| flavor == Flavor::Crates)
        && let Err((message, help)) = crate_names::check("name", &name.text)
    {
        table.error(name.place, message, &help);
    }
    let plain = |text: Option<Text>| text.map(|it| it.text);
    let settings = OutputSettings {
        out: out.unwrap_or_default(),
        flavor,
        documents,
        resources: resources.into_iter().map(Selector::from).collect(),
        allow_hosts,
        renames,
        derives,
        name: plain(name),
        version: plain(version),
        runtime_path: plain(runtime_path),
    };
    table.end();
    settings
}

fn renames(table: &mut Table<'_, '_>) -> Vec<Rename> {
    let example = "{ \"spanner:v1#/schemas/Type\" = \"DataType\" }";
    let mut renames = Vec::new();
    for (place, names) in table.pairs("renames", example, false) {
        let Some((document, pointer)) = place.text.split_once('#') else {
            let message = format!("`{}` in `renames` is not a place", printable(&place.text));
            let help = "write the id of the document, `#` and a JSON pointer: \
                        \"spanner:v1#/schemas/Type\" = \"DataType\"";
            table.error(place.place, message, help);
            continue;
        };
        renames.extend(names.into_iter().map(|name| Rename {
            document: document.to_owned(),
            pointer: pointer.to_owned(),
            rust: name.text,
        }));
    }
    renames
}

fn derives(table: &mut Table<'_, '_>) -> Vec<Derive> {
    let example = "{ \"storage:v1#Bucket\" = \"Hash\" }";
    let pairs = table.pairs("derives", example, true);
    pairs
        .into_iter()
        .filter(|(_, macros)| !macros.is_empty())
        .map(|(structs, macros)| {
            let macros: Vec<String> = macros.into_iter().map(|it| it.text).collect();
            Derive {
                structs: Selector::from(structs.text),
                macros: macros.join(", "),
            }
        })
        .collect()
}
