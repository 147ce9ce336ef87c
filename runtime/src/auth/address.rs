//! The addresses of servers that receive secrets.

use crate::transport::Destination;
use http::Uri;
use http::uri::{Authority, Scheme};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The addresses of AWS's metadata server, which has no TLS.
const AWS_METADATA: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// The hosts that may be contacted without TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plain {
    /// The machine itself.
    Loopback,
    /// The machine itself, and the metadata server of AWS and Azure.
    Metadata,
    /// The machine itself, link-local addresses, and the metadata servers of all clouds.
    Near,
}

/// Checks a URL, and returns its parts.
///
/// # Errors
/// The text states the problem, and does not contain the URL.
pub(super) fn checked(url: &str, plain: Plain) -> Result<Uri, &'static str> {
    let parts: Uri = url.parse().map_err(|_| "is not a URL")?;
    let authority = parts.authority().map_or("", Authority::as_str);
    if authority.is_empty() || parts.host().is_none_or(str::is_empty) {
        return Err("is not absolute");
    }
    if authority.contains('@') {
        return Err("contains a user name or a password");
    }
    let is_plain = parts.scheme() == Some(&Scheme::HTTP);
    if parts.scheme() == Some(&Scheme::HTTPS) || is_plain && plain.includes(&parts) {
        return Ok(parts);
    }
    Err(match plain {
        Plain::Loopback => {
            "is not https: it does not begin with https://, and its host is not this machine"
        }
        Plain::Metadata => "begins neither with https:// nor with http://169.254.169.254",
        Plain::Near => "is not https, and its host is neither this machine nor a metadata server",
    })
}

impl Plain {
    fn includes(self, url: &Uri) -> bool {
        is_loopback(url)
            || match self {
                Self::Loopback => false,
                Self::Metadata => is_aws_metadata(url),
                Self::Near => is_near(url),
            }
    }
}

/// Returns `true` if the host is the machine itself.
pub(super) fn is_loopback(url: &Uri) -> bool {
    Destination::of(url).is_loopback()
}

/// Returns `true` if the host is the metadata server of AWS.
pub(super) fn is_aws_metadata(url: &Uri) -> bool {
    let host = url.host().unwrap_or_default().trim_matches(['[', ']']);
    host.parse()
        .is_ok_and(|address: IpAddr| AWS_METADATA.contains(&address))
}

/// Returns `true` if the host is this machine, a link-local address, or a metadata server.
pub(super) fn is_near(url: &Uri) -> bool {
    let destination = Destination::of(url);
    destination.is_near() || destination.is(&super::metadata::host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_only_over_tls_or_to_the_machine() {
        use Plain::{Loopback, Metadata, Near};
        for (url, plain, expected) in [
            ("https://sts.googleapis.com/v1/token", Loopback, true),
            ("http://sts.googleapis.com/v1/token", Loopback, false),
            ("http://127.0.0.1:80/token", Loopback, true),
            ("http://[::1]/token", Loopback, true),
            ("http://localhost.example.com/token", Metadata, false),
            ("http://169.254.169.254/latest", Loopback, false),
            ("http://169.254.169.254/latest", Metadata, true),
            ("http://169.254.170.2/latest", Metadata, false),
            ("http://169.254.170.2/latest", Near, true),
            ("http://[fd00:ec2::254]/latest", Metadata, true),
            ("http://[fd00:0ec2::254]/latest", Metadata, true),
            ("http://169.254.169.254.example.com/", Near, false),
            ("http://169.254.169.254@example.com/", Near, false),
            ("http://10.0.0.1/", Near, false),
            ("https://user:password@example.com/", Metadata, false),
            ("ftp://127.0.0.1/token", Metadata, false),
            ("/v1/token", Metadata, false),
            ("", Metadata, false),
            ("https://a b/", Metadata, false),
            ("https://:443/", Near, false),
        ] {
            assert_eq!(checked(url, plain).is_ok(), expected, "{url}");
        }
    }
}
