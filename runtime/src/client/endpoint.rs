//! The location of an API.

use crate::credentials::DEFAULT_UNIVERSE;
use crate::method::ServiceInfo;
use crate::transport::{Destination, Transport};
use std::fmt;
use std::sync::Arc;

/// Chooses the root for mTLS ([AIP-4114](https://google.aip.dev/auth/4114)).
const MTLS_VARIABLE: &str = "GOOGLE_API_USE_MTLS_ENDPOINT";

const UNIVERSE_VARIABLE: &str = "GOOGLE_CLOUD_UNIVERSE_DOMAIN";

/// The settings of a builder for the location of the API.
#[derive(Default)]
pub(super) struct EndpointConfig {
    pub(super) endpoint: Option<String>,
    pub(super) universe_domain: Option<String>,
    /// `None` unless the caller has said it.
    pub(super) mtls: Option<bool>,
}

impl EndpointConfig {
    /// The universe that was chosen.
    pub(super) fn universe(&self, problems: &mut Vec<String>) -> String {
        let said = self
            .universe_domain
            .clone()
            .or_else(|| std::env::var(UNIVERSE_VARIABLE).ok());
        match said.filter(|domain| !domain.is_empty()) {
            Some(domain) if is_domain(&domain) => domain,
            Some(_) => {
                problems.push("the universe domain is not a domain".to_owned());
                DEFAULT_UNIVERSE.to_owned()
            }
            None => DEFAULT_UNIVERSE.to_owned(),
        }
    }

    /// The root with a `/` at its end.
    ///
    /// As in Google's Python client, an endpoint overrides mTLS, and mTLS in another universe is an error.
    pub(super) fn root_url(
        &self,
        service: &ServiceInfo,
        universe: &str,
        has_transport: bool,
        problems: &mut Vec<String>,
    ) -> String {
        if let Some(endpoint) = &self.endpoint {
            return root_url(endpoint, true, problems);
        }
        if !self.uses_mtls(service, problems) {
            let root = service.root_url.replace(DEFAULT_UNIVERSE, universe);
            return root_url(&root, false, problems);
        }
        if universe != DEFAULT_UNIVERSE {
            problems.push("there is no mTLS in other universes".to_owned());
        }
        if self.mtls == Some(true) && !has_transport {
            problems.push("mTLS needs an HTTP client with a certificate".to_owned());
        }
        let Some(root) = service.mtls_root_url else {
            problems.push("the service has no root for mTLS".to_owned());
            return String::new();
        };
        root_url(root, false, problems)
    }

    /// Returns `true` for the root for mTLS. As in Google's Python client, the environment variable can turn it off for a client
    /// with a certificate, and on for one that says nothing.
    fn uses_mtls(&self, service: &ServiceInfo, problems: &mut Vec<String>) -> bool {
        let is_wanted = self.mtls.unwrap_or_default();
        let Some(said) = std::env::var_os(MTLS_VARIABLE).filter(|said| !said.is_empty()) else {
            return is_wanted;
        };
        match said.to_str() {
            // An API without such a root has nothing to choose.
            _ if service.mtls_root_url.is_none() => is_wanted,
            Some("auto") => is_wanted,
            Some("never") => false,
            Some("always") => self.mtls.unwrap_or(true),
            _ => {
                problems.push(format!(
                    "`{MTLS_VARIABLE}` has another value than `never`, `auto` and `always`"
                ));
                is_wanted
            }
        }
    }
}

/// Shows an endpoint only as far as it can be one. A URL may hold a password or a key, and is rejected for it later.
impl fmt::Debug for EndpointConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |endpoint: &String| {
            let mut problems = Vec::new();
            let root = root_url(endpoint, true, &mut problems);
            if problems.is_empty() {
                root
            } else {
                "unusable".to_owned()
            }
        };
        f.debug_struct("EndpointConfig")
            .field("endpoint", &self.endpoint.as_ref().map(plain))
            .field("universe_domain", &self.universe_domain)
            .field("mtls", &self.mtls)
            .finish()
    }
}

/// Letters, digits and hyphens between dots: nothing that could lead to another place of a URL.
fn is_domain(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    text.split('.')
        .all(|label| !label.is_empty() && label.bytes().all(plain))
}

fn root_url(root: &str, is_explicit: bool, problems: &mut Vec<String>) -> String {
    let uri = root.parse::<http::Uri>().unwrap_or_default();
    let scheme = uri.scheme_str();
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    // A document of a server under development has a root on this machine.
    let may_be_plain = is_explicit || Destination::of(&uri).is_loopback();
    if scheme != Some("https") && !(may_be_plain && scheme == Some("http")) {
        problems.push("the endpoint needs `https://`, or `http://` for an emulator, as in `http://localhost:9020`".to_owned());
    } else if authority.contains('@') || uri.query().is_some() || root.contains('#') {
        problems.push("the endpoint has more than a scheme, a host, a port and a path".to_owned());
    } else if uri
        .path()
        .split('/')
        .any(|segment| matches!(segment, "." | ".."))
    {
        problems.push("the endpoint has a `.` or `..` path segment".to_owned());
    }
    let scheme = scheme.unwrap_or_default();
    let path = uri.path().trim_end_matches('/');
    format!("{scheme}://{authority}{path}/")
}

#[cfg(feature = "hyper")]
pub(super) fn default_transport(https_only: bool) -> Result<Arc<dyn Transport>, String> {
    match crate::transport::HttpTransport::new(https_only) {
        Ok(transport) => Ok(Arc::new(transport)),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(not(feature = "hyper"))]
pub(super) fn default_transport(_https_only: bool) -> Result<Arc<dyn Transport>, String> {
    Err("a transport is needed, because the feature `hyper` is off".to_owned())
}
