//! Errors of servers that issue tokens: each names a fix.

use super::{Directory, Flow, called, flows};
use gapi_runtime::{CredentialsError, ErrorKind};
use gapi_test_oauth::{Endpoint, Fault, Server};
use std::error::Error as _;

/// A flow, the failing endpoint, its error, and parts of the text.
type Case = (&'static str, Endpoint, Fault, &'static [&'static str]);

const CASES: [Case; 12] = [
    (
        "user",
        Endpoint::Token,
        Fault::OAuth(400, "invalid_grant", "Token has been expired or revoked."),
        &[
            "invalid_grant",
            "Token has been expired or revoked.",
            "gcloud auth application-default login",
        ],
    ),
    (
        "user",
        Endpoint::Token,
        Fault::OAuth(400, "invalid_scope", "Bad Request"),
        &["invalid_scope", "scopes"],
    ),
    (
        "user",
        Endpoint::Token,
        Fault::OAuth(401, "invalid_client", "The OAuth client was not found."),
        &["invalid_client", "client_id"],
    ),
    (
        "user",
        Endpoint::Token,
        Fault::OAuth(401, "deleted_client", "The OAuth client was deleted."),
        &["deleted_client", "OAuth client still exists"],
    ),
    (
        "user",
        Endpoint::Token,
        Fault::OAuth(
            403,
            "org_internal",
            "This client is restricted to users within its organization.",
        ),
        &["org_internal", "administrator"],
    ),
    (
        "key and subject",
        Endpoint::Token,
        Fault::OAuth(
            401,
            "unauthorized_client",
            "Client is unauthorized to retrieve access tokens using this method.",
        ),
        &[
            "unauthorized_client",
            "Domain-wide delegation",
            "administrator",
        ],
    ),
    (
        "key and subject",
        Endpoint::Token,
        Fault::OAuth(400, "invalid_grant", "Invalid email or User ID"),
        &["invalid_grant", "subject"],
    ),
    (
        "key and subject",
        Endpoint::Token,
        Fault::OAuth(400, "invalid_grant", "Invalid JWT Signature."),
        &["invalid_grant", "key"],
    ),
    (
        "key and subject",
        Endpoint::Token,
        Fault::OAuth(
            400,
            "invalid_scope",
            "Invalid OAuth scope or ID token audience provided.",
        ),
        &["invalid_scope", "scopes"],
    ),
    (
        "external file",
        Endpoint::Sts,
        Fault::OAuth(400, "invalid_grant", "The given subject token is invalid"),
        &["invalid_grant", "help: "],
    ),
    (
        "impersonated",
        Endpoint::Iam,
        Fault::OAuth(
            403,
            "PERMISSION_DENIED",
            "Permission 'iam.serviceAccounts.getAccessToken' denied on resource",
        ),
        &["PERMISSION_DENIED", "roles/iam.serviceAccountTokenCreator"],
    ),
    (
        "external, impersonating",
        Endpoint::Iam,
        Fault::OAuth(404, "NOT_FOUND", "not found"),
        &["NOT_FOUND", "service account"],
    ),
];

fn flow(flows: &[Flow], name: &str) -> usize {
    flows.iter().position(|(known, _)| *known == name).unwrap()
}

#[tokio::test]
async fn each_says_what_to_do() {
    let directory = Directory::new();
    let server = Server::start();
    let flows = flows(&server, &directory);
    for (name, endpoint, fault, parts) in CASES {
        server.recover();
        server.clear();
        server.fail_always(endpoint, fault);
        let (_, configure) = &flows[flow(&flows, name)];
        let error = called(&server, configure).await.unwrap_err();
        let text = error.to_string();
        assert_eq!(error.kind(), ErrorKind::Credentials, "{name}: {text}");
        for part in parts {
            assert!(text.contains(part), "{name}: {part} is missing in\n{text}");
        }
        assert!(text.contains("help: "), "{name}: {text}");
        // A server that rejects a request is not asked again.
        assert_eq!(server.requests_of(endpoint).len(), 1, "{name}");
        let source = error
            .source()
            .unwrap()
            .downcast_ref::<CredentialsError>()
            .unwrap();
        assert!(!source.is_transient(), "{name}: {text}");
    }
}

/// The codes of RFC 6749 for temporary failures.
#[tokio::test]
async fn failures_that_pass_are_retried() {
    let directory = Directory::new();
    let server = Server::start();
    let (_, configure) = flows(&server, &directory).swap_remove(2);
    for code in [
        "temporarily_unavailable",
        "server_error",
        "internal_failure",
    ] {
        server.clear();
        server.fail(Endpoint::Token, [Fault::OAuth(400, code, "later")]);
        called(&server, &configure).await.unwrap();
        assert_eq!(server.requests_of(Endpoint::Token).len(), 2, "{code}");
    }
}

/// The server's own checks, which are those of Google.
#[tokio::test]
async fn delegation_that_was_not_granted() {
    let directory = Directory::new();
    let server = Server::start();
    server.set(|settings| settings.delegated = Some(Vec::new()));
    let (_, configure) = flows(&server, &directory).swap_remove(1);
    let error = called(&server, &configure).await.unwrap_err().to_string();
    assert!(error.contains("unauthorized_client"), "{error}");
    server.revoke_refresh_tokens();
    let (_, configure) = flows(&server, &directory).swap_remove(2);
    let error = called(&server, &configure).await.unwrap_err().to_string();
    assert!(
        error.contains("gcloud auth application-default login"),
        "{error}"
    );
}
