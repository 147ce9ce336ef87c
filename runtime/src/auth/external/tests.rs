//! External accounts with a transport in memory.

mod aws;
mod checks;
#[cfg(unix)]
mod executable;
mod source;

use super::ExternalAccount;
use super::testing::{JWT, WORKFORCE, WORKLOAD, body, form, generated, header, issued, of_url};
use super::testing::{token, token_for, with};
use crate::transport::MockTransport;
use serde_json::{Value, json};

const IMPERSONATION: &str = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/robot@p.iam.gserviceaccount.com:generateAccessToken";

fn account(file: &Value) -> ExternalAccount {
    ExternalAccount::from_json(&file.to_string()).unwrap()
}

/// The text of the error of a file.
fn problem(file: &Value) -> String {
    let error = ExternalAccount::from_json(&file.to_string()).unwrap_err();
    error.to_string()
}

#[tokio::test]
async fn a_subject_token_becomes_a_token() {
    let mock = MockTransport::new()
        .respond(200, "subject\n")
        .respond(200, issued("google"));
    assert_eq!(
        token(&account(&of_url()), &mock).await.unwrap(),
        "Bearer google"
    );
    let [subject, exchange] = &mock.requests()[..] else {
        panic!("{:?}", mock.requests());
    };
    assert_eq!(
        (subject.method().as_str(), subject.uri()),
        ("GET", &"http://127.0.0.1:1/token".parse().unwrap())
    );
    assert_eq!(exchange.method(), "POST");
    assert_eq!(exchange.uri(), "https://sts.googleapis.com/v1/token");
    assert_eq!(
        header(exchange, "content-type"),
        "application/x-www-form-urlencoded"
    );
    assert_eq!(header(exchange, "authorization"), "");
    let client = header(exchange, "x-goog-api-client");
    assert!(
        client
            .ends_with(" google-byoid-sdk sa-impersonation/false config-lifetime/false source/url"),
        "{client}"
    );
    let expected = [
        (
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ),
        ("audience", WORKLOAD),
        ("scope", "scope-a scope-b"),
        (
            "requested_token_type",
            "urn:ietf:params:oauth:token-type:access_token",
        ),
        ("subject_token", "subject"),
        ("subject_token_type", JWT),
    ];
    assert_eq!(
        form(exchange),
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[tokio::test]
async fn a_workforce_pool_names_the_project_or_the_client() {
    let file = with(
        of_url(),
        json!({"audience": WORKFORCE, "workforce_pool_user_project": "123"}),
    );
    let mock = MockTransport::new()
        .respond(200, "subject")
        .respond(200, issued("google"));
    token(&account(&file), &mock).await.unwrap();
    // As google-auth sends it: encoded twice.
    let body = mock.requests()[1].body().clone();
    let body = str::from_utf8(&body).unwrap();
    assert!(
        body.ends_with("&options=%257B%2522userProject%2522%253A%2520%2522123%2522%257D"),
        "{body}"
    );

    let file = with(file, json!({"client_id": "id", "client_secret": "secret"}));
    let mock = MockTransport::new()
        .respond(200, "subject")
        .respond(200, issued("google"));
    token(&account(&file), &mock).await.unwrap();
    let exchange = &mock.requests()[1];
    assert_eq!(header(exchange, "authorization"), "Basic aWQ6c2VjcmV0");
    assert!(form(exchange).iter().all(|(name, _)| name != "options"));

    let file = with(of_url(), json!({"workforce_pool_user_project": "123"}));
    assert!(problem(&file).contains("`workforce_pool_user_project` of the external account"));
}

#[tokio::test]
async fn a_service_account_is_impersonated() {
    let file = with(
        of_url(),
        json!({
            "service_account_impersonation_url": IMPERSONATION,
            "service_account_impersonation": {"token_lifetime_seconds": 2800},
            "quota_project_id": "payer",
        }),
    );
    let account = account(&file);
    let mock = MockTransport::new()
        .respond(200, "subject")
        .respond(200, issued("pool"))
        .respond(200, generated("robot"));
    assert_eq!(token(&account, &mock).await.unwrap(), "Bearer robot");
    // The token is cached.
    assert_eq!(token(&account, &mock).await.unwrap(), "Bearer robot");
    let [_, exchange, iam] = &mock.requests()[..] else {
        panic!("{:?}", mock.requests());
    };
    let scope = form(exchange)
        .into_iter()
        .find(|(name, _)| name == "scope")
        .unwrap()
        .1;
    assert_eq!(scope, "https://www.googleapis.com/auth/iam");
    let client = header(exchange, "x-goog-api-client");
    assert!(
        client.ends_with("sa-impersonation/true config-lifetime/true source/url"),
        "{client}"
    );
    assert_eq!(iam.uri(), IMPERSONATION);
    assert_eq!(header(iam, "authorization"), "Bearer pool");
    assert_eq!(header(iam, "x-goog-user-project"), "payer");
    assert_eq!(header(iam, "content-type"), "application/json");
    assert!(header(iam, "x-goog-api-client").ends_with(" auth-request-type/at cred-type/imp"));
    let expected = json!({"delegates": null, "scope": ["scope-a", "scope-b"], "lifetime": "2800s"});
    assert_eq!(body(iam), expected);
}

#[tokio::test]
async fn a_subject_needs_a_service_account() {
    let mock = MockTransport::new();
    let error = token_for(&account(&of_url()), &mock, Some("user@example.com"))
        .await
        .unwrap_err();
    assert!(
        error.contains("help: add `service_account_impersonation_url`"),
        "{error}"
    );
    assert!(mock.requests().is_empty());

    let file = with(
        of_url(),
        json!({"service_account_impersonation_url": IMPERSONATION}),
    );
    let mock = MockTransport::new()
        .respond(200, "subject")
        .respond(200, issued("pool"))
        .respond(200, json!({"signedJwt": "signed"}).to_string())
        .respond(200, issued("user"));
    let user = token_for(&account(&file), &mock, Some("user@example.com")).await;
    assert_eq!(user.unwrap(), "Bearer user");
    let uri = mock.requests()[2].uri().to_string();
    assert!(
        uri.ends_with("/robot@p.iam.gserviceaccount.com:signJwt"),
        "{uri}"
    );
}

#[tokio::test]
async fn a_universe_has_a_token_server_of_its_own() {
    let file = with(
        of_url(),
        json!({"universe_domain": "universe.example", "token_url": null}),
    );
    let mock = MockTransport::new()
        .respond(200, "subject")
        .respond(200, issued("google"));
    token(&account(&file), &mock).await.unwrap();
    assert_eq!(
        mock.requests()[1].uri(),
        "https://sts.universe.example/v1/token"
    );

    let file = with(
        file,
        json!({"service_account_impersonation_url": IMPERSONATION}),
    );
    let error = problem(&file);
    assert!(
        error.contains("is not a URL of `iamcredentials.universe.example`"),
        "{error}"
    );
}

/// The token server repeats what it was sent, in several encodings.
#[tokio::test]
async fn errors_show_no_secrets() {
    let file = with(
        of_url(),
        json!({"client_id": "id", "client_secret": "SECRET/secret"}),
    );
    for said in [
        "subject/SUBJECT",
        "subject%2FSUBJECT",
        "SECRET/secret",
        "aWQ6U0VDUkVUL3NlY3JldA==",
    ] {
        let response =
            json!({"error": "invalid_grant", "error_description": format!("not {said}!")});
        let mock = MockTransport::new()
            .respond(200, "subject/SUBJECT")
            .respond(400, response.to_string());
        let error = token(&account(&file), &mock).await.unwrap_err();
        assert!(error.contains("sts.googleapis.com"), "{error}");
        assert!(!error.contains(said), "{error}");
    }
}

#[tokio::test]
async fn errors_of_the_token_server_say_what_to_do() {
    let response = json!({"error": "invalid_target", "error_description": "The target service indicated by the \"audience\" parameters is invalid."});
    let mock = MockTransport::new()
        .respond(200, "subject")
        .respond(400, response.to_string());
    let error = token(&account(&of_url()), &mock).await.unwrap_err();
    assert!(error.contains("invalid_target"), "{error}");
    assert!(
        error.contains("help: check `audience` of the file"),
        "{error}"
    );
    for (code, expected) in [
        (
            "invalid_grant",
            "help: check that the subject token has not expired",
        ),
        ("unauthorized_client", "help: check the attribute condition"),
        ("invalid_client", "help: check `client_id`"),
        ("invalid_scope", "help: check the spelling of the scopes"),
    ] {
        let mock = MockTransport::new().respond(200, "subject");
        let mock = mock.respond(400, json!({"error": code}).to_string());
        let error = token(&account(&of_url()), &mock).await.unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    for (response, expected) in [
        ("{}", "has no `access_token`"),
        ("[]", "is not a JSON object"),
        ("text", "is not a JSON object"),
    ] {
        let mock = MockTransport::new()
            .respond(200, "subject")
            .respond(200, response);
        let error = token(&account(&of_url()), &mock).await.unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

#[tokio::test]
async fn a_user_of_a_workforce_pool_is_refreshed() {
    let file = json!({
        "type": "external_account_authorized_user",
        "audience": WORKFORCE,
        "refresh_token": "refresh-1",
        "token_url": "https://sts.googleapis.com/v1/oauthtoken",
        "token_info_url": "https://sts.googleapis.com/v1/introspect",
        "client_id": "id",
        "client_secret": "secret",
    });
    let account = account(&file);
    let response = json!({"access_token": "one", "expires_in": 1, "refresh_token": "refresh-2"});
    let mock = MockTransport::new()
        .respond(200, response.to_string())
        .respond(200, issued("two"));
    assert_eq!(token(&account, &mock).await.unwrap(), "Bearer one");
    assert_eq!(token(&account, &mock).await.unwrap(), "Bearer two");
    let [first, second] = &mock.requests()[..] else {
        panic!("{:?}", mock.requests());
    };
    assert_eq!(header(first, "authorization"), "Basic aWQ6c2VjcmV0");
    assert_eq!(
        first.body(),
        "grant_type=refresh_token&refresh_token=refresh-1"
    );
    assert_eq!(
        second.body(),
        "grant_type=refresh_token&refresh_token=refresh-2"
    );

    for name in ["refresh_token", "token_url", "client_id", "client_secret"] {
        let mut members = serde_json::Map::new();
        members.insert(name.to_owned(), Value::Null);
        let error = problem(&with(file.clone(), Value::Object(members)));
        assert!(
            error.contains(&format!("`{name}` of the external account is missing")),
            "{error}"
        );
        assert!(
            error.contains("gcloud auth application-default login"),
            "{error}"
        );
    }
}

#[test]
fn debug_shows_no_secret() {
    let file = with(
        of_url(),
        json!({"client_id": "id", "client_secret": "SECRET-SECRET"}),
    );
    let shown = format!("{:?}", account(&file));
    assert!(shown.contains("workloadIdentityPools"), "{shown}");
    assert!(!shown.contains("SECRET"), "{shown}");
}
