//! A server with prepared responses.

use super::{MEDIA, TOTAL};
use gapi_runtime::{Body, BoxFuture, Bytes, Transport, TransportError, http};
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// Returns a body with this part of the media in two chunks. It ends or breaks.
pub(super) fn body(part: Range<usize>, breaks: bool) -> Body {
    let (one, two) = MEDIA[part.clone()].split_at(part.len() / 2);
    let mut chunks = vec![Ok(Bytes::from_static(one)), Ok(Bytes::from_static(two))];
    if breaks {
        chunks.push(Err(TransportError::other("broken")));
    }
    Body::new(futures_util::stream::iter(chunks))
}

/// A server with a queue of responses. After them it is honest.
#[derive(Clone, Default)]
pub(super) struct Server(pub(super) Arc<Mutex<VecDeque<http::Response<Body>>>>);

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Server")
    }
}

impl Transport for Server {
    fn send(
        &self,
        _: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        panic!("not a stream")
    }

    fn send_streaming(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let queued = self.0.lock().unwrap().pop_front();
        let response = queued.unwrap_or_else(|| honest(&request, false));
        Box::pin(std::future::ready(Ok(response)))
    }
}

/// Returns the response of an honest server. It may break after the first byte.
pub(super) fn honest(request: &http::Request<Body>, breaks: bool) -> http::Response<Body> {
    let response = http::Response::builder().header("etag", "\"v1\"");
    let Some(range) = request.headers().get("range") else {
        let part = if breaks { 0..1 } else { 0..TOTAL };
        let response = response.header("content-length", TOTAL.to_string());
        return response.body(body(part, breaks)).unwrap();
    };
    let range = range.to_str().unwrap().strip_prefix("bytes=").unwrap();
    let (start, last) = range.split_once('-').unwrap();
    let start: usize = start.parse().unwrap();
    let end = last
        .parse::<usize>()
        .map_or(TOTAL, |last| TOTAL.min(last + 1));
    if start >= TOTAL {
        let response = response.status(416);
        let response = response.header("content-range", format!("bytes */{TOTAL}"));
        return response.body(Body::from(Bytes::new())).unwrap();
    }
    let last = end - 1;
    let response = response.status(206);
    let response = response.header("content-range", format!("bytes {start}-{last}/{TOTAL}"));
    let part = if breaks { start..start + 1 } else { start..end };
    response.body(body(part, breaks)).unwrap()
}
