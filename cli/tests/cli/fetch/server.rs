//! A server on loopback that records requests and writes scripted replies, byte for byte.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

/// The head of a request.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// Path and query.
    pub(super) target: String,
    /// All lines after the first.
    pub(super) headers: Vec<String>,
}

impl Request {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.headers.iter().filter_map(|line| line.split_once(": "));
        let mut found = lines.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value)
    }
}

/// The bytes that the server writes before it closes the connection.
pub(super) struct Reply {
    head: String,
    body: Vec<u8>,
    /// The length of the written part of the body.
    written: usize,
    /// The server waits for this before it closes the connection.
    hold: Option<mpsc::Receiver<()>>,
    delay: Duration,
}

impl Reply {
    pub(super) fn new(status: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self {
            head: format!(
                "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n",
                body.len()
            ),
            written: body.len(),
            body,
            hold: None,
            delay: Duration::ZERO,
        }
    }

    pub(super) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::new("200 OK", body)
    }

    /// Creates a reply whose body ends with the connection.
    pub(super) fn without_length(body: impl Into<Vec<u8>>) -> Self {
        Self {
            head: "HTTP/1.1 200 OK\r\nConnection: close\r\n".to_owned(),
            ..Self::ok(body)
        }
    }

    pub(super) fn header(mut self, line: &str) -> Self {
        self.head.extend([line, "\r\n"]);
        self
    }

    pub(super) fn cut_at(mut self, length: usize) -> Self {
        self.written = length;
        self
    }

    pub(super) fn hold(mut self, until: mpsc::Receiver<()>) -> Self {
        self.hold = Some(until);
        self
    }

    pub(super) fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

/// The server, which runs as long as the test.
pub(super) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    requests: Mutex<Vec<Request>>,
    open: AtomicUsize,
    most_open: AtomicUsize,
}

impl Server {
    /// Starts a server. `reply` gets the request and the number of earlier requests for the same target.
    pub(super) fn start(reply: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            requests: Mutex::default(),
            open: AtomicUsize::new(0),
            most_open: AtomicUsize::new(0),
        });
        let (of_threads, reply) = (Arc::clone(&shared), Arc::new(reply));
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let (shared, reply) = (Arc::clone(&of_threads), Arc::clone(&reply));
                thread::spawn(move || serve(socket, &shared, &*reply));
            }
        });
        Self { address, shared }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the received requests, in order.
    pub(super) fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// Returns the targets of the received requests.
    pub(super) fn targets(&self) -> Vec<String> {
        self.requests()
            .into_iter()
            .map(|request| request.target)
            .collect()
    }

    /// Returns the maximum number of connections that were open at the same time.
    pub(super) fn most_open(&self) -> usize {
        self.shared.most_open.load(Ordering::SeqCst)
    }
}

fn serve(mut socket: TcpStream, shared: &Shared, reply: &dyn Fn(&Request, usize) -> Reply) {
    let mut lines = BufReader::new(&socket).lines().map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    let headers = lines.take_while(|line| !line.is_empty()).collect();
    let target = first.split(' ').nth(1).unwrap().to_owned();
    let request = Request { target, headers };
    let before = {
        let mut requests = shared.requests.lock().unwrap();
        let before = requests
            .iter()
            .filter(|known| known.target == request.target)
            .count();
        requests.push(request.clone());
        before
    };
    let open = shared.open.fetch_add(1, Ordering::SeqCst) + 1;
    shared.most_open.fetch_max(open, Ordering::SeqCst);
    let reply = reply(&request, before);
    thread::sleep(reply.delay);
    // A client that has read enough closes the connection.
    let _ = socket
        .write_all(format!("{}\r\n", reply.head).as_bytes())
        .and_then(|()| socket.write_all(&reply.body[..reply.written]));
    if let Some(hold) = reply.hold {
        let _ = hold.recv();
    }
    shared.open.fetch_sub(1, Ordering::SeqCst);
}
