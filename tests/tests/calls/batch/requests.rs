//! The request of a batch.

use super::media::media_upload_and_download_v1::MediaUploadAndDownload;
use super::versioned::api_version_header_v1::ApiVersionHeader;
use super::wrapped::data_wrapper_v1::{DataWrapper, schemas};
use super::{INSTANCE, OPERATION, client, header, response, spanner};
use gapi::healthcare_v1::CloudHealthcare;
use gapi::spanner_v1::StandardParameters;
use gapi::spanner_v1::schemas::CreateInstanceRequest;
use gapi_runtime::{Bytes, ErrorKind, MockTransport, RawBody, http, serde_json};
use serde_json::json;

/// A part: the headers of the part, the request line, its headers (each sorted), its body.
struct Part {
    head: Vec<String>,
    line: String,
    headers: Vec<String>,
    body: String,
}

fn sorted(lines: &str) -> Vec<String> {
    let mut lines: Vec<String> = lines.split("\r\n").map(str::to_owned).collect();
    lines.sort_by_key(|line| line.to_lowercase());
    lines
}

fn parts(request: &http::Request<Bytes>) -> Vec<Part> {
    let boundary = header(request, "content-type")
        .strip_prefix("multipart/mixed; boundary=\"")
        .and_then(|boundary| boundary.strip_suffix('"'))
        .expect("a boundary");
    let body = str::from_utf8(request.body()).expect("text");
    let body = body.strip_suffix(&format!("\r\n--{boundary}--\r\n"));
    let body = format!("\r\n{}", body.expect("an end"));
    let delimiter = format!("\r\n--{boundary}\r\n");
    let parts = body.split(&delimiter).skip(1).map(|part| {
        let (head, content) = part.split_once("\r\n\r\n").expect("an empty line");
        let (start, body) = content.split_once("\r\n\r\n").expect("an empty line");
        let (line, headers) = start.split_once("\r\n").expect("headers");
        Part {
            head: sorted(head),
            line: line.to_owned(),
            headers: sorted(headers),
            body: body.to_owned(),
        }
    });
    parts.collect()
}

#[tokio::test]
async fn every_call_is_a_part() {
    let mock = MockTransport::new().respond_with(response(&[]));
    let spanner = spanner(&mock).await;
    let instances = spanner.projects().instances();
    let mut batch = spanner.batch();
    assert!(batch.is_empty());
    let request = CreateInstanceRequest {
        instance_id: Some("é".to_owned()),
        ..CreateInstanceRequest::default()
    };
    let _ = batch.add(instances.operations().get(OPERATION));
    let list = instances.list("projects/p").filter("a b").page_size(2);
    let _ = batch.add(list.fields("instances(name)"));
    let _ = batch.add(instances.create("projects/p", request));
    let _ = batch.add(instances.operations().cancel(OPERATION));
    let _ = batch.add(instances.delete(INSTANCE));
    assert_eq!(batch.len(), 5);
    assert!(mock.requests().is_empty());
    let _ = batch.send().await.unwrap();

    let request = &mock.requests()[0];
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://spanner.googleapis.com/batch");
    assert_eq!(header(request, "authorization"), "Bearer TOKEN");
    assert_eq!(header(request, "x-goog-user-project"), "payer");
    assert!(header(request, "user-agent").starts_with("gapi/"));
    assert_eq!(mock.requests().len(), 1);
    let text = str::from_utf8(request.body()).unwrap();
    assert!(!text.contains("TOKEN") && !text.contains("payer"));

    let parts = parts(request);
    let common = ["accept: application/json", "host: spanner.googleapis.com"];
    for (position, part) in parts.iter().enumerate() {
        let expected = [
            format!("Content-ID: <call-{position}>"),
            "Content-Transfer-Encoding: binary".to_owned(),
            "Content-Type: application/http".to_owned(),
            "MIME-Version: 1.0".to_owned(),
        ];
        assert_eq!(part.head, expected);
    }
    for (position, line) in [
        (0, format!("GET /v1/{OPERATION}?alt=json HTTP/1.1")),
        (
            1,
            "GET /v1/projects/p/instances?filter=a+b&pageSize=2&fields=instances%28name%29&alt=json HTTP/1.1"
                .to_owned(),
        ),
        (3, format!("POST /v1/{OPERATION}:cancel?alt=json HTTP/1.1")),
        (4, format!("DELETE /v1/{INSTANCE}?alt=json HTTP/1.1")),
    ] {
        assert_eq!(parts[position].line, line);
        assert_eq!(parts[position].headers, common);
        assert_eq!(parts[position].body, "");
    }
    let create = &parts[2];
    assert_eq!(
        create.line,
        "POST /v1/projects/p/instances?alt=json HTTP/1.1"
    );
    let length = format!("content-length: {}", create.body.len());
    let expected = [
        common[0],
        &length,
        "content-type: application/json",
        common[1],
    ];
    assert_eq!(create.headers, expected);
    let body: serde_json::Value = serde_json::from_str(&create.body).unwrap();
    assert_eq!(body, json!({"instanceId": "é"}));
    assert_eq!(parts.len(), 5);
}

#[tokio::test]
async fn the_paths_of_the_service_and_of_its_batches_are_those_of_the_document() {
    for (endpoint, root) in [
        (None, "https://example.googleapis.com/"),
        (
            Some("http://localhost:1234/proxy"),
            "http://localhost:1234/proxy/",
        ),
    ] {
        let mock = MockTransport::new().respond_with(response(&[]));
        let builder = MediaUploadAndDownload::builder().transport(mock.clone());
        let builder = match endpoint {
            Some(endpoint) => builder.endpoint(endpoint),
            None => builder,
        };
        let media = builder.build().await.unwrap();
        let mut batch = media.batch();
        let _ = batch.add(media.things().get("a/b"));
        let _ = batch.send().await.unwrap();
        let request = &mock.requests()[0];
        assert_eq!(request.uri().to_string(), format!("{root}batch/media/v1"));
        let root: http::Uri = root.parse().unwrap();
        let part = &parts(request)[0];
        let path = root.path();
        assert_eq!(
            part.line,
            format!("GET {path}media/v1/files/a%2Fb?alt=json HTTP/1.1")
        );
        assert!(
            part.headers
                .contains(&format!("host: {}", root.authority().unwrap()))
        );
    }
}

#[tokio::test]
async fn parts_have_what_their_methods_need() {
    let mock = MockTransport::with(|_| Ok(response(&[])));
    let versioned: ApiVersionHeader = client(&mock).await;
    let mut batch = versioned.batch();
    let _ = batch.add(versioned.things().get());
    let _ = batch.send().await.unwrap();
    let wrapped: DataWrapper = client(&mock).await;
    let mut batch = wrapped.batch();
    let body = schemas::Request {
        q: Some("x".to_owned()),
        ..Default::default()
    };
    let _ = batch.add(wrapped.things().translate(body));
    let _ = batch.send().await.unwrap();
    let healthcare: CloudHealthcare = client(&mock).await;
    let stores = healthcare.projects().locations().datasets().fhir_stores();
    let mut batch = healthcare.batch();
    let name = "projects/p/locations/l/datasets/d/fhirStores/f/fhir/Patient/1";
    let body = RawBody::new("application/fhir+json", "{\r\n--gapi}");
    let _ = batch.add(stores.fhir().update(name, body));
    let _ = batch.send().await.unwrap();

    let requests = mock.requests();
    let version = "x-goog-api-version: 2026-11-01".to_owned();
    assert!(parts(&requests[0])[0].headers.contains(&version));
    assert_eq!(parts(&requests[1])[0].body, r#"{"data":{"q":"x"}}"#);
    let raw = &parts(&requests[2])[0];
    let content_type = "content-type: application/fhir+json".to_owned();
    assert!(raw.headers.contains(&content_type));
    assert_eq!(raw.body, "{\r\n--gapi}");
}

#[tokio::test]
async fn a_long_get_stays_one() {
    let mock = MockTransport::new().respond_with(response(&[]));
    let spanner = spanner(&mock).await;
    let mut batch = spanner.batch();
    let instances = spanner.projects().instances();
    let _ = batch.add(instances.list("projects/p").filter("f".repeat(3000)));
    let _ = batch.send().await.unwrap();
    let line = &parts(&mock.requests()[0])[0].line;
    assert!(line.starts_with("GET /v1/projects/p/instances?filter=fff"));
    assert!(line.ends_with("f&alt=json HTTP/1.1"));
}

#[tokio::test]
async fn an_empty_batch_sends_nothing() {
    let mock = MockTransport::new();
    let _ = spanner(&mock).await.batch().send().await.unwrap();
    assert!(mock.requests().is_empty());
}

#[tokio::test]
async fn a_rejected_call_is_its_own_error_and_the_others_are_sent() {
    let mock = MockTransport::new().respond_with(response(&[(1, &super::ok("{}"))]));
    let client = spanner(&mock).await;
    let other = spanner(&MockTransport::new()).await;
    let operations = client.projects().instances().operations();
    let mut batch = client.batch();
    let rejected = batch.add(operations.get("SECRET/.."));
    let sent = batch.add(operations.get(OPERATION));
    let foreign = batch.add(other.projects().instances().operations().get(OPERATION));
    let mut responses = batch.send().await.unwrap();
    let id = "spanner.projects.instances.operations.get";
    for (key, reason) in [
        (rejected, "name contains a `.` or `..` path segment"),
        (foreign, "the call is of another client than the batch"),
    ] {
        let error = responses.take(key).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert_eq!(error.to_string(), format!("{id}: {reason}"));
        assert!(!format!("{error:?}").contains("SECRET"));
    }
    assert!(responses.take(sent).is_ok());
    let parts = parts(&mock.requests()[0]);
    assert_eq!(parts.len(), 1);
    assert!(parts[0].head.contains(&"Content-ID: <call-1>".to_owned()));

    let mut batch = client.batch();
    let rejected = batch.add(operations.get(""));
    let mut responses = batch.send().await.unwrap();
    assert!(responses.take(rejected).is_err());
    assert_eq!(mock.requests().len(), 1);
}

#[tokio::test]
async fn a_batch_has_a_thousand_calls_at_most() {
    let mock = MockTransport::new().respond_with(response(&[]));
    let spanner = spanner(&mock).await;
    let operations = spanner.projects().instances().operations();
    let batch_of = |calls: usize| {
        let mut batch = spanner.batch();
        for _ in 0..calls {
            let _ = batch.add(operations.get(OPERATION));
        }
        batch
    };
    let error = batch_of(1001).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(
        error.to_string(),
        "batch: a batch takes at most 1000 calls, not 1001"
    );
    assert!(mock.requests().is_empty());
    let _ = batch_of(1000).send().await.unwrap();
    assert_eq!(parts(&mock.requests()[0]).len(), 1000);
}

#[tokio::test]
async fn debug_shows_no_values() {
    let mock = MockTransport::new().respond_with(response(&[(0, &super::ok("\"SECRET\""))]));
    let spanner = spanner(&mock).await;
    let operations = spanner.projects().instances().operations();
    let mut batch = spanner.batch();
    let key = batch.add(operations.get("projects/SECRET/instances/i/operations/o"));
    let before = format!("{batch:?} {key:?}");
    let responses = batch.send().await.unwrap();
    let shown = format!("{before} {responses:?}");
    assert!(
        !shown.contains("SECRET") && !shown.contains("TOKEN"),
        "{shown}"
    );
}
