//! A request for a token that outlives its caller, and its retries.

use crate::auth::advice::Rejected;
use crate::auth::token::{Token, TokenRequest, TokenSource, late};
use crate::credentials::{CredentialsContext, CredentialsError};
use crate::transport::Transport;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};

/// The delay before the first retry of a token request. It doubles from retry to retry.
const FIRST_DELAY: Duration = Duration::from_millis(250);

/// The longest time for a request. It keeps sums with it in range.
const LONGEST_TIMEOUT: Duration = Duration::from_hours(24 * 365);

pub(super) type Outcome = Result<Token, Failure>;

/// The progress of a request. The channel is closed when the request, or the runtime of its task, has ended.
pub(super) type Pending = watch::Receiver<Progress>;

pub(super) enum Progress {
    /// No token yet; the last failure, if it is retried.
    Retried(Option<Failure>),
    Ended(Outcome),
}

/// The time that a request has to end by itself after its own limit.
const GRACE: Duration = Duration::from_secs(1);

/// A request in progress.
#[derive(Clone)]
pub(super) struct Running {
    pub(super) progress: Pending,
    /// The moment at which the request has ended, unless its runtime does not run.
    pub(super) until: Instant,
}

impl Running {
    /// Returns `false` if the request has ended, or if its runtime has ended or does not run.
    pub(super) fn is_alive(&self) -> bool {
        self.progress.has_changed().is_ok() && Instant::now() < self.until
    }
}

/// An error that several callers get.
#[derive(Clone)]
pub(super) struct Failure(Arc<CredentialsError>);

impl Failure {
    fn of(error: CredentialsError) -> Self {
        Self(Arc::new(error))
    }

    fn is_transient(&self) -> bool {
        self.0.is_transient()
    }

    /// Returns the delay that the server asks for, or zero.
    pub(super) fn retry_after(&self) -> Duration {
        self.0.retry_after().unwrap_or_default()
    }
}

impl From<Failure> for CredentialsError {
    fn from(Failure(error): Failure) -> Self {
        error.with_text(error.problem())
    }
}

/// A request for a token that outlives its caller.
pub(super) struct OwnedRequest {
    transport: Arc<dyn Transport>,
    scopes: Vec<String>,
    has_named_scopes: bool,
    subject: Option<String>,
    universe_domain: String,
    timeout: Duration,
}

impl OwnedRequest {
    pub(super) fn of(context: &CredentialsContext<'_>) -> Self {
        Self {
            transport: Arc::clone(context.transport),
            scopes: context
                .scopes
                .iter()
                .map(|&scope| scope.to_owned())
                .collect(),
            has_named_scopes: context.has_named_scopes,
            subject: context.subject.map(str::to_owned),
            universe_domain: context.universe_domain.to_owned(),
            timeout: context.token_timeout.min(LONGEST_TIMEOUT),
        }
    }

    /// Returns the request in progress with this progress.
    pub(super) fn running(&self, progress: Pending) -> Running {
        Running {
            progress,
            until: Instant::now() + self.timeout + GRACE,
        }
    }

    /// Requests a token until there is one, and retries what may pass while there is time.
    pub(super) async fn token(
        &self,
        source: &impl TokenSource,
        progress: &watch::Sender<Progress>,
    ) -> Outcome {
        let scopes: Vec<&str> = self.scopes.iter().map(String::as_str).collect();
        let deadline = Instant::now() + self.timeout;
        let request = TokenRequest {
            transport: &self.transport,
            scopes: &scopes,
            accepted: &[],
            has_named_scopes: self.has_named_scopes,
            subject: self.subject.as_deref(),
            universe_domain: &self.universe_domain,
            is_for_others: false,
            token_timeout: self.timeout,
            deadline: Some(deadline),
            waits: None,
        };
        let mut last = None;
        let mut delay = FIRST_DELAY;
        let mut is_corrected = false;
        loop {
            let error = match timeout_at(deadline, source.token(&request)).await {
                Ok(Ok(token)) => return Ok(token),
                Ok(Err(error)) => error,
                Err(_) => {
                    let late = || Failure::of(late(source.server(), self.timeout));
                    return Err(last.unwrap_or_else(late));
                }
            };
            let skew = Rejected::in_error(&error).and_then(Rejected::clock_skew);
            if !is_corrected && skew.is_some_and(|skew| source.note_skew(skew)) {
                // Once more, by the clock of the server.
                is_corrected = true;
                continue;
            }
            let failure = Failure::of(error);
            if !failure.is_transient() {
                return Err(failure);
            }
            progress.send_replace(Progress::Retried(Some(failure.clone())));
            let wait = delay.mul_f64(1.0 - fastrand::f64() / 4.0);
            let wait = wait.max(failure.retry_after());
            if wait >= deadline.saturating_duration_since(Instant::now()) {
                return Err(failure);
            }
            last = Some(failure);
            sleep(wait).await;
            delay = delay.saturating_mul(2);
        }
    }
}
