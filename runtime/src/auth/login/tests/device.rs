//! The login with a code on another device.

use super::super::{DeviceLogin, LoginPrompt};
use super::*;
use std::time::Duration;
use tokio::time::Instant;

const DEVICE: &str = "https://t.example/device";

/// A login whose prompts are kept.
fn login(prompts: &Arc<Mutex<Vec<LoginPrompt>>>) -> DeviceLogin {
    let prompts = Arc::clone(prompts);
    DeviceLogin::new(client().device_authorization_uri(DEVICE).unwrap())
        .store(TokenStore::in_memory())
        .on_prompt(move |prompt| prompts.lock().unwrap().push(prompt.clone()))
}

fn authorization() -> Value {
    json!({
        "device_code": "s3cret-device-code", "user_code": "ABCD-EFGH", "interval": 5,
        "verification_url": "https://www.google.com/device", "expires_in": 1800,
    })
}

fn tokens() -> Value {
    json!({
        "access_token": "ya29.s3cret-x", "refresh_token": "1//s3cret-refresh",
        "expires_in": 3599, "scope": "a",
    })
}

/// The result of a login with these responses, its requests, its prompts, and its seconds.
struct Run {
    result: Result<String, String>,
    forms: Vec<(String, Parameters)>,
    prompts: Vec<LoginPrompt>,
    seconds: u64,
}

async fn run(responses: &[(u16, Value)]) -> Run {
    let responses = responses.iter();
    let mock = responses.fold(MockTransport::new(), |mock, (status, json)| {
        mock.respond(*status, json.to_string())
    });
    run_with(mock).await
}

async fn run_with(mock: MockTransport) -> Run {
    crate::install_tls_provider();
    let transport: Arc<dyn Transport> = Arc::new(mock.clone());
    let prompts = Arc::default();
    let login = login(&prompts);
    let start = Instant::now();
    let result = token(&login, &transport, &["a"]).await;
    let forms = mock.requests().into_iter().map(|request| {
        let form = parameters(str::from_utf8(request.body()).unwrap());
        (request.uri().to_string(), form)
    });
    let prompts = prompts.lock().unwrap().clone();
    Run {
        result,
        forms: forms.collect(),
        prompts,
        seconds: start.elapsed().as_secs(),
    }
}

fn error(code: &str) -> (u16, Value) {
    (
        428,
        json!({"error": code, "error_description": "s3cret-device-code"}),
    )
}

#[tokio::test(start_paused = true)]
async fn it_waits_for_the_user() {
    let run = run(&[
        (200, authorization()),
        error("authorization_pending"),
        error("slow_down"),
        error("authorization_pending"),
        (503, json!({})),
        (200, tokens()),
    ])
    .await;
    assert_eq!(run.result.unwrap(), "x");
    // 5 + 5, then 10 + 10, and 20 after the server had a problem.
    assert_eq!(run.seconds, 50);
    let [prompt] = &run.prompts[..] else {
        panic!("{:?}", run.prompts);
    };
    assert_eq!(
        prompt.to_string(),
        "To log in, open https://www.google.com/device on any device and enter the code ABCD-EFGH"
    );
    let (uri, form) = &run.forms[0];
    assert_eq!(uri, DEVICE);
    assert_eq!(form, &parameters("client_id=id&scope=a"));
    for (uri, form) in &run.forms[1..] {
        assert_eq!(uri, "https://t.example/token");
        assert_eq!(
            form["grant_type"],
            "urn:ietf:params:oauth:grant-type:device_code"
        );
        assert_eq!(form["device_code"], "s3cret-device-code");
        assert_eq!(form["client_secret"], CLIENT_SECRET);
        assert_eq!(form.len(), 4);
    }
}

/// RFC 8628, section 3.5: 5 seconds more, for all requests that follow.
#[tokio::test(start_paused = true)]
async fn a_server_slows_it_down() {
    let mut slow = authorization();
    slow["interval"] = 58.into();
    let pending = error("authorization_pending");
    let run = run(&[(200, slow), error("slow_down"), pending, (200, tokens())]).await;
    assert_eq!(run.result.unwrap(), "x");
    assert_eq!(run.seconds, 58 + 63 + 63);
}

/// RFC 9110, section 10.2.3: the next poll waits, and those after it do not.
#[tokio::test(start_paused = true)]
async fn a_busy_server_says_when_to_poll_again() {
    let mut busy = http::Response::new(Bytes::new());
    *busy.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
    busy.headers_mut().insert("retry-after", 100.into());
    let (status, pending) = error("authorization_pending");
    let mock = MockTransport::new()
        .respond(200, authorization().to_string())
        .respond_with(busy)
        .respond(status, pending.to_string())
        .respond(200, tokens().to_string());
    let run = run_with(mock).await;
    assert_eq!(run.result.unwrap(), "x");
    assert_eq!(run.seconds, 5 + 100 + 10);
}

#[tokio::test(start_paused = true)]
async fn it_ends_with_an_error() {
    for (response, expected, seconds) in [
        (
            error("access_denied"),
            "did not allow the access (access_denied)",
            5,
        ),
        (error("expired_token"), "the code expired", 5),
        (error("invalid_grant"), "token server", 5),
        ((200, json!({})), "no `access_token`", 5),
    ] {
        let run = run(&[(200, authorization()), response]).await;
        let error = run.result.unwrap_err();
        assert!(error.contains(expected), "{error}");
        assert_eq!(run.seconds, seconds);
    }
    // The code expires on this side.
    let mut short = authorization();
    short["expires_in"] = 12.into();
    let pending = error("authorization_pending");
    let run = run(&[(200, short), pending.clone(), pending]).await;
    let error = run.result.unwrap_err();
    assert!(
        error.contains("the code expired before somebody entered it"),
        "{error}"
    );
    assert_eq!(run.seconds, 10);
}

#[tokio::test(start_paused = true)]
async fn the_first_response_is_checked() {
    for (name, value, expected) in [
        ("user_code", json!("\u{1b}[2J"), "malformed `user_code`"),
        ("user_code", json!(null), "no `user_code`"),
        (
            "verification_url",
            json!("http://evil.example/"),
            "`verification_uri` that is not https",
        ),
        (
            "verification_url",
            json!("https://a.example/\u{202e}"),
            "malformed `verification_uri`",
        ),
        ("device_code", json!(7), "no `device_code`"),
    ] {
        let mut json = authorization();
        json[name] = value;
        let run = run(&[(200, json)]).await;
        let error = run.result.unwrap_err();
        assert!(error.contains(expected), "{error}");
        assert!(run.prompts.is_empty());
    }
    for (code, expected) in [
        ("invalid_client", "`TVs and Limited Input devices`"),
        ("invalid_scope", "a device login can ask for few of them"),
    ] {
        let run = run(&[(401, json!({"error": code}))]).await;
        let error = run.result.unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_the_program_counts() {
    let mock = MockTransport::new().respond(200, authorization().to_string());
    let pending = error("authorization_pending").1.to_string();
    let mock = (0..3).fold(mock, |mock, _| mock.respond(428, pending.clone()));
    let transport: Arc<dyn Transport> = Arc::new(mock);
    let login = login(&Arc::default()).timeout(Duration::from_secs(16));
    let error = token(&login, &transport, &["a"]).await.unwrap_err();
    assert!(error.contains("the code expired"), "{error}");
    let without = DeviceLogin::new(client()).store(TokenStore::in_memory());
    let error = token(&without, &transport, &["a"]).await.unwrap_err();
    assert!(
        error.contains("no device authorization endpoint"),
        "{error}"
    );
}
