//! Responses that are not a document: each is reported, no file is replaced, and all other documents are fetched.

use flate2::{Compression, write::GzEncoder};
use std::io::Write as _;

use super::{
    documents::{directory, document, serve},
    project::Project,
    server::{Reply, Server},
};

/// Fetches `good` and `bad`, for which the server always sends this reply. Returns the message and the number of
/// requests.
fn fetch_errors(reply: impl Fn() -> Reply + Send + Sync + 'static) -> (String, usize) {
    let server = serve(&["bad", "good"], move |request, _| {
        if request.target.contains("bad") {
            reply()
        } else {
            Reply::ok(document("good", "2"))
        }
    });
    let project = Project::new(&[("bad", "1"), ("good", "1")]);
    let outcome = project.fetch(&["--from", &server.url()]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert_eq!(project.read("discovery/bad.v1.json"), document("bad", "1"));
    assert_eq!(
        project.read("discovery/good.v1.json"),
        document("good", "2")
    );
    assert!(
        outcome.out.contains("2 documents: 1 updated, 1 failed\n"),
        "{outcome:?}"
    );
    assert!(
        outcome.err.starts_with("error: bad:v1 was not fetched\n"),
        "{outcome:?}"
    );
    assert!(
        outcome
            .err
            .ends_with("error: 1 of 2 documents failed; all others were processed\n"),
        "{outcome:?}"
    );
    let asked = server
        .targets()
        .iter()
        .filter(|target| target.contains("bad"))
        .count();
    (outcome.err, asked)
}

/// Checks the message for a reply, and the number of requests to each of the two URLs.
fn expect(reply: impl Fn() -> Reply + Send + Sync + 'static, message: &str, requests: usize) {
    let (err, asked) = fetch_errors(reply);
    assert_eq!(err.matches(message).count(), 2, "{message}: {err}");
    assert_eq!(asked, 2 * requests, "{err}");
}

#[test]
fn a_truncated_response_is_retried_once_and_then_reported() {
    let newer = || document("bad", "2");
    let half = newer().len() / 2;
    expect(
        move || Reply::ok(newer()).cut_at(half),
        "the response was interrupted after",
        2,
    );
    expect(
        move || Reply::without_length(newer()).cut_at(half),
        "the response was interrupted after",
        2,
    );
    expect(
        || Reply::ok(""),
        "the response was interrupted after 0 bytes (2 attempts)",
        2,
    );
    let packed = || {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(document("bad", "2").as_bytes()).unwrap();
        gzip.finish().unwrap()
    };
    let cut = move || {
        let packed = packed();
        let half = packed.len() / 2;
        Reply::ok(&packed[..half]).header("Content-Encoding: gzip")
    };
    expect(cut, "the response was interrupted after", 2);
}

#[test]
fn a_complete_response_without_the_document_is_reported_at_once() {
    expect(
        || Reply::ok("<html>no</html>"),
        "not JSON: expected value at line 1",
        1,
    );
    expect(|| Reply::ok("[1, 2]"), "not a Discovery document", 1);
    expect(
        || Reply::ok(r#"{"error": {}}"#),
        "`kind` is not `discovery#restDescription`",
        1,
    );
    expect(
        || Reply::ok(document("other", "2")),
        "it is the document of other:v1",
        1,
    );
    expect(
        || Reply::ok(document("../bad", "2")),
        "is not the name and version of an API",
        1,
    );
    expect(
        || Reply::new("403 Forbidden", ""),
        "the server responds with 403 Forbidden",
        1,
    );
    expect(
        || Reply::new("404 Not Found", ""),
        "the server responds with 404 Not Found",
        1,
    );
    expect(
        || Reply::new("304 Not Modified", ""),
        "the server responds with 304 Not Modified",
        1,
    );
    let mut text = document("bad", "2").into_bytes();
    text.splice(1..1, *b"\"x\": \"\xff\",");
    expect(
        move || Reply::ok(text.clone()),
        "not UTF-8: invalid utf-8 sequence",
        1,
    );
}

#[test]
fn redirects_are_not_followed_and_other_hosts_not_asked() {
    let elsewhere = Server::start(|_, _| Reply::ok(document("bad", "2")));
    let url = elsewhere.url();
    let message = format!("307 Temporary Redirect, a redirect to {url}/bad, which is not followed");
    let location = format!("Location: {url}/bad");
    expect(
        move || Reply::new("307 Temporary Redirect", "").header(&location),
        &message,
        1,
    );

    let listed = elsewhere.url();
    let server = Server::start(move |request, _| {
        if request.target.ends_with("/apis") {
            Reply::ok(directory(&listed, &["bad"]))
        } else {
            Reply::new("404 Not Found", "")
        }
    });
    let project = Project::new(&[("bad", "1")]);
    let outcome = project.fetch(&["--from", &server.url()]);
    let message =
        "http://127.0.0.1 is neither https at googleapis.com nor the server that --from names";
    assert!(outcome.err.contains(message), "{outcome:?}");
    assert_eq!(elsewhere.requests().len(), 0);
}

#[test]
fn an_endless_response_is_not_read_to_its_end() {
    let most = 32 << 20;
    expect(
        move || Reply::without_length(vec![b' '; most + 1]),
        "the response has more than 32 MiB",
        1,
    );
    let bomb = move || {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&vec![b' '; most + 1]).unwrap();
        Reply::ok(gzip.finish().unwrap()).header("Content-Encoding: gzip")
    };
    expect(bomb, "the response has more than 32 MiB", 1);
}

#[test]
fn a_server_that_asks_for_too_much_patience_is_left() {
    let reply = || Reply::new("429 Too Many Requests", "").header("Retry-After: 3600");
    expect(
        reply,
        "the server responds with 429 Too Many Requests, it asks to wait 3600 s",
        1,
    );
}

#[test]
fn a_rejected_document_is_reported_with_its_diagnostics() {
    let wrong = || document("bad", "2").replace("\"httpMethod\"", "\"http\"");
    let (err, asked) = fetch_errors(move || Reply::ok(wrong()));
    assert!(
        err.contains("  the generator rejects revision 2:\n  error: bad:v1#/methods/get"),
        "{err}"
    );
    assert_eq!(asked, 1);
}

#[test]
fn a_directory_that_cannot_be_read_is_one_error() {
    for (reply, message) in [
        (
            (|| Reply::new("500 Internal Server Error", "")) as fn() -> Reply,
            "the server responds with 500",
        ),
        (
            || Reply::ok("{"),
            "the response was interrupted after 1 bytes",
        ),
        (
            || Reply::ok("{}"),
            "it is not a directory of APIs: missing field `items`",
        ),
    ] {
        let server = Server::start(move |_, _| reply());
        let project = Project::new(&[("a", "1")]);
        let before = project.contents();
        let outcome = project.fetch(&["--from", &server.url()]);
        let start = format!("error: cannot fetch from {}: {message}", server.url());
        assert!(outcome.err.starts_with(&start), "{outcome:?}");
        assert_eq!(
            (outcome.code, outcome.err.lines().count()),
            (1, 1),
            "{outcome:?}"
        );
        assert_eq!(project.contents(), before);
    }
    for (from, message) in [
        ("http://example.com/apis", "it is not https"),
        ("ftp://localhost/apis", "its scheme is ftp"),
        ("https://user@localhost/", "it contains a user name"),
        ("http://127.0.0.1:1", "no response"),
    ] {
        let outcome = Project::new(&[("a", "1")]).fetch(&["--from", from]);
        assert_eq!(outcome.code, 1);
        assert!(
            outcome
                .err
                .starts_with(&format!("error: cannot fetch from {from}: {message}")),
            "{outcome:?}"
        );
    }
}
