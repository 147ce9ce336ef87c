//! Generates the clients of the examples and those of `documents/`, as a user's build script does.

use std::{env, error::Error};

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::var("OUT_DIR")?;
    gapi_generator::Generator::new()
        .document("../../examples/build-script/discovery/storage.v1.json")
        .resources("storage:v1#buckets")
        .resources("storage:v1#objects")
        .document("../../examples/workspace/discovery/calendar.v3.json")
        .resources("calendar:v3#events")
        .document("../../examples/workspace/discovery/drive.v3.json")
        .resources("drive:v3#files")
        .document("../../examples/workspace/discovery/gmail.v1.json")
        .resources("gmail:v1#users.messages")
        .document("../../examples/discovery/sheets.v4.json")
        .resources("sheets:v4#spreadsheets.values")
        .document("documents")
        .allow_host("guestbook.appspot.com")
        .allow_host("guestbook.mtls.example.com")
        .allow_host("localhost:8080")
        .write_to(&out)?;
    Ok(())
}
