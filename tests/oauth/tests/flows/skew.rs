//! Servers whose clock differs from that of this machine.

use super::{Directory, called, flows};
use gapi_test_oauth::{Endpoint, Fault, Server};

#[tokio::test]
async fn a_clock_that_is_hours_wrong_does_no_harm() {
    let directory = Directory::new();
    let server = Server::start();
    for skew in [-7_200, -600, -60, 60, 600, 7_200] {
        server.set(|settings| settings.clock = skew);
        for (name, configure) in flows(&server, &directory) {
            // The expiry of a token that its service account signs, and of impersonation, is a time and no duration.
            let is_relative = !["key", "impersonated", "external, impersonating"].contains(&name);
            if is_relative || skew.abs() <= 60 {
                let result = called(&server, &configure).await;
                assert!(result.is_ok(), "{name} {skew}: {result:?}");
            }
        }
    }
}

/// AWS accepts a signature for a quarter of an hour. After a rejection, the client signs once more with the clock of the server.
#[tokio::test]
async fn aws_signs_by_the_clock_of_the_server() {
    let directory = Directory::new();
    let server = Server::start();
    let flows = flows(&server, &directory);
    let (_, configure) = flows
        .iter()
        .find(|(name, _)| *name == "external AWS")
        .unwrap();
    for (skew, requests) in [(600, 1), (7_200, 2), (-7_200, 2)] {
        server.set(|settings| settings.clock = skew);
        server.clear();
        called(&server, configure).await.unwrap();
        assert_eq!(server.requests_of(Endpoint::Sts).len(), requests, "{skew}");
    }
    let expired = "Received invalid AWS response of type SignatureDoesNotMatch with error message: Signature expired";
    server.clear();
    server.fail_always(Endpoint::Sts, Fault::OAuth(400, "invalid_grant", expired));
    let error = called(&server, configure).await.unwrap_err().to_string();
    assert!(error.contains("clock of this machine"), "{error}");
    assert_eq!(server.requests_of(Endpoint::Sts).len(), 2);
}

/// A token server without the header `date`: the error names the clock.
#[tokio::test]
async fn an_error_about_times_names_the_clock() {
    let directory = Directory::new();
    let server = Server::start();
    let (_, configure) = flows(&server, &directory).swap_remove(1);
    server.fail_always(
        Endpoint::Token,
        Fault::OAuth(
            400,
            "invalid_grant",
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp \
             values in the JWT claim.",
        ),
    );
    let error = called(&server, &configure).await.unwrap_err().to_string();
    assert!(error.contains("clock of this machine"), "{error}");
}
