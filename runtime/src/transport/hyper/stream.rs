//! Connections.

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::MaybeHttpsStream;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use std::io::{self, IoSlice};
#[cfg(feature = "tracing")]
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::net::TcpStream;

type Tcp = TokioIo<TcpStream>;

/// A connection to a server or to a proxy.
pub(super) struct Stream {
    route: Route,
    /// `true` if a proxy reads the requests. They name the whole URL then.
    is_forwarded: bool,
}

/// The layers of a connection. Boxed, because the state of TLS is large.
enum Route {
    Direct(Box<MaybeHttpsStream<Tcp>>),
    /// Through a proxy, which may have its own TLS.
    Tunneled(Box<MaybeHttpsStream<MaybeHttpsStream<Tcp>>>),
}

impl Stream {
    pub(super) fn direct(stream: MaybeHttpsStream<Tcp>) -> Self {
        Self {
            route: Route::Direct(Box::new(stream)),
            is_forwarded: false,
        }
    }

    pub(super) fn forwarded(stream: MaybeHttpsStream<Tcp>) -> Self {
        Self {
            is_forwarded: true,
            ..Self::direct(stream)
        }
    }

    #[cfg(feature = "tracing")]
    fn peer(&self) -> Option<SocketAddr> {
        let tcp = |stream: &MaybeHttpsStream<Tcp>| {
            let tcp = match stream {
                MaybeHttpsStream::Http(tcp) => tcp.inner(),
                MaybeHttpsStream::Https(tls) => tls.inner().get_ref().0.inner().inner(),
            };
            tcp.peer_addr().ok()
        };
        match &self.route {
            Route::Direct(stream) => tcp(stream),
            Route::Tunneled(stream) => match &**stream {
                MaybeHttpsStream::Http(inner) => tcp(inner),
                MaybeHttpsStream::Https(tls) => tcp(tls.inner().get_ref().0.inner()),
            },
        }
    }

    pub(super) fn tunneled(stream: MaybeHttpsStream<MaybeHttpsStream<Tcp>>) -> Self {
        Self {
            route: Route::Tunneled(Box::new(stream)),
            is_forwarded: false,
        }
    }
}

/// The address of the server, or of the proxy, in the extensions of a response.
#[cfg(feature = "tracing")]
#[derive(Clone, Copy)]
struct Peer(Option<SocketAddr>);

/// Returns the address that a response came from.
#[cfg(feature = "tracing")]
pub(super) fn peer<B>(response: &http::Response<B>) -> Option<SocketAddr> {
    response.extensions().get::<Peer>()?.0
}

/// Calls a method of the stream within.
macro_rules! inner {
    ($self:ident . $method:ident ( $($argument:expr),* )) => {
        match &mut $self.get_mut().route {
            Route::Direct(stream) => Pin::new(&mut **stream).$method($($argument),*),
            Route::Tunneled(stream) => Pin::new(&mut **stream).$method($($argument),*),
        }
    };
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        let connected = match &self.route {
            Route::Direct(stream) => stream.connected(),
            Route::Tunneled(stream) => stream.connected(),
        };
        // Not all that it has: each response holds a copy.
        let plain = Connected::new().proxy(self.is_forwarded);
        #[cfg(feature = "tracing")]
        let plain = plain.extra(Peer(self.peer()));
        if connected.is_negotiated_h2() {
            plain.negotiated_h2()
        } else {
            plain
        }
    }
}

impl Read for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        inner!(self.poll_read(context, buffer))
    }
}

impl Write for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        inner!(self.poll_write(context, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        inner!(self.poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        inner!(self.poll_shutdown(context))
    }

    fn is_write_vectored(&self) -> bool {
        match &self.route {
            Route::Direct(stream) => stream.is_write_vectored(),
            Route::Tunneled(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        inner!(self.poll_write_vectored(context, bytes))
    }
}
