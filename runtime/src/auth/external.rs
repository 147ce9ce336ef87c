//! External accounts: identities of other clouds and of identity providers ([AIP-4117](https://google.aip.dev/auth/4117)).

mod aws;
mod command;
mod executable;
pub(super) mod members;
mod pool;
mod response;
mod sigv4;
mod subject;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
mod work;
mod workforce_user;

use super::cache::Cached;
use super::file::{EXTERNAL_ACCOUNT, EXTERNAL_ACCOUNT_USER};
use super::iam::Target;
use super::impersonated::Impersonation;
use super::json::Json;
use super::token::{Account, Token, TokenRequest, TokenSource, delegates};
use crate::credentials::{CredentialsError, DEFAULT_UNIVERSE};
use crate::transport::BoxFuture;
use members::Members;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use pool::Pool;
use serde_json::Value;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use workforce_user::WorkforceUser;

/// The characters that Python's `urllib.parse.quote` encodes. google-auth encodes parts of a form with it.
const QUOTED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// The machine, as far as files of credentials may use it. Clones share the permission.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    may_start_programs: Arc<AtomicBool>,
    /// Returns an environment variable.
    environment: fn(&str) -> Option<String>,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            may_start_programs: Arc::default(),
            environment: |name| std::env::var(name).ok(),
        }
    }
}

impl Machine {
    pub(super) fn allow_executables(&self) {
        self.may_start_programs.store(true, Ordering::Relaxed);
    }

    /// Returns `true` if the caller and the environment allow programs.
    fn may_start_programs(&self) -> bool {
        let variable = self.variable("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES");
        variable.as_deref() == Some("1") && self.may_start_programs.load(Ordering::Relaxed)
    }

    /// Returns an environment variable that is not empty.
    fn variable(&self, name: &str) -> Option<String> {
        (self.environment)(name).filter(|value| !value.is_empty())
    }
}

/// An identity of another cloud or of an identity provider, which Google's token server exchanges for a token
/// ([AIP-4117](https://google.aip.dev/auth/4117)).
///
/// The file has the `type` `external_account` (workload and workforce identity federation), or
/// `external_account_authorized_user` (`gcloud auth application-default login --login-config`). The subject token comes from a
/// file, a URL, AWS, or a program. Certificates (X.509) are not supported.
///
/// The file decides which servers get the tokens of this machine. Use only files that you trust.
///
/// ```
/// use gapi_runtime::auth::ExternalAccount;
///
/// let account = ExternalAccount::from_json(r#"{
///     "type": "external_account",
///     "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
///     "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
///     "token_url": "https://sts.googleapis.com/v1/token",
///     "credential_source": {"file": "/var/run/token"}
/// }"#)?;
/// # Ok::<(), gapi_runtime::CredentialsError>(())
/// ```
#[must_use = "credentials do nothing until a client has them"]
pub struct ExternalAccount(Cached<Flow>, Machine);

/// The kinds of external accounts.
enum Flow {
    Pool(Box<Pool>),
    /// A service account that an identity of a pool uses.
    Impersonated(Impersonation),
    User(WorkforceUser),
}

impl ExternalAccount {
    /// Reads the text of a file. Sends nothing.
    ///
    /// # Errors
    /// The text is not JSON, a member is missing or has a value that cannot be used, a URL is not safe for secrets, or the
    /// source of subject tokens is not supported.
    pub fn from_json(text: &str) -> Result<Self, CredentialsError> {
        let json = Json::parse("the external account", text)?;
        Self::parse(json.name(), &json.value(), &Machine::default())
    }

    /// Reads a file. Sends nothing.
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi_runtime::auth::ExternalAccount;
    ///
    /// let account = ExternalAccount::from_file("federation.json")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The file cannot be read, or the errors of [`from_json`](Self::from_json).
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, CredentialsError> {
        let json = Json::open(path.as_ref())?;
        Self::parse(json.name(), &json.value(), &Machine::default())
    }

    /// Allows the client to start one program: the command in `credential_source.executable` of the file. It prints the subject
    /// token ([AIP-4117](https://google.aip.dev/auth/4117)).
    ///
    /// The environment variable `GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES` must be `1` as well. Otherwise no program is started,
    /// and calls fail with an error that says so. These types have this function: `ExternalAccount`,
    /// [`CredentialsFile`](super::CredentialsFile), [`ApplicationDefault`](super::ApplicationDefault), and
    /// [`Impersonated`](super::Impersonated) from a file.
    ///
    /// The program runs with the rights and the environment of this process, for each token that the client requests. No shell
    /// runs it. If the file names an `output_file` with a token that is still valid, the program is not started. It gets the
    /// time of [`ClientBuilder::token_timeout`](crate::ClientBuilder::token_timeout), and at most `timeout_millis` of the file.
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    /// use gapi_runtime::auth::ExternalAccount;
    ///
    /// // Run with GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1. The file has, among others:
    /// // "credential_source": {"executable": {"command": "/opt/token --audience=pool"}}
    /// let account = ExternalAccount::from_file("federation.json")?.allow_executables();
    /// let spanner = Spanner::builder().credentials(account).build().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn allow_executables(self) -> Self {
        self.1.allow_executables();
        self
    }

    /// Reads the JSON of a file. `file` is its name in errors.
    pub(super) fn parse(
        file: &str,
        json: &Value,
        machine: &Machine,
    ) -> Result<Self, CredentialsError> {
        let members = Members::of(file, json)?;
        let flow = match members.required("type")? {
            EXTERNAL_ACCOUNT => of_pool(&members, machine)?,
            EXTERNAL_ACCOUNT_USER => Flow::User(WorkforceUser::new(&members)?),
            _ => {
                let problem =
                    "is neither `external_account` nor `external_account_authorized_user`";
                let help = "open the file with `CredentialsFile::open`, which takes each kind";
                return Err(members.problem_with_help("type", problem, help));
            }
        };
        Ok(Self(Cached::new(flow), machine.clone()))
    }
}

/// The limits that IAM has for the lifetime of tokens. A lifetime of more than an hour needs a policy of the organization.
const LIFETIMES: std::ops::RangeInclusive<u64> = 600..=43_200;

fn of_pool(members: &Members<'_>, machine: &Machine) -> Result<Flow, CredentialsError> {
    let universe = members.text("universe_domain")?.unwrap_or(DEFAULT_UNIVERSE);
    let target = Target::of(members, universe)?;
    let options = members.object("service_account_impersonation")?;
    let lifetime = match &options {
        None => None,
        Some(options) => options
            .number("token_lifetime_seconds")?
            .map(|seconds| match seconds {
                seconds if LIFETIMES.contains(&seconds) => Ok(seconds),
                _ => Err(options.problem("token_lifetime_seconds", "is not from 600 to 43200")),
            })
            .transpose()?,
    };
    let pool = Pool::new(members, target.as_ref(), lifetime.is_some(), machine)?;
    let Some(target) = target else {
        return Ok(Flow::Pool(Box::new(pool)));
    };
    let quota_project = members.text("quota_project_id")?;
    let mut flow = Impersonation::new(Arc::new(Cached::new(pool)), target);
    flow.quota_project = quota_project.map(str::to_owned);
    if let Some(seconds) = lifetime {
        flow.lifetime = Duration::from_secs(seconds);
    }
    Ok(Flow::Impersonated(flow))
}

impl Flow {
    fn source(&self) -> &dyn TokenSource {
        match self {
            Self::Pool(pool) => &**pool,
            Self::Impersonated(account) => account,
            Self::User(user) => user,
        }
    }
}

impl TokenSource for Flow {
    fn token<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<Token, CredentialsError>> {
        self.source().token(request)
    }

    fn account(&self) -> Option<&Account> {
        self.source().account()
    }

    fn quota_project(&self) -> Option<&str> {
        self.source().quota_project()
    }

    fn universe_domain<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Option<String>> {
        self.source().universe_domain(request)
    }

    fn server(&self) -> Option<String> {
        self.source().server()
    }

    fn unfinished(&self, time: Duration) -> CredentialsError {
        self.source().unfinished(time)
    }

    fn note_skew(&self, seconds: i64) -> bool {
        self.source().note_skew(seconds)
    }

    fn has_own_scopes(&self, request: &TokenRequest<'_>) -> bool {
        self.source().has_own_scopes(request)
    }
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pool(pool) => pool.fmt(f),
            Self::Impersonated(account) => account.fmt(f),
            Self::User(user) => user.fmt(f),
        }
    }
}

delegates!(ExternalAccount, 0);

/// The kind of account, without secrets.
impl fmt::Debug for ExternalAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ExternalAccount").field(&self.0).finish()
    }
}
