//! Secrets in every possible place, through successes and every kind of failure: nothing shows or logs them.
//!
//! All of them contain `SECRET`, including data in bodies and names. Resource names can be confidential, so the errors
//! of this library do not quote them, except in the message of a server.

mod connections;
mod failures;
mod redirects;
mod shown;

use super::server::Server;
use super::witness::Witness;
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::params::StandardParameters;
use gapi::spanner_v1::projects::instances::operations::{Get, List};
use gapi::spanner_v1::schemas::{CreateInstanceRequest, Instance};
use gapi_runtime::http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use gapi_runtime::{
    BoxFuture, ClientBuilder, CredentialsContext, CredentialsError, CredentialsProvider, Error,
    RetryPolicy, Service,
};

const TOKEN: &str = "ya29.SECRET-token";
const KEY: &str = "AIza-SECRET-key";
const PROVIDED: &str = "ya29.SECRET-provided";
const ACCESS_TOKEN: &str = "SECRET-access-token";
const OAUTH_TOKEN: &str = "SECRET/oauth+token ü";
const QUERY_KEY: &str = "SECRET-query-key";
const PASSWORD: &str = "SECRET-proxy";
/// `user:SECRET-proxy`
pub(super) const PROXY_CREDENTIALS: &str = "dXNlcjpTRUNSRVQtcHJveHk";
const DATA: &str = "SECRET-patient-4711";
const SESSION: &str = "https://storage.googleapis.com/session?upload_id=SECRET-upload-id";

/// The secrets of [`get`] and [`list`], as values and as written in requests.
const SENT: &[&str] = &[
    TOKEN,
    KEY,
    ACCESS_TOKEN,
    OAUTH_TOKEN,
    "SECRET%2Foauth%2Btoken+%C3%BC",
    QUERY_KEY,
];

/// Returns a response text that repeats the request wherever possible.
fn echo(sent: &[&str]) -> String {
    let (first, all) = (sent[0], sent.join(" "));
    format!(
        r#"{{"error": {{"code": 401, "status": "{first}", "message": "invalid: {all}",
            "errors": [{{"domain": "global", "reason": "{first}", "message": "{all}"}}],
            "details": [{{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "{all}", "domain": "{first}",
                          "metadata": {{"token": "{all}", "{first}": "x"}}}}]}}}}"#
    )
}

/// Returns the echo in each form of errors.
fn echoes() -> [String; 4] {
    let echo = echo(SENT);
    [
        format!("[{echo}]"),
        format!(
            r#"{{"error": "{TOKEN}", "error_description": "{KEY} {ACCESS_TOKEN} {QUERY_KEY}"}}"#
        ),
        format!(r#"{{"code": 16, "message": "{TOKEN}", "details": ["{KEY}"]}}"#),
        echo,
    ]
}

struct Provider;

impl CredentialsProvider for Provider {
    fn headers<'a>(
        &'a self,
        _: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        let value = HeaderValue::try_from(format!("Bearer {PROVIDED}")).unwrap();
        Box::pin(std::future::ready(Ok(HeaderMap::from_iter([(
            AUTHORIZATION,
            value,
        )]))))
    }
}

/// Returns a builder with a token and a key. It sends each call once.
fn builder<S: Service>() -> ClientBuilder<S> {
    let builder = ClientBuilder::new().bearer_token(TOKEN).api_key(KEY);
    builder.retry(RetryPolicy::never())
}

async fn client<S: Service>(server: &Server) -> S {
    builder().endpoint(server.url()).build().await.unwrap()
}

fn name() -> String {
    format!("projects/{DATA}/instances/i/operations/o")
}

/// Returns a call with secrets in each of its parameters.
fn get(spanner: &Spanner) -> Get {
    let get = spanner.projects().instances().operations().get(name());
    let get = get.access_token(ACCESS_TOKEN).oauth_token(OAUTH_TOKEN);
    get.key(QUERY_KEY).quota_user(DATA)
}

fn list(spanner: &Spanner) -> List {
    let operations = spanner.projects().instances().operations();
    let list = operations.list(format!("projects/{DATA}/instances/i/operations"));
    let list = list.filter(DATA).page_token(DATA);
    list.access_token(ACCESS_TOKEN)
        .oauth_token(OAUTH_TOKEN)
        .key(QUERY_KEY)
}

fn instance() -> CreateInstanceRequest {
    let instance = Instance {
        display_name: Some(DATA.to_owned()),
        ..Instance::default()
    };
    CreateInstanceRequest {
        instance: Some(instance),
        ..CreateInstanceRequest::default()
    }
}

/// Shows an error and all of its details, except for the raw body and headers.
fn see(witness: &Witness, what: &str, error: &Error) {
    witness.error(what, error);
    if let Some(status) = error.status() {
        witness.debug(what, status);
        witness.debug(what, &status.to_string());
        witness.debug(what, &(status.reason(), status.error_info(), status.help()));
    }
}
