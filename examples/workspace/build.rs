//! Generates the resources of Gmail, Drive, Calendar and Directory that the programs use.

fn main() -> Result<(), gapi_generator::Problem> {
    gapi_generator::Generator::new()
        .document("discovery")
        .resources("gmail:v1#users.messages")
        .resources("drive:v3#files")
        .resources("calendar:v3#events")
        .resources("admin:directory_v1#users")
        .generate()
}
