//! The listener on loopback that receives the redirect of the browser (RFC 8252, section 7.3).

use super::page::Page;
use super::redirect::{self, MAX_HEAD, Redirect};
use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};

/// The time that a connection has to send the head of its request. Browsers open connections that they do not use.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// The time that a connection has to take the response.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5);

/// The time that a connection has to end after the response.
const END_TIMEOUT: Duration = Duration::from_millis(500);

/// The largest number of connections at a time. A later one ends the oldest, which has had the most time.
const MAX_CONNECTIONS: usize = 64;

/// The pause after a connection could not be accepted, for instance because the process has too many open files.
const PAUSE: Duration = Duration::from_millis(100);

/// The error for a runtime that cannot listen.
const NO_IO: &str = "the Tokio runtime has no I/O: build it with `enable_all`";

/// A listener on a free port of a loopback address. It closes when it is dropped.
pub(super) struct Listener {
    authority: Arc<str>,
    redirects: mpsc::Receiver<Arrival>,
    /// Ends the task when it is dropped.
    _task: JoinSet<()>,
}

/// A redirect that has arrived. The browser waits for the page.
pub(super) struct Arrival {
    pub(super) redirect: Redirect,
    connection: TcpStream,
}

impl Listener {
    /// Starts to listen on 127.0.0.1, or on `::1` on a machine without IPv4.
    ///
    /// RFC 8252, section 8.3, prefers addresses to the name `localhost`, which may resolve to another interface.
    pub(super) fn start() -> io::Result<Self> {
        let v4 = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let v6 = SocketAddr::from((Ipv6Addr::LOCALHOST, 0));
        Self::start_at(&[v4, v6])
    }

    pub(super) fn start_at(addresses: &[SocketAddr]) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(addresses)?;
        listener.set_nonblocking(true)?;
        let authority: Arc<str> = listener.local_addr()?.to_string().into();
        let listener = registered(listener)?;
        let (sender, redirects) = mpsc::channel(1);
        let mut task = JoinSet::new();
        task.spawn(accept(listener, Arc::clone(&authority), sender));
        Ok(Self {
            authority,
            redirects,
            _task: task,
        })
    }

    /// Returns the redirect URI.
    pub(super) fn redirect_uri(&self) -> String {
        format!("http://{}/", self.authority)
    }

    /// Waits for the next redirect. All other requests have their responses by then.
    pub(super) async fn next(&mut self) -> io::Result<Arrival> {
        let arrival = self.redirects.recv().await;
        arrival.ok_or_else(|| io::Error::other("the listener has ended"))
    }
}

/// Hands a listener to the current runtime. Tokio panics if the runtime has no I/O. The panic ends here.
fn registered(listener: std::net::TcpListener) -> io::Result<TcpListener> {
    let registered = catch_unwind(AssertUnwindSafe(|| TcpListener::from_std(listener)));
    registered.unwrap_or_else(|_| Err(io::Error::other(NO_IO)))
}

impl Arrival {
    /// Sends a page to the browser.
    pub(super) async fn show(self, page: Page) {
        respond(self.connection, &page.response()).await;
    }

    /// Sends the browser to another URL.
    pub(super) async fn redirect_to(self, url: &str) {
        respond(self.connection, &super::page::redirect(url)).await;
    }
}

async fn accept(listener: TcpListener, authority: Arc<str>, redirects: mpsc::Sender<Arrival>) {
    let mut connections = JoinSet::new();
    // From the oldest on.
    let mut handles = VecDeque::new();
    loop {
        let accepted = listener.accept().await;
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((connection, _)) => {
                handles.retain(|handle: &AbortHandle| !handle.is_finished());
                if handles.len() >= MAX_CONNECTIONS
                    && let Some(oldest) = handles.pop_front()
                {
                    oldest.abort();
                }
                let (authority, redirects) = (Arc::clone(&authority), redirects.clone());
                let serving = serve(connection, authority, redirects);
                handles.push_back(connections.spawn(serving));
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Reads one request. Hands a redirect over, and responds to anything else.
async fn serve(mut connection: TcpStream, authority: Arc<str>, redirects: mpsc::Sender<Arrival>) {
    let head = tokio::time::timeout(HEAD_TIMEOUT, read_head(&mut connection));
    let Ok(Ok(head)) = head.await else {
        return;
    };
    match redirect::parse(&head, &authority) {
        Ok(redirect) => {
            let arrival = Arrival {
                redirect,
                connection,
            };
            // The receiver is gone if the login has ended.
            let _ = redirects.send(arrival).await;
        }
        Err(page) => respond(connection, &page.response()).await,
    }
}

/// Reads until the head of a request is complete, is too large, or ends.
async fn read_head(connection: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut bounded = connection.take(MAX_HEAD as u64);
    while !redirect::is_complete(&head) {
        if bounded.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    Ok(head)
}

/// Sends a response and closes the connection. A browser that has disconnected is not an error.
async fn respond(mut connection: TcpStream, response: &str) {
    let sent = async {
        connection.write_all(response.as_bytes()).await?;
        connection.shutdown().await
    };
    let sent = tokio::time::timeout(RESPONSE_TIMEOUT, sent).await;
    // Unread bytes would reset the connection before the browser has read the response.
    let end = async {
        let mut rest = [0; 1024];
        while connection
            .read(&mut rest)
            .await
            .is_ok_and(|length| length > 0)
        {}
    };
    if let Ok(Ok(())) = sent {
        let _ = tokio::time::timeout(END_TIMEOUT, end).await;
    }
}
