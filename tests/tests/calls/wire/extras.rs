//! Headers, query parameters and etags that callers add to their calls.

use crate::golden::media::media_upload_and_download_v1::MediaUploadAndDownload;
use crate::golden::named::operations_read_by_name_v1::OperationsReadByName;
use futures_util::TryStreamExt;
use gapi::gapi_runtime::http::{HeaderMap, HeaderValue, header::ACCEPT};
use gapi::gapi_runtime::{
    Backoff, Bytes, Call, ClientBuilder, ErrorKind, Media, MockTransport, RetryPolicy, Service,
    http,
};
use gapi::healthcare_v1::CloudHealthcare;
use gapi::spanner_v1::projects::instances::operations::Operations;
use gapi::spanner_v1::{Spanner, StandardParameters};
use std::time::Duration;

const OPERATION: &str = "projects/p/instances/i/operations/o";
const PARENT: &str = "projects/p/instances/i/operations";
const STUDY: &str = "projects/p/locations/l/datasets/d/dicomStores/s";
const INSTANCE: &str = "studies/1/series/2/instances/3";

fn builder<S: Service>(mock: &MockTransport) -> ClientBuilder<S> {
    let backoff = Backoff::new().initial_delay(Duration::from_millis(1));
    let policy = RetryPolicy::new().backoff(backoff).without_throttle();
    let builder = ClientBuilder::new()
        .bearer_token("TOKEN")
        .api_key("AIza-key");
    builder.transport(mock.clone()).retry(policy)
}

async fn operations(mock: &MockTransport) -> Operations {
    let spanner: Spanner = builder(mock).build().await.unwrap();
    spanner.projects().instances().operations()
}

/// Returns the values of a header in each request.
fn values(mock: &MockTransport, name: &str) -> Vec<Vec<String>> {
    let requests = mock.requests();
    let values = requests.iter().map(|request| all(request.headers(), name));
    values.collect()
}

fn all(headers: &HeaderMap, name: &str) -> Vec<String> {
    let values = headers.get_all(name).iter();
    values
        .map(|value| value.to_str().unwrap().to_owned())
        .collect()
}

fn queries(mock: &MockTransport) -> Vec<String> {
    let requests = mock.requests();
    let queries = requests.iter().map(|request| request.uri().query());
    queries
        .map(|query| query.unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn case_r5_any_call_takes_a_header_and_a_parameter() {
    let mock = MockTransport::new().respond(200, "{}");
    let get = operations(&mock).await.get(OPERATION);
    let get = get
        .header("X-Note", "first")
        .header("x-note", "second")
        .header(ACCEPT, "application/x-protobuf")
        .header("x-number", 7)
        .query("undocumented[]", "a b&c")
        .query("undocumented[]", true)
        .query("other", 1.5)
        .fields("done")
        .if_match("\"etag\"");
    let debug = format!("{get:?}");
    assert!(
        debug.contains("x-note") && !debug.contains("second"),
        "{debug}"
    );
    get.send().await.unwrap();
    let request = mock.requests().pop().unwrap();
    let sent = |name| all(request.headers(), name);
    assert_eq!(sent("x-note"), ["first", "second"]);
    assert_eq!(sent("accept"), ["application/x-protobuf"]);
    assert_eq!(sent("x-number"), ["7"]);
    assert_eq!(sent("if-match"), ["\"etag\""]);
    assert_eq!(sent("authorization"), ["Bearer TOKEN"]);
    let query = "undocumented%5B%5D=a+b%26c&undocumented%5B%5D=true&other=1.5&fields=done&alt=json";
    assert_eq!(request.uri().query(), Some(query));
}

#[tokio::test]
async fn case_r5_all_that_is_reserved_is_told_at_once() {
    let mock = MockTransport::new();
    let call = operations(&mock).await.list(PARENT).filter("f");
    let call = call
        .header("Authorization", "Bearer SECRET")
        .header("host", "evil.example")
        .header("content-length", "0")
        .header("x-a", "SECRET\r\nx-evil: y")
        .header("b c", "SECRET")
        .query("alt", "json")
        .query("key", "SECRET")
        .query("name", "projects/SECRET")
        .query("filter", "SECRET")
        .query("pageSize", 1)
        .page_size(2)
        .if_match("");
    let error = call.send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::InvalidArgument, 0)
    );
    let text = format!("{error} {error:?}");
    for part in [
        "the header `authorization` is reserved: set the credentials",
        "the header `host` is reserved",
        "the header `content-length` is reserved",
        "the value of the header `x-a` has characters",
        "the name of a header is not a token",
        "the query parameter `alt` is reserved",
        "the query parameter `key` is reserved: set it with `api_key`",
        "`name` is a variable of the path",
        "`filter` is set by its setter and by `query`",
        "`pageSize` is set by its setter and by `query`",
        "the header `if-match` has no etag",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    assert!(!text.contains("SECRET") && !text.contains("evil"), "{text}");
    assert!(mock.requests().is_empty());
}

#[tokio::test]
async fn case_r5_attempts_pages_and_masks_keep_what_was_added() {
    let mock = MockTransport::new()
        .respond(503, "")
        .respond(
            200,
            r#"{"operations": [{"name": "a"}], "nextPageToken": "t"}"#,
        )
        .respond(200, r#"{"operations": [{"name": "b"}]}"#);
    let list = operations(&mock).await.list(PARENT).header("x-a", "1");
    // A mask that was added is a mask, and a token that was added is replaced.
    let list = list
        .query("fields", "operations(name)")
        .query("pageToken", "s");
    let items: Vec<_> = list.items().try_collect().await.unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(values(&mock, "x-a"), [["1"]; 3]);
    let mask = "fields=nextPageToken%2Coperations%28name%29";
    let first = format!("{mask}&pageToken=s&alt=json");
    let second = format!("{mask}&pageToken=t&alt=json");
    assert_eq!(queries(&mock), [first.clone(), first, second]);
}

#[tokio::test(start_paused = true)]
async fn case_r5_polls_have_the_headers_but_no_conditions() {
    let done = r#"{"name": "things/t/operations/o", "done": true, "response": {"size": 1}}"#;
    let mock = MockTransport::new()
        .respond(200, r#"{"name": "things/t/operations/o"}"#)
        .respond(200, done);
    let client: OperationsReadByName = builder(&mock).build().await.unwrap();
    let create = client
        .things()
        .create(None)
        .header("x-a", "1")
        .if_match("\"e\"");
    let create = create.header("accept", "a/b").query("q", 2);
    create
        .query("quotaUser", "u")
        .poller()
        .until_done()
        .await
        .unwrap();
    assert_eq!(values(&mock, "x-a"), [["1"]; 2]);
    assert_eq!(values(&mock, "accept"), [["a/b"], ["application/json"]]);
    assert!(values(&mock, "if-match")[1].is_empty());
    assert_eq!(
        queries(&mock),
        ["q=2&quotaUser=u&alt=json", "quotaUser=u&alt=json"]
    );

    // A call that reads the operation is its own poll.
    let mock = MockTransport::new()
        .respond(200, r#"{"name": "projects/p/instances/i/operations/o"}"#)
        .respond(
            200,
            r#"{"name": "projects/p/instances/i/operations/o", "done": true}"#,
        );
    let get = operations(&mock).await.get(OPERATION).header("x-a", "1");
    let get = get.if_none_match("\"e\"");
    get.poller().until_done().await.unwrap();
    assert_eq!(values(&mock, "x-a"), [["1"]; 2]);
    assert_eq!(values(&mock, "if-none-match"), [vec!["\"e\""], vec![]]);
}

#[tokio::test]
async fn case_r5_uploads_have_the_headers_in_each_request() {
    let session = http::Response::builder()
        .header(
            "location",
            "https://storage.googleapis.com/session?upload_id=1",
        )
        .body(Bytes::new())
        .unwrap();
    let kept = http::Response::builder()
        .status(308)
        .header("range", "bytes=0-262143");
    let mock = MockTransport::new()
        .respond_with(session)
        .respond_with(kept.body(Bytes::new()).unwrap())
        .respond(200, "{}")
        .respond(200, "{}");
    let client: MediaUploadAndDownload = builder(&mock).build().await.unwrap();
    let insert = || {
        let insert = client.things().insert(None).if_none_match("*");
        insert
            .header("x-goog-encryption-key", "SECRET")
            .query("q", "1")
    };
    let media = Media::new("image/png", vec![0; 262_145]);
    let upload = insert().upload(media).resumable().chunk_size(1);
    assert!(!format!("{upload:?}").contains("SECRET"));
    upload.send().await.unwrap();
    let media = Media::new("image/png", "a");
    insert().upload(media).send().await.unwrap();
    assert_eq!(values(&mock, "x-goog-encryption-key"), [["SECRET"]; 4]);
    let conditions = values(&mock, "if-none-match");
    let conditions: Vec<_> = conditions.iter().map(Vec::len).collect();
    assert_eq!(conditions, [1, 0, 0, 1]);
    assert!(!format!("{:?}", mock.requests()[1].headers()).contains("SECRET"));
    let queries = queries(&mock);
    assert_eq!(queries[0], "q=1&alt=json&uploadType=resumable");
    assert_eq!(queries[1], "upload_id=1");
    assert_eq!(queries[3], "q=1&alt=json&uploadType=media");
}

#[tokio::test]
async fn case_r5_downloads_and_batches_have_the_headers() {
    let mock = MockTransport::new().respond(200, "media").respond(400, "");
    let client: MediaUploadAndDownload = builder(&mock).build().await.unwrap();
    let get = client.things().get("x").header("x-a", "1").query("q", "2");
    assert_eq!(get.download().send().await.unwrap(), "media");
    assert_eq!(values(&mock, "x-a"), [["1"]]);
    assert_eq!(queries(&mock), ["q=2&alt=media"]);

    let spanner: Spanner = builder(&mock)
        .default_header("x-all", "2")
        .build()
        .await
        .unwrap();
    let operations = spanner.projects().instances().operations();
    let mut batch = spanner.batch();
    let _first = batch.add(
        operations
            .get(OPERATION)
            .header("x-a", "1")
            .if_match("\"e\""),
    );
    let _second = batch.add(operations.get(OPERATION));
    batch.send().await.unwrap_err();
    let request = mock.requests().pop().unwrap();
    assert_eq!(all(request.headers(), "x-all"), ["2"]);
    assert!(all(request.headers(), "x-a").is_empty());
    let body = str::from_utf8(request.body()).unwrap();
    assert_eq!(body.matches("\r\nx-a: 1\r\n").count(), 1, "{body}");
    assert_eq!(body.matches("\r\nif-match: \"e\"\r\n").count(), 1, "{body}");
    assert!(!body.contains("x-all"), "{body}");
}

#[tokio::test]
async fn case_r5_a_client_has_headers_for_all_calls() {
    let mock = MockTransport::with(|_| Ok(http::Response::new(Bytes::from_static(b"{}"))));
    let builder = || builder::<Spanner>(&mock);
    let spanner = builder()
        .default_header("x-a", "1")
        .default_header("x-a", "2")
        .default_header("x-b", "3")
        .default_header("accept", "application/json; q=1")
        .quota_project("of-client");
    let debug = format!("{spanner:?}");
    assert!(debug.contains("x-a") && !debug.contains("q=1"), "{debug}");
    let operations = spanner
        .build()
        .await
        .unwrap()
        .projects()
        .instances()
        .operations();
    operations.get(OPERATION).send().await.unwrap();
    let own = operations
        .get(OPERATION)
        .header("x-a", "4")
        .header("accept", "a/b");
    own.header("x-goog-user-project", "of-call")
        .send()
        .await
        .unwrap();
    assert_eq!(values(&mock, "x-a"), [vec!["1", "2"], vec!["4"]]);
    assert_eq!(values(&mock, "x-b"), [["3"], ["3"]]);
    assert_eq!(
        values(&mock, "accept"),
        [["application/json; q=1"], ["a/b"]]
    );
    assert_eq!(
        values(&mock, "x-goog-user-project"),
        [["of-client"], ["of-call"]]
    );

    let wrong = builder()
        .default_header("Authorization", "SECRET")
        .default_header("if-match", "\"e\"")
        .default_header("x-goog-user-project", "p")
        .default_header("x y", "z");
    let error = wrong.build().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    let text = error.to_string();
    for part in [
        "the header `authorization` is reserved",
        "the header `if-match` is for single calls: set it with `Call::if_match`",
        "use `quota_project`",
        "not a token",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("SECRET"), "{text}");
}

#[tokio::test]
async fn case_r5_etags_have_results_of_their_own() {
    let mock = MockTransport::new().respond(304, "").respond(412, "{}");
    let operations = operations(&mock).await;
    let read = operations
        .get(OPERATION)
        .if_none_match("W/\"1\"")
        .send()
        .await;
    let error = read.unwrap_err();
    assert!(
        error.is_not_modified() && !error.is_precondition_failed(),
        "{error}"
    );
    assert_eq!(error.kind(), ErrorKind::Http);
    let written = operations
        .delete(OPERATION)
        .if_match(HeaderValue::from_static("\"1\""));
    let error = written.send().await.unwrap_err();
    assert!(
        error.is_precondition_failed() && !error.is_not_modified(),
        "{error}"
    );
    assert_eq!(values(&mock, "if-none-match")[0], ["W/\"1\""]);
    assert_eq!(values(&mock, "if-match")[1], ["\"1\""]);
    assert_eq!(mock.requests().len(), 2);
}

#[tokio::test]
async fn case_r5_a_raw_response_is_requested_in_any_form() {
    let mock = MockTransport::with(|_| Ok(http::Response::new(Bytes::from_static(b"DICM"))));
    let healthcare: CloudHealthcare = builder(&mock).build().await.unwrap();
    let datasets = healthcare.projects().locations().datasets();
    let instances = datasets.dicom_stores().studies().series().instances();
    let retrieve = || instances.retrieve_instance(STUDY, INSTANCE);
    assert_eq!(retrieve().send().await.unwrap(), "DICM");
    let dicom = "application/dicom; transfer-syntax=*";
    retrieve().header("accept", dicom).send().await.unwrap();
    assert_eq!(values(&mock, "accept"), [["*/*"], [dicom]]);
    assert_eq!(queries(&mock), ["alt=json", "alt=json"]);
}
