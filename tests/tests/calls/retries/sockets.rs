//! Unreachable peers on loopback, and servers that stop and start.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;

/// A port that refuses connections while this value lives: it is bound, but nothing listens.
pub(super) struct ClosedPort(TcpSocket);

impl ClosedPort {
    pub(super) fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self(socket)
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap()
    }

    /// Starts to listen on the port.
    pub(super) fn listen(self) -> TcpListener {
        self.0.listen(16).unwrap()
    }
}

/// A port that drops connections: its queue is full, so the system ignores every further attempt.
pub(super) struct BlackHole {
    listener: TcpListener,
    queued: Vec<TcpStream>,
}

/// Returns a listener with a short queue.
pub(super) fn listener() -> TcpListener {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    socket.listen(1).unwrap()
}

/// Reads the head of a request; `None` if the connection has ended.
pub(super) async fn receive(socket: &mut TcpStream) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.ok()?);
    }
    Some(())
}

/// Sends a response with an empty object.
pub(super) async fn response(socket: &mut TcpStream) -> io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n";
    socket.write_all(format!("{head}{{}}").as_bytes()).await
}

impl BlackHole {
    pub(super) async fn new() -> Self {
        Self::of(listener()).await
    }

    /// Fills the queue of this listener.
    pub(super) async fn of(listener: TcpListener) -> Self {
        let address = listener.local_addr().unwrap();
        let mut queued = Vec::new();
        let wait = Duration::from_millis(300);
        while let Ok(connected) = tokio::time::timeout(wait, TcpStream::connect(address)).await {
            queued.push(connected.unwrap());
            assert!(queued.len() < 100, "the queue is never full");
        }
        Self { listener, queued }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.listener.local_addr().unwrap()
    }

    /// Accepts connections again.
    pub(super) fn open(self) -> TcpListener {
        drop(self.queued);
        self.listener
    }
}

/// A server that responds to each request with an empty object until it is stopped.
pub(super) struct Server {
    accepting: JoinHandle<()>,
    connections: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Server {
    pub(super) fn start(listener: TcpListener) -> Self {
        let connections: Arc<Mutex<Vec<_>>> = Arc::default();
        let open = Arc::clone(&connections);
        let accepting = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                open.lock().unwrap().push(tokio::spawn(serve(socket)));
            }
        });
        Self {
            accepting,
            connections,
        }
    }

    /// Stops the server and closes all of its connections.
    pub(super) async fn stop(self) {
        let connections = std::mem::take(&mut *self.connections.lock().unwrap());
        for task in connections.into_iter().chain([self.accepting]) {
            task.abort();
            // The error says that the task was aborted.
            let _ = task.await;
        }
    }
}

async fn serve(mut socket: TcpStream) {
    while receive(&mut socket).await.is_some() {
        if response(&mut socket).await.is_err() {
            return;
        }
    }
}
