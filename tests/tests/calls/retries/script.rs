//! A transport that follows a script and records the times of requests.

use gapi::gapi_runtime::{
    Backoff, BoxFuture, Bytes, ClientBuilder, RetryPolicy, Service, Transport, TransportError, http,
};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

/// The outcome of a request.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Response(http::Response<Bytes>),
    /// A response after a delay.
    Late(Duration, http::Response<Bytes>),
    /// The connection fails.
    Connect,
    /// The connection fails after a delay.
    LateConnect(Duration),
    /// The connection breaks.
    Broken,
    /// The transport times out.
    Timeout,
    /// The request cannot be written.
    Permanent,
    /// No response ever.
    Silence,
}

/// The script. Its last step is repeated. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Script(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    steps: VecDeque<Step>,
    start: Instant,
    /// The requests with their times.
    requests: Vec<(Duration, http::Request<Bytes>)>,
}

impl Script {
    pub(super) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self(Arc::new(Mutex::new(State {
            steps: steps.into_iter().collect(),
            start: Instant::now(),
            requests: Vec::new(),
        })))
    }

    /// Returns a client with exact delays and without a throttle.
    pub(super) async fn client<S: Service>(&self) -> S {
        self.client_with(exact()).await
    }

    pub(super) async fn client_with<S: Service>(&self, policy: RetryPolicy) -> S {
        self.builder(policy).build().await.unwrap()
    }

    pub(super) fn builder<S: Service>(&self, policy: RetryPolicy) -> ClientBuilder<S> {
        ClientBuilder::new()
            .bearer_token("TOKEN")
            .transport(self.clone())
            .retry(policy)
    }

    pub(super) fn count(&self) -> usize {
        self.0.lock().unwrap().requests.len()
    }

    /// Returns the times of requests, in milliseconds since the start.
    pub(super) fn times(&self) -> Vec<u128> {
        let state = self.0.lock().unwrap();
        let times = state.requests.iter().map(|(at, _)| at.as_millis());
        times.collect()
    }

    pub(super) fn requests(&self) -> Vec<http::Request<Bytes>> {
        let state = self.0.lock().unwrap();
        let requests = state.requests.iter().map(|(_, request)| request.clone());
        requests.collect()
    }
}

impl Transport for Script {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let mut state = self.0.lock().unwrap();
        let at = state.start.elapsed();
        state.requests.push((at, request));
        let step = if state.steps.len() > 1 {
            state.steps.pop_front()
        } else {
            state.steps.front().cloned()
        };
        Box::pin(async move {
            match step.expect("a script has steps") {
                Step::Response(response) => Ok(response),
                Step::Late(delay, response) => {
                    tokio::time::sleep(delay).await;
                    Ok(response)
                }
                Step::Connect => Err(TransportError::connect("refused")),
                Step::LateConnect(delay) => {
                    tokio::time::sleep(delay).await;
                    Err(TransportError::connect("late"))
                }
                Step::Broken => Err(TransportError::other("broken")),
                Step::Timeout => Err(TransportError::timeout("late")),
                Step::Permanent => Err(TransportError::permanent("no URL")),
                Step::Silence => std::future::pending().await,
            }
        })
    }
}

/// Returns the default policy without jitter.
pub(super) fn exact() -> RetryPolicy {
    RetryPolicy::new()
        .backoff(Backoff::new().without_jitter())
        .without_throttle()
}

pub(super) fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Step {
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    Step::Response(response.body(body.to_owned().into()).unwrap())
}

pub(super) fn status(status: u16) -> Step {
    response(status, &[], "")
}

pub(super) fn ok() -> Step {
    response(200, &[], "{}")
}

/// Returns a number of seconds.
pub(super) fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}
