//! Clients in Tokio runtimes of all kinds, and without any.

use crate::golden::named::operations_read_by_name_v1::OperationsReadByName;
use gapi::gapi_runtime::{
    BoxFuture, Bytes, ClientBuilder, Error, ErrorKind, MockTransport, RetryPolicy, http,
    install_tls_provider,
};
use gapi::spanner_v1::Spanner;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

const OPERATION: &str = "projects/p/instances/i/operations/o";
const SECOND: Duration = Duration::from_secs(1);

/// Starts a server on threads, which needs no runtime. Returns its URL and the number of its connections.
fn server() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            counter.fetch_add(1, Ordering::SeqCst);
            std::thread::spawn(move || {
                let mut socket = socket.unwrap();
                let mut head = Vec::new();
                let mut buffer = [0; 4096];
                loop {
                    let Ok(read @ 1..) = socket.read(&mut buffer) else {
                        return;
                    };
                    head.extend_from_slice(&buffer[..read]);
                    if head.ends_with(b"\r\n\r\n") {
                        head.clear();
                        let response = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                        socket.write_all(response).unwrap();
                    }
                }
            });
        }
    });
    (url, connections)
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn threads() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().unwrap()
}

fn built(builder: ClientBuilder<Spanner>) -> Spanner {
    runtime().block_on(builder.build()).unwrap()
}

fn builder(url: &str) -> ClientBuilder<Spanner> {
    Spanner::builder().endpoint(url).bearer_token("TOKEN")
}

/// Sends a call, which fails the test if it hangs.
async fn get(spanner: &Spanner) -> Result<(), Error> {
    let operations = spanner.projects().instances().operations();
    operations.get(OPERATION).send().await.map(|_| ())
}

#[track_caller]
fn check(error: &Error, reason: &str) {
    assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
    assert!(error.to_string().contains(reason), "{error}");
    assert!(!error.to_string().contains("/v1/"), "{error}");
}

#[test]
fn case_r26_a_runtime_without_a_timer_or_without_io_is_an_error() {
    let (url, connections) = server();
    let spanner = built(builder(&url));
    let bare = Builder::new_current_thread().build().unwrap();
    let timeless = Builder::new_current_thread().enable_io().build().unwrap();
    let mut threads = Builder::new_multi_thread();
    let threads = threads.worker_threads(1).build().unwrap();
    for runtime in [&bare, &timeless, &threads] {
        for _ in 0..2 {
            let error = runtime.block_on(get(&spanner)).unwrap_err();
            check(
                &error,
                "the Tokio runtime has no timer: build it with `enable_all`",
            );
        }
    }
    let silent = Builder::new_current_thread().enable_time().build().unwrap();
    let error = silent.block_on(get(&spanner)).unwrap_err();
    check(
        &error,
        "the Tokio runtime has no I/O: build it with `enable_all`",
    );
    let error = futures_util::FutureExt::now_or_never(get(&spanner))
        .unwrap()
        .unwrap_err();
    check(&error, "it needs a Tokio runtime, and there is none");
    assert_eq!(connections.load(Ordering::SeqCst), 0);
    runtime().block_on(get(&spanner)).unwrap();
}

#[test]
fn case_r26_limits_and_pollers_without_a_timer_are_errors() {
    let bare = Builder::new_current_thread().build().unwrap();
    let mock = MockTransport::with(|_| {
        let running = br#"{"name": "things/t/operations/o"}"#;
        Ok(http::Response::new(Bytes::from_static(running)))
    });
    let client = || OperationsReadByName::builder().transport(mock.clone());
    bare.block_on(async {
        let plain = client().build().await.unwrap();
        // Without a wait there is nothing to wait with.
        plain.things().create(None).send().await.unwrap();
        let create = plain.things().create(None);
        let limit = RetryPolicy::new().attempt_timeout(SECOND);
        let calls: [BoxFuture<'_, Error>; 4] = [
            Box::pin(async { create.clone().timeout(SECOND).send().await.unwrap_err() }),
            Box::pin(async { create.clone().retry(limit).send().await.unwrap_err() }),
            Box::pin(async { create.clone().poller().until_done().await.unwrap_err() }),
            Box::pin(async {
                create
                    .clone()
                    .poller()
                    .timeout(SECOND)
                    .until_done()
                    .await
                    .unwrap_err()
            }),
        ];
        for call in calls {
            check(&call.await, "needs a Tokio runtime with time enabled");
        }
    });
}

#[test]
fn case_r26_runtimes_that_share_a_client_have_connections_of_their_own() {
    let (url, connections) = server();
    let spanner = built(builder(&url));
    let (first, second) = (runtime(), runtime());
    for _ in 0..2 {
        for runtime in [&first, &second] {
            let call = async { tokio::time::timeout(SECOND * 5, get(&spanner)).await };
            runtime.block_on(call).expect("the call hangs").unwrap();
        }
    }
    assert_eq!(connections.load(Ordering::SeqCst), 2);
    // A runtime that has ended leaves nothing behind.
    drop((first, second));
    for _ in 0..3 {
        runtime().block_on(get(&spanner)).unwrap();
    }
    threads().block_on(get(&spanner)).unwrap();
}

#[test]
fn case_r26_an_http_client_belongs_to_a_runtime() {
    install_tls_provider();
    let (url, _) = server();
    let own = || built(builder(&url).http_client(reqwest::Client::builder()));
    let spanner = own();
    let (first, second) = (runtime(), runtime());
    first.block_on(get(&spanner)).unwrap();
    for other in [second, threads()] {
        let error = other.block_on(get(&spanner)).unwrap_err();
        check(&error, "another Tokio runtime uses the HTTP client");
    }
    first.block_on(get(&spanner)).unwrap();
    drop(first);
    runtime().block_on(get(&spanner)).unwrap();
    // Multi-threaded runtimes drive their connections at any time.
    let spanner = own();
    let (first, second) = (threads(), threads());
    for runtime in [&first, &second, &first] {
        runtime.block_on(get(&spanner)).unwrap();
    }
}
