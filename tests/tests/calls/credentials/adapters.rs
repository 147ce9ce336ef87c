//! Credentials of other crates, each passed to a client in one line.

use crate::credentials::{call, identity, recorded};
use gapi::gapi_runtime::ErrorKind;
use gapi::gapi_runtime::yup_oauth2::AccessTokenAuthenticator;
use gapi::spanner_v1::Spanner;

#[tokio::test]
async fn an_authenticator_of_yup_oauth2() {
    let token = "SECRET-access".to_owned();
    let authenticator = AccessTokenAuthenticator::builder(token);
    let builder = Spanner::builder();
    let authenticator = authenticator.build().await.unwrap();
    let (spanner, mock) = recorded(builder.credentials(authenticator)).await.unwrap();
    call(&spanner).await.unwrap();
    let sent = &mock.requests()[0];
    assert_eq!(
        identity(sent),
        [(
            "authorization".to_owned(),
            "Bearer SECRET-access".to_owned()
        )]
    );
    assert!(sent.headers()["authorization"].is_sensitive());
}

#[tokio::test]
async fn a_token_of_yup_oauth2_that_is_no_header_is_an_error() {
    let token = "SECRET\naccess".to_owned();
    let builder = Spanner::builder();
    let authenticator = AccessTokenAuthenticator::builder(token).build();
    let authenticator = authenticator.await.unwrap();
    let (spanner, mock) = recorded(builder.credentials(authenticator)).await.unwrap();
    let error = call(&spanner).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(!format!("{error} {error:?}").contains("SECRET"));
    assert!(mock.requests().is_empty());
}
