//! The settings of a client that calls read.

use super::Client;
use crate::retry::{RetryPolicy, Throttle};
use crate::transport::Destination;
use std::time::Duration;

impl Client {
    /// Returns the root URL of the API: scheme, host and perhaps a path. It ends in `/`.
    pub(crate) fn root_url(&self) -> &str {
        &self.0.root_url
    }

    /// Returns the domain that the API is under: `googleapis.com` or another universe.
    pub(crate) fn universe_domain(&self) -> &str {
        self.0.credentials.universe_domain()
    }

    /// Returns `true` if requests have neither a token nor an API key.
    pub(crate) fn is_anonymous(&self) -> bool {
        self.0.credentials.are_none()
    }

    /// Returns the host and the port of the root URL.
    pub(crate) fn host(&self) -> Option<String> {
        Destination::of(&self.root_url().parse().ok()?).host()
    }

    /// Returns the policy of calls that do not set one.
    pub(crate) fn retry_policy(&self) -> &RetryPolicy {
        &self.0.retry
    }

    /// The time limit of calls that do not set one.
    pub(crate) fn timeout(&self) -> Option<Duration> {
        self.0.timeout
    }

    /// Returns `true` if resource names may contain `%2F`.
    pub(crate) fn takes_encoded_slashes(&self) -> bool {
        self.0.takes_encoded_slashes
    }

    /// Returns `true` if no call checks the patterns of the document.
    pub(crate) fn skips_pattern_checks(&self) -> bool {
        self.0.skips_pattern_checks
    }

    /// Returns `true` if calls get request ids.
    pub(crate) fn fills_request_ids(&self) -> bool {
        self.0.fills_request_ids
    }

    /// Returns the maximum size of a response or of a message of a stream, in bytes.
    pub(crate) fn max_response_size(&self) -> usize {
        self.0.max_response_size
    }

    pub(crate) fn throttle(&self) -> &Throttle {
        &self.0.throttle
    }
}
