//! Files with credentials of any kind.

use super::external::Machine;
use super::json::Json;
use super::token::delegates;
use super::{AuthorizedUser, ExternalAccount, Impersonated, ServiceAccount};
use crate::credentials::{CredentialsError, CredentialsProvider};
use serde_json::Value;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

pub(super) const SERVICE_ACCOUNT: &str = "service_account";
pub(super) const AUTHORIZED_USER: &str = "authorized_user";
pub(super) const IMPERSONATED: &str = "impersonated_service_account";
pub(super) const EXTERNAL_ACCOUNT: &str = "external_account";
pub(super) const EXTERNAL_ACCOUNT_USER: &str = "external_account_authorized_user";

/// The kinds of credentials: the texts of the member `type`.
const KINDS: [&str; 5] = [
    SERVICE_ACCOUNT,
    AUTHORIZED_USER,
    IMPERSONATED,
    EXTERNAL_ACCOUNT,
    EXTERNAL_ACCOUNT_USER,
];

/// The credentials in a JSON file. Its member `type` may be `service_account`, `authorized_user`,
/// `impersonated_service_account`, `external_account` or `external_account_authorized_user`.
///
/// Only use files from people you trust: the URLs in a file decide which servers receive its secrets.
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # fn main() -> Result<(), gapi_runtime::CredentialsError> {
/// use gapi::spanner_v1::Spanner;
/// use gapi_runtime::auth::CredentialsFile;
///
/// // The file may name a program that prints subject tokens.
/// let file = CredentialsFile::open("credentials.json")?.allow_executables();
/// let builder = Spanner::builder().credentials(file);
/// # Ok(())
/// # }
/// ```
#[must_use = "credentials do nothing until a client has them"]
pub struct CredentialsFile {
    kind: &'static str,
    provider: Arc<dyn CredentialsProvider>,
    machine: Machine,
}

impl CredentialsFile {
    /// Reads a file. Sends nothing.
    ///
    /// # Errors
    /// The file cannot be read or used.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, CredentialsError> {
        Self::of_json(&Json::open(path.as_ref())?, &Machine::default())
    }

    /// Allows the client to start the program that an external account in the file names, as
    /// [`ExternalAccount::allow_executables`](super::ExternalAccount::allow_executables) does. The external account may also be
    /// the source of an impersonated service account in the file. For files of other kinds it has no effect.
    ///
    /// [`ClientBuilder::credentials_file`](crate::ClientBuilder::credentials_file) allows no programs.
    pub fn allow_executables(self) -> Self {
        self.machine.allow_executables();
        self
    }

    pub(super) fn of_json(json: &Json, machine: &Machine) -> Result<Self, CredentialsError> {
        let kind = kind(json)?;
        let provider = provider(json, kind, machine)?;
        Ok(Self {
            kind,
            provider,
            machine: machine.clone(),
        })
    }
}

/// Returns the kind of the credentials.
pub(super) fn kind(json: &Json) -> Result<&'static str, CredentialsError> {
    let text = json.kind();
    if let Some(kind) = KINDS.into_iter().find(|kind| Some(*kind) == text) {
        return Ok(kind);
    }
    Err(if json.has("installed") || json.has("web") {
        json.problem(
            "identifies an OAuth client, not an account; \
             help: pass the file to `OAuthClient::from_file`, and the client to `UserLogin`",
        )
    } else if json.has("type") {
        let known = KINDS.map(|kind| format!("`{kind}`")).join(", ");
        json.problem(&format!(
            "has a `type` that is not supported; supported are {known}"
        ))
    } else {
        json.problem("has no member `type`")
    })
}

/// Makes the provider of credentials of any kind.
fn provider(
    json: &Json,
    kind: &'static str,
    machine: &Machine,
) -> Result<Arc<dyn CredentialsProvider>, CredentialsError> {
    Ok(match kind {
        SERVICE_ACCOUNT => Arc::new(ServiceAccount::of_json(json)?),
        AUTHORIZED_USER => Arc::new(AuthorizedUser::of_json(json)?),
        IMPERSONATED => Arc::new(Impersonated::parse(json.name(), &json.value(), machine)?),
        _ => Arc::new(ExternalAccount::parse(json.name(), &json.value(), machine)?),
    })
}

/// Makes the provider of the credentials of any kind that are within others. Errors call them by `name`.
pub(super) fn nested(
    name: &str,
    json: &Value,
    machine: &Machine,
) -> Result<Arc<dyn CredentialsProvider>, CredentialsError> {
    let json = Json::of(name, json);
    provider(&json, kind(&json)?, machine)
}

delegates!(CredentialsFile, provider);

impl fmt::Debug for CredentialsFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CredentialsFile").field(&self.kind).finish()
    }
}
