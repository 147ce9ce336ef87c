//! AWS Signature Version 4, for requests without a body.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use super::super::sign::{hmac_sha256, sha256};
use crate::credentials::CredentialsError;
use http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::fmt::{self, Write as _};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Everything but the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The security credentials of an AWS principal.
pub(super) struct Keys {
    pub(super) access_key_id: String,
    pub(super) secret_access_key: String,
    /// Only temporary credentials have it.
    pub(super) session_token: Option<String>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

/// A request to sign. Its body is empty.
pub(super) struct Unsigned<'a> {
    pub(super) method: &'a str,
    pub(super) url: &'a Uri,
    pub(super) region: &'a str,
    pub(super) service: &'a str,
    /// The time, in the form `20150830T123600Z`.
    pub(super) time: &'a str,
}

impl Unsigned<'_> {
    /// Returns the value of the header `authorization`. The headers `host`, `x-amz-date` and, with temporary credentials,
    /// `x-amz-security-token` are signed.
    ///
    /// # Errors
    /// There is no cryptography.
    pub(super) fn authorization(&self, keys: &Keys) -> Result<String, CredentialsError> {
        let date = self.time.get(..8).unwrap_or_default();
        let (region, service) = (self.region, self.service);
        let scope = format!("{date}/{region}/{service}/aws4_request");
        let (request, signed_headers) = self.canonical(keys.session_token.as_deref())?;
        let request = hex(&sha256(request.as_bytes())?);
        let text = format!("{ALGORITHM}\n{}\n{scope}\n{request}", self.time);
        let key = signing_key(&keys.secret_access_key, date, region, service)?;
        let signature = hex(&hmac_sha256(&key, text.as_bytes())?);
        Ok(format!(
            "{ALGORITHM} Credential={}/{scope}, SignedHeaders={signed_headers}, Signature={signature}",
            keys.access_key_id
        ))
    }

    /// Returns the canonical request, and the names of the signed headers.
    fn canonical(&self, token: Option<&str>) -> Result<(String, String), CredentialsError> {
        let host = self.url.host().unwrap_or_default();
        let mut headers = vec![("host", host), ("x-amz-date", self.time)];
        headers.extend(token.map(|token| ("x-amz-security-token", token)));
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let lines: Vec<String> = headers
            .iter()
            .map(|(name, value)| format!("{name}:{value}\n"))
            .collect();
        let lines = lines.concat();
        let path = self.url.path();
        let query = canonical_query(self.url.query().unwrap_or_default());
        let body = hex(&sha256(b"")?);
        let request = format!("{}\n{path}\n{query}\n{lines}\n{names}\n{body}", self.method);
        Ok((request, names))
    }
}

fn signing_key(
    secret: &str,
    date: &str,
    region: &str,
    service: &str,
) -> Result<Vec<u8>, CredentialsError> {
    let mut key = hmac_sha256(format!("AWS4{secret}").as_bytes(), date.as_bytes())?;
    for part in [region, service, "aws4_request"] {
        key = hmac_sha256(&key, part.as_bytes())?;
    }
    Ok(key)
}

/// Returns the parameters in the order of their names and values, encoded in one way.
fn canonical_query(query: &str) -> String {
    let encode = |text: &str| {
        let text = text.replace('+', " ");
        let bytes = percent_decode_str(&text).decode_utf8_lossy();
        utf8_percent_encode(&bytes, ENCODED).to_string()
    };
    let parameters = query.split('&').filter(|parameter| !parameter.is_empty());
    let mut pairs: Vec<(String, String)> = parameters
        .map(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            (encode(name), encode(value))
        })
        .collect();
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a `String` does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    const TIME: &str = "20150830T123600Z";

    /// The session token of AWS's test suite.
    const SESSION: &str = concat!(
        "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflf",
        "KD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8",
        "Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3i",
        "SIlTJabIQwj2ICCR/oLxBA=="
    );

    /// Cases of AWS's `aws-sig-v4-test-suite`, with their names there.
    #[test]
    fn published_signatures() {
        crate::tls::install_tls_provider();
        for (name, method, query, session, signature) in [
            (
                "get-vanilla",
                "GET",
                "",
                None,
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "post-vanilla",
                "POST",
                "",
                None,
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
            (
                "get-vanilla-query-order-key-case",
                "GET",
                "?Param2=value2&Param1=value1",
                None,
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            ),
            (
                "get-vanilla-query-order-encoded",
                "GET",
                "?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
                None,
                "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
            ),
            (
                "get-vanilla-utf8-query",
                "GET",
                "?%E1%88%B4=bar",
                None,
                "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
            ),
            (
                "post-vanilla-query",
                "POST",
                "?Param1=value1",
                None,
                "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
            ),
            (
                "post-sts-header-before",
                "POST",
                "",
                Some(SESSION),
                "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
            ),
        ] {
            let url = format!("https://example.amazonaws.com/{query}");
            let unsigned = Unsigned {
                method,
                url: &url.parse().unwrap(),
                region: "us-east-1",
                service: "service",
                time: TIME,
            };
            let keys = Keys {
                access_key_id: "AKIDEXAMPLE".to_owned(),
                secret_access_key: SECRET.to_owned(),
                session_token: session.map(str::to_owned),
            };
            let names = match session {
                Some(_) => "host;x-amz-date;x-amz-security-token",
                None => "host;x-amz-date",
            };
            assert_eq!(
                unsigned.authorization(&keys).unwrap(),
                format!(
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
                     SignedHeaders={names}, Signature={signature}"
                ),
                "{name}"
            );
            assert_eq!(format!("{keys:?}"), "Keys { .. }");
        }
    }

    /// The example of AWS's documentation.
    #[test]
    fn published_signing_key() {
        crate::tls::install_tls_provider();
        let key = signing_key(SECRET, "20150830", "us-east-1", "iam").unwrap();
        assert_eq!(
            hex(&key),
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"
        );
    }

    /// RFC 4231, section 4, test cases 1 to 4, 6 and 7.
    #[test]
    fn published_authentication_codes() {
        crate::tls::install_tls_provider();
        let counting: Vec<u8> = (1..=25).collect();
        for (key, data, code) in [
            (
                &[0x0b; 20][..],
                &b"Hi There"[..],
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &[0xaa; 20],
                &[0xdd; 50],
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            ),
            (
                &counting,
                &[0xcd; 50],
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
            ),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
            (
                &[0xaa; 131],
                b"This is a test using a larger than block-size key and a larger than block-size data. \
                  The key needs to be hashed before being used by the HMAC algorithm.",
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            ),
        ] {
            assert_eq!(hex(&hmac_sha256(key, data).unwrap()), code);
        }
    }
}
