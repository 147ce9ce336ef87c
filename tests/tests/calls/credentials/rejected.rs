//! Tokens that an API rejects although they were thought valid.

use super::OPERATION;
use crate::credentials::{call, identity};
use gapi::gapi_runtime::http::header::{AUTHORIZATION, DATE, HeaderMap};
use gapi::gapi_runtime::{
    BoxFuture, CredentialsContext, CredentialsError, CredentialsProvider, MockTransport,
    RetryPolicy,
};
use gapi::spanner_v1::Spanner;
use std::sync::{Arc, Mutex};

/// A provider whose token changes when it is rejected.
#[derive(Clone, Default)]
struct Renewing {
    rejected: Arc<Mutex<Vec<HeaderMap>>>,
    has_no_other: bool,
}

impl CredentialsProvider for Renewing {
    fn headers<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        assert_eq!(context.universe_domain(), "googleapis.com");
        assert_eq!(context.subject(), Some("ada@example.com"));
        assert!(!context.scopes().is_empty() && !context.has_named_scopes());
        assert!(context.time_left().is_some());
        let number = self.rejected.lock().unwrap().len() + 1;
        let token = format!("Bearer SECRET-{number}").parse().unwrap();
        Box::pin(std::future::ready(Ok(HeaderMap::from_iter([(
            AUTHORIZATION,
            token,
        )]))))
    }

    fn reject(&self, headers: &HeaderMap) -> bool {
        self.rejected.lock().unwrap().push(headers.clone());
        !self.has_no_other
    }
}

/// Sends a call with responses of these statuses, and returns the tokens of its requests and the status of its error.
async fn sent(provider: &Renewing, statuses: &[u16]) -> (Vec<String>, Option<u16>) {
    let mock = statuses.iter().fold(MockTransport::new(), |mock, status| {
        mock.respond(*status, "{}")
    });
    let builder = Spanner::builder()
        .transport(mock.clone())
        .retry(RetryPolicy::never())
        .subject("ada@example.com")
        .credentials(provider.clone());
    let result = call(&builder.build().await.unwrap()).await;
    let requests = mock.requests();
    let tokens = requests.iter().map(|request| {
        let (_, token) = &identity(request)[0];
        token.trim_start_matches("Bearer SECRET-").to_owned()
    });
    let status = result.err().and_then(|error| error.http_status());
    (tokens.collect(), status.map(|status| status.as_u16()))
}

#[tokio::test]
async fn they_are_renewed_once() {
    for (statuses, tokens, error) in [
        (&[200][..], &["1"][..], None),
        (&[401, 200], &["1", "2"], None),
        (&[401, 401], &["1", "2"], Some(401)),
        (&[401, 403], &["1", "2"], Some(403)),
        (&[403], &["1"], Some(403)),
    ] {
        let provider = Renewing::default();
        let (sent, status) = sent(&provider, statuses).await;
        assert_eq!(sent, tokens);
        assert_eq!(status, error);
        let rejected = provider.rejected.lock().unwrap();
        let expected = statuses.iter().filter(|status| **status == 401).count();
        assert_eq!(rejected.len(), expected);
        if let Some(headers) = rejected.first() {
            assert_eq!(headers[AUTHORIZATION], "Bearer SECRET-1");
            assert!(!headers.contains_key(DATE));
        }
    }
}

#[tokio::test]
async fn without_another_token_the_call_fails_at_once() {
    let provider = Renewing {
        has_no_other: true,
        ..Renewing::default()
    };
    let (sent, status) = sent(&provider, &[401]).await;
    assert_eq!(sent, ["1"]);
    assert_eq!(status, Some(401));
}

#[tokio::test]
async fn a_call_of_any_verb_is_sent_again() {
    let mock = MockTransport::new().respond(401, "{}").respond(200, "{}");
    let builder = Spanner::builder()
        .transport(mock.clone())
        .subject("ada@example.com")
        .credentials(Renewing::default());
    let spanner = builder.build().await.unwrap();
    let operations = spanner.projects().instances().operations();
    operations.cancel(OPERATION).send().await.unwrap();
    let requests = mock.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].method(), "POST");
    assert_eq!(requests[0].uri(), requests[1].uri());
    assert_eq!(requests[0].body(), requests[1].body());
}
