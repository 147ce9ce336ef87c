//! The manifest of a new crate.

use super::new::Package;
use crate::{
    Diagnostics, Pointer,
    emit::manifest::{Entry, MARKER},
    text::{folded, printable, visible},
};

/// Returns the name of the crate: the one that is set, else that of its only API.
pub(super) fn name(package: &Package, entries: &[Entry]) -> Result<String, Diagnostics> {
    let mut problems = Diagnostics::new("the crate");
    let name = match (&package.name, entries) {
        (Some(name), _) => name.clone(),
        (None, [only]) => only.feature.clone(),
        (None, _) => {
            let message = "no name is set, and there are several APIs";
            problems.error_with_help(&Pointer::root(), message, "choose one with `--name`");
            return Err(problems);
        }
    };
    if !is_name(&name) {
        problems.error_with_help(
            &Pointer::root(),
            format!("cannot be called `{}`", printable(&name)),
            "a crate's name begins with a letter and has letters, digits, `-` and `_`, at most 64",
        );
    }
    problems.propagate()?;
    Ok(name)
}

/// Returns whether crates.io accepts the name.
pub(super) fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.len() <= 64
        && name.bytes().all(plain)
}

/// Returns whether the text is a version in the form of <https://semver.org>.
fn is_version(version: &str) -> bool {
    let (rest, build) = version.split_once('+').unwrap_or((version, "0"));
    let (core, pre) = rest.split_once('-').unwrap_or((rest, "0"));
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        digits && (text == "0" || !text.starts_with('0')) && text.len() < 20
    };
    let plain = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    core.split('.').count() == 3
        && core.split('.').all(number)
        && pre
            .split('.')
            .all(|part| plain(part) && (!digits(part) || number(part)))
        && build.split('.').all(plain)
}

/// Checks the choices for a crate, which has a manifest or gets one.
pub(super) fn check(package: &Package, has_manifest: bool) -> Result<(), Diagnostics> {
    let mut problems = Diagnostics::new("the crate");
    if has_manifest && package.name.is_none() {
        let message = "exists, and its name is not set";
        let help = "set `Package::name` to the name in its `Cargo.toml`";
        problems.error_with_help(&Pointer::root(), message, help);
    }
    let version = package.version.as_deref();
    if let Some(version) = version.filter(|version| !is_version(version)) {
        let message = format!("cannot have the version `{}`", printable(version));
        problems.error_with_help(&Pointer::root(), message, "write three numbers: `0.1.0`");
    }
    let path = package.runtime_path.as_deref();
    if let Some(path) = path.filter(|path| !is_path(path)) {
        let message = format!("cannot have the runtime in the path `{}`", printable(path));
        let help = "write the directory of `gapi-runtime`: `../gapi/runtime`";
        problems.error_with_help(&Pointer::root(), message, help);
    }
    problems.propagate()
}

/// Returns whether a manifest can have the path as it is.
fn is_path(path: &str) -> bool {
    !path.trim().is_empty() && path == printable(path)
}

/// Returns a manifest with all fields that crates.io and docs.rs use.
pub(super) fn new(name: &str, package: &Package, entries: &[Entry]) -> String {
    let version = package.version.as_deref().unwrap_or("0.1.0");
    let description = text(&description(entries));
    let keywords = keywords(entries).join(", ");
    let runtime = env!("CARGO_PKG_VERSION");
    let path = package.runtime_path.as_deref();
    let path = path.map_or_else(String::new, |path| format!("path = {}, ", text(path)));
    let rust = env!("CARGO_PKG_RUST_VERSION");
    format!(
        r#"[package]
name = "{name}"
description = {description}
version = "{version}"
edition = "2024"
rust-version = "{rust}"
# That of the documents, as far as Google says one: see NOTICE.
license = "Apache-2.0"
readme = "README.md"
documentation = "https://docs.rs/{name}"
categories = ["api-bindings", "web-programming::http-client"]
keywords = [{keywords}]

[dependencies]
gapi-runtime = {{ {path}version = "{runtime}", default-features = false, features = ["hyper"] }}

[package.metadata.docs.rs]
all-features = true
# The code is the same on all platforms.
targets = ["x86_64-unknown-linux-gnu"]
rustdoc-args = ["--cfg", "docsrs"]

[features]
default = ["auth", "tls-ring", "tracing"]
# The features of gapi-runtime: see its documentation.
auth = ["gapi-runtime/auth"]
reqwest = ["gapi-runtime/reqwest"]
tls-aws-lc = ["gapi-runtime/tls-aws-lc"]
tls-ring = ["gapi-runtime/tls-ring"]
# Spans and events of calls, attempts and operations.
tracing = ["gapi-runtime/tracing"]

{MARKER}
"#
    )
}

/// Returns the description of the crate, in one line.
pub(super) fn description(entries: &[Entry]) -> String {
    match entries {
        [Entry { title, version, .. }] => format!(
            "Typed, documented async client of the {} {}, generated from its Discovery document",
            visible(&folded(title)),
            visible(&folded(version))
        ),
        _ => "Typed, documented async clients of Google APIs, generated from Discovery documents"
            .to_owned(),
    }
}

/// Returns the keywords. crates.io allows five.
fn keywords(entries: &[Entry]) -> Vec<String> {
    let own = match entries {
        [only] => only.id.split(':').next(),
        _ => None,
    };
    let short = |word: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        let starts = word.starts_with(|c: char| c.is_ascii_alphanumeric());
        starts && word.len() <= 20 && word.bytes().all(plain)
    };
    let words = ["google", "api", "client", "discovery"];
    let own = own.filter(|own| short(own) && !words.contains(own));
    words.into_iter().chain(own).map(text).collect()
}

/// The maximum number of features of a crate on crates.io.
const MOST_FEATURES: usize = 300;

/// Warns about a crate of so many APIs that crates.io rejects it. Features of the user are not counted.
pub(super) fn too_many_features(entries: &[Entry]) -> Diagnostics {
    // `all` is one of them.
    let features = entries.len() + 1;
    let mut problems = Diagnostics::new("the crate");
    if features > MOST_FEATURES {
        let message = format!(
            "has {features} generated features, and crates.io accepts {MOST_FEATURES}: \
             `--flavor crates` writes a crate for each document"
        );
        problems.warning(&Pointer::root(), message);
    }
    problems
}

/// Returns a string of TOML, in one line. Characters that are not printable are replaced.
fn text(text: &str) -> String {
    let escaped = printable(text).replace('\\', r"\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::{
        Entry, MOST_FEATURES, is_name, is_path, is_version, keywords, text, too_many_features,
    };

    fn entry(id: &str) -> Entry {
        let id = id.to_owned();
        Entry {
            module: String::new(),
            feature: String::new(),
            id,
            title: String::new(),
            version: String::new(),
            revision: String::new(),
        }
    }

    #[test]
    fn keywords_are_those_that_the_registry_accepts() {
        for (id, own) in [
            ("drive:v3", Some("\"drive\"")),
            ("adexchangebuyer2:v2beta1", Some("\"adexchangebuyer2\"")),
            // Longer than 20 characters, one of the others, and invalid.
            ("businessprofileperformance:v1", None),
            ("discovery:v1", None),
            ("a b:v1", None),
            ("_a:v1", None),
        ] {
            let mut wanted = vec!["\"google\"", "\"api\"", "\"client\"", "\"discovery\""];
            wanted.extend(own);
            assert_eq!(keywords(&[entry(id)]), wanted, "{id}");
        }
    }

    #[test]
    fn more_features_than_the_registry_accepts_are_a_warning() {
        let entries = vec![entry("a:v1"); MOST_FEATURES];
        let text = too_many_features(&entries).to_string();
        assert!(
            text.starts_with("warning: the crate: has 301 generated features"),
            "{text}"
        );
        assert!(too_many_features(&entries[1..]).is_empty());
    }

    #[test]
    fn names_are_those_of_crates() {
        for good in ["storage-v1", "a", "My_crate2"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "1a", "-a", "a b", "é", "a\"", &"a".repeat(65)] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn versions_are_semantic() {
        for good in [
            "0.1.0",
            "10.20.30",
            "1.0.0-rc.1",
            "7.0.0+20251205",
            "1.0.0-a-b+c-d",
        ] {
            assert!(is_version(good), "{good}");
        }
        for bad in [
            "", "1", "1.0", "1.0.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "1.0.x", "1.0.0\"",
        ] {
            assert!(!is_version(bad), "{bad}");
        }
    }

    #[test]
    fn strings_stay_strings() {
        assert_eq!(text("a \"b\" \\c\n"), "\"a \\\"b\\\" \\\\c\u{fffd}\"");
    }

    #[test]
    fn case_g9_paths_are_those_of_directories() {
        for good in ["../gapi/runtime", "C:\\gapi", "."] {
            assert!(is_path(good), "{good}");
        }
        for bad in ["", " ", "a\nb", "a\u{202e}", &"a".repeat(2000)] {
            assert!(!is_path(bad), "{bad}");
        }
    }
}
