use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{Around, Generated, missing};

/// The manifest of `cargo new`.
const NEW: &str = "[package]\nname = \"hello\"\nedition = \"2024\"\n\n[dependencies]\n";
/// A manifest with the runtime.
const COMPLETE: &str = "[package]\nname = \"hello\"\n\n[dependencies]\ngapi-runtime = \"0.1\"\n";

/// Returns the text for `storage_v1` in `/home/me/hello/<out>`, shown in the directory of the package, which has these
/// files.
fn lines(out: &str, files: &[(&str, &str)]) -> String {
    lines_for(&["storage_v1"], true, out, files)
}

fn lines_for(modules: &[&str], is_new: bool, out: &str, files: &[(&str, &str)]) -> String {
    let package = Path::new("/home/me/hello");
    let files: BTreeMap<PathBuf, &str> = files
        .iter()
        .map(|(path, text)| (package.join(path), *text))
        .collect();
    let modules: Vec<String> = modules.iter().map(ToString::to_string).collect();
    let generated = Generated {
        out: &package.join(out),
        modules: &modules,
        is_new,
        has_streams: false,
    };
    let around = Around {
        current: package,
        runtime: Some(Path::new("/home/me/gapi/runtime")),
    };
    missing(generated, around, &|path| {
        files.get(path).map(ToString::to_string)
    })
}

#[test]
fn a_new_program_lacks_the_module_the_runtime_and_tokio() {
    assert_eq!(
        lines(
            "src",
            &[("Cargo.toml", NEW), ("src/main.rs", "fn main() {}\n")]
        ),
        r#"
Add to src/main.rs:

    #[rustfmt::skip]
    mod storage_v1;

Add to [dependencies] in Cargo.toml:

    gapi-runtime = { path = "../gapi/runtime" }
    tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
"#
    );
}

#[test]
fn a_library_shows_its_modules_and_needs_no_tokio() {
    assert_eq!(
        lines("src", &[("Cargo.toml", NEW), ("src/lib.rs", "")]),
        r#"
Add to src/lib.rs:

    #[rustfmt::skip]
    pub mod storage_v1;

Add to [dependencies] in Cargo.toml:

    gapi-runtime = { path = "../gapi/runtime" }
"#
    );
}

#[test]
fn nothing_is_said_of_what_is_there() {
    for main in [
        "mod storage_v1;",
        "#[rustfmt::skip]\n    pub(crate) mod storage_v1; // generated",
        "#[rustfmt::skip] mod  storage_v1 ;",
        "mod other; mod storage_v1;",
    ] {
        let files = [("Cargo.toml", COMPLETE), ("src/main.rs", main)];
        assert_eq!(lines("src", &files), "", "{main}");
    }
    for dependency in [
        "gapi-runtime = { path = \"..\" }",
        "gapi-runtime.workspace = true",
        "\"gapi-runtime\" = \"0.1\"",
        "gapi_runtime = { package = \"gapi-runtime\", version = \"0.1\" }",
        "serde = \"1\" # for types\n gapi-runtime=\"0.1\"",
        "\n[dependencies.gapi-runtime] # our own\npath = \"..\"",
        "\n[target.'cfg(unix)'.dependencies]\ngapi-runtime = \"0.1\"",
        "\n[target.'cfg(unix)'.dependencies.gapi-runtime]\nversion = \"0.1\"",
    ] {
        let manifest = format!("{NEW}{dependency}\n");
        let files = [
            ("Cargo.toml", manifest.as_str()),
            ("src/main.rs", "mod storage_v1;"),
        ];
        assert_eq!(lines("src", &files), "", "{dependency}");
    }
}

#[test]
fn what_only_looks_like_it_is_missing_all_the_same() {
    for main in [
        "// mod storage_v1;",
        "//! mod storage_v1;",
        "mod storage_v1beta;",
        "mod cloud_storage_v1;",
        "supermod storage_v1;",
        "mod other; // mod storage_v1;",
    ] {
        let said = lines("src", &[("Cargo.toml", COMPLETE), ("src/main.rs", main)]);
        assert!(
            said.starts_with("\nAdd to src/main.rs:\n"),
            "{main}: {said}"
        );
    }
    for dependency in [
        "# gapi-runtime = \"0.1\"",
        "gapi = \"0.1\"",
        "gapi-runtime-extras = \"0.1\"",
        "\n[dev-dependencies]\ngapi-runtime = \"0.1\"",
        "\n[build-dependencies]\ngapi-runtime = \"0.1\"",
        "\n[workspace.dependencies]\ngapi-runtime = \"0.1\"",
        "\n[patch.crates-io]\ngapi-runtime = { path = \"..\" }",
        "\n[features]\nauth = [\"gapi-runtime/auth\"]",
        "\n[dependencies.serde]\ngapi-runtime = \"0.1\"",
    ] {
        let manifest = format!("{NEW}{dependency}\n");
        let files = [
            ("Cargo.toml", manifest.as_str()),
            ("src/main.rs", "mod storage_v1;"),
        ];
        let said = lines("src", &files);
        let wanted = "\nAdd to [dependencies] in Cargo.toml:\n";
        assert!(said.starts_with(wanted), "{dependency}: {said}");
    }
}

#[test]
fn only_missing_modules_are_listed() {
    let files = [("Cargo.toml", COMPLETE), ("src/main.rs", "mod storage_v1;")];
    assert_eq!(
        lines_for(&["spanner_v1", "storage_v1"], true, "src", &files),
        "\nAdd to src/main.rs:\n\n    #[rustfmt::skip]\n    mod spanner_v1;\n"
    );
}

#[test]
fn a_crate_that_has_the_runtime_is_not_told_about_other_dependencies() {
    let files = [("Cargo.toml", COMPLETE), ("src/main.rs", "")];
    let said = lines("src", &files);
    assert!(!said.contains("tokio"), "{said}");
    let manifest = format!("{NEW}tokio = {{ version = \"1\", features = [\"full\"] }}\n");
    let said = lines("src", &[("Cargo.toml", &manifest), ("src/main.rs", "")]);
    assert!(
        said.contains("gapi-runtime") && !said.contains("tokio"),
        "{said}"
    );
}

#[test]
fn a_manifest_without_the_table_gets_it() {
    let files = [
        ("Cargo.toml", "[package]\nname = \"hello\"\n"),
        ("src/lib.rs", "mod storage_v1;"),
    ];
    assert_eq!(
        lines("src", &files),
        "\nAdd to Cargo.toml:\n\n    [dependencies]\n    gapi-runtime = { path = \"../gapi/runtime\" }\n"
    );
}

#[test]
fn a_directory_below_the_root_is_a_module() {
    let files = [("Cargo.toml", COMPLETE), ("src/main.rs", "")];
    assert_eq!(
        lines("src/google", &files),
        "\nAdd to src/main.rs:\n\n    mod google;\n\
         \nCreate src/google.rs with:\n\n    //! Clients of Google APIs.\n\n    \
         #[rustfmt::skip]\n    pub(crate) mod storage_v1;\n"
    );
    for file in ["src/google.rs", "src/google/mod.rs"] {
        let files = [
            ("Cargo.toml", COMPLETE),
            ("src/lib.rs", "pub mod google;"),
            (file, ""),
        ];
        assert_eq!(
            lines("src/google", &files),
            format!("\nAdd to {file}:\n\n    #[rustfmt::skip]\n    pub mod storage_v1;\n")
        );
        let files = [
            ("Cargo.toml", COMPLETE),
            ("src/lib.rs", "mod google;"),
            (file, "pub mod storage_v1;"),
        ];
        assert_eq!(lines("src/google", &files), "", "{file}");
    }
}

#[test]
fn a_directory_further_down_is_a_module_in_a_module() {
    let files = [
        ("Cargo.toml", COMPLETE),
        ("src/lib.rs", "mod a;"),
        ("src/a.rs", ""),
    ];
    assert_eq!(
        lines("src/a/b", &files),
        "\nAdd to src/a.rs:\n\n    pub mod b;\n\
         \nCreate src/a/b.rs with:\n\n    //! Clients of Google APIs.\n\n    \
         #[rustfmt::skip]\n    pub mod storage_v1;\n"
    );
}

#[test]
fn a_module_may_be_written_in_the_file_of_another() {
    let root = |text| [("Cargo.toml", COMPLETE), ("src/main.rs", text)];
    assert_eq!(
        lines(
            "src/google",
            &root("mod google {\n    pub mod storage_v1;\n}\n")
        ),
        ""
    );
    assert_eq!(
        lines(
            "src/google",
            &root("mod google {\n    pub mod drive_v3;\n}\n")
        ),
        "\nAdd to `mod google`:\n\n    #[rustfmt::skip]\n    pub(crate) mod storage_v1;\n"
    );
}

#[test]
fn a_directory_that_is_no_module_gets_a_path() {
    let files = [("Cargo.toml", COMPLETE), ("src/main.rs", "")];
    for (out, path, name) in [
        ("clients", "../clients", "clients"),
        ("", "..", "hello"),
        ("src/my-apis", "my-apis", "my_apis"),
        ("src/type", "type", "google_type"),
        ("2026/apis", "../2026/apis", "apis"),
    ] {
        let said = lines(out, &files);
        let wanted = format!(
            "\nAdd to src/main.rs:\n\n    /// Clients of Google APIs.\n    #[path = \"{path}\"]\n    \
             mod {name} {{\n        #[rustfmt::skip]\n        pub(crate) mod storage_v1;\n    }}\n"
        );
        assert_eq!(said, wanted);
        let again = format!("#[path = \"{path}\"]\nmod {name} {{\n    pub mod drive_v3;\n}}");
        let said = lines(out, &[("Cargo.toml", COMPLETE), ("src/main.rs", &again)]);
        assert!(
            said.starts_with(&format!("\nAdd to `mod {name}`:\n")),
            "{said}"
        );
    }
}

#[test]
fn the_nearest_root_is_meant() {
    let manifest = format!("{COMPLETE}[[bin]]\nname = \"x\"\npath = \"programs/x.rs\"\n");
    for (out, root, line) in [
        ("src/bin/tool", "src/bin/tool/main.rs", "mod storage_v1;"),
        ("programs", "programs/x.rs", "mod storage_v1;"),
        ("src", "src/lib.rs", "pub mod storage_v1;"),
    ] {
        let files = [
            ("Cargo.toml", manifest.as_str()),
            ("src/lib.rs", ""),
            ("src/main.rs", ""),
            (root, ""),
        ];
        assert_eq!(
            lines(out, &files),
            format!("\nAdd to {root}:\n\n    #[rustfmt::skip]\n    {line}\n")
        );
    }
    // The library is used, although the program is possible, too.
    let files = [
        ("Cargo.toml", COMPLETE),
        ("src/lib.rs", ""),
        ("src/main.rs", "mod storage_v1;"),
    ];
    assert_eq!(lines("src", &files), "");
    let none = lines("src", &[("Cargo.toml", COMPLETE)]);
    assert!(
        none.starts_with("\nAdd to src/main.rs or src/lib.rs:\n"),
        "{none}"
    );
}

#[test]
fn tests_and_examples_have_dependencies_of_their_own() {
    let root = "tests/it/main.rs";
    let files = [("Cargo.toml", COMPLETE), ("src/lib.rs", ""), (root, "")];
    assert_eq!(
        lines("tests/it", &files),
        format!("\nAdd to {root}:\n\n    #[rustfmt::skip]\n    mod storage_v1;\n")
    );
    let manifest = format!("{NEW}\n[dev-dependencies]\n");
    let files = [("Cargo.toml", manifest.as_str()), ("src/lib.rs", "")];
    assert_eq!(
        lines("tests/common", &files),
        r#"
Add to the module whose directory is tests/common:

    #[rustfmt::skip]
    pub mod storage_v1;

Add to [dev-dependencies] in Cargo.toml:

    gapi-runtime = { path = "../gapi/runtime" }
    tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
"#
    );
    let manifest = format!("{manifest}gapi-runtime = \"0.1\"\n");
    let module = ("tests/common/mod.rs", "pub mod storage_v1;");
    let files = [
        ("Cargo.toml", manifest.as_str()),
        ("src/lib.rs", ""),
        module,
    ];
    assert_eq!(lines("tests/common", &files), "");
}

#[test]
fn modules_outside_of_a_package_are_told_once() {
    let said = lines("out", &[("Cargo.toml", "[workspace]\nmembers = []\n")]);
    assert_eq!(
        said,
        r#"
Add to the module whose directory is out:

    #[rustfmt::skip]
    pub mod storage_v1;

Add to [dependencies] in Cargo.toml:

    gapi-runtime = { path = "/home/me/gapi/runtime" }
    tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
"#
    );
    assert_eq!(lines_for(&["storage_v1"], false, "out", &[]), "");
    // The lines are printed as long as they are missing from the files.
    let files = [("Cargo.toml", NEW), ("src/main.rs", "")];
    let again = lines_for(&["storage_v1"], false, "src", &files);
    assert_eq!(again, lines("src", &files));
}

#[test]
fn streams_need_futures_util_and_a_runtime_that_is_not_there_comes_from_the_registry() {
    let generated = Generated {
        out: Path::new("/p/src"),
        modules: &["storage_v1".to_owned()],
        is_new: true,
        has_streams: true,
    };
    let around = Around {
        current: Path::new("/"),
        runtime: None,
    };
    let said = missing(generated, around, &|path| match path.to_str()? {
        "/p/Cargo.toml" => Some(NEW.to_owned()),
        "/p/src/lib.rs" => Some("mod storage_v1;".to_owned()),
        _ => None,
    });
    let wanted = format!(
        "\nAdd to [dependencies] in p/Cargo.toml:\n\n    gapi-runtime = \"{}\"\n    futures-util = \
         {{ version = \"0.3\", default-features = false }} # for streams: pages(), items()\n",
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(said, wanted);
}
