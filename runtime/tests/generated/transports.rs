//! The default transport, over a real socket.

#![cfg(feature = "hyper")]

use crate::api::Spanner;
use crate::api::schemas::CancelOperationRequest;
use gapi_runtime::{ErrorKind, RetryPolicy};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const PARENT: &str = "projects/p/instances/i/operations";

/// Sends the next of these texts to each connection and closes it. Returns the URL and the received requests.
async fn server(responses: &'static [&'static str]) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let received = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&received);
    tokio::spawn(async move {
        for response in responses {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut buffer = vec![0; 65_536];
            let length = socket.read(&mut buffer).await.unwrap();
            log.lock()
                .unwrap()
                .push(String::from_utf8_lossy(&buffer[..length]).into_owned());
            socket.write_all(response.as_bytes()).await.unwrap();
        }
    });
    (address, received)
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

#[test]
fn requests_and_responses() {
    run(async {
        let (address, received) = server(&[
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}",
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\n{",
            "",
        ])
        .await;
        let spanner = Spanner::builder()
            .endpoint(address)
            .bearer_token("SECRET")
            .retry(RetryPolicy::never())
            .build()
            .await
            .unwrap();
        assert!(!format!("{spanner:?}").contains("SECRET"));
        let operations = spanner.projects().instances().operations();
        operations.search().send().await.unwrap();
        let redirect = operations.list(PARENT).send().await.unwrap_err();
        assert_eq!(
            (redirect.kind(), redirect.http_status().unwrap().as_u16()),
            (ErrorKind::Http, 302)
        );
        for _ in 0..2 {
            let error = operations
                .list(PARENT)
                .filter("SECRET")
                .send()
                .await
                .unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
            assert!(!format!("{error} {error:?}").contains("SECRET"));
        }
        let received = received.lock().unwrap();
        assert!(
            received[0].starts_with("POST /v1/search?alt=json HTTP/1.1\r\n"),
            "{}",
            received[0]
        );
        for header in [
            "content-length: 0\r\n",
            "accept-encoding: gzip\r\n",
            "authorization: Bearer SECRET\r\n",
            "host: 127.0.0.1:",
        ] {
            assert_eq!(
                received[0].matches(header).count(),
                1,
                "{header} in {}",
                received[0]
            );
        }
        assert!(
            received[1]
                .starts_with("GET /v1/projects/p/instances/i/operations?alt=json HTTP/1.1\r\n")
        );
        assert!(!received[1].contains("content-length"), "{}", received[1]);
    });
}

#[test]
fn no_connection() {
    run(async {
        let free = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap();
        let spanner = Spanner::builder()
            .endpoint(format!("http://{free}"))
            .retry(RetryPolicy::never())
            .build()
            .await
            .unwrap();
        let operations = spanner.projects().instances().operations();
        let error = operations
            .cancel(PARENT, CancelOperationRequest::default())
            .send()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect);
        assert_eq!(
            error.to_string(),
            format!(
                "spanner.projects.instances.operations.cancel: no connection to {free}: connection refused \
                 (1 attempt in 0.0 s); help: check the endpoint, and that the emulator or server is running"
            )
        );
        assert_eq!(error.host(), Some(free.to_string().as_str()));
        assert!(!format!("{error:?}").contains("/v1/"), "{error:?}");
    });
}

#[test]
fn paths_arrive_as_they_were_written() {
    run(async {
        let response = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
        let responses: &[&str] = Box::leak(vec![response; 3].into_boxed_slice());
        let (address, received) = server(responses).await;
        let spanner = Spanner::builder().endpoint(address).build().await.unwrap();
        let operations = spanner.projects().instances().operations();
        for name in [
            "projects/é !$&'()*+,;=:@[]/instances/\"<>\\^`{|}%/operations",
            "projects/a%3Ab/instances/...%c3%a9/operations",
        ] {
            operations
                .list(name)
                .filter("é '\"<>#&+%")
                .send()
                .await
                .unwrap();
        }
        operations
            .list("projects/~-_./instances/i/operations")
            .send()
            .await
            .unwrap();
        let received = received.lock().unwrap();
        let lines: Vec<_> = received
            .iter()
            .filter_map(|request| request.lines().next())
            .collect();
        let query = "filter=%C3%A9+%27%22%3C%3E%23%26%2B%25&alt=json";
        assert_eq!(
            lines,
            [
                format!(
                    "GET /v1/projects/%C3%A9%20!$&'()*+,;=:@[]/instances/%22%3C%3E%5C%5E%60%7B%7C%7D%25/operations?{query} HTTP/1.1"
                ),
                format!("GET /v1/projects/a%3Ab/instances/...%c3%a9/operations?{query} HTTP/1.1"),
                "GET /v1/projects/~-_./instances/i/operations?alt=json HTTP/1.1".to_owned(),
            ]
        );
    });
}
