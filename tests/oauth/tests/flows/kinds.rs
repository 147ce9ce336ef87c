//! The requests of each kind of credentials.

use super::{Directory, called, flows, lines};
use gapi_test_oauth::{Endpoint, Server};

const API: &str = "GET spanner.googleapis.com/v1/projects/p/instances/i/operations/o";
const TOKEN: &str = "POST oauth2.googleapis.com/token";
const STS: &str = "POST sts.googleapis.com/v1/token";
const IAM: &str = "POST iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/robot@p.iam.gserviceaccount.com:generateAccessToken";

#[tokio::test]
async fn each_sends_these_requests() {
    let directory = Directory::new();
    let server = Server::start();
    let own = server.host();
    let aws = |request: &str| request.replace("SERVER", &own);
    let expected: [(&str, Vec<String>); 8] = [
        ("key", vec![]),
        ("key and subject", vec![TOKEN.into()]),
        ("user", vec![TOKEN.into()]),
        ("external file", vec![STS.into()]),
        (
            "external URL",
            vec![format!("GET {own}/subject-token"), STS.into()],
        ),
        (
            "external AWS",
            vec![
                aws("PUT SERVER/latest/api/token"),
                aws("GET SERVER/latest/meta-data/placement/availability-zone"),
                // As google-auth does it.
                aws("PUT SERVER/latest/api/token"),
                aws("GET SERVER/latest/meta-data/iam/security-credentials"),
                aws("GET SERVER/latest/meta-data/iam/security-credentials/gapi-test-role"),
                STS.into(),
            ],
        ),
        ("external, impersonating", vec![STS.into(), IAM.into()]),
        ("impersonated", vec![TOKEN.into(), IAM.into()]),
    ];
    for ((name, configure), (expected_name, expected)) in
        flows(&server, &directory).into_iter().zip(expected)
    {
        assert_eq!(name, expected_name);
        server.clear();
        called(&server, &configure)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut sent = lines(&server);
        assert_eq!(sent.pop().as_deref(), Some(API), "{name}");
        assert_eq!(sent, expected, "{name}");
        let call = &server.requests_of(Endpoint::Api)[0];
        let payer = (name == "user").then_some("file-payer");
        assert_eq!(call.header("x-goog-user-project"), payer, "{name}");
        assert!(call.bearer().is_some(), "{name}");
    }
}

/// Servers get nothing that is meant for another one.
#[tokio::test]
async fn each_server_gets_only_its_own() {
    let directory = Directory::new();
    let server = Server::start();
    for (_, configure) in flows(&server, &directory) {
        called(&server, &configure).await.unwrap();
    }
    for request in server.requests() {
        let has_quota = request.header("x-goog-user-project").is_some();
        let is_public = matches!(
            Endpoint::of(&request),
            Endpoint::Token | Endpoint::Sts | Endpoint::Subject | Endpoint::Aws
        );
        if is_public {
            assert!(request.bearer().is_none(), "{}", request.line());
            assert!(!has_quota, "{}", request.line());
        }
        assert!(request.header("user-agent").is_some(), "{}", request.line());
    }
}
