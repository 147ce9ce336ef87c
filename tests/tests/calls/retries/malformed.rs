//! Responses that are not HTTP: a retry would get the same one.

use gapi::gapi_runtime::{Backoff, Error, ErrorKind, Reqwest, RetryPolicy, install_tls_provider};
use gapi::spanner_v1::Spanner;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

fn policy() -> RetryPolicy {
    RetryPolicy::new()
        .backoff(Backoff::new().initial_delay(Duration::from_millis(20)))
        .max_attempts(4)
        .without_throttle()
}

/// Returns the error of a call that gets this response, and the number of requests.
async fn error_of(response: Vec<u8>) -> (Error, usize) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    let serving = tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let (response, count) = (response.clone(), Arc::clone(&count));
            tokio::spawn(async move {
                let mut head = [0; 4096];
                if socket.read(&mut head).await.is_ok_and(|read| read > 0) {
                    count.fetch_add(1, Ordering::Relaxed);
                    // The client may have closed the connection.
                    let _ = socket.write_all(&response).await;
                    let _ = socket.shutdown().await;
                    let _ = socket.read(&mut head).await;
                }
            });
        }
    });
    let builder = Spanner::builder()
        .anonymous()
        .endpoint(format!("http://{address}"));
    let spanner = builder.retry(policy()).build().await.unwrap();
    let operations = spanner.projects().instances().operations();
    let call = operations.get("projects/p/instances/i/operations/o");
    let error = call.send().await.unwrap_err();
    assert_eq!(error.host(), Some(address.to_string().as_str()));
    serving.abort();
    (error, requests.load(Ordering::Relaxed))
}

#[tokio::test]
async fn case_r25_a_head_that_cannot_be_parsed_is_permanent() {
    let ok = "HTTP/1.1 200 OK\r\n";
    let end = "content-length: 2\r\n\r\n{}";
    let start = Instant::now();
    for response in [
        format!("{ok}{}{end}", "a: b\r\n".repeat(101)),
        format!(
            "{ok}{}{end}",
            format!("a: {}\r\n", "b".repeat(1000)).repeat(1050)
        ),
        format!("{ok}a: {}\r\n{end}", "b".repeat(1 << 20)),
        "SSH-2.0-OpenSSH_9.9\r\n".to_owned(),
        "220 smtp.example ESMTP\r\n".to_owned(),
        "HTTP/3.0 200 OK\r\n\r\n".to_owned(),
        format!("{ok}a b: c\r\n{end}"),
        "HTTP/1.1 abc OK\r\n\r\n".to_owned(),
    ] {
        let shown = response.chars().take(60).collect::<String>();
        let (error, requests) = error_of(response.into_bytes()).await;
        assert_eq!(
            (error.kind(), error.attempts(), requests),
            (ErrorKind::Transport, 1, 1),
            "{shown}: {error}"
        );
        let text = error.to_string();
        let reason = " is not retried, because its head is not valid HTTP: ";
        assert!(text.contains(reason) && text.contains("; help: "), "{text}");
        assert!(error.get_ref().is_some());
    }
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn case_r25_a_connection_that_ends_within_the_head_is_something_else() {
    for response in [
        "",
        "HTTP/1.1",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n",
    ] {
        let (error, requests) = error_of(response.as_bytes().to_vec()).await;
        assert_eq!(
            (error.kind(), error.attempts(), requests),
            (ErrorKind::Transport, 4, 4),
            "{response}: {error}"
        );
        assert!(!error.to_string().contains("valid HTTP"), "{error}");
    }
}

/// A frame of HTTP/2 (RFC 9113, section 4.1).
fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    let mut frame = vec![0, 0, length, kind, flags, 0, 0, 0, stream];
    frame.extend(payload);
    frame
}

#[tokio::test]
async fn case_r25_a_head_of_http_2_that_is_not_valid_is_permanent() {
    const HEADERS: u8 = 1;
    const SETTINGS: u8 = 4;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    let serving = tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut preface = [0; 24];
            socket.read_exact(&mut preface).await.unwrap();
            socket.write_all(&frame(SETTINGS, 0, 0, &[])).await.unwrap();
            let mut start = [0; 9];
            while socket.read_exact(&mut start).await.is_ok() {
                let [_, high, low, kind, .., stream] = start;
                let mut payload = vec![0; usize::from(u16::from_be_bytes([high, low]))];
                socket.read_exact(&mut payload).await.unwrap();
                if kind == HEADERS {
                    count.fetch_add(1, Ordering::Relaxed);
                    // Status 200, and a header that HTTP/2 does not allow (RFC 9113, section 8.2.2).
                    let head = b"\x88\x00\x0aconnection\x05close";
                    let response = frame(HEADERS, 5, stream, head);
                    socket.write_all(&response).await.unwrap();
                }
            }
        }
    });
    install_tls_provider();
    let client = reqwest::Client::builder().http2_prior_knowledge();
    let builder = Spanner::builder()
        .anonymous()
        .endpoint(format!("http://{address}"))
        .transport(Reqwest::with_client(client).unwrap());
    let spanner = builder.retry(policy()).build().await.unwrap();
    let operations = spanner.projects().instances().operations();
    let call = operations.get("projects/p/instances/i/operations/o");
    let error = call.send().await.unwrap_err();
    serving.abort();
    assert_eq!(
        (
            error.kind(),
            error.attempts(),
            requests.load(Ordering::Relaxed)
        ),
        (ErrorKind::Transport, 1, 1),
        "{error}"
    );
    let reason = " is not retried, because its head is not valid HTTP: ";
    assert!(error.to_string().contains(reason), "{error}");
}
