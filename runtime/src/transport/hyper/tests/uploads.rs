//! Large bodies in memory: the time limit is one on their progress.

use super::*;
use crate::error::ErrorKind;
use hyper_util::client::proxy::matcher::Matcher;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

/// The size of the body, which is more than the system keeps of a connection.
const SIZE: usize = 64 << 20;

const LIMIT: Duration = Duration::from_secs(1);

/// Sends the body to a server that reads `most` bytes of it in 32 steps, with a pause after each. Returns the status or the error,
/// and the time.
async fn upload(most: usize) -> (Result<u16, TransportError>, Duration) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        head(&mut socket).await.unwrap();
        let mut part = vec![0; most / 32];
        for _ in 0..32 {
            socket.read_exact(&mut part).await.unwrap();
            sleep(LIMIT / 16).await;
        }
        if most == SIZE {
            let response = b"HTTP/1.1 204 No Content\r\n\r\n";
            socket.write_all(response).await.unwrap();
        }
        // The connection stays open until the test ends.
        std::future::pending::<()>().await;
    });
    let proxies = Arc::new(Proxies::new(Matcher::builder().build()));
    let connector = Connector::new(SystemResolver, Tls::new().unwrap(), proxies);
    let body = Body::from(Bytes::from(vec![0; SIZE]));
    let request = request("PUT", &url, body);
    let start = Instant::now();
    let exchange = Exchange::begin(Arc::new(client(connector)), request, false);
    let response = exchange.response(LIMIT).await;
    let status = response.map(|response| response.status().as_u16());
    (status, start.elapsed())
}

#[tokio::test]
async fn an_upload_may_take_longer_than_the_limit() {
    let (result, elapsed) = upload(SIZE).await;
    assert_eq!(result.unwrap(), 204);
    assert!(elapsed > LIMIT, "{elapsed:?}");
}

#[tokio::test]
async fn an_upload_that_the_server_does_not_take_is_late() {
    for most in [0, SIZE / 4] {
        let (result, elapsed) = upload(most).await;
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Timeout);
        // Without progress it ends once the limit has passed.
        assert!(elapsed >= LIMIT, "{elapsed:?}");
        assert!(most > 0 || elapsed < 2 * LIMIT, "{elapsed:?}");
    }
}
