//! The cryptography of rustls.

use rustls::crypto::CryptoProvider;

/// The error if there is none.
pub(crate) const MISSING: &str = "there is no cryptography for TLS: turn on the feature `tls-ring` or `tls-aws-lc`, \
     or install a provider of rustls";

/// Installs the process-wide cryptography provider of rustls: aws-lc-rs with the feature `tls-aws-lc`, else ring with `tls-ring`,
/// else none. Keeps a provider that the application has installed.
///
/// [`ClientBuilder::new`](crate::ClientBuilder::new) and the credentials of the module `auth` call it. Call it yourself if you make
/// credentials of `google-cloud-auth` before you make a builder: their first request panics without a provider.
///
/// ```
/// // First of all in `main`, before credentials of `google-cloud-auth` are made.
/// gapi_runtime::install_tls_provider();
/// ```
pub fn install_tls_provider() {
    #[cfg(feature = "tls-aws-lc")]
    use rustls::crypto::aws_lc_rs::default_provider;
    #[cfg(all(feature = "tls-ring", not(feature = "tls-aws-lc")))]
    use rustls::crypto::ring::default_provider;

    #[cfg(any(feature = "tls-aws-lc", feature = "tls-ring"))]
    if CryptoProvider::get_default().is_none() {
        // Fails if another thread was faster, and then there is one.
        let _ = default_provider().install_default();
    }
}

/// Installs a provider if possible, and returns whether there is one.
pub(crate) fn is_ready() -> bool {
    install_tls_provider();
    CryptoProvider::get_default().is_some()
}
