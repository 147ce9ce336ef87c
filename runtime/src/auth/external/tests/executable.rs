//! Subject tokens from programs.

use super::super::testing::{JWT, form, generated, issued, of_url, token, token_within, with};
use super::super::{ExternalAccount, Machine};
use super::{IMPERSONATION, problem};
use crate::auth::json::Json;
use crate::auth::{CredentialsFile, Impersonated};
use crate::transport::MockTransport;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn allowed(name: &str) -> Option<String> {
    (name == "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES").then(|| "1".to_owned())
}

fn other(name: &str) -> Option<String> {
    allowed(name).map(|_| "true".to_owned())
}

fn file(executable: &Value) -> Value {
    with(
        of_url(),
        json!({"credential_source": {"executable": executable}}),
    )
}

fn account(file: &Value, environment: fn(&str) -> Option<String>) -> ExternalAccount {
    let machine = Machine {
        environment,
        ..Machine::default()
    };
    ExternalAccount::parse("program.json", file, &machine).unwrap()
}

/// Runs a script of `sh`, and returns the subject token that it printed.
async fn run(script: &str, members: Value) -> Result<String, String> {
    let executable = with(json!({"command": format!("sh -c '{script}'")}), members);
    let account = account(&file(&executable), allowed).allow_executables();
    let mock = MockTransport::new().respond(200, issued("google"));
    token(&account, &mock).await?;
    let form = form(&mock.requests().pop().unwrap()).into_iter();
    let mut tokens = form.filter(|(name, _)| name == "subject_token");
    Ok(tokens.next().unwrap().1)
}

/// A script that prints a response whose token is the value of an expression of `sh`.
fn printing(expression: &str) -> String {
    let response =
        format!(r#"{{"version":1,"success":true,"token_type":"{JWT}","id_token":"{expression}"}}"#);
    format!("echo \"{}\"", response.replace('"', "\\\""))
}

#[tokio::test]
async fn the_caller_and_the_environment_allow_programs() {
    let file = file(&json!({"command": "sh -c 'exit 1'"}));
    let calls = [
        account(&file, allowed),
        account(&file, other).allow_executables(),
    ];
    for account in calls {
        let mock = MockTransport::new();
        let error = token(&account, &mock).await.unwrap_err();
        assert!(error.contains("program.json starts a program"), "{error}");
        assert!(error.contains("`allow_executables()`"), "{error}");
    }
}

#[tokio::test]
async fn a_program_learns_about_the_account() {
    for (name, expected) in [
        ("AUDIENCE", super::WORKLOAD),
        ("TOKEN_TYPE", JWT),
        ("INTERACTIVE", "0"),
        ("REVOKE", "0"),
        ("OUTPUT_FILE", "/nonexistent/cache"),
    ] {
        let script = printing(&format!("$GOOGLE_EXTERNAL_ACCOUNT_{name}"));
        let token = run(&script, json!({"output_file": "/nonexistent/cache"})).await;
        assert_eq!(token.unwrap(), expected, "{name}");
    }
    let script = printing("$GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL");
    let file = with(
        file(&json!({"command": format!("sh -c '{script}'")})),
        json!({"service_account_impersonation_url": IMPERSONATION}),
    );
    let account = account(&file, allowed).allow_executables();
    let mock = MockTransport::new()
        .respond(200, issued("pool"))
        .respond(403, "");
    token(&account, &mock).await.unwrap_err();
    let form = form(&mock.requests()[0]);
    assert!(form.contains(&(
        "subject_token".to_owned(),
        "robot@p.iam.gserviceaccount.com".to_owned()
    )));
}

#[tokio::test]
async fn a_valid_output_file_saves_a_run() {
    let path = std::env::temp_dir().join(format!("gapi-executable-{}", std::process::id()));
    let kept = |expires: u64| {
        json!({
            "version": 1, "success": true, "token_type": JWT, "id_token": "kept", "expiration_time": expires,
        })
    };
    let members = json!({"output_file": path});
    std::fs::write(&path, kept(253_402_300_799).to_string()).unwrap();
    assert_eq!(run("exit 1", members.clone()).await.unwrap(), "kept");
    std::fs::write(&path, kept(1).to_string()).unwrap();
    assert_eq!(run(&printing("new"), members.clone()).await.unwrap(), "new");
    // A program may print nothing and write the file.
    let error = run("true", members.clone()).await.unwrap_err();
    assert!(error.contains("has expired"), "{error}");
    std::fs::write(&path, r#"{"success": true}"#).unwrap();
    let error = run(&printing("new"), members.clone()).await.unwrap_err();
    assert!(
        error.contains("left an output file that has no valid member `version`"),
        "{error}"
    );
    std::fs::remove_file(&path).unwrap();
    let error = run("true", members).await.unwrap_err();
    assert!(
        error.contains("printed nothing, and its output file cannot be read"),
        "{error}"
    );
}

#[tokio::test]
async fn failures_of_a_program() {
    for (script, expected) in [
        ("echo SECRET; echo SECRET >&2; exit 3", "exit status: 3"),
        ("echo SECRET", "printed a response that is not JSON"),
        ("true", "printed a response that is not JSON"),
        (
            "echo \"{\\\"version\\\":1,\\\"success\\\":false,\\\"code\\\":\\\"401\\\",\\\"message\\\":\\\"log in\\\"}\"",
            "is a failure: code \"401\", message \"log in\"",
        ),
        ("head -c 1100000 /dev/zero", "printed more than 1 MiB"),
        // The closed pipe ends `head`, and the shell says so by its status.
        (
            "head -c 9000000 /dev/zero; exit $?",
            "printed more than 1 MiB",
        ),
    ] {
        let error = run(script, json!({})).await.unwrap_err();
        assert!(error.contains(expected), "{error}");
        assert!(
            error.contains("`credential_source.executable` of program.json"),
            "{error}"
        );
        assert!(!error.contains("SECRET"), "{error}");
    }
    let file = file(&json!({"command": "/nonexistent/program"}));
    let account = account(&file, allowed).allow_executables();
    let error = token(&account, &MockTransport::new()).await.unwrap_err();
    assert!(
        error.contains("cannot be started") && error.contains("help: check `command`"),
        "{error}"
    );
}

/// The permission of the caller reaches the source of an impersonated account.
#[tokio::test]
async fn a_source_can_be_a_program() {
    let command = format!("sh -c '{}'", printing("of-program"));
    let file = json!({
        "type": "impersonated_service_account",
        "service_account_impersonation_url": IMPERSONATION,
        "source_credentials": file(&json!({"command": command})),
    });
    let machine = Machine {
        environment: allowed,
        ..Machine::default()
    };
    let robot = Impersonated::parse("robot.json", &file, &machine).unwrap();
    let error = token(&robot, &MockTransport::new()).await.unwrap_err();
    assert!(
        error.contains("`source_credentials` of robot.json starts a program"),
        "{error}"
    );
    let robot = Impersonated::parse("robot.json", &file, &machine)
        .unwrap()
        .allow_executables();
    let mock = MockTransport::new()
        .respond(200, issued("pool"))
        .respond(200, generated("robot"));
    assert_eq!(token(&robot, &mock).await.unwrap(), "Bearer robot");
}

#[tokio::test]
async fn a_file_of_any_kind_can_name_a_program() {
    let command = format!("sh -c '{}'", printing("of-program"));
    let json = Json::of("any.json", &file(&json!({"command": command})));
    let machine = Machine {
        environment: allowed,
        ..Machine::default()
    };
    let credentials = CredentialsFile::of_json(&json, &machine).unwrap();
    let mock = MockTransport::new().respond(200, issued("google"));
    let token = token(&credentials.allow_executables(), &mock).await;
    assert_eq!(token.unwrap(), "Bearer google");
}

#[tokio::test]
async fn a_program_ends_before_the_request_for_the_token() {
    let file = file(&json!({"command": "sleep 20"}));
    let account = account(&file, allowed).allow_executables();
    let start = Instant::now();
    let error = token_within(&account, Duration::from_secs(1))
        .await
        .unwrap_err();
    assert!(error.contains("did not end within"), "{error}");
    assert!(error.contains("`token_timeout`"), "{error}");
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{:?}",
        start.elapsed()
    );
}

/// A child of the program keeps the output open.
#[test]
fn a_program_that_hangs_is_ended() {
    let run = super::super::executable::Run {
        command: ["sh", "-c", "sleep 20 & sleep 20"]
            .map(str::to_owned)
            .to_vec(),
        environment: Vec::new(),
        timeout: Duration::from_millis(200),
        output_file: None,
    };
    let start = Instant::now();
    let problem = run
        .subject_token(&super::super::work::Canceled::default())
        .unwrap_err();
    assert!(problem.text.contains("did not end within"), "{problem:?}");
    assert!(problem.is_transient);
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn the_members_are_checked() {
    for (executable, expected) in [
        (
            json!({}),
            "`credential_source.executable.command` of the external account is missing",
        ),
        (json!({"command": " "}), "is empty"),
        (json!({"command": "a 'b"}), "has a quote that does not end"),
        (
            json!({"command": "a", "timeout_millis": 4999}),
            "is not from 5000 to 120000",
        ),
        (
            json!({"command": "a", "timeout_millis": 120_001}),
            "is not from 5000 to 120000",
        ),
        (
            json!({"command": "a", "timeout_millis": "5000"}),
            "is not a whole number",
        ),
    ] {
        let error = problem(&file(&executable));
        assert!(error.contains(expected), "{error}");
    }
    let shown = format!(
        "{:?}",
        account(&file(&json!({"command": "a --key=SECRET"})), allowed)
    );
    assert!(!shown.contains("SECRET"), "{shown}");
}
