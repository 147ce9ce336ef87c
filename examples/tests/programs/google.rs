//! Programs that reach Google: a proxy leads to a server that simulates it.

use std::fs;

use gapi_test_oauth::program::{Person, Ran};
use gapi_test_oauth::state::{ROBOT, USER};
use gapi_test_oauth::{Endpoint, Server};
use tempfile::TempDir;

/// A server, and the home directory of a user with all credentials files.
struct Google {
    server: Server,
    home: TempDir,
}

impl Google {
    fn start() -> Self {
        let server = Server::start();
        let home = server.home();
        Self { server, home }
    }

    /// Runs a program with Application Default Credentials. A person logs in if the program asks for it.
    fn run(&self, program: &str, arguments: &[&str]) -> Ran {
        let mut command = self.server.command(program, self.home.path());
        let user = self.home.path().join("user.json");
        command.env("GOOGLE_APPLICATION_CREDENTIALS", user);
        self.server.run(command.args(arguments), Person::LogsIn)
    }

    fn success(&self, program: &str, arguments: &[&str]) -> String {
        self.run(program, arguments).success()
    }

    /// Returns the number of logins.
    fn logins(&self) -> usize {
        let pages = self.server.requests_of(Endpoint::Login);
        pages.iter().filter(|page| page.method == "POST").count()
    }

    /// Returns the account of the last call.
    fn account(&self) -> String {
        let call = self
            .server
            .requests_of(Endpoint::Api)
            .pop()
            .expect("a call");
        let token = call.bearer().expect("a token");
        self.server.account_of(token).expect("a valid token")
    }
}

#[test]
fn quickstart_lists_the_instances() {
    let google = Google::start();
    assert_eq!(
        google.success(env!("CARGO_BIN_EXE_quickstart"), &["p"]),
        "projects/p/instances/orders\nprojects/p/instances/users\n"
    );
}

#[test]
fn mock_tests_adds_up_the_nodes() {
    let google = Google::start();
    let printed = google.success(env!("CARGO_BIN_EXE_mock-tests"), &["p"]);
    assert_eq!(printed, "4 nodes\n");
}

#[test]
fn drive_uploads_lists_and_downloads_with_one_login() {
    let google = Google::start();
    let program = env!("CARGO_BIN_EXE_drive");
    fs::write(google.home.path().join("minutes.txt"), "the minutes").expect("the file is written");
    assert_eq!(
        google.success(program, &["upload", "minutes.txt"]),
        "file-1 minutes.txt\n"
    );
    let upload = google
        .server
        .requests_of(Endpoint::Api)
        .pop()
        .expect("a call");
    assert!(String::from_utf8_lossy(&upload.body).contains("the minutes"));

    assert_eq!(google.success(program, &["list"]), "file-1 report.txt\n");
    assert_eq!(
        google.success(program, &["download", "file-1", "report.txt"]),
        "report.txt\n"
    );
    let report = fs::read_to_string(google.home.path().join("report.txt"));
    assert_eq!(report.expect("the file is there"), "a report\n");

    assert_eq!(google.logins(), 1);
    assert_eq!(google.account(), USER);
    let usage = google.run(program, &["delete"]);
    assert!(
        usage.err.contains("usage: drive upload FILE"),
        "{}",
        usage.err
    );
}

#[test]
fn gmail_shows_the_mailbox_of_who_logs_in() {
    let google = Google::start();
    assert_eq!(
        google.success(env!("CARGO_BIN_EXE_gmail"), &[]),
        "Ann <ann@example.com>: Minutes of m1\nAnn <ann@example.com>: Minutes of m2\n"
    );
    assert_eq!(google.logins(), 1);
}

#[test]
fn gmail_acts_for_a_user_with_delegation() {
    let google = Google::start();
    let program = env!("CARGO_BIN_EXE_gmail");
    let printed = google.success(program, &[USER]);
    assert!(
        printed.starts_with("Ann <ann@example.com>: Minutes of m1\n"),
        "{printed}"
    );
    assert_eq!((google.logins(), google.account().as_str()), (0, USER));

    // The administrator has not allowed the scope.
    google
        .server
        .set(|settings| settings.delegated = Some(Vec::new()));
    let denied = google.run(program, &[USER]);
    assert!(denied.err.contains("unauthorized_client"), "{}", denied.err);
}

#[test]
fn sheets_appends_a_row_and_prints_all() {
    let google = Google::start();
    let program = env!("CARGO_BIN_EXE_sheets");
    assert_eq!(
        google.success(program, &["1a2b3c", "tea", "2.50"]),
        "appended Sheet1!A3:B3\nitem\tprice\ntea\t2.5\n"
    );
    let calls = google.server.requests_of(Endpoint::Api);
    let rows = gapi_runtime::serde_json::json!([["tea", "2.50"]]);
    assert_eq!(calls[0].json()["values"], rows);
    assert_eq!(google.account(), ROBOT);
    assert_eq!(
        google.success(program, &["1a2b3c"]),
        "item\tprice\ntea\t2.5\n"
    );
}

#[test]
fn calendar_lists_and_adds_events_with_one_login() {
    let google = Google::start();
    let program = env!("CARGO_BIN_EXE_calendar");
    assert_eq!(
        google.success(program, &[]),
        "2027-04-01 Holiday\n2027-04-02T09:00:00+02:00 Retro\n"
    );
    let printed = google.success(program, &["Lunch", "2027-04-01T12:00:00+02:00", "60"]);
    assert_eq!(printed, "event-1 Lunch\n");
    let insert = google
        .server
        .requests_of(Endpoint::Api)
        .pop()
        .expect("a call")
        .json();
    assert_eq!(insert["start"]["dateTime"], "2027-04-01T10:00:00Z");
    assert_eq!(insert["end"]["dateTime"], "2027-04-01T11:00:00Z");
    assert_eq!(google.logins(), 1);
}
