//! A second server, with plain HTTP: a test writes its responses. For programs that take the address of a server.

use crate::http::Request;
use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A function that writes the response to a request. An error ends the connection.
type Respond = dyn Fn(&Request, &mut dyn Write) -> io::Result<()> + Send + Sync;

/// The running server. Dropping it stops it.
pub struct Stub {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    is_over: Arc<AtomicBool>,
}

impl std::fmt::Debug for Stub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stub")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Stub {
    /// Starts a server on a free port of the loopback interface.
    pub fn start(
        respond: impl Fn(&Request, &mut dyn Write) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stub = Self {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
            is_over: Arc::default(),
        };
        let (requests, is_over) = (stub.requests.clone(), stub.is_over.clone());
        let respond: Arc<Respond> = Arc::new(respond);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                let (requests, respond) = (requests.clone(), respond.clone());
                thread::spawn(move || serve(stream, &requests, &*respond));
            }
        });
        stub
    }

    /// Returns the URL of the server, without a final slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns all requests so far.
    pub fn requests(&self) -> Vec<Request> {
        let requests = self.requests.lock();
        requests.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Ends the wait for a connection.
        let _ = TcpStream::connect(self.address);
    }
}

/// Serves a connection until one of its sides ends it.
fn serve(mut stream: TcpStream, requests: &Mutex<Vec<Request>>, respond: &Respond) {
    let mut buffer = Vec::new();
    while let Some(request) = Request::read(&mut stream, &mut buffer) {
        let known = requests.lock();
        known
            .unwrap_or_else(PoisonError::into_inner)
            .push(request.clone());
        if respond(&request, &mut stream).is_err() {
            return;
        }
    }
}
