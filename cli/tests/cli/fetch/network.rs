//! Documents from a server: requests, fetched documents and kept documents.

use std::time::{Duration, Instant};

use super::{
    documents::{DIRECTORY, copy, document, serve},
    project::Project,
    server::{Reply, Server},
};

#[test]
fn later_revisions_are_taken_and_nothing_else() {
    let names = &[
        "newer",
        "same",
        "older",
        "other",
        "spaces",
        "bare",
        "elsewhere",
    ];
    let server = serve(names, |request, _| match request.target.as_str() {
        "/newer" => Reply::ok(document("newer", "20260202")),
        "/older" => Reply::ok(document("older", "20251231")),
        "/other" => Reply::ok(document("other", "20260101").replace("The ", "Another ")),
        "/spaces" => {
            let text = document("spaces", "20260101").replace('\n', "\n\n");
            Reply::ok(text.replacen('{', "{\"etag\": \"x\",", 1))
        }
        "/bare" => Reply::ok(document("bare", "20260202").replace("\"methods\"", "\"x\"")),
        "/same" => Reply::ok(document("same", "20260101")),
        _ => Reply::new("404 Not Found", ""),
    });
    let here = [
        "newer", "same", "older", "other", "spaces", "bare", "shutdown",
    ]
    .map(|name| (name, "20260101"));
    let project = Project::new(&here);
    let mut wanted = project.contents();

    let outcome = project.fetch(&["--from", &server.url()]);
    let table = outcome.success();
    let rows: Vec<String> = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        rows,
        [
            "bare:v1 20260101 -> 20260202 left: revision 20260202 no longer has any methods",
            "newer:v1 20260101 -> 20260202 updated",
            "older:v1 20260101 -> 20251231 older",
            "other:v1 20260101 left: it differs from the one that is here, at the same revision",
            "same:v1 20260101 unchanged",
            "shutdown:v1 20260101 gone: the source does not have it",
            "spaces:v1 20260101 unchanged",
            "7 documents: 1 updated, 2 unchanged, 1 older, 2 left, 1 gone",
            "next: a build script, or `gapi generate DOC --out src`, makes clients of them",
        ]
    );
    wanted.insert("newer.v1.json".into(), document("newer", "20260202"));
    let row = format!(
        "| `newer.v1.json` | The newer API v1 | 2026-02-02 | {}/newer |\n",
        server.url()
    );
    let readme =
        wanted[std::path::Path::new("README.md")].replace("|\n\nEnd", &format!("|\n{row}\nEnd"));
    wanted.insert("README.md".into(), readme);
    assert_eq!(project.contents(), wanted);
}

#[test]
fn new_ones_come_when_they_are_named_or_all_are_asked_for() {
    let server = serve(&["a", "b"], |request, _| {
        Reply::ok(document(&request.target[1..], "1"))
    });
    let project = Project::new(&[("a", "1")]);
    let from = ["--from", &server.url()];
    let fetch = |arguments: &[&str]| project.statuses(&[&from[..], arguments].concat());
    assert_eq!(fetch(&[]), (vec!["a unchanged".to_owned()], 0));
    assert_eq!(
        fetch(&["--all", "--dry-run"]),
        (vec!["a unchanged".to_owned(), "b added".to_owned()], 0)
    );
    assert!(!project.path("discovery/b.v1.json").exists());
    assert_eq!(fetch(&["b-v1", "b"]), (vec!["b added".to_owned()], 0));
    assert_eq!(project.read("discovery/b.v1.json"), document("b", "1"));

    // A missing directory is created, but not for a name that matches no API.
    let empty = tempfile::tempdir().unwrap();
    let directory = empty.path().join("new/documents");
    let discovery = ["--discovery", directory.to_str().unwrap()];
    let outcome = project.fetch(&[&from[..], &discovery, &["aa"]].concat());
    outcome.failure(
        "error: neither the source nor the directory of documents has an API `aa`\n  help: did you mean `a`?",
    );
    assert!(!directory.exists());
    assert_eq!(
        fetch(&[&discovery[..], &["b"]].concat()),
        (vec!["b added".to_owned()], 0)
    );
    assert_eq!(
        std::fs::read_to_string(directory.join("b.v1.json")).unwrap(),
        document("b", "1")
    );
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let server = serve(&["a"], |_, _| {
        Reply::ok(document("a", "2")).header("ETag: \"2\"")
    });
    let project = Project::new(&[("a", "1")]);
    let before = project.contents();
    let text = project
        .fetch(&["--from", &server.url(), "--dry-run"])
        .success();
    assert!(text.contains("1 -> 2"), "{text}");
    assert!(
        text.ends_with("1 document: 1 updated\ndry run: nothing was written\n"),
        "{text}"
    );
    assert_eq!(project.contents(), before);
    assert!(!project.path("discovery/.etags.jsonl").exists());
    assert_eq!(
        project
            .fetch(&["--from", &server.url(), "--quiet"])
            .success(),
        ""
    );
    assert_eq!(project.read("discovery/a.v1.json"), document("a", "2"));
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let server = serve(&["a"], |request, _| match request.header("if-none-match") {
        Some("\"2\"") => Reply::new("304 Not Modified", ""),
        None => Reply::ok(document("a", "2")).header("ETag: \"2\""),
        other => panic!("{other:?}"),
    });
    let project = Project::new(&[("a", "1")]);
    let fetch = || project.statuses(&["--from", &server.url()]).0;
    let sent = || {
        let requests = server.requests();
        let asked = requests
            .iter()
            .rev()
            .find(|request| request.target == "/a")
            .unwrap();
        asked.header("if-none-match").map(str::to_owned)
    };
    assert_eq!((fetch(), sent()), (vec!["a updated".to_owned()], None));
    assert_eq!(
        (fetch(), sent()),
        (vec!["a unchanged".to_owned()], Some("\"2\"".to_owned()))
    );
    // The ETag does not count after the file was replaced.
    project.write("discovery/a.v1.json", document("a", "1"));
    assert_eq!((fetch(), sent()), (vec!["a updated".to_owned()], None));
    // Unreadable lines of the cache are ignored.
    project.write("discovery/.etags.jsonl", "{\"file\": \"a.v1.json\", \"et");
    assert_eq!((fetch(), sent()), (vec!["a unchanged".to_owned()], None));
    assert_eq!(
        (fetch(), sent()),
        (vec!["a unchanged".to_owned()], Some("\"2\"".to_owned()))
    );
    assert_eq!(project.read("discovery/.etags.jsonl").lines().count(), 1);
}

#[test]
fn where_an_address_fails_the_next_one_is_asked() {
    let server = serve(&["gone", "broken", "elsewhere"], |request, _| {
        let target = request.target.as_str();
        if let Some(name) = ["gone", "broken", "elsewhere"]
            .into_iter()
            .find(|name| target == copy(name))
        {
            return Reply::ok(document(name, "2"));
        }
        match target {
            "/gone" => Reply::new("404 Not Found", ""),
            "/broken" => Reply::ok("<html>"),
            "/elsewhere" => Reply::new("302 Found", "").header("Location: http://example.com/"),
            other => panic!("{other}"),
        }
    });
    let project = Project::new(&[("gone", "1"), ("broken", "1"), ("elsewhere", "1")]);
    let updated = ["broken updated", "elsewhere updated", "gone updated"].map(str::to_owned);
    assert_eq!(
        project.statuses(&["--from", &server.url(), "--jobs", "1"]),
        (updated.to_vec(), 0)
    );
    let targets = [
        DIRECTORY.to_owned(),
        "/broken".to_owned(),
        copy("broken"),
        "/elsewhere".to_owned(),
        copy("elsewhere"),
        "/gone".to_owned(),
        copy("gone"),
    ];
    assert_eq!(server.targets(), targets);
}

#[test]
fn a_busy_server_is_given_the_time_that_it_asks_for() {
    let server = serve(&["a"], |_, before| match before {
        0 => Reply::new("429 Too Many Requests", "").header("Retry-After: 1"),
        1 => Reply::new("503 Service Unavailable", ""),
        _ => Reply::ok(document("a", "2")),
    });
    let project = Project::new(&[("a", "1")]);
    let started = Instant::now();
    assert_eq!(
        project.statuses(&["--from", &server.url()]),
        (vec!["a updated".to_owned()], 0)
    );
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.targets(), [DIRECTORY, "/a", "/a", "/a"]);
}

#[test]
fn no_more_are_fetched_at_a_time_than_is_said_and_nobody_says_who_asks() {
    let names = &["a", "b", "c", "d", "e", "f", "g", "h"];
    let start = || {
        serve(names, |request, _| {
            Reply::ok(document(&request.target[1..], "1")).delay(Duration::from_millis(100))
        })
    };
    let parallel = |jobs: &str| {
        let server = start();
        let (statuses, code) =
            Project::new(&[]).statuses(&["--from", &server.url(), "--all", "--jobs", jobs]);
        assert_eq!((statuses.len(), code), (names.len(), 0));
        for request in server.requests() {
            for name in ["authorization", "cookie", "x-goog-api-key"] {
                assert_eq!(request.header(name), None);
            }
            assert!(request.header("user-agent").unwrap().starts_with("gapi/"));
        }
        server.most_open()
    };
    assert_eq!(parallel("1"), 1);
    let three = parallel("3");
    assert!((2..=3).contains(&three), "{three}");
    assert_eq!(Project::new(&[]).fetch(&["--jobs", "17"]).code, 2);
}

#[test]
fn without_a_source_it_is_google_by_https() {
    // A proxy sees the host of a request. This one rejects all requests.
    let proxy = Server::start(|_, _| Reply::new("403 Forbidden", ""));
    let project = Project::new(&[("a", "1")]);
    let before = project.contents();
    let mut command = project.command(&[]);
    let outcome = gapi_tests::command::outcome(command.env("HTTPS_PROXY", proxy.url()));
    assert_eq!(outcome.code, 1, "{outcome:?}");
    let start = "error: cannot fetch from https://www.googleapis.com/discovery/v1/apis: ";
    assert!(outcome.err.starts_with(start), "{outcome:?}");
    assert!(
        outcome.err.contains("help: --from takes a directory"),
        "{outcome:?}"
    );
    assert_eq!(proxy.targets(), ["www.googleapis.com:443"]);
    assert_eq!(project.contents(), before);
}
