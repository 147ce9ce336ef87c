//! The headers that Application Default Credentials send, by kind.

use super::child::Child;
use super::server::{Server, json, response, status_json};
use gapi::gapi_runtime::Base64;
use serde_json::{Value, json as object};
use std::fs;
use std::path::{Path, PathBuf};

/// A key made for these tests, unknown to any server: PKCS #8, in base64.
const KEY: &str = include_str!("service_account.key");

const CLOUD_PLATFORM: &str = "https://www.googleapis.com/auth/cloud-platform";

pub(super) fn write(directory: &Path, content: &str) -> PathBuf {
    let path = directory.join("credentials.json");
    fs::write(&path, content).unwrap();
    path
}

/// Writes the key file of a service account, with a universe domain if there is one.
pub(super) fn service_account(directory: &Path, universe: Option<&str>) -> PathBuf {
    let mut key = object!({
        "type": "service_account",
        "client_email": "robot@p.iam.gserviceaccount.com",
        "private_key_id": "k",
        "private_key": format!("-----BEGIN PRIVATE KEY-----\n{KEY}-----END PRIVATE KEY-----\n"),
        "project_id": "p",
    });
    if let Some(universe) = universe {
        key["universe_domain"] = universe.into();
    }
    write(directory, &key.to_string())
}

/// Writes the file that `gcloud auth application-default login` writes, with the URL of a test server.
pub(super) fn user(directory: &Path, token_uri: &str) -> PathBuf {
    let user = object!({
        "type": "authorized_user",
        "client_id": "id",
        "client_secret": "SECRET-client",
        "refresh_token": "SECRET-refresh",
        "token_uri": token_uri,
        "quota_project_id": "file-payer",
    });
    write(directory, &user.to_string())
}

pub(super) const TOKEN: &str =
    r#"{"access_token": "SECRET-access", "expires_in": 3600, "token_type": "Bearer"}"#;

fn header<'a>(report: &'a Value, call: usize, name: &str) -> Option<&'a str> {
    let identity = report["sent"][call]["identity"].as_array().expect("sent");
    let header = identity.iter().find(|header| header[0] == name);
    header.map(|header| header[1].as_str().unwrap())
}

fn part(token: &str, position: usize) -> Value {
    let part: Base64 = object!(token.split('.').nth(position).unwrap())
        .as_str()
        .map(|text| serde_json::from_value(text.into()).unwrap())
        .unwrap();
    serde_json::from_slice(&part.decode().unwrap()).unwrap()
}

#[tokio::test]
async fn a_service_account_signs_its_own_tokens() {
    let directory = tempfile::tempdir().unwrap();
    let file = service_account(directory.path(), None);
    for (scope, settings) in [
        (CLOUD_PLATFORM, &["default", "recorded"][..]),
        ("scope-a", &["default", "recorded", "scope=scope-a"]),
    ] {
        let report = Child::new(settings).with_file(&file).run().await;
        assert_eq!(report["errors"], object!([]));
        let token = header(&report, 0, "authorization").unwrap();
        let token = token.strip_prefix("Bearer ").unwrap();
        assert_eq!(part(token, 0)["alg"], "RS256");
        let claims = part(token, 1);
        assert_eq!(claims["scope"], scope);
        assert_eq!(claims["iss"], "robot@p.iam.gserviceaccount.com");
        assert_eq!(header(&report, 1, "authorization").unwrap()[7..], *token);
    }
}

#[tokio::test]
async fn a_user_gets_tokens_from_the_token_server() {
    let directory = tempfile::tempdir().unwrap();
    for (payer, settings, variable) in [
        ("file-payer", &["default", "recorded"][..], None),
        ("variable", &["default", "recorded"], Some("variable")),
        (
            "said",
            &["payer=said", "default", "recorded"],
            Some("variable"),
        ),
    ] {
        let server = Server::start([json(TOKEN)]).await;
        let file = user(directory.path(), &(server.url() + "/token"));
        let mut child = Child::new(settings).with_file(&file);
        if let Some(project) = variable {
            child = child.with("GOOGLE_CLOUD_QUOTA_PROJECT", project);
        }
        let report = child.run().await;
        assert_eq!(report["errors"], object!([]));
        for call in 0..2 {
            assert_eq!(
                header(&report, call, "authorization"),
                Some("Bearer SECRET-access")
            );
            assert_eq!(header(&report, call, "x-goog-user-project"), Some(payer));
        }
        // The token is cached.
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        assert_eq!(requests[0].line, "POST /token HTTP/1.1");
        let form = requests[0].form();
        assert_eq!(form["grant_type"], "refresh_token");
        assert_eq!(form["refresh_token"], "SECRET-refresh");
        assert_eq!(form["client_secret"], "SECRET-client");
        // Scopes belong to the refresh token.
        assert!(!form.contains_key("scope"));
    }
}

/// The environment sets the project of the calls. A token request uses the project in the file of its source.
#[tokio::test]
async fn the_variable_for_quota_is_for_calls_only() {
    let directory = tempfile::tempdir().unwrap();
    for own in [None, Some("source-payer")] {
        let token = r#"{"accessToken": "SECRET-robot", "expireTime": "2126-01-01T00:00:00Z"}"#;
        let server = Server::start([json(TOKEN), json(token)]).await;
        let url = server.url();
        let mut source = object!({
            "type": "authorized_user",
            "client_id": "id",
            "client_secret": "SECRET-client",
            "refresh_token": "SECRET-refresh",
            "token_uri": format!("{url}/token"),
        });
        if let Some(project) = own {
            source["quota_project_id"] = project.into();
        }
        let file = object!({
            "type": "impersonated_service_account",
            "service_account_impersonation_url":
                format!("{url}/v1/projects/-/serviceAccounts/robot@p.iam.gserviceaccount.com:generateAccessToken"),
            "source_credentials": source,
        });
        let file = write(directory.path(), &file.to_string());
        let child = Child::new(&["default", "recorded"]).with_file(&file);
        let report = child
            .with("GOOGLE_CLOUD_QUOTA_PROJECT", "variable")
            .run()
            .await;
        assert_eq!(report["errors"], object!([]));
        let payer = header(&report, 0, "x-goog-user-project");
        assert_eq!(payer, Some("variable"));
        let [_, iam] = &server.requests()[..] else {
            panic!("{:?}", server.lines());
        };
        let expected: Vec<&str> = own.into_iter().collect();
        assert_eq!(iam.header("x-goog-user-project"), expected);
    }
}

#[tokio::test]
async fn the_metadata_server_is_asked_last() {
    for (universe, settings) in [
        (
            status_json("404 Not Found", "{}"),
            &["default", "recorded"][..],
        ),
        (
            response("200 OK", &[], "universe.example"),
            &["default", "recorded", "universe=universe.example"],
        ),
    ] {
        let server = Server::start([json(TOKEN), universe]).await;
        let child = Child::new(settings).with("GCE_METADATA_HOST", server.host());
        let report = child.run().await;
        assert_eq!(report["errors"], object!([]));
        assert_eq!(
            header(&report, 1, "authorization"),
            Some("Bearer SECRET-access")
        );
        let lines = server.lines();
        assert_eq!(lines.len(), 2, "{lines:?}");
        let token = "/computeMetadata/v1/instance/service-accounts/default/token?scopes=";
        assert!(lines[0].contains(token), "{lines:?}");
        assert!(lines[1].contains("/universe/universe-domain"), "{lines:?}");
        assert_eq!(server.requests()[0].header("metadata-flavor"), ["Google"]);
    }
}

#[tokio::test]
async fn a_universe_holds_for_credentials_and_root() {
    let directory = tempfile::tempdir().unwrap();
    let file = service_account(directory.path(), Some("universe.example"));
    let child = Child::new(&["default", "recorded"]).with_file(&file);
    let report = child.run().await;
    assert_eq!(report["sent"], object!([]));
    let error = report["errors"][1]["text"].as_str().unwrap();
    assert!(
        error.contains(
            "of the universe universe.example, and the client is of the universe googleapis.com"
        ),
        "{error}"
    );
    let said = Child::new(&["default", "recorded", "universe=universe.example"]);
    let variable = Child::new(&["default", "recorded"])
        .with("GOOGLE_CLOUD_UNIVERSE_DOMAIN", "universe.example");
    let overruled = Child::new(&["default", "recorded", "universe=universe.example"])
        .with("GOOGLE_CLOUD_UNIVERSE_DOMAIN", "other.example");
    for child in [said, variable, overruled] {
        let report = child.with_file(&file).run().await;
        assert_eq!(report["errors"], object!([]));
        let uri = report["sent"][0]["uri"].as_str().unwrap();
        assert!(
            uri.starts_with("https://spanner.universe.example/v1/"),
            "{uri}"
        );
    }
}
