//! Service accounts that another account uses.

#[cfg(test)]
mod tests;

use super::cache::Cached;
use super::external::Machine;
use super::external::members::Members;
use super::file;
use super::iam::{Caller, Target};
use super::json::Json;
use super::sign_jwt;
use super::token::{Token, TokenRequest, TokenSource, delegates, late};
use crate::credentials::{
    CredentialsContext, CredentialsError, CredentialsProvider, DEFAULT_UNIVERSE,
};
use crate::transport::BoxFuture;
use serde_json::Value;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The lifetime of a token, unless the caller sets another one.
const DEFAULT_LIFETIME: Duration = Duration::from_hours(1);

/// The longest lifetime. More than an hour needs the policy `iam.allowServiceAccountCredentialLifetimeExtension`.
const LONGEST_LIFETIME: Duration = Duration::from_hours(12);

/// A service account that another account uses ([AIP-4122](https://google.aip.dev/auth/4122)).
///
/// The other account, the source, needs the role Service Account Token Creator (`roles/iam.serviceAccountTokenCreator`) on the
/// service account. No key is needed. A `subject` makes the service account act for a user of a Google Workspace domain
/// (domain-wide delegation).
///
/// ```
/// use gapi_runtime::auth::{ApplicationDefault, Impersonated};
///
/// let own = ApplicationDefault::new();
/// let robot = Impersonated::new(own, "robot@my-project.iam.gserviceaccount.com");
/// // For Gmail, Drive or Calendar: act for a user.
/// let robot = robot.subject("user@example.com");
/// ```
#[must_use = "credentials do nothing until a client has them"]
pub struct Impersonated(Cached<Impersonation>, Machine);

/// The flow: a token of the source is exchanged for a token of the service account.
#[derive(Clone)]
pub(super) struct Impersonation {
    source: Arc<dyn CredentialsProvider>,
    target: Target,
    delegates: Option<Vec<String>>,
    /// The scopes that a file names. Those that the caller names replace them.
    scopes: Vec<String>,
    pub(super) lifetime: Duration,
    user: Option<String>,
    pub(super) quota_project: Option<String>,
}

impl Impersonated {
    /// Uses a service account with the tokens of other credentials. Sends nothing.
    ///
    /// The service account is named by its email address. A source that waits for a person, as `UserLogin` does, has its own
    /// timeout.
    pub fn new(source: impl CredentialsProvider + 'static, email: impl Into<String>) -> Self {
        let flow = Impersonation::new(Arc::new(source), Target::new(email));
        Self(Cached::new(flow), Machine::default())
    }

    /// Reads the text of a file with the `type` `impersonated_service_account`. Sends nothing.
    ///
    /// `gcloud auth application-default login --impersonate-service-account` writes such files. `source_credentials` may be of
    /// each kind.
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi_runtime::auth::Impersonated;
    ///
    /// let robot = Impersonated::from_json(&std::fs::read_to_string("impersonation.json")?)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The text is not JSON, or a member is missing or has a value that cannot be used.
    pub fn from_json(text: &str) -> Result<Self, CredentialsError> {
        let json = Json::parse("the impersonated service account", text)?;
        Self::parse(json.name(), &json.value(), &Machine::default())
    }

    /// Reads a file. Sends nothing.
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi_runtime::auth::Impersonated;
    ///
    /// let robot = Impersonated::from_file("impersonation.json")?.allow_executables();
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

    /// Sets the service accounts between the source and the service account, in their order.
    ///
    /// Each one needs the role Service Account Token Creator on the next one. They are named by their email addresses, or as
    /// `projects/-/serviceAccounts/EMAIL`.
    ///
    /// ```
    /// use gapi_runtime::auth::{Impersonated, MetadataServer};
    /// use std::time::Duration;
    ///
    /// let robot = Impersonated::new(MetadataServer::new(), "robot@my-project.iam.gserviceaccount.com")
    ///     .delegates(["between@my-project.iam.gserviceaccount.com"])
    ///     .lifetime(Duration::from_secs(600));
    /// ```
    pub fn delegates<T: Into<String>>(self, delegates: impl IntoIterator<Item = T>) -> Self {
        let delegates = delegates.into_iter();
        let delegates = delegates
            .map(|delegate| resource_name(delegate.into()))
            .collect();
        self.with(|flow| flow.delegates = Some(delegates))
    }

    /// Sets the lifetime of each token, in whole seconds. The default is 1 hour, and the maximum is 12 hours.
    ///
    /// More than 1 hour needs a policy of the organization (`iam.allowServiceAccountCredentialLifetimeExtension`). A token of a
    /// user (see [`subject`](Self::subject)) always lasts 1 hour.
    pub fn lifetime(self, lifetime: Duration) -> Self {
        self.with(|flow| flow.lifetime = lifetime)
    }

    /// Acts for a user of a Google Workspace domain: domain-wide delegation without a key.
    ///
    /// IAM signs the request for the token (`signJwt`). An administrator of the domain has to allow the client id of the
    /// service account with the scopes of the calls.
    pub fn subject(self, user: impl Into<String>) -> Self {
        let user = user.into();
        self.with(|flow| flow.user = Some(user))
    }

    /// Allows the client to start the program that the `source_credentials` of a file name, as
    /// [`ExternalAccount::allow_executables`](super::ExternalAccount::allow_executables) does.
    ///
    /// It has no effect on the source that [`new`](Self::new) takes. Such a source has its own `allow_executables`.
    pub fn allow_executables(self) -> Self {
        self.1.allow_executables();
        self
    }

    /// Reads the JSON of a file. `name` is its name in errors.
    pub(super) fn parse(
        name: &str,
        json: &Value,
        machine: &Machine,
    ) -> Result<Self, CredentialsError> {
        const SOURCE: &str = "source_credentials";
        let members = Members::of(name, json)?;
        if members.required("type")? != file::IMPERSONATED {
            let help = "open the file with `CredentialsFile::open`, which takes each kind";
            let problem = "is not `impersonated_service_account`";
            return Err(members.problem_with_help("type", problem, help));
        }
        let Some(of_source) = members.get(SOURCE) else {
            return Err(members.problem(SOURCE, "is missing"));
        };
        let universe = members.text("universe_domain")?;
        let universe = universe.or_else(|| of_source.get("universe_domain")?.as_str());
        let target = Target::of(&members, universe.unwrap_or(DEFAULT_UNIVERSE))?;
        let target = target
            .ok_or_else(|| members.problem("service_account_impersonation_url", "is missing"))?;
        let source = file::nested(&format!("`{SOURCE}` of {name}"), of_source, machine)?;
        let mut flow = Impersonation::new(source, target);
        if members.contains("delegates") {
            let delegates = members.texts("delegates")?.into_iter();
            flow.delegates = Some(delegates.map(resource_name).collect());
        }
        flow.scopes = members.texts("scopes")?;
        flow.quota_project = members.text("quota_project_id")?.map(str::to_owned);
        Ok(Self(Cached::new(flow), machine.clone()))
    }

    /// Changes the flow. No token has been requested yet, so none is lost.
    fn with(self, change: impl FnOnce(&mut Impersonation)) -> Self {
        let mut flow = self.0.source().clone();
        change(&mut flow);
        Self(Cached::new(flow), self.1)
    }
}

/// Returns the resource name of a service account, as IAM takes it.
fn resource_name(account: String) -> String {
    if account.contains('/') {
        account
    } else {
        format!("projects/-/serviceAccounts/{account}")
    }
}

impl Impersonation {
    pub(super) fn new(source: Arc<dyn CredentialsProvider>, target: Target) -> Self {
        Self {
            source,
            target,
            delegates: None,
            scopes: Vec::new(),
            lifetime: DEFAULT_LIFETIME,
            user: None,
            quota_project: None,
        }
    }

    fn caller<'a>(&'a self, universe: &'a str) -> Caller<'a> {
        Caller {
            source: &*self.source,
            universe,
            target: &self.target,
            delegates: self.delegates.as_deref(),
        }
    }

    /// Requests a token with the scopes of the file, if it names some and the caller does not.
    async fn request(&self, request: &TokenRequest<'_>) -> Result<Token, CredentialsError> {
        if !self.has_own_scopes(request) {
            return self.request_scoped(request).await;
        }
        let scopes: Vec<&str> = self.scopes.iter().map(String::as_str).collect();
        let request = CredentialsContext {
            scopes: &scopes,
            ..*request
        };
        self.request_scoped(&request).await
    }

    async fn request_scoped(&self, request: &TokenRequest<'_>) -> Result<Token, CredentialsError> {
        let of_source = CredentialsContext {
            subject: None,
            ..*request
        };
        let mut caller = self.caller(request.universe_domain);
        // The token comes first: a metadata server that is not there is noticed by then.
        caller.headers(request).await?;
        let universe = self.source.universe_domain(&of_source).await;
        caller.universe = universe.as_deref().unwrap_or(request.universe_domain);
        if let Some(user) = request.subject.or(self.user.as_deref()) {
            return sign_jwt::token_of(&caller, request, user).await;
        }
        if self.lifetime < Duration::from_secs(1) || self.lifetime > LONGEST_LIFETIME {
            return Err(CredentialsError::permanent(
                "the lifetime of an impersonated service account is not from 1 second to 12 hours",
            ));
        }
        caller.access_token(request, self.lifetime).await
    }
}

impl TokenSource for Impersonation {
    fn token<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<Token, CredentialsError>> {
        Box::pin(self.request(request))
    }

    fn is_interactive(&self) -> bool {
        self.source.is_interactive()
    }

    fn prepare<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<(), CredentialsError>> {
        Box::pin(async move {
            let caller = self.caller(request.universe_domain);
            caller.headers(request).await.map(drop)
        })
    }

    fn quota_project(&self) -> Option<&str> {
        self.quota_project.as_deref()
    }

    fn universe_domain<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Option<String>> {
        self.source.universe_domain(request)
    }

    /// A source that has no token yet is what the caller has waited for.
    fn unfinished(&self, time: Duration) -> CredentialsError {
        match self.source.unfinished(time) {
            Some(error) => self.caller(DEFAULT_UNIVERSE).of_source(&error),
            None => late(self.server(), time),
        }
    }

    fn has_own_scopes(&self, request: &TokenRequest<'_>) -> bool {
        !request.has_named_scopes && !self.scopes.is_empty()
    }
}

impl fmt::Debug for Impersonation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Impersonation")
            .field("target", &self.target.email())
            .field("delegates", &self.delegates)
            .field("lifetime", &self.lifetime)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

delegates!(Impersonated, 0);

/// The accounts, without secrets.
impl fmt::Debug for Impersonated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Impersonated").field(&self.0).finish()
    }
}
