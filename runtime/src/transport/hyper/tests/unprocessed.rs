//! Requests of HTTP/2 that a server has not processed (RFC 9113, section 8.7).

use super::frames::*;
use super::*;
use crate::error::ErrorKind;
use std::error::Error as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

const INTERNAL_ERROR: u8 = 2;
/// The text that a server adds when it closes a connection.
const SECRET: &[u8] = b"denied: ya29.secret";

/// A rejection: the kind of the frame, and the reason.
pub(super) type Rejection = (u8, u8);

pub(super) fn rejection((kind, reason): Rejection, stream: u8) -> Vec<u8> {
    match kind {
        // The last stream that was processed is none. The text repeats a secret.
        GO_AWAY => {
            let payload = [&[0, 0, 0, 0, 0, 0, 0, reason], SECRET].concat();
            frame(GO_AWAY, 0, 0, &payload)
        }
        kind => frame(kind, 0, stream, &[0, 0, 0, reason]),
    }
}

/// Starts a server that rejects the first requests, and responds to the others with status 204. Returns its URL and the number
/// of requests.
async fn server(rejections: &'static [Rejection]) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            greet(&mut socket).await;
            while let Some(stream) = request_head(&mut socket).await {
                let number = count.fetch_add(1, Ordering::Relaxed);
                let response = match rejections.get(number) {
                    Some(rejected) => rejection(*rejected, stream),
                    None => no_content(stream),
                };
                socket.write_all(&response).await.unwrap();
                if rejections
                    .get(number)
                    .is_some_and(|(kind, _)| *kind == GO_AWAY)
                {
                    break;
                }
            }
        }
    });
    (url, requests)
}

/// Sends a POST over HTTP/2. Returns the status, and the number of requests.
async fn post(
    rejections: &'static [Rejection],
    body: Body,
    may_be_repeated: bool,
) -> (Result<u16, TransportError>, usize) {
    let (url, requests) = server(rejections).await;
    let request = request("POST", &url, body);
    let exchange = Exchange::begin(http2_client(), request, may_be_repeated);
    let response = exchange.response(Duration::from_secs(10)).await;
    let status = response.map(|response| response.status().as_u16());
    (status, requests.load(Ordering::Relaxed))
}

fn whole() -> Body {
    Body::from(Bytes::from_static(b"{}"))
}

#[tokio::test]
async fn a_request_that_was_not_processed_is_sent_again() {
    for rejections in [
        &[][..],
        &[(RESET, REFUSED_STREAM)],
        &[(RESET, REFUSED_STREAM), (RESET, REFUSED_STREAM)],
        &[(GO_AWAY, NO_ERROR)],
        &[(GO_AWAY, NO_ERROR), (GO_AWAY, NO_ERROR)],
        &[(GO_AWAY, NO_ERROR), (RESET, REFUSED_STREAM)],
    ] {
        for body in [whole(), Body::from(Bytes::new())] {
            let (result, requests) = post(rejections, body, true).await;
            assert_eq!(result.unwrap(), 204, "{rejections:?}");
            assert_eq!(requests, rejections.len() + 1);
        }
    }
}

#[tokio::test]
async fn any_other_request_is_sent_once() {
    const REFUSED: &[Rejection] = &[(RESET, REFUSED_STREAM)];
    let chunks = [Ok(Bytes::from_static(b"{}"))];
    let stream = Body::new(futures_util::stream::iter(chunks));
    for (rejections, body, may_be_repeated) in [
        (&[(RESET, INTERNAL_ERROR)][..], whole(), true),
        (&[(RESET, NO_ERROR)], whole(), true),
        (&[(GO_AWAY, INTERNAL_ERROR)], whole(), true),
        (REFUSED, stream, true),
        (REFUSED, whole(), false),
    ] {
        let (result, requests) = post(rejections, body, may_be_repeated).await;
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{error:?}");
        assert_eq!(requests, 1, "{rejections:?}");
        let texts = format!("{error} {error:?} {:?}", error.source());
        assert!(
            !texts.contains("denied") && !texts.contains("ya29"),
            "{texts}"
        );
    }
}

#[tokio::test]
async fn a_server_that_rejects_everything_gets_three_requests() {
    let rejections = &[(RESET, REFUSED_STREAM); 9];
    let (result, requests) = post(rejections, whole(), true).await;
    let error = result.unwrap_err();
    assert_eq!((error.kind(), requests), (ErrorKind::Transport, 3));
    assert!(error.is_transient());
}
