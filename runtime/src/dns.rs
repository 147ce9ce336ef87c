//! Name lookups that a program need not wait for.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use tokio::sync::oneshot;

/// Looks up the addresses of a host.
///
/// The lookup has its own thread. A runtime waits at its end for the blocking work that it has started, and without a
/// network a resolver may take half a minute. So a program could not end, or print its error, before that.
pub(crate) async fn look_up(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let (sender, receiver) = oneshot::channel();
    let host = host.to_owned();
    std::thread::Builder::new()
        .name("gapi-lookup".to_owned())
        .spawn(move || {
            let addresses = (host.as_str(), port).to_socket_addrs();
            // The receiver is gone if the caller has given up.
            let _ = sender.send(addresses.map(Iterator::collect));
        })?;
    receiver.await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn addresses_and_names() {
        for (host, expected) in [("127.0.0.1", "127.0.0.1:80"), ("::1", "[::1]:80")] {
            let addresses = look_up(host, 80).await.unwrap();
            assert_eq!(addresses, [expected.parse().unwrap()], "{host}");
        }
        let error = look_up("nowhere.invalid", 80).await.unwrap_err();
        assert!(error.to_string().contains("lookup address"), "{error}");
    }
}
