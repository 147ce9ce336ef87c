//! Subject tokens from AWS: a signed request to `GetCallerIdentity`, which Google's token server sends to AWS.

use super::super::address::{Plain, is_aws_metadata, is_loopback};
use super::super::clock::Clock;
use super::super::exchange;
use super::super::token::TokenRequest;
use super::members::{Members, within};
use super::sigv4::{Keys, Unsigned};
use super::{Machine, QUOTED};
use crate::credentials::CredentialsError;
use crate::types::utc_text;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Uri};
use percent_encoding::utf8_percent_encode;
use serde_json::{Value, json};
use std::sync::OnceLock;
use std::time::SystemTime;

/// The lifetime of a session with the metadata server, in seconds. It is used at once.
const SESSION_SECONDS: HeaderValue = HeaderValue::from_static("300");
const SESSION_LIFETIME: HeaderName =
    HeaderName::from_static("x-aws-ec2-metadata-token-ttl-seconds");
const SESSION_TOKEN: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token");

/// The length of a signature in hexadecimal digits.
const SIGNATURE_LENGTH: usize = 64;

/// The source of the AWS identity of this machine.
#[derive(Debug)]
pub(super) struct Aws {
    /// The name of the file, for errors.
    file: String,
    region_url: Option<String>,
    credentials_url: Option<String>,
    session_token_url: Option<String>,
    /// The URL of `GetCallerIdentity`, with `{region}` in place of the region.
    verification_url: String,
    /// The region that the metadata server has named.
    region: OnceLock<String>,
    pub(super) clock: Clock,
    machine: Machine,
}

impl Aws {
    /// Reads the member `credential_source` of a file.
    pub(super) fn new(source: &Members<'_>, machine: &Machine) -> Result<Self, CredentialsError> {
        let environment = source.required("environment_id")?;
        if environment != "aws1" {
            let problem = "is not `aws1`, the only version that is supported";
            return Err(source.problem("environment_id", problem));
        }
        let of_metadata = |name| -> Result<Option<String>, CredentialsError> {
            let Some(url) = source.text(name)? else {
                return Ok(None);
            };
            let parts = source.checked(name, url, Plain::Metadata)?;
            if !is_aws_metadata(&parts) && !is_loopback(&parts) {
                let problem =
                    "is not on AWS's metadata server (169.254.169.254 or [fd00:ec2::254])";
                return Err(source.problem(name, problem));
            }
            Ok(Some(url.to_owned()))
        };
        let this = Self {
            file: source.file().to_owned(),
            region_url: of_metadata(REGION_URL)?,
            credentials_url: of_metadata(URL)?,
            session_token_url: of_metadata(SESSION_URL)?,
            verification_url: source.required(VERIFICATION)?.to_owned(),
            region: OnceLock::new(),
            clock: Clock::default(),
            machine: machine.clone(),
        };
        // The other parts of the URL are the same in every region.
        let url = this.verification_url_in("us-east-1");
        let url = source.checked(VERIFICATION, &url, Plain::Loopback)?;
        check_verification(&url).map_err(|problem| source.problem(VERIFICATION, problem))?;
        Ok(this)
    }

    /// Returns the signed request as Google's token server takes it, and the secrets in it. The request as a whole is none:
    /// it has names that the errors of the token server contain too.
    pub(super) async fn subject_token(
        &self,
        request: &TokenRequest<'_>,
        audience: &str,
    ) -> Result<(String, Vec<String>), CredentialsError> {
        let region = self.region(request).await?;
        let keys = self.keys(request).await?;
        let time = self.clock.now();
        let token = self.signed(&region, &keys, audience, time)?;
        let mut secrets = vec![signature(&token).to_owned(), keys.secret_access_key];
        secrets.extend(keys.session_token);
        Ok((token, secrets))
    }

    /// Signs the request. The members of the JSON are in the order of google-auth.
    pub(super) fn signed(
        &self,
        region: &str,
        keys: &Keys,
        audience: &str,
        time: SystemTime,
    ) -> Result<String, CredentialsError> {
        let text = self.verification_url_in(region);
        let url: Uri = text
            .parse()
            .map_err(|_| self.problem("no URL for the region"))?;
        let host = url.host().unwrap_or_default();
        let time = utc_text(time).replace(['-', ':'], "");
        let unsigned = Unsigned {
            method: "POST",
            url: &url,
            region,
            service: service(host),
            time: &time,
        };
        let authorization = unsigned.authorization(keys)?;
        let mut headers = vec![
            json!({"key": "Authorization", "value": authorization}),
            json!({"key": "host", "value": host}),
            json!({"key": "x-amz-date", "value": time}),
        ];
        if let Some(token) = &keys.session_token {
            headers.push(json!({"key": "x-amz-security-token", "value": token}));
        }
        headers.push(json!({"key": "x-goog-cloud-target-resource", "value": audience}));
        let request = json!({"headers": headers, "method": "POST", "url": text});
        Ok(utf8_percent_encode(&request.to_string(), QUOTED).to_string())
    }

    fn verification_url_in(&self, region: &str) -> String {
        self.verification_url.replace("{region}", region)
    }

    /// Returns the region: of the environment, else of the metadata server.
    async fn region(&self, request: &TokenRequest<'_>) -> Result<String, CredentialsError> {
        let variable = |name| self.machine.variable(name);
        let named = variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION"));
        if let Some(region) = named {
            return self.checked_region(region);
        }
        if let Some(region) = self.region.get() {
            return Ok(region.clone());
        }
        let Some(url) = &self.region_url else {
            return Err(self.problem(
                "no region: AWS_REGION and AWS_DEFAULT_REGION are not set, and `credential_source.region_url` is missing; \
                 help: set AWS_REGION",
            ));
        };
        let session = self.session(request).await?;
        let zone = self.metadata(request, REGION_URL, url, session.as_ref());
        let zone = zone.await?;
        // An availability zone is its region and a letter.
        let mut region = zone.trim().to_owned();
        region.pop();
        let region = self.checked_region(region)?;
        let _ = self.region.set(region.clone());
        Ok(region)
    }

    /// A region becomes a part of a host name.
    fn checked_region(&self, region: String) -> Result<String, CredentialsError> {
        let is_label = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !region.is_empty() && region.chars().all(is_label) {
            return Ok(region);
        }
        Err(self.problem("the region is not the name of an AWS region; help: set AWS_REGION"))
    }

    /// Returns the keys: of the environment, else of the role of the machine.
    async fn keys(&self, request: &TokenRequest<'_>) -> Result<Keys, CredentialsError> {
        let variable = |name| self.machine.variable(name);
        let named = (
            variable("AWS_ACCESS_KEY_ID"),
            variable("AWS_SECRET_ACCESS_KEY"),
        );
        if let (Some(access_key_id), Some(secret_access_key)) = named {
            return Ok(Keys {
                access_key_id,
                secret_access_key,
                session_token: variable("AWS_SESSION_TOKEN"),
            });
        }
        let Some(url) = &self.credentials_url else {
            return Err(self.problem(
                "no AWS credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set, and `credential_source.url` \
                 is missing; help: set both variables",
            ));
        };
        let session = self.session(request).await?;
        let role = self.metadata(request, URL, url, session.as_ref()).await?;
        let url = format!("{url}/{}", self.checked_role(&role)?);
        let response = self.metadata(request, URL, &url, session.as_ref());
        let response: Value = serde_json::from_str(&response.await?).unwrap_or_default();
        let member = |name: &str| {
            response
                .get(name)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        match (member("AccessKeyId"), member("SecretAccessKey")) {
            (Some(access_key_id), Some(secret_access_key)) => Ok(Keys {
                access_key_id,
                secret_access_key,
                session_token: member("Token"),
            }),
            _ => Err(self.problem(
                "AWS's metadata server returned no credentials for the role of this machine; \
                 help: attach an IAM role to the machine",
            )),
        }
    }

    /// A role becomes a part of a path.
    fn checked_role<'a>(&self, role: &'a str) -> Result<&'a str, CredentialsError> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
        match role.trim() {
            role if !role.is_empty() && role.chars().all(is_name) => Ok(role),
            _ => Err(self.problem(
                "AWS's metadata server named no role; help: attach an IAM role to the machine",
            )),
        }
    }

    /// Begins a session with the metadata server (IMDSv2), if the file says how.
    async fn session(
        &self,
        request: &TokenRequest<'_>,
    ) -> Result<Option<HeaderValue>, CredentialsError> {
        let Some(url) = &self.session_token_url else {
            return Ok(None);
        };
        let headers = [(SESSION_LIFETIME, SESSION_SECONDS)];
        let response = exchange::send(request, Method::PUT, url, &headers, Bytes::new(), &[]);
        let token = self.text(SESSION_URL, response.await)?;
        let value = HeaderValue::try_from(token.trim());
        let mut value = value.map_err(|_| self.problem(NOT_TEXT))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }

    async fn metadata(
        &self,
        request: &TokenRequest<'_>,
        member: &str,
        url: &str,
        session: Option<&HeaderValue>,
    ) -> Result<String, CredentialsError> {
        let headers = session.map(|token| (SESSION_TOKEN, token.clone()));
        let headers: Vec<_> = headers.into_iter().collect();
        let secret = session.and_then(|token| token.to_str().ok());
        let secrets: Vec<&str> = secret.into_iter().collect();
        self.text(
            member,
            exchange::get(request, url, &headers, &secrets).await,
        )
    }

    /// Returns the text of a response. Errors name the member with the URL.
    fn text(
        &self,
        member: &str,
        response: Result<Bytes, CredentialsError>,
    ) -> Result<String, CredentialsError> {
        let response = response.map_err(|error| {
            let file = &self.file;
            let context = format!(
                "no response from AWS's metadata server (`credential_source.{member}` of {file})"
            );
            within(&context, &error)
        })?;
        let text = str::from_utf8(&response).map_err(|_| self.problem(NOT_TEXT))?;
        Ok(text.to_owned())
    }

    fn problem(&self, text: &str) -> CredentialsError {
        CredentialsError::permanent(format!("{}: {text}", self.file))
    }
}

const REGION_URL: &str = "region_url";
const URL: &str = "url";
const SESSION_URL: &str = "imdsv2_session_token_url";
const VERIFICATION: &str = "regional_cred_verification_url";
const NOT_TEXT: &str = "the response of AWS's metadata server is not text";

/// Returns the signature in a signed request, or the whole request if it has none.
fn signature(token: &str) -> &str {
    let signature = token.split_once("Signature%3D");
    let signature = signature.and_then(|(_, rest)| rest.get(..SIGNATURE_LENGTH));
    signature.unwrap_or(token)
}

/// The service that a host of AWS belongs to, as the signature names it.
fn service(host: &str) -> &str {
    let label = host.split('.').next().unwrap_or_default();
    label.strip_suffix("-fips").unwrap_or(label)
}

/// Checks that a signature authorizes nothing but `GetCallerIdentity`. A request to another service or for another action would
/// give its receiver the rights of this machine.
fn check_verification(url: &Uri) -> Result<(), &'static str> {
    let host = url.host().unwrap_or_default().to_ascii_lowercase();
    let is_aws = [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"]
        .iter()
        .any(|suffix| host.ends_with(suffix));
    if !is_aws || service(&host) != "sts" || url.port().is_some() || url.path() != "/" {
        return Err("is not the address of AWS's security token service");
    }
    let mut actions = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter_map(|parameter| {
            parameter
                .split_once('=')
                .filter(|(name, _)| name.eq_ignore_ascii_case("action"))
        });
    match (actions.next(), actions.next()) {
        (Some(("Action", "GetCallerIdentity")), None) => Ok(()),
        _ => Err("has another action than GetCallerIdentity"),
    }
}
