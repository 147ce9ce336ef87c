//! The cause of a failure to connect, and advice on it.

use super::connecting::ConnectTimeout;
use super::destination::Destination;
use std::error::Error as StdError;
use std::fmt::Write as _;
use std::io;

/// The text that the standard library puts before the reason of the system.
const LOOKUP: &str = "failed to lookup address information";

/// The cause of a failure to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    Refused,
    Lookup,
    TimedOut,
    Tls,
    /// A TLS failure that a retry does not fix.
    Certificate,
    Other,
}

impl Cause {
    /// The first cause that is known, from the outside to the inside.
    pub(super) fn of(error: &(dyn StdError + 'static)) -> Self {
        let known = chain(error).map(Self::of_one);
        let mut known = known.filter(|cause| *cause != Self::Other);
        known.next().unwrap_or(Self::Other)
    }

    fn of_one(error: &(dyn StdError + 'static)) -> Self {
        if error.is::<ConnectTimeout>() {
            return Self::TimedOut;
        }
        if let Some(cause) = of_tls(error) {
            return cause;
        }
        #[cfg(feature = "reqwest")]
        if let Some(error) = error.downcast_ref::<reqwest::Error>() {
            let timed_out = error.is_connect() && error.is_timeout();
            return if timed_out {
                Self::TimedOut
            } else {
                Self::Other
            };
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return match error.kind() {
                io::ErrorKind::ConnectionRefused => Self::Refused,
                io::ErrorKind::TimedOut => Self::TimedOut,
                // The inner error is not among the causes.
                _ => error
                    .get_ref()
                    .map_or(Self::Other, |inner| Self::of_one(inner)),
            };
        }
        of_text(&error.to_string())
    }

    /// Returns `true` if another attempt may succeed.
    pub(super) fn is_transient(self) -> bool {
        self != Self::Certificate
    }

    /// Returns the cause in words, with the text of the system if it adds something.
    pub(super) fn describe(self, error: &(dyn StdError + 'static)) -> String {
        let innermost = innermost(error);
        let (mut text, detail) = match self {
            Self::Refused => ("connection refused".to_owned(), ""),
            Self::TimedOut => (ConnectTimeout.to_string(), ""),
            Self::Lookup => {
                let reason = innermost.strip_prefix(LOOKUP).unwrap_or(&innermost);
                let reason = reason.trim_start_matches(": ");
                ("failed to look up the name".to_owned(), reason)
            }
            Self::Tls | Self::Certificate => {
                ("TLS handshake failed".to_owned(), innermost.as_str())
            }
            Self::Other => return innermost,
        };
        if !detail.is_empty() {
            // Writing to a string does not fail.
            let _ = write!(text, ": {detail}");
        }
        text
    }

    /// Returns advice on the next thing to check.
    pub(super) fn advice(self, destination: &Destination) -> &'static str {
        match self {
            Self::Tls => "check that the endpoint serves https",
            Self::Certificate => "check the certificate of the endpoint and those that are trusted",
            _ if destination.is_loopback() => {
                "check the endpoint, and that the emulator or server is running"
            }
            Self::Lookup => "check the name in the endpoint, and the network",
            Self::Refused => "check the endpoint and the proxy",
            Self::TimedOut | Self::Other => "check the network, the firewall and the proxy",
        }
    }
}

/// The text of the innermost cause.
pub(super) fn innermost(error: &(dyn StdError + 'static)) -> String {
    let last = chain(error).last();
    last.map(ToString::to_string).unwrap_or_default()
}

/// Returns `true` if the limits of a policy ended an attempt to connect.
pub(crate) fn was_cut_off(error: &(dyn StdError + 'static)) -> bool {
    chain(error).any(<dyn StdError>::is::<ConnectTimeout>)
}

/// Returns `true` if the head of a response cannot be parsed: another protocol than HTTP, too many headers, or too long ones.
/// A connection that ends within the head is something else.
#[cfg(feature = "_http")]
pub(super) fn is_malformed(error: &(dyn StdError + 'static)) -> bool {
    chain(error).any(|error| {
        let hyper = error.downcast_ref::<hyper::Error>();
        // HTTP/2 knows the length of the whole head, and rejects it before it parses it.
        hyper.is_some_and(|error| error.is_parse() || is_protocol_error(error))
    })
}

#[cfg(not(feature = "_http"))]
pub(super) fn is_malformed(_: &(dyn StdError + 'static)) -> bool {
    false
}

/// Returns `true` for a head of HTTP/2 that this side rejects. The type of its cause is one of the crate `h2`.
#[cfg(feature = "_http")]
fn is_protocol_error(error: &hyper::Error) -> bool {
    let text = error.source().map(ToString::to_string);
    text.is_some_and(|text| text == "stream error detected: unspecific protocol error detected")
}

/// Returns an error and its causes, from the outside to the inside.
fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// Names that were not found, and connections that end during a handshake, do not have their own types.
fn of_text(text: &str) -> Cause {
    if text.starts_with(LOOKUP) || text == "dns error" {
        Cause::Lookup
    } else if text == "tls handshake eof" {
        Cause::Tls
    } else {
        Cause::Other
    }
}

#[cfg(any(feature = "auth", feature = "_http"))]
fn of_tls(error: &(dyn StdError + 'static)) -> Option<Cause> {
    Some(match error.downcast_ref::<rustls::Error>()? {
        rustls::Error::InvalidCertificate(_) => Cause::Certificate,
        _ => Cause::Tls,
    })
}

#[cfg(not(any(feature = "auth", feature = "_http")))]
fn of_tls(_: &(dyn StdError + 'static)) -> Option<Cause> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::TransportError;

    fn io(kind: io::ErrorKind) -> io::Error {
        kind.into()
    }

    #[test]
    fn causes_are_found_and_described() {
        let lookup = io::Error::other("failed to lookup address information: Name not known");
        let eof = io::Error::new(io::ErrorKind::UnexpectedEof, "tls handshake eof");
        let wrapped = TransportError::other(TransportError::connect(ConnectTimeout));
        let cases: [(Box<dyn StdError>, Cause, &str); 7] = [
            (
                Box::new(io(io::ErrorKind::ConnectionRefused)),
                Cause::Refused,
                "connection refused",
            ),
            (
                Box::new(io(io::ErrorKind::TimedOut)),
                Cause::TimedOut,
                "timed out while connecting",
            ),
            (
                Box::new(wrapped),
                Cause::TimedOut,
                "timed out while connecting",
            ),
            (
                Box::new(lookup),
                Cause::Lookup,
                "failed to look up the name: Name not known",
            ),
            (
                Box::new(eof),
                Cause::Tls,
                "TLS handshake failed: tls handshake eof",
            ),
            (
                Box::new(io::Error::other("no route")),
                Cause::Other,
                "no route",
            ),
            (
                "of a foreign transport".into(),
                Cause::Other,
                "of a foreign transport",
            ),
        ];
        for (error, cause, text) in cases {
            assert_eq!(Cause::of(&*error), cause, "{error:?}");
            assert_eq!(cause.describe(&*error), text);
            assert!(cause.is_transient());
        }
    }

    #[cfg(any(feature = "auth", feature = "_http"))]
    #[test]
    fn a_certificate_does_not_get_better() {
        let unknown = rustls::CertificateError::UnknownIssuer;
        let error = io::Error::other(rustls::Error::InvalidCertificate(unknown));
        // As hyper-rustls has it.
        let error = io::Error::other(error);
        assert_eq!(Cause::of(&error), Cause::Certificate);
        let text = Cause::Certificate.describe(&error);
        assert!(
            text.starts_with("TLS handshake failed: invalid peer certificate"),
            "{text}"
        );
        assert!(!Cause::Certificate.is_transient());
        let alert = rustls::Error::AlertReceived(rustls::AlertDescription::InternalError);
        assert_eq!(Cause::of(&io::Error::other(alert)), Cause::Tls);
    }

    #[test]
    fn advice_depends_on_who_should_be_there() {
        let at = |url: &'static str| Destination::of(&http::Uri::from_static(url));
        let (near, far) = (at("http://localhost:1/"), at("https://example.com/"));
        for cause in [Cause::Refused, Cause::TimedOut, Cause::Other] {
            assert!(cause.advice(&near).contains("emulator"));
            assert!(!cause.advice(&far).contains("emulator"));
        }
        assert_eq!(Cause::Tls.advice(&near), Cause::Tls.advice(&far));
    }
}
