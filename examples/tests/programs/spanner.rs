//! Programs for Spanner, with a server in the place of its emulator.

use std::io::{BufRead as _, BufReader, Write};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Mutex, PoisonError};

use gapi_runtime::serde_json::{Value, json};
use gapi_test_oauth::{Request, Response, Stub};

use crate::{command, run, success};

const DATABASE: &str = "projects/p/instances/i/databases/d";

/// Starts a server that sends these responses in turn, and then the last one.
fn server(responses: impl IntoIterator<Item = Response>) -> Stub {
    let responses: Vec<Response> = responses.into_iter().collect();
    let count = AtomicUsize::new(0);
    Stub::start(move |_, stream| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        responses[number.min(responses.len() - 1)].write(stream)
    })
}

#[test]
fn list_all_pages_lists_the_databases_of_all_instances() {
    let server = Stub::start(|request, stream| page(request).write(stream));
    let printed = success(env!("CARGO_BIN_EXE_list-all-pages"), &["p", &server.url()]);
    assert_eq!(
        printed,
        "projects/p/instances/orders: 3 databases\n    d1\n    d2\n    d3\n\
         projects/p/instances/users: 1 databases\n    d4\n\
         projects/p/instances/empty: 0 databases\n"
    );
    let requests = server.requests();
    assert_eq!(requests.len(), 6);
    let mask = requests[0].parameter("fields").unwrap_or_default();
    assert!(mask.contains("nextPageToken"), "{mask}");
}

/// Returns a page of instances or of databases.
fn page(request: &Request) -> Response {
    let token = request.parameter("pageToken").unwrap_or_default();
    let body = match (request.path.as_str(), token.as_str()) {
        ("/v1/projects/p/instances", "") => json!({
            "instances": [{"name": "projects/p/instances/orders"}, {"name": "projects/p/instances/users"}],
            "nextPageToken": "2",
        }),
        ("/v1/projects/p/instances", "2") => {
            json!({"instances": [{"name": "projects/p/instances/empty"}]})
        }
        ("/v1/projects/p/instances/orders/databases", "") => {
            json!({"databases": [{"name": "d1"}, {"name": "d2"}], "nextPageToken": "more"})
        }
        ("/v1/projects/p/instances/orders/databases", "more") => {
            json!({"databases": [{"name": "d3"}]})
        }
        ("/v1/projects/p/instances/users/databases", "") => json!({"databases": [{"name": "d4"}]}),
        ("/v1/projects/p/instances/empty/databases", "") => json!({}),
        _ => return Response::api(404, "NOT_FOUND", "no such page"),
    };
    Response::json(&body)
}

#[test]
fn create_and_wait_shows_the_states() {
    let operation = format!("{DATABASE}/operations/o");
    let server = server([
        json!({"name": operation}),
        json!({"name": operation, "done": true, "response": {"name": DATABASE, "state": "READY"}}),
    ].map(|body| Response::json(&body)));
    let program = env!("CARGO_BIN_EXE_create-and-wait");
    let printed = success(program, &["projects/p/instances/i", "d", &server.url()]);
    assert_eq!(
        printed,
        format!("{operation}: in progress\n{DATABASE}: done\n")
    );
    let requests = server.requests();
    assert_eq!(requests[0].json()["createStatement"], "CREATE DATABASE `d`");
    assert_eq!(requests[1].path, format!("/v1/{operation}"));
}

#[test]
fn create_and_wait_names_an_operation_that_failed() {
    let operation = format!("{DATABASE}/operations/o");
    let error = json!({"code": 6, "message": "d exists"});
    let server = server([Response::json(
        &json!({"name": operation, "done": true, "error": error}),
    )]);
    let program = env!("CARGO_BIN_EXE_create-and-wait");
    let (code, out, err) = run(program, &["projects/p/instances/i", "d", &server.url()]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains(&format!("{operation}: no result")), "{err}");
    assert!(err.contains("d exists"), "{err}");
}

/// Writes a chunk of a response.
fn chunk(stream: &mut dyn Write, text: &str) -> std::io::Result<()> {
    write!(stream, "{:x}\r\n{text}\r\n", text.len())?;
    stream.flush()
}

#[test]
fn streaming_prints_rows_before_the_response_is_complete() {
    let (sender, receiver) = mpsc::channel::<()>();
    let receiver = Mutex::new(receiver);
    let server = Stub::start(move |request, stream| {
        if !request.path.ends_with(":executeStreamingSql") {
            let session = json!({"name": format!("{DATABASE}/sessions/s")});
            return Response::json(&session).write(stream);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")?;
        let fields: [Value; 2] = ["Id", "Name"].map(|name| json!({"name": name}));
        let first = json!({"metadata": {"rowType": {"fields": fields}}, "values": ["1", "Ann", "2", "Be"], "chunkedValue": true});
        chunk(stream, &format!("[{first}"))?;
        // The rest follows when the test has seen the first row.
        let receiver = receiver.lock().unwrap_or_else(PoisonError::into_inner);
        let time = std::time::Duration::from_secs(20);
        receiver.recv_timeout(time).map_err(std::io::Error::other)?;
        let second = json!({"values": ["a", "3"]});
        let third = json!({"values": [["x", null]]});
        chunk(stream, &format!(",{second},{third}]"))?;
        chunk(stream, "")
    });
    let mut program = command(
        env!("CARGO_BIN_EXE_streaming"),
        &[DATABASE, "SELECT Id, Name FROM Singers", &server.url()],
    );
    let mut child = program
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    let mut next = || lines.next().and_then(Result::ok).unwrap_or_default();
    assert_eq!(next(), "\"1\"\t\"Ann\"");
    sender.send(()).expect("the server waits");
    assert_eq!(next(), "\"2\"\t\"Bea\"");
    assert_eq!(next(), "\"3\"\t[\"x\",null]");
    assert!(child.wait().expect("it ends").success());
    let last = server.requests().pop().expect("requests");
    assert_eq!(
        (last.method.as_str(), last.path),
        ("DELETE", format!("/v1/{DATABASE}/sessions/s"))
    );
}

#[test]
fn errors_tells_the_causes_apart() {
    let reason = json!({"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "no", "details": [{
        "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_DISABLED", "domain": "googleapis.com",
    }]}});
    let instance = "projects/p/instances/i";
    for (response, name, code, expected) in [
        (
            Response::json(&json!({"nodeCount": 3})),
            instance,
            0,
            "3 nodes",
        ),
        (
            Response::api(404, "NOT_FOUND", "gone"),
            instance,
            2,
            "there is no such instance",
        ),
        (
            Response::status_json(403, &reason),
            instance,
            1,
            "the reason is API_DISABLED of googleapis.com",
        ),
        (
            Response::api(403, "PERMISSION_DENIED", "no"),
            instance,
            1,
            "ask for the role",
        ),
        (
            Response::api(401, "UNAUTHENTICATED", "no"),
            instance,
            1,
            "check the credentials",
        ),
        (
            Response::api(400, "FAILED_PRECONDITION", "no"),
            instance,
            1,
            "code Some(FailedPrecondition)",
        ),
        (
            Response::json(&json!({})),
            "no/instance",
            1,
            "nothing was sent",
        ),
    ] {
        let server = server([response]);
        let (found, out, err) = run(env!("CARGO_BIN_EXE_errors"), &[name, &server.url()]);
        assert_eq!(found, Some(code), "{err}");
        assert!(
            format!("{out}{err}").contains(expected),
            "{expected}: {out}{err}"
        );
    }
}

#[test]
fn errors_tells_that_nothing_listens() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    drop(listener);
    let (code, _, err) = run(
        env!("CARGO_BIN_EXE_errors"),
        &["projects/p/instances/i", &url],
    );
    assert_eq!(code, Some(1));
    assert!(
        err.contains("nothing was sent: check network and address"),
        "{err}"
    );
}

#[test]
fn errors_passes_after_a_retry() {
    let server = server([
        Response::api(503, "UNAVAILABLE", "later"),
        Response::json(&json!({"nodeCount": 1})),
    ]);
    let printed = success(
        env!("CARGO_BIN_EXE_errors"),
        &["projects/p/instances/i", &server.url()],
    );
    assert_eq!(printed, "1 nodes\n");
    assert_eq!(server.requests().len(), 2);
}
