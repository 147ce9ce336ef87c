//! Root URLs: `https://<host>[:<port>]/[<path>/]`.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The parts of a root URL. They contain only plain characters, so they cannot lead to another server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RootUrl<'a> {
    /// `true` for `https`, `false` for `http`.
    pub(super) is_secure: bool,
    pub(super) host: &'a str,
    pub(super) port: Option<&'a str>,
    /// The path without slashes at its ends.
    path: &'a str,
    /// `true` if the text ends in a slash.
    ends_in_slash: bool,
}

impl<'a> RootUrl<'a> {
    /// Reads a URL. Returns `None` if it has other parts, or unusual characters.
    pub(super) fn parse(url: &'a str) -> Option<Self> {
        let (is_secure, rest) = match url.strip_prefix("https://") {
            Some(rest) => (true, rest),
            None => (false, url.strip_prefix("http://")?),
        };
        let (authority, whole) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = host_and_port(authority)?;
        let path = whole.strip_suffix('/').unwrap_or(whole);
        let is_plain = whole.is_empty() || path.split('/').all(is_plain_segment);
        let ends_in_slash = rest.ends_with('/');
        is_plain.then_some(Self {
            is_secure,
            host,
            port,
            path,
            ends_in_slash,
        })
    }

    /// Returns whether this is `https://<name>.googleapis.com/` and nothing more.
    pub(super) fn is_of_google(&self) -> bool {
        let name = self.host.strip_suffix("googleapis.com");
        let is_bare = self.is_secure && self.port.is_none() && self.path.is_empty();
        is_bare && self.ends_in_slash && name.is_some_and(|name| name.ends_with('.'))
    }

    /// Returns whether the host is this machine, so that plain `http` does not cross a network.
    pub(super) fn is_local(&self) -> bool {
        let host = self.host.to_ascii_lowercase();
        let v6 = host.trim_matches(['[', ']']).parse::<Ipv6Addr>();
        host == "localhost"
            || host.ends_with(".localhost")
            || host.parse().is_ok_and(|v4: Ipv4Addr| v4.is_loopback())
            || v6.is_ok_and(|v6| v6.is_loopback())
    }

    /// Returns whether an entry of the allowed hosts matches this host: its name, with or without its port.
    pub(super) fn is_allowed_by(&self, allowed: &str) -> bool {
        host_and_port(allowed).is_some_and(|(host, port)| {
            host.eq_ignore_ascii_case(self.host) && (port.is_none() || port == self.port)
        })
    }

    /// Returns the host, with its port if it has one.
    pub(super) fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.to_owned(),
        }
    }

    /// Returns the URL with a slash at its end.
    pub(super) fn text(&self) -> String {
        let scheme = if self.is_secure { "https" } else { "http" };
        let slash = if self.path.is_empty() { "" } else { "/" };
        format!("{scheme}://{}/{}{slash}", self.authority(), self.path)
    }
}

/// Splits `<host>[:<port>]`. Returns `None` for anything else.
pub(super) fn host_and_port(text: &str) -> Option<(&str, Option<&str>)> {
    let end = match text.strip_prefix('[') {
        Some(_) => text.find(']')? + 1,
        None => text.find(':').unwrap_or(text.len()),
    };
    let (host, rest) = text.split_at(end);
    let port = match rest.strip_prefix(':') {
        Some(port) => Some(port).filter(|port| is_port(port)).map(Some)?,
        None if rest.is_empty() => None,
        None => return None,
    };
    is_host(host).then_some((host, port))
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse().is_ok_and(|port: u16| port > 0)
}

fn is_host(text: &str) -> bool {
    if let Some(address) = text.strip_prefix('[') {
        let address = address.strip_suffix(']').unwrap_or_default();
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    text.split('.')
        .all(|label| !label.is_empty() && label.bytes().all(plain))
}

fn is_plain_segment(segment: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    !matches!(segment, "" | "." | "..") && segment.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_g1_root_urls_get_a_slash_and_keep_the_rest() {
        for (url, text) in [
            ("https://a.example", "https://a.example/"),
            ("https://a.example/", "https://a.example/"),
            ("https://a.example:8443", "https://a.example:8443/"),
            ("https://a.example/_ah/api", "https://a.example/_ah/api/"),
            ("http://localhost:8080/x/", "http://localhost:8080/x/"),
            ("http://[::1]:80", "http://[::1]:80/"),
        ] {
            assert_eq!(
                RootUrl::parse(url).map(|url| url.text()).as_deref(),
                Some(text)
            );
        }
        for url in [
            "",
            "a.example",
            "//a.example/",
            "ftp://a.example/",
            "HTTPS://a.example/",
            "https://",
            "https:///x/",
            "https://user@a.example/",
            "https://a.example:/",
            "https://a.example:0/",
            "https://a.example:65536/",
            "https://a.example:+1/",
            "https://a.example:1:2/",
            "https://a..example/",
            "https://a.example./",
            "https://[a]/",
            "https://[::1/",
            "https://[::1]x/",
            "https://a.example//",
            "https://a.example/a//b/",
            "https://a.example/a/../b/",
            "https://a.example/./",
            "https://a.example/?x",
            "https://a.example/#x",
            "https://a.example/a b/",
            "https://a.example/%2e%2e/",
            "https://a.example\\b/",
        ] {
            assert_eq!(RootUrl::parse(url), None, "{url}");
        }
    }

    #[test]
    fn case_g1_a_host_is_allowed_with_or_without_its_port() {
        let is_allowed =
            |url, allowed| RootUrl::parse(url).is_some_and(|url| url.is_allowed_by(allowed));
        assert!(is_allowed("http://localhost:8080/", "localhost"));
        assert!(is_allowed("http://localhost:8080/", "LOCALHOST:8080"));
        assert!(is_allowed("https://[::1]:1/", "[::1]"));
        assert!(!is_allowed("http://localhost:8080/", "localhost:80"));
        assert!(!is_allowed("http://localhost/", "localhost:80"));
        assert!(!is_allowed("https://a.b.example/", "b.example"));
    }

    #[test]
    fn case_g1_this_machine_has_several_names() {
        let is_local = |url| RootUrl::parse(url).is_some_and(|url| url.is_local());
        for url in [
            "http://localhost/",
            "http://LOCALHOST:1",
            "http://api.localhost/",
            "http://127.0.0.1:8080/",
            "http://127.1.2.3/",
            "http://[::1]/",
        ] {
            assert!(is_local(url), "{url}");
        }
        for url in [
            "http://localhost.example/",
            "http://mylocalhost/",
            "http://10.0.0.1/",
            "http://127.0.0.1.example/",
            "http://[2001:db8::1]/",
        ] {
            assert!(!is_local(url), "{url}");
        }
    }
}
