//! Custom credentials: when a client requests a token, and what it does with the result.

use crate::credentials::{OPERATION, SECRET, call, identity, recorded};
use gapi::gapi_runtime::{
    BoxFuture, CredentialsContext, CredentialsError, CredentialsProvider, Error, ErrorKind,
    http::HeaderMap,
};
use gapi::spanner_v1::Spanner;
use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A provider that counts its requests and returns a new token each time.
#[derive(Clone, Default)]
pub(super) struct Own {
    asked: Arc<AtomicU32>,
    asked_for_universe: Arc<AtomicU32>,
    universe: Option<&'static str>,
    /// The universe that is known from the second question on.
    learns: Option<&'static str>,
    /// The message of the error to return instead of a token, and whether it is transient.
    failure: Option<(&'static str, bool)>,
}

impl Own {
    fn failing(reason: &'static str, is_transient: bool) -> Self {
        Self {
            failure: Some((reason, is_transient)),
            ..Self::default()
        }
    }

    fn of_universe(universe: &'static str) -> Self {
        Self {
            universe: Some(universe),
            ..Self::default()
        }
    }
}

impl CredentialsProvider for Own {
    fn headers<'a>(
        &'a self,
        _: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        Box::pin(async move {
            // A real provider waits for the network.
            tokio::task::yield_now().await;
            match self.failure {
                Some((reason, true)) => return Err(CredentialsError::transient(reason)),
                Some((reason, false)) => return Err(CredentialsError::permanent(reason)),
                None => {}
            }
            let mut headers = HeaderMap::new();
            let token = format!("Own SECRET-{number}").parse().unwrap();
            headers.insert("authorization", token);
            headers.insert("x-goog-user-project", "own-payer".parse().unwrap());
            Ok(headers)
        })
    }

    fn universe_domain<'a>(
        &'a self,
        _: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Option<String>> {
        let count = self.asked_for_universe.fetch_add(1, Ordering::Relaxed);
        let learned = self.learns.filter(|_| count > 0);
        Box::pin(async move { self.universe.or(learned).map(str::to_owned) })
    }
}

#[tokio::test]
async fn each_request_asks_anew() {
    let own = Own::default();
    let builder = Spanner::builder().credentials(own.clone());
    let (spanner, mock) = recorded(builder).await.unwrap();
    assert_eq!(own.asked.load(Ordering::Relaxed), 0);
    for _ in 0..2 {
        call(&spanner).await.unwrap();
    }
    let mut batch = spanner.batch();
    let operations = spanner.projects().instances().operations();
    for _ in 0..2 {
        let _ = batch.add(operations.get(OPERATION));
    }
    // The response is not valid for a batch.
    batch.send().await.unwrap_err();
    let requests = mock.requests();
    let tokens: Vec<_> = requests
        .iter()
        .map(|request| identity(request)[0].1.clone())
        .collect();
    assert_eq!(tokens, ["Own SECRET-1", "Own SECRET-2", "Own SECRET-3"]);
    let batch = String::from_utf8_lossy(requests[2].body());
    assert!(!batch.contains(SECRET), "{batch}");
    assert_eq!(own.asked_for_universe.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_rejected_call_requests_no_token() {
    let own = Own::default();
    let builder = Spanner::builder().credentials(own.clone());
    let (spanner, _) = recorded(builder).await.unwrap();
    let operations = spanner.projects().instances().operations();
    let error = operations.get("o").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(own.asked.load(Ordering::Relaxed), 0);
}

fn credentials_error(error: &Error) -> &CredentialsError {
    let source = error.source().unwrap();
    source.downcast_ref().unwrap()
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    for (is_transient, text) in [
        (
            true,
            "spanner.projects.instances.operations.get: no credentials for now: the vault is sealed",
        ),
        (
            false,
            "spanner.projects.instances.operations.get: no credentials: the vault is sealed",
        ),
    ] {
        let own = Own::failing("the vault is sealed", is_transient);
        let (spanner, mock) = recorded(Spanner::builder().credentials(own)).await.unwrap();
        let error = call(&spanner).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert_eq!(super::without_attempts(&error), text);
        assert_eq!(format!("{error:?}"), format!("{error} [Credentials]"));
        let source = credentials_error(&error);
        assert_eq!(source.is_transient(), is_transient);
        assert_eq!(source.get_ref().to_string(), "the vault is sealed");
        assert!(error.http_status().is_none());
        assert!(mock.requests().is_empty());
    }
}

#[tokio::test]
async fn credentials_of_another_universe_are_not_sent() {
    for (theirs, ours) in [
        ("universe.example", None),
        ("googleapis.com", Some("universe.example")),
    ] {
        let own = Own::of_universe(theirs);
        let mut builder = Spanner::builder().credentials(own);
        if let Some(ours) = ours {
            builder = builder.universe_domain(ours);
        }
        let (spanner, mock) = recorded(builder).await.unwrap();
        for _ in 0..2 {
            let error = call(&spanner).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Credentials);
            let ours = ours.unwrap_or("googleapis.com");
            let text =
                format!("are of the universe {theirs}, and the client is of the universe {ours}");
            assert!(error.to_string().contains(&text), "{error}");
            assert!(!credentials_error(&error).is_transient());
        }
        assert!(mock.requests().is_empty());
    }
    let own = Own::of_universe("universe.example");
    let builder = Spanner::builder().universe_domain("universe.example");
    let (spanner, mock) = recorded(builder.credentials(own)).await.unwrap();
    call(&spanner).await.unwrap();
    let host = mock.requests()[0].uri().host().map(str::to_owned);
    assert_eq!(host.as_deref(), Some("spanner.universe.example"));
}

/// A metadata server may not respond to the first question.
#[tokio::test(start_paused = true)]
async fn a_universe_that_is_unknown_at_first_is_checked_later() {
    let own = Own {
        learns: Some("universe.example"),
        ..Own::default()
    };
    let builder = Spanner::builder().credentials(own.clone());
    let (spanner, mock) = recorded(builder).await.unwrap();
    for _ in 0..3 {
        call(&spanner).await.unwrap();
    }
    assert_eq!(own.asked_for_universe.load(Ordering::Relaxed), 1);
    tokio::time::sleep(std::time::Duration::from_secs(10)).await;
    let error = call(&spanner).await.unwrap_err();
    assert!(error.to_string().contains("universe.example"), "{error}");
    assert_eq!(mock.requests().len(), 3);
}
