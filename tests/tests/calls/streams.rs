//! Streams of messages over a real connection.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use futures_util::TryStreamExt as _;
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::projects::instances::databases::sessions::Sessions;
use gapi::spanner_v1::schemas::{
    AdaptMessageRequest, BatchWriteRequest, ExecuteSqlRequest, PartialResultSet,
};
use gapi_runtime::{Code, ErrorKind, MessageStream, MockTransport};
use std::io;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const SESSION: &str = "projects/p/instances/i/databases/d/sessions/s";

/// A server that accepts one request.
struct Server(TcpListener);

impl Server {
    async fn start() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    async fn sessions(&self) -> Sessions {
        let url = format!("http://{}", self.0.local_addr().unwrap());
        let spanner = Spanner::builder()
            .endpoint(url)
            .anonymous()
            .build()
            .await
            .unwrap();
        spanner.projects().instances().databases().sessions()
    }

    /// Reads the request and writes the head of the response.
    async fn begin(&self, headers: &str) -> TcpStream {
        let (mut socket, _) = self.0.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"{}") {
            head.push(socket.read_u8().await.unwrap());
        }
        let head = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n{headers}\r\n");
        socket.write_all(head.as_bytes()).await.unwrap();
        socket
    }
}

async fn write(socket: &mut TcpStream, chunk: &[u8]) {
    let size = format!("{:x}\r\n", chunk.len());
    socket.write_all(size.as_bytes()).await.unwrap();
    socket.write_all(chunk).await.unwrap();
    socket.write_all(b"\r\n").await.unwrap();
    socket.flush().await.unwrap();
}

fn query(sessions: &Sessions) -> MessageStream<PartialResultSet> {
    sessions
        .execute_streaming_sql(SESSION, ExecuteSqlRequest::default())
        .stream()
}

async fn values(messages: &mut MessageStream<PartialResultSet>) -> Option<String> {
    let message = messages.try_next().await.unwrap()?;
    Some(message.values?[0].as_str()?.to_owned())
}

#[tokio::test]
async fn case_r2_the_first_message_is_there_before_the_second_is_sent() {
    for (headers, chunks) in [
        (
            "",
            ["[{\"values\":[\"1\"]}", "\n,{\"values\":[\"2\"]}", "\n]"],
        ),
        (
            "",
            [
                "{\"result\":{\"values\":[\"1\"]}}",
                "\n{\"values\":[\"2\"]}\n",
                "\n",
            ],
        ),
        (
            "content-type: text/event-stream\r\n",
            [
                "data: {\"values\":[\"1\"]}\r\r",
                "data:{\"values\":[\"2\"]}\n\n",
                "\n",
            ],
        ),
    ] {
        let server = Server::start().await;
        let mut messages = query(&server.sessions().await);
        let (mut socket, first) = tokio::join!(
            async {
                let mut socket = server.begin(headers).await;
                write(&mut socket, chunks[0].as_bytes()).await;
                socket
            },
            values(&mut messages)
        );
        assert_eq!(first.as_deref(), Some("1"));
        write(&mut socket, chunks[1].as_bytes()).await;
        assert_eq!(values(&mut messages).await.as_deref(), Some("2"));
        write(&mut socket, chunks[2].as_bytes()).await;
        socket.write_all(b"0\r\n\r\n").await.unwrap();
        assert_eq!(values(&mut messages).await, None);
    }
}

/// Compresses text without making it smaller (RFC 1951, stored blocks; RFC 1952).
#[derive(Default)]
struct Gzip {
    text: Vec<u8>,
}

impl Gzip {
    const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

    fn block(&mut self, text: &str, is_last: bool) -> Vec<u8> {
        self.text.extend_from_slice(text.as_bytes());
        let length = u16::try_from(text.len()).unwrap();
        let mut block = vec![u8::from(is_last)];
        block.extend(length.to_le_bytes());
        block.extend((!length).to_le_bytes());
        block.extend_from_slice(text.as_bytes());
        block
    }

    fn trailer(&self) -> Vec<u8> {
        let mut crc = u32::MAX;
        for byte in &self.text {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = (crc >> 1) ^ (0xedb8_8320 & (!(crc & 1)).wrapping_add(1));
            }
        }
        let length = u32::try_from(self.text.len()).unwrap();
        [(!crc).to_le_bytes(), length.to_le_bytes()].concat()
    }
}

#[tokio::test]
async fn case_r2_compressed_messages_arrive_at_once() {
    for is_whole in [true, false] {
        let server = Server::start().await;
        let mut messages = query(&server.sessions().await);
        let mut gzip = Gzip::default();
        let (mut socket, first) = tokio::join!(
            async {
                let mut socket = server.begin("content-encoding: gzip\r\n").await;
                let block = gzip.block("[{\"values\":[\"1\"]}", false);
                write(&mut socket, &[&Gzip::HEADER[..], &block].concat()).await;
                socket
            },
            values(&mut messages)
        );
        assert_eq!(first.as_deref(), Some("1"));
        write(&mut socket, &gzip.block(",{\"values\":[\"2\"]}", false)).await;
        assert_eq!(values(&mut messages).await.as_deref(), Some("2"));
        if is_whole {
            write(&mut socket, &gzip.block("]", true)).await;
            write(&mut socket, &gzip.trailer()).await;
        }
        socket.write_all(b"0\r\n\r\n").await.unwrap();
        let last = messages.try_next().await;
        if is_whole {
            assert!(last.unwrap().is_none());
        } else {
            assert_eq!(last.unwrap_err().kind(), ErrorKind::Decode);
        }
    }
}

#[tokio::test]
async fn case_r2_dropping_the_stream_closes_the_connection() {
    let server = Server::start().await;
    let mut messages = query(&server.sessions().await);
    let (mut socket, first) = tokio::join!(
        async {
            let mut socket = server.begin("").await;
            write(&mut socket, b"[{\"values\":[\"1\"]},").await;
            socket
        },
        values(&mut messages)
    );
    assert_eq!(first.as_deref(), Some("1"));
    drop(messages);
    let mut rest = [0; 1];
    match socket.read(&mut rest).await {
        Ok(read) => assert_eq!(read, 0),
        Err(error) => assert_eq!(error.kind(), io::ErrorKind::ConnectionReset),
    }
}

#[tokio::test]
async fn case_r3_a_connection_that_breaks_ends_the_stream_with_an_error() {
    let server = Server::start().await;
    let mut messages = query(&server.sessions().await);
    let (socket, first) = tokio::join!(
        async {
            let mut socket = server.begin("").await;
            write(&mut socket, b"[{\"values\":[\"1\"]},").await;
            socket
        },
        values(&mut messages)
    );
    assert_eq!(first.as_deref(), Some("1"));
    drop(socket);
    let error = messages.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.host().is_some());
    assert!(messages.try_next().await.unwrap().is_none());
}

/// Returns the handle of sessions with a mock transport.
async fn mocked(mock: &MockTransport) -> Sessions {
    let spanner = Spanner::builder()
        .transport(mock.clone())
        .build()
        .await
        .unwrap();
    spanner.projects().instances().databases().sessions()
}

#[tokio::test]
async fn case_r2_batch_write_and_adapt_message_return_lists() {
    let mock = MockTransport::new()
        .respond(200, r#"[{"indexes":[0]},{"indexes":[1]}]"#)
        .respond(200, r#"[{"indexes":[0]},{"indexes":[1]}]"#)
        .respond(
            200,
            r#"[{"payload":"AAE="},{"payload":"AgM=","last":true}]"#,
        );
    let sessions = mocked(&mock).await;
    let write = || sessions.batch_write(SESSION, BatchWriteRequest::default());
    let indexes: Vec<_> = write()
        .stream()
        .map_ok(|written| written.indexes)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(indexes, [Some(vec![0]), Some(vec![1])]);
    assert_eq!(write().send().await.unwrap().len(), 2);
    let adapted = sessions.adapt_message(SESSION, AdaptMessageRequest::default());
    let adapted = adapted.send().await.unwrap();
    assert_eq!(adapted[1].last, Some(true));
}

#[tokio::test]
async fn case_r3_an_error_in_the_array_is_an_error() {
    const BODY: &str = r#"[{"metadata":{},"values":["1"]},{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m"}}]"#;
    let mock = MockTransport::new().respond(200, BODY).respond(200, BODY);
    let sessions = mocked(&mock).await;
    let mut messages = query(&sessions);
    assert_eq!(values(&mut messages).await.as_deref(), Some("1"));
    let error = messages.try_next().await.unwrap_err();
    assert_eq!(error.code(), Some(Code::ResourceExhausted));
    assert!(messages.try_next().await.unwrap().is_none());
    let call = sessions.execute_streaming_sql(SESSION, ExecuteSqlRequest::default());
    let error = call.send().await.unwrap_err();
    assert_eq!(error.status().unwrap().message, "m");
    assert!(error.is_resource_exhausted());
}
