//! The tokens of a login, and the decision about the next login.

use super::super::cache::Cached;
use super::super::exchange::canonical;
use super::super::store::Entry;
use super::grant::{Granted, Refresh};
use super::settings::{Interaction, Settings};
use crate::credentials::{
    CredentialsContext, CredentialsError, CredentialsProvider as _, DEFAULT_UNIVERSE,
};
use crate::timer;
use crate::transport::{BoxFuture, Transport};
use http::HeaderMap;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The time for the requests for tokens of a login that no call has started.
const TOKEN_TIMEOUT: Duration = Duration::from_secs(10);

/// A way to ask the user.
pub(super) trait Flow: Send + Sync {
    /// Asks the user to grant these scopes.
    fn ask<'a>(
        &'a self,
        settings: &'a Settings,
        scopes: &'a [String],
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<Granted, CredentialsError>>;
}

/// The time that another process may take to store a refresh token.
const ROTATION: Duration = Duration::from_millis(500);

type Grant = Arc<Cached<Refresh>>;

/// The tokens of a client and an account.
pub(super) struct Session {
    pub(super) settings: Settings,
    state: Mutex<State>,
    /// Held during a login, so that calls of this process wait for one.
    logins: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    /// The latest one is the last.
    grants: Vec<Grant>,
    /// Refresh tokens that the server has rejected. They are not taken from the store again.
    dead: Vec<String>,
    /// The number of logins that have ended, and the failure of the last one.
    ended: u64,
    failure: Option<String>,
}

/// The scopes that a call needs.
#[derive(Default)]
pub(super) struct Need {
    /// The scopes to ask for.
    scopes: Vec<String>,
    /// The scopes of which each alone is enough.
    accepted: Vec<String>,
}

/// The reason for a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    FirstUse,
    Revoked,
    MissingScope,
}

impl Need {
    fn of(context: &CredentialsContext<'_>) -> Self {
        let owned = |scopes: &[&str]| {
            scopes
                .iter()
                .map(|scope| canonical(scope).into_owned())
                .collect()
        };
        Self {
            scopes: owned(context.scopes()),
            accepted: owned(context.accepted_scopes()),
        }
    }

    fn is_met_by(&self, granted: &BTreeSet<String>) -> bool {
        self.scopes.iter().all(|scope| granted.contains(scope))
            || self.accepted.iter().any(|scope| granted.contains(scope))
    }
}

/// Returns the circumstances of a login that no call has started.
pub(super) fn context(transport: &Arc<dyn Transport>) -> CredentialsContext<'_> {
    CredentialsContext {
        transport,
        scopes: &[],
        accepted: &[],
        has_named_scopes: false,
        subject: None,
        universe_domain: DEFAULT_UNIVERSE,
        is_for_others: false,
        token_timeout: TOKEN_TIMEOUT,
        deadline: None,
        waits: None,
    }
}

impl Session {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            state: Mutex::default(),
            logins: tokio::sync::Mutex::new(()),
        }
    }

    /// Returns the headers for a call, and asks the user to log in if that is necessary and allowed.
    pub(super) async fn headers(
        &self,
        flow: &dyn Flow,
        context: &CredentialsContext<'_>,
    ) -> Result<HeaderMap, CredentialsError> {
        if context.subject().is_some() {
            return Err(CredentialsError::permanent(
                "a user who has logged in cannot act for another user; help: remove `subject`, or use a service account",
            ));
        }
        let need = Need::of(context);
        let mut has_asked = false;
        loop {
            let grant = match self.find(&need).await? {
                Ok(grant) => grant,
                Err(_) if has_asked => {
                    let scopes = need.scopes.join(" ");
                    return Err(CredentialsError::permanent(format!(
                        "the user has logged in, but did not grant the scope {scopes}; help: log in again and allow it"
                    )));
                }
                Err(reason) if self.interaction(reason) == Interaction::Fail => {
                    return Err(self.missing(reason, &need));
                }
                Err(_) => {
                    has_asked = true;
                    let login = self.log_in(flow, Some(&need), context);
                    context.wait_for_person(login).await?;
                    continue;
                }
            };
            match grant.headers(context).await {
                Err(_) if grant.source().is_dead() => {
                    self.bury(&grant);
                    self.wait_for_rotation(&need).await?;
                }
                result => return result,
            }
        }
    }

    /// Asks the user to log in, one login at a time. Without a need it asks even if there is a token.
    pub(super) async fn log_in(
        &self,
        flow: &dyn Flow,
        need: Option<&Need>,
        context: &CredentialsContext<'_>,
    ) -> Result<(), CredentialsError> {
        if !timer::is_available() {
            return Err(CredentialsError::permanent(
                "a login needs a Tokio runtime with time enabled; help: build it with `enable_all`",
            ));
        }
        let ended = self.lock().ended;
        let _turn = self.logins.lock().await;
        if need.is_some()
            && let Some(failure) = self.failure_after(ended)
        {
            return Err(CredentialsError::permanent(failure));
        }
        let store = &self.settings.store;
        let _turn_of_process = store.lock_logins(self.settings.timeout).await?;
        // Another call or another process may have logged in. A login by hand reads the scopes that were granted before.
        let is_met = self.find(need.unwrap_or(&Need::default())).await?.is_ok();
        if need.is_some() && is_met {
            return Ok(());
        }
        let scopes = self.scopes_to_ask(need);
        if scopes.is_empty() {
            return Err(CredentialsError::permanent(
                "there are no scopes to ask the user for; help: set them with `scopes`",
            ));
        }
        let granted = flow.ask(&self.settings, &scopes, context).await;
        let result = match granted {
            Ok(granted) => self.keep(granted).await,
            Err(error) => Err(error),
        };
        let mut state = self.lock();
        state.ended += 1;
        state.failure = result
            .as_ref()
            .err()
            .map(|error| error.get_ref().to_string());
        // A retry would ask the user again.
        result.map_err(|error| CredentialsError::permanent(error.get_ref().to_string()))
    }

    pub(super) async fn log_out(&self) -> Result<(), CredentialsError> {
        self.settings.store.remove(&self.settings.owner()).await?;
        let mut state = self.lock();
        state.grants.clear();
        state.dead.clear();
        Ok(())
    }

    pub(super) fn reject(&self, headers: &HeaderMap) -> bool {
        let grants = self.lock().grants.clone();
        // Each of them looks for the token. The one that has it may keep it.
        let kept = grants.iter().filter(|grant| !grant.reject(headers));
        kept.count() == 0 && !grants.is_empty()
    }

    pub(super) fn unfinished(&self, time: Duration) -> Option<CredentialsError> {
        let grants = self.lock().grants.clone();
        grants.iter().find_map(|grant| grant.unfinished(time))
    }

    /// Returns the latest tokens that meet a need, from memory or from the store.
    async fn find(&self, need: &Need) -> Result<Result<Grant, Reason>, CredentialsError> {
        if let Some(grant) = self.in_memory(need) {
            return Ok(Ok(grant));
        }
        let entries = self.settings.store.entries(&self.settings.owner()).await?;
        {
            let mut state = self.lock();
            for entry in entries.into_iter().rev() {
                let is_new = !state.dead.contains(&entry.refresh_token) && !state.has(&entry);
                if is_new {
                    let grant = self.grant(entry, None);
                    state.grants.push(grant);
                }
            }
        }
        if let Some(grant) = self.in_memory(need) {
            return Ok(Ok(grant));
        }
        let state = self.lock();
        Ok(Err(if !state.grants.is_empty() {
            Reason::MissingScope
        } else if state.dead.is_empty() {
            Reason::FirstUse
        } else {
            Reason::Revoked
        }))
    }

    fn in_memory(&self, need: &Need) -> Option<Grant> {
        let state = self.lock();
        let mut latest = state.grants.iter().rev();
        let found = latest.find(|grant| need.is_met_by(&grant.source().entry().scopes));
        found.cloned()
    }

    fn grant(&self, entry: Entry, first: Option<super::super::token::Token>) -> Grant {
        let Settings { client, store, .. } = &self.settings;
        let source = Refresh::new(client.clone(), store.clone(), entry, first);
        Arc::new(Cached::new(source))
    }

    /// Stores what a login has returned.
    async fn keep(&self, granted: Granted) -> Result<(), CredentialsError> {
        let Granted {
            token,
            refresh_token,
            scopes,
        } = granted;
        let entry = Entry {
            owner: self.settings.owner(),
            scopes,
            refresh_token: refresh_token.unwrap_or_default(),
        };
        let dead = {
            let mut state = self.lock();
            let grant = self.grant(entry.clone(), Some(token));
            let is_obsolete = |old: &Grant| old.source().entry().scopes.is_subset(&entry.scopes);
            state.grants.retain(|old| !is_obsolete(old));
            state.grants.push(grant);
            state.dead.clone()
        };
        if entry.refresh_token.is_empty() {
            // The access token lasts for this process only.
            return Ok(());
        }
        self.settings.store.save(entry, dead).await
    }

    /// Forgets tokens that the server has rejected for good.
    fn bury(&self, grant: &Grant) {
        let mut state = self.lock();
        state.grants.retain(|other| !Arc::ptr_eq(other, grant));
        state.dead.push(grant.source().entry().refresh_token);
    }

    /// Waits a moment for the refresh token that another process may have got in place of the one that was rejected, but has not
    /// stored yet.
    async fn wait_for_rotation(&self, need: &Need) -> Result<(), CredentialsError> {
        let start = Instant::now();
        while self.settings.store.is_shared()
            && start.elapsed() < ROTATION
            && timer::is_available()
            && self.find(need).await?.is_err()
        {
            sleep(ROTATION / 10).await;
        }
        Ok(())
    }

    /// Returns the scopes to ask for: those of the settings, those of the call, and those that were granted before, so that the
    /// new token serves all calls.
    fn scopes_to_ask(&self, need: Option<&Need>) -> Vec<String> {
        let mut scopes: Vec<String> = Vec::new();
        let mut add = |scope: &str| {
            let scope = canonical(scope).into_owned();
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        };
        self.settings.scopes.iter().for_each(|scope| add(scope));
        need.iter()
            .flat_map(|need| &need.scopes)
            .for_each(|scope| add(scope));
        for grant in &self.lock().grants {
            grant
                .source()
                .entry()
                .scopes
                .iter()
                .for_each(|scope| add(scope));
        }
        scopes
    }

    /// Returns the failure of the last login if it has ended since there were this many.
    fn failure_after(&self, ended: u64) -> Option<String> {
        let state = self.lock();
        state.failure.clone().filter(|_| state.ended > ended)
    }

    fn interaction(&self, reason: Reason) -> Interaction {
        match reason {
            Reason::FirstUse => self.settings.on_first_use,
            Reason::Revoked => self.settings.on_revoked,
            Reason::MissingScope => self.settings.on_missing_scope,
        }
    }

    /// Returns the error for tokens that are missing and that the user is not asked for.
    fn missing(&self, reason: Reason, need: &Need) -> CredentialsError {
        let client = self.settings.client.client_id();
        let account = match self.settings.account.as_str() {
            "" => String::new(),
            account => format!(" as {account}"),
        };
        CredentialsError::permanent(match reason {
            Reason::FirstUse => {
                format!(
                    "no user has logged in{account} to the client {client}; help: call `log_in`"
                )
            }
            Reason::Revoked => format!(
                "the refresh token{account} for the client {client} has expired or was revoked (invalid_grant); \
                 help: call `log_in`"
            ),
            Reason::MissingScope => format!(
                "the user has not granted{account} the scope {} to the client {client}; \
                 help: add it to `scopes` and call `log_in`",
                need.scopes.join(" ")
            ),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn has(&self, entry: &Entry) -> bool {
        let mut tokens = self.grants.iter().map(|grant| grant.source().entry());
        tokens.any(|known| known.refresh_token == entry.refresh_token)
    }
}
