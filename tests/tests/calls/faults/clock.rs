//! A paused clock that works with real sockets.
//!
//! Tokio's paused clock jumps to the next timer whenever its runtime is idle. Waiting for a socket counts as idle, so
//! the timeouts of a request would expire before its response arrives. Therefore the clock is held while a request is
//! running: tokio keeps it still while a blocking task runs. The server releases it for the time in which it does
//! nothing.

use gapi::gapi_runtime::{Body, BoxFuture, Bytes, HttpTransport, Transport, TransportError, http};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::yield_now;

/// More scheduler turns than the runtime needs to poll its sockets and deliver the data.
const SETTLED: usize = 2_000;

/// The clock of a test and its transport. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    runtime: Handle,
    transport: HttpTransport,
    held: Arc<Mutex<Held>>,
}

#[derive(Debug, Default)]
struct Held {
    /// Dropping this releases the clock.
    end: Option<mpsc::Sender<()>>,
    /// The number of the current request.
    turn: usize,
}

/// A running request.
#[derive(Debug)]
struct Turn {
    clock: Clock,
    number: usize,
}

impl Clock {
    /// Returns the clock of the current runtime, which must be paused.
    pub(super) fn new() -> Self {
        Self {
            runtime: Handle::current(),
            transport: HttpTransport::new(false).unwrap(),
            held: Arc::default(),
        }
    }

    /// Waits until the client has received everything that was written. Runs on the server's own runtime.
    pub(super) async fn settle(&self) {
        self.runtime.spawn(settle()).await.unwrap();
    }

    /// Waits like `settle`, and then until this many seconds have passed for the client.
    pub(super) async fn pass(&self, seconds: u64) {
        let clock = self.clone();
        let passing = self.runtime.spawn(async move {
            settle().await;
            let turn = clock.let_go();
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            clock.hold_again(turn);
        });
        passing.await.unwrap();
    }

    /// Waits like `settle`. From then on time passes until the client gives up.
    pub(super) async fn release(&self) {
        let clock = self.clone();
        let releasing = self.runtime.spawn(async move {
            settle().await;
            clock.let_go();
        });
        releasing.await.unwrap();
    }

    /// Begins a request.
    fn turn(&self) -> Turn {
        let mut held = self.held.lock().unwrap();
        held.turn += 1;
        held.end = Some(hold());
        Turn {
            clock: self.clone(),
            number: held.turn,
        }
    }

    fn let_go(&self) -> usize {
        let mut held = self.held.lock().unwrap();
        held.end = None;
        held.turn
    }

    /// Holds the clock again if the request is still running.
    fn hold_again(&self, turn: usize) {
        let mut held = self.held.lock().unwrap();
        if held.turn == turn {
            held.end = Some(hold());
        }
    }
}

/// Starts a blocking task that runs until the returned sender is dropped.
fn hold() -> mpsc::Sender<()> {
    let (end, ended) = mpsc::channel::<()>();
    tokio::task::spawn_blocking(move || ended.recv());
    end
}

async fn settle() {
    for _ in 0..SETTLED {
        yield_now().await;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut held = self.clock.held.lock().unwrap();
        if held.turn == self.number {
            // The request is over, so the clock is not held for it again.
            held.turn += 1;
            held.end = None;
        }
    }
}

/// The default transport over sockets. It holds the clock during a request and counts its calls.
#[derive(Clone, Debug)]
pub(super) struct Clocked {
    inner: HttpTransport,
    clock: Clock,
    attempts: Arc<AtomicUsize>,
}

impl Clocked {
    pub(super) fn new(clock: &Clock) -> Self {
        Self {
            inner: clock.transport.clone(),
            clock: clock.clone(),
            attempts: Arc::default(),
        }
    }

    pub(super) fn attempts(&self) -> usize {
        self.attempts.load(Ordering::Relaxed)
    }
}

impl Transport for Clocked {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let response = self.send_streaming(request.map(Body::from)).await?;
            let (head, body) = response.into_parts();
            Ok(http::Response::from_parts(head, body.collect().await?))
        })
    }

    fn send_streaming(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            self.attempts.fetch_add(1, Ordering::Relaxed);
            let turn = self.clock.turn();
            let (head, body) = self.inner.send_streaming(request).await?.into_parts();
            // The request ends when the body is read or dropped.
            let body = futures_util::stream::unfold((body, turn), |(mut body, turn)| async move {
                let chunk = futures_util::StreamExt::next(&mut body).await?;
                Some((chunk, (body, turn)))
            });
            Ok(http::Response::from_parts(head, Body::new(body)))
        })
    }
}
