//! Checks that a client sends its credentials only to hosts that the user allows.

use crate::{
    diagnostics::{Diagnostics, Pointer},
    discovery::Document,
};

/// Checks the URLs and paths in the document that requests are built from.
pub(super) fn check(document: &Document, allowed_hosts: &[String], d: &mut Diagnostics) {
    for host in allowed_hosts.iter().filter(|host| !is_host(host)) {
        d.error_with_help(
            &Pointer::root(),
            format!("the allowed host `{host}` is not the name of a host"),
            "write the name alone, for example `api.example.com`",
        );
    }
    root_url("rootUrl", &document.root_url, allowed_hosts, d);
    if let Some(url) = &document.mtls_root_url {
        root_url("mtlsRootUrl", url, allowed_hosts, d);
    }
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
}

fn root_url(member: &str, url: &str, allowed_hosts: &[String], d: &mut Diagnostics) {
    let pointer = Pointer::root().child(member);
    let host = url
        .strip_prefix("https://")
        .and_then(|rest| rest.strip_suffix('/'));
    let Some(host) = host.filter(|host| is_host(host)) else {
        d.error(
            &pointer,
            format!("`{url}` is not of the form `https://<host>/`"),
        );
        return;
    };
    let google = host
        .strip_suffix("googleapis.com")
        .is_some_and(|sub| sub.ends_with('.'));
    if !google && !allowed_hosts.iter().any(|allowed| allowed == host) {
        d.error_with_help(
            &pointer,
            format!("clients would send their users' credentials to `{host}`, which is not a host of googleapis.com"),
            format!("if that is what you want, allow it: `--allow-host {host}`"),
        );
    }
}

fn is_host(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    text.split('.')
        .all(|label| !label.is_empty() && label.bytes().all(plain))
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
