//! A client whose user logs in during its first call.

#![cfg(feature = "login")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use gapi_runtime::auth::{OAuthClient, TokenStore, UserLogin};
use gapi_runtime::http::{Request, Response};
use gapi_runtime::{Bytes, Client, ClientBuilder, MockTransport, RetryPolicy, Service as _};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

#[derive(Clone, Debug)]
pub struct Things(Client);
gapi_runtime::service!(Things {
    id: "things:v1",
    name: "things",
    version: "v1",
    revision: "20261128",
    title: "Things API",
    root_url: "https://things.googleapis.com/",
    batch_path: "batch",
    scope: "https://www.googleapis.com/auth/things",
});

pub struct Get(gapi_runtime::Request);
gapi_runtime::call!(Get {
    id: "things.get",
    service: Things,
    request: Get "v1/thing",
    response: Bytes Bytes,
});

impl Things {
    fn get(&self) -> Get {
        Get(gapi_runtime::Request::of::<Get>(&self.0))
    }
}

const CLIENT: &str =
    r#"{"installed": {"client_id": "id", "token_uri": "https://t.example/token"}}"#;

/// Returns the value of a parameter that needs no decoding but that of `:` and `/`.
fn parameter(url: &str, name: &str) -> String {
    let mut pairs = url.split(['?', '&']);
    let value = pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    value.unwrap().replace("%3A", ":").replace("%2F", "/")
}

/// Allows the access, after a person's time.
fn browse(url: &str) {
    std::thread::sleep(Duration::from_millis(300));
    let redirect = parameter(url, "redirect_uri");
    let authority = redirect.trim_start_matches("http://").trim_end_matches('/');
    let state = parameter(url, "state");
    let mut stream = TcpStream::connect(authority).unwrap();
    write!(
        stream,
        "GET /?code=c&state={state} HTTP/1.1\r\nHost: {authority}\r\n\r\n"
    )
    .unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    assert!(page.contains("You are logged in"), "{page}");
}

/// Issues tokens. The API accepts the second token only.
fn respond(request: &Request<Bytes>, tokens: &AtomicU32) -> Response<Bytes> {
    let is_token_server = request.uri().host() == Some("t.example");
    let number = if is_token_server {
        tokens.fetch_add(1, Ordering::Relaxed) + 1
    } else {
        0
    };
    let json = format!(
        r#"{{"access_token": "ya29.{number}", "refresh_token": "1//r", "expires_in": 3599}}"#
    );
    let is_accepted = is_token_server || request.headers()["authorization"] == "Bearer ya29.2";
    let mut response = Response::new(Bytes::from(json));
    *response.status_mut() = if is_accepted { 200 } else { 401 }.try_into().unwrap();
    response
}

#[tokio::test]
async fn a_call_waits_for_the_user_and_a_rejected_token_is_refreshed() {
    let tokens = AtomicU32::new(0);
    let mock = MockTransport::with(move |request| Ok(respond(request, &tokens)));
    let login = UserLogin::new(OAuthClient::from_json(CLIENT).unwrap())
        .store(TokenStore::in_memory())
        .open_browser(false)
        .on_prompt(|prompt| {
            let url = prompt.url.clone();
            std::thread::spawn(move || browse(&url));
        });
    let things: Things = ClientBuilder::new()
        .transport(mock.clone())
        .credentials(login)
        // A server has less time than a person.
        .retry(RetryPolicy::new().connect_time_limit(Duration::from_millis(50)))
        .build()
        .await
        .unwrap();
    things.get().send().await.unwrap();
    let requests = mock.requests();
    let hosts: Vec<_> = requests
        .iter()
        .map(|request| request.uri().host())
        .collect();
    let (server, api) = (Some("t.example"), Some("things.googleapis.com"));
    assert_eq!(hosts, [server, api, server, api]);
    assert!(!format!("{things:?} {:?}", Things::INFO).contains("ya29"));
}
