//! The settings that both kinds of login have.

use super::super::store::{Owner, TokenStore};
use super::client::OAuthClient;
use std::fmt;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

/// The longest time for a login. It keeps sums with it in range.
pub(super) const LONGEST_TIMEOUT: Duration = Duration::from_hours(24 * 365);

/// The reaction to a situation that only a login resolves.
///
/// ```no_run
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_runtime::auth::{Interaction, OAuthClient, UserLogin};
///
/// // A server cannot ask the user, who logs in with another program.
/// let login = UserLogin::new(OAuthClient::from_file("client_secret.json")?)
///     .on_first_use(Interaction::Fail)
///     .on_revoked(Interaction::Fail)
///     .on_missing_scope(Interaction::Fail);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Interaction {
    /// Asks the user to log in. The call waits for it.
    #[default]
    LogIn,
    /// Fails with an error that says what is missing. The program can call `log_in` later.
    Fail,
}

/// A page that the user has to open to log in.
///
/// `Display` returns a text for a terminal.
///
/// ```
/// use gapi_runtime::auth::LoginPrompt;
///
/// /// Shows the page in the window of the application.
/// fn show(prompt: &LoginPrompt) {
///     match &prompt.user_code {
///         Some(code) => println!("enter {code} at {}", prompt.url),
///         None if prompt.is_browser_open => println!("look at your browser"),
///         None => println!("open {}", prompt.url),
///     }
/// }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct LoginPrompt {
    /// The URL of the page.
    pub url: String,
    /// The code that the user has to enter there. `None` if there is none.
    pub user_code: Option<String>,
    /// `true` if a browser was started with the page. It may not have opened it.
    pub is_browser_open: bool,
}

impl fmt::Display for LoginPrompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, user_code, .. } = self;
        match user_code {
            Some(code) => write!(
                f,
                "To log in, open {url} on any device and enter the code {code}"
            ),
            None if self.is_browser_open => write!(
                f,
                "Log in with the browser. If it does not show the page, open this URL:\n\n    {url}\n"
            ),
            None => write!(
                f,
                "To log in, open this URL in a browser on this machine:\n\n    {url}\n"
            ),
        }
    }
}

/// Shows neither the URL, which has the state of the login, nor the code.
impl fmt::Debug for LoginPrompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginPrompt")
            .field("has_user_code", &self.user_code.is_some())
            .field("is_browser_open", &self.is_browser_open)
            .finish_non_exhaustive()
    }
}

type Show = dyn Fn(&LoginPrompt) + Send + Sync;

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) client: OAuthClient,
    pub(super) scopes: Vec<String>,
    /// Empty for the only account.
    pub(super) account: String,
    pub(super) store: TokenStore,
    pub(super) on_first_use: Interaction,
    pub(super) on_revoked: Interaction,
    pub(super) on_missing_scope: Interaction,
    pub(super) timeout: Duration,
    pub(super) show: Option<Arc<Show>>,
}

impl Settings {
    pub(super) fn new(client: OAuthClient, timeout: Duration) -> Self {
        Self {
            client,
            scopes: Vec::new(),
            account: String::new(),
            store: TokenStore::default(),
            on_first_use: Interaction::LogIn,
            on_revoked: Interaction::LogIn,
            on_missing_scope: Interaction::LogIn,
            timeout,
            show: None,
        }
    }

    pub(super) fn owner(&self) -> Owner {
        Owner {
            client_id: self.client.client_id().to_owned(),
            token_uri: self.client.token_uri().to_owned(),
            account: self.account.clone(),
        }
    }

    /// Shows a page to the user, by default on stderr.
    pub(super) fn show(&self, prompt: &LoginPrompt) {
        match &self.show {
            Some(show) => show(prompt),
            // A program without stderr shows the page in another way.
            None => drop(writeln!(std::io::stderr(), "{prompt}")),
        }
    }
}

/// Shows no secrets.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("client", &self.client)
            .field("scopes", &self.scopes)
            .field("account", &self.account)
            .field("store", &self.store)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Defines the functions that both kinds of login have. The type has the field `session`.
macro_rules! login_functions {
    () => {
        /// Sets scopes to ask for at each login, in addition to those that the call needs. They spare the user a second
        /// consent.
        ///
        /// By default a login asks for what the call needs: the scopes of
        /// [`ClientBuilder::scopes`](crate::ClientBuilder::scopes), and otherwise the default scope of the method.
        #[must_use]
        pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
            self.session.settings.scopes = scopes.into_iter().map(Into::into).collect();
            self
        }

        /// Names the account: mostly an email address, which the login page then suggests. Each account has its own tokens in
        /// the store.
        ///
        /// The user can still choose another account on the page. With the scope `openid` or `email` the server states which
        /// one. Then a login with another email address fails.
        #[must_use]
        pub fn account(mut self, account: impl Into<String>) -> Self {
            self.session.settings.account = account.into();
            self
        }

        /// Sets the store of refresh tokens. By default it is [`TokenStore::default`].
        #[must_use]
        pub fn store(mut self, store: TokenStore) -> Self {
            self.session.settings.store = store;
            self
        }

        /// Sets the reaction to a call when no user has logged in. By default it is [`Interaction::LogIn`].
        #[must_use]
        pub fn on_first_use(mut self, interaction: Interaction) -> Self {
            self.session.settings.on_first_use = interaction;
            self
        }

        /// Sets the reaction to a refresh token that has expired or was revoked. By default it is [`Interaction::LogIn`].
        #[must_use]
        pub fn on_revoked(mut self, interaction: Interaction) -> Self {
            self.session.settings.on_revoked = interaction;
            self
        }

        /// Sets the reaction to a call that needs a scope which the user has not granted. By default it is
        /// [`Interaction::LogIn`]: the login asks for the scopes that were granted and the missing one.
        #[must_use]
        pub fn on_missing_scope(mut self, interaction: Interaction) -> Self {
            self.session.settings.on_missing_scope = interaction;
            self
        }

        /// Shows the login page in another way than on stderr, for instance in a window. The function must return soon.
        ///
        /// ```
        /// # use gapi_runtime::auth::{OAuthClient, UserLogin};
        /// # fn example(client: OAuthClient) -> UserLogin {
        /// UserLogin::new(client).on_prompt(|prompt| println!("{prompt}"))
        /// # }
        /// ```
        #[must_use]
        pub fn on_prompt(mut self, show: impl Fn(&LoginPrompt) + Send + Sync + 'static) -> Self {
            self.session.settings.show = Some(std::sync::Arc::new(show));
            self
        }

        /// Asks the user to log in now, even if there is a token, and stores the token. Asks for the scopes of
        /// [`scopes`](Self::scopes).
        ///
        /// The transport sends the requests for tokens, for instance `HttpTransport`.
        ///
        /// # Errors
        /// The user did not log in, or the store cannot be written.
        pub async fn log_in(
            &self,
            transport: &std::sync::Arc<dyn crate::Transport>,
        ) -> Result<(), CredentialsError> {
            let context = super::session::context(transport);
            self.session.log_in(self, None, &context).await
        }

        /// Removes the tokens of this client and account from the store. They remain valid until the user revokes them at
        /// <https://myaccount.google.com/connections>.
        ///
        /// # Errors
        /// The store cannot be written.
        pub async fn log_out(&self) -> Result<(), CredentialsError> {
            self.session.log_out().await
        }
    };
}
pub(super) use login_functions;

/// Implements `CredentialsProvider` and `Debug` for a kind of login.
macro_rules! login_provider {
    ($Login:ident) => {
        impl CredentialsProvider for $Login {
            fn headers<'a>(
                &'a self,
                context: &'a CredentialsContext<'a>,
            ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
                Box::pin(self.session.headers(self, context))
            }

            fn universe_domain<'a>(
                &'a self,
                _: &'a CredentialsContext<'a>,
            ) -> BoxFuture<'a, Option<String>> {
                let domain = self.session.settings.client.universe_domain();
                Box::pin(std::future::ready(Some(domain.to_owned())))
            }

            fn reject(&self, headers: &HeaderMap) -> bool {
                self.session.reject(headers)
            }

            fn keeps_deadline(&self) -> bool {
                true
            }

            fn is_interactive(&self) -> bool {
                true
            }

            fn unfinished(&self, time: Duration) -> Option<CredentialsError> {
                self.session.unfinished(time)
            }
        }

        /// Shows no secrets.
        impl std::fmt::Debug for $Login {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut shown = f.debug_tuple(stringify!($Login));
                shown.field(&self.session.settings).finish()
            }
        }
    };
}
pub(super) use login_provider;
