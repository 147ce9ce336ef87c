//! Generates the resources of Calendar, Drive and Gmail that the programs use.

fn main() -> Result<(), gapi_generator::Problem> {
    gapi_generator::Generator::new()
        .document("../workspace/discovery/calendar.v3.json")
        .resources("calendar:v3#events")
        .resources("calendar:v3#settings")
        .document("../workspace/discovery/drive.v3.json")
        .resources("drive:v3#files")
        .document("../workspace/discovery/gmail.v1.json")
        .resources("gmail:v1#users.messages")
        .generate()
}
