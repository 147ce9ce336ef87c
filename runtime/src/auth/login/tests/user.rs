//! The login with a browser.

use super::*;
use crate::auth::Interaction;
use std::time::Duration;

#[tokio::test]
async fn the_first_call_logs_in_and_later_ones_do_not() {
    let fake = Fake::new();
    let (store, transport) = (TokenStore::in_memory(), fake.transport());
    let login = fake.login(&store).account("me@example.com");
    for _ in 0..2 {
        assert_eq!(
            token(&login, &transport, &["a", "b"]).await.unwrap(),
            "access-2"
        );
    }
    let page = fake.lock().pages[0].clone();
    let names: Vec<&str> = page.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "access_type",
            "client_id",
            "code_challenge",
            "code_challenge_method",
            "include_granted_scopes",
            "login_hint",
            "redirect_uri",
            "response_type",
            "scope",
            "state",
        ]
    );
    assert_eq!(page["access_type"], "offline");
    assert_eq!(page["code_challenge_method"], "S256");
    assert_eq!(page["login_hint"], "me@example.com");
    assert_eq!(page["response_type"], "code");
    assert_eq!(page["scope"], "a b");
    assert!(page["redirect_uri"].starts_with("http://127.0.0.1:"));
    assert_eq!(fake.grant_types(), ["authorization_code"]);
    let shown = fake.shown(1).await;
    assert!(shown[0].contains("You are logged in"), "{shown:?}");
    assert!(!shown[0].contains("s3cret"), "{shown:?}");

    // The next process.
    let login = fake.login(&store).account("me@example.com");
    assert_eq!(token(&login, &transport, &["b"]).await.unwrap(), "access-3");
    let form = fake.lock().forms[1].clone();
    assert_eq!(form["grant_type"], "refresh_token");
    assert_eq!(form.get("scope"), None);
    // Another account has no token.
    let login = fake
        .login(&store)
        .account("other")
        .on_first_use(Interaction::Fail);
    let error = token(&login, &transport, &["b"]).await.unwrap_err();
    assert!(error.contains("no user has logged in as other"), "{error}");
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn a_client_without_a_secret_sends_none() {
    let json = r#"{"installed": {"client_id": "id", "token_uri": "https://t.example/token"}}"#;
    let fake = Fake::new();
    let mock = MockTransport::new().respond(
        200,
        r#"{"access_token": "ya29.s3cret-x", "refresh_token": "r"}"#,
    );
    let transport: Arc<dyn Transport> = Arc::new(mock.clone());
    let browser = fake.clone();
    let login = UserLogin::new(OAuthClient::from_json(json).unwrap())
        .store(TokenStore::in_memory())
        .open_browser(false)
        .on_prompt(move |prompt| {
            let (fake, url) = (browser.clone(), prompt.url.clone());
            assert!(url.starts_with("https://accounts.google.com/o/oauth2/v2/auth?"));
            std::thread::spawn(move || fake.visit(&url));
        });
    assert_eq!(token(&login, &transport, &["a"]).await.unwrap(), "x");
    let body = mock.requests()[0].body().clone();
    let form = parameters(str::from_utf8(&body).unwrap());
    assert!(!form.contains_key("client_secret"), "{form:?}");
    assert!(form.contains_key("code_verifier"), "{form:?}");
}

#[tokio::test]
async fn a_user_who_says_no_ends_all_calls_that_wait() {
    let fake = Fake::browsing(|_, page| {
        // The other calls wait by then.
        std::thread::sleep(Duration::from_millis(200));
        vec![format!("error=access_denied&state={}", page["state"])]
    });
    let (store, transport) = (TokenStore::in_memory(), fake.transport());
    let login = fake.login(&store);
    let call = || token(&login, &transport, &["a"]);
    for result in futures_util::future::join_all([call(), call(), call()]).await {
        let error = result.unwrap_err();
        assert!(
            error.contains("did not allow the access (access_denied)"),
            "{error}"
        );
    }
    assert_eq!(fake.asked().len(), 1);
    let shown = fake.shown(1).await;
    assert!(shown[0].contains("The login was not allowed"), "{shown:?}");
    // A later call asks again.
    call().await.unwrap_err();
    assert_eq!(fake.asked().len(), 2);
}

#[tokio::test]
async fn redirects_with_another_state_are_ignored() {
    let fake = Fake::browsing(|fake, page| {
        vec![
            "state=guess&code=theirs".to_owned(),
            "state=guess&error=access_denied".to_owned(),
            fake.allow(page),
        ]
    });
    let login = fake.login(&TokenStore::in_memory());
    token(&login, &fake.transport(), &["a"]).await.unwrap();
    let shown = fake.shown(3).await;
    assert!(shown[0].starts_with("HTTP/1.1 400 "), "{shown:?}");
    assert!(shown[1].contains("not the current login"), "{shown:?}");
    assert!(shown[2].starts_with("HTTP/1.1 200 "), "{shown:?}");
    assert_eq!(fake.grant_types().len(), 1);
}

#[tokio::test]
async fn a_login_may_have_all_the_time_there_is() {
    let fake = Fake::new();
    let login = fake.login(&TokenStore::in_memory()).timeout(Duration::MAX);
    token(&login, &fake.transport(), &["a"]).await.unwrap();
}

#[tokio::test]
async fn a_login_ends_in_time() {
    let fake = Fake::browsing(|_, _| vec!["state=guess&code=theirs".to_owned()]);
    let login = fake
        .login(&TokenStore::in_memory())
        .timeout(Duration::from_millis(600));
    let error = token(&login, &fake.transport(), &["a"]).await.unwrap_err();
    assert!(
        error.contains("the user did not log in within 0.6 s"),
        "{error}"
    );
    assert!(
        error.contains("(ignored redirects with another state: 1)"),
        "{error}"
    );
    // The listener is gone as soon as the runtime has a moment.
    tokio::time::sleep(Duration::from_millis(50)).await;
    let page = fake.lock().pages[0].clone();
    let authority = page["redirect_uri"]
        .trim_start_matches("http://")
        .trim_end_matches('/');
    assert!(TcpStream::connect(authority).is_err());
}

#[tokio::test]
async fn consent_is_asked_for_again_without_a_refresh_token() {
    let fake = Fake::browsing(|fake, page| {
        let has_consent = page.get("prompt").is_some_and(|prompt| prompt == "consent");
        let members = if has_consent {
            json!({})
        } else {
            json!({"refresh_token": null})
        };
        fake.lock().members = members;
        vec![fake.allow(page)]
    });
    let (store, transport) = (TokenStore::in_memory(), fake.transport());
    token(&fake.login(&store), &transport, &["a"])
        .await
        .unwrap();
    assert_eq!(fake.asked(), ["a", "a"]);
    let pages = fake.lock().pages.clone();
    let [first, second] = &pages[..] else {
        panic!("{pages:?}");
    };
    assert_eq!(first["redirect_uri"], second["redirect_uri"]);
    for name in ["state", "code_challenge"] {
        assert_ne!(first[name], second[name]);
    }
    let shown = fake.shown(2).await;
    assert!(
        shown.iter().any(|page| page.starts_with("HTTP/1.1 303 ")),
        "{shown:?}"
    );

    // A server that never returns one: the access token still serves.
    let fake = Fake::new();
    fake.lock().members = json!({"refresh_token": null});
    let (store, transport) = (TokenStore::in_memory(), fake.transport());
    let login = fake.login(&store);
    for _ in 0..2 {
        token(&login, &transport, &["a"]).await.unwrap();
    }
    assert_eq!(fake.asked().len(), 2);
}

#[tokio::test]
async fn a_login_as_somebody_else_fails() {
    for (email, is_ok) in [("ME@example.com", true), ("you@example.com", false)] {
        let fake = Fake::new();
        let claims = URL_SAFE_NO_PAD.encode(json!({"email": email}).to_string());
        fake.lock().members = json!({"id_token": format!("header.{claims}.signature")});
        let store = TokenStore::in_memory();
        let login = fake.login(&store).account("me@example.com");
        let result = token(&login, &fake.transport(), &["email"]).await;
        assert_eq!(result.is_ok(), is_ok, "{email}");
        if let Err(error) = result {
            assert!(
                error.contains("another account than me@example.com"),
                "{error}"
            );
            let login = login.on_first_use(Interaction::Fail);
            token(&login, &fake.transport(), &["email"])
                .await
                .unwrap_err();
        }
    }
}

#[tokio::test]
async fn errors_of_the_token_server_reach_browser_and_program() {
    for (status, body, expected) in [
        (
            400,
            json!({"error": "invalid_grant", "error_description": "4/0A-s3cret-code-1"}),
            "token server",
        ),
        (
            401,
            json!({"error": "invalid_client", "error_description": CLIENT_SECRET}),
            "token server",
        ),
        (200, json!({"token_type": "Bearer"}), "no `access_token`"),
        (200, json!(["ya29.s3cret"]), "not a JSON object"),
    ] {
        let fake = Fake::new();
        fake.lock().canned.push((status, body));
        let login = fake.login(&TokenStore::in_memory());
        let error = token(&login, &fake.transport(), &["a"]).await.unwrap_err();
        assert!(error.contains(expected), "{error}");
        let shown = fake.shown(1).await;
        assert!(shown[0].contains("The login failed"), "{shown:?}");
        assert!(!shown[0].contains("s3cret"), "{shown:?}");
    }
}

#[tokio::test]
async fn a_token_server_that_is_busy_gets_the_code_again() {
    let fake = Fake::new();
    let busy = (503, json!({"error": "temporarily_unavailable"}));
    fake.lock().canned.extend([busy.clone(), busy]);
    let login = fake.login(&TokenStore::in_memory());
    token(&login, &fake.transport(), &["a"]).await.unwrap();
    assert_eq!(fake.grant_types(), ["authorization_code"; 3]);
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn a_login_by_hand_replaces_the_token() {
    let fake = Fake::new();
    let (store, transport) = (TokenStore::in_memory(), fake.transport());
    let login = fake.login(&store).scopes(["a"]);
    login.log_in(&transport).await.unwrap();
    login.log_in(&transport).await.unwrap();
    assert_eq!(fake.asked(), ["a", "a"]);
    token(&login, &transport, &["a"]).await.unwrap();
    login.log_out().await.unwrap();
    let login = login
        .on_first_use(Interaction::Fail)
        .on_revoked(Interaction::Fail);
    token(&login, &transport, &["a"]).await.unwrap_err();
    token(
        &fake.login(&store).on_first_use(Interaction::Fail),
        &transport,
        &["a"],
    )
    .await
    .unwrap_err();
    // Nothing to ask for.
    let error = fake.login(&store).log_in(&transport).await.unwrap_err();
    assert!(error.to_string().contains("no scopes to ask"), "{error}");
}

#[tokio::test]
async fn a_subject_needs_other_credentials() {
    let fake = Fake::new();
    let (login, transport) = (fake.login(&TokenStore::in_memory()), fake.transport());
    let context = CredentialsContext {
        subject: Some("you@example.com"),
        ..context(&transport)
    };
    let error = login.headers(&context).await.unwrap_err().to_string();
    assert!(error.contains("cannot act for another user"), "{error}");
    let domain = login.universe_domain(&context).await;
    assert_eq!(domain.as_deref(), Some("googleapis.com"));
}

#[test]
fn a_runtime_without_time_or_io_is_an_error() {
    for (has_time, expected) in [(false, "time enabled"), (true, "has no I/O")] {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        if has_time {
            builder.enable_time();
        }
        let fake = Fake::new();
        let login = fake.login(&TokenStore::in_memory());
        let transport = fake.transport();
        let result = builder
            .build()
            .unwrap()
            .block_on(token(&login, &transport, &["a"]));
        let error = result.unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn texts_for_the_user() {
    let mut prompt = super::super::LoginPrompt {
        url: "https://a.example/?state=s".to_owned(),
        user_code: None,
        is_browser_open: false,
    };
    assert!(
        prompt
            .to_string()
            .contains("open this URL in a browser on this machine")
    );
    prompt.is_browser_open = true;
    assert!(prompt.to_string().contains("If it does not show the page"));
    prompt.user_code = Some("ABCD".to_owned());
    assert!(prompt.to_string().ends_with("enter the code ABCD"));
    assert!(!format!("{prompt:?}").contains("state"), "{prompt:?}");
    let login = Fake::new().login(&TokenStore::in_memory());
    let shown = format!("{login:?}");
    assert!(
        shown.contains("UserLogin") && !shown.contains("s3cret"),
        "{shown}"
    );
}
