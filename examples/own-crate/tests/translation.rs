//! The program, with a server in the place of Cloud Translation.

use std::process::{Command, Output};

use gapi_test_oauth::{Response, Stub};
use serde_json::json;

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_own-crate"));
    for name in ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command.args(arguments).output().expect("the program runs")
}

#[test]
fn a_text_is_translated() {
    let server = Stub::start(|_, stream| {
        let translations = [json!({"translatedText": "Guten Morgen"})];
        Response::json(&json!({"data": {"translations": translations}})).write(stream)
    });
    let output = run(&["de", "Good morning", &server.url()]);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "Guten Morgen\n");
    assert!(output.status.success());

    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].path, "/language/translate/v2");
    assert_eq!(requests[0].json()["data"]["q"], json!(["Good morning"]));
}

#[test]
fn without_a_text_it_says_how_to_call_it() {
    let output = run(&["de"]);
    assert!(!output.status.success());
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(shown.contains("usage: own-crate LANGUAGE TEXT"), "{shown}");
}
