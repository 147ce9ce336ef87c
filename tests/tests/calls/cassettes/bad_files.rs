//! Files that are not cassettes, and sessions that cannot be saved.

use super::{File, client, recorder_of};
use gapi::spanner_v1::Spanner;
use gapi_runtime::cassette::Cassette;

#[test]
fn errors_name_the_file_and_the_line() {
    let head = r#"{"cassette":1}"#;
    let request = r#""method":"m","request":{"verb":"GET","url":"https://h/"}"#;
    for (text, expected) in [
        ("", ", line 1: the file is empty"),
        ("{", ", line 1: the line is not JSON, column 1: "),
        (
            "{}",
            ", line 1: the file is not a cassette: `cassette` is missing",
        ),
        (
            r#"{"cassette":2}"#,
            ", line 1: the format has version 2, only 1 is known",
        ),
        (
            &format!("{head}\n\n{{}}\n"),
            ", line 3: `request` is missing",
        ),
        (&format!("{head}\n[1]\n"), ", line 2: `request` is missing"),
        (
            &format!("{head}\n{{{request}}}"),
            ", line 2: `response` is missing, and so are `fault` and `canceled`",
        ),
        (
            &format!("{head}\n{{{request},\"response\":{{\"status\":7}}}}"),
            ", line 2: `status` of the response is not an HTTP status",
        ),
        (
            &format!(
                "{head}\n{{{request},\"response\":{{\"status\":200,\"headers\":{{\"a b\":\"c\"}}}}}}"
            ),
            ", line 2: the header `a b` is not valid",
        ),
        (
            &format!(
                "{head}\n{{{request},\"response\":{{\"status\":200,\"body\":{{\"base64\":\"?\"}}}}}}"
            ),
            ", line 2: `base64` is not valid: ",
        ),
        (
            &format!("{head}\n{{{request},\"response\":{{\"status\":200,\"body\":{{}}}}}}"),
            ", line 2: a body has none of `json`, `text`, `base64` and `chunks`",
        ),
        (
            &format!("{head}\n{{\"request\":{{\"verb\":\"GET\"}},\"canceled\":true}}"),
            ", line 2: `method` is missing, or is not a string",
        ),
        (
            &format!(
                "{head}\n{{\"method\":\"m\",\"request\":{{\"verb\":\"GET\"}},\"canceled\":true}}"
            ),
            ", line 2: `url` is missing, or is not a string",
        ),
    ] {
        let file = File::new();
        std::fs::write(file.path(), text).unwrap();
        let error = Cassette::open(file.path()).unwrap_err();
        let shown = error.to_string();
        let path = file.path();
        let shown = shown.strip_prefix(&format!("cassette {}", path.display()));
        let shown = shown.expect("it names the file");
        assert!(shown.starts_with(expected), "{shown}");
        assert_eq!(format!("{error:?}"), error.to_string());
    }
    let missing = Cassette::open("no/such/file.jsonl").unwrap_err();
    assert!(
        missing
            .to_string()
            .starts_with("cassette no/such/file.jsonl: "),
        "{missing}"
    );
    assert_eq!(missing.line(), None);
    let file = File::new();
    std::fs::write(file.path(), b"\xff\n").unwrap();
    Cassette::open(file.path()).unwrap_err();
}

#[test]
fn a_cassette_without_requests_is_one() {
    let file = File::new();
    std::fs::write(file.path(), "{\"cassette\":1}\n").unwrap();
    file.open().verify().unwrap();
}

#[tokio::test]
async fn a_session_that_is_too_large_is_not_saved() {
    let recorder = recorder_of(&[(200, r#"{"name": "a"}"#); 2]).max_size(20);
    let spanner: Spanner = client(recorder.transport()).await;
    let file = File::new();
    for _ in 0..2 {
        spanner
            .projects()
            .instances()
            .get("projects/p/instances/i")
            .send()
            .await
            .unwrap();
    }
    let error = recorder.save(file.path()).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("the session has ") && text.ends_with(" bytes, more than the limit of 20"),
        "{text}"
    );
    assert!(!file.path().exists());
}

#[tokio::test]
async fn a_file_is_replaced_as_a_whole_and_links_are_not_followed() {
    let recorder = recorder_of(&[(200, r#"{"name": "a"}"#)]);
    let spanner: Spanner = client(recorder.transport()).await;
    spanner
        .projects()
        .instances()
        .get("projects/p/instances/i")
        .send()
        .await
        .unwrap();
    let file = File::new();
    std::fs::write(file.path(), "something else").unwrap();
    assert!(file.save(&recorder).starts_with(r#"{"cassette":1,"#));
    #[cfg(unix)]
    {
        let victim = tempfile::NamedTempFile::new().unwrap();
        std::fs::remove_file(file.path()).unwrap();
        std::os::unix::fs::symlink(victim.path(), file.path()).unwrap();
        file.save(&recorder);
        assert_eq!(std::fs::read_to_string(victim.path()).unwrap(), "");
    }
    let error = recorder
        .save("no/such/directory/session.jsonl")
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("cassette no/such/directory/session.jsonl: ")
    );
}
