//! Files that cannot be used.

use super::super::ExternalAccount;
use super::super::testing::{of_url, with};
use super::{IMPERSONATION, problem};
use serde_json::{Value, json};

/// Checks that the file with other members is rejected with this text, and with advice.
fn check(members: Value, expected: &str) {
    let error = problem(&with(of_url(), members));
    assert!(error.contains(expected), "{error}");
    assert!(error.contains("help: "), "{error}");
}

#[test]
fn members_are_checked_before_anything_is_sent() {
    let of = "of the external account";
    for name in [
        "type",
        "audience",
        "subject_token_type",
        "credential_source",
    ] {
        check(json!({name: null}), &format!("`{name}` {of} is missing"));
    }
    for name in ["audience", "token_url", "client_id", "quota_project_id"] {
        check(json!({name: 1}), &format!("`{name}` {of} is not a string"));
    }
    check(
        json!({"type": "service_account"}),
        "`CredentialsFile::open`",
    );
    for url in [
        "http://sts.googleapis.com/v1/token",
        "http://169.254.169.254/token",
    ] {
        check(json!({"token_url": url}), "does not begin with https://");
    }
    let url = "service_account_impersonation_url";
    check(
        json!({url: "https://example.com/serviceAccounts/a@b:generateAccessToken"}),
        "is not a URL of `iamcredentials.googleapis.com`",
    );
    for path in [
        "v1/a@b:signBlob",
        "v1/a b:generateAccessToken",
        "v1/a@b:generateAccessToken?x",
    ] {
        let text = format!("https://iamcredentials.googleapis.com/{path}").replace(' ', "%20");
        check(json!({url: text}), "does not end with");
    }
    for seconds in [599, 43_201] {
        check(
            json!({
                url: IMPERSONATION,
                "service_account_impersonation": {"token_lifetime_seconds": seconds},
            }),
            "is not from 600 to 43200",
        );
    }
}

#[test]
fn sources_are_checked_before_anything_is_sent() {
    for (source, expected) in [
        (
            json!({}),
            "has no `file`, `url`, `executable` or `environment_id`",
        ),
        (
            json!({"file": "a", "url": "https://b.example"}),
            "has more than one of",
        ),
        (
            json!({"url": "http://b.example"}),
            "begins neither with https://",
        ),
        (
            json!({"url": "https://a:b@b.example"}),
            "contains a user name",
        ),
        (
            json!({"url": "https://b.example", "headers": {"a": 1}}),
            "`credential_source.headers.a` of",
        ),
        (
            json!({"url": "https://b.example", "headers": {"a b": "c"}}),
            "is not a list of headers",
        ),
        (
            json!({"file": "a", "format": {"type": "xml"}}),
            "is neither `text` nor `json`",
        ),
        (
            json!({"file": "a", "format": {"type": "json"}}),
            "`credential_source.format.subject_token_field_name` of the external account is missing",
        ),
        (
            json!({"certificate": {"use_default_certificate_config": true}}),
            "X.509 certificates",
        ),
        (json!({"file": "a", "environment_id": "aws1"}), "is for AWS"),
    ] {
        check(json!({"credential_source": source}), expected);
    }
}

#[test]
fn text_that_is_no_file_is_not_quoted() {
    let problem = |text: &str| ExternalAccount::from_json(text).unwrap_err().to_string();
    let error = problem("{\"client_secret\": \"SECRET");
    assert!(error.contains("is not JSON"), "{error}");
    assert!(!error.contains("SECRET"), "{error}");
    assert!(problem("[]").contains("`type` of the external account is missing"));
    let error = ExternalAccount::from_file("/nonexistent/file.json").unwrap_err();
    let error = error.to_string();
    assert!(
        error.contains("/nonexistent/file.json cannot be read"),
        "{error}"
    );
}
