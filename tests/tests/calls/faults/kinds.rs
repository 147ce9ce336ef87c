//! The faults: their names and what the server does.

use super::server::{Act, Actions};
use std::io::Write as _;

/// A success that each of the calls understands: a finished operation, a last page, a file.
pub(super) const SUCCESS: &str = r#"{"name":"projects/p/instances/i/operations/o","done":true,
    "response":{"@type":"type.googleapis.com/google.spanner.admin.instance.v1.Instance","name":"SECRET"}}"#;

/// The limit on response bodies of the clients in these tests, in bytes.
pub(super) const LIMIT: usize = 1 << 20;

/// A kind of fault.
pub(super) struct Fault {
    pub(super) name: &'static str,
    /// Variants of the fault, which must have the same outcome.
    pub(super) responses: Vec<Actions>,
    /// `true` if the server has certainly not executed the request.
    pub(super) is_unexecuted: bool,
}

fn fault(name: &'static str, responses: impl IntoIterator<Item = Actions>) -> Fault {
    Fault {
        name,
        responses: responses.into_iter().collect(),
        is_unexecuted: false,
    }
}

/// Returns a fault that says that the server has not executed the request.
fn limit(name: &'static str, responses: impl IntoIterator<Item = Actions>) -> Fault {
    Fault {
        is_unexecuted: true,
        ..fault(name, responses)
    }
}

/// Returns a response with status 403 and the reason of an older API.
fn forbidden(reason: &str) -> Actions {
    let body = format!(
        r#"{{"error":{{"code":403,"message":"m","errors":[{{"domain":"usageLimits","reason":"{reason}"}}]}}}}"#
    );
    response("403 Forbidden", &["content-type: application/json"], body)
}

/// Returns a response with status 429 and the reason of a newer API.
fn exhausted(reason: &str) -> Actions {
    let body = format!(
        r#"{{"error":{{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m","details":[
            {{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{reason}"}}]}}}}"#
    );
    response(
        "429 Too Many Requests",
        &["content-type: application/json"],
        body,
    )
}

fn write(text: impl Into<Vec<u8>>) -> Act {
    Act::Write(text.into())
}

/// Returns a correct response with these headers and a length.
pub(super) fn response(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Actions {
    let body = body.as_ref();
    vec![write([&head(status, headers, body.len()), body].concat())]
}

/// Returns a response with status 200 and JSON.
pub(super) fn json(body: &str) -> Actions {
    response("200 OK", &["content-type: application/json"], body)
}

fn head(status: &str, headers: &[&str], length: usize) -> Vec<u8> {
    let headers: String = headers.iter().flat_map(|header| [header, "\r\n"]).collect();
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n").into_bytes()
}

/// Returns a response that breaks after the first half of a success. It has a version, so that a download can resume.
fn half(act: Act) -> Actions {
    let headers = ["content-type: application/json", "etag: \"1\""];
    let mut bytes = head("200 OK", &headers, SUCCESS.len());
    bytes.extend_from_slice(&SUCCESS.as_bytes()[..SUCCESS.len() / 2]);
    vec![write(bytes), act]
}

/// Returns responses with these statuses and the same headers, as Google's servers write them.
fn statuses(statuses: &[u16], headers: &[&str]) -> Vec<Actions> {
    let respond_with = |status: &u16| {
        let body = format!(r#"{{"error":{{"code":{status},"message":"try another time"}}}}"#);
        let headers = [&["content-type: application/json"], headers].concat();
        response(&format!("{status} Reason"), &headers, body)
    };
    statuses.iter().map(respond_with).collect()
}

/// Returns an error status with a truncated body.
fn cut_error() -> Actions {
    vec![write(head("404 Not Found", &[], 100)), Act::Close]
}

fn gzip(body: &[u8]) -> Actions {
    let headers = ["content-type: application/json", "content-encoding: gzip"];
    response("200 OK", &headers, body)
}

/// Returns gzip with one stored block, without its end and checksum.
fn cut_gzip() -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    bytes.extend_from_slice(&[0, 10, 0, 0xf5, 0xff]);
    bytes.extend_from_slice(&SUCCESS.as_bytes()[..10]);
    bytes
}

fn chunked(acts: impl IntoIterator<Item = Act>) -> Actions {
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    std::iter::once(write(head)).chain(acts).collect()
}

fn chunk(bytes: &[u8]) -> Act {
    let mut chunk = Vec::new();
    write!(chunk, "{:x}\r\n", bytes.len()).unwrap();
    chunk.extend_from_slice(bytes);
    chunk.extend_from_slice(b"\r\n");
    Act::Write(chunk)
}

/// Returns a response without a length, longer than the limit.
fn huge() -> Actions {
    let part = vec![b' '; 1 << 16];
    let parts = (0..=LIMIT / part.len()).map(|_| chunk(&part));
    chunked(parts.chain([write("0\r\n\r\n")]))
}

/// Returns half of a success, and the rest of it in two parts, four minutes apart.
fn slow() -> Actions {
    let (first, rest) = SUCCESS.as_bytes().split_at(SUCCESS.len() / 2);
    let (second, third) = rest.split_at(rest.len() / 2);
    let last = [third, b"\r\n"].concat();
    let acts = [chunk(first), Act::Wait(240), chunk(second), Act::Wait(240)];
    chunked(acts.into_iter().chain([chunk(&last), write("0\r\n\r\n")]))
}

/// Returns the faults of connections.
pub(super) fn of_connections() -> Vec<Fault> {
    let not_http = vec![write("SSH-2.0-OpenSSH_9.9\r\n"), Act::Close];
    let endless_head = vec![
        write("HTTP/1.1 200 OK\r\n"),
        write(b"x-filler: 0123456789\r\n".repeat(50_000)),
        Act::Close,
    ];
    let cut_chunk = chunked([write("ff\r\n{\"name\""), Act::Close]);
    let no_last_chunk = chunked([chunk(SUCCESS.as_bytes()), Act::Close]);
    vec![
        fault("reset before the head", [vec![Act::Reset]]),
        fault("closed before the head", [vec![Act::Close]]),
        fault(
            "reset within the head",
            [vec![write("HTTP/1.1 200 OK\r\ncontent-"), Act::Reset]],
        ),
        fault("reset within the body", [half(Act::Reset)]),
        fault("body shorter than its `Content-Length`", [half(Act::Close)]),
        fault("chunked body without its end", [cut_chunk, no_last_chunk]),
        fault("no response", [vec![Act::Stall]]),
        fault("body that stalls", [half(Act::Stall)]),
        fault("slow body, four minutes between parts", [slow()]),
        fault("another protocol than HTTP", [not_http]),
        fault("1 MiB of headers", [endless_head]),
    ]
}

/// Returns the faults that are statuses.
pub(super) fn of_statuses() -> Vec<Fault> {
    let others = [408, 429, 500, 502, 504];
    let html = "<html><body>SECRET</body></html>";
    let unavailable = "503 Service Unavailable";
    vec![
        fault("408, 429, 500, 502, 504", statuses(&others, &[])),
        fault(
            "408, 500, 502, 504 with `Retry-After: 7`",
            statuses(&[408, 500, 502, 504], &["retry-after: 7"]),
        ),
        limit(
            "403, 429 with `Retry-After: 7`",
            statuses(&[403, 429], &["retry-after: 7"]),
        ),
        limit(
            "403, 429 with the reason of a rate limit",
            [
                forbidden("rateLimitExceeded"),
                forbidden("userRateLimitExceeded"),
                exhausted("RATE_LIMIT_EXCEEDED"),
            ],
        ),
        fault(
            "403, a daily limit, a quota, no permission",
            [
                forbidden("dailyLimitExceeded"),
                forbidden("storageQuotaExceeded"),
                forbidden("forbidden"),
                statuses(&[403], &[]).concat(),
            ],
        ),
        fault("503", statuses(&[503], &[])),
        fault(
            "503 with `Retry-After: 7`",
            statuses(&[503], &["retry-after: 7"]),
        ),
        fault(
            "503 with `Retry-After: 120`",
            statuses(&[503], &["retry-after: 120"]),
        ),
        fault(
            "503 with `Retry-After` in the past",
            statuses(&[503], &["retry-after: Thu, 01 Jan 1970 00:00:00 GMT"]),
        ),
        fault(
            "503 with `Retry-After` in a far future",
            statuses(&[503], &["retry-after: Fri, 31 Dec 9999 23:59:59 GMT"]),
        ),
        fault(
            "503 with HTML",
            [response(unavailable, &["content-type: text/html"], html)],
        ),
        fault(
            "503 with 2 MiB",
            [response(unavailable, &[], vec![b'x'; 2 << 20])],
        ),
        fault("404 with a truncated body", [cut_error()]),
        fault("401, an expired token", statuses(&[401], &[])),
    ]
}

/// Returns the faults in the bodies of successes.
pub(super) fn of_bodies() -> Vec<Fault> {
    let html = "<html><body>SECRET</body></html>";
    let bad_utf8 = SUCCESS.replace("SECRET", "\u{1}").into_bytes();
    let bad_utf8 = bad_utf8
        .into_iter()
        .map(|byte| if byte == 1 { 0xff } else { byte });
    vec![
        fault(
            "HTML",
            [response("200 OK", &["content-type: text/html"], html)],
        ),
        fault(
            "JSON with another content type, or without one",
            [
                response("200 OK", &["content-type: text/html"], SUCCESS),
                response("200 OK", &[], SUCCESS),
            ],
        ),
        fault("no body", [json(""), json(" \n")]),
        fault(
            "half of the JSON, with its length as `Content-Length`",
            [json(&SUCCESS[..SUCCESS.len() / 2])],
        ),
        fault(
            "invalid UTF-8",
            [response(
                "200 OK",
                &["content-type: application/json"],
                bad_utf8.collect::<Vec<u8>>(),
            )],
        ),
        fault("invalid gzip", [gzip(SUCCESS.as_bytes())]),
        fault("truncated gzip", [gzip(&cut_gzip())]),
        fault("more than the client reads", [huge()]),
    ]
}

/// Returns redirects to another host, with every redirect status.
pub(super) fn of_redirects(other: &str) -> Vec<Fault> {
    let location = format!("location: {other}/SECRET");
    let to_other = |status: &str| response(status, &[&location], "");
    let redirects = [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
    ];
    vec![
        fault(
            "301, 302, 303, 307 to another host",
            redirects.map(to_other),
        ),
        fault("308 to another host", [to_other("308 Permanent Redirect")]),
    ]
}
