//! An HTTP/1.1 server on its own thread and Tokio runtime. A script decides how it handles each request.

use super::clock::Clock;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;

/// A step in handling a request.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Write(Vec<u8>),
    /// Does nothing for this many seconds of the client's time.
    Wait(u64),
    /// Does nothing until the client closes the connection.
    Stall,
    /// Closes the connection.
    Close,
    /// Resets the connection (RST).
    Reset,
}

/// The steps for one request. A connection that is not closed takes the next one.
pub(super) type Actions = Vec<Act>;

/// A received request.
#[derive(Clone, Debug)]
pub(super) struct Received {
    /// The request line and the headers.
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

/// The server. Dropping it stops it.
pub(super) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Received>>>,
    /// The number of connections that have ended.
    ended: Arc<AtomicUsize>,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server that sends these responses in turn and repeats the last. They may depend on the URL of the
    /// server.
    pub(super) fn start(clock: &Clock, responses: impl FnOnce(&str) -> Vec<Actions>) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let responses = responses(&url(address));
        let requests: Arc<Mutex<Vec<Received>>> = Arc::default();
        let ended: Arc<AtomicUsize> = Arc::default();
        let (end, asked_to_end) = oneshot::channel();
        let script = Arc::new(Script {
            clock: clock.clone(),
            responses,
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

    /// Returns the number of connections that have ended.
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

/// A port that refuses connections while this value lives: it is bound, but nothing listens.
pub(super) struct ClosedPort(TcpSocket);

impl ClosedPort {
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

    /// Returns the value of a header; empty if it is missing.
    pub(super) fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut values = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        values.next().map_or("", |(_, value)| value)
    }
}

/// The state that all connections share.
struct Script {
    clock: Clock,
    responses: Vec<Actions>,
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
    // Sends written data at once, without waiting for acknowledgments.
    socket.set_nodelay(true).unwrap();
    while let Some(request) = receive(&mut socket).await {
        let response = script.response_to(request);
        for act in response {
            match act {
                Act::Write(bytes) => {
                    if socket.write_all(bytes).await.is_err() {
                        return;
                    }
                }
                Act::Wait(seconds) => script.clock.pass(*seconds).await,
                Act::Stall => {
                    script.clock.release().await;
                    // Waits until the client closes the connection.
                    let _ = socket.read(&mut [0]).await;
                    return;
                }
                Act::Close => return,
                Act::Reset => {
                    // Waits until the written data has arrived.
                    script.clock.settle().await;
                    socket.set_zero_linger().unwrap();
                    return;
                }
            }
        }
    }
}

impl Script {
    fn response_to(&self, request: Received) -> &Actions {
        let mut requests = self.requests.lock().unwrap();
        requests.push(request);
        &self.responses[requests.len().min(self.responses.len()) - 1]
    }
}

/// Reads one request, whose body has a length. Returns `None` if the client has closed the connection.
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
