//! An HTTP/1.1 server made of bytes, on a thread and a runtime of its own, which does to each request what a script says.

use super::clock::Clock;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;

/// A part of what is done with a request that has been read.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Write(Vec<u8>),
    /// Nothing, for so many seconds of the client's time.
    Wait(u64),
    /// Nothing any more.
    Stall,
    /// The end of the connection, in order.
    Close,
    /// The end of the connection, at once (RST).
    Reset,
}

/// What is done with one request. A connection that is not ended takes the next one.
pub(super) type Answer = Vec<Act>;

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Received {
    /// The request line and the headers.
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

/// The server; it ends when it is dropped.
pub(super) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Received>>>,
    /// How many connections have ended.
    ended: Arc<AtomicUsize>,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Answers with these in turn, the last of which is repeated. They may need to know where the server is.
    pub(super) fn start(clock: &Clock, answers: impl FnOnce(&str) -> Vec<Answer>) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let answers = answers(&url(address));
        let requests: Arc<Mutex<Vec<Received>>> = Arc::default();
        let ended: Arc<AtomicUsize> = Arc::default();
        let (end, asked_to_end) = oneshot::channel();
        let script = Arc::new(Script {
            clock: clock.clone(),
            answers,
            requests: Arc::clone(&requests),
            ended: Arc::clone(&ended),
        });
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_io()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).unwrap();
                tokio::select! {
                    () = accept(listener, script) => {}
                    _ = asked_to_end => {}
                }
            });
        });
        Self {
            address,
            requests,
            ended,
            end: Some(end),
            thread: Some(thread),
        }
    }

    pub(super) fn url(&self) -> String {
        url(self.address)
    }

    pub(super) fn requests(&self) -> Vec<Received> {
        self.requests.lock().unwrap().clone()
    }

    /// How many connections have ended so far.
    pub(super) fn ended(&self) -> usize {
        self.ended.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.end.take());
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(matches!(ended, Some(Ok(()))), "the server panicked");
    }
}

/// A port that refuses connections as long as this is kept: it is taken, and nobody listens.
pub(super) struct Refusal(TcpSocket);

impl Refusal {
    pub(super) fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self(socket)
    }

    pub(super) fn url(&self) -> String {
        url(self.0.local_addr().unwrap())
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

impl Received {
    pub(super) fn verb(&self) -> &str {
        self.head.split(' ').next().unwrap_or_default()
    }

    /// The value of a header; nothing where there is none.
    pub(super) fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut values = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        values.next().map_or("", |(_, value)| value)
    }
}

/// What all connections share.
struct Script {
    clock: Clock,
    answers: Vec<Answer>,
    requests: Arc<Mutex<Vec<Received>>>,
    ended: Arc<AtomicUsize>,
}

async fn accept(listener: TcpListener, script: Arc<Script>) {
    while let Ok((socket, _)) = listener.accept().await {
        let script = Arc::clone(&script);
        tokio::spawn(async move {
            serve(socket, &script).await;
            script.ended.fetch_add(1, Ordering::SeqCst);
        });
    }
}

async fn serve(mut socket: TcpStream, script: &Script) {
    // What has been written is to be on its way, not to wait until the client has acknowledged what came before.
    socket.set_nodelay(true).unwrap();
    while let Some(request) = receive(&mut socket).await {
        let answer = script.answer_to(request);
        for act in answer {
            match act {
                Act::Write(bytes) => {
                    if socket.write_all(bytes).await.is_err() {
                        return;
                    }
                }
                Act::Wait(seconds) => script.clock.pass(*seconds).await,
                Act::Stall => {
                    script.clock.release().await;
                    // Until the client ends the connection.
                    let _ = socket.read(&mut [0]).await;
                    return;
                }
                Act::Close => return,
                Act::Reset => {
                    // What has been written is to arrive.
                    script.clock.settle().await;
                    socket.set_zero_linger().unwrap();
                    return;
                }
            }
        }
    }
}

impl Script {
    fn answer_to(&self, request: Received) -> &Answer {
        let mut requests = self.requests.lock().unwrap();
        requests.push(request);
        &self.answers[requests.len().min(self.answers.len()) - 1]
    }
}

/// Reads one request, whose body has a length; `None` when the client has ended the connection.
async fn receive(socket: &mut TcpStream) -> Option<Received> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.ok()?);
    }
    let mut received = Received {
        head: String::from_utf8(head).unwrap(),
        body: Vec::new(),
    };
    let length = received.header("content-length").parse().unwrap_or(0);
    received.body = vec![0; length];
    socket.read_exact(&mut received.body).await.ok()?;
    Some(received)
}
