//! Logins in a real browser: a headless Chromium, with the server of `tests/oauth/` as its proxy.
//!
//! The program that logs in is a separate process, with Google's URLs. It opens the browser as it does for a user.

use super::process::{block_on, got_by, python, skip};
use gapi::gapi_runtime::auth::{DeviceLogin, Interaction, OAuthClient, TokenStore, UserLogin};
use gapi::spanner_v1::Spanner;
use gapi_test_oauth::state::USER;
use gapi_test_oauth::{Endpoint, Server};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// The time limit for showing the last page.
const PAGE_LIMIT: Duration = Duration::from_mins(1);

const HOME: &str = "GAPI_TEST_LOGIN";

/// A program that logs in, and its browser.
struct Program<'a> {
    server: &'a Server,
    home: &'a Path,
    button: &'a str,
    kind: &'a str,
}

impl Program<'_> {
    /// Runs the program. Its browser presses the button.
    fn run(&self) -> Output {
        let browser = self.home.join("browser");
        let script = python("tests/tests/live/browser.py");
        let script = script.get_args().next().unwrap().to_str().unwrap();
        std::fs::write(
            &browser,
            format!("#!/bin/sh\nexec python3 {script} \"$@\"\n"),
        )
        .unwrap();
        std::fs::set_permissions(&browser, PermissionsExt::from_mode(0o700)).unwrap();
        let client = self.server.files_of_google().client_secret();
        std::fs::write(self.home.join("client_secret.json"), client.to_string()).unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["login::child", "--exact", "--ignored", "--nocapture"])
            .env(HOME, self.home)
            .env("GAPI_TEST_KIND", self.kind)
            .env("BROWSER", &browser)
            .env("GAPI_BROWSER_PROXY", self.server.url())
            .env("GAPI_BROWSER_BUTTON", self.button)
            .env("GAPI_BROWSER_REPORT", self.home.join("report.json"))
            .env("HTTPS_PROXY", self.server.url())
            .env("https_proxy", self.server.url())
            .env("SSL_CERT_FILE", Server::ca_file())
            .env_remove("NO_PROXY")
            .env_remove("no_proxy");
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("SECRET"), "{said}");
        output
    }

    /// Returns the last page that the browser has shown. The browser may still be busy when the program has ended.
    fn page(&self) -> Value {
        let path = self.home.join("report.json");
        let begin = Instant::now();
        loop {
            match std::fs::read_to_string(&path) {
                Ok(report) => return serde_json::from_str(&report).unwrap(),
                Err(error) => assert!(begin.elapsed() < PAGE_LIMIT, "{error}"),
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Returns `true` if there is a browser. Prints the reason if not.
fn has_browser() -> bool {
    match got_by(python("tests/tests/live/browser.py").arg("ready")) {
        Ok(_) => true,
        Err(reason) => {
            skip(&format!("no login in a browser: {reason}"));
            false
        }
    }
}

/// The program: a call with the credentials of a user who has to log in.
#[test]
#[ignore = "the other tests run it, in an environment of their making"]
fn child() {
    let Some(home) = std::env::var_os(HOME) else {
        return;
    };
    let home = Path::new(&home);
    let client = OAuthClient::from_file(home.join("client_secret.json")).unwrap();
    let store = TokenStore::in_file(home.join("store/tokens.json"));
    let builder = match std::env::var("GAPI_TEST_KIND").unwrap().as_str() {
        "device" => {
            let script = home.join("browser");
            let login = DeviceLogin::new(client)
                .store(store)
                .on_prompt(move |prompt| {
                    let code = prompt.user_code.clone().unwrap();
                    let mut browser = Command::new(&script);
                    browser.args(["--code", &code, &prompt.url]);
                    // The login continues meanwhile.
                    std::thread::spawn(move || browser.status().unwrap());
                });
            Spanner::builder().credentials(login)
        }
        "again" => {
            let login = UserLogin::new(client)
                .store(store)
                .on_first_use(Interaction::Fail);
            Spanner::builder().credentials(login.on_revoked(Interaction::Fail))
        }
        _ => Spanner::builder().credentials(UserLogin::new(client).store(store)),
    };
    let done = block_on(async {
        let spanner = builder.build().await.unwrap();
        let operations = spanner.projects().instances().operations();
        let get = operations.get("projects/p/instances/i/operations/o");
        get.send().await
    });
    match done {
        Ok(operation) => println!("RESULT {}", operation.name.unwrap()),
        Err(error) => println!("FAILED {error}"),
    }
}

#[test]
fn a_user_logs_in_once() {
    if !has_browser() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let server = Server::start();
    let program = |kind| Program {
        server: &server,
        home: home.path(),
        button: "allow",
        kind,
    };
    let output = program("browser").run();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        printed.contains("RESULT projects/p/instances/i/operations/o"),
        "{printed}"
    );
    let page = program("browser").page();
    assert!(
        page["text"].as_str().unwrap().contains("You are logged in"),
        "{page}"
    );
    // The server has checked state, verifier and redirect. The code was sent once.
    let requests = server.requests_of(Endpoint::Token);
    let grants: Vec<_> = requests
        .iter()
        .map(|request| request.field("grant_type").unwrap())
        .collect();
    assert_eq!(grants, ["authorization_code"]);
    assert!(requests[0].field("code_verifier").unwrap().len() >= 43);
    // Chromium sends its own requests to this server, too.
    let calls = server.requests_of(Endpoint::Api).into_iter();
    let mut calls = calls.filter(|request| request.host == "spanner.googleapis.com");
    let account = calls
        .next()
        .and_then(|call| server.account_of(call.bearer()?));
    assert_eq!(account.as_deref(), Some(USER));
    let mode = std::fs::metadata(home.path().join("store/tokens.json"))
        .unwrap()
        .permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);

    // Another process has the refresh token, and needs no browser.
    server.clear();
    let output = program("again").run();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("RESULT "), "{printed}");
    assert_eq!(
        server.requests_of(Endpoint::Token)[0]
            .field("grant_type")
            .as_deref(),
        Some("refresh_token")
    );

    // A revoked token is a clear error, because this program has chosen it.
    server.revoke_refresh_tokens();
    let output = program("again").run();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        printed.contains("FAILED ") && printed.contains("call `log_in`"),
        "{printed}"
    );
}

#[test]
fn a_user_who_denies_access_gets_an_error() {
    if !has_browser() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let server = Server::start();
    let program = Program {
        server: &server,
        home: home.path(),
        button: "deny",
        kind: "browser",
    };
    let output = program.run();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        printed.contains("FAILED ") && printed.contains("access_denied"),
        "{printed}"
    );
    assert!(
        program.page()["text"]
            .as_str()
            .unwrap()
            .contains("not allowed"),
        "{}",
        program.page()
    );
    assert_eq!(server.requests_of(Endpoint::Token).len(), 0);
}

#[test]
fn a_user_enters_the_code_of_a_device() {
    if !has_browser() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let server = Server::start();
    let program = Program {
        server: &server,
        home: home.path(),
        button: "allow",
        kind: "device",
    };
    let output = program.run();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("RESULT "), "{printed}");
}
