//! Errors of servers that issue tokens, and advice on the next thing to do.

use crate::credentials::CredentialsError;
use crate::error::Status;
use crate::secrets::Hidden;
use crate::transport::{Destination, TransportError};
use http::StatusCode;
use serde_json::Value;
use std::error::Error as StdError;
use std::fmt;

/// The grant of a refresh token (RFC 6749, section 6).
pub(super) const REFRESH_TOKEN: &str = "refresh_token";
/// The grant of a signed assertion (RFC 7523).
pub(super) const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// The grant of a token exchange (RFC 8693).
pub(super) const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// The difference between two clocks, in seconds, from which on it is the likely cause of a rejection.
pub(super) const SKEW: i64 = 20;

/// The longest code and the longest message of a server in an error, in characters.
const LONGEST_CODE: usize = 100;
const LONGEST_MESSAGE: usize = 1_000;

/// The codes of RFC 6749 and of Google for failures that pass.
const TRANSIENT: [&str; 3] = [
    "internal_failure",
    "server_error",
    "temporarily_unavailable",
];

/// The response of a server that issues no token.
#[derive(Debug)]
pub(super) struct Rejected {
    pub(super) status: StatusCode,
    /// The code, for instance `invalid_grant`.
    pub(super) code: Option<String>,
    /// `true` if the session of the user has ended. Google says so in the member `error_subtype`.
    is_session_over: bool,
    message: String,
    /// The seconds by which the clock of the server is ahead of the clock of this machine.
    skew: Option<i64>,
    /// The text for a person, without secrets.
    text: String,
}

/// The parties to a request that was rejected.
pub(super) struct Who<'a> {
    pub(super) server: &'static str,
    pub(super) destination: &'a Destination,
    pub(super) grant: Option<&'a str>,
    pub(super) subject: Option<&'a str>,
}

impl Rejected {
    pub(super) fn of(status: StatusCode, body: &[u8], skew: Option<i64>) -> Self {
        let said = Status::parse(body).unwrap_or_default();
        let json: Value = serde_json::from_slice(body).unwrap_or_default();
        let subtype = json.get("error_subtype").and_then(Value::as_str);
        Self {
            status,
            code: said.status.map(|code| shown(&code, LONGEST_CODE)),
            is_session_over: matches!(subtype, Some("invalid_rapt" | "rapt_required")),
            message: shown(&said.message, LONGEST_MESSAGE),
            skew,
            text: String::new(),
        }
    }

    /// Returns the response that an error was made of.
    pub(super) fn in_error(error: &CredentialsError) -> Option<&Self> {
        error.get_ref().downcast_ref()
    }

    /// Returns the seconds by which the clock of the server is ahead, if that is the likely cause.
    pub(super) fn clock_skew(&self) -> Option<i64> {
        let is_grant = self.code.as_deref() == Some("invalid_grant");
        self.skew.filter(|skew| is_grant && skew.abs() > SKEW)
    }

    fn is_transient(&self) -> bool {
        let is_code = |code: &str| TRANSIENT.contains(&code);
        self.status.is_server_error()
            || matches!(
                self.status,
                StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS
            )
            || self.code.as_deref().is_some_and(is_code)
    }

    /// Returns the error, with the words of the server unless they hold a secret, and with advice.
    pub(super) fn explain(mut self, who: &Who<'_>, hidden: &Hidden) -> CredentialsError {
        let said = Status {
            status: self.code.clone(),
            message: self.message.clone(),
            ..Status::default()
        };
        let said = said.to_string();
        let said = if said.is_empty() {
            format!("HTTP {}", self.status)
        } else if hidden.is_in(&said) {
            self.code = self.code.filter(|code| !hidden.is_in(code));
            self.message.clear();
            format!("[hidden], because the {} repeats a secret", who.server)
        } else {
            said
        };
        let Who {
            server,
            destination,
            ..
        } = who;
        self.text = format!("the {server} {destination} returned an error: {said}");
        if let Some(help) = self.help(who) {
            self.text.push_str("; help: ");
            self.text.push_str(&help);
        }
        if self.is_transient() {
            CredentialsError::transient(self)
        } else {
            CredentialsError::permanent(self)
        }
    }

    /// Returns the next thing to do.
    fn help(&self, who: &Who<'_>) -> Option<String> {
        if self.is_transient() {
            return Some(NETWORK.to_owned());
        }
        let message = self.message.to_ascii_lowercase();
        let has = |part: &str| message.contains(part);
        let is_jwt = who.grant == Some(JWT_BEARER);
        // A message of Google that names one of these has nothing to do with the time.
        let has_other_cause = ["account", "email", "signature"].into_iter().any(has);
        if is_jwt
            && !has_other_cause
            && let Some(skew) = self.clock_skew()
        {
            let direction = if skew > 0 { "behind" } else { "ahead of" };
            return Some(format!(
                "set the clock of this machine, which is {} s {direction} the clock of the server",
                skew.abs()
            ));
        }
        let is_exchange = who.grant == Some(TOKEN_EXCHANGE);
        let is_refresh = who.grant == Some(REFRESH_TOKEN);
        let help = match self.code.as_deref()? {
            "invalid_grant" if self.is_session_over => {
                "the session has ended by the policy of the organization: log in again"
            }
            "invalid_grant" if is_refresh => {
                "the refresh token has expired or was revoked: log in again, \
                 for gcloud's credentials with `gcloud auth application-default login`"
            }
            "invalid_grant" if is_jwt && who.subject.is_some() && has("email") => {
                "check that the subject is the address of a user of the domain"
            }
            "invalid_grant" if is_jwt && (has("iat") || has("exp") || has("short-lived")) => {
                "check the clock of this machine"
            }
            "invalid_grant" if is_jwt => {
                "check that the service account is enabled and that its key was not deleted; if so, create another key"
            }
            // AWS signs the time.
            "invalid_grant"
                if is_exchange
                    && (has("signature expired") || has("signature not yet current")) =>
            {
                "check the clock of this machine"
            }
            "invalid_grant" if is_exchange => {
                "check that the subject token has not expired, and that the provider of the pool accepts its issuer and its audience"
            }
            "unauthorized_client" if is_exchange => {
                "check the attribute condition and the attribute mapping of the provider of the pool"
            }
            "invalid_target" if is_exchange => {
                "check `audience` of the file: the pool and its provider must exist and be enabled"
            }
            "invalid_grant" => "the grant has expired or was used already: start again",
            "invalid_scope" => {
                "check the spelling of the scopes, and that the credentials were granted them; \
                 `scopes` of the builder sets others"
            }
            "unauthorized_client" if who.subject.is_some() => {
                "let an administrator of the domain allow the client id of the service account with exactly these scopes \
                 (Admin console: Security, API controls, Domain-wide delegation); a change takes some minutes"
            }
            "unauthorized_client" if is_jwt => {
                "the service account may act for users only: set `subject`, or check the scopes"
            }
            "unauthorized_client" | "invalid_client" | "deleted_client" | "disabled_client" => {
                "check `client_id` and `client_secret`, and that the OAuth client still exists"
            }
            "org_internal" | "access_denied" | "admin_policy_enforced" => {
                "ask an administrator of the organization to allow the application and its scopes"
            }
            "PERMISSION_DENIED" => {
                "check that the account has the role Service Account Token Creator \
                 (`roles/iam.serviceAccountTokenCreator`) on the service account"
            }
            "NOT_FOUND" => "check the name of the service account",
            _ => return None,
        };
        Some(help.to_owned())
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for Rejected {}

/// Returns the beginning of a text of a server or a program, without characters that control a terminal.
pub(super) fn shown(text: &str, longest: usize) -> String {
    let characters = text.chars().filter(|character| !character.is_control());
    characters.take(longest).collect()
}

/// Advice for a server that does not respond, or not for now.
pub(super) const NETWORK: &str = "check the network, the proxy and the address of the token server";

/// Returns the error for a request without a response.
pub(super) fn not_sent(
    server: &str,
    destination: &Destination,
    error: &TransportError,
) -> CredentialsError {
    let problem = error.describe(destination);
    let text = format!("{problem} ({server}); help: {NETWORK}");
    if error.is_transient() {
        CredentialsError::transient(text)
    } else {
        CredentialsError::permanent(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_member_of_a_response_shows_a_secret() {
        let secret = "1//0secret-refresh-token";
        for name in ["error", "error_description", "error_subtype"] {
            let mut body = json!({"error": "invalid_grant"});
            body[name] = secret.into();
            let body = body.to_string();
            let rejected = Rejected::of(StatusCode::BAD_REQUEST, body.as_bytes(), None);
            let who = Who {
                server: "token server",
                destination: &Destination::default(),
                grant: Some(REFRESH_TOKEN),
                subject: None,
            };
            let error = rejected.explain(&who, &Hidden::of(&[secret]));
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn a_long_message_is_cut_and_controls_no_terminal() {
        let message = "\u{1b}[2Jno\r\n".repeat(100_000);
        let body = json!({"error": "e".repeat(1_000), "error_description": message});
        let rejected = Rejected::of(StatusCode::BAD_REQUEST, body.to_string().as_bytes(), None);
        let who = Who {
            server: "token server",
            destination: &Destination::default(),
            grant: None,
            subject: None,
        };
        let error = rejected.explain(&who, &Hidden::of(&["1//0secret-refresh-token"]));
        let text = error.to_string();
        assert!(
            text.len() < 1_300 && !text.contains(char::is_control),
            "{text}"
        );
        assert!(format!("{error:?}").len() < 4_000);
    }

    #[test]
    fn a_wrong_clock_is_named_unless_there_is_another_cause() {
        let time = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. \
                    Check your iat and exp values in the JWT claim.";
        let aws = "Received invalid AWS response of type SignatureDoesNotMatch with error message: Signature expired: \
                   20261128T030000Z is now earlier than 20261128T031500Z (20261128T033000Z - 15 min.)";
        for (grant, message, expected) in [
            (
                JWT_BEARER,
                time,
                "set the clock of this machine, which is 60 s behind",
            ),
            (JWT_BEARER, "Invalid JWT Signature.", "create another key"),
            (
                JWT_BEARER,
                "Invalid grant: account not found",
                "service account is enabled",
            ),
            (
                JWT_BEARER,
                "Invalid email or User ID",
                "check that the subject",
            ),
            (TOKEN_EXCHANGE, aws, "check the clock of this machine"),
            (TOKEN_EXCHANGE, "The token has expired", "the subject token"),
        ] {
            let body = json!({"error": "invalid_grant", "error_description": message}).to_string();
            let rejected = Rejected::of(StatusCode::BAD_REQUEST, body.as_bytes(), Some(60));
            let who = Who {
                server: "token server",
                destination: &Destination::default(),
                grant: Some(grant),
                subject: Some("ada@example.com"),
            };
            let error = rejected.explain(&who, &Hidden::default()).to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
