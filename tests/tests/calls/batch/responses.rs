//! Responses to batches.

use super::wrapped::data_wrapper_v1::{DataWrapper, schemas::Request};
use super::{INSTANCE, OPERATION, client, ok, response, spanner};
use gapi::healthcare_v1::CloudHealthcare;
use gapi::spanner_v1::schemas::{Empty, ListInstancesResponse, Operation};
use gapi_runtime::{Bytes, Error, ErrorKind, MockTransport, http};
use gapi_tests::random::Random;

const GET: &str = "spanner.projects.instances.operations.get";

#[tokio::test]
async fn each_call_gets_its_own_response_in_any_order() {
    let status = r#"{"error": {"code": 404, "status": "NOT_FOUND", "message": "gone",
        "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "R"}]}}"#;
    let not_found = format!("HTTP/1.1 404 Not Found\r\nX-Kept: yes\r\n\r\n{status}");
    let mock = MockTransport::new().respond_with(response(&[
        (3, "HTTP/1.1 204 No Content\r\n\r\n"),
        (1, &ok(r#"{"instances": [{"name": "i"}]}"#)),
        (2, &not_found),
        (0, &ok(r#"{"name": "o", "new": 1}"#)),
    ]));
    let spanner = spanner(&mock).await;
    let instances = spanner.projects().instances();
    let mut batch = spanner.batch();
    let operation = batch.add(instances.operations().get(OPERATION));
    let list = batch.add(instances.list("projects/p"));
    let missing = batch.add(instances.get(INSTANCE));
    let deleted = batch.add(instances.delete(INSTANCE));
    let mut responses = batch.send().await.unwrap();

    let deleted: http::Response<Empty> = responses.take_with_headers(deleted).unwrap();
    assert_eq!(deleted.status(), 204);
    let list: ListInstancesResponse = responses.take(list).unwrap();
    assert_eq!(list.instances.unwrap()[0].name.as_deref(), Some("i"));
    let operation: Operation = responses.take(operation).unwrap();
    assert_eq!(operation.name.as_deref(), Some("o"));
    assert!(operation.unknown_fields.get("new").is_some());

    let error = responses.take(missing).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Http);
    assert_eq!(error.method_id(), Some("spanner.projects.instances.get"));
    assert_eq!(error.http_status(), Some(http::StatusCode::NOT_FOUND));
    assert_eq!(error.status().unwrap().reason(), Some("R"));
    assert_eq!(error.headers().unwrap()["x-kept"], "yes");
    assert_eq!(
        error.to_string(),
        "spanner.projects.instances.get: HTTP 404 Not Found: NOT_FOUND: gone (1 attempt in 0.0 s at spanner.googleapis.com:443)"
    );
}

#[tokio::test]
async fn case_r7_the_error_of_a_call_in_a_batch_names_the_place() {
    let mock =
        MockTransport::new().respond_with(response(&[(0, &ok(r#"{"error": {"code": "x"}}"#))]));
    let spanner = spanner(&mock).await;
    let mut batch = spanner.batch();
    let key = batch.add(spanner.projects().instances().operations().get(OPERATION));
    let error = batch.send().await.unwrap().take(key).unwrap_err();
    let expected = ": error.code: expected an integer, or a string that holds one";
    assert!(
        error
            .to_string()
            .contains(&format!("{expected} (1 attempt in ")),
        "{error}"
    );
}

/// The parts of a batch share the memory of the batch.
#[tokio::test]
async fn case_r15_parts_of_a_batch_share_its_memory() {
    let bomb = ok(&format!(
        r#"{{"instances":[{{}}{}]}}"#,
        ",{}".repeat(20_000)
    ));
    let honest = ok(r#"{"instances":[{"name":"i"}]}"#);
    let parts: Vec<(usize, &str)> = (0..100).map(|position| (position, &*bomb)).collect();
    let parts = [parts, vec![(100, &*honest)]].concat();
    let mock = MockTransport::new().respond_with(response(&parts));
    let spanner: gapi::spanner_v1::Spanner = gapi_runtime::ClientBuilder::new()
        .transport(mock)
        .max_response_size(8 << 20)
        .build()
        .await
        .unwrap();
    let instances = spanner.projects().instances();
    let mut batch = spanner.batch();
    let keys: Vec<_> = (0..101)
        .map(|_| batch.add(instances.list("projects/p")))
        .collect();
    let mut responses = batch.send().await.unwrap();
    let mut failed = 0;
    for key in keys {
        match responses.take(key) {
            Ok(page) => assert_eq!(page.instances.unwrap().len(), 1),
            Err(error) => {
                assert!(error.to_string().contains("max_response_size"), "{error}");
                failed += 1;
            }
        }
    }
    assert_eq!(failed, 100);
}

#[tokio::test]
async fn responses_are_decoded_as_those_of_single_calls() {
    let raw = "HTTP/1.1 200 OK\nContent-Type: text/plain\n\n{\r\nnot json";
    let mock = MockTransport::new()
        .respond_with(response(&[(
            0,
            &ok(r#"{"data": {"translatedText": "t"}}"#),
        )]))
        .respond_with(response(&[(0, raw)]));
    let wrapped: DataWrapper = client(&mock).await;
    let mut batch = wrapped.batch();
    let key = batch.add(wrapped.things().translate(Request::default()));
    let response = batch.send().await.unwrap().take(key).unwrap();
    assert_eq!(response.translated_text.as_deref(), Some("t"));
    let healthcare: CloudHealthcare = client(&mock).await;
    let stores = healthcare.projects().locations().datasets().fhir_stores();
    let mut batch = healthcare.batch();
    let name = "projects/p/locations/l/datasets/d/fhirStores/f/fhir/Patient/1";
    let key = batch.add(stores.fhir().read(name));
    let response: Bytes = batch.send().await.unwrap().take(key).unwrap();
    assert_eq!(response, "{\r\nnot json");
}

/// Sends a batch of one call.
async fn single(response: http::Response<Bytes>) -> Result<Result<Operation, Error>, Error> {
    let mock = MockTransport::new().respond_with(response);
    let spanner = spanner(&mock).await;
    let operations = spanner.projects().instances().operations();
    let mut batch = spanner.batch();
    let key = batch.add(operations.get(OPERATION));
    Ok(batch.send().await?.take(key))
}

#[tokio::test]
async fn a_call_without_a_response_is_an_error() {
    let missing = "the response to the batch has no part for the call";
    let attempts = "(1 attempt in 0.0 s at spanner.googleapis.com:443)";
    let odd = "the response to the call is not an HTTP response";
    for (parts, reason) in [
        (vec![], missing),
        (vec![(1, ok("{}"))], missing),
        (vec![(usize::MAX, ok("{}"))], missing),
        (vec![(0, "{}".to_owned())], odd),
        (vec![(0, String::new()), (0, ok("{}"))], odd),
        (
            vec![(
                0,
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}".to_owned(),
            )],
            "the response to the call is shorter than its `Content-Length`",
        ),
    ] {
        let parts: Vec<_> = parts
            .iter()
            .map(|(id, text)| (*id, text.as_str()))
            .collect();
        let error = single(response(&parts)).await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.to_string(), format!("{GET}: {reason} {attempts}"));
    }
    let json = ok(r#"{"done": "SECRET"}"#);
    let error = single(response(&[(0, &json)])).await.unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.method_id()),
        (ErrorKind::Decode, Some(GET))
    );
    assert!(!format!("{error} {error:?}").contains("SECRET"));
}

#[tokio::test]
async fn a_batch_can_fail_as_a_whole() {
    let mut rejected = http::Response::new(Bytes::from_static(
        br#"{"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "no"}}"#,
    ));
    *rejected.status_mut() = http::StatusCode::FORBIDDEN;
    let error = single(rejected).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Http);
    assert_eq!(
        error.to_string(),
        "batch: HTTP 403 Forbidden: PERMISSION_DENIED: no (1 attempt in 0.0 s at spanner.googleapis.com:443)"
    );

    for content_type in [
        "",
        "application/json",
        "multipart/mixed",
        "multipart/mixed; boundary=",
    ] {
        let mut response = response(&[(0, &ok("{}"))]);
        let headers = response.headers_mut();
        headers.insert("content-type", content_type.parse().unwrap());
        let error = single(response).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(
            error.to_string(),
            "batch: HTTP 200 OK: the response to the batch does not consist of parts \
             (1 attempt in 0.0 s at spanner.googleapis.com:443)"
        );
        assert!(error.body().is_some());
    }

    let spanner = spanner(&MockTransport::new()).await;
    let mut batch = spanner.batch();
    let _ = batch.add(spanner.projects().instances().get(INSTANCE));
    let error = batch.send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.method_id()),
        (ErrorKind::Transport, Some("batch"))
    );
}

#[tokio::test]
async fn the_key_of_another_batch_takes_nothing() {
    let mock = MockTransport::with(|_| Ok(response(&[(0, &ok("{}"))])));
    let spanner = spanner(&mock).await;
    let operations = spanner.projects().instances().operations();
    let mut first = spanner.batch();
    let key = first.add(operations.get(OPERATION));
    let mut second = spanner.batch();
    let own = second.add(operations.get(OPERATION));
    let mut responses = second.send().await.unwrap();
    let error = responses.take(key).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(error.to_string(), "batch: the key belongs to another batch");
    assert!(responses.take(own).is_ok());
    let mut empty = spanner.batch().send().await.unwrap();
    let mut third = spanner.batch();
    let key = third.add(operations.get(OPERATION));
    assert!(empty.take(key).is_err());
}

/// Changes, removes and repeats bytes of a response. Each call still gets its own response or an error.
#[tokio::test]
async fn odd_responses_do_not_affect_each_other() {
    let whole = response(&[(1, &ok(r#"{"name": "1"}"#)), (0, &ok(r#"{"name": "0"}"#))]);
    for execution in 0..2000 {
        let mut random = Random::new(20_261_122, execution);
        let mut body = whole.body().to_vec();
        for _ in 0..=random.below(3) {
            let (at, to) = (
                random.below(body.len().max(1)),
                random.below(body.len().max(1)),
            );
            let range = at.min(to)..at.max(to);
            match random.below(3) {
                0 => body.extend_from_within(range),
                1 => drop(body.drain(range)),
                _ => body.truncate(at.max(to)),
            }
        }
        let mut response = whole.clone();
        *response.body_mut() = body.into();
        let mock = MockTransport::new().respond_with(response);
        let spanner = spanner(&mock).await;
        let operations = spanner.projects().instances().operations();
        let mut batch = spanner.batch();
        let keys = [(); 2].map(|()| batch.add(operations.get(OPERATION)));
        let mut responses = batch.send().await.unwrap();
        for key in keys {
            if let Err(error) = responses.take(key) {
                assert_eq!(error.method_id(), Some(GET));
            }
        }
    }
}
