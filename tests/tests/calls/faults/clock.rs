//! A paused clock that gets on with real sockets.
//!
//! Tokio's paused clock jumps to the next timer whenever its runtime has nothing to do, and waiting for a socket is nothing to
//! do: the time limits of a request would be over before its answer came. So the clock is held while a request is under way
//! (tokio lets it stand while a blocking task runs), and let go where the server says that it does nothing for a while.

use gapi::gapi_runtime::{Body, BoxFuture, Bytes, Reqwest, Transport, TransportError, http};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::yield_now;

/// More turns than it takes the runtime to look at its sockets and to hand on what has come.
const SETTLED: usize = 2_000;

/// The clock of a test, with the transport that it is for. Clones are the same one.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    runtime: Handle,
    transport: Reqwest,
    held: Arc<Mutex<Held>>,
}

#[derive(Debug, Default)]
struct Held {
    /// Dropped, it lets the clock go.
    end: Option<mpsc::Sender<()>>,
    /// Which of the requests, one after the other, is under way.
    turn: usize,
}

/// A request under way.
#[derive(Debug)]
struct Turn {
    clock: Clock,
    number: usize,
}

impl Clock {
    /// The clock of the runtime that this is called on, which has to be paused.
    pub(super) fn new() -> Self {
        Self {
            runtime: Handle::current(),
            transport: Reqwest::new(false).unwrap(),
            held: Arc::default(),
        }
    }

    /// For the server, on a runtime of its own: when the client has seen all that was written.
    pub(super) async fn settle(&self) {
        self.runtime.spawn(settle()).await.unwrap();
    }

    /// The same, and when these seconds have passed for the client.
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

    /// The same, and from now on time passes until the client gives up.
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

    /// Unless the request has ended meanwhile.
    fn hold_again(&self, turn: usize) {
        let mut held = self.held.lock().unwrap();
        if held.turn == turn {
            held.end = Some(hold());
        }
    }
}

/// A blocking task that runs until this is dropped.
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
            // The turn is over, so that nobody holds the clock again for it.
            held.turn += 1;
            held.end = None;
        }
    }
}

/// The default transport over sockets, which holds the clock while a request is under way and counts how often it was asked.
#[derive(Clone, Debug)]
pub(super) struct Clocked {
    inner: Reqwest,
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
            let answer = self.send_streaming(request.map(Body::from)).await?;
            let (head, body) = answer.into_parts();
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
            // The turn ends with the body, be it read or dropped.
            let body = futures_util::stream::unfold((body, turn), |(mut body, turn)| async move {
                let piece = futures_util::StreamExt::next(&mut body).await?;
                Some((piece, (body, turn)))
            });
            Ok(http::Response::from_parts(head, Body::new(body)))
        })
    }
}
