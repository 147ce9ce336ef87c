//! Secrets that are hidden at unusual places: within other texts, compressed, in URLs, and under compound names.

use super::{File, client};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use gapi::spanner_v1::Spanner;
use gapi_runtime::cassette::Recorder;
use gapi_runtime::{Bytes, Call, MockTransport, TransportError, http};
use std::io::{Read as _, Write as _};

const NAME: &str = "projects/p/instances/i";
const CANARY: &str = "CANARY-of-a-session";

/// Returns the cassette of a call with this response.
async fn recorded(response: http::Response<Bytes>) -> String {
    let recorder = Recorder::new(MockTransport::new().respond_with(response));
    let spanner: Spanner = client(recorder.transport()).await;
    let _ = spanner.projects().instances().get(NAME).send().await;
    File::new().save(&recorder)
}

fn json(body: impl Into<Bytes>) -> http::Response<Bytes> {
    let response = http::Response::builder().header("content-type", "application/json");
    response.body(body.into()).unwrap()
}

/// Asserts that a cassette has no part of the canary, also not in base64.
fn assert_hidden(text: &str, what: &str) {
    assert!(!text.contains("CANARY"), "{what} is in {text}");
    let runs = text.split(|c: char| !(c.is_ascii_alphanumeric() || "+/-_".contains(c)));
    for run in runs {
        let run = run.replace('+', "-").replace('/', "_");
        let decoded = URL_SAFE_NO_PAD.decode(run).unwrap_or_default();
        let decoded = String::from_utf8_lossy(&decoded).into_owned();
        assert!(!decoded.contains("CANARY"), "{what} is in {text}");
    }
}

#[tokio::test]
async fn values_within_other_texts() {
    let inner = format!(r#"{{"password":"{CANARY}"}}"#);
    let escaped = inner.replace('"', "\\\"");
    for body in [
        format!(r#"{{"log":"the request failed: {escaped}"}}"#),
        format!(r#"{{"data":"{}"}}"#, STANDARD.encode(&inner)),
        format!(r#"{{"data":"{}"}}"#, URL_SAFE_NO_PAD.encode(&inner)),
        format!(
            r#"{{"data":"{}"}}"#,
            STANDARD.encode(format!("a=1&access_token={CANARY}"))
        ),
        format!(r#"{{"uri":"https://h/?data=%7B%22password%22%3A%22{CANARY}%22%7D&b=1"}}"#),
        format!(r#"{{"body":"access_token={CANARY}&a=1"}}"#),
        format!(r#"{{"body":"a\nclient_secret={CANARY}\n"}}"#),
        format!(r#"{{"uri":"https://h/callback#access_token={CANARY}&a=1"}}"#),
        format!(r#"{{"uri":"https://user:{CANARY}@h/path"}}"#),
    ] {
        assert_hidden(&recorded(json(body.clone())).await, &body);
    }
}

#[tokio::test]
async fn members_with_compound_names() {
    for name in [
        "adminPassword",
        "oauthAccessToken",
        "secretAccessKey",
        "sharedSecret",
        "keyFilePassphrase",
        "customToken",
        "pemPrivateKey",
    ] {
        let text = recorded(json(format!(r#"{{"labels":{{"{name}":"{CANARY}"}}}}"#))).await;
        assert_hidden(&text, name);
    }
    // Marks of positions, and names of secrets, are not secrets.
    let body = r#"{"nextPageToken":"a-page","resumeToken":"YQ==","secret":"projects/p/secrets/s/versions/1"}"#;
    let text = recorded(json(body)).await;
    assert!(text.contains(body), "{text}");
    assert!(text.contains("/v1/projects/p/instances/i"), "{text}");
}

#[tokio::test]
async fn headers_of_responses() {
    for (name, value) in [
        (
            "location",
            format!("https://h/callback#access_token={CANARY}"),
        ),
        ("location", format!("https://user:{CANARY}@h/path")),
        (
            "link",
            format!("<https://h/?a=1&oauth_token={CANARY}>; rel=next"),
        ),
        ("x-debug", format!(r#"{{"access_token":"{CANARY}"}}"#)),
    ] {
        let mut response = json("{}");
        let header = http::HeaderValue::from_str(&value).unwrap();
        response.headers_mut().insert(name, header);
        assert_hidden(&recorded(response).await, &value);
    }
    // Other texts stay as they are.
    let mut response = json("{}");
    let value = http::HeaderValue::from_bytes("attachment; filename=é.txt".as_bytes());
    response
        .headers_mut()
        .insert("content-disposition", value.unwrap());
    let text = recorded(response).await;
    assert!(text.contains("attachment; filename=é.txt"), "{text}");
}

#[tokio::test]
async fn compressed_bodies() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let inner = format!(r#"{{"password":"{CANARY}","a":1}}"#);
    encoder.write_all(inner.as_bytes()).unwrap();
    let response = http::Response::new(Bytes::from(encoder.finish().unwrap()));
    let text = recorded(response).await;
    let (_, rest) = text.split_once(r#""base64":""#).expect("a binary body");
    let gzip = STANDARD.decode(rest.split('"').next().unwrap()).unwrap();
    let mut content = String::new();
    GzDecoder::new(&gzip[..])
        .read_to_string(&mut content)
        .unwrap();
    assert_eq!(content, r#"{"password":"[hidden]","a":1}"#);
}

#[tokio::test]
async fn parameters_with_json_and_errors_of_transports() {
    let error = format!("no response from https://h/?a=1&access_token={CANARY}");
    let mock = MockTransport::with(move |_| Err(TransportError::other(error.clone())));
    let recorder = Recorder::new(mock);
    let spanner: Spanner = client(recorder.transport()).await;
    let call = spanner.projects().instances().get(NAME);
    let json = format!(r#"{{"password":"{CANARY}"}}"#);
    let call = Call::query(call, "settings", &*json);
    let call = Call::query(call, "encoded", STANDARD.encode(&json));
    call.send().await.unwrap_err();
    let file = File::new();
    assert_hidden(&file.save(&recorder), "a parameter or an error");
    // Hidden values are equal to any, also in base64.
    let cassette = file.open();
    let spanner: Spanner = client(cassette.transport()).await;
    let call = spanner.projects().instances().get(NAME);
    let json = r#"{"password":"another"}"#;
    let call = Call::query(call, "settings", json);
    let call = Call::query(call, "encoded", STANDARD.encode(json));
    call.send().await.unwrap_err();
    cassette.verify().unwrap();
}

#[tokio::test]
async fn a_hidden_name_of_a_resource_is_hidden_in_urls() {
    let mock = MockTransport::new().respond(200, r#"{"name":"projects/p/instances/confidential"}"#);
    let recorder = Recorder::new(mock).hide_field("name");
    let spanner: Spanner = client(recorder.transport()).await;
    let get = |spanner: &Spanner| {
        let call = spanner
            .projects()
            .instances()
            .get("projects/p/instances/confidential");
        call.send()
    };
    get(&spanner).await.unwrap();
    let file = File::new();
    let text = file.save(&recorder);
    assert!(!text.contains("confidential"), "{text}");
    let cassette = file.open();
    get(&client(cassette.transport()).await).await.unwrap();
    cassette.verify().unwrap();
}
