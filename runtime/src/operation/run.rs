//! The way of an operation from the call that begins it to its end, the same for all types.

use super::any;
use super::info::{OperationInfo, OperationStyle, Target};
use super::snapshot::Snapshot;
use crate::error::{Error, ErrorKind, Result};
use crate::method::MethodInfo;
use crate::request::Request;
use crate::retry::decide::Failure;
use crate::retry::{Backoff, server_delay_of};
use crate::timer;
use crate::trace::OperationSpan;
use crate::wire::WireFormat;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout_at};

/// The maximum number of polls in a row that may fail with a transient error.
const TOLERATED_FAILURES: u32 = 10;

/// The maximum delay that a server can ask for. It also limits a date from a clock that is wrong.
const LONGEST_WISH: Duration = Duration::from_hours(1);

/// The result to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The operation itself, finished.
    Operation,
    /// The response of the operation.
    Response,
}

/// The settings for polling an operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    /// The delays between polls.
    pub(super) backoff: Backoff,
    pub(super) limit: Option<Duration>,
    pub(super) long_poll: bool,
}

/// An operation that is to be begun, or is running.
#[derive(Clone)]
pub(super) struct Run {
    /// The call that begins it, or reads it where it was begun before.
    pub(super) call: Request,
    pub(super) info: &'static OperationInfo,
    pub(super) outcome: Outcome,
    pub(super) settings: Settings,
    state: RunState,
    span: OperationSpan,
}

/// The known state of a running operation.
#[derive(Clone, Default)]
struct RunState {
    is_begun: bool,
    target: Option<Target>,
    name: Option<String>,
    deadline: Option<Instant>,
    /// The number of polls so far.
    polls: u32,
    /// The number of requests so far: the call that begins the operation, and the polls.
    sent: u32,
    /// When the first of them was sent.
    start: Option<Instant>,
    /// The failures of the polls in a row that have failed.
    failures: Failures,
}

/// Polls in a row that have failed.
#[derive(Clone, Default)]
struct Failures {
    count: u32,
    /// When the first of them began.
    since: Option<Instant>,
    first: Option<String>,
    last: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            backoff: Backoff::new().without_jitter(),
            limit: None,
            long_poll: false,
        }
    }
}

impl Run {
    pub(super) fn new(call: Request, info: &'static OperationInfo, outcome: Outcome) -> Self {
        Self {
            call,
            info,
            outcome,
            settings: Settings::default(),
            state: RunState::default(),
            span: OperationSpan::none(),
        }
    }

    /// The place of the operation, once it is known.
    pub(super) fn target(&self) -> Option<&Target> {
        self.state.target.as_ref()
    }

    /// Begins the operation, or polls it once more, after the delay.
    pub(super) async fn advance(&mut self) -> Result<Snapshot> {
        // Not in `self` meanwhile, so that it ends if the future is dropped.
        let (service, method) = (self.call.client().service(), self.call.method());
        let span = std::mem::take(&mut self.span).opened(service, method);
        let snapshot = span.around(self.step()).await;
        self.span = span;
        if snapshot.is_err() {
            self.span.ends(&snapshot, self.state.polls);
        }
        snapshot.map_err(|error| error.about_operation(self.state.name.as_deref()))
    }

    /// Polls until the operation is done.
    pub(super) async fn finish(mut self) -> Result<Finished> {
        loop {
            let snapshot = self.advance().await?;
            if snapshot.is_done() {
                return self.finished(snapshot);
            }
        }
    }

    /// Returns the result of a finished operation, or its error if it failed.
    pub(super) fn finished(&mut self, snapshot: Snapshot) -> Result<Finished> {
        let name = self.state.name.clone();
        let finished = match snapshot.failure() {
            Some(status) => Err(snapshot.failed(status).about_operation(name.as_deref())),
            None => Ok(Finished {
                snapshot,
                name,
                outcome: self.outcome,
                style: self.info.style,
            }),
        };
        self.span.ends(&finished, self.state.polls);
        finished
    }

    async fn step(&mut self) -> Result<Snapshot> {
        let snapshot = if self.state.is_begun {
            self.poll().await?
        } else {
            self.begin().await?
        };
        if let Some(name) = snapshot.name() {
            self.state.name = Some(name.to_owned());
        }
        if self.state.target.is_none() && !snapshot.is_done() {
            self.state.target = self.info.locate(snapshot.operation(), &self.call);
            if self.state.target.is_none() {
                let problem = if snapshot.name().is_none() {
                    "the operation is not done and has no name; a `fields` parameter has to leave it in"
                } else {
                    "the operation is not done and no method of the API reads one of its name"
                };
                return Err(snapshot.unreadable(problem));
            }
        }
        Ok(snapshot)
    }

    async fn begin(&mut self) -> Result<Snapshot> {
        let Self {
            settings,
            state,
            info,
            call,
            ..
        } = self;
        let start = Instant::now();
        state.is_begun = true;
        state.polls = 0;
        state.sent = 1;
        state.start = Some(start);
        state.deadline = settings.limit.and_then(|limit| start.checked_add(limit));
        let response = match info.read_by(call.method()) {
            Some(methods) => {
                let target = Target::of(methods, call);
                state.name = target.name().map(str::to_owned);
                state.target = Some(target);
                match within(state.deadline, call.clone().execute()).await {
                    Some(response) => response?,
                    None => return Err(self.late(self.call.method())),
                }
            }
            // Not cut short by the limit: only its response says which operation was begun.
            None => call.clone().execute().await?,
        };
        Snapshot::read(&self.call, self.info.style, response)
    }

    async fn poll(&mut self) -> Result<Snapshot> {
        if !timer::is_available() {
            let reason =
                "waiting for an operation needs a Tokio runtime with time enabled".to_owned();
            return Err(Error::invalid_argument(Some(self.call.method().id), reason));
        }
        let mut wish = Duration::ZERO;
        self.state.failures = Failures::default();
        loop {
            let Some(target) = &self.state.target else {
                let message = "the operation has ended already".to_owned();
                let method = Some(self.call.method().id);
                return Err(Error::unsent(ErrorKind::InvalidArgument, method, message));
            };
            let wait = target
                .methods
                .wait
                .as_ref()
                .filter(|_| self.settings.long_poll);
            let is_own = target.methods.get.id == self.call.method().id;
            let request = match wait {
                Some(wait) => target.call(wait, &self.call),
                None if is_own => self.call.clone().for_poll(),
                None => target.call(&target.methods.get, &self.call),
            };
            // This function decides about retries of a poll, with the delays of polls.
            let request = request.once();
            self.state.polls = self.state.polls.saturating_add(1);
            let delay = self.settings.backoff.delay(self.state.polls, 1.0);
            let now = Instant::now();
            let due = now.checked_add(delay);
            let deadline = self.state.deadline;
            let before = if wait.is_none() {
                delay.max(wish)
            } else {
                wish
            };
            let is_wait = wait.is_some();
            if !before.is_zero()
                && within(deadline, pause(now.checked_add(before)))
                    .await
                    .is_none()
            {
                return Err(self.late(request.method()));
            }
            let began = Instant::now();
            self.state.sent = self.state.sent.saturating_add(1);
            let Some(result) = within(deadline, request.clone().execute()).await else {
                return Err(self.late(request.method()));
            };
            let snapshot =
                result.and_then(|response| Snapshot::read(&request, self.info.style, response));
            if is_wait
                && !snapshot.as_ref().is_ok_and(Snapshot::is_done)
                // A server that responds at once is not polled more often.
                && within(deadline, pause(due)).await.is_none()
            {
                return Err(self.late(request.method()));
            }
            let failures = &mut self.state.failures;
            match snapshot {
                Err(error) if passes(&error) && failures.count < TOLERATED_FAILURES => {
                    failures.count += 1;
                    failures.since.get_or_insert(began);
                    failures.first.get_or_insert_with(|| error.cause());
                    failures.last = Some(error.cause());
                    wish = server_delay_of(&error).min(LONGEST_WISH);
                }
                Err(error) if failures.count > 0 => {
                    let since = failures.since.unwrap_or(began);
                    let first = failures.first.clone();
                    return Err(error.repeated(failures.count + 1, since.elapsed(), first));
                }
                snapshot => return snapshot,
            }
        }
    }

    /// Creates the error for an operation that is still running at the end of the time limit.
    fn late(&self, method: &'static MethodInfo) -> Error {
        let mut message =
            "the operation is still in progress at the end of the time limit".to_owned();
        if let Some(last) = &self.state.failures.last {
            message = format!("{message}; the last poll failed: {last}");
        }
        let start = self.state.start.unwrap_or_else(Instant::now);
        let first = self.state.failures.first.clone();
        Error::unsent(ErrorKind::Timeout, Some(method.id), message)
            .after_requests(self.state.sent, start.elapsed(), first)
            .completed(|| self.call.client().host(), start.elapsed())
            .with_advice(Some("wait for it by its name, `Error::operation_name`"))
    }
}

async fn pause(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until).await,
        // Beyond the end of time.
        None => std::future::pending().await,
    }
}

/// Returns the output of some work, or `None` at the deadline.
async fn within<T>(deadline: Option<Instant>, work: impl Future<Output = T>) -> Option<T> {
    match deadline {
        None => Some(work.await),
        Some(deadline) => timeout_at(deadline, work).await.ok(),
    }
}

/// Returns `true` if a poll that failed with this error can be retried. Reading an operation changes nothing.
fn passes(error: &Error) -> bool {
    match Failure::of_call(error) {
        Failure::NotSent
        | Failure::Connection
        | Failure::Timeout
        | Failure::Unavailable
        | Failure::RateLimited => true,
        Failure::Status(status, _) => matches!(status.as_u16(), 408 | 429 | 500 | 502 | 504),
        Failure::Denied | Failure::Permanent => false,
    }
}

/// An operation that succeeded.
pub(super) struct Finished {
    snapshot: Snapshot,
    name: Option<String>,
    outcome: Outcome,
    style: OperationStyle,
}

impl Finished {
    /// The result, typed.
    pub(super) fn decode<R: WireFormat>(self) -> Result<R> {
        let Self { snapshot, .. } = &self;
        let budget = snapshot.budget();
        let decoded = match (self.outcome, self.style) {
            (Outcome::Response, OperationStyle::Aip151) => match snapshot.member_text("response") {
                Some(response) => any::unpack(response, budget)
                    .map_err(|problem| format!("the operation's response {problem}")),
                // A message without fields says nothing whether it is there or not.
                None if R::MESSAGE.is_some_and(|message| message.wire.is_empty()) => {
                    any::unpack("{}", budget)
                }
                None => {
                    Err("the operation is done and has neither a response nor an error".to_owned())
                }
            },
            _ => any::unpack(snapshot.text(), budget)
                .map_err(|problem| format!("the operation {problem}")),
        };
        decoded.map_err(|problem| {
            let error = self.snapshot.unreadable(problem);
            error.about_operation(self.name.as_deref())
        })
    }
}
