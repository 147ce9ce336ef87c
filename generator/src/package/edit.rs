//! The choices of a [`Package`] in a manifest that exists.
//!
//! The manifest is read line by line, as cargo writes it. A form that is not understood is an error, so that no choice is
//! ignored.

use super::{
    manifest::{self, text},
    new::Package,
};
use crate::{Diagnostics, Pointer};

/// Returns the manifest with the chosen name, version and path of the runtime.
pub(super) fn updated(current: &str, package: &Package) -> Result<String, Diagnostics> {
    let mut lines: Vec<String> = current.split('\n').map(str::to_owned).collect();
    let mut problems = Diagnostics::new("Cargo.toml");
    let version = manifest::version(package)?;
    for (key, value) in [("name", package.name.as_deref()), ("version", version)] {
        let Some(value) = value else { continue };
        if !set_in_package(&mut lines, key, value) {
            let message =
                format!("has no line `{key} = \"…\"` in `[package]` that could be changed");
            let help = format!("write `{key} = {}` there", text(value));
            problems.error_with_help(&Pointer::root(), message, help);
        }
    }
    if let Some(path) = &package.runtime_path
        && !set_runtime_path(&mut lines, path)
    {
        let message = "has no dependency on `gapi-runtime` in one line that could be changed";
        let help = format!(
            "write `gapi-runtime = {{ path = {} }}` in `[dependencies]`",
            text(path)
        );
        problems.error_with_help(&Pointer::root(), message, help);
    }
    problems.propagate()?;
    Ok(lines.join("\n"))
}

/// Returns the lines of a table.
fn table<'l>(lines: &'l mut [String], name: &str) -> impl Iterator<Item = &'l mut String> {
    lines
        .iter_mut()
        .skip_while(move |line| line.split('#').next().unwrap_or_default().trim() != name)
        .skip(1)
        .take_while(|line| !line.trim_start().starts_with('['))
}

/// Returns the value of a key in a line `key = value`, with what follows it.
fn value<'l>(line: &'l str, key: &str) -> Option<&'l str> {
    let (name, value) = line.split_once('=')?;
    (name.trim() == key).then(|| value.trim_start())
}

/// Returns the end of the string at the beginning of a text, with its quotes.
fn end_of_string(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|c| "\"'".contains(*c))?;
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\\' if quote == '"' && !is_escaped => is_escaped = true,
            c if c == quote && !is_escaped => return Some(at + 1),
            _ => is_escaped = false,
        }
    }
    None
}

/// Sets a string of the package.
fn set_in_package(lines: &mut [String], key: &str, new: &str) -> bool {
    for line in table(lines, "[package]") {
        let Some(old) = value(line, key) else {
            continue;
        };
        let Some(end) = end_of_string(old) else {
            return false;
        };
        if old[1..end - 1] != *new {
            *line = format!("{key} = {}{}", text(new), &old[end..]);
        }
        return true;
    }
    false
}

/// Sets the path of the dependency on the runtime.
fn set_runtime_path(lines: &mut [String], path: &str) -> bool {
    const RUNTIME: &str = "gapi-runtime";
    let path = text(path);
    for line in table(lines, "[dependencies]") {
        let Some(old) = value(line, RUNTIME) else {
            continue;
        };
        let Some(new) = with_path(old, &path) else {
            return false;
        };
        *line = format!("{RUNTIME} = {new}");
        return true;
    }
    for line in table(lines, "[dependencies.gapi-runtime]") {
        let Some(old) = value(line, "path") else {
            continue;
        };
        let Some(end) = end_of_string(old) else {
            return false;
        };
        *line = format!("path = {path}{}", &old[end..]);
        return true;
    }
    false
}

/// Returns a dependency with this path: a version, or a table in one line.
fn with_path(old: &str, path: &str) -> Option<String> {
    if let Some(end) = end_of_string(old) {
        let (version, rest) = old.split_at(end);
        return Some(format!("{{ path = {path}, version = {version} }}{rest}"));
    }
    let members = old.strip_prefix('{')?;
    let mut at = 0;
    while let Some(found) = members[at..].find("path") {
        let start = at + found;
        let before = members[..start].trim_end();
        let after = members[start + "path".len()..].trim_start();
        let is_key = before.is_empty() || before.ends_with(',');
        if is_key && let Some(value) = after.strip_prefix('=') {
            let value = value.trim_start();
            let rest = &value[end_of_string(value)?..];
            return Some(format!("{{{}path = {path}{rest}", &members[..start]));
        }
        at = start + "path".len();
    }
    let is_empty = members.trim_start().starts_with('}');
    let comma = if is_empty { "" } else { "," };
    Some(format!("{{ path = {path}{comma}{members}"))
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::{Package, updated, with_path};

    fn package(name: &str, version: &str, path: &str) -> Package {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Package {
            name: some(name),
            version: some(version),
            runtime_path: some(path),
            regenerate: None,
        }
    }

    #[test]
    fn case_g9_choices_replace_those_of_the_manifest() {
        let manifest = "# name = \"x\"\n[package] # mine\nname = 'old' # why\nversion=\"0.1.0\"\n\n\
                        [dependencies]\nname = \"1\"\ngapi-runtime = \"0.1\" # it\n";
        let new =
            updated(manifest, &package("new", "1.0.0", "../runtime")).expect("it is understood");
        assert_eq!(
            new,
            "# name = \"x\"\n[package] # mine\nname = \"new\" # why\nversion = \"1.0.0\"\n\n\
             [dependencies]\nname = \"1\"\n\
             gapi-runtime = { path = \"../runtime\", version = \"0.1\" } # it\n"
        );
        assert_eq!(
            updated(&new, &Package::default()).expect("nothing to do"),
            new
        );
        let table = "[dependencies.gapi-runtime]\nversion = \"0.1\"\npath = \"a\"";
        let new = updated(table, &package("", "", "b")).expect("it is understood");
        assert_eq!(new, table.replace("\"a\"", "\"b\""));
    }

    #[test]
    fn case_g9_a_path_is_set_in_every_form_of_a_dependency() {
        for (old, new) in [
            ("\"0.1\"", "{ path = \"p\", version = \"0.1\" }"),
            (
                "{ version = \"0.1\" }",
                "{ path = \"p\", version = \"0.1\" }",
            ),
            (
                "{ path = \"path\", version = \"0.1\" } # c",
                "{ path = \"p\", version = \"0.1\" } # c",
            ),
            (
                "{ version = \"path\",path='x' }",
                "{ version = \"path\",path = \"p\" }",
            ),
            (
                "{ features = [\"path\"] }",
                "{ path = \"p\", features = [\"path\"] }",
            ),
            ("{}", "{ path = \"p\"}"),
        ] {
            assert_eq!(with_path(old, "\"p\"").as_deref(), Some(new), "{old}");
        }
        for old in ["", "\"0.1", "{ path = 1 }", "true"] {
            assert_eq!(with_path(old, "\"p\""), None, "{old}");
        }
    }

    #[test]
    fn case_g9_a_choice_that_cannot_be_set_is_an_error() {
        let manifest = "[package]\nname = \"a\"\nversion.workspace = true\n";
        let problems = updated(manifest, &package("b", "1.0.0", "p")).expect_err("two choices");
        assert_eq!(
            problems.to_string(),
            "error: Cargo.toml: has no line `version = \"…\"` in `[package]` that could be changed\n  \
             help: write `version = \"1.0.0\"` there\n\
             error: Cargo.toml: has no dependency on `gapi-runtime` in one line that could be changed\n  \
             help: write `gapi-runtime = { path = \"p\" }` in `[dependencies]`"
        );
    }
}
