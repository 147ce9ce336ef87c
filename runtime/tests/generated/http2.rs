//! Responses of HTTP/2 that a server cuts off, and connections that it closes.

#![cfg(feature = "reqwest")]

mod server;

use crate::api::{self, Spanner};
use futures_util::StreamExt as _;
use gapi_runtime::{
    Backoff, ErrorKind, Request, Reqwest, RetryPolicy, Service as _, install_tls_provider,
};
use server::Server;
use server::Step::{self, Data, End, GoAway, Head, Reset};
use std::error::Error as StdError;
use std::iter::successors;
use std::time::Duration;

const NO_ERROR: u8 = 0;

const PARENT: &str = "projects/p/instances/i/operations";

/// The head of a response with 21 bytes.
const HEAD: Step = Head("200", &[("content-length", "21")]);

const PAGE: Step = Data(r#"{"nextPageToken":"t"}"#);

/// Responses with another length than that of their head.
const CUT: &[&[Step]] = &[
    &[HEAD, Data("{}"), Reset(NO_ERROR)],
    &[HEAD, Data("{}"), GoAway(NO_ERROR, "")],
    &[HEAD, Data("{}"), End],
    &[HEAD, PAGE, Data(" "), End],
    &[HEAD, Reset(NO_ERROR)],
];

/// A call that downloads media.
#[must_use = "a call does nothing until it is sent"]
pub(crate) struct Get(Request);

gapi_runtime::call!(Get {
    id: "spanner.media.get",
    service: api::Spanner,
    request: Get "v1/media",
    response: Json api::schemas::Empty,
    download: Bytes,
});

async fn spanner(server: &Server) -> Spanner {
    install_tls_provider();
    let client = reqwest::Client::builder().http2_prior_knowledge();
    let policy = RetryPolicy::new()
        .backoff(Backoff::new().initial_delay(Duration::from_millis(1)))
        .without_throttle();
    let builder = Spanner::builder()
        .anonymous()
        .endpoint(&server.url)
        .transport(Reqwest::with_client(client).unwrap());
    builder.retry(policy).build().await.unwrap()
}

#[tokio::test]
async fn a_response_that_is_cut_off_is_requested_again() {
    for cut in CUT {
        let server = Server::start(&[cut, cut, &[HEAD, PAGE, End]]).await;
        let operations = spanner(&server).await.projects().instances().operations();
        let page = operations.list(PARENT).send().await.unwrap();
        assert_eq!(page.next_page_token.as_deref(), Some("t"));
        assert_eq!(server.requests(), 3);
    }
}

#[tokio::test]
async fn a_response_that_is_cut_off_is_not_a_success() {
    for cut in CUT {
        let server = Server::start(&[cut]).await;
        let operations = spanner(&server).await.projects().instances().operations();
        let error = operations.search().send().await.unwrap_err();
        assert_eq!((error.kind(), server.requests()), (ErrorKind::Transport, 1));
        // Its head was valid, so a retry would help.
        assert!(!error.to_string().contains("head"), "{error}");
        let reason = "not retried: the call is not idempotent";
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test]
async fn a_stream_that_is_cut_off_ends_with_an_error() {
    // Without its length, the stream is complete only with its bracket.
    const TWO: Step = Data(r#"[{"code":1},{"code":2}"#);
    const KNOWN: Step = Head("200", &[("content-length", "23")]);
    for (cut, kind) in [
        ([KNOWN, TWO, Reset(NO_ERROR)], ErrorKind::Transport),
        ([KNOWN, TWO, GoAway(NO_ERROR, "")], ErrorKind::Transport),
        ([KNOWN, TWO, End], ErrorKind::Transport),
        ([Head("200", &[]), TWO, Reset(NO_ERROR)], ErrorKind::Decode),
    ] {
        let server = Server::start(&[&cut]).await;
        let operations = spanner(&server).await.projects().instances().operations();
        let mut messages = operations.stream().stream();
        for expected in [1, 2] {
            let message = messages.next().await.unwrap().unwrap();
            assert_eq!(message.code, Some(expected));
        }
        let error = messages.next().await.unwrap().unwrap_err();
        assert_eq!((error.kind(), server.requests()), (kind, 1), "{error}");
        assert!(messages.next().await.is_none());
    }
}

#[tokio::test]
async fn a_download_that_is_cut_off_continues() {
    const FIRST: Step = Head("200", &[("content-length", "9"), ("etag", "\"v1\"")]);
    const REST: Step = Head(
        "206",
        &[
            ("content-length", "5"),
            ("content-range", "bytes 4-8/9"),
            ("etag", "\"v1\""),
        ],
    );
    const LAST: &[Step] = &[REST, Data("56789"), End];
    for cut in [
        [FIRST, Data("1234"), Reset(NO_ERROR)],
        [FIRST, Data("1234"), GoAway(NO_ERROR, "")],
        [FIRST, Data("1234"), End],
    ] {
        let server = Server::start(&[&cut, LAST]).await;
        let spanner = spanner(&server).await;
        let download = Get(Request::of::<Get>(spanner.client())).download();
        assert_eq!(download.send().await.unwrap(), "123456789");
        assert_eq!(server.requests(), 2);
    }
}

#[tokio::test]
async fn the_text_of_a_server_that_closes_the_connection_is_not_shown() {
    const INTERNAL_ERROR: u8 = 2;
    const CLOSED: Step = GoAway(INTERNAL_ERROR, "denied: ya29.secret");
    for response in [&[CLOSED][..], &[HEAD, Data("{}"), CLOSED]] {
        let server = Server::start(&[response]).await;
        let operations = spanner(&server).await.projects().instances().operations();
        let error = operations.search().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
        let closed = "the server closed it: unexpected internal error encountered";
        assert!(error.to_string().contains(closed), "{error}");
        let causes = successors(Some(&error as &dyn StdError), |&error| error.source());
        let causes: Vec<_> = causes.map(|cause| format!("{cause} {cause:?}")).collect();
        let texts = format!("{causes:?} {:?}", error.get_ref());
        assert!(
            !texts.contains("denied") && !texts.contains("ya29"),
            "{texts}"
        );
    }
}
