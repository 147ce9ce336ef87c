//! The example programs of `gapi`, run as a user runs them, against a server on loopback: their requests and their
//! output.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails where its server or its program does"
)]

use gapi_tests::cargo;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::thread;

/// A server that sends these responses in turn and records the request lines.
struct Server {
    address: SocketAddr,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(responses: &[(u16, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let lines = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&lines);
        let responses = responses
            .iter()
            .map(|(status, body)| (*status, (*body).to_owned()));
        let mut responses: VecDeque<(u16, String)> = responses.collect();
        thread::spawn(move || {
            while !responses.is_empty() {
                let Ok((stream, _)) = listener.accept() else {
                    return;
                };
                serve(stream, &mut responses, &kept);
            }
        });
        Self { address, lines }
    }

    /// Runs a program with this server as its endpoint.
    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        Command::new(cargo::example(env!("CARGO_TARGET_TMPDIR"), program))
            .args(["--endpoint", &format!("http://{}", self.address)])
            .args(arguments)
            .env_remove("GAPI_ACCESS_TOKEN")
            .output()
            .unwrap()
    }

    fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

/// Serves one connection until the client closes it.
fn serve(stream: TcpStream, responses: &mut VecDeque<(u16, String)>, lines: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    loop {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            match line.trim_end() {
                "" => break,
                line => head.push(line.to_owned()),
            }
        }
        let length = head.iter().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse().unwrap())
        });
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).unwrap();
        lines.lock().unwrap().push(head.swap_remove(0));
        let Some((status, body)) = responses.pop_front() else {
            return;
        };
        let response = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(response.as_bytes()).unwrap();
    }
}

/// An example of a service, with its expected requests and output.
struct Example {
    program: &'static str,
    /// The resource whose operations are listed, and the beginning of that request.
    listed: (&'static str, &'static str),
    operation: &'static str,
    /// The request that reads the operation.
    read: &'static str,
    /// The metadata of a running operation, and how the example shows it.
    metadata: (&'static str, &'static str),
    /// The request that cancels it, if the API can.
    cancelled: Option<&'static str>,
}

const EXAMPLES: [Example; 5] = [
    Example {
        program: "spanner_operations",
        listed: (
            "projects/p/instances/i",
            "GET /v1/projects/p/instances/i/operations?",
        ),
        operation: "projects/p/instances/i/operations/o",
        read: "GET /v1/projects/p/instances/i/operations/o?alt=json HTTP/1.1",
        metadata: (r#"{"progress": {"progressPercent": 40}}"#, "40 %"),
        cancelled: Some("POST /v1/projects/p/instances/i/operations/o:cancel?alt=json HTTP/1.1"),
    },
    Example {
        program: "healthcare_operations",
        listed: (
            "projects/p/locations/l/datasets/d",
            "GET /v1/projects/p/locations/l/datasets/d/operations?",
        ),
        operation: "projects/p/locations/l/datasets/d/operations/1",
        read: "GET /v1/projects/p/locations/l/datasets/d/operations/1?alt=json HTTP/1.1",
        metadata: (
            r#"{"@type": "type.googleapis.com/google.cloud.healthcare.v1.OperationMetadata",
                "counter": {"pending": "60", "success": "39", "failure": "1"}}"#,
            "40 %",
        ),
        cancelled: Some(
            "POST /v1/projects/p/locations/l/datasets/d/operations/1:cancel?alt=json HTTP/1.1",
        ),
    },
    Example {
        program: "genomics_operations",
        listed: (
            "projects/p/operations",
            "GET /v2alpha1/projects/p/operations?",
        ),
        operation: "projects/p/operations/1",
        read: "GET /v2alpha1/projects/p/operations/1?alt=json HTTP/1.1",
        metadata: (r#"{"events": []}"#, "in progress"),
        cancelled: Some("POST /v2alpha1/projects/p/operations/1:cancel?alt=json HTTP/1.1"),
    },
    Example {
        program: "servicemanagement_operations",
        listed: (
            "library.example.com",
            "GET /v1/operations?filter=serviceName%3Dlibrary.example.com&",
        ),
        operation: "operations/o",
        read: "GET /v1/operations/o?alt=json HTTP/1.1",
        metadata: (
            r#"{"@type": "type.googleapis.com/google.api.servicemanagement.v1.OperationMetadata",
                "progressPercentage": 40}"#,
            "40 %",
        ),
        cancelled: None,
    },
    Example {
        program: "accesscontextmanager_operations",
        listed: ("operations", "GET /v1/operations?"),
        operation: "operations/accessPolicies/1/create/2",
        read: "GET /v1/operations/accessPolicies/1/create/2?alt=json HTTP/1.1",
        metadata: ("{}", "in progress"),
        cancelled: Some("POST /v1/operations/accessPolicies/1/create/2:cancel?alt=json HTTP/1.1"),
    },
];

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn each_lists_the_operations_of_all_pages_as_a_table() {
    for example in EXAMPLES {
        let server = Server::start(&[
            (
                200,
                r#"{"operations": [{"name": "operations/one", "done": true}], "nextPageToken": "more"}"#,
            ),
            (
                200,
                r#"{"operations": [{"name": "operations/second"},
                    {"name": "operations/3", "done": true, "error": {"code": 9, "message": "no"}}]}"#,
            ),
        ]);
        let (name, request) = example.listed;
        let output = server.run(example.program, &["list", name]);
        assert!(output.status.success(), "{output:?}");
        assert_eq!(
            text(&output.stdout),
            "NAME               DONE   ERROR\n\
             operations/one     true\n\
             operations/second  false\n\
             operations/3       true   9: no\n"
        );
        let lines = server.lines();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].starts_with(request), "{lines:?}");
        assert!(lines[0].contains("pageSize=100"), "{lines:?}");
        assert!(lines[1].contains("pageToken=more"), "{lines:?}");
    }
}

#[test]
fn each_watches_an_operation_until_it_is_done() {
    for example in EXAMPLES {
        let (metadata, shown) = example.metadata;
        let name = example.operation;
        let under_way = format!(r#"{{"name": "{name}", "metadata": {metadata}}}"#);
        let done = format!(r#"{{"name": "{name}", "done": true, "response": {{}}}}"#);
        let server = Server::start(&[(200, &under_way), (200, &done)]);
        let output = server.run(example.program, &["watch", name]);
        assert!(output.status.success(), "{output:?}");
        let lines: Vec<&str> = text(&output.stdout).lines().collect();
        assert_eq!(lines[..2], [shown, "done: Operation {"], "{output:?}");
        assert_eq!(server.lines(), [example.read; 2]);
    }
}

#[test]
fn each_says_why_an_operation_failed() {
    for example in EXAMPLES {
        let failed = r#"{"name": "operations/o", "done": true, "error": {"code": 9, "message": "the disk is full"}}"#;
        let server = Server::start(&[(200, failed)]);
        let output = server.run(example.program, &["watch", example.operation]);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(
            text(&output.stderr).contains("the disk is full"),
            "{output:?}"
        );
    }
}

#[test]
fn each_cancels_what_its_service_can_cancel() {
    for example in EXAMPLES {
        let server = Server::start(&[(200, "{}")]);
        let output = server.run(example.program, &["cancel", example.operation]);
        if let Some(request) = example.cancelled {
            assert!(output.status.success(), "{output:?}");
            assert_eq!(server.lines(), [request]);
        } else {
            assert_eq!(output.status.code(), Some(2), "{output:?}");
            assert!(server.lines().is_empty());
        }
    }
}
