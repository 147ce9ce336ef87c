//! The login with a browser on this machine (RFC 8252).

use super::client::OAuthClient;
use super::grant::Granted;
use super::listener::{Arrival, Listener};
use super::page::Page;
use super::pkce::Secrets;
use super::redirect::Outcome;
use super::session::{Flow, Session};
use super::settings::{
    Interaction, LONGEST_TIMEOUT, LoginPrompt, Settings, login_functions, login_provider,
};
use super::{browser, denial};
use crate::auth::advice::Rejected;
use crate::auth::exchange::{form_body, post_form};
use crate::auth::store::TokenStore;
use crate::credentials::{CredentialsContext, CredentialsError, CredentialsProvider};
use crate::transport::BoxFuture;
use http::HeaderMap;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};

/// The time that the user has to log in, by default.
const TIMEOUT: Duration = Duration::from_mins(5);

/// The delay before the code is sent again to a server that could not exchange it for now. It doubles from time to time.
const FIRST_DELAY: Duration = Duration::from_millis(250);

/// The number of strangers who get a page at a time. Others are disconnected.
const MOST_STRANGERS: usize = 16;

/// Credentials of a user who logs in with a browser on this machine.
///
/// The first call opens the browser at the login page, and waits. Later calls and later runs of the program use the refresh token
/// in the [`TokenStore`]. Without a browser the URL of the page is printed on stderr.
///
/// ```
/// use gapi_runtime::auth::{OAuthClient, UserLogin};
/// use gapi_runtime::{ClientBuilder, CredentialsError, Service};
///
/// # fn example<S: Service>() -> Result<ClientBuilder<S>, CredentialsError> {
/// let client = OAuthClient::from_file("client_secret.json")?;
/// Ok(ClientBuilder::new().credentials(UserLogin::new(client)))
/// # }
/// ```
///
/// # Security
/// The redirect goes to a free port of a loopback address (RFC 8252, section 7.3). PKCE with `S256` (RFC 7636) and a random state
/// tie it to this process. The listener responds only to GET requests for its own address. It ignores, and counts, redirects
/// with another state: a web page or another program can send them at any time, and must not end the login.
///
/// # Several calls and processes
/// A store has one login at a time. Other calls and processes wait, and then use its token. If the user denies access, the
/// calls of the same program that wait fail too.
///
/// # Scopes
/// A refresh token is used with its own scopes. A call that needs another scope leads to a login that asks for it in addition
/// (incremental authorization). [`on_missing_scope`](Self::on_missing_scope) makes it an error instead.
pub struct UserLogin {
    session: Session,
    opens_browser: bool,
}

impl UserLogin {
    /// Creates the credentials of the users of an OAuth client. Nothing is read or sent before the first call.
    #[must_use]
    pub fn new(client: OAuthClient) -> Self {
        Self {
            session: Session::new(Settings::new(client, TIMEOUT)),
            opens_browser: true,
        }
    }

    /// Sets whether the browser is opened. By default it is. Otherwise the URL of the login page is only shown.
    #[must_use]
    pub fn open_browser(mut self, opens: bool) -> Self {
        self.opens_browser = opens;
        self
    }

    /// Sets the time that the user has to log in. By default it is 5 minutes. The wait for the login of another process has
    /// the same limit.
    ///
    /// This is the only limit of a login. No limit of a call includes it: neither its timeout nor those of its retry policy.
    ///
    /// ```no_run
    /// # #[cfg(feature = "hyper")]
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi_runtime::auth::{UserLogin, Interaction, OAuthClient, TokenStore};
    /// use gapi_runtime::{HttpTransport, Transport};
    /// use std::sync::Arc;
    /// use std::time::Duration;
    ///
    /// let login = UserLogin::new(OAuthClient::from_file("client_secret.json")?)
    ///     .scopes(["https://www.googleapis.com/auth/drive.file"])
    ///     .account("ada@example.com")
    ///     .store(TokenStore::in_file("tokens.json"))
    ///     .on_first_use(Interaction::Fail)
    ///     .on_revoked(Interaction::LogIn)
    ///     .on_missing_scope(Interaction::LogIn)
    ///     .open_browser(false)
    ///     .timeout(Duration::from_secs(120));
    /// let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new(true)?);
    /// login.log_in(&transport).await?; // now, and not with the first call
    /// login.log_out().await?;
    /// # Ok(())
    /// # }
    /// # fn main() {}
    /// ```
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.session.settings.timeout = timeout.min(LONGEST_TIMEOUT);
        self
    }

    login_functions!();
}

login_provider!(UserLogin);

impl Flow for UserLogin {
    fn ask<'a>(
        &'a self,
        settings: &'a Settings,
        scopes: &'a [String],
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<Granted, CredentialsError>> {
        Box::pin(self.log_in_with_browser(settings, scopes, context))
    }
}

/// An authorization request that the browser has, or will have.
struct Authorization<'a> {
    settings: &'a Settings,
    scopes: &'a [String],
    redirect_uri: String,
    secrets: Secrets,
    /// `true` if the page asks for consent that the user has already given. Only then some servers return a refresh token.
    asks_again: bool,
}

impl Authorization<'_> {
    fn url(&self) -> Result<String, CredentialsError> {
        let scope = self.scopes.join(" ");
        let challenge = self.secrets.challenge()?;
        let client = &self.settings.client;
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", client.client_id()),
            ("redirect_uri", &self.redirect_uri),
            ("scope", &scope),
            ("state", &self.secrets.state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("access_type", "offline"),
            ("include_granted_scopes", "true"),
        ];
        if self.asks_again {
            parameters.push(("prompt", "consent"));
        }
        if !self.settings.account.is_empty() {
            parameters.push(("login_hint", &self.settings.account));
        }
        let uri = client.auth_uri();
        let separator = if uri.contains('?') { '&' } else { '?' };
        Ok(format!("{uri}{separator}{}", form_body(&parameters)))
    }

    /// Exchanges the code for tokens (RFC 6749, section 4.1.3).
    async fn exchange(
        &self,
        code: &str,
        context: &CredentialsContext<'_>,
    ) -> Result<Granted, CredentialsError> {
        let client = &self.settings.client;
        let form = client.form(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", &self.secrets.verifier),
        ]);
        let secret = client.secret().unwrap_or_default();
        let secrets = [code, &self.secrets.verifier, secret];
        let end = Instant::now() + context.token_timeout().min(LONGEST_TIMEOUT);
        let mut delay = FIRST_DELAY;
        loop {
            let response = post_form(context, client.token_uri(), &form, &[], &secrets);
            let response = timeout_at(end, response).await.map_err(|_| {
                CredentialsError::permanent("the token server did not respond to the login in time")
            })?;
            let error = match response {
                Ok(response) => return Granted::of(&response, self.scopes, &self.settings.account),
                Err(error) => error,
            };
            // Without a response the server may have used the code.
            let wait = delay.max(error.retry_after().unwrap_or_default());
            let has_time = wait < end.saturating_duration_since(Instant::now());
            if !(error.is_transient() && Rejected::in_error(&error).is_some() && has_time) {
                return Err(error);
            }
            sleep(wait).await;
            delay *= 2;
        }
    }
}

impl UserLogin {
    async fn log_in_with_browser(
        &self,
        settings: &Settings,
        scopes: &[String],
        context: &CredentialsContext<'_>,
    ) -> Result<Granted, CredentialsError> {
        let mut listener = Listener::start().map_err(|error| {
            CredentialsError::permanent(format!(
                "the login cannot listen on a loopback address: {error}"
            ))
        })?;
        let mut authorization = Authorization {
            settings,
            scopes,
            redirect_uri: listener.redirect_uri(),
            secrets: Secrets::new()?,
            asks_again: false,
        };
        let end = Instant::now() + settings.timeout;
        let url = authorization.url()?;
        let is_browser_open = self.opens_browser && browser::open(&url).await;
        settings.show(&LoginPrompt {
            url,
            user_code: None,
            is_browser_open,
        });
        let mut strangers = 0;
        let mut showing = JoinSet::new();
        loop {
            let arrival = timeout_at(end, listener.next()).await;
            let arrival = arrival
                .map_err(|_| late(settings.timeout, strangers))?
                .map_err(CredentialsError::permanent)?;
            let Arrival { redirect, .. } = &arrival;
            if !authorization.secrets.has_state(&redirect.state) {
                strangers += 1;
                // The login does not wait for strangers who are slow to read.
                while showing.try_join_next().is_some() {}
                if showing.len() < MOST_STRANGERS {
                    showing.spawn(arrival.show(Page::Stranger));
                }
                continue;
            }
            let granted = match &redirect.outcome {
                Outcome::Error(code) => {
                    let (error, page) = (denial::of(code), denial::page(code));
                    arrival.show(page).await;
                    return Err(error);
                }
                Outcome::Code(code) => authorization.exchange(code, context).await,
            };
            match granted {
                Err(error) => {
                    arrival.show(Page::Failed).await;
                    return Err(error);
                }
                Ok(granted) if granted.refresh_token.is_none() && !authorization.asks_again => {
                    authorization.asks_again = true;
                    authorization.secrets = Secrets::new()?;
                    arrival.redirect_to(&authorization.url()?).await;
                }
                Ok(granted) => {
                    arrival.show(Page::Success).await;
                    return Ok(granted);
                }
            }
        }
    }
}

fn late(timeout: Duration, strangers: u32) -> CredentialsError {
    let strangers = match strangers {
        0 => String::new(),
        count => format!(" (ignored redirects with another state: {count})"),
    };
    CredentialsError::permanent(format!(
        "the user did not log in within {} s{strangers}; help: log in with the browser, or set another `timeout`",
        timeout.as_secs_f64()
    ))
}
