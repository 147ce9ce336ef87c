//! The addresses in the code, to which it would send requests.

use std::{net::IpAddr, path::Path};

use gapi_generator::{Analysis, Files};
use proc_macro2::{TokenStream, TokenTree};
use syn::Lit;

use super::{Finding, Property, text};

/// Checks the addresses in the code of an API.
pub(super) fn check(api: &Analysis, files: &Files, allowed_hosts: &[String]) -> Vec<Finding> {
    let module = &api.names.module;
    let own = Path::new(module).with_extension("rs");
    let mut findings = Vec::new();
    let mut broken = |path: &Path, detail: String| {
        findings.push(Finding::new(
            Property::HostIsAllowed,
            path.display(),
            detail,
        ));
    };
    let parsed = |text: &String| text.parse::<TokenStream>().unwrap_or_default();
    let info = files.0.get(&own).and_then(|text| info(parsed(text)));
    let Some(Info { roots, paths }) = info else {
        broken(&own, "no description of the service".to_owned());
        return findings;
    };
    for root in roots.iter().filter(|root| !is_allowed(root, allowed_hosts)) {
        broken(&own, format!("requests to `{}`", text::shortened(root)));
    }
    for path in paths.iter().filter(|path| !stays_below(path)) {
        broken(&own, format!("the path `{}`", text::shortened(path)));
    }
    for (file, text) in &files.0 {
        for path in requests(text).iter().filter(|path| !stays_below(path)) {
            broken(file, format!("the path `{}`", text::shortened(path)));
        }
    }
    findings
}

/// The parts of request URLs.
struct Info {
    /// The root URLs: one, and possibly one for mTLS.
    roots: Vec<String>,
    /// The paths of the service and of batches.
    paths: Vec<String>,
}

/// Returns the rows of the one `service!(Name { … })` of the code.
fn info(tokens: TokenStream) -> Option<Info> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut invocations = tokens.windows(3).filter_map(|three| {
        let [
            TokenTree::Ident(name),
            TokenTree::Punct(mark),
            TokenTree::Group(input),
        ] = three
        else {
            return None;
        };
        (name == "service" && mark.as_char() == '!').then(|| input.stream())
    });
    let mut input = invocations.next()?.into_iter();
    match (input.next(), input.next()) {
        (Some(TokenTree::Ident(_)), Some(TokenTree::Group(rows))) => fields(rows.stream()),
        _ => None,
    }
}

fn fields(tokens: TokenStream) -> Option<Info> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let row = |name: &str| {
        let at = tokens.iter().position(|token| token.to_string() == name)?;
        Some(tokens.get(at + 2).and_then(string))
    };
    let required = |name: &str| row(name).flatten();
    // A row that is there has to be a text.
    let optional = |name: &str| match row(name) {
        Some(value) => value.map(Some),
        None => Some(None),
    };
    let (root, mutual) = (required("root_url")?, optional("mtls_root_url")?);
    let (service, batch) = (optional("service_path")?, required("batch_path")?);
    Some(Info {
        roots: [root].into_iter().chain(mutual).collect(),
        paths: service.into_iter().chain([batch]).collect(),
    })
}

fn string(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else {
        return None;
    };
    match Lit::new(literal.clone()) {
        Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

/// Returns the path templates of the calls, which are on separate lines.
fn requests(code: &str) -> Vec<String> {
    let rows = code.lines().filter_map(|line| {
        let (verb, path) = line.strip_prefix("    request: ")?.split_once(' ')?;
        let verb = ["Get", "Post", "Put", "Patch", "Delete"].contains(&verb);
        let path = syn::parse_str::<syn::LitStr>(path.strip_suffix(',')?).ok()?;
        verb.then(|| path.value())
    });
    rows.collect()
}

/// Returns whether a root URL is that of an API of Google, or leads to an allowed host: with any port and path, and
/// without TLS only to this machine.
fn is_allowed(root: &str, allowed_hosts: &[String]) -> bool {
    let Some((scheme, rest)) = root.split_once("://") else {
        return false;
    };
    let Some((authority, path)) = rest.split_once('/') else {
        return false;
    };
    let is_below = path.is_empty() || path.ends_with('/') && stays_below(path);
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        _ => authority,
    };
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let labels: Vec<&str> = host.split('.').collect();
    let plain = labels
        .iter()
        .all(|label| !label.is_empty() && label.chars().all(letter));
    let address = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let address = address.unwrap_or(host).parse::<IpAddr>().ok();
    let is_local = labels
        .last()
        .is_some_and(|it| it.eq_ignore_ascii_case("localhost"))
        || address.is_some_and(|address| address.is_loopback());
    let google = path.is_empty() && host == authority && scheme == "https";
    let google = google && labels.len() > 2 && labels.ends_with(&["googleapis", "com"]);
    let names = |allowed: &String| {
        [host, authority]
            .iter()
            .any(|it| allowed.eq_ignore_ascii_case(it))
    };
    let is_safe = scheme == "https" || scheme == "http" && is_local;
    let allowed = allowed_hosts.iter().any(names);
    is_below && is_safe && (plain || address.is_some()) && (google || allowed)
}

/// Returns whether a path below the root neither changes the host nor leaves the root.
fn stays_below(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/:@$!'()*+,;=&{}".contains(c);
    let climbs = path
        .split('/')
        .any(|segment| segment == "." || segment == "..");
    !path.starts_with('/') && !path.contains("://") && !climbs && path.chars().all(plain)
}
