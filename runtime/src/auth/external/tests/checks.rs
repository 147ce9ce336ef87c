//! Files that cannot be used.

use super::super::ExternalAccount;
use super::super::testing::{of_url, with};
use super::{IMPERSONATION, problem};
use serde_json::{Value, json};

#[test]
fn a_file_is_checked_before_anything_is_sent() {
    let source = |source: Value| with(of_url(), json!({"credential_source": source}));
    let member = |name: &str, value: Value| {
        let mut members = serde_json::Map::new();
        members.insert(name.to_owned(), value);
        with(of_url(), Value::Object(members))
    };
    for (file, expected) in [
        (json!([]), "is not a JSON object"),
        (
            member("type", json!("service_account")),
            "`CredentialsFile::open`",
        ),
        (
            member("audience", Value::Null),
            "`audience` of the external account is missing",
        ),
        (
            member("subject_token_type", Value::Null),
            "`subject_token_type` of",
        ),
        (
            member("token_url", json!("http://sts.googleapis.com/v1/token")),
            "does not begin with https://",
        ),
        (
            member("token_url", json!("http://169.254.169.254/token")),
            "does not begin with https://",
        ),
        (
            member("credential_source", Value::Null),
            "`credential_source` of the external account is missing",
        ),
        (
            source(json!({})),
            "has no `file`, `url`, `executable` or `environment_id`",
        ),
        (
            source(json!({"file": "a", "url": "https://b.example"})),
            "has more than one of",
        ),
        (
            source(json!({"url": "http://b.example"})),
            "begins neither with https://",
        ),
        (
            source(json!({"url": "https://b.example", "headers": {"a": 1}})),
            "`credential_source.headers.a` of",
        ),
        (
            source(json!({"url": "https://b.example", "headers": {"a b": "c"}})),
            "is not a list of headers",
        ),
        (
            source(json!({"file": "a", "format": {"type": "xml"}})),
            "is neither `text` nor `json`",
        ),
        (
            source(json!({"file": "a", "format": {"type": "json"}})),
            "`credential_source.format.subject_token_field_name` of the external account is missing",
        ),
        (
            source(json!({"certificate": {"use_default_certificate_config": true}})),
            "is not supported",
        ),
        (
            source(json!({"file": "a", "environment_id": "aws1"})),
            "is for AWS",
        ),
        (
            member(
                "service_account_impersonation_url",
                json!("https://example.com/serviceAccounts/a@b:generateAccessToken"),
            ),
            "is not a URL of `iamcredentials.googleapis.com`",
        ),
        (
            member(
                "service_account_impersonation_url",
                json!("https://iamcredentials.googleapis.com/v1/a@b:signBlob"),
            ),
            "does not end with",
        ),
        (
            with(
                member(
                    "service_account_impersonation",
                    json!({"token_lifetime_seconds": 100_000}),
                ),
                json!({"service_account_impersonation_url": IMPERSONATION}),
            ),
            "is not from 600 to 43200",
        ),
    ] {
        let error = problem(&file);
        assert!(error.contains(expected), "{error}");
        assert!(error.contains("help: "), "{error}");
    }
    let error = ExternalAccount::from_json("{\"client_secret\": \"SECRET")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("is not JSON (line 1") && !error.contains("SECRET"),
        "{error}"
    );
    let error = ExternalAccount::from_file("/nonexistent/file.json")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("/nonexistent/file.json cannot be read"),
        "{error}"
    );
}
