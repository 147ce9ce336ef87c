//! Which cryptography rustls uses.

use rustls::crypto::CryptoProvider;

/// What to say where there is none.
pub(crate) const MISSING: &str = "there is no cryptography for TLS: turn on the feature `tls-ring` or `tls-aws-lc`, \
     or install a provider of rustls";

/// Installs the process-wide provider of rustls, unless the application has installed one: aws-lc-rs with the feature
/// `tls-aws-lc`, else ring with `tls-ring`, else none.
///
/// Building a client does that when it needs one. An application calls it for credentials of `google-cloud-auth` that it makes
/// itself before it builds a client: without a provider their first request panics.
pub fn install_tls_provider() {
    #[cfg(feature = "tls-aws-lc")]
    use rustls::crypto::aws_lc_rs::default_provider;
    #[cfg(all(feature = "tls-ring", not(feature = "tls-aws-lc")))]
    use rustls::crypto::ring::default_provider;

    #[cfg(any(feature = "tls-aws-lc", feature = "tls-ring"))]
    if CryptoProvider::get_default().is_none() {
        // Fails when another thread was faster: then there is one.
        let _ = default_provider().install_default();
    }
}

/// Whether there is a provider, once one has been installed if possible.
pub(crate) fn is_ready() -> bool {
    install_tls_provider();
    CryptoProvider::get_default().is_some()
}
