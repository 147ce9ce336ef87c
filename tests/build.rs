//! Generates the client of Cloud Storage that the live tests and the documents use, and those of `documents/`, as a user's
//! build script does. They are not among the checked-in clients. Makes doctests of the code in README.md, `docs/` and the
//! front page of the runtime.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

#[path = "readme.rs"]
mod readme;

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::var("OUT_DIR")?;
    gapi_generator::Generator::new()
        .document("../examples/build-script/discovery/storage.v1.json")
        .resources("storage:v1#buckets")
        .resources("storage:v1#objects")
        .document("documents")
        .write_to(&out)?;
    println!("cargo::rerun-if-changed=../README.md");
    println!("cargo::rerun-if-changed=../runtime/README.md");
    println!("cargo::rerun-if-changed=../docs");
    println!("cargo::rerun-if-changed=readme.rs");
    let mut paths = ["../README.md", "../runtime/README.md"]
        .map(PathBuf::from)
        .to_vec();
    for entry in fs::read_dir("../docs")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut doctests = String::new();
    for path in paths {
        let text = fs::read_to_string(&path)?;
        doctests.push_str(&readme::doctests(&text));
        check_quotations(&path, &text)?;
    }
    fs::write(Path::new(&out).join("readme.md"), doctests)?;
    Ok(())
}

/// Fails if a block of code names a file of this repository and differs from it.
fn check_quotations(path: &Path, text: &str) -> Result<(), String> {
    for (name, code) in readme::quoted(text) {
        let Ok(file) = fs::read_to_string(Path::new("..").join(name)) else {
            continue;
        };
        println!("cargo::rerun-if-changed=../{name}");
        if readme::code(&file.lines().collect::<Vec<_>>()) != code {
            return Err(format!(
                "{} quotes {name}, which has other code",
                path.display()
            ));
        }
    }
    Ok(())
}
