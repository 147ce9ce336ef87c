//! Checks that a client sends its credentials only to hosts that the user allows.

use super::root_url::{RootUrl, host_and_port};
use crate::{
    diagnostics::{Diagnostics, Pointer},
    discovery::Document,
};

/// The checked root URLs of a document. Each ends in a slash.
pub(super) struct Roots {
    pub(super) usual: String,
    /// The root URL for mutual TLS.
    pub(super) mutual: Option<String>,
}

/// Checks the URLs and paths in the document that requests are built from.
pub(super) fn check(document: &Document, allowed_hosts: &[String], d: &mut Diagnostics) -> Roots {
    for host in allowed_hosts {
        if host_and_port(host).is_none() {
            d.error_with_help(
                &Pointer::root(),
                format!("the allowed host `{host}` is not the name of a host"),
                "write only the name, for example `api.example.com`, or with a port, `localhost:8080`",
            );
        }
    }
    let member = document.root_url_member;
    let usual = root_url(member, &document.root_url, allowed_hosts, d);
    let mutual = document.mtls_root_url.as_ref();
    let mutual = mutual.map(|url| root_url("mtlsRootUrl", url, allowed_hosts, d));
    let service_path = &document.service_path;
    if !service_path.is_empty() && !service_path.ends_with('/') {
        let pointer = Pointer::root().child("servicePath");
        d.error(
            &pointer,
            format!("the service path `{service_path}` does not end in `/`"),
        );
    }
    relative("servicePath", service_path, d);
    relative("batchPath", &document.batch_path, d);
    Roots { usual, mutual }
}

fn root_url(member: &str, url: &str, allowed_hosts: &[String], d: &mut Diagnostics) -> String {
    let pointer = Pointer::root().child(member);
    let Some(root) = RootUrl::parse(url) else {
        d.error(
            &pointer,
            format!("`{url}` is not of the form `https://<host>/`"),
        );
        return String::new();
    };
    let is_mutual = member == "mtlsRootUrl";
    if !root.is_secure && (is_mutual || !root.is_local()) {
        d.error_with_help(
            &pointer,
            format!("requests to `{url}` would send credentials unencrypted"),
            "write `https` in the document; plain `http` is only for `localhost`",
        );
    }
    if !root.is_of_google() && !allowed_hosts.iter().any(|it| root.is_allowed_by(it)) {
        let host = root.authority();
        let google = root.host.ends_with(".googleapis.com");
        let message = if google {
            format!("`{url}` is not of the form `https://<host>/`")
        } else {
            format!(
                "clients would send their users' credentials to `{host}`, which is not a host of googleapis.com"
            )
        };
        d.error_with_help(
            &pointer,
            message,
            format!("if that is what you want, allow it: `--allow-host {host}`"),
        );
    }
    root.text()
}

/// Checks that a path stays below the root: no scheme, no leading slash, no dot segments, no query.
fn relative(member: &str, path: &str, d: &mut Diagnostics) {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    let dots = path
        .split('/')
        .any(|segment| segment == "." || segment == "..");
    if path.starts_with('/') || dots || !path.bytes().all(plain) {
        d.error(
            &Pointer::root().child(member),
            format!("`{path}` is not a plain relative path"),
        );
    }
}
