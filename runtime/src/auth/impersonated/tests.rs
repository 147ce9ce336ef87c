//! Impersonation with a transport in memory.

mod file;

use super::super::external::testing::token_for;
use super::super::external::testing::{body, form, generated, header, issued, token};
use super::Impersonated;
use crate::credentials::{
    CLOUD_PLATFORM, CredentialsContext, CredentialsError, CredentialsProvider,
};
use crate::transport::{BoxFuture, MockTransport};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use serde_json::{Value, json};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const ROBOT: &str = "robot@p.iam.gserviceaccount.com";
const ACCOUNTS: &str = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/";

/// Credentials with a new token for each rejected one. They note what they are asked for.
#[derive(Default)]
struct Source {
    universe: Option<&'static str>,
    rejected: Mutex<usize>,
}

impl CredentialsProvider for Source {
    fn headers<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        assert_eq!(context.scopes(), ["https://www.googleapis.com/auth/iam"]);
        assert_eq!(context.subject(), None);
        // A refresh token keeps the scopes that it has.
        assert!(!context.has_named_scopes());
        let number = *self.rejected.lock().unwrap();
        Box::pin(async move {
            if number > 1 {
                return Err(CredentialsError::permanent("revoked"));
            }
            let value = HeaderValue::try_from(format!("Bearer source-token-{number}")).unwrap();
            Ok(HeaderMap::from_iter([(AUTHORIZATION, value)]))
        })
    }

    fn universe_domain<'a>(
        &'a self,
        _: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Option<String>> {
        Box::pin(async { self.universe.map(str::to_owned) })
    }

    fn reject(&self, headers: &HeaderMap) -> bool {
        assert!(headers.contains_key(AUTHORIZATION));
        *self.rejected.lock().unwrap() += 1;
        true
    }
}

fn robot() -> Impersonated {
    Impersonated::new(Source::default(), ROBOT)
}

/// Credentials of a user who needs a minute to log in.
#[derive(Default)]
struct Login(AtomicBool);

impl CredentialsProvider for Login {
    fn headers<'a>(
        &'a self,
        context: &'a CredentialsContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
        assert!(context.accepted_scopes().contains(&CLOUD_PLATFORM));
        Box::pin(async {
            if !self.0.load(Ordering::Relaxed) {
                tokio::time::sleep(Duration::from_mins(1)).await;
                self.0.store(true, Ordering::Relaxed);
            }
            let value = HeaderValue::from_static("Bearer user");
            Ok(HeaderMap::from_iter([(AUTHORIZATION, value)]))
        })
    }

    fn is_interactive(&self) -> bool {
        true
    }
}

#[tokio::test(start_paused = true)]
async fn a_source_may_wait_for_a_person() {
    let mock = MockTransport::new().respond(200, generated("robot"));
    let robot = Impersonated::new(Login::default(), ROBOT);
    assert!(robot.is_interactive() && !self::robot().is_interactive());
    for _ in 0..2 {
        assert_eq!(token(&robot, &mock).await.unwrap(), "Bearer robot");
    }
    assert_eq!(mock.requests().len(), 1);
}

/// A token that is valid needs no person, even if the source can get none.
#[tokio::test(start_paused = true)]
async fn a_source_is_not_asked_while_there_is_a_token() {
    struct Once(AtomicBool);

    impl CredentialsProvider for Once {
        fn headers<'a>(
            &'a self,
            _: &'a CredentialsContext<'a>,
        ) -> BoxFuture<'a, Result<HeaderMap, CredentialsError>> {
            Box::pin(async {
                if self.0.load(Ordering::Relaxed) {
                    return Err(CredentialsError::permanent("revoked"));
                }
                let value = HeaderValue::from_static("Bearer user");
                Ok(HeaderMap::from_iter([(AUTHORIZATION, value)]))
            })
        }

        fn is_interactive(&self) -> bool {
            true
        }

        fn reject(&self, _: &HeaderMap) -> bool {
            self.0.store(true, Ordering::Relaxed);
            false
        }
    }

    let mock = MockTransport::new().respond(200, generated("robot"));
    let source = std::sync::Arc::new(Once(AtomicBool::new(false)));
    let flow = super::Impersonation::new(source.clone(), super::Target::new(ROBOT));
    let robot = super::Cached::new(flow);
    assert_eq!(token(&robot, &mock).await.unwrap(), "Bearer robot");
    source.reject(&HeaderMap::new());
    assert_eq!(token(&robot, &mock).await.unwrap(), "Bearer robot");
    tokio::time::sleep(Duration::from_hours(1)).await;
    let error = token(&robot, &mock).await.unwrap_err();
    assert!(error.contains("revoked"), "{error}");
}

#[tokio::test]
async fn a_token_of_the_source_buys_a_token() {
    let mock = MockTransport::new().respond(200, generated("robot"));
    let robot = robot();
    assert_eq!(token(&robot, &mock).await.unwrap(), "Bearer robot");
    assert_eq!(token(&robot, &mock).await.unwrap(), "Bearer robot");
    let [iam] = &mock.requests()[..] else {
        panic!("{:?}", mock.requests());
    };
    assert_eq!(iam.method(), "POST");
    assert_eq!(
        iam.uri().to_string(),
        format!("{ACCOUNTS}{ROBOT}:generateAccessToken")
    );
    assert_eq!(header(iam, "authorization"), "Bearer source-token-0");
    assert_eq!(header(iam, "content-type"), "application/json");
    let expected = json!({"delegates": null, "scope": ["scope-a", "scope-b"], "lifetime": "3600s"});
    assert_eq!(body(iam), expected);
}

#[tokio::test]
async fn delegates_and_the_lifetime_are_sent() {
    let mock = MockTransport::new().respond(200, generated("robot"));
    let robot = robot()
        .delegates([
            "b@p.iam.gserviceaccount.com",
            "projects/-/serviceAccounts/c@p",
        ])
        .lifetime(Duration::from_hours(12));
    token(&robot, &mock).await.unwrap();
    let expected = json!({
        "delegates": [
            "projects/-/serviceAccounts/b@p.iam.gserviceaccount.com",
            "projects/-/serviceAccounts/c@p",
        ],
        "scope": ["scope-a", "scope-b"],
        "lifetime": "43200s",
    });
    assert_eq!(body(&mock.requests()[0]), expected);
}

#[tokio::test]
async fn a_lifetime_and_an_account_are_checked_before_a_request() {
    let mock = MockTransport::new();
    for lifetime in [Duration::ZERO, Duration::from_secs(43_201)] {
        let error = token(&robot().lifetime(lifetime), &mock).await.unwrap_err();
        assert!(
            error.contains("is not from 1 second to 12 hours"),
            "{error}"
        );
    }
    for email in ["", "a/b", "robot@p:signBlob?x=", "a b"] {
        let error = token(&Impersonated::new(Source::default(), email), &mock)
            .await
            .unwrap_err();
        assert!(error.contains("is not an email address"), "{error}");
    }
    assert!(mock.requests().is_empty());
}

#[tokio::test]
async fn the_universe_is_that_of_the_source() {
    let source = Source {
        universe: Some("universe.example"),
        ..Source::default()
    };
    let robot = Impersonated::new(source, ROBOT);
    let mock = MockTransport::new().respond(200, generated("robot"));
    token(&robot, &mock).await.unwrap();
    let host = mock.requests()[0].uri().host().unwrap().to_owned();
    assert_eq!(host, "iamcredentials.universe.example");
    let error = token(&robot.subject("user@example.com"), &mock)
        .await
        .unwrap_err();
    assert!(
        error.contains("no domain-wide delegation in other universes"),
        "{error}"
    );
    assert_eq!(mock.requests().len(), 1);
}

#[tokio::test]
async fn a_subject_is_signed_by_iam() {
    let of_credentials = robot().subject("user@example.com");
    let of_client = robot().subject("other@example.com");
    for (robot, subject) in [
        (of_credentials, None),
        (of_client, Some("user@example.com")),
    ] {
        let robot = robot.delegates(["b@p.iam.gserviceaccount.com"]);
        let mock = MockTransport::new()
            .respond(
                200,
                json!({"keyId": "1", "signedJwt": "signed.jwt.text"}).to_string(),
            )
            .respond(200, issued("user"));
        assert_eq!(
            token_for(&robot, &mock, subject).await.unwrap(),
            "Bearer user"
        );
        let [sign, exchange] = &mock.requests()[..] else {
            panic!("{:?}", mock.requests());
        };
        assert_eq!(sign.uri().to_string(), format!("{ACCOUNTS}{ROBOT}:signJwt"));
        assert_eq!(header(sign, "authorization"), "Bearer source-token-0");
        let sent = body(sign);
        let delegates = json!(["projects/-/serviceAccounts/b@p.iam.gserviceaccount.com"]);
        assert_eq!(sent["delegates"], delegates);
        let claims: Value = serde_json::from_str(sent["payload"].as_str().unwrap()).unwrap();
        let (issued_at, expires) = (
            claims["iat"].as_u64().unwrap(),
            claims["exp"].as_u64().unwrap(),
        );
        assert_eq!(expires - issued_at, 3600);
        let expected = json!({
            "iss": ROBOT,
            "scope": "scope-a scope-b",
            "sub": "user@example.com",
            "aud": "https://oauth2.googleapis.com/token",
            "iat": issued_at,
            "exp": expires,
        });
        assert_eq!(claims, expected);
        assert_eq!(exchange.uri(), "https://oauth2.googleapis.com/token");
        assert_eq!(header(exchange, "authorization"), "");
        assert!(
            header(exchange, "x-goog-api-client").ends_with(" auth-request-type/at cred-type/sa")
        );
        let expected = [
            ("assertion", "signed.jwt.text"),
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ];
        assert_eq!(
            form(exchange),
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }
}

#[tokio::test]
async fn a_domain_that_does_not_allow_the_account_says_so() {
    let response = json!({
        "error": "unauthorized_client",
        "error_description": "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.",
    });
    let mock = MockTransport::new()
        .respond(200, json!({"signedJwt": "signed.jwt.text"}).to_string())
        .respond(401, response.to_string());
    let error = token(&robot().subject("user@example.com"), &mock)
        .await
        .unwrap_err();
    assert!(error.contains("Domain-wide delegation"), "{error}");
}

#[tokio::test]
async fn errors_of_iam_name_the_account_and_the_role() {
    let denied = json!({"error": {
        "code": 403, "status": "PERMISSION_DENIED",
        "message": "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
    }});
    let mock = MockTransport::new().respond(403, denied.to_string());
    let error = token(&robot(), &mock).await.unwrap_err();
    assert!(
        error.contains(&format!("{ROBOT} cannot be impersonated")),
        "{error}"
    );
    assert!(
        error.contains("roles/iam.serviceAccountTokenCreator"),
        "{error}"
    );

    let repeats =
        json!({"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "source-token-0"}});
    let mock = MockTransport::new().respond(400, repeats.to_string());
    let error = token(&robot(), &mock).await.unwrap_err();
    assert!(!error.contains("source-token-0"), "{error}");

    for (response, expected) in [
        ("{}", "has no `accessToken`"),
        ("text", "is not JSON"),
        (r#"{"accessToken": "a b"}"#, "malformed"),
    ] {
        let mock = MockTransport::new().respond(200, response);
        let error = token(&robot(), &mock).await.unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    let mock = MockTransport::new().respond(200, "{}");
    let error = token(&robot().subject("user@example.com"), &mock)
        .await
        .unwrap_err();
    assert!(error.contains("has no `signedJwt`"), "{error}");
}

#[tokio::test]
async fn a_rejected_token_of_the_source_is_requested_anew() {
    let denied = json!({"error": {"code": 401, "status": "UNAUTHENTICATED", "message": "no"}});
    let mock = MockTransport::new()
        .respond(401, denied.to_string())
        .respond(200, generated("robot"));
    assert_eq!(token(&robot(), &mock).await.unwrap(), "Bearer robot");
    assert_eq!(
        header(&mock.requests()[1], "authorization"),
        "Bearer source-token-1"
    );
    // Once only.
    let mock = MockTransport::new()
        .respond(401, denied.to_string())
        .respond(401, denied.to_string());
    let error = token(&robot(), &mock).await.unwrap_err();
    assert!(error.contains("UNAUTHENTICATED"), "{error}");
    assert_eq!(mock.requests().len(), 2);
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_by_the_token_server() {
    let signed = || json!({"signedJwt": "signed.jwt.text"}).to_string();
    let rejected = json!({"error": "invalid_grant", "error_description": "Invalid JWT: iat"});
    let mut rejected = http::Response::new(bytes::Bytes::from(rejected.to_string()));
    *rejected.status_mut() = http::StatusCode::BAD_REQUEST;
    let date = HeaderValue::from_static("Mon, 28 Nov 2112 12:00:00 GMT");
    rejected.headers_mut().insert("date", date);
    let mock = MockTransport::new()
        .respond(200, signed())
        .respond_with(rejected)
        .respond(200, signed())
        .respond(200, issued("user"));
    let robot = robot().subject("user@example.com");
    assert_eq!(token(&robot, &mock).await.unwrap(), "Bearer user");
    let payload = body(&mock.requests()[2])["payload"]
        .as_str()
        .unwrap()
        .to_owned();
    let claims: Value = serde_json::from_str(&payload).unwrap();
    let server = 4_509_777_600;
    let issued_at = claims["iat"].as_i64().unwrap();
    assert!((issued_at - server).abs() < 100, "{issued_at}");
}
