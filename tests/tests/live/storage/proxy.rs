//! A proxy on loopback, in front of the server, that breaks what goes through it on purpose.
//!
//! Each connection carries one request; the server closes it after its answer. So neither bodies nor chunks have to be
//! understood to pass them on.

use super::url;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What is done to a request or to its answer. Numbers are bytes of the body.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fault {
    /// Both connections are reset after so much of the request.
    CutRequest(usize),
    /// No more of the request is passed on than so much, and the client waits until it has had enough.
    HoldRequest(usize),
    /// The answer is read and thrown away, and the client's connection is reset.
    LoseAnswer,
    /// The client's connection is reset after so much of the answer.
    CutAnswer(usize),
    /// The byte of the answer at this position is changed.
    ChangeAnswer(usize),
}

/// The head of a request or of an answer.
#[derive(Clone, Debug)]
pub(super) struct Head(String);

impl Head {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.0.lines().filter_map(|line| line.split_once(": "));
        let mut values = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        values.next().map(|(_, value)| value)
    }

    /// The method and the target.
    fn line(&self) -> &str {
        let line = self.0.lines().next().unwrap_or_default();
        line.trim_end_matches(" HTTP/1.1")
    }

    /// Whether a piece of media is sent.
    pub(super) fn is_piece(&self) -> bool {
        self.line().starts_with("PUT ") && !self.is_question()
    }

    /// Whether it is asked what the server has of an upload.
    pub(super) fn is_question(&self) -> bool {
        let range = self.header("content-range").unwrap_or_default();
        self.line().starts_with("PUT ") && range.starts_with("bytes */")
    }

    /// Whether media is asked for.
    pub(super) fn is_download(&self) -> bool {
        self.line().starts_with("GET ") && self.line().contains("alt=media")
    }
}

pub(super) type Kind = fn(&Head) -> bool;

/// Ends with the test, whose runtime it lives on. Clones are the same proxy.
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
    /// What the server said last that it has of an upload, by the line of the request.
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
                // It fails when a side goes away, and so does the test if that was not meant.
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

    /// The next request of this kind that no other fault is meant for has this one.
    pub(super) fn breaks(&self, kind: Kind, fault: Fault) {
        self.state().faults.push((kind, fault));
    }

    /// Waits until a request is held.
    pub(super) async fn holds(&self) {
        self.held.notified().await;
    }

    /// The values of a header of the requests of one kind, so far.
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
        if head.is_question() {
            let answer = self.answer_to_question(&head);
            return client.write_all(answer.as_bytes()).await;
        }
        let mut server = TcpStream::connect(("127.0.0.1", port)).await?;
        let passed = self.pass(&mut client, &mut server, head, body, fault).await;
        if passed.is_err() || fault == Some(Fault::LoseAnswer) {
            client.set_zero_linger()?;
            server.set_zero_linger()?;
        }
        passed
    }

    /// Where the server is, and what is to be done to the request.
    fn note(&self, head: &Head) -> (u16, Option<Fault>) {
        let mut state = self.state();
        state.requests.push(head.clone());
        let meant = state.faults.iter().position(|(kind, _)| kind(head));
        let fault = meant.map(|position| state.faults.remove(position).1);
        (state.server, fault)
    }

    /// As Cloud Storage answers.
    fn answer_to_question(&self, head: &Head) -> String {
        let state = self.state();
        let range = state.kept.get(head.line()).map(String::as_str);
        let range = range.map(|range| format!("range: {range}\r\n"));
        let range = range.unwrap_or_default();
        format!(
            "HTTP/1.1 308 Resume Incomplete\r\n{range}content-length: 0\r\nconnection: close\r\n\r\n"
        )
    }

    /// Passes a request and its answer on. Fails when either side goes away before, and where a fault says so.
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
            // Whoever waits for an answer stays until it is there.
            Err::<(), _>(io::Error::other("the request was cut off"))
        };
        let back = async {
            let (answer, body) = read_head(&mut from_server).await?;
            if let Some(range) = answer.header("range") {
                let range = range.to_owned();
                self.state().kept.insert(head.line().to_owned(), range);
            }
            let (end, changed) = match fault {
                Some(Fault::CutAnswer(bytes)) => (bytes, None),
                Some(Fault::ChangeAnswer(position)) => (usize::MAX, Some(position)),
                _ => (usize::MAX, None),
            };
            if fault == Some(Fault::LoseAnswer) {
                return Ok(());
            }
            to_client.write_all(answer.0.as_bytes()).await?;
            let whole = copy(body, &mut from_server, &mut to_client, end, changed).await?;
            whole
                .then_some(())
                .ok_or_else(|| io::Error::other("the answer was cut off"))
        };
        tokio::select! {
            done = back => done,
            cut = there => cut,
        }
    }
}

/// Everything up to the empty line, and what came of the body with it.
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

/// Passes bytes on, beginning with those that are there, until there are no more or so many have been. `false` in the second
/// case. Changes the byte at a position.
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
