//! Redirects: no HTTP client sends credentials to another host.

use super::super::server::{Server, response};
use super::{KEY, builder, get};
use gapi::spanner_v1::Spanner;
use gapi_runtime::{ErrorKind, install_tls_provider};
use reqwest::redirect::Policy;

#[tokio::test]
async fn case_c5_no_credentials_follow_a_redirect() {
    install_tls_provider();
    let other = Server::start([]).await;
    let policies = [None, Some(Policy::limited(5)), Some(Policy::none())];
    for policy in policies {
        let location = format!("location: {}/elsewhere", other.url());
        let statuses = [
            "301 Moved",
            "302 Found",
            "303 See",
            "307 Temporary",
            "308 Permanent",
        ];
        let responses = statuses.map(|status| response(status, &[&location], ""));
        let server = Server::start(responses).await;
        let mut http = reqwest::Client::builder();
        if let Some(policy) = policy {
            http = http.redirect(policy);
        }
        let builder = builder::<Spanner>()
            .quota_project("payer")
            .http_client(http);
        let spanner = builder.endpoint(server.url()).build().await.unwrap();
        for status in statuses {
            let error = get(&spanner).send().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Http, "{error}");
            let code = error.http_status().unwrap();
            assert!(status.starts_with(code.as_str()), "{error}");
        }
        let requests = server.requests();
        assert_eq!(requests.len(), statuses.len());
        assert_eq!(requests[0].header("x-goog-api-key"), [KEY]);
        assert_eq!(requests[0].header("x-goog-user-project"), ["payer"]);
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn case_c5_a_client_that_may_follow_redirects_is_rejected() {
    install_tls_provider();
    let build = async |policy: Option<Policy>| {
        let mut http = reqwest::Client::builder();
        if let Some(policy) = policy {
            http = http.redirect(policy);
        }
        let builder = builder::<Spanner>().http_client(http.build().unwrap());
        builder.build().await
    };
    build(Some(Policy::none())).await.unwrap();
    let custom = Policy::custom(|attempt| match attempt.previous() {
        [] => attempt.follow(),
        _ => attempt.stop(),
    });
    for policy in [None, Some(Policy::limited(3)), Some(custom)] {
        let error = build(policy).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(
            error.to_string().contains("may follow redirects"),
            "{error}"
        );
        assert!(
            error.to_string().contains("redirect(Policy::none())"),
            "{error}"
        );
    }
}
