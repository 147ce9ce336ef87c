//! All programs against a server that simulates Google, as a user runs them: a proxy leads to it.

use std::fs;
use std::path::Path;
use std::process::Command;

use gapi_test_oauth::program::Person;
use gapi_test_oauth::state::{ROBOT, USER};
use gapi_test_oauth::{Endpoint, Server};

/// The scopes that the programs request of Google, without what they have in common.
const GMAIL: &str = "gmail.readonly";
const DRIVE: &str = "drive";
const CALENDAR: &str = "calendar.events";
const USERS: &str = "admin.directory.user.readonly";

/// The scope that the program with a device names, because Google allows few scopes there.
const DEVICE: &str = "drive.file";

/// Returns the scopes of the token that the last call had, and its account.
fn scope_of_call(server: &Server) -> Vec<String> {
    let call = server.requests_of(Endpoint::Api).pop().expect("a call");
    let token = call.bearer().expect("a token");
    let scopes = server.scopes_of(token).unwrap_or_else(|| {
        // The service account has signed it.
        let (_, claims) = gapi_test_oauth::decoded_jwt(token).expect("a signed token");
        vec![claims["scope"].as_str().expect("scopes").to_owned()]
    });
    let short = |scope: String| scope.rsplit('/').next().unwrap_or_default().to_owned();
    scopes.into_iter().map(short).collect()
}

/// Returns the output and the scope of a program.
fn expected(program: &str) -> (&'static str, &'static str) {
    match program.split('_').next() {
        _ if program == "drive_device" => ("file-1", DEVICE),
        Some("gmail") => ("m1", GMAIL),
        Some("drive") => ("file-1", DRIVE),
        Some("calendar") => ("event-1", CALENDAR),
        _ => (USER, USERS),
    }
}

/// Runs a program and checks what it printed, and that its token has the least scope.
fn check(name: &str, path: &str, person: Person, set: impl Fn(&mut Command, &Server, &Path)) {
    let server = Server::start();
    let home = server.home();
    let mut command = server.command(path, home.path());
    set(&mut command, &server, home.path());
    let printed = server.run(&mut command, person).success();
    let (output, scope) = expected(name);
    assert!(printed.contains(output), "{name}: {printed}");
    let call = server.requests_of(Endpoint::Api).pop().expect("a call");
    assert!(call.is_tls, "{name}: {}", call.line());
    let scopes = scope_of_call(&server);
    // The user's refresh token and the token of the test have all scopes.
    if scopes.len() == 1 {
        assert_eq!(scopes, [scope], "{name}");
    }
}

/// Writes a key file whose token server is the server itself, because yup-oauth2 uses no proxy.
fn key_of_server(_: &mut Command, server: &Server, home: &Path) {
    let key = server.files().service_account().to_string();
    fs::write(home.join("key.json"), key).expect("the file is written");
}

/// Sets nothing: the program names its credentials itself.
fn as_named(_: &mut Command, _: &Server, _: &Path) {}

macro_rules! programs {
    ($($name:ident: $person:ident, $set:expr;)*) => {$(
        #[test]
        fn $name() {
            let name = stringify!($name);
            check(name, env!(concat!("CARGO_BIN_EXE_", stringify!($name))), Person::$person, $set);
        }
    )*};
}

/// Sets a token that the program reads.
fn token(command: &mut Command, server: &Server, _: &Path) {
    let scopes = [GMAIL, DRIVE, CALENDAR, USERS]
        .map(|name| format!("https://www.googleapis.com/auth/{name}"));
    let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
    command.env("TOKEN", server.access_token(USER, &scopes));
}

/// Sets the user as Application Default Credentials, who may impersonate service accounts.
fn user(command: &mut Command, _: &Server, home: &Path) {
    command.env("GOOGLE_APPLICATION_CREDENTIALS", home.join("user.json"));
}

programs! {
    gmail_default: Absent, user;
    gmail_delegation: Absent, as_named;
    gmail_keyless: Absent, as_named;
    gmail_login: LogsIn, as_named;
    gmail_token: Absent, token;
    gmail_yup: Absent, key_of_server;
    drive_default: Absent, user;
    drive_key: Absent, as_named;
    drive_delegation: Absent, as_named;
    drive_keyless: Absent, as_named;
    drive_login: LogsIn, as_named;
    drive_device: EntersCode, as_named;
    drive_impersonated: Absent, user;
    drive_external: Absent, as_named;
    drive_token: Absent, token;
    calendar_default: Absent, user;
    calendar_key: Absent, as_named;
    calendar_delegation: Absent, as_named;
    calendar_keyless: Absent, as_named;
    calendar_login: LogsIn, as_named;
    calendar_impersonated: Absent, user;
    calendar_external: Absent, as_named;
    calendar_token: Absent, token;
    directory_default: Absent, user;
    directory_key: Absent, as_named;
    directory_delegation: Absent, as_named;
    directory_keyless: Absent, as_named;
    directory_login: LogsIn, as_named;
    directory_impersonated: Absent, user;
    directory_external: Absent, as_named;
    directory_token: Absent, token;
}

/// Application Default Credentials of every kind, in the documented order.
#[test]
fn default_credentials_of_every_kind() {
    for file in [
        "user.json",
        "key.json",
        "external.json",
        "impersonated.json",
    ] {
        check(
            "drive_default",
            env!("CARGO_BIN_EXE_drive_default"),
            Person::Absent,
            |command, _, home| {
                command.env("GOOGLE_APPLICATION_CREDENTIALS", home.join(file));
            },
        );
    }
    // The file of gcloud.
    check(
        "drive_default",
        env!("CARGO_BIN_EXE_drive_default"),
        Person::Absent,
        |_, _, home| {
            let gcloud = home.join(".config/gcloud");
            fs::create_dir_all(&gcloud).expect("the directory is made");
            let file = gcloud.join("application_default_credentials.json");
            fs::copy(home.join("user.json"), file).expect("the file is copied");
        },
    );
    // The metadata server.
    check(
        "drive_default",
        env!("CARGO_BIN_EXE_drive_default"),
        Person::Absent,
        as_named,
    );
}

/// The accounts for which the programs act.
#[test]
fn delegation_acts_for_the_user() {
    for (path, account) in [
        (env!("CARGO_BIN_EXE_drive_key"), ROBOT),
        (env!("CARGO_BIN_EXE_drive_delegation"), USER),
        (env!("CARGO_BIN_EXE_drive_keyless"), USER),
    ] {
        let server = Server::start();
        let home = server.home();
        let mut command = server.command(path, home.path());
        server.run(&mut command, Person::Absent).success();
        let call = server.requests_of(Endpoint::Api).pop().expect("a call");
        let token = call.bearer().expect("a token");
        assert_eq!(server.account_of(token).as_deref(), Some(account), "{path}");
    }
}

/// A program has at most 15 lines, and there is a test for each.
#[test]
fn programs_are_short_and_tested() {
    let tests = include_str!("programs.rs");
    let mut count = 0;
    for entry in fs::read_dir("src/bin").expect("the programs") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("a name")
            .to_owned();
        let lines = fs::read_to_string(&path)
            .expect("a program")
            .lines()
            .count();
        assert!(lines <= 15, "{name} has {lines} lines");
        assert!(
            tests.contains(&format!("    {name}: ")),
            "{name} has no test"
        );
        count += 1;
    }
    assert_eq!(count, 31);
}
