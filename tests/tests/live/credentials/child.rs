//! Our clients in a separate process, because the environment names the metadata server.

use super::{FLOWS, Flow, call};
use gapi_test_oauth::{Server, ToServer};
use std::path::Path;
use std::process::Command;

const NAME: &str = "GAPI_TEST_FLOW";
const ADDRESS: &str = "GAPI_TEST_SERVER";

/// Runs a flow on a machine with a metadata server and without files of credentials.
pub(super) fn run(flow: &Flow, server: &Server, home: &Path) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "credentials::child::child",
        "--exact",
        "--ignored",
        "--nocapture",
    ]);
    for (name, _) in std::env::vars() {
        if name.starts_with("GOOGLE_") || name.starts_with("GCE_") {
            command.env_remove(name);
        }
    }
    command
        .env(NAME, flow.name)
        .env(ADDRESS, server.host())
        .env("GCE_METADATA_HOST", server.host())
        .env("CLOUDSDK_CONFIG", home);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}:\n{said}", flow.name);
}

#[test]
#[ignore = "another test runs it, in an environment of its making"]
fn child() {
    let (Ok(name), Ok(address)) = (std::env::var(NAME), std::env::var(ADDRESS)) else {
        return;
    };
    let flow = FLOWS.iter().find(|flow| flow.name == name).unwrap();
    call(flow, ToServer::to(address), Path::new(""));
}
