//! Stored tokens: their scopes, their end, and the calls and processes that share them.

use super::*;
use crate::auth::Interaction;
use std::time::Duration;

#[tokio::test]
async fn many_calls_and_processes_ask_once() {
    let fake = Fake::browsing(|fake, page| {
        std::thread::sleep(Duration::from_millis(200));
        vec![fake.allow(page)]
    });
    let (store, transport) = (TokenStore::in_memory(), fake.transport());
    let (login, other) = (fake.login(&store), fake.login(&store));
    let calls = (0..20).map(|number| {
        let login = if number % 2 == 0 { &login } else { &other };
        token(login, &transport, &["a"])
    });
    for result in futures_util::future::join_all(calls).await {
        result.unwrap();
    }
    assert_eq!(fake.asked(), ["a"]);
    // The login of the first, and the refresh of the other.
    assert_eq!(fake.grant_types(), ["authorization_code", "refresh_token"]);
}

#[tokio::test]
async fn a_revoked_token_leads_to_a_login_or_an_error() {
    let fake = Fake::new();
    let (store, transport) = (TokenStore::in_memory(), fake.transport());
    token(&fake.login(&store), &transport, &["a"])
        .await
        .unwrap();
    fake.revoke();
    let login = fake.login(&store).on_revoked(Interaction::Fail);
    for _ in 0..2 {
        let error = token(&login, &transport, &["a"]).await.unwrap_err();
        assert!(
            error.contains("has expired or was revoked (invalid_grant)"),
            "{error}"
        );
        assert!(error.contains("help: call `log_in`"), "{error}");
    }
    assert_eq!(fake.asked().len(), 1);
    // The token is still in the store, so another process sees the same.
    let login = fake.login(&store).on_first_use(Interaction::Fail);
    token(&login, &transport, &["a"]).await.unwrap();
    assert_eq!(fake.asked().len(), 2);
    // The dead token is gone from the store.
    token(&fake.login(&store), &transport, &["a"])
        .await
        .unwrap();
    assert_eq!(fake.asked().len(), 2);
}

#[tokio::test]
async fn a_token_that_another_process_got_is_used() {
    let fake = Fake::new();
    let (store, transport) = (TokenStore::in_memory(), fake.transport());
    let login = fake.login(&store).on_revoked(Interaction::Fail);
    let old = headers(&login, &transport, &["a"]).await.unwrap();
    fake.revoke();
    token(&fake.login(&store), &transport, &["a"])
        .await
        .unwrap();
    assert_eq!(fake.asked().len(), 2);
    // A server rejects the access token of the first process.
    assert!(login.reject(&old));
    let new = headers(&login, &transport, &["a"]).await.unwrap();
    assert_ne!(new[AUTHORIZATION], old[AUTHORIZATION]);
    assert_eq!(fake.asked().len(), 2);
}

#[tokio::test]
async fn a_scope_that_is_missing_is_asked_for_in_addition() {
    let fake = Fake::new();
    let (store, transport) = (TokenStore::in_memory(), fake.transport());
    let login = fake.login(&store).scopes(["openid", "email"]);
    token(&login, &transport, &["a"]).await.unwrap();
    let strict = fake.login(&store).on_missing_scope(Interaction::Fail);
    let error = token(&strict, &transport, &["b"]).await.unwrap_err();
    assert!(
        error.contains("has not granted the scope b to the client id"),
        "{error}"
    );
    token(&login, &transport, &["b"]).await.unwrap();
    let email = "https://www.googleapis.com/auth/userinfo.email";
    assert_eq!(
        fake.asked(),
        [format!("openid {email} a"), format!("openid {email} b a")]
    );
    assert_eq!(fake.lock().pages[1]["include_granted_scopes"], "true");
    // The new token serves all calls, under both names of a scope.
    for scopes in [&["a"][..], &["b"], &["a", "b", "email"]] {
        token(&strict, &transport, scopes).await.unwrap();
    }
    assert_eq!(fake.asked().len(), 2);
}

#[tokio::test]
async fn one_scope_that_the_method_accepts_is_enough() {
    let fake = Fake::new();
    let (store, transport) = (TokenStore::in_memory(), fake.transport());
    let login = fake.login(&store);
    token(&login, &transport, &["wide"]).await.unwrap();
    let narrow = CredentialsContext {
        scopes: &["narrow"],
        accepted: &["narrow", "wide"],
        ..context(&transport)
    };
    login.headers(&narrow).await.unwrap();
    assert_eq!(fake.asked(), ["wide"]);
    assert_eq!(fake.grant_types().len(), 1);
}

#[tokio::test]
async fn scopes_of_the_caller_narrow_the_token() {
    let fake = Fake::new();
    let (store, transport) = (TokenStore::in_memory(), fake.transport());
    token(&fake.login(&store), &transport, &["a", "b"])
        .await
        .unwrap();
    let named = CredentialsContext {
        scopes: &["b"],
        has_named_scopes: true,
        ..context(&transport)
    };
    fake.login(&store).headers(&named).await.unwrap();
    assert_eq!(fake.lock().forms[1]["scope"], "b");
}

#[tokio::test]
async fn a_scope_that_the_user_declines_is_an_error() {
    let fake = Fake::new();
    fake.lock().grants = Some("a");
    let (store, transport) = (TokenStore::in_memory(), fake.transport());
    let error = token(&fake.login(&store), &transport, &["a", "b"])
        .await
        .unwrap_err();
    assert!(error.contains("did not grant the scope a b"), "{error}");
    assert_eq!(fake.asked().len(), 1);
    // The granted scopes serve other calls.
    token(&fake.login(&store), &transport, &["a"])
        .await
        .unwrap();
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn a_new_refresh_token_replaces_the_old_one() {
    let fake = Fake::new();
    let (store, transport) = (TokenStore::in_memory(), fake.transport());
    token(&fake.login(&store), &transport, &["a"])
        .await
        .unwrap();
    {
        let mut state = fake.lock();
        state
            .refresh_tokens
            .insert("1//s3cret-rotated".to_owned(), "a".to_owned());
        state.members = json!({"refresh_token": "1//s3cret-rotated"});
    }
    for _ in 0..2 {
        token(&fake.login(&store), &transport, &["a"])
            .await
            .unwrap();
    }
    assert_eq!(fake.lock().forms[2]["refresh_token"], "1//s3cret-rotated");
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn transient_failures_are_retried_and_never_lead_to_a_login() {
    let fake = Fake::new();
    let (store, transport) = (TokenStore::in_memory(), fake.transport());
    let login = fake.login(&store).timeout(Duration::from_hours(1));
    // The browser is a thread of real time, so the login has its own runtime.
    let thread = {
        let (fake, store) = (fake.clone(), store.clone());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let transport = fake.transport();
            let login = fake.login(&store);
            runtime.unwrap().block_on(token(&login, &transport, &["a"]))
        })
    };
    thread.join().unwrap().unwrap();
    fake.lock().canned.push((503, json!({})));
    fake.lock()
        .canned
        .push((500, json!({"error": "internal_failure"})));
    token(&login, &transport, &["a"]).await.unwrap();
    assert_eq!(fake.lock().forms.len(), 4);
    assert_eq!(fake.asked().len(), 1);
}
