//! Generates the client of Cloud Storage that the live tests and the README use, and those of the documents in `documents/`,
//! as a user's build script does. They are not among the checked-in clients. And makes the README's code into doctests.

use std::{env, error::Error, fs, path::Path};

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
    println!("cargo::rerun-if-changed=readme.rs");
    let text = fs::read_to_string("../README.md")?;
    fs::write(Path::new(&out).join("readme.md"), readme::doctests(&text))?;
    Ok(())
}
