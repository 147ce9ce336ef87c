//! Failing connections, and HTTP clients with their own secrets.

use super::super::server::{Server, response};
use super::super::witness::Witness;
use super::{PASSWORD, PROXY_CREDENTIALS, builder, get, list, see};
use futures_util::StreamExt;
use gapi::spanner_v1::Spanner;
use gapi_runtime::http::header::{HeaderMap, HeaderValue};
use gapi_runtime::{ErrorKind, install_tls_provider};
use std::time::Duration;
use tokio::io::AsyncWriteExt;

#[tokio::test]
async fn connections_that_fail_show_none() {
    let witness = Witness::new();
    // A closed port, a server that never responds, and a server without TLS.
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = plain.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = plain.accept().await {
            let response = b"HTTP/1.1 400 Bad Request\r\n\r\n";
            socket.write_all(response).await.unwrap();
        }
    });
    let nobody = free.local_addr().unwrap();
    drop(free);
    for (endpoint, kind) in [
        (format!("http://{nobody}"), ErrorKind::Connect),
        (
            format!("http://{}", silent.local_addr().unwrap()),
            ErrorKind::Timeout,
        ),
        (format!("https://{address}"), ErrorKind::Connect),
    ] {
        let spanner: Spanner = builder().endpoint(endpoint).build().await.unwrap();
        let call = get(&spanner).timeout(Duration::from_millis(500));
        let error = call.send().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        see(&witness, "no connection", &error);
        let mut pages = list(&spanner).timeout(Duration::from_millis(500)).pages();
        let error = pages.next().await.unwrap().unwrap_err();
        see(&witness, "no page", &error);
    }
    witness.check();
}

#[tokio::test]
async fn an_http_client_with_secrets_of_its_own_shows_none() {
    let witness = Witness::new();
    install_tls_provider();
    let proxy = Server::start([
        response("407 Proxy Authentication Required", &[], ""),
        response("407 Proxy Authentication Required", &[], ""),
    ])
    .await;
    let http = |address: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("x-own", HeaderValue::from_static("SECRET-default-header"));
        let proxy = reqwest::Proxy::all(format!("http://user:{PASSWORD}@{address}")).unwrap();
        let client = reqwest::Client::builder().default_headers(headers);
        client.proxy(proxy)
    };
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = free.local_addr().unwrap().to_string();
    drop(free);
    for (address, endpoint) in [
        (proxy.host(), "http://spanner.example"),
        (proxy.host(), "https://spanner.example"),
        (nobody.clone(), "http://spanner.example"),
        (nobody, "https://spanner.example"),
    ] {
        let builder = builder::<Spanner>()
            .http_client(http(&address))
            .endpoint(endpoint);
        witness.debug("a builder", &builder);
        let spanner = builder.build().await.unwrap();
        witness.debug("a client", &spanner);
        let error = get(&spanner).send().await.unwrap_err();
        see(&witness, "a proxy", &error);
    }
    // The request went to the proxy, with the password.
    let requests = proxy.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        let [credentials] = request
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("proxy-authorization"))
            .map(|(_, value)| value.as_str())
            .collect::<Vec<_>>()[..]
        else {
            panic!("{request:?}");
        };
        assert!(credentials.contains(PROXY_CREDENTIALS), "{credentials}");
    }
    witness.check();
}
