//! Hooks that change the headers of attempts, and layers of tower around the transport.

use crate::api::Spanner;
use crate::api::schemas::CancelOperationRequest;
use crate::run;
use gapi_runtime::{ClientBuilder, ErrorKind, MockTransport, RetryPolicy, http};
use std::sync::{Arc, Mutex};

const PARENT: &str = "projects/p/instances/i/operations";

fn builder(mock: &MockTransport) -> ClientBuilder<Spanner> {
    let policy = RetryPolicy::new().without_throttle();
    let builder = Spanner::builder().transport(mock.clone()).retry(policy);
    builder.bearer_token("SECRET-of-the-client")
}

/// Returns the values of a header in all requests.
fn values(mock: &MockTransport, name: &str) -> Vec<String> {
    let requests = mock.requests();
    let values = requests.iter().map(|request| request.headers().get(name));
    let text = |value: &http::HeaderValue| value.to_str().unwrap().to_owned();
    values
        .map(|value| value.map(text).unwrap_or_default())
        .collect()
}

#[test]
fn a_hook_changes_the_headers_of_each_attempt() {
    let mock = MockTransport::new().respond(503, "").respond(200, "{}");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    run(async {
        let builder = builder(&mock)
            .on_attempt(|attempt| {
                let number = http::HeaderValue::from(attempt.number());
                attempt.headers_mut().insert("x-attempt", number);
                attempt.headers_mut().remove("x-goog-api-client");
            })
            .on_attempt(move |attempt| {
                let token = attempt.headers().get("authorization").unwrap();
                noted.lock().unwrap().push(format!(
                    "{} {} {} {} {:?} {}",
                    attempt.method().id,
                    attempt.http_method(),
                    attempt.uri().path(),
                    attempt.headers()["x-attempt"].to_str().unwrap(),
                    attempt.body(),
                    token.to_str().unwrap(),
                ));
                assert!(!format!("{attempt:?}").contains("SECRET"));
            });
        assert!(format!("{builder:?}").contains("hooks: 2"));
        let spanner = builder.build().await.unwrap();
        let operations = spanner.projects().instances().operations();
        operations.list(PARENT).send().await.unwrap();
    });
    assert_eq!(values(&mock, "x-attempt"), ["1", "2"]);
    assert_eq!(values(&mock, "x-goog-api-client"), ["", ""]);
    let line = |number: u32| {
        format!(
            "spanner.projects.instances.operations.list GET /v1/{PARENT} {number} Some(b\"\") Bearer SECRET-of-the-client"
        )
    };
    assert_eq!(*seen.lock().unwrap(), [line(1), line(2)]);
}

#[test]
fn an_attempt_that_a_hook_rejects_is_not_sent() {
    let mock = MockTransport::new();
    let error = run(async {
        let builder = builder(&mock)
            .try_on_attempt(|attempt| {
                let body = attempt.body().filter(|body| !body.is_empty());
                body.map(|_| ()).ok_or("there is nothing to sign")
            })
            .on_attempt(|_| panic!("the attempt was rejected"));
        let spanner = builder.build().await.unwrap();
        let operations = spanner.projects().instances().operations();
        operations.list(PARENT).send().await.unwrap_err()
    });
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    let text = "spanner.projects.instances.operations.list: a hook rejects the attempt: there is nothing to sign";
    assert!(error.to_string().starts_with(text), "{error}");
    assert!(mock.requests().is_empty());
}

#[test]
fn errors_hide_the_secrets_that_a_hook_adds() {
    let body = r#"{"error": {"message": "the signature SECRET-of-the-hook is wrong"}}"#;
    let mock = MockTransport::new().respond(400, body);
    let error = run(async {
        let builder = builder(&mock).on_attempt(|attempt| {
            let value = http::HeaderValue::from_static("SECRET-of-the-hook");
            attempt.headers_mut().insert("x-signature", value);
        });
        let spanner = builder.build().await.unwrap();
        let operations = spanner.projects().instances().operations();
        let cancel = operations.cancel(PARENT, CancelOperationRequest::default());
        cancel.send().await.unwrap_err()
    });
    assert!(
        error
            .to_string()
            .contains("the signature [hidden] is wrong")
    );
}

#[cfg(feature = "tower")]
mod layers {
    use super::*;
    use gapi_runtime::{Body, TowerTransport, TransportError, TransportService};
    use std::time::Duration;
    use tokio::time::Instant;
    use tower::ServiceBuilder;

    /// Adds a word to the header `x-layers` of each request.
    fn word(
        word: &'static str,
    ) -> impl Fn(http::Request<Body>) -> http::Request<Body> + Clone + Send + 'static {
        move |mut request| {
            let headers = request.headers_mut();
            let before = headers.get("x-layers").map(|value| value.to_str().unwrap());
            let value = format!("{} {word}", before.unwrap_or_default());
            headers.insert("x-layers", value.trim().parse().unwrap());
            request
        }
    }

    #[test]
    fn a_later_layer_is_around_the_earlier_ones() {
        let mock = MockTransport::new().respond(200, "{}");
        run(async {
            let stack = ServiceBuilder::new()
                .map_request(word("second"))
                .map_request(word("third"));
            let builder = builder(&mock)
                .layer(stack)
                .layer(ServiceBuilder::new().map_request(word("first")));
            let spanner = builder.build().await.unwrap();
            let operations = spanner.projects().instances().operations();
            operations.list(PARENT).send().await.unwrap();
        });
        assert_eq!(values(&mock, "x-layers"), ["first second third"]);
    }

    #[test]
    fn each_attempt_passes_the_limits() {
        let mock = MockTransport::with(|_| Ok(http::Response::new("{}".into())));
        let took = run(async {
            let layers = ServiceBuilder::new()
                .concurrency_limit(3)
                .buffer(10)
                .rate_limit(2, Duration::from_secs(10));
            let spanner = builder(&mock).layer(layers).build().await.unwrap();
            let operations = spanner.projects().instances().operations();
            let start = Instant::now();
            let calls = (0..6).map(|_| operations.list(PARENT).send());
            for result in futures_util::future::join_all(calls).await {
                result.unwrap();
            }
            start.elapsed()
        });
        // Two at once, two after 10 s and two after 20 s. No limit on connecting ends them.
        assert_eq!(took.as_secs(), 20);
    }

    #[test]
    fn the_timeout_of_a_call_includes_the_wait_in_a_layer() {
        let mock = MockTransport::with(|_| Ok(http::Response::new("{}".into())));
        let error = run(async {
            let layers = ServiceBuilder::new()
                .buffer(10)
                .rate_limit(1, Duration::from_secs(10));
            let builder = builder(&mock).layer(layers).timeout(Duration::from_secs(3));
            let spanner = builder.build().await.unwrap();
            let operations = spanner.projects().instances().operations();
            operations.list(PARENT).send().await.unwrap();
            operations.list(PARENT).send().await.unwrap_err()
        });
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(mock.requests().len(), 1);
    }

    #[test]
    fn the_error_of_a_layer_is_that_of_the_transport() {
        let mock =
            MockTransport::with(|_| Err::<http::Response<_>, _>(TransportError::decode("d")));
        let error = run(async {
            let stack = ServiceBuilder::new()
                .concurrency_limit(1)
                .timeout(Duration::from_secs(1));
            let spanner = builder(&mock).layer(stack).build().await.unwrap();
            let operations = spanner.projects().instances().operations();
            operations.list(PARENT).send().await.unwrap_err()
        });
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(mock.requests().len(), 1);
    }

    #[test]
    fn a_service_is_a_transport_and_a_transport_is_a_service() {
        let mock = MockTransport::new().respond(200, r#"{"nextPageToken": "n"}"#);
        let page = run(async {
            let service = ServiceBuilder::new()
                .boxed_clone()
                .service(TransportService::new(mock.clone()));
            let transport = TowerTransport::new(service);
            assert_eq!(format!("{transport:?}"), "TowerTransport { .. }");
            let builder = Spanner::builder().transport(transport);
            let spanner = builder.build().await.unwrap();
            let operations = spanner.projects().instances().operations();
            operations.list(PARENT).send().await.unwrap()
        });
        assert_eq!(page.next_page_token.as_deref(), Some("n"));
    }

    #[cfg(feature = "hyper")]
    #[tokio::test]
    async fn the_default_transport_is_a_service() {
        use gapi_runtime::HttpTransport;
        use tokio::io::{AsyncReadExt, AsyncWriteExt};

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut buffer = vec![0; 65_536];
            let length = socket.read(&mut buffer).await.unwrap();
            let response = "HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{\"name\": \"n\"}";
            socket.write_all(response.as_bytes()).await.unwrap();
            String::from_utf8_lossy(&buffer[..length]).into_owned()
        });
        let service = ServiceBuilder::new()
            .buffer(4)
            .map_request(word("only"))
            .service(HttpTransport::new(false).unwrap());
        let spanner: Spanner = Spanner::builder()
            .endpoint(format!("http://{address}"))
            .transport(TowerTransport::new(service))
            .build()
            .await
            .unwrap();
        let operations = spanner.projects().instances().operations();
        let cancel = operations.cancel(PARENT, CancelOperationRequest::default());
        cancel.send().await.unwrap();
        let request = server.await.unwrap();
        assert!(request.contains("x-layers: only"), "{request}");
        assert!(request.ends_with("{}"), "{request}");
    }
}
