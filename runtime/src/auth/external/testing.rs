//! Helpers of the tests of external accounts and of impersonation.

use crate::credentials::{CredentialsContext, CredentialsProvider};
use crate::transport::{MockTransport, Transport};
use http::Request;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

pub(in crate::auth) const WORKLOAD: &str =
    "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q";
pub(in crate::auth) const WORKFORCE: &str =
    "//iam.googleapis.com/locations/global/workforcePools/p/providers/q";
pub(in crate::auth) const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// A file with a source whose token is at a URL of this machine.
pub(in crate::auth) fn of_url() -> Value {
    json!({
        "type": "external_account",
        "audience": WORKLOAD,
        "subject_token_type": JWT,
        "token_url": "https://sts.googleapis.com/v1/token",
        "credential_source": {"url": "http://127.0.0.1:1/token"},
    })
}

/// The file with other members. `null` removes one.
pub(in crate::auth) fn with(mut file: Value, members: Value) -> Value {
    if let (Some(file), Value::Object(members)) = (file.as_object_mut(), members) {
        file.extend(members);
    }
    file
}

/// Requests a token for two scopes, and returns the header or the text of the error.
pub(in crate::auth) async fn token(
    credentials: &impl CredentialsProvider,
    mock: &MockTransport,
) -> Result<String, String> {
    token_for(credentials, mock, None).await
}

/// Requests a token for two scopes and a user.
pub(in crate::auth) async fn token_for(
    credentials: &impl CredentialsProvider,
    mock: &MockTransport,
    subject: Option<&str>,
) -> Result<String, String> {
    request(credentials, mock, subject, true).await
}

/// Requests a token that has to be there within this time.
pub(in crate::auth) async fn token_within(
    credentials: &impl CredentialsProvider,
    timeout: Duration,
) -> Result<String, String> {
    let transport: Arc<dyn Transport> = Arc::new(MockTransport::new());
    let context = CredentialsContext {
        token_timeout: timeout,
        ..context(&transport)
    };
    header_of(credentials, &context).await
}

/// Requests a token for two scopes, which the caller may have named.
pub(in crate::auth) async fn request(
    credentials: &impl CredentialsProvider,
    mock: &MockTransport,
    subject: Option<&str>,
    has_named_scopes: bool,
) -> Result<String, String> {
    let transport: Arc<dyn Transport> = Arc::new(mock.clone());
    let context = CredentialsContext {
        has_named_scopes,
        subject,
        ..context(&transport)
    };
    header_of(credentials, &context).await
}

/// The circumstances of a request for two scopes.
pub(in crate::auth) fn context(transport: &Arc<dyn Transport>) -> CredentialsContext<'_> {
    CredentialsContext {
        transport,
        scopes: &["scope-a", "scope-b"],
        accepted: &[],
        has_named_scopes: true,
        subject: None,
        universe_domain: "googleapis.com",
        is_for_others: false,
        token_timeout: Duration::from_secs(10),
        deadline: None,
        waits: None,
    }
}

async fn header_of(
    credentials: &impl CredentialsProvider,
    context: &CredentialsContext<'_>,
) -> Result<String, String> {
    let headers = credentials.headers(context).await;
    let headers = headers.map_err(|error| error.to_string())?;
    Ok(headers["authorization"].to_str().unwrap().to_owned())
}

/// The fields of a form, in their order.
pub(in crate::auth) fn form(request: &Request<bytes::Bytes>) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text)
            .decode_utf8()
            .unwrap()
            .into_owned()
    };
    let body = str::from_utf8(request.body()).unwrap();
    let pairs = body.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// The JSON of a request.
pub(in crate::auth) fn body(request: &Request<bytes::Bytes>) -> Value {
    serde_json::from_slice(request.body()).unwrap()
}

/// The text of a header, or nothing.
pub(in crate::auth) fn header<'a>(request: &'a Request<bytes::Bytes>, name: &str) -> &'a str {
    request
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

/// The response of a token server.
pub(in crate::auth) fn issued(token: &str) -> String {
    json!({"access_token": token, "expires_in": 3600, "token_type": "Bearer"}).to_string()
}

/// The response of IAM with a token.
pub(in crate::auth) fn generated(token: &str) -> String {
    json!({"accessToken": token, "expireTime": "2126-11-28T04:00:00Z"}).to_string()
}
