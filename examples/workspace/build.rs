//! Generates the resources of Gmail, Drive and Calendar that the programs use.

fn main() -> Result<(), gapi_generator::Problem> {
    gapi_generator::Generator::new()
        .document("discovery")
        .resources("gmail:v1#users.messages")
        .resources("drive:v3#files")
        .resources("calendar:v3#events")
        .generate()
}
