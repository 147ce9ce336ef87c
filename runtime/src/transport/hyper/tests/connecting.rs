//! Connections to names with several addresses, and their limits.

use super::*;
use crate::transport::connecting::Connecting;
use crate::transport::was_cut_off;
use connect::{BoxError, Resolver};
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::client::proxy::matcher::Matcher;
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};
use std::vec::IntoIter;
use tokio::net::{TcpListener, TcpSocket};
use tokio::time::Instant;
use tower_service::Service;

/// A resolver that knows one name, or hangs.
#[derive(Clone)]
struct Known(Option<Vec<SocketAddr>>);

impl Resolver for Known {}

impl Service<Name> for Known {
    type Response = IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<IntoIter<SocketAddr>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        assert_eq!(name.as_str(), "many.example");
        let addresses = self.0.clone();
        Box::pin(async move {
            match addresses {
                Some(addresses) => Ok(addresses.into_iter()),
                None => std::future::pending().await,
            }
        })
    }
}

/// A port that drops connections: its queue is full, so the system ignores every further attempt.
struct BlackHole {
    listener: TcpListener,
    _queued: Vec<TcpStream>,
}

impl BlackHole {
    async fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let mut queued = Vec::new();
        let wait = Duration::from_millis(300);
        while let Ok(connected) = tokio::time::timeout(wait, TcpStream::connect(address)).await {
            queued.push(connected.unwrap());
            assert!(queued.len() < 100, "the queue is never full");
        }
        Self {
            listener,
            _queued: queued,
        }
    }

    fn address(&self) -> SocketAddr {
        self.listener.local_addr().unwrap()
    }
}

/// Connects, perhaps within a limit in seconds. Returns the duration.
async fn connected(
    addresses: Option<Vec<SocketAddr>>,
    limit: Option<u64>,
) -> (Result<(), BoxError>, Duration) {
    let proxies = Proxies::new(Matcher::builder().build());
    let mut connector = Connector::new(Known(addresses), Tls::new().unwrap(), Arc::new(proxies));
    let start = Instant::now();
    let uri = http::Uri::from_static("http://many.example/");
    let result = match limit {
        None => connector.call(uri).await,
        Some(seconds) => {
            let limits = Connecting {
                at_most: Duration::from_secs(seconds),
                by: None,
            };
            limits.around(async { connector.call(uri).await }).await
        }
    };
    (result.map(|_| ()), start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn each_address_has_its_share_of_the_time() {
    let black_hole = BlackHole::new().await;
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (hole, server) = (black_hole.address(), server.local_addr().unwrap());
    for (addresses, limit, seconds) in [
        (vec![server], None, 0),
        (vec![hole, server], None, 10),
        (vec![hole, server], Some(15), 10),
        (vec![hole, hole, hole, server], None, 15),
    ] {
        let (result, took) = connected(Some(addresses), limit).await;
        result.unwrap();
        assert_eq!(took.as_secs(), seconds);
    }
}

#[tokio::test(start_paused = true)]
async fn limits_cover_names_and_all_addresses() {
    let black_hole = BlackHole::new().await;
    let hole = black_hole.address();
    for (addresses, limit, seconds) in [
        (None, Some(2), 2),
        (Some(vec![hole]), Some(2), 2),
        (Some(vec![hole, hole]), Some(15), 15),
        (None, None, 20),
        (Some(vec![hole]), None, 20),
        (Some(vec![hole, hole]), None, 20),
        (Some(vec![hole]), Some(60), 20),
    ] {
        let (result, took) = connected(addresses, limit).await;
        let error = result.unwrap_err();
        assert_eq!(took.as_secs(), seconds);
        // Only the limits of a policy cut an attempt off.
        assert_eq!(was_cut_off(&*error), seconds < 20, "{error:?}");
        let error = TransportError::connect(error);
        assert!(
            error.to_string().contains("timed out while connecting"),
            "{error}"
        );
    }
}
