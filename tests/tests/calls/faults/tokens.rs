//! Tokens that expire during a call.

use super::calls::{builder, kept, opened, shows_no_secrets};
use super::clock::{Clock, Clocked};
use super::kinds::{SUCCESS, json, response};
use super::media::media_upload_and_download_v1::MediaUploadAndDownload;
use super::server::Server;
use futures_util::TryStreamExt as _;
use gapi::gapi_runtime::http::header::AUTHORIZATION;
use gapi::gapi_runtime::http::{HeaderMap, HeaderValue, StatusCode};
use gapi::gapi_runtime::{
    BoxFuture, CredentialsContext, CredentialsError, CredentialsProvider, ErrorKind, Media,
    RetryPolicy,
};
use gapi::spanner_v1::Spanner;
use std::sync::atomic::{AtomicUsize, Ordering};

const INSTANCE: &str = "projects/p/instances/i";

/// A provider of tokens that are valid for one request. Tokens are numbered.
#[derive(Default)]
struct ShortLived(AtomicUsize);

impl CredentialsProvider for ShortLived {
    fn headers<'a>(
        &'a self,
        _: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let value = HeaderValue::try_from(format!("Bearer SECRET-{number}")).unwrap();
        Box::pin(async { Ok(HeaderMap::from_iter([(AUTHORIZATION, value)])) })
    }
}

fn tokens(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let tokens = requests.iter().map(|request| {
        let token = request.header("authorization");
        token.trim_start_matches("Bearer SECRET-").to_owned()
    });
    tokens.collect()
}

fn expired() -> Vec<super::server::Act> {
    let json = "content-type: application/json";
    response("401 Unauthorized", &[json], r#"{"error":{"code":401}}"#)
}

#[tokio::test(start_paused = true)]
async fn each_attempt_has_the_token_of_its_time() {
    let clock = Clock::new();
    let unavailable = response("503 Service Unavailable", &[], "");
    let server = Server::start(&clock, |_| {
        vec![unavailable.clone(), unavailable, json(SUCCESS)]
    });
    let client = builder::<Spanner>(&Clocked::new(&clock), &server.url());
    let spanner = client.credentials(ShortLived::default()).build().await;
    let operations = spanner.unwrap().projects().instances().operations();
    let get = operations.get(format!("{INSTANCE}/operations/o"));
    get.send().await.unwrap();
    assert_eq!(tokens(&server), ["1", "2", "3"]);
}

#[tokio::test(start_paused = true)]
async fn pages_end_with_a_401_unless_the_policy_retries_it() {
    for (policy, expected) in [
        (RetryPolicy::new(), vec!["1", "2"]),
        (
            RetryPolicy::new().also(StatusCode::UNAUTHORIZED),
            vec!["1", "2", "3", "4"],
        ),
    ] {
        let clock = Clock::new();
        let first = json(r#"{"nextPageToken":"2"}"#);
        let second = json(r#"{"nextPageToken":"3"}"#);
        let server = Server::start(&clock, |_| vec![first, expired(), second, json(SUCCESS)]);
        let client = builder::<Spanner>(&Clocked::new(&clock), &server.url());
        let client = client.credentials(ShortLived::default());
        let spanner = client.retry(policy.without_throttle()).build().await;
        let operations = spanner.unwrap().projects().instances().operations();
        let list = operations.list(format!("{INSTANCE}/operations"));
        let mut pages = list.clone().pages();
        let first = pages.try_next().await.unwrap().unwrap();
        let rest = pages.try_collect::<Vec<_>>().await;
        assert_eq!(tokens(&server), expected);
        match rest {
            Ok(rest) => assert_eq!(rest.len(), 2),
            Err(error) => {
                assert_eq!(error.http_status(), Some(StatusCode::UNAUTHORIZED));
                shows_no_secrets(&error);
                // The caller can request the page again.
                let again = list.next_page(&first).unwrap();
                again.pages().try_collect::<Vec<_>>().await.unwrap();
                assert_eq!(tokens(&server), ["1", "2", "3", "4"]);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_upload_goes_on_after_a_401_with_another_token() {
    let clock = Clock::new();
    let server = Server::start(&clock, |url| {
        vec![opened(url), kept(), expired(), kept(), json(SUCCESS)]
    });
    let client = builder::<MediaUploadAndDownload>(&Clocked::new(&clock), &server.url());
    let client = client.credentials(ShortLived::default()).build().await;
    let media = Media::new("image/png", vec![0; 300_000]);
    let insert = client.unwrap().things().insert(None).upload(media);
    let upload = insert.resumable().chunk_size(1).start();
    let mut session = upload.await.unwrap();
    let error = session.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Http);
    shows_no_secrets(&error);
    session.send().await.unwrap();
    assert_eq!(tokens(&server), ["1", "2", "3", "4", "5"]);
    let ranges = server.requests();
    let ranges: Vec<_> = ranges[1..]
        .iter()
        .map(|it| it.header("content-range"))
        .collect();
    assert_eq!(
        ranges,
        [
            "bytes 0-262143/300000",
            "bytes 262144-299999/300000",
            "bytes */300000",
            "bytes 262144-299999/300000"
        ]
    );
}
