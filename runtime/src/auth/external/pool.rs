//! Identities of workload and workforce pools: a subject token is exchanged for a token of Google (RFC 8693).

use super::super::address::Plain;
use super::super::advice::TOKEN_EXCHANGE;
use super::super::exchange;
use super::super::iam::{Target, scopes_of};
use super::super::metrics;
use super::super::token::{Account, Token, TokenRequest, TokenSource};
use super::aws::Aws;
use super::executable::Executable;
use super::members::Members;
use super::subject::{TokenFile, TokenUrl};
use super::{Machine, QUOTED};
use crate::credentials::{CredentialsError, DEFAULT_UNIVERSE};
use crate::transport::BoxFuture;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};
use percent_encoding::utf8_percent_encode;
use serde_json::Value;
use std::fmt;

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const AWS_REQUEST: &str = "urn:ietf:params:aws:token-type:aws4_request";

/// An identity of a pool.
pub(super) struct Pool {
    /// The name of the file, for errors.
    file: String,
    audience: String,
    subject_token_type: String,
    account: Account,
    client: Option<ClientAuthentication>,
    /// The project of a workforce pool that pays.
    user_project: Option<String>,
    source: Source,
    metrics: (HeaderName, HeaderValue),
}

/// The source of subject tokens.
#[derive(Debug)]
enum Source {
    File(TokenFile),
    Url(TokenUrl),
    Aws(Aws),
    Executable(Executable),
}

/// The authentication of an OAuth client (RFC 6749, section 2.3.1, `basic`).
pub(super) struct ClientAuthentication {
    secret: String,
    header: HeaderValue,
}

impl ClientAuthentication {
    /// Reads the members `client_id` and `client_secret`. There may be none.
    pub(super) fn new(members: &Members<'_>) -> Result<Option<Self>, CredentialsError> {
        let Some(id) = members.text("client_id")? else {
            return Ok(None);
        };
        let secret = members.text("client_secret")?.unwrap_or_default();
        let encoded = STANDARD.encode(format!("{id}:{secret}"));
        let header = HeaderValue::try_from(format!("Basic {encoded}"));
        // Base64 is always a header value.
        let mut header = header.map_err(CredentialsError::permanent)?;
        header.set_sensitive(true);
        Ok(Some(Self {
            secret: secret.to_owned(),
            header,
        }))
    }

    pub(super) fn header(&self) -> (HeaderName, HeaderValue) {
        (AUTHORIZATION, self.header.clone())
    }

    /// The texts that no error may show.
    pub(super) fn secrets(&self) -> [&str; 2] {
        let header = self.header.to_str().unwrap_or_default();
        [&self.secret, header.trim_start_matches("Basic ")]
    }
}

impl Pool {
    /// Reads a file with the `type` `external_account`.
    pub(super) fn new(
        members: &Members<'_>,
        target: Option<&Target>,
        has_lifetime: bool,
        machine: &Machine,
    ) -> Result<Self, CredentialsError> {
        let audience = members.required("audience")?;
        let subject_token_type = members.required("subject_token_type")?;
        let universe = members.text("universe_domain")?.unwrap_or(DEFAULT_UNIVERSE);
        let token_url = members.text("token_url")?;
        let token_url = token_url
            .unwrap_or("https://sts.{universe_domain}/v1/token")
            .replace("{universe_domain}", universe);
        members.checked("token_url", &token_url, Plain::Loopback)?;
        let user_project = members.text("workforce_pool_user_project")?;
        if user_project.is_some() && !is_workforce(audience) {
            let problem = "is possible for workforce pools only, and `audience` is not one";
            return Err(members.problem("workforce_pool_user_project", problem));
        }
        let source = Source::new(members, audience, subject_token_type, target, machine)?;
        let kind = format!(
            "google-byoid-sdk sa-impersonation/{} config-lifetime/{has_lifetime} source/{}",
            target.is_some(),
            source.name()
        );
        Ok(Self {
            file: members.file().to_owned(),
            audience: audience.to_owned(),
            subject_token_type: subject_token_type.to_owned(),
            account: members.account(&token_url)?,
            client: ClientAuthentication::new(members)?,
            user_project: user_project.map(str::to_owned),
            source,
            metrics: metrics::api_client(&kind),
        })
    }

    async fn exchange(&self, request: &TokenRequest<'_>) -> Result<Token, CredentialsError> {
        if request.subject.is_some() {
            return Err(CredentialsError::permanent(format!(
                "a subject needs a service account, and {} has none; \
                 help: add `service_account_impersonation_url` to the file, or remove the subject",
                self.file
            )));
        }
        let (subject_token, secrets) = self.subject_token(request).await?;
        let scope = scopes_of(request).join(" ");
        let options = self.options();
        let mut form = vec![
            ("grant_type", TOKEN_EXCHANGE),
            ("audience", &self.audience),
            ("scope", &scope),
            ("requested_token_type", ACCESS_TOKEN),
            ("subject_token", &subject_token),
            ("subject_token_type", &self.subject_token_type),
        ];
        if let Some(options) = &options {
            form.push(("options", options));
        }
        let mut headers = vec![self.metrics.clone()];
        headers.extend(self.client.as_ref().map(ClientAuthentication::header));
        let secrets = secrets.iter().map(String::as_str);
        let of_client = self.client.as_ref().map(ClientAuthentication::secrets);
        let secrets: Vec<&str> = secrets.chain(of_client.into_iter().flatten()).collect();
        let server = &self.account.token_url;
        let response = exchange::post_form(request, server, &form, &headers, &secrets);
        exchange::access_token(&response.await?, scopes_of(request))
    }

    /// Returns the subject token, and the secrets that no error may show.
    async fn subject_token(
        &self,
        request: &TokenRequest<'_>,
    ) -> Result<(String, Vec<String>), CredentialsError> {
        let token = match &self.source {
            Source::File(file) => file.subject_token().await?,
            Source::Url(url) => url.subject_token(request).await?,
            Source::Executable(executable) => executable.subject_token(request).await?,
            Source::Aws(aws) => return aws.subject_token(request, &self.audience).await,
        };
        let secrets = vec![token.clone()];
        Ok((token, secrets))
    }

    /// Returns the options of Google. The client id already says which project pays.
    fn options(&self) -> Option<String> {
        let project = self
            .user_project
            .as_deref()
            .filter(|_| self.client.is_none())?;
        let project = Value::from(project);
        let json = format!("{{\"userProject\": {project}}}");
        Some(utf8_percent_encode(&json, QUOTED).to_string())
    }
}

/// Returns `true` for `//iam.googleapis.com/locations/LOCATION/workforcePools/…`.
fn is_workforce(audience: &str) -> bool {
    let pool = audience.strip_prefix("//iam.googleapis.com/locations/");
    let pool = pool.and_then(|rest| rest.split_once('/'));
    pool.is_some_and(|(location, rest)| !location.is_empty() && rest.starts_with("workforcePools/"))
}

impl Source {
    fn new(
        members: &Members<'_>,
        audience: &str,
        subject_token_type: &str,
        target: Option<&Target>,
        machine: &Machine,
    ) -> Result<Self, CredentialsError> {
        const NAME: &str = "credential_source";
        let source = members.object(NAME)?;
        let source = source.ok_or_else(|| members.problem(NAME, "is missing"))?;
        if subject_token_type == AWS_REQUEST {
            return Aws::new(&source, machine).map(Self::Aws);
        }
        if let Some(executable) = source.object("executable")? {
            let mut environment = vec![
                ("GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE", audience.to_owned()),
                (
                    "GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE",
                    subject_token_type.to_owned(),
                ),
            ];
            let email = target.map(Target::email);
            let id = email.unwrap_or_default().to_owned();
            environment.push(("GOOGLE_EXTERNAL_ACCOUNT_ID", id));
            let email = email.map(|email| {
                let name = "GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL";
                (name, email.to_owned())
            });
            environment.extend(email);
            let executable = Executable::new(&executable, environment, machine)?;
            return Ok(Self::Executable(executable));
        }
        if source.contains("environment_id") {
            let problem = "is for AWS, and `subject_token_type` is not that of AWS";
            return Err(source.problem("environment_id", problem));
        }
        let names = ["file", "url", "certificate"];
        let mut present = names.into_iter().filter(|name| source.contains(name));
        match (present.next(), present.next()) {
            (Some("file"), None) => TokenFile::new(&source).map(Self::File),
            (Some("url"), None) => TokenUrl::new(&source).map(Self::Url),
            (Some("certificate"), None) => {
                let problem = "is not supported: subject tokens from X.509 certificates need a client certificate";
                let help =
                    "use a source with `file`, `url`, `executable` or AWS, or your own provider";
                Err(source.problem_with_help("certificate", problem, help))
            }
            (None, _) => {
                let problem = "has no `file`, `url`, `executable` or `environment_id`";
                Err(members.problem(NAME, problem))
            }
            (Some(_), _) => {
                let problem = "has more than one of `file`, `url` and `certificate`";
                Err(members.problem(NAME, problem))
            }
        }
    }

    /// The name in the statistics of Google.
    fn name(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Url(_) => "url",
            Self::Aws(_) => "aws",
            Self::Executable(_) => "executable",
        }
    }
}

impl TokenSource for Pool {
    fn token<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<Token, CredentialsError>> {
        Box::pin(self.exchange(request))
    }

    fn account(&self) -> Option<&Account> {
        Some(&self.account)
    }

    /// AWS accepts a signature for a few minutes.
    fn note_skew(&self, seconds: i64) -> bool {
        match &self.source {
            Source::Aws(aws) => aws.clock.note(seconds),
            Source::File(_) | Source::Url(_) | Source::Executable(_) => false,
        }
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("audience", &self.audience)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::is_workforce;

    #[test]
    fn audiences_of_workforce_pools() {
        for (audience, expected) in [
            (
                "//iam.googleapis.com/locations/global/workforcePools/p/providers/q",
                true,
            ),
            (
                "//iam.googleapis.com/locations/eu/workforcePools/p/providers/q",
                true,
            ),
            (
                "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
                false,
            ),
            ("//iam.googleapis.com/locations//workforcePools/p", false),
            (
                "https://example.com/locations/global/workforcePools/p",
                false,
            ),
        ] {
            assert_eq!(is_workforce(audience), expected, "{audience}");
        }
    }
}
