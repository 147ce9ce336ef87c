//! Credentials as JSON: the files that Google's console and gcloud write.

use super::google::TokenServer;
use super::google_error::{json_problem, unusable};
use super::{CredentialsError, Scopes};
use google_cloud_auth::credentials::service_account::AccessSpecifier;
use google_cloud_auth::credentials::{
    Credentials, external_account, impersonated, service_account, user_account,
};
use serde_json::Value;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// The largest file that is read. Files of credentials have a few KiB.
const MAX_SIZE: u64 = 1 << 20;

/// The token server of Google, for files that name none.
const TOKEN_URI: &str = "https://oauth2.googleapis.com/token";

pub(super) const QUOTA_PROJECT_VARIABLE: &str = "GOOGLE_CLOUD_QUOTA_PROJECT";

/// The kinds of credentials, with the text of the member `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    ServiceAccount,
    AuthorizedUser,
    ImpersonatedServiceAccount,
    ExternalAccount,
}

impl Kind {
    const ALL: [Self; 4] = [
        Self::ServiceAccount,
        Self::AuthorizedUser,
        Self::ImpersonatedServiceAccount,
        Self::ExternalAccount,
    ];

    fn text(self) -> &'static str {
        match self {
            Self::ServiceAccount => "service_account",
            Self::AuthorizedUser => "authorized_user",
            Self::ImpersonatedServiceAccount => "impersonated_service_account",
            Self::ExternalAccount => "external_account",
        }
    }

    fn of(json: &Value) -> Option<Self> {
        let text = json.get("type")?.as_str()?;
        Self::ALL.into_iter().find(|kind| kind.text() == text)
    }
}

/// Reads a text file that is not too large.
fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let file = File::open(path)?;
    if file.take(MAX_SIZE + 1).read_to_string(&mut text)? as u64 > MAX_SIZE {
        let text = format!("it is larger than {MAX_SIZE} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, text));
    }
    Ok(text)
}

/// Collects the values of the members that are secret, at any depth.
fn collect_secrets(json: &Value, secrets: &mut Vec<String>) {
    let Value::Object(members) = json else {
        return;
    };
    for (name, value) in members {
        let is_secret = matches!(
            name.as_str(),
            "private_key" | "refresh_token" | "client_secret"
        );
        match value {
            Value::String(text) if is_secret && !text.is_empty() => secrets.push(text.clone()),
            nested => collect_secrets(nested, secrets),
        }
    }
}

/// JSON with credentials. It holds secrets, so it has no `Debug`, and errors never quote it.
pub(super) struct Config {
    /// The name of the JSON in errors.
    subject: String,
    kind: Kind,
    json: Value,
}

impl Config {
    /// Reads a file. Errors call it by `name`.
    pub(super) fn read(path: &Path, name: &str) -> Result<Self, CredentialsError> {
        let subject = format!("the credentials file {name}");
        let text = read(path).map_err(|error| {
            CredentialsError::permanent(format!("{subject} cannot be read: {error}"))
        })?;
        Self::parse(&subject, &text)
    }

    /// Returns the server that issues tokens for these credentials. A service account signs its own tokens.
    pub(super) fn token_server(&self) -> TokenServer {
        let text = |member: &str| self.json.get(member).and_then(Value::as_str);
        let url = match self.kind {
            Kind::ServiceAccount => None,
            Kind::AuthorizedUser => Some(text("token_uri").unwrap_or(TOKEN_URI)),
            Kind::ImpersonatedServiceAccount => text("service_account_impersonation_url"),
            Kind::ExternalAccount => text("token_url"),
        };
        let host = url
            .and_then(|url| url.parse::<http::Uri>().ok())
            .and_then(|uri| Some(uri.authority()?.host().to_owned()));
        let mut secrets = Vec::new();
        collect_secrets(&self.json, &mut secrets);
        TokenServer { host, secrets }
    }

    pub(super) fn parse(subject: &str, text: &str) -> Result<Self, CredentialsError> {
        let problem = |problem: &str| CredentialsError::permanent(format!("{subject} {problem}"));
        // Some editors begin a file with a byte-order mark.
        let text = text.trim_start_matches('\u{feff}');
        let json: Value = serde_json::from_str(text).map_err(|error| {
            let place = json_problem(&error).map_or_else(String::new, |text| format!(": {text}"));
            problem(&format!("is not JSON{place}"))
        })?;
        match Kind::of(&json) {
            Some(kind) => Ok(Self {
                subject: subject.to_owned(),
                kind,
                json,
            }),
            None if json.get("installed").is_some() || json.get("web").is_some() => Err(problem(
                "identifies an OAuth client, not an account; \
                 help: run `gcloud auth application-default login --client-id-file=FILE` with it",
            )),
            None if json.get("type").is_none() => Err(problem("has no member `type`")),
            None => {
                let known = Kind::ALL
                    .map(|kind| format!("`{}`", kind.text()))
                    .join(", ");
                Err(problem(&format!(
                    "has a `type` that is not supported; supported are {known}"
                )))
            }
        }
    }

    /// Returns the credentials if they are of this kind.
    pub(super) fn of_kind(self, expected: Kind) -> Result<Self, CredentialsError> {
        if self.kind == expected {
            return Ok(self);
        }
        let text = format!(
            "{} has the `type` `{}`, not `{}`; help: pass the file to `credentials_file`, which takes each kind",
            self.subject,
            self.kind.text(),
            expected.text()
        );
        Err(CredentialsError::permanent(text))
    }

    /// Makes the credentials. They start a task on the current tokio runtime, which requests the first token.
    pub(super) fn credentials(&self, scopes: &Scopes) -> Result<Credentials, CredentialsError> {
        let json = self.json.clone();
        let quota_project = std::env::var(QUOTA_PROJECT_VARIABLE).ok();
        let of_service = scopes.or_of_service();
        let built = match self.kind {
            Kind::ServiceAccount => {
                let mut builder = service_account::Builder::new(json);
                if !of_service.is_empty() {
                    let specifier = AccessSpecifier::from_scopes(of_service);
                    builder = builder.with_access_specifier(specifier);
                }
                if let Some(project) = quota_project {
                    builder = builder.with_quota_project_id(project);
                }
                builder.build()
            }
            Kind::AuthorizedUser => {
                let mut builder = user_account::Builder::new(json);
                // A refresh token has scopes of its own. Asking for others is an error.
                if let Some(named) = &scopes.named {
                    builder = builder.with_scopes(named);
                }
                if let Some(project) = quota_project {
                    builder = builder.with_quota_project_id(project);
                }
                builder.build()
            }
            Kind::ImpersonatedServiceAccount => {
                let mut builder = impersonated::Builder::new(json);
                if !of_service.is_empty() {
                    builder = builder.with_scopes(of_service);
                }
                if let Some(project) = quota_project {
                    builder = builder.with_quota_project_id(project);
                }
                builder.build()
            }
            Kind::ExternalAccount => {
                let mut builder = external_account::Builder::new(json);
                if !of_service.is_empty() {
                    builder = builder.with_scopes(of_service);
                }
                if let Some(project) = quota_project {
                    builder = builder.with_quota_project_id(project);
                }
                builder.build()
            }
        };
        built.map_err(|error| unusable(&self.subject, &error))
    }
}
