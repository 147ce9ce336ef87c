//! The program against a server on loopback with two buckets, one of them in two pages.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::{Arc, Mutex},
    thread,
};

/// The responses of the server, by the target of the request.
const RESPONSES: [(&str, &str); 4] = [
    (
        "/storage/v1/b?project=p&alt=json",
        r#"{"items": [{"name": "films"}, {"name": "empty"}]}"#,
    ),
    (
        "/storage/v1/b/films/o?fields=items%2Fsize%2CnextPageToken&alt=json",
        r#"{"items": [{"size": "9007199254740993"}, {"size": "7"}], "nextPageToken": "more"}"#,
    ),
    (
        "/storage/v1/b/films/o?fields=items%2Fsize%2CnextPageToken&pageToken=more&alt=json",
        r#"{"items": [{}]}"#,
    ),
    (
        "/storage/v1/b/empty/o?fields=items%2Fsize%2CnextPageToken&alt=json",
        "{}",
    ),
];

/// Serves the responses for as long as the test runs. Returns the URL and the requested targets.
fn serve() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let target = response(stream);
            log.lock().expect("no panic").push(target);
        }
    });
    (format!("http://{address}"), asked)
}

/// Responds to one request and closes the connection.
fn response(mut stream: TcpStream) -> String {
    let mut lines = BufReader::new(stream.try_clone().expect("a second handle")).lines();
    let first = lines.next().expect("a request").expect("text");
    let target = first.split(' ').nth(1).expect("a target").to_owned();
    // Reads the rest of the head. These requests have no body.
    lines.find(|line| line.as_ref().is_ok_and(String::is_empty));
    let found = RESPONSES.iter().find(|(known, _)| same(known, &target));
    let (status, body) = found.map_or(("404 Not Found", "{}"), |(_, body)| ("200 OK", body));
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream
        .write_all([head.as_bytes(), body.as_bytes()].concat().as_slice())
        .expect("the response is sent");
    target
}

/// Returns whether two targets differ at most in the order of their parameters.
fn same(a: &str, b: &str) -> bool {
    let parts = |target: &str| {
        let mut parts: Vec<String> = target.split(['?', '&']).map(str::to_owned).collect();
        parts.sort();
        parts
    };
    parts(a) == parts(b)
}

#[test]
fn buckets_and_objects_are_listed_over_all_pages() {
    let (endpoint, asked) = serve();
    let output = Command::new(env!("CARGO_BIN_EXE_storage-usage"))
        .args(["p", &endpoint])
        .output()
        .expect("the program runs");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "films: 3 objects, 9007199254741000 bytes\nempty: 0 objects, 0 bytes\n"
    );
    assert!(output.status.success());
    assert_eq!(asked.lock().expect("no panic").len(), RESPONSES.len());
}

#[test]
fn without_a_project_it_says_how_to_call_it() {
    let output = Command::new(env!("CARGO_BIN_EXE_storage-usage"))
        .output()
        .expect("the program runs");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("usage: storage-usage PROJECT"), "{said}");
}
