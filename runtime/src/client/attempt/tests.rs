//! Secrets that only the transport knows.

use crate::client::{BodyMode, Client};
use crate::method::MethodInfo;
use crate::retry::CallOptions;
use crate::secrets::http_error;
use crate::transport::{BoxFuture, ProxyCredentials, Transport, TransportError};
use bytes::Bytes;
use http::{HeaderValue, Request, Response};

#[derive(Debug)]
struct Api(Client);
crate::service!(Api {
    id: "api:v1",
    name: "api",
    version: "v1",
    revision: "0",
    title: "API",
    root_url: "https://api.example/",
    batch_path: "batch",
});

/// A transport whose proxy shows the request that it rejects.
#[derive(Debug)]
struct Echo;

impl Transport for Echo {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let error = concat!(
            r#"{"error":{"message":"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ== of Aladdin","#,
            r#""details":["QWxhZGRpbjpvcGVuIHNlc2FtZQ==","open sesame"]}}"#,
        );
        let mut response = Response::new(Bytes::from_static(error.as_bytes()));
        *response.status_mut() = http::StatusCode::PROXY_AUTHENTICATION_REQUIRED;
        let added = HeaderValue::from_static("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        response.extensions_mut().insert(ProxyCredentials(added));
        Box::pin(async { Ok(response) })
    }
}

#[tokio::test]
async fn an_error_of_a_proxy_does_not_show_its_password() {
    let builder = crate::ClientBuilder::<Api>::new()
        .anonymous()
        .transport(Echo);
    let Api(client) = builder.build().await.unwrap();
    let request = Request::get("https://api.example/v1").body(Bytes::new());
    let (method, options) = (&MethodInfo::DEFAULT, CallOptions::default());
    let response = client
        .exchange(BodyMode::Message, method, &options, request.unwrap())
        .await
        .unwrap();
    let error = http_error(method, response);
    let status = error.status().unwrap();
    assert_eq!(status.message, "[hidden] of Aladdin");
    assert_eq!(status.details, ["[hidden]", "[hidden]"]);
    let text = format!("{error} {error:?}");
    assert!(!text.contains("sesame") && !text.contains("QWx"), "{text}");
}
