//! The time limit for connecting, with a scripted transport.

use super::script::{Script, Step, exact, ok, response, seconds, status};
use crate::golden::media::media_upload_and_download_v1::MediaUploadAndDownload;
use gapi::gapi_runtime::http::{HeaderMap, Response, StatusCode};
use gapi::gapi_runtime::{
    BoxFuture, Bytes, CredentialsContext, CredentialsError, CredentialsProvider, Error, ErrorKind,
    Media, RetryPolicy,
};
use gapi::spanner_v1::Spanner;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;

const OPERATION: &str = "projects/p/instances/i/operations/o";

/// Sends a call. Returns its result, the times of its attempts, and the duration in milliseconds.
async fn send(
    steps: impl IntoIterator<Item = Step>,
    policy: RetryPolicy,
) -> (Result<(), Error>, Vec<u128>, u128) {
    let script = Script::new(steps);
    let spanner: Spanner = script.client_with(policy).await;
    let start = Instant::now();
    let operations = spanner.projects().instances().operations();
    let result = operations.get(OPERATION).send().await;
    (
        result.map(|_| ()),
        script.times(),
        start.elapsed().as_millis(),
    )
}

#[tokio::test(start_paused = true)]
async fn case_r8_the_default_ends_within_four_seconds() {
    let (result, times, took) = send([Step::Connect], exact()).await;
    assert_eq!((times, took), (vec![0, 1000, 3000, 3500], 3500));
    let error = result.unwrap_err();
    assert_eq!(
        error.to_string(),
        "spanner.projects.instances.operations.get: no connection to spanner.googleapis.com:443: refused \
         (4 attempts in 3.5 s); help: check the network, the firewall and the proxy"
    );
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 4));
    assert_eq!(error.host(), Some("spanner.googleapis.com:443"));
    assert_eq!(error.elapsed(), Some(Duration::from_millis(3500)));
}

#[tokio::test(start_paused = true)]
async fn case_r8_jitter_leaves_no_gap_at_the_end() {
    let policy = || RetryPolicy::new().without_throttle();
    for _ in 0..100 {
        let (result, times, took) = send([Step::Connect], policy()).await;
        assert_eq!((times.last(), took), (Some(&3500), 3500), "{times:?}");
        assert_eq!(result.unwrap_err().attempts() as usize, times.len());
    }
}

#[tokio::test(start_paused = true)]
async fn case_r8_a_limit_can_be_set() {
    let limit = |limit| exact().connect_time_limit(limit);
    for (policy, expected) in [
        (limit(Duration::from_millis(80)), &[0, 70][..]),
        (
            limit(seconds(100)),
            &[0, 1000, 3000, 7000, 15_000, 31_000, 63_000, 99_500],
        ),
        // A shorter limit for retries shortens this one.
        (exact().time_limit(seconds(2)), &[0, 1000, 2000]),
        (exact().time_limit(Duration::ZERO), &[0]),
        (limit(Duration::ZERO), &[0]),
        (RetryPolicy::never(), &[0]),
    ] {
        let (_, times, took) = send([Step::Connect], policy).await;
        assert_eq!((&*times, Some(&took)), (expected, expected.last()));
    }
}

#[tokio::test(start_paused = true)]
async fn case_r8_a_network_that_comes_back_is_used() {
    let steps = [Step::Connect, Step::Connect, Step::Connect, ok()];
    let (result, times, _) = send(steps, exact()).await;
    result.unwrap();
    assert_eq!(times, [0, 1000, 3000, 3500]);
}

#[tokio::test(start_paused = true)]
async fn case_r8_what_fails_slowly_is_not_begun_too_late() {
    for (millis, expected, took) in [
        (1000, &[0, 2000][..], 3000),
        (1500, &[0, 2500], 4000),
        (1900, &[0, 2100], 4000),
        // A transport has its own, longer timeout.
        (2500, &[0], 2500),
        (30_000, &[0], 30_000),
    ] {
        let step = Step::LateConnect(Duration::from_millis(millis));
        let (result, times, elapsed) = send([step], exact()).await;
        assert_eq!((&*times, elapsed), (expected, took));
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Connect);
    }
}

#[tokio::test(start_paused = true)]
async fn case_r8_the_time_begins_when_the_server_is_gone() {
    let mut unavailable = Response::new(Bytes::new());
    *unavailable.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let late = Step::Late(seconds(20), unavailable);
    for (first, expected) in [
        (status(503), &[0, 1000, 3000, 4500][..]),
        (Step::Broken, &[0, 1000, 3000, 4500]),
        (late, &[0, 21_000, 23_000, 24_500]),
    ] {
        let (result, times, _) = send([first, Step::Connect], exact()).await;
        assert_eq!(times, expected);
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Connect);
    }
    // The server is available again in between.
    let steps = [
        Step::Connect,
        Step::Connect,
        status(503),
        Step::Connect,
        ok(),
    ];
    let (result, times, _) = send(steps, exact()).await;
    result.unwrap();
    assert_eq!(times, [0, 1000, 3000, 7000, 10_500]);
}

#[tokio::test(start_paused = true)]
async fn case_r8_a_chunk_of_an_upload_has_the_same_time() {
    let opened = response(200, &[("location", "https://example.googleapis.com/s")], "");
    let script = Script::new([opened, Step::Connect]);
    let client: MediaUploadAndDownload = script.client_with(exact()).await;
    let media = Media::new("video/mp4", vec![0; 1000]);
    let start = Instant::now();
    let upload = client.things().insert(None).upload(media).resumable();
    let mut session = upload.start().await.unwrap();
    for _ in 0..2 {
        let error = session.send().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 4));
        assert_eq!(error.host(), Some("example.googleapis.com:443"));
    }
    assert_eq!(start.elapsed(), seconds(7));
}

/// A provider with a delay for each token.
#[derive(Clone, Default)]
struct Provider {
    asked: Arc<AtomicUsize>,
    fails: bool,
    /// The delays of the first requests, and that of all others.
    delays: (Vec<Duration>, Duration),
}

impl CredentialsProvider for Provider {
    fn headers<'a>(
        &'a self,
        _: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let (first, others) = &self.delays;
        let delay = *first.get(number).unwrap_or(others);
        Box::pin(async move {
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            if self.fails {
                Err(CredentialsError::transient("the vault is sealed"))
            } else {
                Ok(HeaderMap::new())
            }
        })
    }
}

async fn with_provider(provider: &Provider, script: &Script, policy: RetryPolicy) -> Spanner {
    let builder = script.builder(policy).credentials(provider.clone());
    builder.build().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn case_r8_credentials_have_the_same_time() {
    let ask = "spanner.projects.instances.operations.get: no credentials for now: ";
    let hangs = seconds(1_000_000);
    for (fails, others, asked, took, text) in [
        (
            true,
            Duration::ZERO,
            4,
            3500,
            "the vault is sealed (4 attempts in 3.5 s at spanner.googleapis.com:443)",
        ),
        (
            true,
            seconds(1),
            2,
            3000,
            "the vault is sealed (2 attempts in 3.0 s at spanner.googleapis.com:443)",
        ),
        (
            false,
            hangs,
            1,
            4000,
            "their provider did not respond in time (1 attempt in 4.0 s at spanner.googleapis.com:443)",
        ),
    ] {
        let provider = Provider {
            fails,
            delays: (vec![], others),
            ..Provider::default()
        };
        let script = Script::new([ok()]);
        let spanner = with_provider(&provider, &script, exact()).await;
        let start = Instant::now();
        let operations = spanner.projects().instances().operations();
        let error = operations.get(OPERATION).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert_eq!(error.to_string(), format!("{ask}{text}"));
        assert_eq!(provider.asked.load(Ordering::Relaxed), asked);
        assert_eq!(start.elapsed().as_millis(), took);
        assert_eq!(script.count(), 0);
    }
    // A slow provider is not an error.
    for (policy, delay) in [
        (exact(), 3),
        (exact().connect_time_limit(seconds(30)), 29),
        (exact().connect_time_limit(Duration::ZERO), 1000),
    ] {
        let provider = Provider {
            delays: (vec![], seconds(delay)),
            ..Provider::default()
        };
        let script = Script::new([ok()]);
        let spanner = with_provider(&provider, &script, policy).await;
        let operations = spanner.projects().instances().operations();
        operations.get(OPERATION).send().await.unwrap();
    }
}

/// The operation finishes after some minutes of outage.
#[tokio::test(start_paused = true)]
async fn case_r8_a_poller_survives_an_outage() {
    let running = response(200, &[], &format!(r#"{{"name": "{OPERATION}"}}"#));
    let done = response(
        200,
        &[],
        &format!(r#"{{"name": "{OPERATION}", "done": true, "response": {{}}}}"#),
    );
    for (failures, is_survived) in [(1, true), (10, true), (11, false)] {
        let outage = vec![Step::Connect; failures];
        let steps = [vec![running.clone()], outage, vec![done.clone()]].concat();
        let script = Script::new(steps);
        let spanner: Spanner = script.client_with(exact()).await;
        let operations = spanner.projects().instances().operations();
        let result = operations.get(OPERATION).poller().until_done().await;
        // One request for each poll.
        assert_eq!(script.count(), 1 + failures + usize::from(is_survived));
        match result {
            Ok(_) => assert!(is_survived),
            Err(error) => {
                assert!(!is_survived);
                let text = "no connection to spanner.googleapis.com:443: refused (11 attempts in 362.0 s); help: ";
                assert!(error.to_string().contains(text), "{error}");
                assert_eq!(error.operation_name(), Some(OPERATION));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn case_r8_a_poll_has_the_time_of_the_policy() {
    let running = response(200, &[], &format!(r#"{{"name": "{OPERATION}"}}"#));
    for (policy, limit) in [
        (exact(), 4),
        (exact().connect_time_limit(seconds(9)), 9),
        // The policy of the call.
        (exact().connect_time_limit(seconds(1)), 20),
    ] {
        let provider = Provider {
            delays: (vec![Duration::ZERO], seconds(1_000_000)),
            ..Provider::default()
        };
        let script = Script::new([running.clone()]);
        let spanner = with_provider(&provider, &script, policy).await;
        let mut get = spanner.projects().instances().operations().get(OPERATION);
        if limit == 20 {
            get = get.retry(exact().connect_time_limit(seconds(20)));
        }
        let start = Instant::now();
        let poller = get.poller().max_delay(seconds(1));
        let error = poller.until_done().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::Credentials, 11)
        );
        assert_eq!(start.elapsed(), seconds(11 * (1 + limit)));
    }
}
