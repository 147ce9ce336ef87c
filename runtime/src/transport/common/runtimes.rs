//! The HTTP clients of several Tokio runtimes.
//!
//! A task of the runtime that has made a connection drives it. A request of another runtime on this connection would wait until
//! the first runtime runs again, perhaps forever. So each runtime has its own HTTP client.

use crate::transport::TransportError;
use std::convert::Infallible;
use std::net::{Ipv4Addr, UdpSocket};
use std::sync::{PoisonError, RwLock};
use tokio::runtime::{Handle, Id, RuntimeFlavor};
use tokio::sync::mpsc;

const NO_RUNTIME: &str = "it needs a Tokio runtime, and there is none";
const NO_TIMER: &str = "the Tokio runtime has no timer: build it with `enable_all`";
const NO_IO: &str = "the Tokio runtime has no I/O: build it with `enable_all`";
const SHARED: &str = "another Tokio runtime uses the HTTP client, and might not drive its connections: \
    build a client for each runtime, or use multi-threaded ones";

/// Makes another client with the same settings.
type Build<C> = Box<dyn Fn() -> C + Send + Sync>;

/// The clients of all runtimes, each of them cheap to clone.
pub(in crate::transport) struct Clients<C> {
    first: C,
    /// `None` for a client of the application, which cannot be made again.
    build: Option<Build<C>>,
    /// The runtimes that have sent a request, and their clients.
    known: RwLock<Vec<(Home, C)>>,
}

/// A runtime.
struct Home {
    id: Id,
    flavor: RuntimeFlavor,
    /// Closed once the runtime has ended.
    alive: mpsc::Sender<Infallible>,
}

impl<C: Clone> Clients<C> {
    /// Makes a client for each runtime.
    #[cfg(feature = "hyper")]
    pub(in crate::transport) fn each(build: impl Fn() -> C + Send + Sync + 'static) -> Self {
        Self {
            first: build(),
            build: Some(Box::new(build)),
            known: RwLock::default(),
        }
    }

    /// Has one client for all runtimes that can share it.
    #[cfg(feature = "reqwest")]
    pub(in crate::transport) fn shared(client: C) -> Self {
        Self {
            first: client,
            build: None,
            known: RwLock::default(),
        }
    }

    /// Returns the client of the current runtime.
    pub(in crate::transport) fn here(&self) -> Result<C, TransportError> {
        let runtime = Handle::try_current().map_err(|_| TransportError::unusable(NO_RUNTIME))?;
        let id = runtime.id();
        {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, client)) = known.iter().find(|(home, _)| home.id == id) {
                return Ok(client.clone());
            }
        }
        self.enter(&runtime)
    }

    /// Makes the client of a runtime that sends its first request.
    fn enter(&self, runtime: &Handle) -> Result<C, TransportError> {
        if !crate::timer::is_available() {
            return Err(TransportError::unusable(NO_TIMER));
        }
        if !has_io() {
            return Err(TransportError::unusable(NO_IO));
        }
        let id = runtime.id();
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(home, _)| !home.alive.is_closed());
        // Another thread of the runtime may have been faster.
        if let Some((_, client)) = known.iter().find(|(home, _)| home.id == id) {
            return Ok(client.clone());
        }
        let home = Home::of(runtime);
        let client = match &self.build {
            _ if known.is_empty() => self.first.clone(),
            Some(build) => build(),
            None if home.drives_itself() && known.iter().all(|(home, _)| home.drives_itself()) => {
                self.first.clone()
            }
            None => return Err(TransportError::unusable(SHARED)),
        };
        known.push((home, client.clone()));
        Ok(client)
    }
}

impl Home {
    fn of(runtime: &Handle) -> Self {
        let (alive, mut ended) = mpsc::channel::<Infallible>(1);
        // Ends with the runtime or with the transport.
        runtime.spawn(async move { ended.recv().await });
        Self {
            id: runtime.id(),
            flavor: runtime.runtime_flavor(),
            alive,
        }
    }

    /// Returns `true` if the connections of the runtime are driven at any time.
    fn drives_itself(&self) -> bool {
        self.flavor != RuntimeFlavor::CurrentThread
    }
}

/// Returns `true` if the current runtime has I/O. Tokio has no other way to ask: it panics if it has none.
fn has_io() -> bool {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0));
    let socket = socket.and_then(|socket| socket.set_nonblocking(true).map(|()| socket));
    let Ok(socket) = socket else {
        return true;
    };
    std::panic::catch_unwind(|| drop(tokio::net::UdpSocket::from_std(socket))).is_ok()
}
