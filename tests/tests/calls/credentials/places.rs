//! Endpoints by universe domain and for mTLS.

use super::child::Child;
use crate::credentials::{OPERATION, call, recorded};
use gapi::gapi_runtime::codegen::ServiceInfo;
use gapi::gapi_runtime::{Client, ClientBuilder, ErrorKind, MockTransport, Service};
use gapi::spanner_v1::Spanner;

/// An API without an mTLS endpoint.
struct Calendar;

impl Service for Calendar {
    const INFO: &'static ServiceInfo = &ServiceInfo {
        id: "calendar:v3",
        mtls_root_url: None,
        ..*Spanner::INFO
    };

    fn from_client(_: Client) -> Self {
        Self
    }

    fn client(&self) -> &Client {
        panic!("nobody asks")
    }
}

async fn hosts(builder: ClientBuilder<Spanner>) -> [String; 2] {
    let (spanner, mock) = recorded(builder).await.unwrap();
    call(&spanner).await.unwrap();
    let mut batch = spanner.batch();
    let operations = spanner.projects().instances().operations();
    let _ = batch.add(operations.get(OPERATION));
    batch.send().await.unwrap_err();
    let requests = mock.requests();
    [0, 1].map(|at: usize| requests[at].uri().authority().unwrap().to_string())
}

#[tokio::test]
async fn the_root_follows_the_settings() {
    let builder = Spanner::builder;
    let endpoint = "https://regional.example";
    for (builder, host) in [
        (builder(), "spanner.googleapis.com"),
        (builder().universe_domain(""), "spanner.googleapis.com"),
        (
            builder().universe_domain("universe.example"),
            "spanner.universe.example",
        ),
        (builder().mtls(false), "spanner.googleapis.com"),
        (builder().mtls(true), "spanner.mtls.googleapis.com"),
        (builder().mtls(true).endpoint(endpoint), "regional.example"),
        (
            builder()
                .universe_domain("universe.example")
                .endpoint(endpoint),
            "regional.example",
        ),
    ] {
        assert_eq!(hosts(builder).await, [host, host]);
    }
}

#[tokio::test]
async fn invalid_settings_are_rejected() {
    let builder = || Spanner::builder().transport(MockTransport::new());
    let not_a_domain = "spanner:v1: the universe domain is not a domain";
    for (builder, reason) in [
        (
            builder().mtls(true).universe_domain("universe.example"),
            "spanner:v1: there is no mTLS in other universes",
        ),
        (
            Spanner::builder().mtls(true),
            "spanner:v1: mTLS needs an HTTP client with a certificate",
        ),
        (builder().universe_domain("evil.example/"), not_a_domain),
        (builder().universe_domain("a@evil.example"), not_a_domain),
        (builder().universe_domain("evil.example:1"), not_a_domain),
        (builder().universe_domain(".example"), not_a_domain),
        (builder().universe_domain("é.example"), not_a_domain),
    ] {
        let error = builder.build().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert_eq!(error.to_string(), reason);
    }
    let builder = ClientBuilder::<Calendar>::new().transport(MockTransport::new());
    let error = builder.mtls(true).build().await.err().unwrap();
    assert!(
        error
            .to_string()
            .starts_with("calendar:v3: the service has no root for mTLS"),
        "{error}"
    );
}

#[tokio::test]
async fn a_variable_chooses_the_root_for_mtls() {
    let plain = "https://spanner.googleapis.com/";
    let mtls = "https://spanner.mtls.googleapis.com/";
    for (variable, settings, root) in [
        ("", &["recorded"][..], plain),
        ("auto", &["recorded"], plain),
        ("auto", &["recorded", "mtls=true"], mtls),
        ("never", &["recorded", "mtls=true"], plain),
        ("always", &["recorded"], mtls),
        ("always", &["recorded", "mtls=false"], plain),
        (
            "always",
            &["recorded", "endpoint=https://regional.example"],
            "https://regional.example/",
        ),
    ] {
        let child = Child::new(settings).with("GOOGLE_API_USE_MTLS_ENDPOINT", variable);
        let report = child.run().await;
        let uri = report["sent"][0]["uri"].as_str().unwrap();
        assert!(uri.starts_with(root), "{variable} {settings:?} {uri}");
    }
    for (variable, settings, problem) in [
        (
            "Always",
            &["recorded"][..],
            "spanner:v1: `GOOGLE_API_USE_MTLS_ENDPOINT` has another value than `never`, `auto` and `always`",
        ),
        (
            "always",
            &["recorded", "universe=universe.example"],
            "spanner:v1: there is no mTLS in other universes",
        ),
    ] {
        let child = Child::new(settings).with("GOOGLE_API_USE_MTLS_ENDPOINT", variable);
        let report = child.run().await;
        assert_eq!(report["unbuilt"]["text"], problem);
    }
}
