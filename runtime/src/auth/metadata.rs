//! The metadata server of Google Cloud.

const HOST: &str = "metadata.google.internal";

/// Replaces the host of the metadata server, with or without a port.
const HOST_VARIABLE: &str = "GCE_METADATA_HOST";

/// Returns the host of the metadata server, with or without a port.
pub(super) fn host() -> String {
    let host = std::env::var(HOST_VARIABLE).ok();
    host.filter(|host| !host.is_empty())
        .unwrap_or_else(|| HOST.to_owned())
}
