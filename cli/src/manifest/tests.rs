//! Manifests in all forms that cargo accepts.

#![allow(clippy::expect_used, reason = "tests")]

use std::path::Path;

use gapi_generator::Package;

use super::{check, edited};

fn package(name: &str, version: &str, path: &str) -> Package {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Package {
        name: some(name),
        version: some(version),
        runtime_path: some(path),
        regenerate: None,
    }
}

fn edit(text: &str, mut package: Package) -> Result<String, String> {
    edited(Path::new("new/Cargo.toml"), text, &mut package)
}

const PACKAGE: &str = "[package]\nname = \"a\"\n\n";

/// Returns the manifest after its package, with the path `p`.
fn with_path(after: &str) -> Result<String, String> {
    let new = edit(&format!("{PACKAGE}{after}"), package("", "", "p"))?;
    let after = new.strip_prefix(PACKAGE);
    Ok(after.expect("the package stays").to_owned())
}

#[test]
fn case_g9_choices_replace_those_of_the_manifest() {
    let manifest = "# name = \"x\"\n[package] # mine\nname = 'old' # why\nversion=\"0.1.0\"\n\n\
                    [dependencies]\nname = \"1\"\ngapi-runtime = \"0.1\" # it\n";
    let new = edit(manifest, package("new", "1.0.0", "../runtime")).expect("it is valid");
    assert_eq!(
        new,
        "# name = \"x\"\n[package] # mine\nname = \"new\" # why\nversion=\"1.0.0\"\n\n\
         [dependencies]\nname = \"1\"\n\
         gapi-runtime = { path = \"../runtime\", version = \"0.1\" } # it\n"
    );
    assert_eq!(edit(&new, Package::default()).as_ref(), Ok(&new));
    assert_eq!(
        edit(&new, package("new", "1.0.0", "../runtime")).as_ref(),
        Ok(&new)
    );
}

#[test]
fn case_g9_a_name_is_read_in_every_form() {
    for form in [
        "[package]\nname = 'my-own'\nversion = \"1.2.3\"\n",
        "[package] # x\n\"name\" = \"my-own\" # y\nversion = \"1.2.3\"\n",
        "[ package ]\n  name=\"\"\"my-own\"\"\"\nversion = '''1.2.3'''\n",
        "package.name = \"my\\u002down\"\r\npackage.version = \"1.2.3\"\r\n",
        "package = { name = \"my-own\", version = \"1.2.3\" }\n",
        "\u{feff}[package]\nname = \"my-own\"\nversion = \"1.2.3\"",
        "x = \"\"\"\n[package]\nname = \"fake\"\nversion = \"0.0.0\"\n\"\"\"\n\
         [lib]\nname = \"no\"\n[package]\nversion = \"1.2.3\"\nname = \"my-own\"\n",
    ] {
        let mut read = Package::default();
        let same = edited(Path::new("Cargo.toml"), form, &mut read);
        assert_eq!(same.as_deref(), Ok(form));
        assert_eq!(read.name.as_deref(), Some("my-own"), "{form}");
        assert_eq!(read.version.as_deref(), Some("1.2.3"), "{form}");

        let new = edit(form, package("b", "2.0.0", "")).expect("it can be changed");
        let mut read = Package::default();
        edited(Path::new("Cargo.toml"), &new, &mut read).expect("it is valid");
        assert_eq!(read.name.as_deref(), Some("b"), "{new}");
        assert_eq!(read.version.as_deref(), Some("2.0.0"), "{new}");
        assert_eq!(new.contains("fake"), form.contains("fake"));
        assert_eq!(new.starts_with('\u{feff}'), form.starts_with('\u{feff}'));
        assert_eq!(new.matches('\r').count(), form.matches('\r').count());
    }
}

#[test]
fn case_g9_a_path_is_set_in_every_form_of_a_dependency() {
    for (old, new) in [
        ("\"0.1\"", "{ path = \"p\", version = \"0.1\" }"),
        ("'''0.1''' # c", "{ path = \"p\", version = '''0.1''' } # c"),
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
            "{ version = \"path\",path=\"p\" }",
        ),
        ("{ \"path\" = \"a\" }", "{ \"path\" = \"p\" }"),
        ("{ path = '''a''' }", "{ path = \"p\" }"),
        ("{ path = \"\"\"a\\\"\"\"\" }", "{ path = \"p\" }"),
        (
            "{ features = [\"a,path='b'\"] }",
            "{ path = \"p\", features = [\"a,path='b'\"] }",
        ),
        (
            "{ features = [\n  \"path\",\n] }",
            "{ path = \"p\", features = [\n  \"path\",\n] }",
        ),
        (
            "{\n  version = \"0.1\",\n  features = [],\n}",
            "{ path = \"p\",\n  version = \"0.1\",\n  features = [],\n}",
        ),
        ("{}", "{ path = \"p\" }"),
    ] {
        let form = |value: &str| format!("[dependencies]\ngapi-runtime = {value}\nx = \"1\"\n");
        assert_eq!(with_path(&form(old)), Ok(form(new)), "{old}");
    }
    for (old, new) in [
        (
            "[dependencies.gapi-runtime]\nversion = \"0.1\"\npath = \"a\"",
            "[dependencies.gapi-runtime]\nversion = \"0.1\"\npath = \"p\"",
        ),
        (
            "[dependencies.gapi-runtime] # c\n\n  version = \"0.1\"\n[x]",
            "[dependencies.gapi-runtime] # c\n\n  path = \"p\"\n  version = \"0.1\"\n[x]",
        ),
        (
            "[dependencies]\ngapi-runtime.version = \"0.1\"\ngapi-runtime.features = []\n",
            "[dependencies]\ngapi-runtime.path = \"p\"\ngapi-runtime.version = \"0.1\"\n\
             gapi-runtime.features = []\n",
        ),
        (
            "[dependencies]\r\n\"gapi-runtime\".version = \"0.1\"\r\n",
            "[dependencies]\r\n\"gapi-runtime\".path = \"p\"\r\n\"gapi-runtime\".version = \"0.1\"\r\n",
        ),
    ] {
        assert_eq!(with_path(old).as_deref(), Ok(new));
    }
    let escaped = edit(
        "package.name = \"a\"\ndependencies.gapi-runtime = \"0.1\"",
        package("", "", r#"C:\my "gapi""#),
    );
    let escaped = escaped.expect("it is valid");
    assert!(
        check(Path::new("Cargo.toml"), &escaped).is_ok(),
        "{escaped}"
    );
}

#[test]
fn case_g9_a_choice_that_cannot_be_set_is_an_error() {
    let manifest = "[package]\nname = \"a\"\nversion.workspace = true\n";
    assert_eq!(
        edit(manifest, package("b", "1.0.0", "p")).expect_err("two choices"),
        "error: new/Cargo.toml:3:1: has no string `version` in `[package]` that could be changed\n  \
         help: write `version = \"1.0.0\"` there\n\
         error: new/Cargo.toml: has no dependency on `gapi-runtime` whose path could be changed\n  \
         help: write `gapi-runtime = { path = \"p\" }` in `[dependencies]`"
    );
    assert_eq!(
        edit("[package]\nversion = \"1.0.0\"\n", Package::default()).expect_err("no name"),
        "error: new/Cargo.toml: has no string `name` in `[package]`\n  \
         help: write `name = \"…\"` there"
    );
    assert_eq!(
        edit("[package]\nname = \"a\"\nx", Package::default()).expect_err("no TOML"),
        "error: new/Cargo.toml:3:2: invalid TOML: key with no value, expected `=`\n  \
         help: see https://toml.io for the syntax"
    );
    for form in [
        "gapi-runtime = true",
        "gapi-runtime = { path = 1 }",
        "gapi-runtime = [\"0.1\"]",
        "[dependencies.gapi-runtime]",
        "[dev-dependencies]\ngapi-runtime = \"0.1\"",
        "[[dependencies.gapi-runtime]]\nversion = \"0.1\"",
    ] {
        let problem = with_path(&format!("[dependencies]\n{form}\n")).expect_err(form);
        assert!(
            problem.contains("has no dependency on `gapi-runtime` whose path"),
            "{problem}"
        );
    }
    for form in [
        "dependencies = { gapi-runtime.version = \"0.1\" }\n",
        "dependencies = {\n gapi-runtime.version = \"0.1\" }\n",
    ] {
        let problem = edit(
            &format!("{form}[package]\nname = \"a\"\n"),
            package("", "", "p"),
        );
        let problem = problem.expect_err(form);
        assert!(problem.contains("that cannot be changed") || problem.contains("could be changed"));
    }
}

#[test]
fn case_g9_an_inherited_runtime_gets_no_path() {
    for (form, place, message) in [
        (
            "gapi-runtime = { workspace = true, features = [] }",
            "5:30",
            "inherits",
        ),
        ("gapi-runtime.workspace = true", "5:26", "inherits"),
        (
            "gapi-runtime = { git = \"https://example.com/x\" }",
            "5:24",
            "gets from git",
        ),
        (
            "[dependencies.gapi-runtime]\nfeatures = []\ngit = \"https://example.com/x\"",
            "7:7",
            "gets from git",
        ),
    ] {
        let key = if message == "inherits" {
            "workspace"
        } else {
            "git"
        };
        assert_eq!(
            with_path(&format!("[dependencies]\n{form}\n")).expect_err(form),
            format!(
                "error: new/Cargo.toml:{place}: {message} the dependency on `gapi-runtime`, so it cannot have a \
                 path\n  help: remove `{key}` there, or do not set the path of the runtime"
            )
        );
    }
}

#[test]
fn case_g9_features_that_exist_twice_are_an_error() {
    let problem = check(
        Path::new("new/Cargo.toml"),
        "[features]\nall = []\n\nall = [\n]\n",
    );
    assert_eq!(
        problem.expect_err("twice"),
        "error: new/Cargo.toml: would be invalid with the generated features: duplicate key\n  \
         help: rename your own features and tables"
    );
}
