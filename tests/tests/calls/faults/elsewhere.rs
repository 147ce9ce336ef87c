//! Tokens and media never go to another host, whatever a response contains. Redirects are in the table.

use super::calls::{TOKEN, builder, kept, opened, shows_no_secrets};
use super::clock::{Clock, Clocked};
use super::kinds::{SUCCESS, json, response};
use super::media::media_upload_and_download_v1::MediaUploadAndDownload;
use super::server::Server;
use futures_util::TryStreamExt as _;
use gapi::gapi_runtime::{ErrorKind, Media};
use gapi::spanner_v1::Spanner;

#[tokio::test(start_paused = true)]
async fn an_upload_stays_where_it_is() {
    let clock = Clock::new();
    let other = Server::start(&clock, |_| vec![json(SUCCESS)]);
    let location = format!("location: {}/session", other.url());
    let moves = response(
        "308 Resume Incomplete",
        &[&location, "range: bytes=0-262143"],
        "",
    );
    for (responses, count) in [
        // The first response opens the session there, or the first chunk is redirected there.
        (vec![opened(&other.url())], 1),
        (vec![vec![], moves], 2),
    ] {
        let server = Server::start(&clock, |url| {
            let mut responses = responses;
            if responses[0].is_empty() {
                responses[0] = opened(url);
            }
            responses
        });
        let client = builder::<MediaUploadAndDownload>(&Clocked::new(&clock), &server.url());
        let client = client.bearer_token(TOKEN).build().await.unwrap();
        let media = Media::new("image/png", vec![0; 300_000]);
        let upload = client.things().insert(None).upload(media).resumable();
        let error = upload.clone().chunk_size(1).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        shows_no_secrets(&error);
        assert_eq!(server.requests().len(), count);
        // The same applies to an address that the application has stored.
        let resumed = upload.resume(&format!("{}/session", other.url()));
        assert_eq!(resumed.unwrap_err().kind(), ErrorKind::InvalidArgument);
    }
    assert_eq!(other.requests().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_page_token_is_no_address() {
    let clock = Clock::new();
    let other = Server::start(&clock, |_| vec![json(SUCCESS)]);
    let page = format!(
        r#"{{"nextPageToken":"{0}/x","nextLink":"{0}/x"}}"#,
        other.url()
    );
    let server = Server::start(&clock, |_| vec![json(&page), json(SUCCESS)]);
    let client = builder::<Spanner>(&Clocked::new(&clock), &server.url());
    let spanner = client.bearer_token(TOKEN).build().await.unwrap();
    let operations = spanner.projects().instances().operations();
    let pages = operations.list("projects/p/instances/i/operations").pages();
    pages.try_collect::<Vec<_>>().await.unwrap();
    assert_eq!((server.requests().len(), other.requests().len()), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_session_that_ends_well_stays_too() {
    let clock = Clock::new();
    let server = Server::start(&clock, |url| vec![opened(url), kept(), json(SUCCESS)]);
    let client = builder::<MediaUploadAndDownload>(&Clocked::new(&clock), &server.url());
    let client = client.bearer_token(TOKEN).build().await.unwrap();
    let media = Media::new("image/png", vec![0; 300_000]);
    let upload = client.things().insert(None).upload(media).resumable();
    upload.chunk_size(1).send().await.unwrap();
    // A counterexample for the tests above: the token and the media do arrive here.
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert_eq!(request.header("authorization"), format!("Bearer {TOKEN}"));
    }
}
