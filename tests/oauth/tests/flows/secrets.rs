//! Servers that repeat the secrets of a request: no output shows them, in no encoding.

use super::{Configure, Directory, called, client, flows};
use gapi_runtime::Error;
use gapi_test_oauth::faults::secrets_of;
use gapi_test_oauth::{Encoding, Endpoint, Fault, Server};
use std::error::Error as _;

/// Endpoints that receive secrets.
const ENDPOINTS: [Endpoint; 4] = [Endpoint::Token, Endpoint::Sts, Endpoint::Iam, Endpoint::Api];

/// Returns everything that a program may print of an error.
fn shown(error: &Error) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    let causes = causes.map(|cause| format!("{cause}\n{cause:?}\n{cause:#?}"));
    let whole = [format!("{error}\n{error:?}\n{error:#?}")];
    let texts: Vec<String> = whole.into_iter().chain(causes).collect();
    texts.join("\n")
}

/// Fails if the text has a secret of the server, in an encoding.
#[track_caller]
fn check(text: &str, server: &Server, place: &str) {
    for secret in server.requests().iter().flat_map(secrets_of) {
        for encoding in Encoding::ALL {
            let encoded = encoding.encode(&secret);
            // The half of a secret may be all that is secret in it.
            let half = encoded.get(..encoded.len() / 2).unwrap_or(&encoded);
            if half.len() >= 12 {
                assert!(
                    !text.contains(half),
                    "{place}: {encoding:?} of a secret in\n{text}"
                );
            }
        }
    }
    assert!(!text.contains("SECRET"), "{place}: {text}");
}

#[tokio::test]
async fn servers_that_repeat_them() {
    let directory = Directory::new();
    let server = Server::start();
    for (name, configure) in flows(&server, &directory) {
        for endpoint in ENDPOINTS {
            for encoding in Encoding::ALL {
                server.recover();
                server.clear();
                server.fail_always(endpoint, Fault::Repeat(encoding));
                let result = called(&server, &configure).await;
                let place = format!("{name}, {endpoint:?}, {encoding:?}");
                let is_used = !server.requests_of(endpoint).is_empty();
                assert_eq!(result.is_err(), is_used, "{place}");
                if let Err(error) = result {
                    // The errors of APIs hide tokens as they were sent: see `safety`.
                    if endpoint != Endpoint::Api || encoding == Encoding::Plain {
                        check(&shown(&error), &server, &place);
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn builders_and_clients() {
    let directory = Directory::new();
    let server = Server::start();
    for (name, configure) in flows(&server, &directory) {
        let text = std::cell::RefCell::new(String::new());
        let configure: Configure = configure;
        let spanner = client(&server, |builder| {
            let builder = configure(builder);
            *text.borrow_mut() = format!("{builder:?} {builder:#?}");
            builder
        });
        let spanner = spanner.await.unwrap();
        super::call(&spanner).await.unwrap();
        let text = format!("{} {spanner:?} {spanner:#?}", text.into_inner());
        check(&text, &server, name);
        assert!(!text.contains("BEGIN PRIVATE KEY"), "{name}: {text}");
    }
}
