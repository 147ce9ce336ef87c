//! Services as transports: errors, bodies, and the time for connecting.

use super::*;
use crate::error::ErrorKind;
use crate::transport::connecting::{Connecting, after_middleware};
use futures_util::stream;
use http_body::Body as _;
use std::convert::Infallible;
use std::error::Error as StdError;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Instant;
use tower::ServiceExt as _;
use tower::buffer::BufferLayer;
use tower::load_shed::LoadShedLayer;
use tower::timeout::TimeoutLayer;
use tower_layer::Layer as _;

const SECOND: Duration = Duration::from_secs(1);

fn request() -> http::Request<Body> {
    http::Request::new(Body::from(Bytes::from_static(b"sent")))
}

/// Sends a request through a service, and returns the error.
async fn error<S, B>(service: S) -> TransportError
where
    TowerTransport<S>: Transport,
    S: Service<http::Request<Body>, Response = http::Response<B>>,
{
    TowerTransport::new(service)
        .send_streaming(request())
        .await
        .unwrap_err()
}

/// Returns the kind of the error of a service that fails with this error, and whether it is transient.
async fn kind(make: impl Fn() -> BoxError + Clone + Send + 'static) -> (ErrorKind, bool) {
    let service = tower::service_fn(move |_: http::Request<Body>| {
        let error = make();
        async move { Err::<http::Response<Body>, _>(error) }
    });
    let error = error(service).await;
    (error.kind(), error.is_transient())
}

/// An error with a cause.
#[derive(Debug)]
struct Caused(io::Error);

impl fmt::Display for Caused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("caused")
    }
}

impl StdError for Caused {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

#[tokio::test]
async fn errors_are_told_apart() {
    let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
    for (expected, found) in [
        (
            (ErrorKind::Transport, true),
            kind(|| "anything".into()).await,
        ),
        (
            (ErrorKind::Decode, false),
            kind(|| TransportError::decode("gzip").into()).await,
        ),
        (
            (ErrorKind::Transport, false),
            kind(|| TransportError::permanent("no").into()).await,
        ),
        (
            (ErrorKind::Timeout, true),
            kind(|| tower::timeout::error::Elapsed::new().into()).await,
        ),
        (
            (ErrorKind::Connect, true),
            kind(move || Caused(refused()).into()).await,
        ),
        (
            (ErrorKind::Transport, true),
            kind(|| Caused(io::ErrorKind::ConnectionReset.into()).into()).await,
        ),
    ] {
        assert_eq!(found, expected);
    }
}

/// A service that is never ready.
#[derive(Clone)]
struct Busy;

impl Service<http::Request<Body>> for Busy {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<http::Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Pending
    }

    fn call(&mut self, _: http::Request<Body>) -> Self::Future {
        unreachable!("it is never ready")
    }
}

#[tokio::test(start_paused = true)]
async fn errors_of_towers_own_layers_are_known() {
    let shed = error(LoadShedLayer::new().layer(Busy)).await;
    assert_eq!(
        (shed.kind(), shed.is_transient()),
        (ErrorKind::Transport, false)
    );
    let slow = tower::service_fn(|_: http::Request<Body>| {
        std::future::pending::<Result<http::Response<Body>, BoxError>>()
    });
    let late = error(TimeoutLayer::new(SECOND).layer(slow)).await;
    assert_eq!(late.kind(), ErrorKind::Timeout);
}

/// A body of another type, in two chunks with a trailer behind them.
struct Chunks(u8);

impl http_body::Body for Chunks {
    type Data = io::Cursor<&'static [u8]>;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Self::Data>, Infallible>>> {
        self.0 += 1;
        Poll::Ready(match self.0 {
            1 => Some(Ok(http_body::Frame::data(io::Cursor::new(b"ab")))),
            2 => Some(Ok(http_body::Frame::data(io::Cursor::new(b"c")))),
            3 => Some(Ok(http_body::Frame::trailers(http::HeaderMap::new()))),
            _ => None,
        })
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(3)
    }
}

#[tokio::test]
async fn bodies_of_other_types_are_read() {
    let service = tower::service_fn(|_: http::Request<Body>| async {
        Ok::<_, Infallible>(http::Response::new(Chunks(0)))
    });
    let transport = TowerTransport::new(service);
    let response = transport.send_streaming(request()).await.unwrap();
    assert_eq!(response.body().length(), Some(3));
    assert_eq!(response.into_body().collect().await.unwrap(), "abc");
    // The default service takes them as well.
    let sent = transport.send(http::Request::new(Bytes::new())).await;
    assert_eq!(sent.unwrap().into_body(), "abc");
}

#[tokio::test]
async fn a_body_that_is_shorter_than_its_length_breaks_off() {
    let service = tower::service_fn(|_: http::Request<Body>| async {
        // The first chunk is missing.
        Ok::<_, Infallible>(http::Response::new(Chunks(1)))
    });
    let transport = TowerTransport::new(service);
    let sent = transport.send(http::Request::new(Bytes::new()));
    let error = sent.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.is_transient());
    assert!(error.to_string().ends_with(", 2 bytes early"), "{error}");
}

#[tokio::test]
async fn a_body_of_ours_remains_as_it_is() {
    let body = Body::from_http_body(Body::from(Bytes::from_static(b"whole")));
    assert_eq!(body.size_hint().exact(), Some(5));
    assert!(!body.is_end_stream());
    assert_eq!(body.into_bytes().unwrap(), "whole");
    assert!(Body::from(Bytes::new()).is_end_stream());
}

#[tokio::test]
async fn the_length_of_a_stream_is_that_of_all_of_it() {
    let chunks = [Ok(Bytes::from_static(b"ab")), Ok(Bytes::from_static(b"c"))];
    let mut body = Body::new(stream::iter(chunks)).with_length(3);
    assert_eq!(body.size_hint().exact(), Some(3));
    body.next().await;
    assert_eq!(body.size_hint().exact(), None);
    assert!(!body.is_end_stream());
}

/// A transport that reports the time left for connecting.
#[derive(Debug)]
struct Clock;

impl Transport for Clock {
    fn send(
        &self,
        _: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async {
            let by = Connecting::current().and_then(|limits| limits.by);
            let left = by.map(|by| by.saturating_duration_since(Instant::now()));
            Ok(http::Response::new(Bytes::from(format!("{left:?}"))))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_does_not_count_as_connecting() {
    let slow = |inner: TransportService| {
        tower::service_fn(move |request: http::Request<Body>| {
            let inner = inner.clone();
            async move {
                tokio::time::sleep(SECOND * 9).await;
                inner.oneshot(request).await
            }
        })
    };
    let once = TowerTransport::new(slow(TransportService::new(Clock)));
    let twice = TowerTransport::new(slow(TransportService::new(once.clone())));
    for transport in [&once as &dyn Transport, &twice] {
        let limits = Connecting {
            at_most: SECOND,
            by: Some(Instant::now() + SECOND * 4),
        };
        let response = limits.around(transport.send_streaming(request())).await;
        let left = response.unwrap().into_body().collect().await.unwrap();
        assert_eq!(left, "Some(4s)");
    }
    assert_eq!(after_middleware(async { 7 }).await, 7);
}

#[tokio::test]
async fn a_service_that_cannot_be_cloned_goes_into_a_buffer() {
    struct Single(u32);
    impl Service<http::Request<Body>> for Single {
        type Response = http::Response<Body>;
        type Error = Infallible;
        type Future = std::future::Ready<Result<http::Response<Body>, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: http::Request<Body>) -> Self::Future {
            self.0 += 1;
            let count = Bytes::from(self.0.to_string());
            std::future::ready(Ok(http::Response::new(count.into())))
        }
    }
    let transport = TowerTransport::new(BufferLayer::new(4).layer(Single(0)));
    for expected in ["1", "2"] {
        let response = transport.send(http::Request::new(Bytes::new())).await;
        assert_eq!(response.unwrap().into_body(), expected);
    }
}
