//! Secrets in every place where one can stand, through successes and every kind of failure: nothing shows or logs them.
//!
//! All of them, data in bodies and names included, have `SECRET` in them. Names of resources can be confidential: errors of this
//! library do not quote them, except what a server says in the message of a status.

use super::server::{Server, answer, cut, json, status_json};
use super::witness::Witness;
use crate::media::media_upload_and_download_v1::MediaUploadAndDownload;
use futures_util::{StreamExt, TryStreamExt};
use gapi::healthcare_v1::CloudHealthcare;
use gapi::spanner_v1::params::StandardParameters;
use gapi::spanner_v1::projects::instances::operations::Get;
use gapi::spanner_v1::schemas::{CreateInstanceRequest, Instance};
use gapi::spanner_v1::{Spanner, projects::instances::operations::List};
use gapi_runtime::{
    Backoff, BoxFuture, Bytes, ClientBuilder, CredentialsError, CredentialsProvider, Error,
    ErrorKind, Media, RawBody, Recording, RetryPolicy, Service, http, install_tls_provider,
};
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use std::time::Duration;
use tokio::io::AsyncWriteExt;

const TOKEN: &str = "ya29.SECRET-token";
const KEY: &str = "AIza-SECRET-key";
const PROVIDED: &str = "ya29.SECRET-provided";
const ACCESS_TOKEN: &str = "SECRET-access-token";
const OAUTH_TOKEN: &str = "SECRET/oauth+token ü";
const QUERY_KEY: &str = "SECRET-query-key";
const PASSWORD: &str = "SECRET-proxy";
/// `user:SECRET-proxy`
pub(super) const PROXY_CREDENTIALS: &str = "dXNlcjpTRUNSRVQtcHJveHk";
const DATA: &str = "SECRET-patient-4711";
const SESSION: &str = "https://storage.googleapis.com/session?upload_id=SECRET-upload-id";

/// The secrets of [`get`] and [`list`], as they are meant and as they are written.
const SENT: &[&str] = &[
    TOKEN,
    KEY,
    ACCESS_TOKEN,
    OAUTH_TOKEN,
    "SECRET%2Foauth%2Btoken+%C3%BC",
    QUERY_KEY,
];

/// What a server says that repeats what it was sent wherever it can.
fn echo(sent: &[&str]) -> String {
    let (first, all) = (sent[0], sent.join(" "));
    format!(
        r#"{{"error": {{"code": 401, "status": "{first}", "message": "invalid: {all}",
            "errors": [{{"domain": "global", "reason": "{first}", "message": "{all}"}}],
            "details": [{{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "{all}", "domain": "{first}",
                          "metadata": {{"token": "{all}", "{first}": "x"}}}}]}}}}"#
    )
}

/// The same in each form that errors have.
fn echoes() -> [String; 4] {
    let echo = echo(SENT);
    [
        format!("[{echo}]"),
        format!(
            r#"{{"error": "{TOKEN}", "error_description": "{KEY} {ACCESS_TOKEN} {QUERY_KEY}"}}"#
        ),
        format!(r#"{{"code": 16, "message": "{TOKEN}", "details": ["{KEY}"]}}"#),
        echo,
    ]
}

struct Provider;

impl CredentialsProvider for Provider {
    fn headers(&self) -> BoxFuture<'_, Result<HeaderMap, CredentialsError>> {
        let value = HeaderValue::try_from(format!("Bearer {PROVIDED}")).unwrap();
        Box::pin(std::future::ready(Ok(HeaderMap::from_iter([(
            AUTHORIZATION,
            value,
        )]))))
    }
}

/// A builder with a token and a key. It sends each call once.
fn builder<S: Service>() -> ClientBuilder<S> {
    let builder = ClientBuilder::new().bearer_token(TOKEN).api_key(KEY);
    builder.retry(RetryPolicy::never())
}

async fn client<S: Service>(server: &Server) -> S {
    builder().endpoint(server.url()).build().await.unwrap()
}

fn name() -> String {
    format!("projects/{DATA}/instances/i/operations/o")
}

/// A call with secrets in each of its parameters.
fn get(spanner: &Spanner) -> Get {
    let get = spanner.projects().instances().operations().get(name());
    let get = get.access_token(ACCESS_TOKEN).oauth_token(OAUTH_TOKEN);
    get.key(QUERY_KEY).quota_user(DATA)
}

fn list(spanner: &Spanner) -> List {
    let operations = spanner.projects().instances().operations();
    let list = operations.list(format!("projects/{DATA}/instances/i/operations"));
    let list = list.filter(DATA).page_token(DATA);
    list.access_token(ACCESS_TOKEN)
        .oauth_token(OAUTH_TOKEN)
        .key(QUERY_KEY)
}

fn instance() -> CreateInstanceRequest {
    let instance = Instance {
        display_name: Some(DATA.to_owned()),
        ..Instance::default()
    };
    CreateInstanceRequest {
        instance: Some(instance),
        ..CreateInstanceRequest::default()
    }
}

/// Shows an error and all that can be asked of it, but for the body and the headers as they came.
fn see(witness: &Witness, what: &str, error: &Error) {
    witness.error(what, error);
    if let Some(status) = error.status() {
        witness.debug(what, status);
        witness.debug(what, &status.to_string());
        witness.debug(what, &(status.reason(), status.error_info(), status.help()));
    }
}

#[tokio::test]
async fn clients_and_calls_show_none() {
    let witness = Witness::new();
    let recording = Recording::with(|_| Ok(http::Response::new(Bytes::from_static(b"{}"))));
    for builder in [
        builder::<Spanner>(),
        builder().credentials(Provider),
        builder().transport(recording.clone()),
    ] {
        witness.debug("a builder", &builder);
    }
    let spanner: Spanner = builder()
        .transport(recording.clone())
        .build()
        .await
        .unwrap();
    witness.debug("a client", &spanner);
    witness.debug("what a client is", spanner.client());
    let instances = spanner.projects().instances();
    witness.debug("a resource", &instances);
    witness.debug("a call", &get(&spanner));
    witness.debug("a request", gapi_runtime::Call::request(&list(&spanner)));
    witness.debug("a call under way", &get(&spanner).send());
    witness.debug("one with headers", &get(&spanner).send_with_headers());
    witness.debug("pages", &list(&spanner).pages());
    witness.debug("items", &list(&spanner).items());
    let create = instances.create(format!("projects/{DATA}"), instance());
    witness.debug("a call with a body", &create);
    witness.debug("a poller", &create.clone().poller());
    witness.debug(
        "an operation awaited",
        &create.clone().poller().until_done(),
    );
    witness.debug("updates", &create.poller().updates());
    let mut batch = spanner.batch();
    let key = batch.add(get(&spanner));
    witness.debug("a key", &key);
    witness.debug("a batch", &batch);
    get(&spanner).send().await.unwrap();
    witness.debug("a recording", &recording);
    let body = RawBody::new("application/fhir+json", DATA);
    witness.debug("a raw body", &body);
    let healthcare: CloudHealthcare = builder()
        .transport(recording.clone())
        .build()
        .await
        .unwrap();
    let fhir = healthcare
        .projects()
        .locations()
        .datasets()
        .fhir_stores()
        .fhir();
    let update = fhir.update(format!("projects/{DATA}"), body);
    witness.debug("a call with a raw body", &update);
    let error = update.send().await.unwrap_err();
    see(&witness, "a refused name", &error);
    for name in ["../x", "a%2Fb", "a?b", "a\r\nb"] {
        let name = format!("projects/{DATA}/instances/i/operations/{name}");
        let operations = instances.operations();
        let error = operations.get(name).send().await.unwrap_err();
        see(&witness, "a refused name", &error);
    }

    let things = MediaUploadAndDownload::builder().bearer_token(TOKEN);
    let things = things.transport(recording).build().await.unwrap().things();
    let media = Media::new("text/plain", DATA);
    witness.debug("media", &media);
    let upload = things.replace(DATA, None).upload(media);
    witness.debug("an upload", &upload);
    let session = upload.resumable().resume(SESSION).unwrap();
    witness.debug("a session", &session);
    witness.debug("a download", &things.get(DATA).download());
    witness.check();
}

#[tokio::test]
async fn what_is_wrong_with_settings_is_said_without_them() {
    let witness = Witness::new();
    for endpoint in [
        format!("https://user:{PASSWORD}@127.0.0.1/"),
        format!("https://127.0.0.1/?key={KEY}"),
        format!("https://127.0.0.1/#{KEY}"),
        format!("ftp://127.0.0.1/{KEY}"),
        format!("{KEY}\r\n"),
    ] {
        let builder = builder::<Spanner>().endpoint(endpoint);
        witness.debug("an endpoint", &builder);
        see(&witness, "an endpoint", &builder.build().await.unwrap_err());
    }
    let builder = builder::<Spanner>().bearer_token(format!("{TOKEN}\n"));
    let builder = builder.api_key(format!("{KEY}\0")).user_agent("a\n");
    witness.debug("broken settings", &builder);
    let error = builder.build().await.unwrap_err();
    see(&witness, "broken settings", &error);
    witness.check();
}

#[tokio::test]
async fn failures_show_none() {
    let witness = Witness::new();
    let quoting = format!(r#"{{"done": "{DATA}", "name": "{DATA}"}}"#);
    let echoes = echoes();
    let mut answers: Vec<_> = echoes
        .iter()
        .map(|echo| status_json("401 Unauthorized", echo))
        .collect();
    answers.extend([
        answer(
            "500 Internal Server Error",
            &["content-type: text/html", "set-cookie: SECRET"],
            &echo(SENT),
        ),
        answer(
            "302 Found",
            &["location: https://evil.example/?key=SECRET"],
            "",
        ),
        answer("407 Proxy Authentication Required", &[], &echo(SENT)),
        json(&quoting),
        answer("200 OK", &["content-type: text/plain"], DATA),
        cut(""),
        cut("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"name\": \"SECRET"),
        cut("HTTP/1.1 SECRET\r\n\r\n"),
    ]);
    let count = answers.len();
    let server = Server::start(answers).await;
    let spanner: Spanner = client(&server).await;
    for _ in 0..count {
        see(
            &witness,
            "a failure",
            &get(&spanner).send().await.unwrap_err(),
        );
    }
    assert_eq!(server.requests().len(), count);
    let lines = witness.check();
    assert!(lines.iter().filter(|line| line.contains(" call ")).count() >= count);
}

#[tokio::test]
async fn an_echo_is_hidden_on_every_way() {
    let witness = Witness::new();
    let echoing = || status_json("401 Unauthorized", &echo(SENT));
    let provided = &[PROVIDED, KEY, ACCESS_TOKEN, OAUTH_TOKEN, QUERY_KEY];
    let provided = status_json("401 Unauthorized", &echo(provided));
    let server = Server::start([echoing(), echoing(), provided]).await;
    let spanner: Spanner = client(&server).await;
    // A query that goes in the body.
    let long = list(&spanner).filter(format!("{DATA}{}", "x".repeat(3_000)));
    see(&witness, "a long query", &long.send().await.unwrap_err());
    assert!(server.lines()[0].starts_with("POST "));
    let mut items = list(&spanner).items();
    see(&witness, "items", &items.try_next().await.unwrap_err());
    let provided = builder::<Spanner>()
        .credentials(Provider)
        .endpoint(server.url());
    let error = get(&provided.build().await.unwrap()).send().await;
    see(&witness, "a provider's token", &error.unwrap_err());

    // An operation that fails, and says so in an answer with status 200.
    let name = r#""name": "projects/p/instances/i/operations/o""#;
    let failed = format!(
        r#"{{{name}, "done": true, "error": {{"code": 7, "message": "{TOKEN} {KEY} may not"}}}}"#
    );
    server.then([json(&format!("{{{name}}}")), json(&failed)]);
    let create = spanner
        .projects()
        .instances()
        .create("projects/p", instance());
    let poller = create.poller().initial_delay(Duration::from_millis(1));
    let error = poller.until_done().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operation);
    assert!(
        error.to_string().contains("[hidden] [hidden] may not"),
        "{error}"
    );
    see(&witness, "an operation", &error);

    // A batch: one of its calls, then all of it.
    let part = format!(
        "--b\r\ncontent-type: application/http\r\ncontent-id: <response-call-0>\r\n\r\n\
         HTTP/1.1 401 Unauthorized\r\n\r\n{}\r\n--b--\r\n",
        echo(SENT)
    );
    server.then([
        answer(
            "200 OK",
            &["content-type: multipart/mixed; boundary=b"],
            &part,
        ),
        echoing(),
    ]);
    let mut batch = spanner.batch();
    let key = batch.add(get(&spanner));
    let mut answers = batch.send().await.unwrap();
    witness.debug("answers", &answers);
    let error = answers.take(key).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Http);
    see(&witness, "a call of a batch", &error);
    let mut batch = spanner.batch();
    let _ = batch.add(get(&spanner));
    see(&witness, "a batch", &batch.send().await.unwrap_err());
    witness.check();
}

#[tokio::test]
async fn media_shows_none() {
    let witness = Witness::new();
    let with = |status: u16, location: &str, sent: usize| {
        let mut response =
            http::Response::new(Bytes::from(echo(&[TOKEN, KEY, "SECRET-upload-id"][..sent])));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        if !location.is_empty() {
            let value = HeaderValue::from_str(location).unwrap();
            response.headers_mut().insert("location", value);
        }
        response
    };
    let recording = Recording::new()
        .answer_with(with(403, "", 2))
        .answer_with(with(403, "", 2))
        .answer_with(with(403, "", 2))
        .answer_with(with(200, SESSION, 2))
        .answer_with(with(403, "", 3))
        .answer_with(with(410, "", 3))
        .answer_with(with(200, "https://evil.example/?upload_id=SECRET", 2));
    let things = builder::<MediaUploadAndDownload>().transport(recording.clone());
    let things = things.build().await.unwrap().things();
    let media = || Media::new("text/plain", DATA);
    let error = things.replace(DATA, None).upload(media()).send().await;
    see(&witness, "an upload", &error.unwrap_err());
    let error = things.get(DATA).download().send().await;
    see(&witness, "a download", &error.unwrap_err());
    let error = things.get(DATA).download().stream().await;
    see(&witness, "a streamed download", &error.unwrap_err());
    let upload = things.replace(DATA, None).upload(media()).resumable();
    let mut session = upload.clone().start().await.unwrap();
    witness.debug("a session", &session);
    for _ in 0..2 {
        see(&witness, "a piece", &session.send().await.unwrap_err());
    }
    see(
        &witness,
        "another address",
        &upload.send().await.unwrap_err(),
    );
    let error = things.replace(DATA, None).upload(media()).resumable();
    let error = error.resume("https://evil.example/?upload_id=SECRET");
    see(&witness, "an address that was kept", &error.unwrap_err());
    assert_eq!(recording.requests().len(), 7);
    witness.check();
}

#[tokio::test]
async fn connections_that_fail_show_none() {
    let witness = Witness::new();
    // Nobody listens, somebody never answers, somebody does not know TLS.
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = plain.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = plain.accept().await {
            let answer = b"HTTP/1.1 400 Bad Request\r\n\r\n";
            socket.write_all(answer).await.unwrap();
        }
    });
    let nobody = free.local_addr().unwrap();
    drop(free);
    for (endpoint, kind) in [
        (format!("http://{nobody}"), ErrorKind::Connect),
        (
            format!("http://{}", silent.local_addr().unwrap()),
            ErrorKind::Timeout,
        ),
        (format!("https://{address}"), ErrorKind::Connect),
    ] {
        let spanner: Spanner = builder().endpoint(endpoint).build().await.unwrap();
        let call = get(&spanner).timeout(Duration::from_millis(500));
        let error = call.send().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        see(&witness, "no connection", &error);
        let mut pages = list(&spanner).timeout(Duration::from_millis(500)).pages();
        let error = pages.next().await.unwrap().unwrap_err();
        see(&witness, "no page", &error);
    }
    witness.check();
}

#[tokio::test]
async fn an_http_client_with_secrets_of_its_own_shows_none() {
    let witness = Witness::new();
    install_tls_provider();
    let proxy = Server::start([
        answer("407 Proxy Authentication Required", &[], ""),
        answer("407 Proxy Authentication Required", &[], ""),
    ])
    .await;
    let http = |address: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("x-own", HeaderValue::from_static("SECRET-default-header"));
        let proxy = reqwest::Proxy::all(format!("http://user:{PASSWORD}@{address}")).unwrap();
        let client = reqwest::Client::builder().default_headers(headers);
        client.proxy(proxy).build().unwrap()
    };
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = free.local_addr().unwrap().to_string();
    drop(free);
    for (address, endpoint) in [
        (proxy.host(), "http://spanner.example"),
        (proxy.host(), "https://spanner.example"),
        (nobody.clone(), "http://spanner.example"),
        (nobody, "https://spanner.example"),
    ] {
        let builder = builder::<Spanner>()
            .http_client(http(&address))
            .endpoint(endpoint);
        witness.debug("a builder", &builder);
        let spanner = builder.build().await.unwrap();
        witness.debug("a client", &spanner);
        let error = get(&spanner).send().await.unwrap_err();
        see(&witness, "a proxy", &error);
    }
    // It was the proxy that was asked, with the password.
    let requests = proxy.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        let [credentials] = request
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("proxy-authorization"))
            .map(|(_, value)| value.as_str())
            .collect::<Vec<_>>()[..]
        else {
            panic!("{request:?}");
        };
        assert!(credentials.contains(PROXY_CREDENTIALS), "{credentials}");
    }
    witness.check();
}

#[tokio::test]
async fn retries_and_successes_log_none() {
    let witness = Witness::new();
    let busy = || status_json("503 Service Unavailable", &echo(SENT));
    let server = Server::start([busy(), busy(), json(&format!(r#"{{"name": "{DATA}"}}"#))]).await;
    let backoff = Backoff::new().initial(Duration::from_millis(1));
    let policy = RetryPolicy::new().backoff(backoff).without_throttle();
    let spanner = builder::<Spanner>().endpoint(server.url()).retry(policy);
    let spanner = spanner.build().await.unwrap();
    let response = get(&spanner).send_with_headers().await.unwrap();
    assert_eq!(response.body().name.as_deref(), Some(DATA));
    // What came is the program's own, and shown. What went out for it is not.
    let (head, _) = response.into_parts();
    witness.debug("the head of an answer", &head);
    witness.debug("its extensions", &head.extensions);
    let lines = witness.check();
    let ended = |line: &&String| line.contains("attempts=3 http_status=200");
    assert_eq!(lines.iter().filter(ended).count(), 1, "{lines:#?}");
}
