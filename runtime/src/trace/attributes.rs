//! The values of attributes: facts of the document, and of a request no more than its host.

use super::{NamedAddress, Sent};
#[cfg(feature = "tracing")]
use crate::method::ServiceInfo;
use http::Uri;
use http::uri::{Authority, Scheme};
use std::fmt;

/// The version of the conventions that names and values follow.
pub(super) const SCHEMA_URL: &str = "https://opentelemetry.io/schemas/1.39.0";

/// The repository of this library.
#[cfg(feature = "tracing")]
pub(super) const REPOSITORY: &str = "gapi";

/// This crate.
pub(super) const ARTIFACT: &str = env!("CARGO_PKG_NAME");

pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// `rpc.system.name`, as google-cloud-rust states it for HTTP and JSON.
pub(super) const SYSTEM: &str = "http";

/// The template of the path of a request: the path with the names of its parameters instead of their values.
#[derive(Clone, Copy)]
pub(super) struct Template<'a>(Sent<'a>);

/// The name of the span of an attempt: the HTTP method, and the template if there is one.
#[cfg(feature = "tracing")]
pub(super) struct AttemptName<'a>(pub(super) Sent<'a>);

impl<'a> Sent<'a> {
    /// Returns the template of the path. Returns `None` for an address that a server has named.
    pub(super) fn template(self) -> Option<Template<'a>> {
        let is_named = self.request.extensions().get::<NamedAddress>().is_some();
        (!is_named).then_some(Template(self))
    }

    /// Returns the host, an IPv6 address without its brackets.
    pub(super) fn address(self) -> &'a str {
        let host = self.request.uri().authority().map_or("", Authority::host);
        host.trim_start_matches('[').trim_end_matches(']')
    }

    pub(super) fn port(self) -> u16 {
        let authority = self.request.uri().authority();
        let default = if self.scheme() == "http" { 80 } else { 443 };
        authority.and_then(Authority::port_u16).unwrap_or(default)
    }

    pub(super) fn scheme(self) -> &'a str {
        self.request.uri().scheme().map_or("https", Scheme::as_str)
    }

    /// Returns the size of the body of the request in bytes, if it is known.
    pub(super) fn body_size(self) -> Option<i64> {
        let length = self.request.body().length();
        length.and_then(|bytes| i64::try_from(bytes).ok())
    }
}

/// Returns the host of the API in its document.
#[cfg(feature = "tracing")]
pub(super) fn domain(service: &ServiceInfo) -> &'static str {
    let root = service.root_url.strip_prefix("https://");
    let host = root.and_then(|root| root.split('/').next());
    host.unwrap_or(service.root_url)
}

/// Returns the path of a root URL, from its first `/` to its last.
fn path_of(root_url: &str) -> &str {
    let authority = root_url.split_once("://").map_or("", |(_, rest)| rest);
    let path = authority.find('/').map(|start| &authority[start..]);
    path.unwrap_or("/")
}

impl fmt::Display for Template<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Sent {
            service,
            method,
            root_url,
            request,
        } = self.0;
        let root = path_of(root_url);
        f.write_str(root)?;
        if method.path.is_empty() {
            // A batch.
            return f.write_str(service.batch_path);
        }
        if is_upload(request.uri(), root) {
            f.write_str("upload/")?;
        }
        f.write_str(service.service_path)?;
        let mut parts = method.path.split("{+");
        f.write_str(parts.next().unwrap_or_default())?;
        parts.try_for_each(|part| write!(f, "{{{part}"))
    }
}

/// Returns `true` for the address of an upload, which has one segment more.
fn is_upload(uri: &Uri, root: &str) -> bool {
    let path = uri.path().strip_prefix(root);
    path.is_some_and(|path| path.starts_with("upload/"))
}

#[cfg(feature = "tracing")]
impl fmt::Display for AttemptName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.request.method().as_str())?;
        match self.0.template() {
            Some(template) => write!(f, " {template}"),
            None => Ok(()),
        }
    }
}
