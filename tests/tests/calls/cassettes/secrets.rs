//! Secrets never reach the file, in any encoding.

use super::{File, client, recorder_of};
use crate::golden::media::media_upload_and_download_v1 as files;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use files::{MediaUploadAndDownload, schemas::File as Thing};
use gapi::spanner_v1::{Spanner, StandardParameters};
use gapi_runtime::cassette::Recorder;
use gapi_runtime::{
    Bytes, Call, CredentialsContext, CredentialsError, CredentialsProvider, Media, MockTransport,
    http,
};

const TOKEN: &str = "ya29.a0AfB_byC/token+of=the~caller";
const KEY: &str = "AIzaSyD-key/of+the=caller";
const NAME: &str = "projects/p/instances/i";

/// Returns a text in encodings that servers, proxies and libraries use.
fn encodings(text: &str) -> Vec<String> {
    let percent = |text: &str| {
        let bytes = text.bytes().map(|byte| format!("%{byte:02X}"));
        bytes.collect::<Vec<_>>().concat()
    };
    let hex: Vec<_> = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let hex = hex.concat();
    let unicode: Vec<_> = text.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    let unicode = unicode.concat();
    vec![
        text.to_owned(),
        percent(text),
        percent(text).to_lowercase(),
        percent(&percent(text)),
        text.replace('/', "\\/"),
        unicode,
        hex.to_uppercase(),
        hex,
        STANDARD.encode(text),
        URL_SAFE_NO_PAD.encode(format!("a{text}")),
        STANDARD.encode(format!("Bearer {text}\n")),
        STANDARD.encode(STANDARD.encode(text)),
    ]
}

/// Asserts that a text contains no part of a secret in any encoding.
fn assert_hidden(text: &str, secret: &str) {
    let mut texts = vec![text.to_owned()];
    // Base64 in the file is searched, too.
    let runs = text.split(|c: char| !c.is_ascii_alphanumeric() && !"+/=-_".contains(c));
    for run in runs.filter(|run| run.len() > 15) {
        for start in 0..4.min(run.len()) {
            let run = run[start..]
                .trim_end_matches('=')
                .replace('+', "-")
                .replace('/', "_");
            let run = &run[..run.len() / 4 * 4];
            texts.extend(
                URL_SAFE_NO_PAD
                    .decode(run)
                    .ok()
                    .map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
            );
        }
    }
    for text in texts {
        for encoding in encodings(secret) {
            assert!(!text.contains(&encoding), "{encoding} is in {text}");
        }
    }
}

#[tokio::test]
async fn credentials_are_hidden_wherever_a_session_repeats_them() {
    let token = encodings(TOKEN).join(", ");
    let key = encodings(KEY).join(", ");
    let body = serde_json::json!({"error": {"code": 403, "message": format!("{token}; {key}")}});
    let body = body.to_string();
    let echo = move |_: &http::Request<Bytes>| {
        let response = http::Response::builder().status(403);
        let response = response.header("x-echo", format!("a {TOKEN}"));
        let response = response.header("set-cookie", "session-cookie-1234");
        let response = response.header("content-type", "application/json");
        Ok(response.body(body.clone().into()).unwrap())
    };
    for (status, is_late) in [(0, false), (1, true)] {
        let recorder = Recorder::new(MockTransport::with(echo.clone()));
        let builder = Spanner::builder().transport(recorder.transport());
        let spanner = match status {
            0 => builder.bearer_token(TOKEN).build().await.unwrap(),
            _ => builder.build().await.unwrap(),
        };
        let get = || spanner.projects().instances().get(NAME);
        if is_late {
            // The first response repeats what only a later request shows to be a secret.
            get().send().await.unwrap_err();
        }
        get()
            .access_token(TOKEN)
            .key(KEY)
            .header("x-goog-encryption-key", "the key of an object")
            .send()
            .await
            .unwrap_err();
        let text = File::new().save(&recorder);
        assert_hidden(&text, TOKEN);
        assert_hidden(&text, KEY);
        for secret in ["the key of an object", "session-cookie-1234"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(text.contains("access_token=%5Bhidden%5D"), "{text}");
        assert!(text.contains(r#""code":403"#), "{text}");
    }
}

#[tokio::test]
async fn members_that_are_credentials_or_configured_are_hidden() {
    let recorder = recorder_of(&[(
        200,
        r#"{"name": "n", "config": "the configuration", "labels": {"accessToken": "SECRET-1-of-the-server",
            "private_key": "-----BEGIN PRIVATE KEY-----\nSECRET2AAAA\n-----END", "password": "x", "count": 12345678},
            "displayName": "Confidential Name", "nodeCount": 7,
            "endpointUris": ["https://h/u?upload_id=SECRET-4-of-the-server\u0026b=1"],
            "log": "{\"refresh_token\":\"SECRET-3-of-the-server\",\"n\":1e999}"}"#,
    )]);
    let recorder = recorder
        .hide_field("display_name")
        .hide_field("nodeCount")
        .hide_field("count")
        .hide_header("X-Goog-User-Project")
        .hide_parameter("filter");
    let spanner: Spanner = client(recorder.transport()).await;
    let call = spanner.projects().instances().get(NAME);
    let call = call.header("x-goog-user-project", "payer-project");
    let call = Call::query(call, "filter", "secret filter");
    let call = Call::query(
        call,
        "next",
        "https://h/u?upload_id=SECRET-5-of-the-server&b=1",
    );
    call.send().await.unwrap();
    let file = File::new();
    let text = file.save(&recorder);
    for secret in [
        "SECRET",
        "BEGIN PRIVATE",
        "Confidential",
        "payer-project",
        "filter=secret",
        "12345678",
        "\"x\"",
    ] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
    for rest in [
        r#""name":"n","config":"the configuration""#,
        r#""nodeCount":0"#,
        r#""displayName":"[hidden]""#,
        r#"\"n\":1e999"#,
        r#""x-goog-user-project":"[hidden]""#,
    ] {
        assert!(text.contains(rest), "{rest} is not in {text}");
    }
    // Hidden values are equal to any.
    let cassette = file.open();
    let spanner: Spanner = client(cassette.transport()).await;
    let call = spanner.projects().instances().get(NAME);
    let call = Call::query(call, "filter", "another");
    let call = Call::query(call, "next", "https://h/u?upload_id=another&b=1");
    let instance = call.send().await.unwrap();
    assert_eq!(instance.display_name.as_deref(), Some("[hidden]"));
    cassette.verify().unwrap();
}

#[tokio::test]
async fn bodies_that_are_not_json_are_searched() {
    let broken = r#"[{"token": "SECRET-1-of-the-server"}, {"password": "SECRET-2-of"#;
    let binary = b"\xff\xfe{\"access_token\": \"SECRET-3-of-the-server\"}\0 SECRET-3-of-the-server";
    let response = http::Response::builder().header("content-type", "application/json");
    let mock = MockTransport::new()
        .respond_with(response.body(broken.into()).unwrap())
        .respond_with(http::Response::new(Bytes::from_static(binary)));
    let recorder = Recorder::new(mock);
    let spanner: Spanner = client(recorder.transport()).await;
    for _ in 0..2 {
        spanner
            .projects()
            .instances()
            .get(NAME)
            .send()
            .await
            .unwrap_err();
    }
    let text = File::new().save(&recorder);
    for secret in ["SECRET", &STANDARD.encode("SECRET-3")[..8]] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}

#[tokio::test]
async fn parts_of_uploads_and_batches_are_searched() {
    let session = "https://example.googleapis.com/upload?upload_id=ABPtcPr-secret-of-the-session";
    let begun = http::Response::builder().header("location", session);
    let mock = MockTransport::new()
        .respond(200, "{}")
        .respond_with(begun.body(Bytes::new()).unwrap())
        .respond(200, "{}")
        .respond(200, "{}");
    let recorder = Recorder::new(mock).hide_field("name");
    let api: MediaUploadAndDownload = client(recorder.transport()).await;
    let thing = || Thing {
        name: Some("a confidential name".to_owned()),
        ..Thing::default()
    };
    let media = || Media::new("image/png", &b"\x89PNG\xff\0"[..]);
    let insert = || api.things().insert(thing()).upload(media());
    insert().send().await.unwrap();
    insert().resumable().send().await.unwrap();
    let mut batch = api.batch();
    let call = api.things().replace("1", thing());
    let call = call.header("x-goog-encryption-key", "the key of an object");
    let _ = batch.add(Call::query(call, "signature", "the-signature-of-it"));
    batch.send().await.unwrap_err();
    let text = File::new().save(&recorder);
    for secret in [
        "ABPtcPr",
        "confidential name",
        "the key of an object",
        "the-signature-of-it",
        &STANDARD.encode("a confidential name")[4..20],
        &STANDARD.encode("xa confidential name")[4..20],
        &STANDARD.encode("xya confidential name")[4..20],
    ] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
    assert!(text.contains("upload_id=%5Bhidden%5D"), "{text}");
}

/// A provider that sends a request for a token through the transport of the client.
#[derive(Debug)]
struct Provider;

impl CredentialsProvider for Provider {
    fn headers<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> gapi_runtime::BoxFuture<'a, Result<http::HeaderMap, CredentialsError>> {
        let _ = context;
        Box::pin(async {
            let mut headers = http::HeaderMap::new();
            let value = http::HeaderValue::from_static("Bearer token-of-a-provider");
            headers.insert("authorization", value);
            Ok(headers)
        })
    }
}

#[tokio::test]
async fn tokens_of_providers_are_hidden() {
    let mock = MockTransport::new().respond(200, r#"{"name": "Bearer token-of-a-provider"}"#);
    let recorder = Recorder::new(mock);
    let builder = Spanner::builder().credentials(Provider);
    let spanner = builder
        .transport(recorder.transport())
        .build()
        .await
        .unwrap();
    spanner
        .projects()
        .instances()
        .get(NAME)
        .send()
        .await
        .unwrap();
    let text = File::new().save(&recorder);
    assert!(!text.contains("token-of-a-provider"), "{text}");
}

#[tokio::test]
async fn requests_for_tokens_are_not_recorded() {
    let mock = MockTransport::with(|request| {
        let body = if request.uri().path().ends_with("/token") {
            r#"{"access_token": "ya29.token-of-the-server", "expires_in": 3600, "token_type": "Bearer"}"#
        } else {
            r#"{"name": "n"}"#
        };
        Ok(http::Response::new(Bytes::from(body)))
    });
    let user = r#"{"type": "authorized_user", "client_id": "id", "client_secret": "secret-of-the-client",
        "refresh_token": "1//refresh-token-of-the-user"}"#;
    let recorder = Recorder::new(mock.clone());
    let builder = Spanner::builder().authorized_user(user);
    let spanner = builder
        .transport(recorder.transport())
        .build()
        .await
        .unwrap();
    spanner
        .projects()
        .instances()
        .get(NAME)
        .send()
        .await
        .unwrap();
    assert_eq!(mock.requests().len(), 2);
    let text = File::new().save(&recorder);
    assert_eq!(text.lines().count(), 2, "{text}");
    for secret in ["ya29", "refresh", "secret-of"] {
        assert!(!text.contains(secret), "{text}");
    }
}
