//! The header by which Google counts the kinds of token requests.

use http::{HeaderName, HeaderValue};

const API_CLIENT: HeaderName = HeaderName::from_static("x-goog-api-client");

/// Returns the header for a kind of request, for instance `auth-request-type/at cred-type/imp`.
pub(super) fn api_client(kind: &str) -> (HeaderName, HeaderValue) {
    let value = format!(
        concat!(
            "gl-rust/",
            env!("CARGO_PKG_RUST_VERSION"),
            " auth/",
            env!("CARGO_PKG_VERSION"),
            " {}"
        ),
        kind
    );
    // The kinds are texts of this crate.
    let value = HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static("gl-rust"));
    (API_CLIENT, value)
}
