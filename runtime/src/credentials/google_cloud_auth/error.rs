//! Errors of `google-cloud-auth`, reduced to text without secrets.

use crate::credentials::CredentialsError;
use crate::error::Status;
use google_cloud_auth::build_errors::Error as BuildError;
use google_cloud_auth::errors::CredentialsError as GoogleError;
use std::error::Error as StdError;
use std::io;

/// Converts the error of making credentials from the JSON that `subject` names. Quotes nothing of the JSON.
fn unusable(subject: &str, error: &BuildError) -> CredentialsError {
    let problem = error.source().and_then(json_problem);
    CredentialsError::permanent(match problem {
        Some(problem) => format!("{subject} cannot be used: {problem}"),
        None if error.is_missing_field() || error.is_not_supported() => {
            format!("{subject} cannot be used: {error}")
        }
        None => format!("{subject} cannot be used"),
    })
}

/// Converts an error of making credentials that a closure returned.
pub(in crate::credentials) fn of_build(
    error: &(dyn StdError + 'static),
) -> Option<CredentialsError> {
    let error = error.downcast_ref::<BuildError>()?;
    Some(unusable("the configuration of the credentials", error))
}

/// The text of a JSON error, unless it can quote the JSON.
fn json_problem(error: &(dyn StdError + 'static)) -> Option<String> {
    let error = error.downcast_ref::<serde_json::Error>()?;
    let text = error.to_string();
    let is_harmless = !error.is_data() || text.starts_with("missing field");
    is_harmless.then_some(text)
}

/// Converts the error of a token request.
///
/// Keeps the fixed words of google-cloud-auth, the code in the response of the token server, and the message of the operating
/// system. Drops the rest, which can hold URLs, secrets, whole bodies and bytes of a key.
pub(super) fn failed(error: &GoogleError) -> CredentialsError {
    let outermost: &(dyn StdError + 'static) = error;
    let chain: Vec<_> = std::iter::successors(Some(outermost), |&error| error.source()).collect();
    let innermost = chain.iter().rev();
    let text = innermost
        .filter_map(|error| error.downcast_ref::<GoogleError>())
        .map(ToString::to_string)
        .next()
        .unwrap_or_default();
    let text = text
        .trim_end_matches(" but future attempts may succeed")
        .trim_end_matches(" and future attempts will not succeed");
    let own_words = text.split([':', ',', '<', '{', '[', '(', '`']).next();
    let http = chain
        .iter()
        .map(ToString::to_string)
        .find_map(|text| Some(text.split_once(" for url (")?.0.to_owned()));
    let system = chain
        .iter()
        .rev()
        .find_map(|error| error.downcast_ref::<io::Error>())
        .filter(|error| is_of_system(error))
        .map(ToString::to_string);
    let mut parts: Vec<String> = own_words
        .into_iter()
        .map(|words| words.trim().to_owned())
        .collect();
    // The code says more than the HTTP status, which is 400 for all of them.
    parts.extend(reason(text).or(http));
    parts.extend(system);
    let text = parts.join(": ");
    if error.is_transient() {
        CredentialsError::transient(text)
    } else {
        CredentialsError::permanent(text)
    }
}

/// Returns whether the text of an error comes from the operating system or from TLS. Text of others can hold secrets.
fn is_of_system(error: &io::Error) -> bool {
    error.get_ref().is_none_or(|inner| {
        inner.is::<rustls::Error>() || inner.to_string().starts_with("failed to lookup address")
    })
}

/// The length, in bytes, up to which a code is shown.
const LONGEST_CODE: usize = 40;

/// Reads the code from the error response of a token server (RFC 6749, section 5.2). The description may repeat a secret of the
/// credentials, which only google-cloud-auth knows.
fn reason(text: &str) -> Option<String> {
    let (_, body) = text.split_once("body=<")?;
    let (body, _) = body.rsplit_once('>')?;
    let code = Status::parse(body.as_bytes())?.status?;
    let is_code = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    (code.len() <= LONGEST_CODE && code.bytes().all(is_code)).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_quote_no_body_url_or_key() {
        let url = "https://user:SECRET@token.example/SECRET";
        let http = io::Error::other(format!(
            "HTTP status client error (400 Bad Request) for url ({url})"
        ));
        for (message, expected) in [
            (
                r#"failed to refresh user access token, body=<{"error": "invalid_grant", "error_description": "SECRET was revoked"}>"#,
                "failed to refresh user access token: invalid_grant",
            ),
            (
                r#"failed to refresh user access token, body=<{"error": "1//0SECRET"}>"#,
                "failed to refresh user access token: HTTP status client error (400 Bad Request)",
            ),
            (
                r#"failed to exchange token, body=<{"access_token": "SECRET"}>"#,
                "failed to exchange token: HTTP status client error (400 Bad Request)",
            ),
            (
                "failed to parse service account private key PEM: illegal section start: [83, 69, 67]",
                "failed to parse service account private key PEM: HTTP status client error (400 Bad Request)",
            ),
        ] {
            let inner =
                GoogleError::new(true, message, io::Error::new(http.kind(), http.to_string()));
            let error = failed(&GoogleError::new(true, "the token was not fetched", inner));
            assert_eq!(
                error.to_string(),
                format!("no credentials for now: {expected}")
            );
            assert!(!format!("{error:?}").contains("SECRET"));
        }
        let refused = io::Error::from_raw_os_error(111);
        let error = failed(&GoogleError::new(false, "failed to fetch token", refused));
        let text = error.to_string();
        assert!(
            text.starts_with("no credentials: failed to fetch token: Connection refused"),
            "{text}"
        );
        assert!(!error.is_transient());
        for (source, shown) in [
            (
                io::Error::other("failed to lookup address information: no such name"),
                ": failed to lookup address information: no such name",
            ),
            (
                io::Error::other(rustls::Error::DecryptError),
                ": cannot decrypt peer's message",
            ),
            (io::Error::other("SECRET"), ""),
        ] {
            let text = failed(&GoogleError::new(true, "failed", source)).to_string();
            assert_eq!(text, format!("no credentials for now: failed{shown}"));
        }
    }
}
