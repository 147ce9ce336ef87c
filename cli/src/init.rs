//! `gapi init`: writes a commented project file.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write as _},
    path::Path,
};

use clap::Args;
use gapi_generator::write::BANNER;

use crate::{
    api_version::{ApiVersion, Head, fold},
    documents,
    modules::runtime,
    project::FILE,
    setup::{paths, string},
    terminal::Talk,
};

#[derive(Args, Debug)]
#[command(after_help = "\
The file is written into this directory, unless there is one. It names the documents in discovery/ and an output that fits
the directory. Edit it as you like.

Examples:
  gapi init                 a file for the documents and the crate that are here
  gapi init drive:v3        a file that follows the Drive API
  gapi init drive:v3 && gapi fetch && gapi generate")]
pub(crate) struct Init {
    /// APIs for `gapi fetch`, with their versions (drive:v3), besides those of the documents in discovery/
    #[arg(value_name = "API", value_parser = api)]
    apis: Vec<ApiVersion>,
}

/// Reads `drive:v3`, `drive-v3` or `drive.v3`.
fn api(text: &str) -> Result<ApiVersion, String> {
    let parts = text
        .split_once([':', '.'])
        .or_else(|| text.rsplit_once('-'));
    let api = parts.and_then(|(name, version)| ApiVersion::new(name, version));
    api.ok_or_else(|| "expected NAME:VERSION, for example drive:v3".to_owned())
}

/// The contents of a directory that a new project file follows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// The APIs to follow.
    pub(crate) apis: Vec<ApiVersion>,
    pub(crate) output: FoundOutput,
}

/// The output of a new project file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum FoundOutput {
    /// A crate that was generated into this directory.
    Crate(String),
    /// Modules for the crate of this directory.
    #[default]
    Modules,
    /// A new crate with this name, and the path from it to the runtime if a clone has one.
    NewCrate {
        name: String,
        runtime: Option<String>,
    },
    /// None, because a build script generates.
    BuildScript,
}

/// `gapi init`
pub(crate) fn run(arguments: &Init, talk: &Talk) -> Result<(), String> {
    let text = text(&look(Path::new(""), &arguments.apis, runtime().as_deref()));
    // Neither replaces a file nor follows a link.
    let created = OpenOptions::new().write(true).create_new(true).open(FILE);
    let written = created.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            format!("error: {FILE} exists\n  help: edit it, or remove it first")
        }
        _ => format!("error: cannot write {FILE}: {error}"),
    })?;
    talk.say(&format!(
        "wrote {FILE}\nnext: `gapi fetch` gets the documents, `gapi generate` the clients\n"
    ))
}

/// Looks at a directory.
fn look(directory: &Path, apis: &[ApiVersion], runtime: Option<&Path>) -> Found {
    let mut apis = apis.to_vec();
    let paths = documents::paths(&directory.join("discovery")).unwrap_or_default();
    let heads = paths
        .iter()
        .filter_map(|path| Head::read(&fs::read(path).ok()?).ok());
    apis.extend(heads.map(|head| head.api));
    apis.sort();
    apis.dedup();
    let text = |path: &str| fs::read_to_string(directory.join(path)).unwrap_or_default();
    let is_package = text("Cargo.toml")
        .lines()
        .any(|line| line.trim() == "[package]");
    let output = if text("generated/src/lib.rs").starts_with(BANNER) {
        FoundOutput::Crate("generated".to_owned())
    } else if text("src/lib.rs").starts_with(BANNER) {
        FoundOutput::Crate(".".to_owned())
    } else if text("build.rs").contains("gapi_generator") {
        FoundOutput::BuildScript
    } else if is_package {
        FoundOutput::Modules
    } else {
        let name = match &apis[..] {
            [only] => fold(&only.to_string()),
            _ => "google-clients".to_owned(),
        };
        let runtime = runtime.and_then(|runtime| {
            let here = fs::canonicalize(Path::new(".").join(directory)).ok()?;
            paths::between(&here.join(&name), runtime)
        });
        FoundOutput::NewCrate { name, runtime }
    };
    Found { apis, output }
}

/// Returns the text of a project file.
pub(crate) fn text(found: &Found) -> String {
    let apis: Vec<String> = found
        .apis
        .iter()
        .map(|api| string(&api.to_string()))
        .collect();
    let apis = match &apis[..] {
        [] => "# apis = [\"drive:v3\"]".to_owned(),
        apis => format!("apis = [{}]", apis.join(", ")),
    };
    let output = match &found.output {
        FoundOutput::Crate(out) => {
            format!("[[output]]\nout = {}\nflavor = \"crate\"\n", string(out))
        }
        FoundOutput::NewCrate { name, runtime } => {
            let name = string(name);
            let runtime = runtime.as_ref().map(|path| {
                let path = string(path);
                format!("# gapi-runtime is not on crates.io yet.\nruntime-path = {path}\n")
            });
            let runtime = runtime.unwrap_or_default();
            format!("[[output]]\nout = {name}\nflavor = \"crate\"\nname = {name}\n{runtime}")
        }
        FoundOutput::Modules => "[[output]]\nout = \"src\"\n".to_owned(),
        FoundOutput::BuildScript => {
            "# The build script generates the clients. An output would be, for example:\n\
             # [[output]]\n# out = \"src\"\n"
                .to_owned()
        }
    };
    format!(
        r#"# The clients of this project, for the program `gapi`. Paths are relative to this file.

# The directory of the documents.
discovery = "discovery"

# `gapi fetch` updates these APIs. Without `apis` it updates the documents that are there.
[fetch]
{apis}

# `gapi generate` writes each output, and `gapi check` compares it.
{output}
# Keys of an output, besides `out`:
# flavor = "crate"                      # a separate crate, or "crates" for a crate for each document; by default modules
#                                       # of an existing crate
# documents = ["discovery/*.json"]      # paths, patterns, or names such as "drive-v3"; by default all documents
# resources = ["drive:v3#files"]        # only these resources or methods, and the schemas that they reach; "!files.watch"
#                                       # excludes
# renames = {{ "drive:v3#/schemas/File" = "DriveFile" }}
# derives = {{ "drive:v3#File" = "Hash" }}
# allow-hosts = ["api.example.com"]     # hosts outside googleapis.com
# name = "my-clients"                   # of a crate, as are the next two; "my-{{api}}" for crates
# version = "0.1.0"
# runtime-path = "../gapi/runtime"
"#
    )
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use std::{fs, path::Path};

    use super::{BANNER, Found, FoundOutput, api, look, text};
    use crate::project::errors_of;

    #[test]
    fn every_new_file_is_valid_with_its_comments_and_without() {
        let apis = ["drive:v3", "spanner-v1", "admin.directory_v1"];
        let apis = apis.map(|name| api(name).expect("an API"));
        for output in [
            FoundOutput::Crate("generated".into()),
            FoundOutput::NewCrate {
                name: "my\"crate".into(),
                runtime: Some("../gapi/runtime".into()),
            },
            FoundOutput::Modules,
            FoundOutput::BuildScript,
        ] {
            for apis in [&apis[..], &[]] {
                let text = text(&Found {
                    apis: apis.to_vec(),
                    output: output.clone(),
                });
                assert_eq!(errors_of(&text), "", "{text}");
            }
        }
        // Each key that the comments show is a key.
        let text = text(&Found {
            apis: Vec::new(),
            output: FoundOutput::Modules,
        });
        let shown = text.replace("# apis", "apis").replace("# flavor", "flavor");
        let keys = [
            "documents",
            "resources",
            "renames",
            "derives",
            "allow-hosts",
            "name",
            "version",
            "runtime-path",
        ];
        let shown = keys.iter().fold(shown, |text, key| {
            let line = format!("# {key} = ");
            assert!(text.contains(&line), "{key}");
            text.replace(&line, &format!("{key} = "))
        });
        assert_eq!(errors_of(&shown), "", "{shown}");
    }

    #[test]
    fn names_of_apis_have_a_version() {
        for name in ["drive", "", ":v3", "drive:", "dri ve:v3"] {
            assert!(api(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_new_file_fits_the_directory() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let found = |apis: &[_]| look(directory.path(), apis, None).output;
        let write = |path: &str, text: &str| {
            let path = directory.path().join(path);
            fs::create_dir_all(path.parent().expect("a directory")).expect("create");
            fs::write(path, text).expect("write");
        };
        let drive = api("drive:v3").expect("an API");
        let new = |name: &str, runtime: Option<&str>| FoundOutput::NewCrate {
            name: name.to_owned(),
            runtime: runtime.map(str::to_owned),
        };
        assert_eq!(found(&[]), new("google-clients", None));
        assert_eq!(found(&[drive]), new("drive-v3", None));
        let here = fs::canonicalize(directory.path()).expect("it exists");
        let runtime = here.join("gapi/runtime");
        let with_runtime = look(directory.path(), &[], Some(&runtime)).output;
        assert_eq!(with_runtime, new("google-clients", Some("../gapi/runtime")));
        write("Cargo.toml", "[package]\nname = \"a\"\n");
        assert_eq!(found(&[]), FoundOutput::Modules);
        write("build.rs", "fn main() { gapi_generator::build(\"a\") }");
        assert_eq!(found(&[]), FoundOutput::BuildScript);
        write("generated/src/lib.rs", BANNER);
        assert_eq!(found(&[]), FoundOutput::Crate("generated".into()));
        let head = r#"{"kind": "discovery#restDescription", "name": "a", "version": "v1"}"#;
        write("discovery/x.json", head);
        write("discovery/broken.json", "{");
        let apis = look(directory.path(), &[], None).apis;
        assert_eq!(apis, [api("a:v1").expect("an API")]);
        assert_eq!(look(Path::new("/nonexistent"), &[], None).apis, []);
    }
}
