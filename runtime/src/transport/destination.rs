//! The destination of a request, as far as errors show it.

use http::Uri;
use http::uri::{Authority, Scheme};
use std::fmt;
use std::net::IpAddr;
#[cfg(feature = "auth")]
use std::net::Ipv6Addr;

/// The unique local addresses of the metadata servers of AWS and of Google Cloud.
#[cfg(feature = "auth")]
const METADATA_SERVERS: [Ipv6Addr; 2] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
];

/// The host and the port of a request. Cheap to take from one that will hardly ever fail.
#[derive(Clone, Debug, Default)]
pub(crate) struct Destination {
    authority: Option<Authority>,
    /// The default port of the scheme.
    default_port: u16,
}

impl Destination {
    pub(crate) fn of(uri: &Uri) -> Self {
        let is_plain = uri.scheme() == Some(&Scheme::HTTP);
        Self {
            authority: uri.authority().cloned(),
            default_port: if is_plain { 80 } else { 443 },
        }
    }

    /// The text: neither a path nor a query nor the name of a user.
    pub(crate) fn host(&self) -> Option<String> {
        let authority = self.authority.as_ref()?;
        let port = authority.port_u16().unwrap_or(self.default_port);
        Some(format!("{}:{port}", authority.host()))
    }

    fn name(&self) -> String {
        let host = self.authority.as_ref().map_or("", Authority::host);
        host.trim_end_matches('.').to_ascii_lowercase()
    }

    /// Returns `true` if the host is the machine itself, a link-local address, or the address of a metadata server.
    #[cfg(feature = "auth")]
    pub(crate) fn is_near(&self) -> bool {
        let address = self.name().trim_matches(['[', ']']).parse::<IpAddr>();
        self.is_loopback()
            || address.is_ok_and(|address| match address {
                IpAddr::V4(address) => address.is_link_local(),
                IpAddr::V6(address) => {
                    address.is_unicast_link_local() || METADATA_SERVERS.contains(&address)
                }
            })
    }

    /// Returns `true` if this is a host, which may have a port.
    #[cfg(feature = "auth")]
    pub(crate) fn is(&self, host: &str) -> bool {
        let authority = self.authority.as_ref();
        authority.is_some_and(|authority| authority.as_str().eq_ignore_ascii_case(host))
    }

    /// Returns `true` if the host is the machine itself, as for emulators.
    pub(crate) fn is_loopback(&self) -> bool {
        let name = self.name();
        let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
        address.is_ok_and(|address| address.is_loopback())
            || name == "localhost"
            || name.ends_with(".localhost")
    }
}

/// The host and the port, or "the server" where they are not known.
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.host().as_deref().unwrap_or("the server"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_a_port_and_nothing_else() {
        for (url, host, is_loopback) in [
            (
                "https://spanner.googleapis.com/v1/x?key=SECRET",
                "spanner.googleapis.com:443",
                false,
            ),
            (
                "https://name:SECRET@example.com:8443/",
                "example.com:8443",
                false,
            ),
            ("http://localhost/", "localhost:80", true),
            ("http://LOCALHOST.:9010/", "LOCALHOST.:9010", true),
            ("http://gcs.localhost:9010/", "gcs.localhost:9010", true),
            ("http://127.0.0.9:9010/", "127.0.0.9:9010", true),
            ("http://[::1]:9010/", "[::1]:9010", true),
            ("http://[2001:db8::1]/", "[2001:db8::1]:80", false),
            ("http://mylocalhost/", "mylocalhost:80", false),
            ("http://127.0.0.1.example/", "127.0.0.1.example:80", false),
        ] {
            let destination = Destination::of(&url.parse().unwrap());
            assert_eq!(destination.to_string(), host);
            assert_eq!(destination.is_loopback(), is_loopback, "{url}");
        }
        assert_eq!(Destination::default().to_string(), "the server");
        assert_eq!(Destination::default().host(), None);
        assert!(!Destination::default().is_loopback());
    }

    #[test]
    #[cfg(feature = "auth")]
    fn hosts_of_private_networks_are_not_near() {
        for (host, expected) in [
            ("localhost", true),
            ("127.0.0.1", true),
            ("169.254.169.254", true),
            ("[fe80::1]", true),
            ("[fd00:ec2::254]", true),
            ("[fd20:ce::254]", true),
            ("[fd00:ec2::1]", false),
            ("[fd12:3456::254]", false),
            ("10.0.0.1", false),
            ("192.168.0.1", false),
            ("169.254.169.254.example", false),
        ] {
            let url = format!("http://{host}:8080/token");
            let destination = Destination::of(&url.parse().unwrap());
            assert_eq!(destination.is_near(), expected, "{host}");
        }
    }
}
