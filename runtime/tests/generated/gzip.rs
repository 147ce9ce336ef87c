//! Compressed responses of the default transport.

#![cfg(feature = "hyper")]

use crate::api::Spanner;
use crate::api::schemas::Status;
use futures_util::TryStreamExt;
use gapi_runtime::{ClientBuilder, Error, ErrorKind, RetryPolicy};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// `{"nextPageToken":` and `"t"}`, each as a member of gzip.
const PAGE: [&[u8]; 2] = [
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\xca\x4b\xad\x28\x09\x48\x4c\x4f\x0d\xc9\xcf\x4e\xcd\x53\xb2\x02\x00\x5c\x64\x81\xe1\x11\x00\x00\x00",
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x53\x2a\x51\xaa\x05\x00\x84\x33\x81\xf1\x04\x00\x00\x00",
];

/// `{"code":1}` and `{"code":2}`, each with a line break.
const MESSAGES: [&[u8]; 2] = [
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\xce\x4f\x49\x55\xb2\x32\xac\xe5\x02\x00\x7c\x4b\xb3\xcd\x0b\x00\x00\x00",
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\xce\x4f\x49\x55\xb2\x32\xaa\xe5\x02\x00\x25\xf5\xf5\xcf\x0b\x00\x00\x00",
];

/// Nothing.
const EMPTY: &[u8] =
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00";

/// Starts a server that sends these parts of a body as the response to each request, with a pause between them.
async fn server(coding: &'static str, parts: Vec<Vec<u8>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = [0; 4096];
            assert!(socket.read(&mut request).await.unwrap() > 0);
            let length: usize = parts.iter().map(Vec::len).sum();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-encoding: {coding}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            );
            socket.write_all(head.as_bytes()).await.unwrap();
            for part in &parts {
                socket.write_all(part).await.unwrap();
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    });
    url
}

async fn client(url: String) -> Spanner {
    let builder = ClientBuilder::new().endpoint(url);
    builder.retry(RetryPolicy::never()).build().await.unwrap()
}

/// Sends a list call, and returns the next page token of the response.
async fn listed(coding: &'static str, parts: Vec<Vec<u8>>) -> Result<Option<String>, Error> {
    let spanner = client(server(coding, parts).await).await;
    let operations = spanner.projects().instances().operations();
    let page = operations.list("projects/p/instances/i/operations").send();
    Ok(page.await?.next_page_token)
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

#[test]
fn case_r10_every_member_of_a_compressed_response_is_read() {
    let [first, second] = PAGE.map(<[u8]>::to_vec);
    let whole = PAGE.concat();
    run(async {
        for coding in ["gzip", "GZIP", "x-gzip", "identity, gzip"] {
            let token = listed(coding, vec![whole.clone()]).await.unwrap();
            assert_eq!(token.as_deref(), Some("t"), "{coding}");
        }
        let bytes = whole.iter().map(|byte| vec![*byte]).collect();
        for parts in [
            vec![first.clone(), second.clone()],
            bytes,
            vec![
                EMPTY.to_vec(),
                first.clone(),
                EMPTY.to_vec(),
                second.clone(),
                EMPTY.to_vec(),
            ],
            vec![[EMPTY, &whole, EMPTY].concat()],
        ] {
            assert_eq!(listed("gzip", parts).await.unwrap().as_deref(), Some("t"));
        }
    });
}

#[test]
fn case_r3_every_member_of_a_compressed_stream_is_read() {
    run(async {
        for parts in [
            vec![MESSAGES.concat()],
            MESSAGES.map(<[u8]>::to_vec).to_vec(),
        ] {
            let spanner = client(server("gzip", parts).await).await;
            let call = spanner.projects().instances().operations().stream();
            let messages: Vec<Status> = call.clone().stream().try_collect().await.unwrap();
            let codes: Vec<_> = messages.iter().map(|message| message.code).collect();
            assert_eq!(codes, [Some(1), Some(2)]);
            assert_eq!(call.send().await.unwrap(), messages);
        }
    });
}

#[test]
fn case_r10_a_body_without_bytes_is_empty() {
    let ends = [
        "204 No Content\r\n\r\n",
        "204 No Content\r\ncontent-length: 0\r\n\r\n",
        "200 OK\r\ncontent-length: 0\r\n\r\n",
        "200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "200 OK\r\n\r\n",
    ];
    run(async {
        for end in ends {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            tokio::spawn(async move {
                while let Ok((mut socket, _)) = listener.accept().await {
                    let mut request = [0; 4096];
                    assert!(socket.read(&mut request).await.unwrap() > 0);
                    let (status, rest) = end.split_once("\r\n").unwrap();
                    let fields = "content-encoding: gzip\r\nconnection: close";
                    let response = format!("HTTP/1.1 {status}\r\n{fields}\r\n{rest}");
                    socket.write_all(response.as_bytes()).await.unwrap();
                }
            });
            let operations = client(url).await.projects().instances().operations();
            operations.search().send().await.unwrap();
            let messages: Vec<Status> = operations.stream().stream().try_collect().await.unwrap();
            assert!(messages.is_empty(), "{end}");
        }
    });
}

#[test]
fn case_r10_a_compressed_response_that_is_cut_or_continues_fails() {
    let whole = PAGE.concat();
    run(async {
        let mut bodies: Vec<Vec<u8>> = (PAGE[0].len() + 1..whole.len())
            .chain(1..PAGE[0].len())
            .map(|cut| whole[..cut].to_vec())
            .collect();
        bodies.push([&whole, &b"garbage"[..]].concat());
        bodies.push(whole[1..].to_vec());
        for body in bodies {
            let error = listed("gzip", vec![body.clone()]).await.unwrap_err();
            assert_eq!(
                error.kind(),
                ErrorKind::Decode,
                "{} bytes: {error}",
                body.len()
            );
            let error = listed("gzip", body.chunks(7).map(<[u8]>::to_vec).collect());
            assert_eq!(error.await.unwrap_err().kind(), ErrorKind::Decode);
        }
    });
}
