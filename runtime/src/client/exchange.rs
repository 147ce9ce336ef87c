//! The loop that all requests go through.

use super::attempt::AttemptOptions;
use super::outcome::{cause_of, is_renewable, is_wanted, stating, takes};
use super::{BodyMode, Client};
use crate::credentials::Waits;
use crate::error::{Error, Result, Unretried};
use crate::method::MethodInfo;
use crate::retry::course::Course;
use crate::retry::decide::{Failure, GivenUp, Situation, next_delay};
use crate::retry::{CallOptions, Idempotency, RetryPolicy};
use crate::timer;
use crate::trace::{AttemptSpan, CallSpan, Sent};
use crate::transport::{Body, TransportError};
use crate::transport::{Connecting, Destination, Late};
use bytes::Bytes;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// A request to send.
pub(crate) struct Outgoing<'a> {
    /// Boxed, because each layer between here and the transport moves it.
    first: Box<http::Request<Body>>,
    again: Again<'a>,
}

/// The request to send from the second attempt on.
///
/// Requests are boxed, because each future of a call contains this enum.
enum Again<'a> {
    /// There is none. The body is a stream that cannot be read twice.
    Nothing,
    /// The first request.
    Copy(Box<http::Request<Bytes>>),
    /// The first request, built again. Few calls need it, so a copy in advance would cost more.
    Made(&'a Make<'a>),
    /// A request that asks the server for the state of the first one.
    Question(Box<http::Request<Bytes>>),
}

/// Makes the same request each time.
type Make<'a> = dyn Fn() -> Result<http::Request<Bytes>> + Send + Sync + 'a;

/// The limits of one call.
struct Limits<'a> {
    policy: &'a RetryPolicy,
    idempotency: Idempotency,
    timeout: Option<Duration>,
    body_mode: BodyMode,
    /// Counts the time that the credentials wait for a person, if they may do that. No limit includes it.
    waits: Option<Box<Waits>>,
}

impl Limits<'_> {
    /// Returns the time left for a call that began at `start`.
    fn left(&self, start: Instant) -> Option<Duration> {
        let timeout = self.timeout?;
        Some(timeout.saturating_sub(start.elapsed()))
    }

    /// Returns the limits on connecting. The other limits count too: where one of them ends an attempt to connect, the error
    /// says so.
    fn connecting(&self, course: &Course, can_retry: bool) -> Option<Connecting> {
        let connecting = self.policy.connecting(course.unconnected(), can_retry)?;
        let of_call = self
            .timeout
            .and_then(|timeout| course.start.checked_add(timeout));
        let of_attempt = self.policy.attempt_timeout;
        let of_attempt = of_attempt.and_then(|timeout| course.began.checked_add(timeout));
        let limits = [connecting.by, of_call, of_attempt];
        Some(Connecting {
            by: limits.into_iter().flatten().min(),
            ..connecting
        })
    }
}

impl<'a> Outgoing<'a> {
    /// One request at first, and another one instead of repeating it.
    pub(crate) fn with_question(first: http::Request<Bytes>, again: http::Request<Bytes>) -> Self {
        Self {
            first: Box::new(first.map(Body::from)),
            again: Again::Question(Box::new(again)),
        }
    }

    /// A request that is sent once, whatever becomes of it.
    pub(crate) fn once(request: http::Request<Body>) -> Self {
        Self {
            first: Box::new(request),
            again: Again::Nothing,
        }
    }

    /// A request that is made for each attempt.
    pub(crate) fn made_by(make: &'a Make<'a>) -> Result<Self> {
        Ok(Self {
            first: Box::new(make()?.map(Body::from)),
            again: Again::Made(make),
        })
    }
}

impl Again<'_> {
    fn is_there(&self) -> bool {
        !matches!(self, Self::Nothing)
    }

    fn is_question(&self) -> bool {
        matches!(self, Self::Question(_))
    }

    fn request(&self) -> Option<Result<Box<http::Request<Body>>>> {
        let request = match self {
            Self::Nothing => return None,
            Self::Copy(request) | Self::Question(request) => Ok(http::Request::clone(request)),
            Self::Made(make) => make(),
        };
        Some(request.map(|request| Box::new(request.map(Body::from))))
    }
}

/// The same request at each attempt.
impl From<http::Request<Bytes>> for Outgoing<'_> {
    fn from(request: http::Request<Bytes>) -> Self {
        Self {
            first: Box::new(request.clone().map(Body::from)),
            again: Again::Copy(Box::new(request)),
        }
    }
}

impl Client {
    /// Sends a request until there is a final response, or no reason to continue. Any HTTP status is a response.
    ///
    /// Dropping the future sends nothing more.
    pub(crate) async fn exchange(
        &self,
        body_mode: BodyMode,
        method: &'static MethodInfo,
        options: &CallOptions,
        outgoing: impl Into<Outgoing<'_>>,
    ) -> Result<http::Response<Bytes>> {
        let response = self.exchange_for(body_mode, method, options, outgoing.into());
        let (head, body) = response.await?.into_parts();
        let body = match body.into_bytes() {
            Ok(bytes) => bytes,
            // Unreachable: bodies are buffered here. Boxed to keep the future of every call small.
            Err(stream) => Box::pin(stream.collect())
                .await
                .map_err(|error| error.into_error(method, &Destination::default()))?,
        };
        Ok(http::Response::from_parts(head, body))
    }

    /// The same for every mode of reading the body. A failure of a body that is read as a stream is not retried here.
    pub(crate) async fn exchange_for(
        &self,
        body_mode: BodyMode,
        method: &'static MethodInfo,
        options: &CallOptions,
        outgoing: Outgoing<'_>,
    ) -> Result<http::Response<Body>> {
        let is_interactive = self.0.credentials.are_interactive();
        let limits = Limits {
            policy: options.policy.as_deref().unwrap_or(self.retry_policy()),
            idempotency: options.idempotency(method, outgoing.first.headers()),
            timeout: options.timeout.or(self.timeout()),
            body_mode,
            waits: is_interactive.then(Box::default),
        };
        let span = CallSpan::new(self.sent(method, &outgoing.first), &self.0.instruments);
        let mut result = span
            .around(self.attempts(method, limits, outgoing, &span))
            .await;
        if body_mode == BodyMode::Stream {
            span.end(&result);
        } else {
            span.end_before_decoding(&mut result);
        }
        result
    }

    /// Returns the facts about a request that telemetry shows.
    fn sent<'a>(
        &'a self,
        method: &'static MethodInfo,
        request: &'a http::Request<Body>,
    ) -> Sent<'a> {
        Sent {
            service: self.service(),
            method,
            root_url: self.root_url(),
            request,
        }
    }

    async fn attempts(
        &self,
        method: &'static MethodInfo,
        limits: Limits<'_>,
        outgoing: Outgoing<'_>,
        span: &CallSpan,
    ) -> Result<http::Response<Body>> {
        let policy = limits.policy;
        let can_wait = timer::is_available();
        if !can_wait && (limits.timeout.is_some() || policy.attempt_timeout.is_some()) {
            let reason = "a time limit needs a Tokio runtime with time enabled".to_owned();
            return Err(Error::invalid_argument(Some(method.id), reason));
        }
        let Outgoing { first, again } = outgoing;
        let mut request = first;
        let mut is_renewed = false;
        let mut course = Course::new();
        let end = |course: Course, destination: &Destination, result, unretried| {
            let is_message = limits.body_mode == BodyMode::Message;
            course.end(result, destination, is_message, unretried)
        };
        loop {
            let destination = Destination::of(request.uri());
            let can_retry = can_wait && again.is_there() && course.attempts < policy.max_attempts;
            let connecting = can_wait.then(|| limits.connecting(&course, can_retry));
            let connecting = connecting.flatten();
            span.begins(course.attempts);
            let result = self
                .attempt_within(method, &limits, &mut course, request, connecting)
                .await;
            // A token that a server rejects is renewed once. The server has not executed the request.
            if is_renewable(&result)
                && !std::mem::replace(&mut is_renewed, true)
                && let Some(repeated) = again.request()
            {
                span.waits(course.attempts, Duration::ZERO, &result);
                course
                    .first_cause
                    .get_or_insert_with(|| cause_of(method, &result));
                request = repeated?;
                course.begin();
                continue;
            }
            let Some((failure, server_delay)) = Failure::of(&result, SystemTime::now) else {
                self.throttle().accepted(course.began);
                return end(course, &destination, result, None);
            };
            let (result, is_wanted) = if policy.also_if.is_empty() {
                (result, false)
            } else {
                let result = stating(result, course.attempts(&destination, None));
                let is_wanted = is_wanted(policy, method, &result);
                (result, is_wanted)
            };
            let now = Instant::now();
            if failure.was_accepted(policy, is_wanted) {
                self.throttle().accepted(now);
            }
            course.fail(failure, again.is_question(), now);
            if !can_wait || !again.is_there() {
                let is_once = can_wait && policy.max_attempts > 1;
                let is_once = is_once && failure.is_transient(policy, is_wanted);
                let unretried = is_once.then_some(Unretried::MediaOnce);
                return end(course, &destination, result, unretried);
            }
            let of_id = limits.idempotency.left(course.start.elapsed());
            let situation = Situation {
                failure,
                is_wanted,
                is_idempotent: limits.idempotency != Idempotency::Never,
                attempts: course.attempts,
                elapsed: course.elapsed(now),
                unconnected: now.saturating_duration_since(course.unconnected()),
                takes: takes(&result, now.saturating_duration_since(course.began)),
                left: limits.left(course.start).into_iter().chain(of_id).min(),
                server_delay,
                jitter: fastrand::f64(),
            };
            let next = next_delay(policy, situation).and_then(|delay| {
                let is_unconnected = failure == Failure::NotSent;
                let has_budget = !policy.throttled || self.throttle().take(now, is_unconnected);
                has_budget.then_some(delay).ok_or(GivenUp::Throttle)
            });
            let delay = match next {
                Ok(delay) => delay,
                Err(given_up) => {
                    span.gives_up(given_up.as_str(), course.attempts);
                    let of_call = |_: &Duration| of_id.is_none() || situation.left < of_id;
                    let timeout = limits.timeout.filter(of_call);
                    let unretried = given_up.reason(policy, timeout, failure);
                    return end(course, &destination, result, unretried);
                }
            };
            span.waits(course.attempts, delay, &result);
            if course.first_cause.is_none() {
                course.first_cause = Some(cause_of(method, &result));
            }
            tokio::time::sleep(delay).await;
            let Some(repeated) = again.request() else {
                return end(course, &destination, result, None);
            };
            request = repeated?;
            course.begin();
        }
    }

    /// Sends one attempt within the limits of the call and of the policy.
    async fn attempt_within(
        &self,
        method: &'static MethodInfo,
        limits: &Limits<'_>,
        course: &mut Course,
        request: Box<http::Request<Body>>,
        connecting: Option<Connecting>,
    ) -> Result<http::Response<Body>> {
        let waits = limits.waits.as_deref();
        let left = limits.left(course.start);
        let of_attempt = limits.policy.attempt_timeout;
        let limit = left.into_iter().chain(of_attempt).min();
        let sent = self.sent(method, &request);
        let span = AttemptSpan::new(sent, course.attempts, &self.0.instruments);
        let options = AttemptOptions {
            number: course.attempts,
            body_mode: limits.body_mode,
            is_patient: limits.policy.max_attempts > 1,
            connecting,
            by: limit.and_then(|limit| Instant::now().checked_add(limit)),
            waits,
        };
        // Each future is created where it is awaited. A variable for it would enlarge the futures of all calls.
        let result = match limit {
            None => span.around(self.attempt(method, request, options)).await,
            Some(limit) => {
                let destination = Destination::of(request.uri());
                let attempt = Box::pin(self.attempt(method, request, options));
                let attempt = match waits {
                    None => span.around(tokio::time::timeout(limit, attempt)).await.ok(),
                    Some(waits) => span.around(Box::pin(waits.limit(limit, attempt))).await,
                };
                attempt.unwrap_or_else(|| {
                    let of_call = limits.timeout.filter(|_| left == Some(limit));
                    let late = of_call.map_or(Late::Attempt(limit), Late::Call);
                    Err(TransportError::timeout(late).into_error(method, &destination))
                })
            }
        };
        if let Some(waits) = waits {
            course.omit(waits.take());
        }
        span.end(&result);
        result
    }
}
