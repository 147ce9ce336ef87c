//! Frames of HTTP/2 (RFC 9113, section 6).

use super::*;
use hyper_util::client::proxy::matcher::Matcher;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};

pub(super) const DATA: u8 = 0;
pub(super) const HEADERS: u8 = 1;
pub(super) const RESET: u8 = 3;
pub(super) const SETTINGS: u8 = 4;
pub(super) const GO_AWAY: u8 = 7;

pub(super) const END_STREAM: u8 = 1;
pub(super) const END_HEADERS: u8 = 4;

pub(super) const NO_ERROR: u8 = 0;
pub(super) const REFUSED_STREAM: u8 = 7;

pub(super) fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    let mut frame = vec![0, 0, length, kind, flags, 0, 0, 0, stream];
    frame.extend(payload);
    frame
}

/// Returns a response with status 204, which is number 9 of the static table (RFC 7541, appendix A).
pub(super) fn no_content(stream: u8) -> Vec<u8> {
    frame(HEADERS, END_HEADERS | END_STREAM, stream, b"\x89")
}

/// Begins the connection of a server.
pub(super) async fn greet(socket: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    let mut preface = [0; 24];
    socket.read_exact(&mut preface).await.unwrap();
    socket.write_all(&frame(SETTINGS, 0, 0, &[])).await.unwrap();
}

/// Reads up to the head of a request, and returns its stream. Returns `None` if the connection has ended.
pub(super) async fn request_head(socket: &mut (impl AsyncRead + Unpin)) -> Option<u8> {
    loop {
        let mut start = [0; 9];
        socket.read_exact(&mut start).await.ok()?;
        let [_, high, low, kind, .., stream] = start;
        let mut payload = vec![0; usize::from(u16::from_be_bytes([high, low]))];
        socket.read_exact(&mut payload).await.ok()?;
        if kind == HEADERS {
            return Some(stream);
        }
    }
}

/// Returns a client that speaks HTTP/2 without TLS.
pub(super) fn http2_client() -> Arc<Client> {
    let proxies = Arc::new(Proxies::new(Matcher::builder().build()));
    let connector = Connector::new(SystemResolver, Tls::new().unwrap(), proxies);
    let mut builder = legacy::Client::builder(TokioExecutor::new());
    Arc::new(builder.http2_only(true).build(connector))
}
