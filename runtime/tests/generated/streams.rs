//! Streams of messages.

use crate::api::Spanner;
use crate::{recorded, run};
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use gapi_runtime::{
    Body, Bytes, Code, Error, ErrorKind, MessageStream, MockTransport, RetryPolicy, TransportError,
    http,
};
use std::sync::Arc;
use std::time::Duration;

type Status = crate::api::schemas::Status;

/// Returns a response whose body is made of these chunks, and then stays open.
fn open(chunks: &'static [&'static str]) -> http::Response<Body> {
    let chunks = stream::iter(chunks).map(|chunk| Ok(Bytes::from_static(chunk.as_bytes())));
    http::Response::new(Body::new(chunks.chain(stream::pending())))
}

async fn call(mock: &MockTransport) -> crate::api::projects::instances::operations::Stream {
    let spanner: Spanner = recorded(mock).await;
    spanner.projects().instances().operations().stream()
}

/// Returns the codes of the messages and the error.
async fn read(mut messages: MessageStream<Status>) -> (Vec<i32>, Option<Error>) {
    let mut codes = Vec::new();
    while let Some(message) = messages.next().await {
        match message {
            Ok(message) => codes.push(message.code.unwrap_or_default()),
            Err(error) => {
                assert!(messages.next().await.is_none(), "an error is the end");
                return (codes, Some(error));
            }
        }
    }
    assert!(messages.next().await.is_none());
    (codes, None)
}

#[test]
fn case_r2_a_message_is_returned_when_it_has_arrived() {
    run(async {
        let mock = MockTransport::new().respond_streaming(open(&[
            "[",
            "{\"code\"",
            ":1}",
            "\n",
            ",{\"code\":2},{\"code\":3},{",
        ]));
        let mut messages = call(&mock).await.stream();
        assert_eq!(
            mock.requests().len(),
            0,
            "nothing is sent before the first poll"
        );
        assert!(messages.head().is_none());
        for code in 1..=3 {
            let message = messages.next().now_or_never().unwrap();
            assert_eq!(message.unwrap().unwrap().code, Some(code));
        }
        assert!(messages.next().now_or_never().is_none());
        assert_eq!(messages.head().unwrap().status, 200);
        assert_eq!(
            format!("{messages:?}"),
            "MessageStream { method: \"spanner.stream\", returned: 3, ended: false, .. }"
        );
        assert_eq!(mock.requests().len(), 1);
    });
}

#[test]
fn case_r3_an_error_in_the_stream_is_one_of_the_call() {
    const BODY: &str = r#"[{"code":1},{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m token-SECRET-1"}},{"code":2}]"#;
    run(async {
        let mock = MockTransport::new().respond(200, BODY).respond(200, BODY);
        let spanner: Spanner = gapi_runtime::ClientBuilder::new()
            .transport(mock.clone())
            .bearer_token("token-SECRET-1")
            .build()
            .await
            .unwrap();
        let operations = spanner.projects().instances().operations();
        let (codes, error) = read(operations.stream().stream()).await;
        assert_eq!(codes, [1]);
        for error in [
            error.unwrap(),
            operations.stream().send().await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Stream);
            assert_eq!(error.code(), Some(Code::ResourceExhausted));
            assert!(error.is_resource_exhausted());
            assert_eq!(error.status().unwrap().message, "m [hidden]");
            assert_eq!(error.http_status(), Some(http::StatusCode::OK));
            assert!(error.body().unwrap().starts_with(b"{\"error\""));
            assert_eq!(
                error.to_string(),
                "spanner.stream: HTTP 200 OK: the stream ended with an error: RESOURCE_EXHAUSTED: m [hidden] \
                 (1 attempt in 0.0 s at spanner.googleapis.com:443)"
            );
            assert!(!format!("{error:?}").contains("SECRET"));
        }
        assert_eq!(mock.requests().len(), 2, "neither is retried");
    });
}

#[test]
fn case_r3_codes_of_errors_without_a_name() {
    run(async {
        for (error, code) in [
            (
                r#"{"error":{"code":8,"message":"m"}}"#,
                Code::ResourceExhausted,
            ),
            (r#"{"error":{"code":503,"message":"m"}}"#, Code::Unavailable),
            (
                r#"{"error":{"grpc_code":10,"http_code":409}}"#,
                Code::Aborted,
            ),
            ("event: error\ndata: {\"code\":404}\n\n", Code::NotFound),
        ] {
            let mock = MockTransport::new().respond(200, error);
            let error = call(&mock).await.send().await.unwrap_err();
            assert_eq!(error.code(), Some(code), "{error}");
        }
        for (error, reason) in [
            (r#"{"error":{"message":"m"}}"#, "m"),
            (r#"{"error":{}}"#, "the server states no reason"),
        ] {
            let mock = MockTransport::new().respond(200, error);
            let error = call(&mock).await.send().await.unwrap_err();
            assert_eq!(error.code(), None);
            let reason = format!("the stream ended with an error: {reason} (");
            assert!(error.to_string().contains(&reason), "{error}");
        }
        let mock = MockTransport::new().respond(200, r#"{"error":{"code":429}}"#);
        let error = call(&mock).await.send().await.unwrap_err();
        assert!(
            error.to_string().contains(" an error: code 429 ("),
            "{error}"
        );
    });
}

#[test]
fn case_r3_a_stream_that_breaks_off_fails() {
    run(async {
        for (body, expected) in [
            ("[{\"code\":1},{\"code\":2}", "ends within an array"),
            ("[{\"code\":1},{\"code\":2},{\"co", "ends within a message"),
            ("{\"code\":1}\n{\"code\":2}\n{\"co", "ends within a message"),
            (
                "data: {\"code\":1}\n\ndata: {\"code\":2}\n\ndata: {",
                "ends within a message",
            ),
            (
                "[{\"code\":1},{\"code\":2},{\"code\":[]}]",
                "cannot be read",
            ),
            ("[{\"code\":1},{\"code\":2},3]", "cannot be read"),
        ] {
            let mock = MockTransport::new().respond(200, body).respond(200, body);
            let (codes, error) = read(call(&mock).await.stream()).await;
            assert_eq!(codes, [1, 2]);
            for error in [error.unwrap(), call(&mock).await.send().await.unwrap_err()] {
                assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
                assert!(error.to_string().contains(expected), "{error}");
            }
        }
        // A connection that breaks.
        let broken = || {
            let chunks: [Result<Bytes, _>; 2] = [
                Ok(Bytes::from_static(b"[{\"code\":1},{\"code\":2},")),
                Err(TransportError::other("reset")),
            ];
            http::Response::new(Body::new(stream::iter(chunks)))
        };
        let mock = MockTransport::new()
            .respond_streaming(broken())
            .respond_streaming(broken());
        let (codes, error) = read(call(&mock).await.stream()).await;
        assert_eq!(
            (codes.as_slice(), error.unwrap().kind()),
            (&[1, 2][..], ErrorKind::Transport)
        );
        let error = call(&mock).await.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport);
    });
}

#[test]
fn requests_are_retried_until_a_response_begins() {
    run(async {
        let mock = MockTransport::new()
            .respond(503, "")
            .respond(200, r#"[{"code":1},{"error":{"code":503}}]"#);
        let messages = call(&mock).await.idempotent(true).stream();
        let (codes, error) = read(messages).await;
        assert_eq!(codes, [1]);
        let error = error.unwrap();
        assert_eq!(
            (error.code(), error.attempts()),
            (Some(Code::Unavailable), 2)
        );
        assert_eq!(mock.requests().len(), 2);

        let mock = MockTransport::new().respond(404, r#"{"error":{"message":"m"}}"#);
        let messages = call(&mock).await.retry(RetryPolicy::never()).stream();
        let (codes, error) = read(messages).await;
        assert!(codes.is_empty());
        assert_eq!(error.unwrap().kind(), ErrorKind::Http);
    });
}

#[test]
fn case_r2_a_silent_stream_times_out() {
    run(async {
        let second = Duration::from_secs(1);
        let start = tokio::time::Instant::now();
        let mock = MockTransport::new().respond_streaming(open(&["[{\"code\":1},", " "]));
        let (codes, error) = read(call(&mock).await.stream()).await;
        assert_eq!(codes, [1]);
        let error = error.unwrap();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        let text = "no message for 300 s after 1 message (1 attempt in 300.0 s";
        assert!(error.to_string().contains(text), "{error}");
        assert_eq!(start.elapsed().as_secs(), 300);

        // Bytes between messages do not extend the timeout. A slow reader does not shorten it.
        let trickle = || {
            let spaces = stream::unfold(0, move |count| async move {
                tokio::time::sleep(second).await;
                let chunk: &[u8] = if count % 20 == 19 {
                    b"{\"code\":1}"
                } else {
                    b"\n"
                };
                Some((Ok(Bytes::from_static(chunk)), count + 1))
            });
            MockTransport::new().respond_streaming(http::Response::new(Body::new(spaces)))
        };
        let start = tokio::time::Instant::now();
        let messages = call(&trickle()).await.stream().message_timeout(second * 10);
        let (codes, error) = read(messages).await;
        assert!(codes.is_empty());
        assert_eq!(error.unwrap().kind(), ErrorKind::Timeout);
        assert_eq!(start.elapsed().as_secs(), 10);
        let messages = call(&trickle()).await.stream().message_timeout(second * 30);
        let messages: Vec<_> = messages
            .take(10)
            .then(|message| async move {
                tokio::time::sleep(second * 60).await;
                message
            })
            .try_collect()
            .await
            .unwrap();
        assert_eq!(messages.len(), 10);
    });
}

#[test]
fn case_r2_dropping_a_stream_drops_the_body() {
    run(async {
        let alive = Arc::new(());
        let held = Arc::clone(&alive);
        let chunks = stream::unfold(held, |held| async move {
            Some((Ok(Bytes::from_static(b"{\"code\":1}\n")), held))
        });
        let response = http::Response::new(Body::new(chunks));
        let mock = MockTransport::new().respond_streaming(response);
        let mut messages = call(&mock).await.stream();
        for _ in 0..3 {
            messages.try_next().await.unwrap().unwrap();
        }
        assert_eq!(Arc::strong_count(&alive), 2);
        drop(messages);
        assert_eq!(Arc::strong_count(&alive), 1);
    });
}

#[test]
fn a_message_has_a_maximum_size() {
    run(async {
        let mock = MockTransport::new().respond(200, r#"[{"code":1},{"message":"0123456789"}]"#);
        let spanner: Spanner = gapi_runtime::ClientBuilder::new()
            .transport(mock.clone())
            .max_response_size(20)
            .build()
            .await
            .unwrap();
        let call = spanner.projects().instances().operations().stream();
        let (codes, error) = read(call.stream()).await;
        assert_eq!(codes, [1]);
        let error = error.unwrap();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(
            error
                .to_string()
                .contains("larger than the limit of 20 bytes"),
            "{error}"
        );
    });
}

#[test]
fn case_r7_a_null_in_a_stream_is_an_empty_message() {
    run(async {
        for body in [
            r#"[null,{"code":1}]"#,
            "null\n{\"code\":1}\n",
            "{\"result\":null}\n{\"result\":{\"code\":1}}\n",
            "data: null\n\ndata: {\"code\":1}\n\n",
        ] {
            let mock = MockTransport::new().respond(200, body).respond(200, body);
            let (codes, error) = read(call(&mock).await.stream()).await;
            assert!(error.is_none(), "{body}: {error:?}");
            assert_eq!(codes, [0, 1], "{body}");
            let list = call(&mock).await.send().await.unwrap();
            assert_eq!(list[0], Status::default(), "{body}");
            assert_eq!(list.len(), 2, "{body}");
        }
    });
}
