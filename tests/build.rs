//! Generates the client of Cloud Storage that `live.rs` uses, as a user's build script does.
//!
//! It is not one of the checked-in clients. The document is that of the example.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    gapi_generator::Generator::new()
        .document("../examples/build-script/discovery/storage.v1.json")
        .resources("buckets")
        .resources("objects")
        .write_to(std::env::var("OUT_DIR")?)?;
    Ok(())
}
