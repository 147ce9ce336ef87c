//! The members of a file of credentials. Errors name the file and the member, and never show a value.

use crate::credentials::CredentialsError;
use crate::transport::Destination;
use http::Uri;
use http::uri::Scheme;
use serde_json::{Map, Value};
use std::net::IpAddr;

/// The addresses of AWS's metadata server, which has no TLS.
const AWS_METADATA: [IpAddr; 2] = [
    IpAddr::V4(std::net::Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V6(std::net::Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// The members of a JSON object, with the name that errors give it.
#[derive(Clone)]
pub(in crate::auth) struct Members<'a> {
    /// The name of the file.
    file: &'a str,
    /// The path to the object, for instance `credential_source.`, or nothing.
    path: String,
    object: &'a Map<String, Value>,
}

impl<'a> Members<'a> {
    /// Returns the members of the JSON of a whole file.
    ///
    /// # Errors
    /// The JSON is not an object.
    pub(in crate::auth) fn of(file: &'a str, json: &'a Value) -> Result<Self, CredentialsError> {
        let object = json.as_object().ok_or_else(|| {
            CredentialsError::permanent(format!("{file} is not a JSON object; help: {DOWNLOAD}"))
        })?;
        Ok(Self {
            file,
            path: String::new(),
            object,
        })
    }

    pub(in crate::auth) fn file(&self) -> &'a str {
        self.file
    }

    /// Returns a member that is a text. An empty text counts as absent.
    pub(in crate::auth) fn text(&self, name: &str) -> Result<Option<&'a str>, CredentialsError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.problem(name, "is not a string")),
        }
    }

    /// Returns a member that has to be there.
    pub(in crate::auth) fn required(&self, name: &str) -> Result<&'a str, CredentialsError> {
        self.text(name)?
            .ok_or_else(|| self.problem(name, "is missing"))
    }

    /// Returns a member that is a whole number that is not negative.
    pub(in crate::auth) fn number(&self, name: &str) -> Result<Option<u64>, CredentialsError> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => match value.as_u64() {
                Some(number) => Ok(Some(number)),
                None => Err(self.problem(name, "is not a whole number")),
            },
        }
    }

    /// Returns a member that is a list of texts. Absent ones are an empty list.
    pub(in crate::auth) fn texts(&self, name: &str) -> Result<Vec<String>, CredentialsError> {
        let problem = || self.problem(name, "is not a list of strings");
        match self.get(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) => {
                let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
                texts.collect::<Option<_>>().ok_or_else(problem)
            }
            Some(_) => Err(problem()),
        }
    }

    /// Returns the members of a member that is an object.
    pub(in crate::auth) fn object(&self, name: &str) -> Result<Option<Self>, CredentialsError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(Self {
                file: self.file,
                path: format!("{}{name}.", self.path),
                object,
            })),
            Some(_) => Err(self.problem(name, "is not an object")),
        }
    }

    /// Returns the names and values of the members, if all values are texts.
    pub(in crate::auth) fn all_texts(&self) -> Result<Vec<(&'a str, &'a str)>, CredentialsError> {
        let pairs = self.object.iter().map(|(name, value)| match value {
            Value::String(text) => Ok((name.as_str(), text.as_str())),
            _ => Err(self.problem(name, "is not a string")),
        });
        pairs.collect()
    }

    pub(in crate::auth) fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Returns a member, unless it is null.
    pub(in crate::auth) fn get(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// Returns the parts of a URL that a member names.
    pub(in crate::auth) fn checked(
        &self,
        name: &str,
        url: &str,
        plain: Plain,
    ) -> Result<Uri, CredentialsError> {
        check_url(url, plain).map_err(|problem| self.problem(name, problem))
    }

    /// Returns the error for a member.
    pub(in crate::auth) fn problem(&self, name: &str, problem: &str) -> CredentialsError {
        self.problem_with_help(name, problem, DOWNLOAD)
    }

    /// Returns the error for a member, with other advice.
    pub(in crate::auth) fn problem_with_help(
        &self,
        name: &str,
        problem: &str,
        help: &str,
    ) -> CredentialsError {
        let Self { file, path, .. } = self;
        CredentialsError::permanent(format!(
            "the member `{path}{name}` of {file} {problem}; help: {help}"
        ))
    }
}

/// Returns an error of the same kind, with a text before its own one.
pub(in crate::auth) fn within(context: &str, error: &CredentialsError) -> CredentialsError {
    let text = format!("{context}: {}", error.get_ref());
    if error.is_transient() {
        CredentialsError::transient(text)
    } else {
        CredentialsError::permanent(text)
    }
}

/// The advice for files that cannot be used.
const DOWNLOAD: &str = "write the file again with gcloud, or fix this member";

/// The hosts that may be contacted without TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::auth) enum Plain {
    /// The machine itself.
    Loopback,
    /// The machine itself, and the metadata server of AWS and Azure.
    Metadata,
}

/// Checks a URL of a file, and returns its parts.
///
/// # Errors
/// The text says what is wrong, and does not contain the URL.
fn check_url(url: &str, plain: Plain) -> Result<Uri, &'static str> {
    let parts: Uri = url.parse().map_err(|_| "is not a URL")?;
    let authority = parts.authority().ok_or("is not a URL with a host")?;
    if authority.as_str().contains('@') {
        return Err("contains a user name or a password");
    }
    let is_plain = parts.scheme() == Some(&Scheme::HTTP);
    if parts.scheme() == Some(&Scheme::HTTPS) {
        return Ok(parts);
    }
    let is_local = Destination::of(&parts).is_loopback();
    match plain {
        _ if is_plain && is_local => Ok(parts),
        Plain::Metadata if is_plain && is_metadata(&parts) => Ok(parts),
        Plain::Loopback => Err("does not begin with https://"),
        Plain::Metadata => Err("begins neither with https:// nor with http://169.254.169.254"),
    }
}

/// Returns `true` if the host is the metadata server of AWS.
pub(super) fn is_metadata(url: &Uri) -> bool {
    let host = url.host().unwrap_or_default().trim_matches(['[', ']']);
    host.parse()
        .is_ok_and(|address: IpAddr| AWS_METADATA.contains(&address))
}

/// Returns `true` if the host is the machine itself.
pub(in crate::auth) fn is_loopback(url: &Uri) -> bool {
    Destination::of(url).is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_go_only_over_tls_or_to_the_machine() {
        use Plain::{Loopback, Metadata};
        for (url, plain, expected) in [
            ("https://sts.googleapis.com/v1/token", Loopback, true),
            ("http://sts.googleapis.com/v1/token", Loopback, false),
            ("http://127.0.0.1:80/token", Loopback, true),
            ("http://[::1]/token", Loopback, true),
            ("http://localhost.example.com/token", Metadata, false),
            ("http://169.254.169.254/latest", Loopback, false),
            ("http://169.254.169.254/latest", Metadata, true),
            ("http://[fd00:ec2::254]/latest", Metadata, true),
            ("http://[fd00:0ec2::254]/latest", Metadata, true),
            ("http://169.254.169.254.example.com/", Metadata, false),
            ("http://169.254.169.254@example.com/", Metadata, false),
            ("https://user:password@example.com/", Metadata, false),
            ("ftp://127.0.0.1/token", Metadata, false),
            ("/v1/token", Metadata, false),
            ("", Metadata, false),
            ("https://a b/", Metadata, false),
        ] {
            assert_eq!(check_url(url, plain).is_ok(), expected, "{url}");
        }
    }

    #[test]
    fn an_error_names_the_file_and_the_member() {
        let json = json!({"a": {"b": "http://example.com/secret", "c": 1, "d": null, "e": ""}});
        let members = Members::of("file.json", &json).unwrap();
        let inner = members.object("a").unwrap().unwrap();
        let url = inner.required("b").unwrap();
        let error = inner.checked("b", url, Plain::Loopback).unwrap_err();
        let error = error.to_string();
        assert!(error.contains("`a.b` of file.json"), "{error}");
        assert!(!error.contains("secret"), "{error}");
        assert!(inner.text("c").is_err());
        assert_eq!(inner.text("d").unwrap(), None);
        assert_eq!(inner.text("e").unwrap(), None);
        assert!(inner.required("e").is_err());
        assert_eq!(inner.number("c").unwrap(), Some(1));
        assert!(members.texts("a").is_err());
        assert!(Members::of("file.json", &json!([])).is_err());
    }
}
