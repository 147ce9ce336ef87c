//! The universe of credentials, which must be that of the client.

use super::CredentialsError;

/// Checks that the credentials and the client are of the same universe. `origin` is the kind of the credentials.
///
/// # Errors
/// They are not. The error names both universes, and the settings that choose them.
pub(super) fn check(origin: &str, theirs: &str, ours: &str) -> Result<(), CredentialsError> {
    if theirs == ours {
        return Ok(());
    }
    // The text comes from a file or a server.
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let is_domain = !theirs.is_empty() && theirs.chars().all(is_part);
    let (theirs, setting) = if is_domain {
        let setting = format!(
            "set `universe_domain(\"{theirs}\")` of the builder or `GOOGLE_CLOUD_UNIVERSE_DOMAIN={theirs}`"
        );
        (theirs, setting)
    } else {
        let setting = "correct `universe_domain` in the file of the credentials".to_owned();
        ("with a malformed name", setting)
    };
    Err(CredentialsError::permanent(format!(
        "the credentials ({origin}) are of the universe {theirs}, and the client is of the universe {ours}; \
         help: {setting}, or use credentials of {ours}"
    )))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn an_error_names_both_universes_and_the_settings() {
        assert!(check("provider", "a.example", "a.example").is_ok());
        let error = check("credentials file", "a.example", "googleapis.com").unwrap_err();
        assert_eq!(
            error.to_string(),
            "no credentials: the credentials (credentials file) are of the universe a.example, \
             and the client is of the universe googleapis.com; \
             help: set `universe_domain(\"a.example\")` of the builder or `GOOGLE_CLOUD_UNIVERSE_DOMAIN=a.example`, \
             or use credentials of googleapis.com"
        );
        for malformed in ["", "a b", "\u{1b}[2J", "1//SECRET"] {
            let error = check("provider", malformed, "googleapis.com")
                .unwrap_err()
                .to_string();
            assert!(error.contains("with a malformed name"), "{error}");
            assert!(
                !error.contains("SECRET") && !error.contains('\u{1b}'),
                "{error}"
            );
        }
    }
}
