//! The way of an operation from the call that begins it to its end, the same for all types.

use super::any;
use super::info::{OperationInfo, OperationStyle, Target};
use super::snapshot::Snapshot;
use crate::error::{Error, ErrorKind, Result};
use crate::request::Request;
use crate::retry::{Backoff, server_delay_of};
use crate::timer;
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

/// An operation to be begun, or under way.
#[derive(Clone)]
pub(super) struct Run {
    /// The call that begins it, or reads it where it was begun before.
    pub(super) call: Request,
    pub(super) info: &'static OperationInfo,
    pub(super) outcome: Outcome,
    pub(super) settings: Settings,
    state: RunState,
}

/// The known state of an operation under way.
#[derive(Clone, Default)]
struct RunState {
    is_begun: bool,
    target: Option<Target>,
    name: Option<String>,
    deadline: Option<Instant>,
    /// The number of polls so far.
    polls: u32,
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
        }
    }

    /// The place of the operation, once it is known.
    pub(super) fn target(&self) -> Option<&Target> {
        self.state.target.as_ref()
    }

    /// Begins the operation, or polls it once more, after the delay.
    pub(super) async fn advance(&mut self) -> Result<Snapshot> {
        let snapshot = self.step().await;
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
    pub(super) fn finished(&self, snapshot: Snapshot) -> Result<Finished> {
        let name = self.state.name.clone();
        match snapshot.failure() {
            Some(status) => Err(snapshot.failed(status).about_operation(name.as_deref())),
            None => Ok(Finished {
                snapshot,
                name,
                outcome: self.outcome,
                style: self.info.style,
            }),
        }
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
        state.is_begun = true;
        state.polls = 0;
        state.deadline = settings
            .limit
            .and_then(|limit| Instant::now().checked_add(limit));
        let response = match info.read_by(call.method()) {
            Some(methods) => {
                let target = Target::of(methods, call);
                state.name = target.name().map(str::to_owned);
                state.target = Some(target);
                let deadline = state.deadline;
                within(deadline, call, call.clone().execute()).await??
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
        let (mut failures, mut wish) = (0, Duration::ZERO);
        let mut first = None;
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
                None if is_own => self.call.clone(),
                None => target.call(&target.methods.get, &self.call),
            };
            // Whether a poll is repeated is decided here, with the delays of polls.
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
            if !before.is_zero() {
                within(deadline, &request, pause(now.checked_add(before))).await?;
            }
            first.get_or_insert_with(Instant::now);
            let sent = request.clone().execute();
            let snapshot = within(deadline, &request, sent)
                .await?
                .and_then(|response| Snapshot::read(&request, self.info.style, response));
            if wait.is_some() && !snapshot.as_ref().is_ok_and(Snapshot::is_done) {
                // A server that responds at once is not polled more often.
                within(deadline, &request, pause(due)).await?;
            }
            match snapshot {
                Err(error) if passes(&error) && failures < TOLERATED_FAILURES => {
                    failures += 1;
                    wish = server_delay_of(&error).min(LONGEST_WISH);
                }
                Err(error) if failures > 0 => {
                    let elapsed = first.map_or(Duration::ZERO, |first| first.elapsed());
                    return Err(error.repeated(failures + 1, elapsed));
                }
                snapshot => return snapshot,
            }
        }
    }
}

async fn pause(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until).await,
        // Beyond the end of time.
        None => std::future::pending().await,
    }
}

async fn within<T>(
    deadline: Option<Instant>,
    request: &Request,
    work: impl Future<Output = T>,
) -> Result<T> {
    let Some(deadline) = deadline else {
        return Ok(work.await);
    };
    timeout_at(deadline, work).await.map_err(|_| {
        let message = "the operation is still in state at the end of the time limit".to_owned();
        Error::unsent(ErrorKind::Timeout, Some(request.method().id), message)
    })
}

/// Returns `true` if a poll that failed with this error can be retried. Reading an operation changes nothing.
fn passes(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport => true,
        ErrorKind::Credentials => error.is_transient(),
        ErrorKind::Http => {
            let status = error.http_status().map_or(0, |status| status.as_u16());
            matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
        }
        _ => false,
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
