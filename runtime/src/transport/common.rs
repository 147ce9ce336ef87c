//! The parts that the transports over hyper and over reqwest have in common.

mod closed;
mod gzip;
mod idle;
mod runtimes;

pub(super) use closed::Closed;
pub(super) use gzip::accept;
pub(super) use idle::{Moves, Outgoing, head};
pub(super) use runtimes::Clients;

use super::ending::End;
use super::{Body, TransportError};
use bytes::Bytes;
use http::{StatusCode, Version};
use idle::Incoming;
use std::time::Duration;

/// Returns the response with its body as the runtime reads it: complete, decompressed, and limited in the time without any
/// progress. `shows_end` is `true` if the body is that of hyper, so that its `is_end_stream` shows the end of a stream of HTTP/2.
pub(super) fn received<B>(
    response: http::Response<B>,
    limit: Option<Duration>,
    shows_end: bool,
    body_error: fn(B::Error) -> TransportError,
) -> http::Response<Body>
where
    B: http_body::Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: 'static,
{
    let (received, body) = response.into_parts();
    let mut head = http::Response::new(());
    *head.status_mut() = received.status;
    *head.version_mut() = received.version;
    *head.headers_mut() = received.headers;
    let length = body.size_hint().exact();
    // These have no body, whatever their headers state.
    let is_empty = [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&received.status);
    let end = End {
        left: length.filter(|_| !is_empty),
        is_marked: shows_end && !is_empty && received.version == Version::HTTP_2,
    };
    let incoming = Incoming::new(body, limit, end, body_error);
    let body = if gzip::take_coding(head.headers_mut()) {
        #[cfg(any(feature = "tracing", feature = "metrics"))]
        head.extensions_mut().insert(super::WireSize(length));
        Body::new(gzip::Decompressed::new(incoming))
    } else {
        let body = Body::new(incoming);
        match length {
            Some(bytes) => body.with_length(bytes),
            None => body,
        }
    };
    head.map(|()| body)
}

/// Adds the address of the server, or of a proxy, to the span of the attempt. Other spans have no such fields.
#[cfg(feature = "tracing")]
pub(super) fn record_peer(address: Option<std::net::SocketAddr>) {
    let span = tracing::Span::current();
    if let Some(address) = address.filter(|_| !span.is_disabled()) {
        span.record(
            "network.peer.address",
            tracing::field::display(address.ip()),
        );
        span.record("network.peer.port", i64::from(address.port()));
    }
}
