//! The layout of the files: below the API's module, with plain names, and all declared.

use std::{
    collections::BTreeSet,
    path::{Component, Path},
};

use gapi_generator::{Analysis, Files};

use super::{Finding, Property};

/// The longest file name. The limit of file systems is 255 bytes, and temporary files need some of them.
const LONGEST: usize = 200;

/// File names that Windows reserves for devices.
const DEVICES: [&str; 6] = ["aux", "con", "nul", "prn", "com", "lpt"];

/// Checks the paths of the files of these APIs, and that each file is declared as a module by the one above it.
pub(super) fn check(files: &Files, apis: &[Analysis]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    let mut broken = |path: &Path, detail: &str| {
        findings.push(Finding::new(
            Property::StaysInItsDirectory,
            path.display(),
            detail,
        ));
    };
    let modules: BTreeSet<&str> = apis.iter().map(|api| api.names.module.as_str()).collect();
    for path in files.0.keys() {
        match names(path) {
            None => broken(path, "not a plain path of a Rust file"),
            Some(names) => {
                if !names.first().is_some_and(|name| modules.contains(name)) {
                    broken(path, "outside the API's module");
                }
                if !names.iter().all(|name| is_plain(name)) {
                    broken(path, "a name that not every system takes");
                }
                if let Some((last, parents)) = names.split_last()
                    && !parents.is_empty()
                    && !declares(files, parents, last)
                {
                    broken(path, "no module declares the file");
                }
            }
        }
        if !seen.insert(path.to_string_lossy().to_lowercase()) {
            broken(path, "the same as another but for upper and lower case");
        }
    }
    findings
}

/// Splits `a/b.rs` into `a` and `b`. Returns `None` for any other path.
fn names(path: &Path) -> Option<Vec<&str>> {
    let text = path.to_str()?.strip_suffix(".rs")?;
    let normal = |component| matches!(component, Component::Normal(_));
    let plain = path.is_relative() && path.components().all(normal);
    let names: Vec<&str> = text.split('/').collect();
    (plain && !names.contains(&"")).then_some(names)
}

fn is_plain(name: &str) -> bool {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let device = DEVICES.iter().any(|device| {
        let rest = name.strip_prefix(device);
        rest.is_some_and(|rest| {
            rest.is_empty() || rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit())
        })
    });
    name.len() <= LONGEST && !device && name != "mod" && name.bytes().all(letter)
}

fn declares(files: &Files, parents: &[&str], name: &str) -> bool {
    let path = format!("{}.rs", parents.join("/"));
    let declaration = |line: &str| {
        let declared = line
            .strip_prefix("pub mod ")
            .and_then(|rest| rest.strip_suffix(';'));
        declared
            .is_some_and(|declared| declared == name || declared.strip_prefix("r#") == Some(name))
    };
    files
        .0
        .get(Path::new(&path))
        .is_some_and(|text| text.lines().any(declaration))
}

/// Checks the manifest of a crate: its tail lists only the features.
pub(super) fn manifest(text: &str, apis: &[Analysis]) -> Vec<Finding> {
    let features: Vec<&str> = apis.iter().map(|api| api.names.feature.as_str()).collect();
    let line = |form: fn(&str) -> String| -> String {
        let lines: Vec<String> = features.iter().map(|feature| form(feature)).collect();
        lines.concat()
    };
    let all = line(|feature| {
        format!(
            "    \"{feature}\",
"
        )
    });
    let each = line(|feature| {
        format!(
            "{feature} = []
"
        )
    });
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let plain = features.iter().all(|feature| feature.bytes().all(letter));
    let wanted = format!("{}all = [\n{all}]\n{each}", super::MANIFEST);
    let found = (!plain || text != wanted)
        .then(|| Finding::new(Property::NoForeignCode, "Cargo.toml", text));
    found.into_iter().collect()
}
