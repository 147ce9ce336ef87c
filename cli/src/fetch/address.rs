//! Addresses that a document may come from.

use std::net::IpAddr;

use ureq::http::Uri;

use crate::api_version::ApiVersion;

/// Google's directory of APIs.
pub(crate) const DIRECTORY: &str = "https://www.googleapis.com/discovery/v1/apis";

/// A server that the user has named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    scheme: String,
    host: String,
    port: Option<u16>,
}

/// Returns the parts of a URL that identify the server.
fn origin(url: &str) -> Result<Origin, String> {
    let uri: Uri = url.parse().map_err(|_| "it is not a URL".to_owned())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err("it is not a URL".to_owned());
    };
    if authority.as_str().contains('@') {
        return Err("it contains a user name".to_owned());
    }
    let default = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return Err(format!("its scheme is {scheme}")),
    };
    Ok(Origin {
        scheme: scheme.to_owned(),
        host: authority.host().to_ascii_lowercase(),
        port: authority.port_u16().filter(|port| *port != default),
    })
}

/// Returns the server of a URL that the user gives: https, or http on this machine.
pub(crate) fn named(url: &str) -> Result<Origin, String> {
    let origin = origin(url)?;
    if origin.scheme == "https" || is_loopback(&origin.host) {
        Ok(origin)
    } else {
        Err("it is not https".to_owned())
    }
}

fn is_loopback(host: &str) -> bool {
    let address: Result<IpAddr, _> = host.trim_start_matches('[').trim_end_matches(']').parse();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// Checks that a document may be requested there: at Google by https, or at the server that the user has named. The
/// address comes from a response, which must not lead to other servers.
pub(crate) fn may_ask(url: &str, named: Option<&Origin>) -> Result<(), String> {
    let origin = origin(url)?;
    let google = origin.scheme == "https"
        && origin.port.is_none()
        && (origin.host == "googleapis.com" || origin.host.ends_with(".googleapis.com"));
    if google || named == Some(&origin) {
        Ok(())
    } else {
        Err(format!(
            "{}://{} is neither https at googleapis.com nor the server that --from names",
            origin.scheme, origin.host
        ))
    }
}

/// Returns the addresses of a document, in the order of the requests: the one that the directory lists, that of the service
/// itself if the directory is Google's, and that of the directory's own copy.
pub(crate) fn candidates(api: &ApiVersion, listed: Option<&str>, directory: &str) -> Vec<String> {
    let ApiVersion { name, version } = api;
    let own = (directory == DIRECTORY)
        .then(|| format!("https://{name}.googleapis.com/$discovery/rest?version={version}"));
    let copy = format!("{directory}/{name}/{version}/rest");
    let mut addresses: Vec<String> = Vec::new();
    for address in listed
        .map(str::to_owned)
        .into_iter()
        .chain(own)
        .chain([copy])
    {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn documents_come_from_google_by_https_or_from_the_named_server() {
        let test = named("http://127.0.0.1:8080/discovery/v1/apis").expect("loopback");
        for url in [
            "https://www.googleapis.com/discovery/v1/apis/a/v1/rest",
            "https://spanner.googleapis.com/$discovery/rest?version=v1",
            "https://SPANNER.googleapis.com:443/x",
            "http://127.0.0.1:8080/other",
        ] {
            assert_eq!(may_ask(url, Some(&test)), Ok(()), "{url}");
        }
        for url in [
            "http://spanner.googleapis.com/x",
            "https://spanner.googleapis.com:8443/x",
            "https://spanner.googleapis.com.example.com/x",
            "https://notgoogleapis.com/x",
            "https://www.googleapis.com@example.com/x",
            "https://user@www.googleapis.com/x",
            "http://127.0.0.1:8081/x",
            "http://localhost:8080/x",
            "https://127.0.0.1:8080/x",
            "file:///etc/passwd",
            "/x",
            "",
        ] {
            assert!(may_ask(url, Some(&test)).is_err(), "{url}");
        }
        assert!(may_ask("http://127.0.0.1:8080/other", None).is_err());
    }

    #[test]
    fn a_named_server_is_https_or_this_machine() {
        for url in [
            "https://example.com/x",
            "http://localhost/x",
            "http://[::1]:80/x",
            "http://127.1.2.3/",
        ] {
            assert!(named(url).is_ok(), "{url}");
        }
        for url in [
            "http://example.com/x",
            "http://127.0.0.1.example.com/",
            "ftp://localhost/",
        ] {
            assert!(named(url).is_err(), "{url}");
        }
    }

    #[test]
    fn the_service_itself_is_asked_when_the_directory_is_googles() {
        let api = ApiVersion::new("spanner", "v1").expect("a name");
        let own = "https://spanner.googleapis.com/$discovery/rest?version=v1";
        let copy = "https://www.googleapis.com/discovery/v1/apis/spanner/v1/rest";
        assert_eq!(candidates(&api, Some(own), DIRECTORY), [own, copy]);
        assert_eq!(candidates(&api, Some(copy), DIRECTORY), [copy, own]);
        assert_eq!(candidates(&api, None, DIRECTORY), [own, copy]);
        let mirror = "https://mirror.example.com/apis";
        let there = "https://mirror.example.com/apis/spanner/v1/rest";
        assert_eq!(candidates(&api, Some(own), mirror), [own, there]);
    }
}
