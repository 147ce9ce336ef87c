//! Successful responses and their results.

use super::client::anonymous;
use super::server::{Server, cut, json, response};
use gapi::gapi_runtime::{ErrorKind, RawBody, Value};
use gapi::healthcare_v1::CloudHealthcare;
use gapi::healthcare_v1::schemas::FhirStore;
use gapi::set_null;
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::projects::instances::operations::Operations;
use gapi::spanner_v1::schemas::{Empty, ExecuteSqlRequest, Operation};
use serde_json::json;

const OPERATION: &str = "projects/p/instances/i/operations/o";
const PATIENT: &str = "projects/p/locations/l/datasets/d/fhirStores/f/fhir/Patient/1";
const SESSION: &str = "projects/p/instances/i/databases/d/sessions/s";

/// `{"name":"projects/p","done":true}`, compressed with gzip.
const GZIPPED: &[u8] = &[
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56, 0xca, 0x4b, 0xcc, 0x4d,
    0x55, 0xb2, 0x52, 0x2a, 0x28, 0xca, 0xcf, 0x4a, 0x4d, 0x2e, 0x29, 0xd6, 0x2f, 0x50, 0xd2, 0x51,
    0x4a, 0xc9, 0xcf, 0x03, 0x8a, 0x95, 0x14, 0x95, 0xa6, 0xd6, 0x02, 0x00, 0x72, 0x12, 0x63, 0x4e,
    0x21, 0x00, 0x00, 0x00,
];

async fn operations(server: &Server) -> Operations {
    anonymous::<Spanner>(server)
        .await
        .projects()
        .instances()
        .operations()
}

#[tokio::test]
async fn json_is_read_into_typed_fields() {
    let server = Server::start([json(
        r#"{"name": "o", "done": true, "metadata": {"@type": "t/M", "n": "1"},
            "error": {"code": 1, "message": "Cancelled", "details": [{"@type": "t/D"}]}}"#,
    )])
    .await;
    let operation = operations(&server)
        .await
        .get(OPERATION)
        .send()
        .await
        .unwrap();
    assert_eq!(operation.name.as_deref(), Some("o"));
    assert_eq!(operation.done, Some(true));
    assert_eq!(operation.metadata.unwrap()["n"], "1");
    let error = operation.error.unwrap();
    assert_eq!(
        (error.code, error.message.as_deref()),
        (Some(1), Some("Cancelled"))
    );
    assert_eq!(error.details.unwrap()[0]["@type"], "t/D");
    assert_eq!(operation.response, None);
    assert!(operation.unknown_fields.is_empty());
}

#[tokio::test]
async fn no_body_is_an_empty_message() {
    let server = Server::start([
        response("204 No Content", &[], ""),
        response("200 OK", &[], ""),
        response("204 No Content", &[], ""),
        response("204 No Content", &[], ""),
        response("200 OK", &["content-type: application/json"], "\n"),
    ])
    .await;
    let operations = operations(&server).await;
    assert_eq!(
        operations.delete(OPERATION).send().await.unwrap(),
        Empty::default()
    );
    assert_eq!(
        operations.cancel(OPERATION).send().await.unwrap(),
        Empty::default()
    );
    assert_eq!(
        operations.get(OPERATION).send().await.unwrap(),
        Operation::default()
    );
    let whole = operations
        .delete(OPERATION)
        .send_with_headers()
        .await
        .unwrap();
    assert_eq!(whole.status(), 204);

    // An empty body is an error where a value is expected.
    let error = operations.get(OPERATION).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains(
        ".operations.get: HTTP 200 OK: the body (application/json) is empty (1 attempt in "
    ));
}

#[tokio::test]
async fn status_and_headers_come_with_the_body_on_request() {
    let server = Server::start([response(
        "202 Accepted",
        &["x-progress: in progress", "set-cookie: a", "set-cookie: b"],
        r#"{"name": "o"}"#,
    )])
    .await;
    let response = operations(&server)
        .await
        .get(OPERATION)
        .send_with_headers()
        .await
        .unwrap();
    assert_eq!(response.status(), 202);
    assert_eq!(response.headers()["x-progress"], "in progress");
    assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
    assert_eq!(response.body().name.as_deref(), Some("o"));
}

#[tokio::test]
async fn a_body_that_is_not_json_is_an_error_that_keeps_it() {
    let page = "<html>patient 4711</html>";
    let server = Server::start([
        response("200 OK", &["content-type: text/html"], page),
        json(r#"{"name": "o""#),
        json(r#"{"done": "patient 4711"}"#),
        json("[]"),
    ])
    .await;
    let operations = operations(&server).await;
    for _ in 0..4 {
        let error = operations.get(OPERATION).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.http_status().map(|status| status.as_u16()), Some(200));
        assert_eq!(
            error.method_id(),
            Some("spanner.projects.instances.operations.get")
        );
        assert!(error.body().is_some() && error.headers().is_some());
        let text = format!("{error} {error:?}");
        assert!(
            text.contains("cannot be read") && !text.contains("4711"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_gzipped_body_is_unpacked() {
    let server = Server::start([response(
        "200 OK",
        &["content-type: application/json", "content-encoding: gzip"],
        GZIPPED,
    )])
    .await;
    let operation = operations(&server)
        .await
        .get(OPERATION)
        .send()
        .await
        .unwrap();
    assert_eq!(operation.name.as_deref(), Some("projects/p"));
    assert_eq!(operation.done, Some(true));
    assert_eq!(server.requests()[0].header("accept-encoding"), ["gzip"]);
}

#[tokio::test]
async fn a_chunked_body_is_put_together() {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let body = "8\r\n{\"name\":\r\n4\r\n\"o\"}\r\n0\r\n\r\n";
    let server = Server::start([cut([head, body].concat())]).await;
    let operation = operations(&server)
        .await
        .get(OPERATION)
        .send()
        .await
        .unwrap();
    assert_eq!(operation.name.as_deref(), Some("o"));
}

#[tokio::test]
async fn a_streaming_method_reads_a_list_and_a_single_message() {
    let server = Server::start([
        json(r#"[{"values": ["1"], "resumeToken": "AAE="}, {"values": ["2", null], "chunkedValue": true}]"#),
        json(r#"{"values": ["3"], "last": true}"#),
        json("[]"),
        json(""),
    ])
    .await;
    let spanner: Spanner = anonymous(&server).await;
    let sessions = spanner.projects().instances().databases().sessions();
    let mut responses = Vec::new();
    for _ in 0..4 {
        let query = ExecuteSqlRequest {
            sql: Some("SELECT 1".to_owned()),
            seqno: Some(1 << 60),
            ..Default::default()
        };
        responses.push(
            sessions
                .execute_streaming_sql(SESSION, query)
                .send()
                .await
                .unwrap(),
        );
    }
    assert_eq!(
        responses.iter().map(Vec::len).collect::<Vec<_>>(),
        [2, 1, 0, 0]
    );
    let token = responses[0][0].resume_token.as_ref().unwrap();
    assert_eq!(token.decode().unwrap(), [0, 1]);
    assert_eq!(responses[0][1].values, Some(vec!["2".into(), Value::Null]));
    assert_eq!(responses[1][0].last, Some(true));

    let request = &server.requests()[0];
    assert_eq!(
        request.line,
        "POST /v1/projects/p/instances/i/databases/d/sessions/s:executeStreamingSql?alt=json HTTP/1.1"
    );
    // 64-bit integers are strings on the wire.
    assert_eq!(
        request.json(),
        json!({"sql": "SELECT 1", "seqno": "1152921504606846976"})
    );
}

#[tokio::test]
async fn raw_bodies_pass_both_ways_with_their_own_content_type() {
    let fhir_json = "content-type: application/fhir+json; charset=utf-8";
    let not_text = [0x00, 0xff, 0xfe, b'{'];
    let server = Server::start([
        response("200 OK", &[fhir_json, "etag: W/\"1\""], not_text),
        response("200 OK", &[fhir_json], "{}"),
        response("200 OK", &[], ""),
    ])
    .await;
    let healthcare: CloudHealthcare = anonymous(&server).await;
    let fhir = healthcare
        .projects()
        .locations()
        .datasets()
        .fhir_stores()
        .fhir();

    let read = fhir.read(PATIENT).send_with_headers().await.unwrap();
    assert_eq!(
        read.headers()["content-type"],
        "application/fhir+json; charset=utf-8"
    );
    assert_eq!(read.headers()["etag"], "W/\"1\"");
    assert_eq!(read.body().as_ref(), not_text);

    let body = RawBody::new("application/fhir+json", read.into_body());
    assert_eq!(
        fhir.update(PATIENT, body).send().await.unwrap().as_ref(),
        b"{}"
    );
    assert!(fhir.delete(PATIENT).send().await.unwrap().is_empty());

    let requests = server.requests();
    let target =
        "/v1/projects/p/locations/l/datasets/d/fhirStores/f/fhir/Patient/1?alt=json HTTP/1.1";
    for (request, verb) in requests.iter().zip(["GET", "PUT", "DELETE"]) {
        assert_eq!(request.line, format!("{verb} {target}"));
        assert_eq!(request.header("accept"), ["*/*"]);
    }
    assert_eq!(
        requests[1].header("content-type"),
        ["application/fhir+json"]
    );
    assert_eq!(requests[1].header("content-length"), ["4"]);
    assert_eq!(requests[1].body, not_text);
}

#[tokio::test]
async fn what_the_client_does_not_know_survives_a_read_and_a_write() {
    let before = json!({
        "name": "projects/p/locations/l/datasets/d/fhirStores/f",
        "enableUpdateCreate": false,
        "consentConfig": null,
        "complexDataTypeReferenceParsing": "FULLY_2030",
        "labels": {"a": "é", "": ""},
        "notificationConfigs": [{"pubsubTopic": "t", "futureMember": {"deep": [1.5, "NaN", null]}}],
        "futureFlag": true,
        "futureNumber": 9_007_199_254_740_993_u64,
        "futureNull": null,
    });
    let server = Server::start([json(&before.to_string())]).await;
    let stores = anonymous::<CloudHealthcare>(&server)
        .await
        .projects()
        .locations()
        .datasets()
        .fhir_stores();
    let name = "projects/p/locations/l/datasets/d/fhirStores/f";

    let mut store: FhirStore = stores.get(name).send().await.unwrap();
    assert_eq!(
        store.unknown_fields.get("futureFlag"),
        Some(&Value::Bool(true))
    );
    store.enable_update_create = Some(true);
    set_null!(store.labels);
    stores
        .patch(name, store)
        .update_mask("enableUpdateCreate,labels")
        .send()
        .await
        .unwrap();

    let mut expected = before;
    expected["enableUpdateCreate"] = json!(true);
    expected["labels"] = json!(null);
    let request = &server.requests()[1];
    assert_eq!(
        request.line,
        "PATCH /v1/projects/p/locations/l/datasets/d/fhirStores/f?updateMask=enableUpdateCreate%2Clabels&alt=json HTTP/1.1"
    );
    assert_eq!(request.json(), expected);
}
