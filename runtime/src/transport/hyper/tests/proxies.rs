//! Proxies for `https` and for plain `http`.

use super::*;
use crate::error::ErrorKind;
use hyper_util::client::proxy::matcher::Matcher;
use std::sync::Mutex;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

const CREDENTIALS: &str = "proxy-authorization: basic qwxhzgrpbjpvcgvuihnlc2ftzq==\r\n";

/// The response of a proxy that opens a tunnel.
const TUNNEL: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

/// A proxy that sends the same response to every request, and keeps the requests.
struct Proxy {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    async fn start(response: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let received = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let received = Arc::clone(&received);
                tokio::spawn(async move {
                    while let Some(head) = head(&mut socket).await {
                        received.lock().unwrap().push(head);
                        socket.write_all(response.as_bytes()).await.unwrap();
                        if response.starts_with(TUNNEL) {
                            // The server at its end speaks no TLS.
                            socket.read_u8().await.unwrap();
                            socket
                                .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                                .await
                                .unwrap();
                            break;
                        }
                    }
                });
            }
        });
        Self { address, requests }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Returns a transport that uses this proxy with a name and a password, except for some hosts.
    fn transport(&self, no: &str) -> HttpTransport {
        let url = format!("http://Aladdin:open%20sesame@{}", self.address);
        let matcher = Matcher::builder().all(url).no(no).build();
        HttpTransport::with(Tls::new().unwrap(), Proxies::new(matcher), false)
    }
}

async fn failure(transport: &HttpTransport, uri: &str) -> TransportError {
    let response = transport.send_streaming(request("GET", uri, Body::from(Bytes::new())));
    let error = response.await.unwrap_err();
    for text in [format!("{error} {error:?}"), format!("{transport:?}")] {
        assert!(!text.contains("sesame") && !text.contains("QWxh"), "{text}");
    }
    error
}

#[tokio::test]
async fn a_proxy_opens_a_tunnel_for_https() {
    for (response, cause) in [
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n",
            "tunnel error: proxy authorization required",
        ),
        (
            "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n",
            "tunnel error: unsuccessful",
        ),
        (TUNNEL, "TLS handshake failed: "),
    ] {
        let proxy = Proxy::start(response).await;
        let error = failure(&proxy.transport(""), "https://far.example/v1?key=SECRET").await;
        assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
        assert!(error.to_string().contains(cause), "{error}");
        let [request] = &proxy.requests()[..] else {
            panic!("{:?}", proxy.requests());
        };
        assert!(
            request.starts_with("CONNECT far.example:443 HTTP/1.1\r\nHost: far.example:443\r\n")
        );
        assert!(request.to_lowercase().contains(CREDENTIALS), "{request}");
        assert!(!request.contains("SECRET"), "{request}");
    }
}

#[tokio::test]
async fn a_proxy_gets_the_requests_of_plain_http() {
    let proxy = Proxy::start("HTTP/1.1 204 No Content\r\n\r\n").await;
    let transport = proxy.transport("");
    for _ in 0..2 {
        let uri = "http://far.example:8080/v1?a=b";
        let response = transport.send_streaming(request("GET", uri, Body::from(Bytes::new())));
        assert_eq!(response.await.unwrap().status(), 204);
    }
    let requests = proxy.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        let line = "GET http://far.example:8080/v1?a=b HTTP/1.1\r\n";
        assert!(request.starts_with(line), "{request}");
        assert!(
            request.contains("\r\nhost: far.example:8080\r\n"),
            "{request}"
        );
        assert!(request.to_lowercase().contains(CREDENTIALS), "{request}");
    }
}

/// A proxy may show the request that it rejects, and the client hides what it knows.
#[tokio::test]
async fn a_response_carries_the_credentials_for_its_proxy() {
    let proxy = Proxy::start("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await;
    let request = request("GET", "http://far.example/v1", Body::from(Bytes::new()));
    let response = proxy.transport("").send_streaming(request).await.unwrap();
    assert!(proxy.requests()[0].to_lowercase().contains(CREDENTIALS));
    let ProxyCredentials(added) = response.extensions().get().unwrap();
    assert_eq!(added, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

#[tokio::test]
async fn some_hosts_need_no_proxy() {
    let proxy = Proxy::start("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n").await;
    let server = Proxy::start("HTTP/1.1 204 No Content\r\n\r\n").await;
    for no in ["127.0.0.1", "x.example, 127.0.0.0/8"] {
        let uri = format!("http://{}/v1", server.address);
        let body = Body::from(Bytes::new());
        let transport = proxy.transport(no);
        let response = transport.send_streaming(request("GET", &uri, body));
        assert_eq!(response.await.unwrap().status(), 204, "{no}");
    }
    assert!(proxy.requests().is_empty());
    for request in server.requests() {
        assert!(request.starts_with("GET /v1 HTTP/1.1\r\n"), "{request}");
        assert!(!request.contains("proxy"), "{request}");
    }
}

/// A request for a token to a metadata server or to this machine.
#[tokio::test]
#[cfg(feature = "auth")]
async fn requests_with_a_mark_go_through_no_proxy() {
    let proxy = Proxy::start("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n").await;
    let server = Proxy::start("HTTP/1.1 204 No Content\r\n\r\n").await;
    let transport = proxy.transport("");
    let uri = format!("http://{}/v1", server.address);
    for (is_marked, status) in [(true, 204), (false, 502), (true, 204)] {
        let mut request = request("GET", &uri, Body::from(Bytes::new()));
        if is_marked {
            request.extensions_mut().insert(crate::transport::Direct);
        }
        let response = transport.send_streaming(request).await.unwrap();
        assert_eq!(response.status(), status);
    }
    assert_eq!(proxy.requests().len(), 1);
    for request in server.requests() {
        assert!(request.starts_with("GET /v1 HTTP/1.1\r\n"), "{request}");
        assert!(!request.contains("proxy"), "{request}");
    }
}

#[tokio::test]
async fn a_proxy_that_cannot_be_used_is_no_connection() {
    let proxy = Proxy::start("").await;
    let free = proxy.address.clone();
    for url in [format!("socks5://{free}"), format!("https://{free}")] {
        for scheme in ["http", "https"] {
            let matcher = Matcher::builder().all(url.as_str()).build();
            let transport = HttpTransport::with(Tls::new().unwrap(), Proxies::new(matcher), false);
            let limit = Duration::from_millis(200);
            let limits = crate::transport::Connecting {
                at_most: limit,
                by: None,
            };
            let uri = format!("{scheme}://far.example/");
            let error = limits.around(failure(&transport, &uri)).await;
            assert_eq!(error.kind(), ErrorKind::Connect, "{url}: {error:?}");
        }
    }
    assert!(proxy.requests().is_empty());
}
