//! Accounts, tokens, codes and settings.

use crate::faults::Fault;
use crate::server::Endpoint;
use crate::time;
use std::collections::{HashMap, VecDeque};

/// The service account of the key file, of the metadata server and of impersonation.
pub const ROBOT: &str = "robot@p.iam.gserviceaccount.com";

/// A service account in the middle of a chain of impersonations.
pub const DELEGATE: &str = "delegate@p.iam.gserviceaccount.com";

/// The user who logs in, and for whom service accounts act.
pub const USER: &str = "user@example.com";

/// The OAuth client of desktop programs.
pub const CLIENT_ID: &str = "client.apps.googleusercontent.com";

/// Its secret.
pub const CLIENT_SECRET: &str = "GOCSPX-SECRET-client";

/// The refresh token of the user's gcloud login.
pub const REFRESH_TOKEN: &str = "1//SECRET-refresh";

/// The scope of most Cloud APIs.
pub const CLOUD_PLATFORM: &str = "https://www.googleapis.com/auth/cloud-platform";

/// The token of the user's identity provider.
pub const SUBJECT_TOKEN: &str = "SECRET-oidc-Zk3qV8rT1w";

/// The audience of the workload identity pool.
pub const AUDIENCE: &str = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider";

/// The behavior of the server, until a test changes it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The lifetime of an access token, in seconds.
    pub lifetime: i64,
    /// The seconds by which the clock of the server is ahead of this machine's.
    pub clock: i64,
    /// The scopes that an administrator has granted to the service account, for domain-wide delegation. `None`: all.
    pub delegated: Option<Vec<String>>,
    /// The scopes that the user grants of those that a login requests. `None`: all.
    pub granted: Option<Vec<String>>,
    /// `true` if a refresh returns another refresh token, and the old one becomes invalid.
    pub rotates: bool,
    /// The seconds between two requests of a device.
    pub interval: i64,
    /// The universe domain of the metadata server. `None`: status 404.
    pub universe_domain: Option<String>,
    /// `true` if the metadata server has a service account.
    pub has_account: bool,
    /// The requests for a device's token that come before the person decides.
    pub pending: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lifetime: 3_600,
            clock: 0,
            delegated: None,
            granted: None,
            rotates: false,
            interval: 0,
            universe_domain: Some("googleapis.com".to_owned()),
            has_account: true,
            pending: 0,
        }
    }
}

/// The account and the scopes of a token.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) email: String,
    pub(crate) scopes: Vec<String>,
    /// In seconds since 1970.
    pub(crate) expires: i64,
}

/// An authorization code.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<(String, String)>,
    pub(crate) scopes: Vec<String>,
}

/// The login of a device.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    pub(crate) user_code: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) decision: Option<bool>,
    pub(crate) polls: usize,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) settings: Settings,
    pub(crate) faults: HashMap<Endpoint, VecDeque<Fault>>,
    pub(crate) always: HashMap<Endpoint, Fault>,
    /// Access tokens.
    pub(crate) tokens: HashMap<String, Grant>,
    pub(crate) refresh_tokens: RefreshTokens,
    pub(crate) codes: HashMap<String, Code>,
    pub(crate) devices: HashMap<String, Device>,
    count: usize,
}

/// Refresh tokens and their scopes.
pub(crate) struct RefreshTokens(HashMap<String, Vec<String>>);

impl Default for RefreshTokens {
    fn default() -> Self {
        let scopes = [
            CLOUD_PLATFORM,
            "https://www.googleapis.com/auth/gmail.readonly",
            "https://www.googleapis.com/auth/drive.file",
            "https://www.googleapis.com/auth/calendar.events",
            "https://www.googleapis.com/auth/admin.directory.user.readonly",
        ];
        let scopes = scopes.map(str::to_owned).to_vec();
        Self(HashMap::from([(REFRESH_TOKEN.to_owned(), scopes)]))
    }
}

impl RefreshTokens {
    pub(crate) fn scopes(&self, token: &str) -> Option<Vec<String>> {
        self.0.get(token).cloned()
    }

    pub(crate) fn insert(&mut self, token: String, scopes: Vec<String>) {
        self.0.insert(token, scopes);
    }

    pub(crate) fn remove(&mut self, token: &str) -> bool {
        self.0.remove(token).is_some()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

impl State {
    /// Returns the next fault of an endpoint.
    pub(crate) fn fault(&mut self, endpoint: Endpoint) -> Option<Fault> {
        let queued = self.faults.get_mut(&endpoint).and_then(VecDeque::pop_front);
        queued.or_else(|| self.always.get(&endpoint).cloned())
    }

    pub(crate) fn now(&self) -> i64 {
        time::now(self.settings.clock)
    }

    /// Returns a new unique text.
    pub(crate) fn unique(&mut self, kind: &str) -> String {
        self.count += 1;
        format!("SECRET-{kind}-{}", self.count)
    }

    /// Issues an access token.
    pub(crate) fn issue<'a>(
        &mut self,
        kind: &str,
        email: &str,
        scopes: impl IntoIterator<Item = &'a str>,
    ) -> String {
        let token = format!("ya29.{}", self.unique(kind));
        let grant = Grant {
            email: email.to_owned(),
            scopes: scopes.into_iter().map(str::to_owned).collect(),
            expires: self.now() + self.settings.lifetime,
        };
        self.tokens.insert(token.clone(), grant);
        token
    }

    /// Returns the account and the scopes of a valid access token, or of a token that a service account has signed itself.
    pub(crate) fn valid(&self, token: &str) -> Option<Grant> {
        let now = self.now();
        if let Some(grant) = self.tokens.get(token) {
            return (grant.expires > now).then(|| grant.clone());
        }
        let (_, claims) = crate::jwt::verified(token)?;
        let expires = claims["exp"].as_i64()?;
        let scopes = claims["scope"].as_str().unwrap_or_default();
        (expires > now).then(|| Grant {
            email: claims["iss"].as_str().unwrap_or_default().to_owned(),
            scopes: scopes.split(' ').map(str::to_owned).collect(),
            expires,
        })
    }

    pub(crate) fn decide(&mut self, user_code: &str, is_allowed: bool) -> bool {
        let mut devices = self.devices.values_mut();
        let device = devices.find(|device| device.user_code == user_code);
        device.is_some_and(|device| {
            device.decision = Some(is_allowed);
            true
        })
    }

    pub(crate) fn waiting_devices(&self) -> Vec<String> {
        let waiting = self
            .devices
            .values()
            .filter(|device| device.decision.is_none());
        waiting.map(|device| device.user_code.clone()).collect()
    }
}

/// Splits the scopes of a request.
pub(crate) fn scopes_in(text: Option<String>) -> Vec<String> {
    let text = text.unwrap_or_default();
    text.split_whitespace().map(str::to_owned).collect()
}
