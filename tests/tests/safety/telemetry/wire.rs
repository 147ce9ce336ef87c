//! The attributes that only the default transport knows, over a real socket.

use super::{Exported, attributes, heads};
use gapi::spanner_v1::Spanner;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// `{"name": "CANARY"}`, compressed.
const GZIP: &[u8; 38] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\xca\x4b\xcc\x4d\x55\xb2\x52\x50\x72\x76\xf4\x73\x0c\x8a\x54\xaa\x05\x00\xd5\x3e\x93\x20\x12\x00\x00\x00";

/// Returns the size of a response with these headers and this body, as the span of the attempt has it.
async fn size(headers: &str, body: &[u8]) -> Option<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n{headers}\r\n");
    let response = [head.as_bytes(), body].concat();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut buffer = vec![0; 65_536];
        assert!(socket.read(&mut buffer).await.unwrap() > 0);
        socket.write_all(&response).await.unwrap();
    });
    let exported = Exported::new();
    let builder = Spanner::builder()
        .endpoint(format!("http://{address}/CANARY"))
        .bearer_token("CANARY-of-a-token");
    let instances = builder.build().await.unwrap().projects().instances();
    let instance = instances.get("projects/CANARY/instances/CANARY").send();
    assert_eq!(instance.await.unwrap().name.as_deref(), Some("CANARY"));
    server.await.unwrap();
    let spans = exported.exporter.get_finished_spans().unwrap();
    // The path of the endpoint is the application's, and part of the template.
    assert_eq!(heads(&spans)[0], "Client GET /CANARY/v1/{name}");
    let attributes = attributes(&spans[0]);
    for expected in [
        "network.peer.address=127.0.0.1".to_owned(),
        format!("network.peer.port={}", address.port()),
        "server.address=127.0.0.1".to_owned(),
        format!("server.port={}", address.port()),
        "url.scheme=http".to_owned(),
        "url.domain=spanner.googleapis.com".to_owned(),
    ] {
        assert!(attributes.contains(&expected), "{expected}: {attributes:?}");
    }
    let size = attributes
        .iter()
        .find_map(|text| text.strip_prefix("http.response.body.size="));
    size.map(str::to_owned)
}

#[tokio::test]
async fn the_size_of_a_response_is_that_on_the_wire() {
    let plain = br#"{"name": "CANARY"}"#;
    let length = |length: usize| format!("content-length: {length}\r\n");
    assert_eq!(size(&length(18), plain).await.as_deref(), Some("18"));
    assert_eq!(size("", plain).await.as_deref(), Some("18"));
    let gzip = "content-encoding: gzip\r\n";
    let compressed = format!("{gzip}{}", length(GZIP.len()));
    assert_eq!(size(&compressed, GZIP).await.as_deref(), Some("38"));
    // The compressed bytes were not counted.
    assert_eq!(size(gzip, GZIP).await, None);
}
