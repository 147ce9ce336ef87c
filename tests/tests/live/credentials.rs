//! google-auth, Google's library for Python, and our clients get tokens from the same server, with the same requests.
//!
//! The server is in `tests/oauth/`. google-auth reaches it through a proxy for TLS, with the URLs of Google.

mod child;
mod compare;

use super::process::{block_on, got_by, python, skip};
use compare::{Shown, differences, shown};
use gapi::gapi_runtime::auth::{ApplicationDefault, AuthorizedUser, Impersonated};
use gapi::gapi_runtime::{ClientBuilder, RetryPolicy};
use gapi::spanner_v1::Spanner;
use gapi_test_oauth::state::{DELEGATE, ROBOT, SUBJECT_TOKEN, USER};
use gapi_test_oauth::{Endpoint, Fault, Server, ToServer};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

const GMAIL_READONLY: &str = "https://www.googleapis.com/auth/gmail.readonly";

/// A flow that both run.
struct Flow {
    name: &'static str,
    /// The name in `google_auth.py`.
    theirs: &'static str,
    /// The credentials file.
    file: fn(&Server, &str) -> Value,
    /// The same with our builder. The path is that of the file.
    ours: fn(ClientBuilder<Spanner>, &Path) -> ClientBuilder<Spanner>,
    /// The failures of servers, for both.
    faults: &'static [(Endpoint, Fault)],
    /// `true` if the environment names the metadata server. Then our client runs in a separate process.
    on_google_cloud: bool,
}

const fn flow(
    name: &'static str,
    theirs: &'static str,
    file: fn(&Server, &str) -> Value,
    ours: fn(ClientBuilder<Spanner>, &Path) -> ClientBuilder<Spanner>,
) -> Flow {
    Flow {
        name,
        theirs,
        file,
        ours,
        faults: &[],
        on_google_cloud: false,
    }
}

/// A flow on a machine of Google Cloud.
const fn cloud(
    name: &'static str,
    theirs: &'static str,
    ours: fn(ClientBuilder<Spanner>, &Path) -> ClientBuilder<Spanner>,
) -> Flow {
    Flow {
        on_google_cloud: true,
        ..flow(name, theirs, |_, _| Value::Null, ours)
    }
}

fn with_file(builder: ClientBuilder<Spanner>, path: &Path) -> ClientBuilder<Spanner> {
    builder.credentials_file(path)
}

fn key(server: &Server, _: &str) -> Value {
    server.files_of_google().service_account()
}

fn user(server: &Server, _: &str) -> Value {
    server.files_of_google().authorized_user()
}

/// The source of impersonation, in a file.
fn source(path: &Path) -> AuthorizedUser {
    AuthorizedUser::from_file(path).unwrap()
}

/// All flows that google-auth has, too.
const FLOWS: &[Flow] = &[
    flow(
        "a service account that signs its tokens",
        "self-signed",
        key,
        with_file,
    ),
    flow(
        "a service account for a user",
        "subject",
        key,
        |builder, path| {
            with_file(builder, path)
                .subject(USER)
                .scopes([GMAIL_READONLY])
        },
    ),
    flow("a refresh token with its scopes", "user", user, with_file),
    flow(
        "a refresh token with other scopes",
        "user-scopes",
        user,
        |builder, path| with_file(builder, path).scopes([GMAIL_READONLY]),
    ),
    flow(
        "an external account with a file",
        "file",
        |server, subject| server.files_of_google().external_file(subject),
        with_file,
    ),
    flow(
        "an external account with a URL",
        "file",
        |server, _| server.files_of_google().external_url(),
        with_file,
    ),
    flow(
        "an external account on AWS",
        "file",
        |server, _| server.files_of_google().external_aws(),
        with_file,
    ),
    flow(
        "an external account that impersonates",
        "file",
        |server, subject| server.files_of_google().external_impersonated(subject),
        with_file,
    ),
    flow(
        "impersonation with a delegate",
        "file",
        |server, _| server.files_of_google().impersonated(),
        with_file,
    ),
    flow(
        "impersonation by a program",
        "impersonated",
        user,
        |builder, path| {
            let robot = Impersonated::new(source(path), ROBOT);
            let robot = robot.delegates([DELEGATE]);
            builder.credentials(robot.lifetime(Duration::from_mins(10)))
        },
    ),
    flow(
        "delegation without a key",
        "keyless-user",
        user,
        |builder, path| {
            let robot = Impersonated::new(source(path), ROBOT).delegates([DELEGATE]);
            builder
                .credentials(robot.subject(USER))
                .scopes([GMAIL_READONLY])
        },
    ),
    cloud("the metadata server", "default", |builder, _| {
        builder.application_default_credentials()
    }),
    cloud(
        "delegation without a key on Google Cloud",
        "keyless",
        |builder, _| {
            let robot = Impersonated::new(ApplicationDefault::new(), ROBOT);
            builder
                .credentials(robot.subject(USER))
                .scopes([GMAIL_READONLY])
        },
    ),
    cloud(
        "the account of the machine for a user",
        "keyless",
        |builder, _| {
            let builder = builder.application_default_credentials();
            builder.subject(USER).scopes([GMAIL_READONLY])
        },
    ),
    Flow {
        faults: &[(Endpoint::Token, Fault::Status(503))],
        ..flow("a token server that fails once", "user", user, with_file)
    },
    Flow {
        faults: &[(
            Endpoint::Token,
            Fault::OAuth(400, "invalid_grant", "Bad Request"),
        )],
        ..flow("a refresh token that was revoked", "user", user, with_file)
    },
    Flow {
        faults: &[(
            Endpoint::Api,
            Fault::OAuth(401, "UNAUTHENTICATED", "expired"),
        )],
        ..flow("an API that rejects a token", "user", user, with_file)
    },
];

/// A server with the failures of a flow, and the credentials file.
fn prepared(flow: &Flow, directory: &Path) -> Server {
    let server = Server::start();
    let subject = directory.join("subject");
    std::fs::write(&subject, SUBJECT_TOKEN).unwrap();
    let file = (flow.file)(&server, subject.to_str().unwrap());
    std::fs::write(directory.join("credentials.json"), file.to_string()).unwrap();
    for (endpoint, fault) in flow.faults {
        server.fail(*endpoint, [fault.clone()]);
    }
    server
}

fn ours(flow: &Flow) -> Vec<Shown> {
    let directory = tempfile::tempdir().unwrap();
    let server = prepared(flow, directory.path());
    if flow.on_google_cloud {
        child::run(flow, &server, directory.path());
    } else {
        let file = directory.path().join("credentials.json");
        call(flow, ToServer::new(&server), &file);
    }
    shown(&server)
}

/// Sends one call with our client.
fn call(flow: &Flow, transport: ToServer, file: &Path) {
    block_on(async {
        let builder = Spanner::builder()
            .transport(transport)
            .retry(RetryPolicy::never());
        let spanner = (flow.ours)(builder, file).build().await.unwrap();
        let operations = spanner.projects().instances().operations();
        let call = operations.get("projects/p/instances/i/operations/o");
        // Some of them fail, and so do theirs.
        let _ = call.send().await;
    });
}

fn theirs(flow: &Flow) -> Vec<Shown> {
    let directory = tempfile::tempdir().unwrap();
    let server = prepared(flow, directory.path());
    let file = directory.path().join("credentials.json");
    let mut command = client(&[flow.theirs, file.to_str().unwrap()]);
    command
        .env("HTTPS_PROXY", server.url())
        .env("REQUESTS_CA_BUNDLE", Server::ca_file())
        .env("GCE_METADATA_HOST", server.host())
        .env("GCE_METADATA_IP", server.host())
        .env("CLOUDSDK_CONFIG", directory.path());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}:\n{said}", flow.name);
    shown(&server)
}

/// Returns the command of google-auth, without settings of this machine for Google's libraries.
fn client(arguments: &[&str]) -> Command {
    let mut command = python("tests/tests/live/google_auth.py");
    command.args(arguments);
    for (name, _) in std::env::vars() {
        let is_foreign = name.starts_with("GOOGLE_") || name.starts_with("GCE_");
        if is_foreign || ["NO_PROXY", "no_proxy", "https_proxy"].contains(&name.as_str()) {
            command.env_remove(name);
        }
    }
    command
}

/// Returns `true` if google-auth is available. Prints the reason once if not.
fn is_available() -> bool {
    static READY: OnceLock<bool> = OnceLock::new();
    *READY.get_or_init(|| match got_by(&mut client(&["ready"])) {
        Ok(_) => true,
        Err(reason) => {
            skip(&format!("no google-auth: {reason}"));
            false
        }
    })
}

#[test]
fn the_same_requests_as_google_auth() {
    if !is_available() {
        return;
    }
    let mut wrong = Vec::new();
    let (mut count, mut used) = (0, Vec::new());
    for flow in FLOWS {
        let (ours, theirs) = (ours(flow), theirs(flow));
        count += theirs.len();
        for difference in differences(&ours, &theirs, &mut used) {
            wrong.push(format!("{}: {difference}", flow.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A difference that no longer exists is no longer listed.
    assert_eq!(compare::unused(&used), [""; 0]);
    eprintln!(
        "{} flows of google-auth with {count} requests: the same, with the listed deviations",
        FLOWS.len()
    );
}

/// A difference is found: the comparison is not blind.
#[test]
fn another_flow_sends_others() {
    if !is_available() {
        return;
    }
    let (ours, theirs) = (ours(&FLOWS[1]), theirs(&FLOWS[2]));
    assert!(!differences(&ours, &theirs, &mut Vec::new()).is_empty());
}
