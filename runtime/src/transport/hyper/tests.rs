//! The default transport over sockets: proxies, connections, requests that a server rejects unprocessed, and bodies.

mod alpn;
mod connecting;
mod ends;
mod frames;
mod proxies;
mod unprocessed;
mod uploads;

use super::*;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

fn request(method: &str, uri: &str, body: Body) -> http::Request<Body> {
    let request = http::Request::builder().method(method).uri(uri);
    request.body(body).unwrap()
}

/// Reads the head of a request, or returns `None` if the connection has ended.
async fn head(socket: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.ok()?);
    }
    Some(String::from_utf8(head).unwrap())
}
