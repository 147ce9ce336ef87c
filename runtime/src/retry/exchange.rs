//! The loop that all requests go through.

use super::decide::{Failure, Situation, next_delay};
use super::{CallOptions, RetryPolicy};
use crate::error::Attempts;
use crate::trace::{AttemptSpan, CallSpan};
use crate::{Client, Error, MethodInfo, Result, TransportError};
use bytes::Bytes;
use std::time::{Duration, SystemTime};
use tokio::runtime::Handle;
use tokio::time::Instant;

/// What is sent. Lent, so that a request is not moved through each of the layers between here and the transport.
#[derive(Clone, Copy)]
pub(crate) struct Outgoing<'a> {
    pub(crate) first: &'a http::Request<Bytes>,
    /// What is sent from the second attempt on.
    pub(crate) again: &'a http::Request<Bytes>,
}

/// The limits of one call.
struct Limits<'a> {
    policy: &'a RetryPolicy,
    is_idempotent: bool,
    timeout: Option<Duration>,
}

/// The same request at each attempt.
impl<'a> From<&'a http::Request<Bytes>> for Outgoing<'a> {
    fn from(request: &'a http::Request<Bytes>) -> Self {
        Self {
            first: request,
            again: request,
        }
    }
}

impl Client {
    /// Sends a request until there is an answer that counts, or no reason to go on. Any HTTP status is an answer.
    ///
    /// Dropping the future sends nothing more.
    pub(crate) async fn exchange(
        &self,
        method: &'static MethodInfo,
        options: &CallOptions,
        outgoing: impl Into<Outgoing<'_>>,
    ) -> Result<http::Response<Bytes>> {
        let limits = Limits {
            policy: options.policy.as_deref().unwrap_or(self.retry_policy()),
            is_idempotent: options.is_idempotent(method),
            timeout: options.timeout.or(self.timeout()),
        };
        let span = CallSpan::new(self.service(), method);
        let result = span
            .around(self.attempts(method, limits, outgoing.into(), &span))
            .await;
        span.end(&result);
        result
    }

    async fn attempts(
        &self,
        method: &'static MethodInfo,
        limits: Limits<'_>,
        outgoing: Outgoing<'_>,
        span: &CallSpan,
    ) -> Result<http::Response<Bytes>> {
        let policy = limits.policy;
        let can_wait = Handle::try_current().is_ok();
        if !can_wait && (limits.timeout.is_some() || policy.attempt_timeout.is_some()) {
            let reason = "a time limit needs a tokio runtime, and there is none".to_owned();
            return Err(Error::invalid_argument(Some(method.id), reason));
        }
        let start = Instant::now();
        let Outgoing { first, again } = outgoing;
        // Attempts that the throttle left out are among those made, not among those sent.
        let (mut made, mut sent) = (1, 1);
        let mut result = self
            .attempt_within(method, &limits, start, first, sent)
            .await;
        loop {
            let Some((failure, server_delay)) = Failure::of(&result, SystemTime::now) else {
                self.throttle().note(true);
                return with_attempts(result, sent);
            };
            self.throttle().note(failure.was_accepted(policy));
            // An attempt that is left out fails in the same way as the one before.
            loop {
                let situation = Situation {
                    failure,
                    is_idempotent: limits.is_idempotent,
                    attempts: made,
                    elapsed: start.elapsed(),
                    timeout: limits.timeout,
                    server_delay,
                    jitter: fastrand::f64(),
                };
                let delay = match next_delay(policy, situation) {
                    Ok(delay) if can_wait => delay,
                    Ok(_) => return with_attempts(result, sent),
                    Err(given_up) => {
                        span.gives_up(given_up.as_str(), sent);
                        return with_attempts(result, sent);
                    }
                };
                span.waits(made, delay);
                tokio::time::sleep(delay).await;
                made += 1;
                if !(policy.throttled && self.throttle().leaves_out(fastrand::f64())) {
                    break;
                }
                span.leaves_out(made);
            }
            sent += 1;
            result = self
                .attempt_within(method, &limits, start, again, sent)
                .await;
        }
    }

    /// One attempt, as long as it may take.
    async fn attempt_within(
        &self,
        method: &'static MethodInfo,
        limits: &Limits<'_>,
        start: Instant,
        request: &http::Request<Bytes>,
        number: u32,
    ) -> Result<http::Response<Bytes>> {
        let left = limits
            .timeout
            .map(|timeout| timeout.saturating_sub(start.elapsed()));
        let limit = [left, limits.policy.attempt_timeout]
            .into_iter()
            .flatten()
            .min();
        let span = AttemptSpan::new(number, request.body().len());
        let attempt = self.attempt(method, request);
        let result = match limit {
            None => span.around(attempt).await,
            Some(limit) => span
                .around(tokio::time::timeout(limit, attempt))
                .await
                .unwrap_or_else(|late| {
                    Err(Error::transport(method, TransportError::timeout(late)))
                }),
        };
        span.end(&result);
        result
    }
}

/// Errors, and answers that become errors later, know how often the call was sent.
fn with_attempts(
    result: Result<http::Response<Bytes>>,
    sent: u32,
) -> Result<http::Response<Bytes>> {
    match result {
        // Once is what counts without it.
        Ok(response) if sent == 1 => Ok(response),
        Ok(mut response) => {
            response.extensions_mut().insert(Attempts(sent));
            Ok(response)
        }
        Err(error) => Err(error.with_attempts(sent)),
    }
}
