//! Generates the clients of the APIs that are not in the crate `gapi`.

fn main() -> Result<(), gapi_generator::Problem> {
    gapi_generator::Generator::new()
        .document("discovery/sheets.v4.json")
        .resources("sheets:v4#spreadsheets.values")
        // Other examples have these documents. Your project has its own in `discovery/`, from `gapi fetch`.
        .document("build-script/discovery/storage.v1.json")
        .resources("storage:v1#objects")
        .document("workspace/discovery/calendar.v3.json")
        .resources("calendar:v3#events")
        .document("workspace/discovery/drive.v3.json")
        .resources("drive:v3#files")
        .document("workspace/discovery/gmail.v1.json")
        .resources("gmail:v1#users.messages")
        .generate()
}
