//! The tokens of a flow: cached for each set of scopes, and requested once for many callers.

mod request;
#[cfg(test)]
mod tests;

use super::exchange;
use super::token::{Token, TokenSource};
use crate::credentials::{CredentialsContext, CredentialsError, CredentialsProvider};
use crate::timer;
use crate::transport::BoxFuture;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use request::{Failure, Outcome, OwnedRequest, Pending, Progress, Running};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

const USER_PROJECT: HeaderName = HeaderName::from_static("x-goog-user-project");

pub(super) const QUOTA_PROJECT_VARIABLE: &str = "GOOGLE_CLOUD_QUOTA_PROJECT";

/// A token that has less time than this is refreshed. A metadata server has the next token during the last 4 minutes of each
/// one. google-auth uses the same time.
const EARLY: Duration = Duration::from_secs(225);

/// The time between two refreshes if the first one returns a token that ends soon as well.
const QUIET: Duration = Duration::from_secs(10);

/// The time for which a token that replaces a rejected one is kept, whatever servers say of it. An API that rejects every token
/// must not cost a token request for each call.
const REJECTED: Duration = Duration::from_secs(10);

/// A token that has less time than this is not sent, because a request takes time to arrive.
const LATE: Duration = Duration::from_secs(10);

/// The time for which a failure is reported to other callers. It doubles from failure to failure.
const FIRST_BACKOFF: Duration = Duration::from_secs(1);
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

/// A caller gives up this long before its deadline, so that its error says why.
const MARGIN: Duration = Duration::from_millis(150);

/// The number of tokens above which expired ones are dropped.
const MANY: usize = 64;

/// The number of requests of one caller that may end without a result.
const MOST_LOST: u32 = 3;

/// A provider of the tokens of a flow.
pub(super) struct Cached<S> {
    source: Arc<S>,
    /// The project for quota of calls, which the environment can name.
    quota_project: Project,
    /// The project for quota of requests for tokens of other credentials.
    own_quota_project: Project,
    entries: Mutex<Vec<Arc<Entry>>>,
}

/// The header for a project, if there is one; an error if its name is not a header value.
type Project = Result<Option<HeaderValue>, ()>;

/// The token for a set of scopes and a subject.
struct Entry {
    /// Empty if the scopes do not change the token.
    scopes: Vec<String>,
    subject: Option<String>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// The last failure, and when another attempt may follow.
    failure: Option<(Failure, Instant)>,
    /// The number of failures in a row.
    failures: u32,
    /// The end of the time without refreshes, if the last one returned a token that ends soon.
    quiet_until: Option<Instant>,
    /// The latest request, until it has ended.
    running: Option<Running>,
    /// The last time at which a rejected token was dropped.
    rejected: Option<Instant>,
}

impl<S: TokenSource> Cached<S> {
    pub(super) fn new(source: S) -> Self {
        let variable = std::env::var(QUOTA_PROJECT_VARIABLE).ok();
        let variable = variable.filter(|project| !project.is_empty());
        let header = |project: Option<&str>| {
            let header = project.map(HeaderValue::from_str).transpose();
            header.map_err(|_| ())
        };
        let own = source.quota_project();
        Self {
            quota_project: header(variable.as_deref().or(own)),
            own_quota_project: header(own),
            source: Arc::new(source),
            entries: Mutex::default(),
        }
    }

    pub(super) fn source(&self) -> &S {
        &self.source
    }

    fn entry(&self, context: &CredentialsContext<'_>) -> Arc<Entry> {
        let scopes = if self.source.has_own_scopes(context) {
            &[]
        } else {
            context.scopes
        };
        let mut entries = lock(&self.entries);
        let is_it = |entry: &&Arc<Entry>| {
            entry.subject.as_deref() == context.subject && entry.scopes == scopes
        };
        if let Some(entry) = entries.iter().find(is_it) {
            return Arc::clone(entry);
        }
        if entries.len() >= MANY {
            entries.retain(|entry| lock(&entry.state).is_in_use());
        }
        let entry = Arc::new(Entry {
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            subject: context.subject.map(str::to_owned),
            state: Mutex::default(),
        });
        entries.push(Arc::clone(&entry));
        entry
    }

    fn headers_of(
        &self,
        token: &Token,
        context: &CredentialsContext<'_>,
    ) -> Result<HeaderMap, CredentialsError> {
        let project = if context.is_for_others {
            &self.own_quota_project
        } else {
            &self.quota_project
        };
        let Ok(quota_project) = project else {
            return Err(CredentialsError::permanent(
                "the quota project of the credentials is not a header value",
            ));
        };
        let mut headers = HeaderMap::with_capacity(2);
        headers.insert(AUTHORIZATION, token.value.clone());
        if let Some(project) = quota_project {
            headers.insert(USER_PROJECT, project.clone());
        }
        Ok(headers)
    }

    /// Returns a token that is valid, or the request for one.
    fn begin(&self, entry: &Arc<Entry>, context: &CredentialsContext<'_>) -> Next {
        let mut state = lock(&entry.state);
        let valid = state.token.as_ref().filter(|token| token.lasts(LATE));
        if let Some(token) = valid.cloned() {
            if !token.lasts(EARLY) && state.may_request() && timer::is_available() {
                self.request(entry, &mut state, context);
            }
            return Next::Token(token);
        }
        if let Some(running) = state.running.as_ref().filter(|running| running.is_alive()) {
            return Next::Running(running.clone());
        }
        match &state.failure {
            Some((failure, until)) if Instant::now() < *until => {
                Next::Failed(failure.clone().into())
            }
            _ if timer::is_available() => Next::Running(self.request(entry, &mut state, context)),
            _ => Next::Failed(CredentialsError::permanent(
                "a token request needs a Tokio runtime with time enabled",
            )),
        }
    }

    /// Requests a token on a separate task. The request continues if the caller gives up, because others may wait for it.
    fn request(
        &self,
        entry: &Arc<Entry>,
        state: &mut State,
        context: &CredentialsContext<'_>,
    ) -> Running {
        let (sender, receiver) = watch::channel(Progress::Retried(None));
        let owned = OwnedRequest::of(context);
        let running = owned.running(receiver.clone());
        state.running = Some(running.clone());
        let (source, entry) = (Arc::clone(&self.source), Arc::clone(entry));
        tokio::spawn(async move {
            let outcome = owned.token(&*source, &sender).await;
            lock(&entry.state).end(&receiver, &outcome);
            sender.send_replace(Progress::Ended(outcome));
        });
        running
    }

    async fn token(
        &self,
        entry: &Arc<Entry>,
        context: &CredentialsContext<'_>,
    ) -> Result<Token, CredentialsError> {
        let start = Instant::now();
        for _ in 0..MOST_LOST {
            let running = match self.begin(entry, context) {
                Next::Token(token) => return Ok(token),
                Next::Failed(error) => return Err(error),
                Next::Running(running) => running,
            };
            let Running {
                mut progress,
                until,
            } = running;
            let deadline = context.deadline();
            let deadline = deadline.map(|end| end.checked_sub(MARGIN).unwrap_or(end));
            let by = deadline.map_or(until, |deadline| deadline.min(until));
            let ended = progress.wait_for(|progress| matches!(progress, Progress::Ended(_)));
            // Without a timer, the caller waits for the request of another runtime.
            let is_late = if timer::is_available() {
                timeout_at(by, ended).await.is_err()
            } else {
                let _ = ended.await;
                false
            };
            let progress = progress.borrow();
            if let Progress::Ended(outcome) = &*progress {
                return outcome.clone().map_err(CredentialsError::from);
            }
            if is_late && deadline == Some(by) {
                return Err(self.late(&progress, start.elapsed() + MARGIN));
            }
            // The runtime of the request has ended or does not run, or a provider has panicked. This caller requests the token
            // anew.
        }
        Err(CredentialsError::transient(
            "the task of the token request ended without a result",
        ))
    }

    /// Returns the error for a caller that has no more time.
    fn late(&self, progress: &Progress, time: Duration) -> CredentialsError {
        match progress {
            Progress::Retried(Some(failure)) => failure.clone().into(),
            _ => self.source.unfinished(time),
        }
    }
}

/// The state of a token that a caller needs.
enum Next {
    Token(Token),
    Running(Running),
    Failed(CredentialsError),
}

impl State {
    /// Returns `true` if no request is in progress, and the last one did not end just now with a failure or a short-lived token.
    fn may_request(&self) -> bool {
        let is_running = self.running.as_ref().is_some_and(Running::is_alive);
        let is_over = self
            .failure
            .as_ref()
            .is_none_or(|(_, until)| Instant::now() >= *until);
        let is_quiet = self.quiet_until.is_some_and(|until| Instant::now() < until);
        !is_running && is_over && !is_quiet
    }

    /// Drops a token that a server has rejected, unless the one before it was rejected a moment ago. Returns `true` if it was
    /// dropped.
    fn drop_token(&mut self, is_skewed: bool) -> bool {
        let is_recent = |time: Instant| time.elapsed() < REJECTED;
        if !is_skewed && self.rejected.is_some_and(is_recent) {
            return false;
        }
        self.rejected = Some(Instant::now());
        self.token = None;
        true
    }

    fn is_fresh(&self) -> bool {
        let token = self.token.as_ref();
        token.is_some_and(|token| token.lasts(EARLY))
    }

    fn is_in_use(&self) -> bool {
        self.running.as_ref().is_some_and(Running::is_alive)
            || self.token.as_ref().is_some_and(|token| token.lasts(LATE))
    }

    /// Keeps the outcome of the latest request. That of an older one may be out of date, and only its callers get it.
    fn end(&mut self, progress: &Pending, outcome: &Outcome) {
        let is_latest = |running: &mut Running| running.progress.same_channel(progress);
        if self.running.take_if(is_latest).is_none() {
            return;
        }
        match outcome {
            Ok(token) => {
                let is_short = self.token.is_some() && !token.lasts(EARLY);
                self.quiet_until = is_short.then(|| Instant::now() + QUIET);
                self.token = Some(token.clone());
                self.failure = None;
                self.failures = 0;
            }
            Err(failure) => {
                let backoff = FIRST_BACKOFF.saturating_mul(1 << self.failures.min(5));
                let backoff = backoff.max(failure.retry_after());
                let until = Instant::now() + backoff.min(LONGEST_BACKOFF);
                self.failures = self.failures.saturating_add(1);
                self.failure = Some((failure.clone(), until));
            }
        }
    }
}

impl<S: TokenSource> CredentialsProvider for Cached<S> {
    fn headers<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        let entry = self.entry(context);
        // A token that needs no refresh needs no person either.
        let is_interactive = self.is_interactive() && !lock(&entry.state).is_fresh();
        if !is_interactive && let Next::Token(token) = self.begin(&entry, context) {
            return Box::pin(std::future::ready(self.headers_of(&token, context)));
        }
        Box::pin(async move {
            if is_interactive {
                self.source.prepare(context).await?;
            }
            let token = self.token(&entry, context).await?;
            self.headers_of(&token, context)
        })
    }

    fn universe_domain<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Option<String>> {
        self.source.universe_domain(context)
    }

    fn reject(&self, headers: &HeaderMap) -> bool {
        let Some(rejected) = headers.get(AUTHORIZATION) else {
            return false;
        };
        // Another clock makes another token.
        let skew = exchange::skew(headers);
        let is_skewed = skew.is_some_and(|skew| self.source.note_skew(skew));
        let mut may_have_another = true;
        for entry in &*lock(&self.entries) {
            let mut state = lock(&entry.state);
            if state
                .token
                .as_ref()
                .is_some_and(|token| token.value == *rejected)
            {
                may_have_another &= state.drop_token(is_skewed);
            }
        }
        may_have_another
    }

    fn keeps_deadline(&self) -> bool {
        true
    }

    fn is_interactive(&self) -> bool {
        self.source.is_interactive()
    }

    fn unfinished(&self, time: Duration) -> Option<CredentialsError> {
        let running = lock(&self.entries).iter().find_map(|entry| {
            let state = lock(&entry.state);
            let running = state.running.as_ref().filter(|running| running.is_alive());
            running.cloned()
        });
        let progress = running?.progress;
        let progress = progress.borrow();
        Some(self.late(&progress, time))
    }
}

impl<S: fmt::Debug> fmt::Debug for Cached<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
