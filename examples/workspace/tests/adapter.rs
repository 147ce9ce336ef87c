//! Delegation through yup-oauth2, with a token server on loopback.

use std::error::Error;

use gapi_runtime::http::{Response, header::AUTHORIZATION};
use gapi_runtime::{Bytes, CredentialsError, ErrorKind, MockTransport, RetryPolicy};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use workspace_apis::gmail_v1::{Gmail, scopes};
use yup_oauth2::{ServiceAccountAuthenticator, ServiceAccountKey};

type TestResult = Result<(), Box<dyn Error>>;

/// A key made for this test, unknown to any server.
const KEY: &str = include_str!("../../../tests/tests/calls/credentials/service_account.key");

/// Sends one response to each connection. Returns the URL of the server and the requests.
async fn token_server(
    status: &'static str,
    body: &'static str,
) -> std::io::Result<(String, UnboundedReceiver<String>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/token", listener.local_addr()?);
    let (sender, requests) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = vec![0; 8192];
            let length = socket.read(&mut request).await.unwrap_or_default();
            let _ = sender.send(String::from_utf8_lossy(&request[..length]).into_owned());
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n", body.len());
            let response = format!("{head}content-type: application/json\r\n\r\n{body}");
            let _ = socket.write_all(response.as_bytes()).await;
        }
    });
    Ok((url, requests))
}

/// Returns a client that acts for `user@example.com`, and its mock transport.
async fn gmail(token_uri: String) -> Result<(Gmail, MockTransport), Box<dyn Error>> {
    let key = ServiceAccountKey {
        key_type: Some("service_account".to_owned()),
        project_id: None,
        private_key_id: None,
        private_key: format!("-----BEGIN PRIVATE KEY-----\n{KEY}-----END PRIVATE KEY-----\n"),
        client_email: "robot@p.iam.gserviceaccount.com".to_owned(),
        client_id: None,
        auth_uri: None,
        token_uri,
        auth_provider_x509_cert_url: None,
        client_x509_cert_url: None,
    };
    let robot = ServiceAccountAuthenticator::builder(key)
        .subject("user@example.com")
        .build()
        .await?;
    let mock = MockTransport::with(|_| Ok(Response::new(Bytes::from_static(b"{}"))));
    let gmail = Gmail::builder()
        .credentials(robot)
        .scopes([scopes::GMAIL_READONLY])
        .transport(mock.clone())
        .retry(RetryPolicy::never())
        .build()
        .await?;
    Ok((gmail, mock))
}

#[tokio::test]
async fn a_call_has_the_token_and_the_token_is_cached() -> TestResult {
    let token = r#"{"access_token": "token-1", "expires_in": 3600, "token_type": "Bearer"}"#;
    let (url, mut requests) = token_server("200 OK", token).await?;
    let (gmail, mock) = gmail(url).await?;
    for _ in 0..2 {
        gmail.users().messages().list("me").send().await?;
    }
    for request in mock.requests() {
        assert_eq!(request.headers()[AUTHORIZATION], "Bearer token-1");
    }
    let request = requests.recv().await.ok_or("no token request")?;
    assert!(request.starts_with("POST /token HTTP/1.1"), "{request}");
    assert!(request.contains("assertion="), "{request}");
    assert!(
        requests.try_recv().is_err(),
        "the token was requested twice"
    );
    Ok(())
}

#[tokio::test]
async fn a_rejection_by_the_token_server_is_permanent() -> TestResult {
    let body = r#"{"error": "unauthorized_client", "error_description": "Client is unauthorized"}"#;
    let (url, _requests) = token_server("401 Unauthorized", body).await?;
    let (error, mock) = failure(url).await?;
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(error.to_string().contains("unauthorized_client"), "{error}");
    assert!(!is_transient(&error));
    assert!(mock.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_token_server_that_cannot_be_reached_is_transient() -> TestResult {
    let (error, _) = failure("http://127.0.0.1:1/token".to_owned()).await?;
    assert!(is_transient(&error), "{error:?}");
    Ok(())
}

async fn failure(url: String) -> Result<(gapi_runtime::Error, MockTransport), Box<dyn Error>> {
    let (gmail, mock) = gmail(url).await?;
    match gmail.users().messages().list("me").send().await {
        Ok(_) => Err("the call has succeeded".into()),
        Err(error) => Ok((error, mock)),
    }
}

fn is_transient(error: &gapi_runtime::Error) -> bool {
    let source = error.source().and_then(|source| source.downcast_ref());
    source.is_some_and(CredentialsError::is_transient)
}
