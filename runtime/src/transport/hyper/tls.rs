//! TLS of the default transport.

use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls_platform_verifier::BuilderVerifierExt as _;
use std::sync::Arc;

/// The settings of TLS for servers and for proxies. Cheap to clone.
#[derive(Clone)]
pub(super) struct Tls {
    /// HTTP/2 for servers that speak it, else HTTP/1.1.
    pub(super) for_servers: Arc<ClientConfig>,
    /// HTTP/1.1: a tunnel begins with it.
    pub(super) for_proxies: Arc<ClientConfig>,
}

impl Tls {
    /// Uses the certificates of the system, and the cryptography of the process. With neither, returns the problem.
    pub(super) fn new() -> Result<Self, String> {
        let missing = || crate::tls::MISSING.to_owned();
        if !crate::tls::is_ready() {
            return Err(missing());
        }
        let provider = CryptoProvider::get_default().ok_or_else(missing)?;
        let for_proxies = ClientConfig::builder_with_provider(Arc::clone(provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("no HTTP client: {error}"))?
            .with_platform_verifier()
            .map_err(|error| {
                format!("no HTTP client without the certificates of the system: {error}")
            })?
            .with_no_client_auth();
        let mut for_servers = for_proxies.clone();
        for_servers.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            for_servers: Arc::new(for_servers),
            for_proxies: Arc::new(for_proxies),
        })
    }
}
