//! Generates the client of Cloud Storage, and those of `documents/`, as a user's build script does.

use std::{env, error::Error};

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::var("OUT_DIR")?;
    gapi_generator::Generator::new()
        .document("../../examples/build-script/discovery/storage.v1.json")
        .resources("storage:v1#buckets")
        .resources("storage:v1#objects")
        .document("documents")
        .allow_host("guestbook.appspot.com")
        .allow_host("guestbook.mtls.example.com")
        .allow_host("localhost:8080")
        .write_to(&out)?;
    Ok(())
}
