//! storage-testbench, and the transport that counts the requests to it.

use super::super::process::{Group, block_on, got_by, python, skip, with_free_ports};
use gapi_runtime::{
    Backoff, Body, BoxFuture, Bytes, HttpTransport, RetryPolicy, Transport, TransportError, http,
};
use gapi_test_clients::storage_v1::Storage;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The running server.
pub(super) struct Testbench {
    _processes: Group,
    url: String,
}

/// A list of faults on the server.
pub(super) struct RetryTest {
    url: String,
    pub(super) id: String,
}

impl Testbench {
    /// Starts the server. Prints the reason if it is not available.
    pub(super) fn start() -> Option<Self> {
        // For the client that asks the server for its state.
        gapi_runtime::install_tls_provider();
        let program = &mut python("tests/tests/live/storage_testbench.py");
        match got_by(program) {
            Ok(printed) => {
                let mut directories = printed.lines().map(PathBuf::from);
                let (source, packages) = (directories.next()?, directories.next()?);
                Some(Self::run(&source, &packages))
            }
            Err(reason) => {
                skip(&format!("no storage-testbench: {reason}"));
                None
            }
        }
    }

    fn run(source: &PathBuf, packages: &PathBuf) -> Self {
        with_free_ports(|[port]| {
            let mut command = Command::new("python3");
            command
                .args([
                    "-m",
                    "gunicorn",
                    "--threads=10",
                    "--keep-alive=75",
                    "--bind",
                ])
                .arg(format!("127.0.0.1:{port}"))
                .arg("testbench:run()")
                .current_dir(source)
                .env("PYTHONPATH", packages)
                .env("PYTHONDONTWRITEBYTECODE", "1");
            // It listens before it has loaded everything, and then responds.
            let url = format!("http://127.0.0.1:{port}");
            let is_up = || block_on(async { reqwest::get(&url).await.is_ok() });
            Some(Self {
                _processes: Group::start(&mut command, is_up)?,
                url,
            })
        })
    }

    /// Returns a client without a scenario.
    pub(super) async fn client(&self) -> Storage {
        let builder = Storage::builder().endpoint(&self.url);
        builder.build().await.unwrap()
    }

    /// Returns a client whose requests are counted, and their counter.
    pub(super) async fn counting_client(&self) -> (Storage, Arc<AtomicUsize>) {
        let requests = Arc::<AtomicUsize>::default();
        let transport = Counted {
            inner: HttpTransport::new(false).unwrap(),
            requests: Arc::clone(&requests),
        };
        let backoff = Backoff::new().initial_delay(Duration::from_millis(10));
        let builder = Storage::builder().endpoint(&self.url).transport(transport);
        let builder = builder.retry(RetryPolicy::new().backoff(backoff));
        (builder.build().await.unwrap(), requests)
    }

    /// Creates a list of faults for a method.
    pub(super) async fn retry_test(&self, method: &str, faults: &[&str]) -> RetryTest {
        let url = format!("{}/retry_test", self.url);
        let body = json!({"instructions": {method: faults}, "transport": "HTTP"});
        let request = reqwest::Client::new()
            .post(&url)
            .header("content-type", "application/json")
            .body(body.to_string());
        let created = value(request).await;
        let id = created["id"]
            .as_str()
            .unwrap_or_else(|| panic!("{created}"));
        RetryTest {
            url: format!("{url}/{id}"),
            id: id.to_owned(),
        }
    }
}

impl RetryTest {
    /// Checks that all faults have happened.
    pub(super) async fn check(&self, faults: &[&str]) {
        let found = value(reqwest::Client::new().get(&self.url)).await;
        let is_complete = faults.is_empty() || found["completed"] == true;
        assert!(is_complete, "{faults:?} {found}");
    }
}

async fn value(request: reqwest::RequestBuilder) -> Value {
    let response = request.send().await.unwrap();
    let text = response.text().await.unwrap();
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"))
}

/// The default transport. It counts the requests.
#[derive(Debug)]
struct Counted {
    inner: HttpTransport,
    requests: Arc<AtomicUsize>,
}

impl Transport for Counted {
    fn send(
        &self,
        _: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        unreachable!("all requests are streaming")
    }

    fn send_streaming(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.inner.send_streaming(request)
    }
}
