//! The outcome of an attempt: for the policy, and for the error of the call.

use super::attempt::Renewable;
use crate::error::{Attempts, Error, ErrorKind, Result, Unretried};
use crate::method::MethodInfo;
use crate::retry::RetryPolicy;
use crate::retry::course::Course;
use crate::secrets::http_error;
use crate::transport::{Body, Destination, was_cut_off};
use std::time::Duration;

/// Adds the attempts so far to the error of an attempt, or to a response that can become one.
pub(super) fn stating(
    result: Result<http::Response<Body>>,
    attempts: Attempts,
) -> Result<http::Response<Body>> {
    match result {
        Ok(mut response) => {
            response.extensions_mut().insert(attempts);
            Ok(response)
        }
        Err(error) => Err(error.with_attempts(attempts)),
    }
}

/// Returns the error that an attempt amounts to, for the policy and for the error of the call.
fn with_error<T>(
    method: &'static MethodInfo,
    result: &Result<http::Response<Body>>,
    read: impl FnOnce(&Error) -> T,
) -> T {
    match result {
        Err(error) => read(error),
        Ok(response) => {
            let body = response.body().whole().cloned().unwrap_or_default();
            let mut copy = http::Response::new(body);
            *copy.status_mut() = response.status();
            *copy.headers_mut() = response.headers().clone();
            *copy.extensions_mut() = response.extensions().clone();
            read(&http_error(method, copy))
        }
    }
}

/// Returns `true` if the server rejected the token, and another one may be had.
pub(super) fn is_renewable(result: &Result<http::Response<Body>>) -> bool {
    let response = result.as_ref().ok();
    response.is_some_and(|response| response.extensions().get::<Renewable>().is_some())
}

/// Returns the kind of the failure, and the failure in one line.
pub(super) fn cause_of(
    method: &'static MethodInfo,
    result: &Result<http::Response<Body>>,
) -> (ErrorKind, String) {
    with_error(method, result, |error| (error.kind(), error.cause()))
}

/// Returns `true` if a predicate of the policy wants a retry after this failure.
pub(super) fn is_wanted(
    policy: &RetryPolicy,
    method: &'static MethodInfo,
    result: &Result<http::Response<Body>>,
) -> bool {
    let mut predicates = policy.also_if.iter();
    with_error(method, result, |error| {
        predicates.any(|predicate| predicate.holds(error))
    })
}

/// Returns the time that another attempt may take to fail to connect, if the last one took `took`.
pub(super) fn takes(result: &Result<http::Response<Body>>, took: Duration) -> Duration {
    match result {
        // It ends sooner where there is less time.
        Err(error) if error.get_ref().is_some_and(|cause| was_cut_off(cause)) => Duration::ZERO,
        _ => took,
    }
}

impl Course {
    /// Adds the attempts, the time and the host to an error, or to a response that can become one. A response to the first
    /// attempt whose body is decoded at once has none of them, because `ResponseFuture` knows them.
    pub(super) fn end(
        self,
        result: Result<http::Response<Body>>,
        destination: &Destination,
        is_message: bool,
        unretried: Option<Unretried>,
    ) -> Result<http::Response<Body>> {
        if self.attempts == 1
            && is_message
            && let Ok(response) = &result
            && response.status().is_success()
        {
            return result;
        }
        stating(result, self.attempts(destination, unretried))
    }

    /// Returns the attempts so far, as errors report them.
    pub(super) fn attempts(
        &self,
        destination: &Destination,
        unretried: Option<Unretried>,
    ) -> Attempts {
        let (first_kind, first_cause) = self.first_cause.clone().unzip();
        Attempts {
            count: self.attempts,
            unretried,
            elapsed: Some(self.start.elapsed()),
            host: destination.host(),
            first_cause,
            first_kind,
        }
    }
}
