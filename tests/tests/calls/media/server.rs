//! An HTTP/1.1 server on loopback that breaks connections on purpose.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The steps for one request, after its head.
pub(super) struct Step {
    /// The number of bytes of the body to read; `None` for all.
    pub(super) reads: Option<usize>,
    /// The bytes to write then.
    pub(super) writes: Vec<u8>,
    /// `true` if the connection ends then.
    pub(super) breaks: bool,
}

/// A request as far as it was read: its head as one text, its body without chunk framing.
#[derive(Clone, Debug)]
pub(super) struct Received {
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

pub(super) struct Server {
    pub(super) url: String,
    requests: Arc<Mutex<Vec<Received>>>,
    steps: Arc<Mutex<VecDeque<Step>>>,
}

impl Server {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            requests: Arc::default(),
            steps: Arc::default(),
        };
        let (requests, steps) = (server.requests.clone(), server.steps.clone());
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, requests.clone(), steps.clone()));
            }
        });
        server
    }

    pub(super) fn then(&self, steps: impl IntoIterator<Item = Step>) {
        self.steps.lock().unwrap().extend(steps);
    }

    pub(super) fn requests(&self) -> Vec<Received> {
        self.requests.lock().unwrap().clone()
    }
}

impl Received {
    pub(super) fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut values = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        values.next().map_or("", |(_, value)| value)
    }
}

/// Returns the step that responds to a whole request and continues.
pub(super) fn responses(status: &str, headers: &[&str], body: &str) -> Step {
    Step {
        reads: None,
        writes: text(status, headers, body, body.len()),
        breaks: false,
    }
}

/// Returns a response that states this length.
pub(super) fn text(status: &str, headers: &[&str], body: &str, length: usize) -> Vec<u8> {
    let headers: String = headers.iter().flat_map(|header| [header, "\r\n"]).collect();
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}").into_bytes()
}

async fn serve(
    mut socket: TcpStream,
    requests: Arc<Mutex<Vec<Received>>>,
    steps: Arc<Mutex<VecDeque<Step>>>,
) {
    let mut buffer = Vec::new();
    while let Some(head) = line_by_line(&mut socket, &mut buffer).await {
        let Some(step) = steps.lock().unwrap().pop_front() else {
            return;
        };
        let mut received = Received {
            head,
            body: Vec::new(),
        };
        let most = step.reads.unwrap_or(usize::MAX);
        let whole = read_body(&mut socket, &mut buffer, &mut received, most).await;
        requests.lock().unwrap().push(received);
        if whole.is_none() || socket.write_all(&step.writes).await.is_err() || step.breaks {
            let _ = socket.shutdown().await;
            return;
        }
    }
}

/// Reads up to the empty line.
async fn line_by_line(socket: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        head.push(char::from(take(socket, buffer, 1).await?[0]));
    }
    Some(head)
}

async fn read_body(
    socket: &mut TcpStream,
    buffer: &mut Vec<u8>,
    received: &mut Received,
    most: usize,
) -> Option<()> {
    if received.header("transfer-encoding") != "chunked" {
        let length = received.header("content-length").parse().unwrap_or(0);
        received.body = take(socket, buffer, most.min(length)).await?;
        return Some(());
    }
    loop {
        let mut line = String::new();
        while !line.ends_with("\r\n") {
            line.push(char::from(take(socket, buffer, 1).await?[0]));
        }
        let length = usize::from_str_radix(line.trim(), 16).unwrap();
        let chunk = take(socket, buffer, length + 2).await?;
        received.body.extend(&chunk[..length]);
        if length == 0 || received.body.len() >= most {
            return Some(());
        }
    }
}

async fn take(socket: &mut TcpStream, buffer: &mut Vec<u8>, count: usize) -> Option<Vec<u8>> {
    while buffer.len() < count {
        let read = socket.read_buf(buffer).await.ok()?;
        (read > 0).then_some(())?;
    }
    let rest = buffer.split_off(count);
    Some(std::mem::replace(buffer, rest))
}
