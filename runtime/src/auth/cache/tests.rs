mod rejected;

use super::*;
use crate::auth::token::TokenRequest;
use crate::transport::{MockTransport, Transport};
use std::sync::atomic::{AtomicUsize, Ordering};

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The result of a request: the lifetime of a token, or an error that may pass or not.
#[derive(Clone, Copy)]
enum Step {
    Token(Duration),
    Transient,
    /// An error of a server that states when to retry.
    Later(Duration),
    Permanent,
    Panic,
}

/// A flow with a script. Tokens are numbered. The last step is repeated.
struct Script {
    steps: Vec<Step>,
    delay: Duration,
    requests: AtomicUsize,
    has_own_scopes: bool,
    skew: Mutex<Option<i64>>,
}

impl Script {
    fn new(steps: &[Step]) -> Self {
        Self {
            steps: steps.to_vec(),
            delay: Duration::from_millis(100),
            requests: AtomicUsize::new(0),
            has_own_scopes: false,
            skew: Mutex::new(None),
        }
    }

    fn slow(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }
}

impl TokenSource for Script {
    fn token<'a>(
        &'a self,
        request: &'a TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<Token, CredentialsError>> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let step = self.steps[number.min(self.steps.len() - 1)];
        let of = [request.scopes, request.subject.as_slice()]
            .concat()
            .join("+");
        Box::pin(async move {
            tokio::time::sleep(self.delay).await;
            match step {
                Step::Token(lifetime) => {
                    Token::bearer(&format!("{}{of}", number + 1), Some(lifetime))
                }
                Step::Transient => Err(CredentialsError::transient("busy")),
                Step::Later(delay) => Err(CredentialsError::transient("busy").after(Some(delay))),
                Step::Permanent => Err(CredentialsError::permanent("revoked")),
                Step::Panic => panic!("a provider panics"),
            }
        })
    }

    fn has_own_scopes(&self, _: &TokenRequest<'_>) -> bool {
        self.has_own_scopes
    }

    fn note_skew(&self, seconds: i64) -> bool {
        lock(&self.skew).replace(seconds).is_none()
    }

    fn server(&self) -> Option<String> {
        Some("token.example".to_owned())
    }
}

fn requests(cached: &Cached<Script>) -> usize {
    cached.source().requests.load(Ordering::Relaxed)
}

/// Asks for headers as a client does that waits for this time at most.
async fn ask_for(
    cached: &Cached<Script>,
    scopes: &[&str],
    subject: Option<&str>,
    wait: Option<Duration>,
) -> Result<String, CredentialsError> {
    ask_within(cached, scopes, subject, wait, seconds(10)).await
}

/// The same with another time for the request.
async fn ask_within(
    cached: &Cached<Script>,
    scopes: &[&str],
    subject: Option<&str>,
    wait: Option<Duration>,
    token_timeout: Duration,
) -> Result<String, CredentialsError> {
    let transport: Arc<dyn Transport> = Arc::new(MockTransport::new());
    let context = CredentialsContext {
        transport: &transport,
        scopes,
        accepted: &[],
        has_named_scopes: true,
        subject,
        universe_domain: "googleapis.com",
        is_for_others: false,
        token_timeout,
        deadline: wait.map(|wait| Instant::now() + wait),
        waits: None,
    };
    let headers = cached.headers(&context).await?;
    let value = headers[AUTHORIZATION].to_str().unwrap();
    Ok(value.trim_start_matches("Bearer ").to_owned())
}

async fn ask(cached: &Cached<Script>) -> Result<String, CredentialsError> {
    ask_for(cached, &[], None, None).await
}

#[tokio::test(start_paused = true)]
async fn one_request_serves_many_callers() {
    let cached = Arc::new(Cached::new(Script::new(&[Step::Token(seconds(3600))])));
    let callers: Vec<_> = (0..100)
        .map(|_| {
            let cached = Arc::clone(&cached);
            tokio::spawn(async move { ask(&cached).await })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap(), "1");
    }
    assert_eq!(requests(&cached), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_refreshed_early_and_nobody_waits() {
    let steps = [
        Step::Token(seconds(1000)),
        Step::Transient,
        Step::Token(seconds(1000)),
    ];
    let cached = Cached::new(Script::new(&steps).slow(seconds(3)));
    assert_eq!(ask(&cached).await.unwrap(), "1");
    tokio::time::sleep(seconds(700)).await;
    assert_eq!(ask(&cached).await.unwrap(), "1");
    assert_eq!(requests(&cached), 1);
    tokio::time::sleep(seconds(100)).await;
    let start = Instant::now();
    for _ in 0..10 {
        assert_eq!(ask(&cached).await.unwrap(), "1");
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    // The first attempt fails and is retried.
    tokio::time::sleep(seconds(8)).await;
    assert_eq!(requests(&cached), 3);
    assert_eq!(ask(&cached).await.unwrap(), "3");
}

#[tokio::test(start_paused = true)]
async fn an_early_refresh_that_fails_is_repeated_after_its_back_off() {
    let steps = [Step::Token(seconds(600)), Step::Permanent];
    let cached = Cached::new(Script::new(&steps));
    ask(&cached).await.unwrap();
    tokio::time::sleep(seconds(400)).await;
    for expected in [1, 2, 2, 3, 3] {
        assert_eq!(ask(&cached).await.unwrap(), "1");
        tokio::time::sleep(Duration::from_millis(700)).await;
        assert!(requests(&cached).abs_diff(expected) <= 1, "{expected}");
    }
    // The last seconds of a token are not used.
    tokio::time::sleep(seconds(190)).await;
    let error = ask(&cached).await.unwrap_err();
    assert_eq!(error.to_string(), "no credentials: revoked");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_always_short_lived_is_not_requested_for_each_call() {
    let cached = Cached::new(Script::new(&[Step::Token(seconds(200))]));
    for _ in 0..100 {
        ask(&cached).await.unwrap();
        tokio::time::sleep(seconds(1)).await;
    }
    assert!(
        (10..13).contains(&requests(&cached)),
        "{}",
        requests(&cached)
    );
}

#[tokio::test(start_paused = true)]
async fn a_request_is_retried_until_its_deadline() {
    let steps = [Step::Transient, Step::Transient, Step::Token(seconds(3600))];
    let cached = Cached::new(Script::new(&steps));
    assert_eq!(ask(&cached).await.unwrap(), "3");

    let cached = Cached::new(Script::new(&[Step::Transient]));
    let start = Instant::now();
    let error = ask(&cached).await.unwrap_err();
    assert_eq!(error.to_string(), "no credentials for now: busy");
    assert!(start.elapsed() > seconds(5) && start.elapsed() <= seconds(10));

    let cached = Cached::new(Script::new(&[Step::Transient]).slow(seconds(1_000_000)));
    let start = Instant::now();
    let error = ask(&cached).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "no credentials for now: no token within 10 s (token server token.example); \
         help: check the network, the proxy and the address of the token server"
    );
    assert_eq!(start.elapsed(), seconds(10));
}

#[tokio::test(start_paused = true)]
async fn a_request_may_have_all_the_time_there_is() {
    let cached = Cached::new(Script::new(&[Step::Transient, Step::Token(seconds(3600))]));
    let token = ask_within(&cached, &[], None, None, Duration::MAX).await;
    assert_eq!(token.unwrap(), "2");
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_panics_is_not_asked_for_ever() {
    let cached = Cached::new(Script::new(&[Step::Panic]));
    let error = ask(&cached).await.unwrap_err();
    assert!(error.is_transient());
    assert!(
        error.to_string().contains("ended without a result"),
        "{error}"
    );
    assert_eq!(requests(&cached), 3);
    // It may succeed at the next attempt.
    let cached = Cached::new(Script::new(&[Step::Panic, Step::Token(seconds(3600))]));
    assert_eq!(ask(&cached).await.unwrap(), "2");
}

#[tokio::test(start_paused = true)]
async fn a_caller_with_less_time_does_not_end_the_request() {
    let cached = Cached::new(Script::new(&[Step::Token(seconds(3600))]).slow(seconds(6)));
    let start = Instant::now();
    let error = ask_for(&cached, &[], None, Some(seconds(4)))
        .await
        .unwrap_err();
    assert!(error.is_transient());
    assert!(error.to_string().contains("no token within 4 s"), "{error}");
    assert!(start.elapsed() < seconds(4));
    assert_eq!(ask(&cached).await.unwrap(), "1");
    assert_eq!(start.elapsed(), seconds(6));
    // A failure that is retried says more than the time.
    let cached = Cached::new(Script::new(&[Step::Transient]));
    let error = ask_for(&cached, &[], None, Some(seconds(4)))
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "no credentials for now: busy");
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_not_kept_longer_than_its_back_off() {
    let cached = Cached::new(Script::new(&[
        Step::Permanent,
        Step::Permanent,
        Step::Token(seconds(60)),
    ]));
    for expected in [1, 1, 1] {
        ask(&cached).await.unwrap_err();
        assert_eq!(requests(&cached), expected);
    }
    tokio::time::sleep(seconds(1)).await;
    ask(&cached).await.unwrap_err();
    assert_eq!(requests(&cached), 2);
    tokio::time::sleep(seconds(1)).await;
    ask(&cached).await.unwrap_err();
    assert_eq!(requests(&cached), 2);
    tokio::time::sleep(seconds(1)).await;
    assert_eq!(ask(&cached).await.unwrap(), "3");
}

#[tokio::test(start_paused = true)]
async fn each_set_of_scopes_and_each_subject_has_a_token() {
    let token = [Step::Token(seconds(3600))];
    let cached = Cached::new(Script::new(&token));
    for _ in 0..2 {
        for (scopes, subject, expected) in [
            (&["a"][..], None, "1a"),
            (&["a", "b"], None, "2a+b"),
            (&["a"], Some("u"), "3a+u"),
        ] {
            let token = ask_for(&cached, scopes, subject, None).await;
            assert_eq!(token.unwrap(), expected);
        }
    }
    let cached = Cached::new(Script {
        has_own_scopes: true,
        ..Script::new(&token)
    });
    for scopes in [&["a"][..], &["b"]] {
        assert_eq!(ask_for(&cached, scopes, None, None).await.unwrap(), "1a");
    }
}

#[tokio::test(start_paused = true)]
async fn tokens_that_have_expired_are_dropped() {
    let cached = Cached::new(Script::new(&[Step::Token(seconds(60))]));
    for number in 0..1_000 {
        let subject = number.to_string();
        ask_for(&cached, &[], Some(&subject), None).await.unwrap();
    }
    assert!(lock(&cached.entries).len() < 700);
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_is_dropped() {
    let cached = Cached::new(Script::new(&[Step::Token(seconds(3600))]));
    ask(&cached).await.unwrap();
    assert!(!cached.reject(&HeaderMap::new()));
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, "Bearer another".parse().unwrap());
    assert!(cached.reject(&headers));
    assert_eq!(ask(&cached).await.unwrap(), "1");
    headers.insert(AUTHORIZATION, "Bearer 1".parse().unwrap());
    headers.insert(
        http::header::DATE,
        "Sat, 01 Jan 2000 00:00:00 GMT".parse().unwrap(),
    );
    assert!(cached.reject(&headers));
    assert_eq!(ask(&cached).await.unwrap(), "2");
    assert!(lock(&cached.source().skew).is_some_and(|skew| skew < -800_000_000));
}

#[test]
fn a_request_whose_runtime_has_ended_is_made_again() {
    let cached =
        Cached::new(Script::new(&[Step::Token(seconds(3600))]).slow(Duration::from_millis(50)));
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().unwrap()
    };
    let error = runtime()
        .block_on(async { ask_for(&cached, &[], None, Some(Duration::from_millis(160))).await });
    assert!(error.unwrap_err().is_transient());
    assert_eq!(runtime().block_on(ask(&cached)).unwrap(), "2");
    let without_timer = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    // A token that is there needs no timer.
    assert_eq!(without_timer.block_on(ask(&cached)).unwrap(), "2");
    let cached = Cached::new(Script::new(&[Step::Token(seconds(3600))]));
    let error = without_timer.block_on(ask(&cached)).unwrap_err();
    assert!(error.to_string().contains("with time enabled"), "{error}");
}

#[test]
fn a_request_whose_runtime_does_not_run_is_made_again() {
    let token = [Step::Token(seconds(3600))];
    let cached = Cached::new(Script::new(&token).slow(Duration::from_millis(50)));
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().unwrap()
    };
    let (idle, other) = (runtime(), runtime());
    let soon = Duration::from_millis(160);
    let error = idle.block_on(async {
        let timeout = Duration::from_millis(100);
        ask_within(&cached, &[], None, Some(soon), timeout).await
    });
    assert!(error.unwrap_err().is_transient());
    assert_eq!(other.block_on(ask(&cached)).unwrap(), "2");
    // The older request ends later.
    idle.block_on(async { tokio::time::sleep(soon).await });
    assert_eq!(other.block_on(ask(&cached)).unwrap(), "2");
}
