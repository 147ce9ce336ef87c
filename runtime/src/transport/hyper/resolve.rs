//! The name resolution of the default transport.

use crate::dns;
use crate::transport::BoxFuture;
use hyper_util::client::legacy::connect::dns::Name;
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};
use std::vec::IntoIter;
use tower_service::Service;

/// The resolver of the system. A program can end while it looks up a name.
#[derive(Clone, Copy)]
pub(super) struct SystemResolver;

impl Service<Name> for SystemResolver {
    type Response = IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<IntoIter<SocketAddr>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        // The connector sets the port.
        Box::pin(async move { Ok(dns::look_up(name.as_str(), 0).await?.into_iter()) })
    }
}
