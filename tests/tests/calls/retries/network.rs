//! A dead network is reported soon and with its cause: over real sockets, in real time, with the default settings.

use super::sockets::{BlackHole, ClosedPort, Server, listener, receive, response};
use crate::golden::media::media_upload_and_download_v1::MediaUploadAndDownload;
use futures_util::{StreamExt as _, stream};
use gapi::gapi_runtime::{
    Backoff, Body, BoxFuture, Bytes, ClientBuilder, Error, ErrorKind, HttpTransport, Media,
    RetryPolicy, Service, Transport, TransportError, http, install_tls_provider,
};
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::schemas::CreateInstanceRequest;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

const OPERATION: &str = "projects/p/instances/i/operations/o";
const LIMIT: Duration = Duration::from_secs(5);
const EMULATOR: &str = "check the endpoint, and that the emulator or server is running";

fn builder<S: Service>(address: SocketAddr) -> ClientBuilder<S> {
    let builder = ClientBuilder::new().anonymous();
    builder.endpoint(format!("http://{address}"))
}

async fn get(spanner: &Spanner) -> Result<(), Error> {
    let operations = spanner.projects().instances().operations();
    operations.get(OPERATION).send().await.map(|_| ())
}

/// Returns the error of a call. Checks its time and its message.
async fn reported(spanner: &Spanner, host: &str, cause: &str, help: &str) -> Error {
    let start = Instant::now();
    let error = get(spanner).await.unwrap_err();
    check(&error, start, host);
    let text = error.to_string();
    let parts = [
        format!(": no connection to {host}: {cause}"),
        format!(" ({} attempts in ", error.attempts()),
        format!("; help: {help}"),
    ];
    for part in parts {
        assert!(text.contains(&part), "{part:?} is not in {text:?}");
    }
    assert!(error.attempts() > 1, "{text}");
    error
}

fn check(error: &Error, start: Instant, host: &str) {
    assert!(start.elapsed() < LIMIT, "{:?}: {error}", start.elapsed());
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert_eq!(error.host(), Some(host), "{error}");
    let elapsed = error.elapsed().unwrap();
    assert!(
        elapsed <= start.elapsed() && elapsed > Duration::from_secs(1),
        "{error}"
    );
    let text = error.to_string();
    for hidden in ["http:", "/v1/", OPERATION, "\n"] {
        assert!(!text.contains(hidden), "{hidden:?} is in {text:?}");
    }
}

/// Returns a client with this endpoint.
async fn client(endpoint: &str) -> Spanner {
    let builder = Spanner::builder().anonymous().endpoint(endpoint);
    builder.build().await.unwrap()
}

#[tokio::test]
async fn case_r8_each_cause_is_reported() {
    let closed_port = ClosedPort::new();
    let hole = BlackHole::new().await;
    // The system accepts connections, but no program reads from them.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plain_host = plain.local_addr().unwrap().to_string();
    let server = tokio::spawn(async move {
        while let Ok((mut socket, _)) = plain.accept().await {
            // The client may have closed the connection.
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let refused = closed_port.address().to_string();
    let black = hole.address().to_string();
    let silent = silent.local_addr().unwrap().to_string();
    let name = "check the name in the endpoint, and the network";
    let tls = "check that the endpoint serves https";
    let cases = [
        ("http", refused.as_str(), "connection refused (", EMULATOR),
        (
            "https",
            "nobody.invalid:443",
            "failed to look up the name: ",
            name,
        ),
        ("http", &black, "timed out while connecting (", EMULATOR),
        ("https", &silent, "timed out while connecting (", EMULATOR),
        ("https", &plain_host, "TLS handshake failed: ", tls),
    ];
    let reports = cases.map(|(scheme, host, cause, help)| async move {
        let spanner = client(&format!("{scheme}://{host}/api")).await;
        reported(&spanner, host, cause, help).await
    });
    futures_util::future::join_all(reports).await;
    server.abort();
}

#[tokio::test]
async fn case_r8_a_server_that_stops_between_two_calls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::start(listener);
    let spanner: Spanner = builder(address).build().await.unwrap();
    get(&spanner).await.unwrap();
    server.stop().await;
    let host = address.to_string();
    reported(&spanner, &host, "connection refused (", EMULATOR).await;
    // The server is started again.
    let (result, _server) = tokio::join!(get(&spanner), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Server::start(TcpListener::bind(address).await.unwrap())
    });
    result.unwrap();
}

/// Tests every function that sends requests.
#[tokio::test]
async fn case_r8_every_kind_of_call() {
    let closed_port = ClosedPort::new();
    let address = closed_port.address();
    let spanner: Spanner = builder(address).build().await.unwrap();
    let media: MediaUploadAndDownload = builder(address).build().await.unwrap();
    let instances = spanner.projects().instances();
    let create = || instances.create("projects/p", CreateInstanceRequest::default());
    let content = || Media::new("image/png", vec![0; 1000]);
    let upload = || media.things().insert(None).upload(content());
    let session = "upload/x?uploadType=resumable&upload_id=y";
    let session = upload()
        .resumable()
        .resume(&format!("http://{address}/{session}"));
    let mut batch = spanner.batch();
    let _key = batch.add(instances.operations().get(OPERATION));
    let mut pages = instances
        .operations()
        .list("projects/p/instances/i/operations")
        .pages();
    let mut items = instances.list("projects/p").items();
    let calls: Vec<(&str, BoxFuture<'_, Option<Error>>)> = vec![
        ("post", Box::pin(async { create().send().await.err() })),
        (
            "poller",
            Box::pin(async { create().poller().until_done().await.err() }),
        ),
        ("upload", Box::pin(async { upload().send().await.err() })),
        (
            "resumable",
            Box::pin(async { upload().resumable().send().await.err() }),
        ),
        (
            "session",
            Box::pin(async { session.unwrap().send().await.err() }),
        ),
        (
            "download",
            Box::pin(async { media.things().get("x").download().send().await.err() }),
        ),
        ("batch", Box::pin(async { batch.send().await.err() })),
        (
            "pages",
            Box::pin(async { pages.next().await.unwrap().err() }),
        ),
        (
            "items",
            Box::pin(async { items.next().await.unwrap().err() }),
        ),
    ];
    let start = Instant::now();
    let calls = calls
        .into_iter()
        .map(|(name, call)| async move { (name, call.await) });
    for (name, error) in futures_util::future::join_all(calls).await {
        let error = error.expect(name);
        check(&error, start, &address.to_string());
        assert!(error.attempts() > 1, "{name}: {error}");
    }
}

/// The server stops after half of the media.
#[tokio::test]
async fn case_r8_a_server_that_stops_within_a_download() {
    let listener = listener();
    let address = listener.local_addr().unwrap();
    let client: MediaUploadAndDownload = builder(address).build().await.unwrap();
    let download = client.things().get("x").download();
    let serve = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        drop(listener);
        receive(&mut socket).await.unwrap();
        let half = b"HTTP/1.1 200 OK\r\netag: \"1\"\r\ncontent-length: 10\r\n\r\n01234";
        socket.write_all(half).await.unwrap();
    };
    let start = Instant::now();
    let (result, ()) = tokio::join!(download.send(), serve);
    check(&result.unwrap_err(), start, &address.to_string());
}

/// A request that cannot be retried uses the whole time limit for its one attempt.
#[tokio::test]
async fn case_r8_media_that_can_be_read_once() {
    let (closed_port, hole) = (ClosedPort::new(), BlackHole::new().await);
    for (address, least, most) in [(closed_port.address(), 0, 1), (hole.address(), 4, 5)] {
        let client: MediaUploadAndDownload = builder(address).build().await.unwrap();
        let chunks = stream::iter([Ok(Bytes::from("abc"))]);
        let media = Media::stream("image/png", chunks);
        let start = Instant::now();
        let upload = client.things().insert(None).upload(media).send().await;
        let error = upload.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 1));
        let took = start.elapsed().as_secs();
        assert!((least..most).contains(&took), "{error}");
        assert!(error.to_string().contains(" (1 attempt in "), "{error}");
    }
}

#[tokio::test]
async fn case_r8_a_network_that_comes_back_is_used() {
    let (closed_port, hole) = (ClosedPort::new(), BlackHole::new().await);
    let near: Spanner = builder(closed_port.address()).build().await.unwrap();
    let far: Spanner = builder(hole.address()).build().await.unwrap();
    let (near, far, _server, _other) = tokio::join!(
        get(&near),
        get(&far),
        async {
            tokio::time::sleep(Duration::from_millis(2800)).await;
            Server::start(closed_port.listen())
        },
        async {
            tokio::time::sleep(Duration::from_millis(1500)).await;
            Server::start(hole.open())
        }
    );
    near.unwrap();
    far.unwrap();
}

#[tokio::test]
async fn case_r8_a_longer_limit_is_kept() {
    let backoff = Backoff::new()
        .max_delay(Duration::from_secs(1))
        .without_jitter();
    let policy = RetryPolicy::new().connect_time_limit(Duration::from_secs(20));
    let policy = policy.backoff(backoff);
    let closed_port = ClosedPort::new();
    let builder = builder::<Spanner>(closed_port.address()).retry(policy);
    let spanner = builder.build().await.unwrap();
    let (result, _server) = tokio::join!(get(&spanner), async {
        tokio::time::sleep(LIMIT).await;
        Server::start(closed_port.listen())
    });
    result.unwrap();
}

#[tokio::test]
async fn case_r8_a_shorter_limit_and_a_timeout_end_it_sooner() {
    let hole = BlackHole::new().await;
    let short = RetryPolicy::new().connect_time_limit(Duration::from_millis(600));
    let spanner: Spanner = builder(hole.address()).build().await.unwrap();
    let operations = spanner.projects().instances().operations();
    let get = operations.get(OPERATION);
    let attempt = RetryPolicy::never().attempt_timeout(Duration::from_millis(600));
    for call in [
        get.clone().retry(short),
        get.clone().retry(attempt),
        get.timeout(Duration::from_millis(600)),
    ] {
        let start = Instant::now();
        let error = call.send().await.unwrap_err();
        // Nothing was sent, and the error shows it.
        assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
        assert!(
            error.to_string().contains(": timed out while connecting ("),
            "{error}"
        );
        let took = start.elapsed().as_millis();
        assert!((550..2000).contains(&took), "{took}: {error}");
    }
}

/// A transport that wraps the default one and does not support limits.
#[derive(Debug)]
struct Wrapped(HttpTransport);

impl Transport for Wrapped {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        self.0.send(request)
    }

    fn send_streaming(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.0.send_streaming(request).await
        })
    }
}

#[tokio::test]
async fn case_r8_a_transport_that_is_wrapped_is_cut_off_too() {
    let hole = BlackHole::new().await;
    let wrapped = Wrapped(HttpTransport::new(false).unwrap());
    let builder = builder::<Spanner>(hole.address()).transport(wrapped);
    let spanner = builder.build().await.unwrap();
    let host = hole.address().to_string();
    reported(&spanner, &host, "timed out while connecting (", EMULATOR).await;
}

/// A request waits for a new connection, but uses another one that becomes free. The new connection then fails without
/// an effect on the request.
#[tokio::test]
async fn case_r8_a_request_that_was_sent_is_not_cut_off() {
    let listener = listener();
    let limit = Duration::from_millis(600);
    let policy = RetryPolicy::new().connect_time_limit(limit);
    let builder = builder::<Spanner>(listener.local_addr().unwrap()).retry(policy);
    let spanner = builder.build().await.unwrap();
    let first = tokio::spawn({
        let spanner = spanner.clone();
        async move { get(&spanner).await }
    });
    let (mut socket, _) = listener.accept().await.unwrap();
    receive(&mut socket).await.unwrap();
    let _hole = BlackHole::of(listener).await;
    let serve = async {
        tokio::time::sleep(limit / 4).await;
        response(&mut socket).await.unwrap();
        receive(&mut socket).await.unwrap();
        tokio::time::sleep(limit * 3).await;
        response(&mut socket).await.unwrap();
    };
    let (second, ()) = tokio::join!(get(&spanner), serve);
    second.unwrap();
    first.await.unwrap().unwrap();
}

#[tokio::test]
async fn case_r8_an_http_client_of_one_s_own_has_its_own_timeout() {
    install_tls_provider();
    let hole = BlackHole::new().await;
    let address = hole.address();
    let fails = async |millis, is_retried| {
        let timeout = Duration::from_millis(millis);
        let client = reqwest::Client::builder().connect_timeout(timeout);
        let client = client.redirect(reqwest::redirect::Policy::none());
        let builder = builder::<Spanner>(address).http_client(client.build().unwrap());
        let spanner = builder.build().await.unwrap();
        let start = Instant::now();
        let error = get(&spanner).await.unwrap_err();
        check(&error, start, &address.to_string());
        let text = error.to_string();
        assert!(text.contains(": timed out while connecting ("), "{text}");
        assert_eq!(error.attempts() > 1, is_retried, "{text}");
    };
    // After three seconds the time left is less than another three.
    tokio::join!(fails(1000, true), fails(3000, false));
}
