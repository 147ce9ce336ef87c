//! The URLs of requests: the endpoint of the client and the service path of the API.

use super::drive::Drive;
use super::server::Server;
use gapi::gapi_runtime::{self, ClientBuilder, ErrorKind, Request, Service};
use gapi::spanner_v1::Spanner;

struct Get(Request);
gapi_runtime::call!(Get {
    id: "drive.files.get",
    service: Drive,
    request: Get "files/{fileId}",
    path "fileId",
    api_version: "2026-11-01",
    response: Bytes gapi_runtime::bytes::Bytes,
});

async fn client<S: Service>(endpoint: String) -> S {
    ClientBuilder::new()
        .endpoint(endpoint)
        .build()
        .await
        .unwrap()
}

#[tokio::test]
async fn another_endpoint_keeps_the_service_path() {
    let server = Server::start([]).await;
    for suffix in ["", "/", "/proxy", "/proxy/"] {
        let drive: Drive = client(server.url() + suffix).await;
        Get(Request::of::<Get>(&drive.0).path("fileId", "x"))
            .send()
            .await
            .unwrap();
        let spanner: Spanner = client(server.url() + suffix).await;
        spanner
            .projects()
            .instances()
            .get("projects/p/instances/i")
            .send()
            .await
            .unwrap();
    }
    let expected = ["", "", "/proxy", "/proxy"].map(|prefix| {
        [
            // Without a documented response there is no `alt`.
            format!("GET {prefix}/drive/v3/files/x HTTP/1.1"),
            format!("GET {prefix}/v1/projects/p/instances/i?alt=json HTTP/1.1"),
        ]
    });
    assert_eq!(server.lines(), expected.concat());
    let requests = server.requests();
    assert_eq!(requests[0].header("accept"), ["*/*"]);
    assert_eq!(requests[0].header("host"), [server.host()]);
    assert_eq!(requests[0].header("x-goog-api-version"), ["2026-11-01"]);
    assert_eq!(requests[1].header("x-goog-api-version"), [""; 0]);
}

#[tokio::test]
async fn an_endpoint_with_more_than_a_root_is_rejected() {
    for endpoint in [
        "",
        "127.0.0.1:1",
        "ftp://127.0.0.1/",
        "http://",
        "http://user:password@127.0.0.1/",
        "http://127.0.0.1/?key=1",
        "http://127.0.0.1/#x",
        "http://127.0.0.1/a/../b",
        "http://127.0.0.1/a b",
    ] {
        let error = Spanner::builder()
            .endpoint(endpoint)
            .build()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{endpoint}");
        let text = format!("{error} {error:?}");
        assert!(
            text.contains("spanner:v1") && !text.contains("password"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_user_agent_comes_before_that_of_the_library() {
    let server = Server::start([]).await;
    let spanner: Spanner = ClientBuilder::new()
        .endpoint(server.url())
        .user_agent("inventory/2.1 (test)")
        .build()
        .await
        .unwrap();
    spanner
        .projects()
        .instances()
        .list("projects/p")
        .send()
        .await
        .unwrap();
    let request = &server.requests()[0];
    let expected = concat!(
        "inventory/2.1 (test) gapi/",
        env!("CARGO_PKG_VERSION"),
        " (gzip)"
    );
    assert_eq!(request.header("user-agent"), [expected]);
}

#[tokio::test]
async fn a_client_without_credentials_sends_none() {
    let server = Server::start([]).await;
    let spanner: Spanner = client(server.url()).await;
    spanner
        .projects()
        .instances()
        .list("projects/p")
        .send()
        .await
        .unwrap();
    let request = &server.requests()[0];
    for name in [
        "authorization",
        "x-goog-api-key",
        "x-goog-user-project",
        "cookie",
    ] {
        assert_eq!(request.header(name), [""; 0], "{name}");
    }
}

#[tokio::test]
async fn calls_of_one_client_share_its_connection() {
    let server = Server::start([]).await;
    let spanner: Spanner = client(server.url()).await;
    for _ in 0..3 {
        let clone = spanner.clone();
        clone
            .projects()
            .instances()
            .list("projects/p")
            .send()
            .await
            .unwrap();
    }
    assert_eq!((server.connections(), server.requests().len()), (1, 3));
}
