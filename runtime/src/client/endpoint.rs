//! The location of an API.

use crate::credentials::DEFAULT_UNIVERSE;
use crate::method::ServiceInfo;
use std::fmt;

const UNIVERSE_VARIABLE: &str = "GOOGLE_CLOUD_UNIVERSE_DOMAIN";

/// The settings of a builder for the location of the API.
#[derive(Default)]
pub(super) struct EndpointConfig {
    pub(super) endpoint: Option<String>,
    pub(super) universe_domain: Option<String>,
    pub(super) mtls: bool,
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
    /// As Google's Python client has it: an endpoint counts for more than mTLS, and neither goes with another universe.
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
        if !self.mtls {
            let root = service.root_url.replace(DEFAULT_UNIVERSE, universe);
            return root_url(&root, false, problems);
        }
        if universe != DEFAULT_UNIVERSE {
            problems.push("there is no mTLS in other universes".to_owned());
        }
        if !has_transport {
            problems.push("mTLS needs an HTTP client with a certificate".to_owned());
        }
        let Some(root) = service.mtls_root_url else {
            problems.push("the service has no root for mTLS".to_owned());
            return String::new();
        };
        root_url(root, false, problems)
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
    if scheme != Some("https") && !(is_explicit && scheme == Some("http")) {
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
