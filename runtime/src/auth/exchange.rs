//! One attempt of a request to a server that issues tokens, through the transport of the client.

use super::address::{Plain, checked, is_near};
use super::advice::{self, Rejected};
use super::token::{Token, TokenRequest};
use crate::credentials::CredentialsError;
use crate::retry::retry_after;
use crate::secrets::Hidden;
use crate::trace;
use crate::transport::{Body, Connecting, Destination, Direct, PlainHttp};
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderName, HeaderValue, USER_AGENT};
use http::uri::Scheme;
use http::{HeaderMap, Method, Response, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::borrow::Cow;
use std::time::{Duration, SystemTime};

/// The maximum size of a response, in bytes. Tokens and subject tokens have a few KiB.
const LONGEST_RESPONSE: usize = 1 << 20;

/// The longest attempt to connect. Another attempt follows while the request has time.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(4);

const PRODUCT: HeaderValue = HeaderValue::from_static(concat!("gapi/", env!("CARGO_PKG_VERSION")));

/// The characters that `application/x-www-form-urlencoded` encodes. Spaces are encoded as `%20`.
const FORM: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'*');

/// Posts a form to a token server, and returns the JSON of the response.
///
/// `secrets` are the secrets in the form and the headers. Errors never show them.
///
/// # Errors
/// No response, a status other than 2xx, or a response that is not a JSON object.
pub(super) async fn post_form(
    request: &TokenRequest<'_>,
    server: &str,
    form: &[(&str, &str)],
    headers: &[(HeaderName, HeaderValue)],
    secrets: &[&str],
) -> Result<Value, CredentialsError> {
    let body = form_body(form);
    let grant = form.iter().find(|(name, _)| *name == "grant_type");
    let attempt = Attempt {
        name: "token server",
        grant: grant.map(|(_, grant)| *grant),
        secrets,
    };
    let media_type = HeaderValue::from_static("application/x-www-form-urlencoded");
    let mut all = vec![(CONTENT_TYPE, media_type)];
    all.extend_from_slice(headers);
    let response = attempt.send(request, Method::POST, server, &all, body.into());
    json(&attempt, server, &response.await?)
}

/// Gets a resource of a server, and returns the body of the response.
///
/// # Errors
/// No response, a status other than 2xx, or a response larger than 1 MiB.
pub(super) async fn get(
    request: &TokenRequest<'_>,
    url: &str,
    headers: &[(HeaderName, HeaderValue)],
    secrets: &[&str],
) -> Result<Bytes, CredentialsError> {
    send(request, Method::GET, url, headers, Bytes::new(), secrets).await
}

/// Sends any request, and returns the body of the response: for the metadata servers of other clouds.
///
/// # Errors
/// No response, a status other than 2xx, or a response larger than 1 MiB.
pub(super) async fn send(
    request: &TokenRequest<'_>,
    method: Method,
    url: &str,
    headers: &[(HeaderName, HeaderValue)],
    body: Bytes,
    secrets: &[&str],
) -> Result<Bytes, CredentialsError> {
    let attempt = Attempt {
        name: "server",
        grant: None,
        secrets,
    };
    attempt.send(request, method, url, headers, body).await
}

/// Reads a token from the response of a token server (RFC 6749, section 5.1). `asked` are the scopes that were asked for, if it
/// is not known which ones were granted before. A token with fewer is logged, and used: it may be enough for the call.
///
/// # Errors
/// The response has no token. The error quotes nothing of it.
pub(super) fn access_token(response: &Value, asked: &[&str]) -> Result<Token, CredentialsError> {
    let problem = |text: &str| {
        CredentialsError::permanent(format!("the response of the token server {text}"))
    };
    // RFC 6749, section 7.1: a token of an unknown type must not be used. Some servers do not name the type.
    let is_bearer = match response.get("token_type") {
        None | Some(Value::Null) => true,
        Some(kind) => kind
            .as_str()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")),
    };
    if !is_bearer {
        return Err(problem("has a `token_type` that is not Bearer"));
    }
    let token = response.get("access_token").and_then(Value::as_str);
    let token = token.ok_or_else(|| problem("has no `access_token`"))?;
    let seconds = match response.get("expires_in") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(
            text.parse()
                .map_err(|_| problem("has an `expires_in` that is not a number"))?,
        ),
        Some(value) => Some(
            value
                .as_f64()
                .ok_or_else(|| problem("has an `expires_in` that is not a number"))?,
        ),
    };
    let lifetime = seconds
        .map(|seconds: f64| Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX));
    let token = Token::bearer(token, lifetime);
    let token = token.map_err(|_| problem("has a malformed `access_token`"))?;
    let missing = not_granted(response, asked);
    if !missing.is_empty() {
        trace::scopes_are_missing(&missing);
    }
    Ok(token)
}

/// Returns the scopes that were asked for and that the token does not have. A response without `scope` grants all of them.
fn not_granted<'a>(response: &Value, asked: &[&'a str]) -> Vec<&'a str> {
    let Some(granted) = response.get("scope").and_then(Value::as_str) else {
        return Vec::new();
    };
    let has = |scope: &&str| {
        let mut granted = granted.split_ascii_whitespace();
        granted.any(|other| canonical(other) == canonical(scope))
    };
    let asked = asked.iter().copied();
    asked.filter(|scope| !has(scope)).collect()
}

/// Returns the name of a scope that Google returns for it.
pub(super) fn canonical(scope: &str) -> Cow<'_, str> {
    match scope {
        "email" | "profile" => format!("https://www.googleapis.com/auth/userinfo.{scope}").into(),
        _ => scope.into(),
    }
}

/// Encodes a form.
pub(super) fn form_body(form: &[(&str, &str)]) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, FORM).to_string();
    let pairs = form.iter();
    let pairs: Vec<String> = pairs
        .map(|(name, value)| [encoded(name), encoded(value)].join("="))
        .collect();
    pairs.join("&")
}

/// The parts of a request that its errors depend on.
struct Attempt<'a> {
    /// The name of the server in errors.
    name: &'static str,
    /// The grant type of a form.
    grant: Option<&'a str>,
    secrets: &'a [&'a str],
}

impl Attempt<'_> {
    async fn send(
        &self,
        request: &TokenRequest<'_>,
        method: Method,
        url: &str,
        headers: &[(HeaderName, HeaderValue)],
        body: Bytes,
    ) -> Result<Bytes, CredentialsError> {
        let (uri, destination) = self.address(url)?;
        let mut outgoing = http::Request::new(Body::from(body));
        *outgoing.method_mut() = method;
        *outgoing.uri_mut() = uri;
        outgoing.extensions_mut().insert(PlainHttp);
        if outgoing.uri().scheme() == Some(&Scheme::HTTP) && is_near(outgoing.uri()) {
            // A proxy is elsewhere: there the address belongs to another machine.
            outgoing.extensions_mut().insert(Direct);
        }
        let out = outgoing.headers_mut();
        out.insert(USER_AGENT, PRODUCT);
        out.insert(ACCEPT, HeaderValue::from_static("application/json"));
        for (name, value) in headers {
            out.insert(name, value.clone());
        }
        let connecting = Connecting {
            at_most: CONNECT_TIMEOUT,
            by: None,
        };
        let sent = request.transport.send_streaming(outgoing);
        let failed = |error| advice::not_sent(self.name, &destination, &error);
        let response = connecting.around(sent).await.map_err(failed)?;
        let (head, body) = response.into_parts();
        if !head.status.is_success() {
            let body = body.beginning(LONGEST_RESPONSE).await;
            let response = Response::from_parts(head, body);
            return Err(self.rejected(request, &destination, &response));
        }
        let body = body.collect_within(LONGEST_RESPONSE).await;
        body.map_err(failed)?.ok_or_else(|| {
            let text = format!(
                "the {} {destination} sent more than {LONGEST_RESPONSE} bytes",
                self.name
            );
            CredentialsError::permanent(text)
        })
    }

    /// Returns the URL of a server, if a secret may go there.
    fn address(&self, url: &str) -> Result<(Uri, Destination), CredentialsError> {
        let uri = checked(url, Plain::Near).map_err(|problem| {
            CredentialsError::permanent(format!("the URL of the {} {problem}", self.name))
        })?;
        let destination = Destination::of(&uri);
        Ok((uri, destination))
    }

    fn rejected(
        &self,
        request: &TokenRequest<'_>,
        destination: &Destination,
        response: &Response<Bytes>,
    ) -> CredentialsError {
        let skew = skew(response.headers());
        let rejected = Rejected::of(response.status(), response.body(), skew);
        let retry_after = retry_after(response.headers(), SystemTime::now());
        let who = advice::Who {
            server: self.name,
            destination,
            grant: self.grant,
            subject: request.subject,
        };
        let error = rejected.explain(&who, &Hidden::of(self.secrets));
        error.after(retry_after)
    }
}

/// Returns the seconds by which the clock of the server is ahead of the clock of this machine, by the header `date`.
pub(super) fn skew(headers: &HeaderMap) -> Option<i64> {
    let date = headers.get(DATE)?.to_str().ok()?;
    let date = httpdate::parse_http_date(date).ok()?;
    Some(seconds_between(SystemTime::now(), date))
}

/// Returns the seconds from one time to another, negative if the other is earlier.
fn seconds_between(from: SystemTime, to: SystemTime) -> i64 {
    let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    match to.duration_since(from) {
        Ok(later) => seconds(later),
        Err(earlier) => -seconds(earlier.duration()),
    }
}

fn json(attempt: &Attempt<'_>, url: &str, body: &Bytes) -> Result<Value, CredentialsError> {
    if let Ok(Value::Object(members)) = serde_json::from_slice(body) {
        return Ok(Value::Object(members));
    }
    let destination = Destination::of(&url.parse().unwrap_or_default());
    Err(CredentialsError::permanent(format!(
        "the response of the {} {destination} is not a JSON object",
        attempt.name
    )))
}
