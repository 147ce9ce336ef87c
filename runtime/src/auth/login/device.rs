//! The login with a code on another device (RFC 8628), for machines without a browser.

use super::super::address::{Plain, checked};
use super::client::OAuthClient;
use super::denial;
use super::grant::{Granted, code};
use super::session::{Flow, Session};
use super::settings::{
    Interaction, LONGEST_TIMEOUT, LoginPrompt, Settings, login_functions, login_provider,
};
use crate::auth::exchange::post_form;
use crate::auth::store::TokenStore;
use crate::credentials::{CredentialsContext, CredentialsError, CredentialsProvider};
use crate::transport::BoxFuture;
use http::HeaderMap;
use serde_json::Value;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// The time that the user has to log in, if the server has no shorter one. Google's has 30 minutes.
const TIMEOUT: Duration = Duration::from_mins(30);

/// The grant type of a device code (RFC 8628, section 3.4).
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The time between two polls, if the server states none (RFC 8628, section 3.2).
const INTERVAL: Duration = Duration::from_secs(5);

/// The bounds of the time between two polls. A server that returns `slow_down` can exceed the upper one.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);
const LONGEST_INTERVAL: Duration = Duration::from_mins(1);

/// The length, in bytes, up to which the texts of a server are shown.
const LONGEST_TEXT: usize = 512;

/// Credentials of a user who logs in with a browser on another device.
///
/// The first call prints a URL and a code on stderr, and waits. The user opens the URL, for instance on a phone, and enters the
/// code. Later calls and later runs of the program use the refresh token in the [`TokenStore`].
///
/// Google allows [few scopes](https://developers.google.com/identity/protocols/oauth2/limited-input-device#allowedscopes) for this
/// kind of login. The OAuth client must have the type *TVs and Limited Input devices*.
///
/// ```
/// use gapi_runtime::auth::{DeviceLogin, OAuthClient};
/// use gapi_runtime::{ClientBuilder, CredentialsError, Service};
///
/// # fn example<S: Service>() -> Result<ClientBuilder<S>, CredentialsError> {
/// let client = OAuthClient::from_file("client_secret.json")?;
/// let login = DeviceLogin::new(client).on_prompt(|prompt| println!("{prompt}"));
/// Ok(ClientBuilder::new().credentials(login))
/// # }
/// ```
pub struct DeviceLogin {
    session: Session,
}

impl DeviceLogin {
    /// Creates the credentials of the users of an OAuth client. Nothing is read or sent before the first call.
    #[must_use]
    pub fn new(client: OAuthClient) -> Self {
        Self {
            session: Session::new(Settings::new(client, TIMEOUT)),
        }
    }

    /// Sets the time that the user has to log in. By default it is 30 minutes. The server can set a shorter one. The wait for
    /// the login of another process has the same limit.
    ///
    /// This is the only limit of a login. No limit of a call includes it: neither its timeout nor those of its retry policy.
    ///
    /// ```no_run
    /// # #[cfg(feature = "hyper")]
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi_runtime::auth::{DeviceLogin, Interaction, OAuthClient, TokenStore};
    /// use gapi_runtime::{HttpTransport, Transport};
    /// use std::sync::Arc;
    /// use std::time::Duration;
    ///
    /// let login = DeviceLogin::new(OAuthClient::from_file("client_secret.json")?)
    ///     .scopes(["https://www.googleapis.com/auth/drive.file"])
    ///     .account("ada@example.com")
    ///     .store(TokenStore::in_file("tokens.json"))
    ///     .on_first_use(Interaction::Fail)
    ///     .on_revoked(Interaction::LogIn)
    ///     .on_missing_scope(Interaction::LogIn)
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

login_provider!(DeviceLogin);

impl Flow for DeviceLogin {
    fn ask<'a>(
        &'a self,
        settings: &'a Settings,
        scopes: &'a [String],
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<Granted, CredentialsError>> {
        Box::pin(log_in_with_code(settings, scopes, context))
    }
}

/// The response of the device authorization endpoint (RFC 8628, section 3.2). It has no `Debug`, because it holds the codes.
struct Authorization {
    device_code: String,
    user_code: String,
    url: String,
    lifetime: Duration,
    interval: Duration,
}

impl Authorization {
    fn of(response: &Value) -> Result<Self, CredentialsError> {
        let problem = |problem: &str| {
            CredentialsError::permanent(format!("the response to the device login {problem}"))
        };
        let text = |name: &str| response.get(name).and_then(Value::as_str);
        let shown = |name: &str, text: Option<&str>| {
            let text = text.ok_or_else(|| problem(&format!("has no `{name}`")))?;
            let is_plain = text
                .bytes()
                .all(|byte| byte.is_ascii_graphic() || byte == b' ');
            if is_plain && !text.is_empty() && text.len() <= LONGEST_TEXT {
                Ok(text.to_owned())
            } else {
                Err(problem(&format!("has a malformed `{name}`")))
            }
        };
        let seconds = |name: &str| {
            let seconds = response.get(name).and_then(Value::as_f64);
            seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        };
        // Google's servers had the second name before the RFC.
        let url = text("verification_uri").or_else(|| text("verification_url"));
        let url = shown("verification_uri", url)?;
        checked(&url, Plain::Loopback)
            .map_err(|reason| problem(&format!("has a `verification_uri` that {reason}")))?;
        let interval = seconds("interval").unwrap_or(INTERVAL);
        Ok(Self {
            device_code: text("device_code")
                .ok_or_else(|| problem("has no `device_code`"))?
                .to_owned(),
            user_code: shown("user_code", text("user_code"))?,
            url,
            lifetime: seconds("expires_in").unwrap_or(TIMEOUT),
            interval: interval.clamp(SHORTEST_INTERVAL, LONGEST_INTERVAL),
        })
    }
}

async fn log_in_with_code(
    settings: &Settings,
    scopes: &[String],
    context: &CredentialsContext<'_>,
) -> Result<Granted, CredentialsError> {
    let client = &settings.client;
    let Some(device_uri) = client.device_uri() else {
        return Err(CredentialsError::permanent(
            "the OAuth client has no device authorization endpoint; \
             help: set it with `OAuthClient::device_authorization_uri`",
        ));
    };
    let scope = scopes.join(" ");
    let form = [("client_id", client.client_id()), ("scope", &scope)];
    let response = post(device_uri, &form, &[], context).await;
    let response = response.map_err(|error| explained(error, true))?;
    let authorization = Authorization::of(&response)?;
    settings.show(&LoginPrompt {
        url: authorization.url.clone(),
        user_code: Some(authorization.user_code.clone()),
        is_browser_open: false,
    });
    wait(settings, &authorization, scopes, context).await
}

/// Asks the token server until the user has entered the code.
async fn wait(
    settings: &Settings,
    authorization: &Authorization,
    scopes: &[String],
    context: &CredentialsContext<'_>,
) -> Result<Granted, CredentialsError> {
    let client = &settings.client;
    let device_code = authorization.device_code.as_str();
    let form = client.form(&[("grant_type", DEVICE_CODE), ("device_code", device_code)]);
    let secrets = [
        device_code,
        authorization.user_code.as_str(),
        client.secret().unwrap_or_default(),
    ];
    let limit = settings.timeout.min(authorization.lifetime);
    let end = Instant::now() + limit;
    let mut interval = authorization.interval;
    // The delay that the server asks for before the next poll.
    let mut pause = Duration::ZERO;
    while interval.max(pause) < end.saturating_duration_since(Instant::now()) {
        sleep(interval.max(std::mem::take(&mut pause))).await;
        let error = match post(client.token_uri(), &form, &secrets, context).await {
            Ok(response) => return Granted::of(&response, scopes, &settings.account),
            Err(error) => error,
        };
        // RFC 8628, section 3.5.
        match code(&error) {
            Some("authorization_pending") => {}
            Some("slow_down") => interval += INTERVAL,
            _ if error.is_transient() => {
                interval = interval.max((interval * 2).min(LONGEST_INTERVAL));
                pause = error.retry_after().unwrap_or_default();
            }
            _ => return Err(explained(error, false)),
        }
    }
    // The server may not have noticed it yet, or the program has less patience.
    Err(denial::of("expired_token"))
}

async fn post(
    uri: &str,
    form: &[(&str, &str)],
    secrets: &[&str],
    context: &CredentialsContext<'_>,
) -> Result<Value, CredentialsError> {
    let response = timeout(
        context.token_timeout(),
        post_form(context, uri, form, &[], secrets),
    );
    let response = response.await;
    response.map_err(|_| {
        CredentialsError::transient("the authorization server did not respond in time")
    })?
}

/// Returns the error with advice for a login, if there is some. `is_first` is true for the request that starts the login.
fn explained(error: CredentialsError, is_first: bool) -> CredentialsError {
    match code(&error) {
        Some(
            code @ ("access_denied" | "admin_policy_enforced" | "expired_token" | "org_internal"),
        ) => denial::of(code),
        Some(code @ ("invalid_client" | "invalid_scope" | "unauthorized_client")) if is_first => {
            denial::of(code)
        }
        _ => error,
    }
}
