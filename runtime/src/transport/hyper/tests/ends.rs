//! The ends of bodies of HTTP/2: complete ones, and those that a server cuts off (RFC 9113, section 8.1).

use super::frames::*;
use super::*;
use crate::error::ErrorKind;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

/// Status 200, which is number 8 of the static table (RFC 7541, appendix A).
const OK: u8 = 0x88;

/// Returns the head of a response, which may state the length of its body.
fn head(stream: u8, length: Option<&str>) -> Vec<u8> {
    let mut fields = vec![OK];
    if let Some(length) = length {
        // The name is number 28 of the static table.
        fields.extend([0x0f, 0x0d, u8::try_from(length.len()).unwrap()]);
        fields.extend(length.as_bytes());
    }
    frame(HEADERS, END_HEADERS, stream, &fields)
}

/// Sends a request to a server that responds with these frames and then closes the connection, and reads the body.
async fn body(
    length: Option<&'static str>,
    frames: impl Fn(u8) -> Vec<Vec<u8>> + Send + 'static,
) -> Result<Bytes, TransportError> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        greet(&mut socket).await;
        let stream = request_head(&mut socket).await.unwrap();
        let mut response = head(stream, length);
        response.extend(frames(stream).concat());
        socket.write_all(&response).await.unwrap();
        socket.shutdown().await.unwrap();
        // The client closes the connection when it has read the body.
        while request_head(&mut socket).await.is_some() {}
    });
    let request = request("GET", &url, Body::from(Bytes::new()));
    let exchange = Exchange::begin(http2_client(), request, true);
    let response = exchange.response(READ_TIMEOUT).await.unwrap();
    let response = common::received(response, Some(READ_TIMEOUT), true, body_error);
    response.into_body().collect().await
}

fn reset(stream: u8) -> Vec<u8> {
    frame(RESET, 0, stream, &[0, 0, 0, NO_ERROR])
}

fn go_away(last: u8) -> Vec<u8> {
    frame(GO_AWAY, 0, 0, &[0, 0, 0, last, 0, 0, 0, NO_ERROR])
}

#[tokio::test]
async fn a_body_with_its_end_is_complete() {
    for length in [None, Some("4")] {
        let last = |stream| vec![frame(DATA, END_STREAM, stream, b"full")];
        assert_eq!(body(length, last).await.unwrap(), "full");
        let empty = |stream| {
            let data = frame(DATA, 0, stream, b"full");
            vec![data, frame(DATA, END_STREAM, stream, b"")]
        };
        assert_eq!(body(length, empty).await.unwrap(), "full");
        let trailers = |stream| {
            let data = frame(DATA, 0, stream, b"full");
            let trailers = b"\x00\x01a\x01b";
            vec![
                data,
                frame(HEADERS, END_HEADERS | END_STREAM, stream, trailers),
            ]
        };
        assert_eq!(body(length, trailers).await.unwrap(), "full");
        // Frames after the end do not matter.
        let and_reset = |stream| {
            vec![
                frame(DATA, END_STREAM, stream, b"full"),
                reset(stream),
                go_away(stream),
            ]
        };
        assert_eq!(body(length, and_reset).await.unwrap(), "full");
    }
    let nothing = |stream| vec![frame(DATA, END_STREAM, stream, b"")];
    assert_eq!(body(None, nothing).await.unwrap(), "");
    assert_eq!(body(Some("0"), nothing).await.unwrap(), "");
    // It has all bytes that its head states.
    let whole = |stream| vec![frame(DATA, 0, stream, b"full"), reset(stream)];
    assert_eq!(body(Some("4"), whole).await.unwrap(), "full");
}

#[tokio::test]
async fn a_body_without_its_end_breaks_off() {
    const TEXT: &str = "the stream ended before the end of the body";
    for (length, missing) in [(None, ""), (Some("9"), ", 5 bytes early")] {
        let expected = format!("the connection to the server failed: {TEXT}{missing}");
        let and_reset = |stream| vec![frame(DATA, 0, stream, b"part"), reset(stream)];
        let error = body(length, and_reset).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.kind(), ErrorKind::Transport);
        assert!(error.is_transient());
        let and_go_away = |stream| vec![frame(DATA, 0, stream, b"part"), go_away(0)];
        let error = body(length, and_go_away).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
        // The connection ends after an announcement, or silently.
        let last = |stream| vec![frame(DATA, 0, stream, b"part"), go_away(stream)];
        let error = body(length, last).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{error:?}");
        let silent = |stream| vec![frame(DATA, 0, stream, b"part")];
        let error = body(length, silent).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{error:?}");
        assert!(error.is_transient());
    }
    for length in [None, Some("1")] {
        let at_once = |stream| vec![reset(stream)];
        let error = body(length, at_once).await.unwrap_err();
        assert!(error.to_string().contains(TEXT), "{error}");
    }
}

#[tokio::test]
async fn a_body_of_another_length_than_that_of_its_head_breaks_off() {
    let short = |stream| vec![frame(DATA, END_STREAM, stream, b"part")];
    let long = |stream| vec![frame(DATA, END_STREAM, stream, b"more than that")];
    for error in [body(Some("9"), short).await, body(Some("9"), long).await] {
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
        assert!(error.is_transient(), "{error}");
        assert!(!error.to_string().contains("head"), "{error}");
    }
}
