//! Media and batches over a real socket: lengths that the transport states, and status 308 as a response.

use super::client::{TOKEN, authenticated};
use super::drive::Drive;
use super::server::{Server, json, response};
use gapi::gapi_runtime::{self, Media, Request, Value};
use gapi::spanner_v1::Spanner;

struct Create(Request);
gapi_runtime::call!(Create {
    id: "drive.files.create",
    service: Drive,
    request: Post "files",
    upload: Resumable "*/*" max 5_497_558_138_880,
    response: Json Value,
    download: Bytes,
});

#[tokio::test]
async fn uploads_state_their_lengths() {
    let server = Server::start([]).await;
    let drive: Drive = authenticated(&server).await;
    let create = Create(Request::of::<Create>(&drive.0));
    for content in ["", "12345"] {
        let media = Media::new("text/plain", content);
        create.clone().upload(media).send().await.unwrap();
    }
    let request = Request::of::<Create>(&drive.0).body(Value::from("b"));
    let media = Media::new("text/plain", "12345");
    Create(request).upload(media).send().await.unwrap();
    let requests = server.requests();
    for request in &requests {
        assert_eq!(
            request.header("content-length"),
            [request.body.len().to_string()]
        );
        assert_eq!(request.header("authorization"), [format!("Bearer {TOKEN}")]);
    }
    assert_eq!(
        requests[1].line,
        "POST /upload/drive/v3/files?alt=json&uploadType=media HTTP/1.1"
    );
    assert_eq!(requests[1].body, b"12345");
    assert!(requests[2].header("content-type")[0].starts_with("multipart/related; boundary="));
}

#[tokio::test]
async fn a_resumable_upload_goes_on_where_the_server_says() {
    let server = Server::start([]).await;
    let location = format!("location: {}/session?upload_id=1", server.url());
    server.then([
        response("200 OK", &[&location], ""),
        response("308 Resume Incomplete", &["range: bytes=0-9"], ""),
        response("308 Resume Incomplete", &["range: bytes=0-262143"], ""),
        response("308 Resume Incomplete", &["range: bytes=0-299999"], ""),
        json(r#"{"id": "f"}"#),
    ]);
    let drive: Drive = authenticated(&server).await;
    let create = Create(Request::of::<Create>(&drive.0));
    let upload = create.upload(Media::new("text/plain", vec![b'x'; 300_000]));
    let file = upload.resumable().chunk_size(1).send().await.unwrap();
    assert_eq!(file["id"], "f");
    let requests = server.requests();
    assert_eq!(requests[0].header("x-upload-content-length"), ["300000"]);
    let ranges = [
        "bytes 0-262143/300000",
        "bytes 10-262153/300000",
        "bytes 262144-299999/300000",
        "bytes */300000",
    ];
    for (request, range) in requests[1..].iter().zip(ranges) {
        assert_eq!(request.line, "PUT /session?upload_id=1 HTTP/1.1");
        assert_eq!(request.header("content-range"), [range]);
        assert_eq!(
            request.header("content-length"),
            [request.body.len().to_string()]
        );
    }
    assert_eq!(requests.len(), 5);
}

#[tokio::test]
async fn a_download_is_read_whole() {
    let server = Server::start([response("200 OK", &["content-type: image/png"], [0, 0xff])]).await;
    let drive: Drive = authenticated(&server).await;
    let create = Create(Request::of::<Create>(&drive.0));
    assert_eq!(create.download().send().await.unwrap().as_ref(), [0, 0xff]);
    assert_eq!(server.lines(), ["POST /drive/v3/files?alt=media HTTP/1.1"]);
}

#[tokio::test]
async fn a_batch_is_one_request() {
    let parts = "--b\ncontent-id: <response-call-0>\n\nHTTP/1.1 200 OK\n\n{\"name\": \"o\"}\n--b--";
    let batched = response(
        "200 OK",
        &["content-type: multipart/mixed; boundary=b"],
        parts,
    );
    let server = Server::start([batched]).await;
    let spanner: Spanner = authenticated(&server).await;
    let operations = spanner.projects().instances().operations();
    let mut batch = spanner.batch();
    let key = batch.add(operations.get("projects/p/instances/i/operations/o"));
    let operation = batch.send().await.unwrap().take(key).unwrap();
    assert_eq!(operation.name.as_deref(), Some("o"));
    let request = &server.requests()[0];
    assert_eq!(request.line, "POST /batch HTTP/1.1");
    assert_eq!(request.header("authorization"), [format!("Bearer {TOKEN}")]);
    let body = String::from_utf8_lossy(&request.body);
    assert!(!body.contains("SECRET"));
    assert!(body.contains(&format!("\r\nhost: {}\r\n", server.host())));
}
