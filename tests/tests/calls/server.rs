//! An HTTP/1.1 server on loopback that records requests byte for byte, and responds from a script.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A received request.
#[derive(Clone, Debug)]
pub(super) struct Received {
    /// The request line without its line break.
    pub(super) line: String,
    /// Names and values in the order of arrival.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Received {
    /// Returns the values of a header.
    pub(super) fn header(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }

    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// Returns the body as a form.
    pub(super) fn form(&self) -> BTreeMap<String, String> {
        let pairs = url::form_urlencoded::parse(&self.body);
        pairs.into_owned().collect()
    }
}

/// A response that the server writes after a request.
pub(super) struct CannedResponse {
    bytes: Vec<u8>,
    /// `true` if it then closes the connection.
    close: bool,
}

#[derive(Default)]
struct State {
    connections: usize,
    responses: VecDeque<CannedResponse>,
    requests: Vec<Received>,
}

/// The server. It ends with the runtime of the test that started it.
pub(super) struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Server {
    /// Starts a server that sends these responses in turn, and then always status 200 with `{}`.
    pub(super) async fn start(responses: impl IntoIterator<Item = CannedResponse>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State {
            responses: responses.into_iter().collect(),
            ..State::default()
        }));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                tokio::spawn(serve(socket, Arc::clone(&shared)));
            }
        });
        Self { address, state }
    }

    /// Adds responses to the script.
    pub(super) fn then(&self, responses: impl IntoIterator<Item = CannedResponse>) {
        self.state.lock().unwrap().responses.extend(responses);
    }

    /// Returns `127.0.0.1:` and the port.
    pub(super) fn host(&self) -> String {
        self.address.to_string()
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns all received requests so far.
    pub(super) fn requests(&self) -> Vec<Received> {
        self.state.lock().unwrap().requests.clone()
    }

    /// Returns the request lines so far.
    pub(super) fn lines(&self) -> Vec<String> {
        let requests = self.requests();
        requests.into_iter().map(|request| request.line).collect()
    }

    /// Returns the number of connections so far.
    pub(super) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }
}

/// Serves one request after the other, until the client closes the connection.
async fn serve(mut socket: TcpStream, state: Arc<Mutex<State>>) {
    let mut buffer = Vec::new();
    while let Some(request) = receive(&mut socket, &mut buffer).await {
        let response = {
            let mut state = state.lock().unwrap();
            state.requests.push(request);
            state.responses.pop_front().unwrap_or_else(|| json("{}"))
        };
        if socket.write_all(&response.bytes).await.is_err() || response.close {
            return;
        }
    }
}

/// Reads one request; `None` if the client has closed the connection.
async fn receive(socket: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Received> {
    const END_OF_HEAD: &[u8] = b"\r\n\r\n";
    let head_len = loop {
        if let Some(end) = buffer
            .windows(END_OF_HEAD.len())
            .position(|window| window == END_OF_HEAD)
        {
            break end;
        }
        more(socket, buffer).await?;
    };
    let head = String::from_utf8(buffer[..head_len].to_vec()).expect("the head is ASCII");
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap_or_default().to_owned();
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let body_len = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(0, |(_, value)| value.parse().unwrap());
    let body_start = head_len + END_OF_HEAD.len();
    while buffer.len() < body_start + body_len {
        more(socket, buffer).await?;
    }
    let rest = buffer.split_off(body_start + body_len);
    let body = std::mem::replace(buffer, rest).split_off(body_start);
    Some(Received {
        line,
        headers,
        body,
    })
}

async fn more(socket: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    let received = socket.read_buf(buffer).await.ok()?;
    (received > 0).then_some(())
}

/// Returns a response with this status line, for instance `404 Not Found`, these headers and this body.
pub(super) fn response(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> CannedResponse {
    let body = body.as_ref();
    let headers: String = headers.iter().flat_map(|header| [header, "\r\n"]).collect();
    // These two statuses never have a body, and so no length.
    let length = if status.starts_with("204") || status.starts_with("304") {
        String::new()
    } else {
        format!("content-length: {}\r\n", body.len())
    };
    let mut bytes = format!("HTTP/1.1 {status}\r\n{headers}{length}\r\n").into_bytes();
    bytes.extend_from_slice(body);
    CannedResponse {
        bytes,
        close: false,
    }
}

/// Returns a response that writes these bytes and closes the connection.
pub(super) fn cut(bytes: impl Into<Vec<u8>>) -> CannedResponse {
    CannedResponse {
        bytes: bytes.into(),
        close: true,
    }
}

/// Returns a response with status 200 and a JSON body.
pub(super) fn json(body: &str) -> CannedResponse {
    status_json("200 OK", body)
}

/// Returns a response with any status and a JSON body.
pub(super) fn status_json(status: &str, body: &str) -> CannedResponse {
    response(
        status,
        &["content-type: application/json; charset=UTF-8"],
        body,
    )
}
