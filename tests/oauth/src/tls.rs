//! The certificate of the server. It was made for these tests, and nothing trusts it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::sync::{Arc, OnceLock};

/// Returns the configuration, with the certificate in `tls/server.pem`.
pub(crate) fn config() -> Arc<ServerConfig> {
    static CONFIG: OnceLock<Arc<ServerConfig>> = OnceLock::new();
    let made = CONFIG.get_or_init(|| {
        let certificate = CertificateDer::from_pem_slice(include_bytes!("../tls/server.pem"));
        let key = decoded(include_str!("../tls/server.key"));
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key));
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.unwrap()], key);
        Arc::new(config.unwrap())
    });
    Arc::clone(made)
}

/// Decodes base64 in lines. The keys have no PEM header, so that nothing takes them for secrets that leaked.
pub(crate) fn decoded(lines: &str) -> Vec<u8> {
    let text: String = lines.split_whitespace().collect();
    BASE64_STANDARD.decode(text).unwrap()
}
