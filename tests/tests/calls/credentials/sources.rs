//! The headers of each source of credentials.

use super::providers::Own;
use crate::credentials::{SECRET, call, identity, recorded};
use gapi::gapi_runtime::google_cloud_auth::credentials::{anonymous, api_key_credentials};
use gapi::gapi_runtime::{ClientBuilder, install_tls_provider};
use gapi::spanner_v1::Spanner;

const AUTHORIZATION: (&str, &str) = ("authorization", "Bearer SECRET");
const KEY: (&str, &str) = ("x-goog-api-key", "SECRET-key");
const PROJECT: (&str, &str) = ("x-goog-user-project", "payer");
const OWN: (&str, &str) = ("authorization", "Own SECRET-1");

async fn sent(builder: ClientBuilder<Spanner>) -> Vec<(String, String)> {
    let text = format!("{builder:?} {builder:#?}");
    assert!(!text.contains(SECRET), "{text}");
    let (spanner, mock) = recorded(builder).await.unwrap();
    let text = format!("{spanner:?} {spanner:#?}");
    assert!(!text.contains(SECRET), "{text}");
    call(&spanner).await.unwrap();
    let requests = mock.requests();
    for (name, value) in requests[0].headers() {
        let is_secret = value.to_str().unwrap().contains(SECRET);
        assert_eq!(value.is_sensitive(), is_secret, "{name}");
    }
    identity(&requests[0])
}

#[tokio::test]
async fn each_source_has_its_headers() {
    let token = || Spanner::builder().bearer_token("SECRET");
    let key = |builder: ClientBuilder<Spanner>| builder.api_key("SECRET-key");
    let payer = |builder: ClientBuilder<Spanner>| builder.quota_project("payer");
    let own = || Spanner::builder().credentials(Own::default());
    let cases: [(_, &[(&str, &str)]); 10] = [
        (Spanner::builder(), &[]),
        (Spanner::builder().anonymous(), &[]),
        (token(), &[AUTHORIZATION]),
        (key(Spanner::builder()), &[KEY]),
        (key(Spanner::builder().anonymous()), &[KEY]),
        (key(token()), &[AUTHORIZATION, KEY]),
        (payer(token()), &[AUTHORIZATION, PROJECT]),
        (own(), &[OWN, ("x-goog-user-project", "own-payer")]),
        (payer(own()), &[OWN, PROJECT]),
        (payer(key(own())), &[OWN, KEY, PROJECT]),
    ];
    for (number, (builder, expected)) in cases.into_iter().enumerate() {
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        assert_eq!(sent(builder).await, expected, "{number}");
    }
}

#[tokio::test]
async fn the_last_source_counts() {
    let builder = Spanner::builder().credentials(Own::default());
    let sent_last = sent(builder.bearer_token("SECRET")).await;
    assert_eq!(sent_last[0].1, "Bearer SECRET");
    let builder = Spanner::builder().bearer_token("SECRET");
    assert_eq!(sent(builder.anonymous()).await, []);
    let builder = Spanner::builder().anonymous();
    let sent_last = sent(builder.credentials(Own::default())).await;
    assert_eq!(sent_last[0].1, OWN.1);
}

#[tokio::test]
async fn credentials_of_google_cloud_auth_are_a_source() {
    install_tls_provider();
    let key = api_key_credentials::Builder::new("SECRET-key").build();
    let expected = [(KEY.0.to_owned(), KEY.1.to_owned())];
    assert_eq!(sent(Spanner::builder().credentials(key)).await, expected);
    let none = anonymous::Builder::new().build();
    assert_eq!(sent(Spanner::builder().credentials(none)).await, []);
}
