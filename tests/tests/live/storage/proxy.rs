//! A proxy on loopback that breaks requests and responses on purpose.
//!
//! Each connection has one request, and the server closes it after the response. So the proxy need not parse bodies
//! or chunks.

use super::url;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A fault of a request or of its response. Numbers count bytes of the body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fault {
    /// Resets both connections after this many bytes of the request.
    CutRequest(usize),
    /// Passes on only this many bytes of the request, and makes the client wait.
    HoldRequest(usize),
    /// Discards the response and resets the client's connection.
    LoseResponse,
    /// Resets the client's connection after this many bytes of the response.
    CutResponse(usize),
    /// Changes the byte of the response at this position.
    ChangeResponse(usize),
}

/// The head of a request or of a response.
#[derive(Clone, Debug)]
pub(super) struct Head(String);

impl Head {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.0.lines().filter_map(|line| line.split_once(": "));
        let mut values = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        values.next().map(|(_, value)| value)
    }

    /// Returns the method and the target.
    fn line(&self) -> &str {
        let line = self.0.lines().next().unwrap_or_default();
        line.trim_end_matches(" HTTP/1.1")
    }

    /// Returns whether the request sends a chunk of media.
    pub(super) fn is_chunk(&self) -> bool {
        self.line().starts_with("PUT ") && !self.is_status_query()
    }

    /// Returns whether the request queries the status of an upload.
    pub(super) fn is_status_query(&self) -> bool {
        let range = self.header("content-range").unwrap_or_default();
        self.line().starts_with("PUT ") && range.starts_with("bytes */")
    }

    /// Returns whether the request is a download.
    pub(super) fn is_download(&self) -> bool {
        self.line().starts_with("GET ") && self.line().contains("alt=media")
    }
}

pub(super) type Kind = fn(&Head) -> bool;

/// The proxy. It ends with the runtime of the test. Clones share it.
#[derive(Clone)]
pub(super) struct Proxy {
    url: String,
    state: Arc<Mutex<State>>,
    held: Arc<tokio::sync::Notify>,
}

#[derive(Default)]
struct State {
    server: u16,
    faults: Vec<(Kind, Fault)>,
    requests: Vec<Head>,
    /// The last range that the server reported for an upload, by request line.
    kept: HashMap<String, String>,
}

impl Proxy {
    pub(super) async fn bind() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self {
            url: url(listener.local_addr().unwrap().port()),
            state: Arc::default(),
            held: Arc::default(),
        };
        let serving = proxy.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let serving = serving.clone();
                // An error ends the connection, which fails the test if it was not intended.
                tokio::spawn(async move { serving.serve(client).await.ok() });
            }
        });
        proxy
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn lead_to(&self, server: u16) {
        self.state().server = server;
    }

    /// Applies a fault to the next request of this kind that has no other fault.
    pub(super) fn breaks(&self, kind: Kind, fault: Fault) {
        self.state().faults.push((kind, fault));
    }

    /// Waits until a request is held.
    pub(super) async fn holds(&self) {
        self.held.notified().await;
    }

    /// Returns the values of a header in the requests of one kind, so far.
    pub(super) fn headers(&self, kind: Kind, name: &str) -> Vec<String> {
        let state = self.state();
        let requests = state.requests.iter().filter(|head| kind(head));
        let values = requests.map(|head| head.header(name).unwrap_or_default().to_owned());
        values.collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    async fn serve(&self, mut client: TcpStream) -> io::Result<()> {
        let (head, body) = read_head(&mut client).await?;
        let (port, fault) = self.note(&head);
        if head.is_status_query() {
            let response = self.status_response(&head);
            return client.write_all(response.as_bytes()).await;
        }
        let mut server = TcpStream::connect(("127.0.0.1", port)).await?;
        let passed = self.pass(&mut client, &mut server, head, body, fault).await;
        if passed.is_err() || fault == Some(Fault::LoseResponse) {
            client.set_zero_linger()?;
            server.set_zero_linger()?;
        }
        passed
    }

    /// Records a request. Returns the port of the server and the fault.
    fn note(&self, head: &Head) -> (u16, Option<Fault>) {
        let mut state = self.state();
        state.requests.push(head.clone());
        let meant = state.faults.iter().position(|(kind, _)| kind(head));
        let fault = meant.map(|position| state.faults.remove(position).1);
        (state.server, fault)
    }

    /// Returns the response of Cloud Storage to a status query.
    fn status_response(&self, head: &Head) -> String {
        let state = self.state();
        let range = state.kept.get(head.line()).map(String::as_str);
        let range = range.map(|range| format!("range: {range}\r\n"));
        let range = range.unwrap_or_default();
        format!(
            "HTTP/1.1 308 Resume Incomplete\r\n{range}content-length: 0\r\nconnection: close\r\n\r\n"
        )
    }

    /// Passes on a request and its response. Fails if either side closes its connection early, or if the fault requires
    /// it.
    async fn pass(
        &self,
        client: &mut TcpStream,
        server: &mut TcpStream,
        head: Head,
        body: Vec<u8>,
        fault: Option<Fault>,
    ) -> io::Result<()> {
        let (mut from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        let there = async {
            let text = head.0.replacen("\r\n", "\r\nconnection: close\r\n", 1);
            to_server.write_all(text.as_bytes()).await?;
            let end = match fault {
                Some(Fault::CutRequest(bytes) | Fault::HoldRequest(bytes)) => bytes,
                _ => usize::MAX,
            };
            copy(body, &mut from_client, &mut to_server, end, None).await?;
            if matches!(fault, Some(Fault::HoldRequest(_))) {
                self.held.notify_one();
                while from_client.read(&mut [0; 1024]).await? > 0 {}
            }
            // A waiting client keeps its connection until the response arrives.
            Err::<(), _>(io::Error::other("the request was cut off"))
        };
        let back = async {
            let (response, body) = read_head(&mut from_server).await?;
            if let Some(range) = response.header("range") {
                let range = range.to_owned();
                self.state().kept.insert(head.line().to_owned(), range);
            }
            let (end, changed) = match fault {
                Some(Fault::CutResponse(bytes)) => (bytes, None),
                Some(Fault::ChangeResponse(position)) => (usize::MAX, Some(position)),
                _ => (usize::MAX, None),
            };
            if fault == Some(Fault::LoseResponse) {
                return Ok(());
            }
            to_client.write_all(response.0.as_bytes()).await?;
            let whole = copy(body, &mut from_server, &mut to_client, end, changed).await?;
            whole
                .then_some(())
                .ok_or_else(|| io::Error::other("the response was cut off"))
        };
        tokio::select! {
            done = back => done,
            cut = there => cut,
        }
    }
}

/// Reads up to the empty line. Also returns the part of the body that came with it.
async fn read_head(socket: &mut (impl AsyncRead + Unpin)) -> io::Result<(Head, Vec<u8>)> {
    let mut read = Vec::new();
    loop {
        if let Some(end) = read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let body = read.split_off(end + 4);
            let head = String::from_utf8(read).map_err(io::Error::other)?;
            return Ok((Head(head), body));
        }
        if socket.read_buf(&mut read).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// Passes on bytes, beginning with `first`, until the end or a limit. Returns `false` at the limit. Changes the byte at
/// a position.
async fn copy(
    mut bytes: Vec<u8>,
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    end: usize,
    changed: Option<usize>,
) -> io::Result<bool> {
    let mut passed = 0;
    loop {
        if let Some(byte) = changed
            .and_then(|position| position.checked_sub(passed))
            .and_then(|position| bytes.get_mut(position))
        {
            *byte ^= 1;
        }
        bytes.truncate(end - passed);
        to.write_all(&bytes).await?;
        passed += bytes.len();
        if passed == end {
            to.flush().await?;
            return Ok(false);
        }
        bytes.clear();
        bytes.reserve(64 << 10);
        if from.read_buf(&mut bytes).await? == 0 {
            return Ok(true);
        }
    }
}
