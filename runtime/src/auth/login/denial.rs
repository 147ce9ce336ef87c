//! Errors of authorization servers (RFC 6749, section 4.1.2.1; RFC 8628, section 3.5), which come before there is a token.

use super::page::Page;
use crate::credentials::CredentialsError;

/// The length up to which an unknown code is shown. It comes through the browser.
const LONGEST_CODE: usize = 40;

/// Returns the error for a code.
pub(super) fn of(code: &str) -> CredentialsError {
    let (problem, help) = match code {
        "access_denied" => (
            "the user or an administrator did not allow the access",
            "log in again and allow it, or ask the administrator of the organization",
        ),
        "admin_policy_enforced" => (
            "the policy of the organization forbids the scopes",
            "ask the administrator of the organization to allow the client",
        ),
        "org_internal" => (
            "the OAuth client is for members of its organization only",
            "log in with an account of the organization, or publish the consent screen",
        ),
        "expired_token" => (
            "the code expired before somebody entered it",
            "log in again",
        ),
        "invalid_scope" => (
            "the authorization server does not know the scopes",
            "check the spelling of the scopes; a device login can ask for few of them",
        ),
        "unauthorized_client" | "invalid_client" | "deleted_client" | "disabled_client" => (
            "the authorization server does not accept the OAuth client",
            "check that it still exists, and its type: `Desktop app` for a browser, `TVs and Limited Input devices` for a device",
        ),
        "redirect_uri_mismatch" => (
            "the OAuth client does not accept a redirect to this machine",
            "create an OAuth client of the type `Desktop app`",
        ),
        "server_error" | "temporarily_unavailable" => {
            ("the authorization server has a problem", "try again later")
        }
        _ => ("the authorization server returned an error", "log in again"),
    };
    let code = if is_code(code) { code } else { "unknown code" };
    CredentialsError::permanent(format!(
        "the login failed: {problem} ({code}); help: {help}"
    ))
}

/// Returns the page for a code.
pub(super) fn page(code: &str) -> Page {
    match code {
        "access_denied" | "admin_policy_enforced" => Page::Denied,
        _ => Page::Failed,
    }
}

/// Returns `true` if a text looks like a code, so that it can be shown.
fn is_code(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    text.len() <= LONGEST_CODE && !text.is_empty() && text.bytes().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lead_to_advice() {
        let denied = of("access_denied").to_string();
        assert!(
            denied.contains("(access_denied); help: log in again"),
            "{denied}"
        );
        assert_eq!(page("access_denied"), Page::Denied);
        assert!(
            of("interaction_required")
                .to_string()
                .contains("(interaction_required)")
        );
        for hostile in ["\u{1b}[2J", "<b>", "", &"a".repeat(41), "4/0Acode"] {
            let error = of(hostile).to_string();
            assert!(error.contains("(unknown code)"), "{error}");
            assert_eq!(page(hostile), Page::Failed);
        }
    }
}
