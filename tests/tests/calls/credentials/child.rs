//! Clients in a separate process, because credentials depend on the environment.

use crate::credentials::{Recorder, SECRET, call, identity, recorded};
use gapi::gapi_runtime::auth::{ApplicationDefault, Impersonated};
use gapi::gapi_runtime::google_cloud_auth::credentials::{Credentials, service_account};
use gapi::gapi_runtime::{ClientBuilder, CredentialsError, Error, RetryPolicy};
use gapi::spanner_v1::Spanner;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::error::Error as _;
use std::path::Path;
use std::process::Command;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

const SETTINGS: &str = "GAPI_TEST_SETTINGS";
const MARK: &str = "REPORT ";

/// The environment of a child process and the settings of its builder.
#[derive(Default)]
pub(super) struct Child {
    environment: BTreeMap<&'static str, String>,
    settings: Vec<&'static str>,
    may_panic: bool,
}

impl Child {
    /// Creates a child with these settings, in this order. See [`configured`] and [`child`].
    pub(super) fn new(settings: &[&'static str]) -> Self {
        Self {
            settings: settings.to_vec(),
            ..Self::default()
        }
    }

    pub(super) fn with(mut self, variable: &'static str, value: impl Into<String>) -> Self {
        self.environment.insert(variable, value.into());
        self
    }

    /// Sets the file of Application Default Credentials.
    pub(super) fn with_file(self, path: &Path) -> Self {
        self.with(
            "GOOGLE_APPLICATION_CREDENTIALS",
            path.to_str().expect("the path is text"),
        )
    }

    /// Accepts a panic of a background task.
    pub(super) fn may_panic(mut self) -> Self {
        self.may_panic = true;
        self
    }

    /// Runs the child and returns its report. Fails if its output contains a secret.
    pub(super) async fn run(self) -> Value {
        let report = tokio::task::spawn_blocking(move || self.output());
        report.await.unwrap()
    }

    fn output(self) -> Value {
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([
                "credentials::child::child",
                "--exact",
                "--ignored",
                "--nocapture",
            ])
            .env(SETTINGS, self.settings.join(","))
            .env("HOME", home.path())
            .env("APPDATA", home.path());
        for variable in [
            "GOOGLE_APPLICATION_CREDENTIALS",
            "GOOGLE_CLOUD_QUOTA_PROJECT",
            "GOOGLE_CLOUD_UNIVERSE_DOMAIN",
            "GOOGLE_API_USE_MTLS_ENDPOINT",
            "GCE_METADATA_HOST",
            "CLOUDSDK_CONFIG",
        ] {
            command.env_remove(variable);
        }
        let output = command.envs(self.environment).output().unwrap();
        let (out, err) = (
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        );
        assert!(output.status.success(), "{out}{err}");
        assert!(self.may_panic || !err.contains("panicked"), "{err}");
        let line = out.lines().find_map(|line| line.split_once(MARK));
        let report: Value = serde_json::from_str(line.expect("a report").1).unwrap();
        let mut texts = report.clone();
        // Tokens may appear only here.
        texts.as_object_mut().unwrap().remove("sent");
        for text in [&texts.to_string(), &err] {
            assert!(!text.contains(SECRET), "{text}");
        }
        report
    }
}

fn configured(settings: &str) -> ClientBuilder<Spanner> {
    let mut builder = Spanner::builder().retry(RetryPolicy::never());
    if settings.contains("retry") {
        builder = builder.retry(RetryPolicy::new().max_attempts(2).without_throttle());
    }
    for setting in settings.split(',') {
        builder = match setting.split_once('=').unwrap_or((setting, "")) {
            ("default", _) => builder.application_default_credentials(),
            ("impersonated", _) => {
                let own = ApplicationDefault::new();
                builder.credentials(Impersonated::new(own, "robot@p.iam.gserviceaccount.com"))
            }
            ("anonymous", _) => builder.anonymous(),
            ("token", token) => builder.bearer_token(token),
            ("key", key) => builder.api_key(key),
            ("payer", project) => builder.quota_project(project),
            ("scope", scope) => builder.scopes([scope]),
            ("universe", domain) => builder.universe_domain(domain),
            ("endpoint", url) => builder.endpoint(url),
            ("seconds", number) => {
                builder.token_timeout(Duration::from_secs(number.parse().unwrap()))
            }
            ("timeout", seconds) => {
                builder.timeout(Duration::from_secs_f64(seconds.parse().unwrap()))
            }
            ("mtls", is_wanted) => builder.mtls(is_wanted == "true"),
            _ => builder,
        };
    }
    builder
}

fn described(error: &Error) -> Value {
    let mut chain = Vec::new();
    let mut cause = error.source();
    let credentials = cause.and_then(|cause| cause.downcast_ref::<CredentialsError>());
    while let Some(inner) = cause {
        chain.push(format!("{inner} {inner:?}"));
        cause = inner.source();
    }
    json!({
        "kind": format!("{:?}", error.kind()),
        "text": super::without_attempts(error),
        "debug": format!("{error:?}"),
        "chain": chain,
        "is_transient": credentials.map(CredentialsError::is_transient),
    })
}

/// A function that sets up a builder. Its arguments are the text and the path of the credentials file.
type Configure = fn(ClientBuilder<Spanner>, String, String) -> ClientBuilder<Spanner>;

fn made(key: &str) -> Credentials {
    let key = serde_json::from_str(key).unwrap();
    service_account::Builder::new(key).build().unwrap()
}

/// Builds `number` clients in parallel, in all these ways, and returns the number of calls that got a response.
async fn in_parallel(number: usize, ways: Vec<Configure>) -> Value {
    let path = std::env::var("GOOGLE_APPLICATION_CREDENTIALS").unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let tasks: Vec<_> = ways
        .into_iter()
        .cycle()
        .take(number)
        .map(|configure| {
            let (text, path) = (text.clone(), path.clone());
            tokio::spawn(async move {
                let builder = configure(Spanner::builder(), text, path);
                let (spanner, _) = recorded(builder).await.unwrap();
                call(&spanner).await
            })
        })
        .collect();
    let mut responses = 0;
    for task in tasks {
        task.await.unwrap().unwrap();
        responses += 1;
    }
    json!({"responses": responses})
}

/// Builds credentials whose background task runs before the builder exists.
async fn made_early() -> Value {
    let path = std::env::var("GOOGLE_APPLICATION_CREDENTIALS").unwrap();
    let credentials = made(&std::fs::read_to_string(path).unwrap());
    tokio::time::sleep(Duration::from_millis(100)).await;
    let builder = Spanner::builder().credentials(credentials);
    let (spanner, _) = recorded(builder).await.unwrap();
    json!({"error": described(&call(&spanner).await.unwrap_err())})
}

/// Measures one call, or fifty calls `together`.
async fn timed(settings: &str) -> Value {
    let builder = configured(settings);
    let spanner = builder.transport(Recorder::new()).build().await.unwrap();
    let number = if settings.contains("together") { 50 } else { 1 };
    let start = Instant::now();
    let calls = (0..number).map(|_| call(&spanner));
    let results = futures_util::future::join_all(calls).await;
    let errors = results.iter().filter_map(|result| result.as_ref().err());
    json!({
        "errors": errors.map(described).collect::<Vec<_>>(),
        "milliseconds": u64::try_from(start.elapsed().as_millis()).unwrap(),
    })
}

/// Builds the client, and sends two calls with `recorded` or `call`.
async fn report(settings: &str) -> Value {
    let builder = configured(settings);
    let debug = format!("{builder:?}");
    let built = if settings.contains("recorded") {
        recorded(builder)
            .await
            .map(|(spanner, mock)| (spanner, Some(mock)))
    } else {
        builder.build().await.map(|spanner| (spanner, None))
    };
    let (spanner, mock) = match built {
        Ok(built) => built,
        Err(error) => return json!({"builder": debug, "unbuilt": described(&error)}),
    };
    let mut errors = Vec::new();
    if settings.contains("recorded") || settings.contains("call") {
        for _ in 0..2 {
            errors.extend(call(&spanner).await.err().map(|error| described(&error)));
        }
    }
    let requests = mock.map(|mock| mock.requests());
    let requests = requests.unwrap_or_default();
    let sent = requests
        .iter()
        .map(|request| json!({"uri": request.uri().to_string(), "identity": identity(request)}));
    json!({
        "builder": debug,
        "client": format!("{spanner:?}"),
        "errors": errors,
        "sent": sent.collect::<Vec<_>>(),
    })
}

pub(super) fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

fn many_threads() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all().build().unwrap()
}

/// Runs in the child process. `runtimes` builds the client in one runtime and calls in others; `no-runtime` builds it
/// in none.
#[test]
#[ignore = "the other tests run it, in an environment of their making"]
fn child() {
    let Ok(settings) = std::env::var(SETTINGS) else {
        return;
    };
    let report = if settings.contains("parallel") {
        let user = settings.contains("user");
        many_threads().block_on(in_parallel(
            if user { 20 } else { 1_000 },
            vec![
                if user {
                    |builder, text, _| builder.authorized_user(text)
                } else {
                    |builder, text, _| builder.service_account_key(text)
                },
                |builder, _, path| builder.credentials_file(path),
                |builder, _, _| builder.application_default_credentials(),
            ],
        ))
    } else if settings.contains("own") {
        many_threads().block_on(in_parallel(
            3,
            vec![
                |builder, text, _| builder.credentials(made(&text)),
                |builder, text, _| {
                    builder.credentials_with(move || Ok::<_, CredentialsError>(made(&text)))
                },
                |builder, text, _| builder.service_account_key(text),
            ],
        ))
    } else if settings.contains("early") {
        many_threads().block_on(made_early())
    } else if settings.contains("timed") || settings.contains("together") {
        runtime().block_on(timed(&settings))
    } else if settings.contains("runtimes") {
        let built = runtime().block_on(recorded(configured(&settings)));
        let (spanner, mock) = built.unwrap();
        for _ in 0..2 {
            runtime().block_on(call(&spanner)).unwrap();
        }
        json!({"sent": mock.requests().len()})
    } else if settings.contains("no-runtime") {
        let mut future = Box::pin(report(&settings));
        match future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(report) => report,
            Poll::Pending => panic!("building waits for something"),
        }
    } else {
        runtime().block_on(report(&settings))
    };
    println!("{MARK}{report}");
}
