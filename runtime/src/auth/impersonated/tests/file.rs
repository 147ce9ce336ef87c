//! Files with impersonated service accounts.

use super::super::super::external::testing::{body, form, generated, header, issued, of_url};
use super::super::super::external::testing::{request, token, with};
use super::{ACCOUNTS, Impersonated, ROBOT};
use crate::transport::MockTransport;
use serde_json::json;

#[tokio::test]
async fn the_source_of_a_file_can_be_an_external_account() {
    let file = json!({
        "type": "impersonated_service_account",
        "service_account_impersonation_url": format!("{ACCOUNTS}{ROBOT}:generateAccessToken"),
        "delegates": ["projects/-/serviceAccounts/b@p"],
        "quota_project_id": "payer",
        "source_credentials": with(of_url(), json!({"quota_project_id": "payer-of-source"})),
    });
    let robot = Impersonated::from_json(&file.to_string()).unwrap();
    let mock = MockTransport::new()
        .respond(200, "subject")
        .respond(200, issued("pool"))
        .respond(200, generated("robot"));
    assert_eq!(token(&robot, &mock).await.unwrap(), "Bearer robot");
    let iam = &mock.requests()[2];
    assert_eq!(header(iam, "authorization"), "Bearer pool");
    assert_eq!(header(iam, "x-goog-user-project"), "payer-of-source");
    assert_eq!(
        body(iam)["delegates"],
        json!(["projects/-/serviceAccounts/b@p"])
    );

    // A chain of files.
    let chain = with(file.clone(), json!({"source_credentials": file}));
    let robot = Impersonated::from_json(&chain.to_string()).unwrap();
    let mock = MockTransport::new()
        .respond(200, "subject")
        .respond(200, issued("pool"))
        .respond(200, generated("first"))
        .respond(200, generated("second"));
    assert_eq!(token(&robot, &mock).await.unwrap(), "Bearer second");
    assert_eq!(header(&mock.requests()[3], "authorization"), "Bearer first");
}

/// gcloud writes an empty list of delegates.
#[tokio::test]
async fn a_file_can_name_scopes() {
    let file = json!({
        "type": "impersonated_service_account",
        "service_account_impersonation_url": format!("{ACCOUNTS}{ROBOT}:generateAccessToken"),
        "delegates": [],
        "scopes": ["scope-of-file"],
        "source_credentials": of_url(),
    });
    for (are_named, scopes) in [
        (false, json!(["scope-of-file"])),
        (true, json!(["scope-a", "scope-b"])),
    ] {
        let robot = Impersonated::from_json(&file.to_string()).unwrap();
        let mock = MockTransport::new()
            .respond(200, "subject")
            .respond(200, issued("pool"))
            .respond(200, generated("robot"));
        request(&robot, &mock, None, are_named).await.unwrap();
        let expected = json!({"delegates": [], "scope": scopes, "lifetime": "3600s"});
        assert_eq!(body(&mock.requests()[2]), expected);
    }
}

#[tokio::test]
async fn the_source_of_a_file_can_be_a_user() {
    let user = json!({
        "type": "authorized_user",
        "client_id": "id",
        "client_secret": "client-secret",
        "refresh_token": "refresh-token",
    });
    let file = json!({
        "type": "impersonated_service_account",
        "service_account_impersonation_url": format!("{ACCOUNTS}{ROBOT}:generateAccessToken"),
        "source_credentials": user,
    });
    let robot = Impersonated::from_json(&file.to_string()).unwrap();
    let mock = MockTransport::new()
        .respond(200, issued("user"))
        .respond(200, generated("robot"));
    assert_eq!(token(&robot, &mock).await.unwrap(), "Bearer robot");
    let [refresh, iam] = &mock.requests()[..] else {
        panic!("{:?}", mock.requests());
    };
    // The refresh token keeps the scopes that the user has granted.
    assert!(form(refresh).iter().all(|(name, _)| name != "scope"));
    assert_eq!(header(iam, "authorization"), "Bearer user");
}

#[tokio::test]
async fn a_source_that_fails_is_named() {
    let file = json!({
        "type": "impersonated_service_account",
        "service_account_impersonation_url": format!("{ACCOUNTS}{ROBOT}:generateAccessToken"),
        "source_credentials": of_url(),
    });
    let robot = Impersonated::from_json(&file.to_string()).unwrap();
    let mock = MockTransport::new()
        .respond(200, "subject")
        .respond(400, r#"{"error": "invalid_target"}"#);
    let error = token(&robot, &mock).await.unwrap_err();
    assert!(
        error.contains("the source of its tokens failed: the token server sts.googleapis.com"),
        "{error}"
    );
}

#[test]
fn a_file_is_checked_before_anything_is_sent() {
    let file = json!({
        "type": "impersonated_service_account",
        "service_account_impersonation_url": format!("{ACCOUNTS}{ROBOT}:generateAccessToken"),
        "source_credentials": of_url(),
    });
    for (members, expected) in [
        (
            json!({"type": "service_account"}),
            "is not `impersonated_service_account`",
        ),
        (
            json!({"source_credentials": null}),
            "`source_credentials` of the impersonated service account is missing",
        ),
        (
            json!({"source_credentials": with(of_url(), json!({"audience": null}))}),
            "`audience` of `source_credentials` of the impersonated service account is missing",
        ),
        (
            json!({"service_account_impersonation_url": null}),
            "`service_account_impersonation_url` of",
        ),
        (
            json!({"service_account_impersonation_url": "https://evil.example/robot@p:generateAccessToken"}),
            "is not a URL of `iamcredentials.googleapis.com`",
        ),
        (json!({"delegates": "a"}), "is not a list of strings"),
    ] {
        let error = Impersonated::from_json(&with(file.clone(), members).to_string()).unwrap_err();
        let error = error.to_string();
        assert!(error.contains(expected), "{error}");
    }
    let shown = format!("{:?}", Impersonated::from_json(&file.to_string()).unwrap());
    assert!(shown.contains(ROBOT), "{shown}");
}
