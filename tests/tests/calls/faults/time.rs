//! Timeouts over real sockets: of calls, and of the transport while no bytes arrive.

use super::calls::{TOKEN, builder};
use super::clock::{Clock, Clocked};
use super::kinds::{SUCCESS, json, response};
use super::media::media_upload_and_download_v1::MediaUploadAndDownload;
use super::server::{Act, Server};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use gapi::gapi_runtime::{Bytes, Error, ErrorKind, Media};
use std::time::Duration;
use tokio::time::Instant;

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

async fn client(clock: &Clock, url: &str) -> MediaUploadAndDownload {
    let client = builder(&Clocked::new(clock), url).bearer_token(TOKEN);
    client.build().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_call_and_the_beginning_of_a_download_have_a_time_out() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n1234".to_vec();
    for (response, is_begun) in [
        (vec![Act::Stall], false),
        (vec![Act::Write(head), Act::Stall], true),
    ] {
        let clock = Clock::new();
        let server = Server::start(&clock, |_| vec![response]);
        let client = client(&clock, &server.url()).await;
        let get = client.things().get("x").timeout(seconds(5));
        let start = Instant::now();
        let error = get.clone().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(start.elapsed(), seconds(5));

        // A running transfer has no limit, as long as bytes arrive.
        let start = Instant::now();
        let error = get.download().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        let waited = if is_begun { 300 } else { 5 };
        assert_eq!(start.elapsed(), seconds(waited));
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_nothing_of_an_upload_is_late() {
    // The system accepts connections, but nothing is read.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let clock = Clock::new();
    let client = client(&clock, &url).await;
    let endless = stream::repeat_with(|| Ok(Bytes::from(vec![0; 1 << 16])));
    let replace = client.things().replace("x", None);
    let upload = replace.upload(Media::stream("a/b", endless)).send();
    let start = Instant::now();
    let (result, ()) = tokio::join!(upload, clock.release());
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Timeout);
    // The system takes the first bytes at once, and nothing after them.
    assert_eq!(start.elapsed(), seconds(300));
}

#[tokio::test(start_paused = true)]
async fn a_slow_source_and_a_slow_reader_are_not() {
    let clock = Clock::new();
    let server = Server::start(&clock, |_| {
        vec![json(SUCCESS), response("200 OK", &[], "0123456789")]
    });
    let client = client(&clock, &server.url()).await;
    let source_clock = clock.clone();
    let chunks = stream::iter(["a", "b", "c"]).then(move |chunk| {
        let clock = source_clock.clone();
        async move {
            clock.pass(400).await;
            Ok(Bytes::from(chunk))
        }
    });
    let media = Media::stream("a/b", chunks).length(3);
    let start = Instant::now();
    let replace = client.things().replace("x", None).upload(media);
    replace.send().await.unwrap();
    assert_eq!(start.elapsed(), seconds(1200));

    let download = client.things().get("x").download().stream().await;
    let media = download.unwrap().into_body();
    clock.pass(1000).await;
    let media: Result<Vec<Bytes>, Error> = media.try_collect().await;
    assert_eq!(media.unwrap().concat(), b"0123456789");
    assert_eq!(start.elapsed(), seconds(2200));
}
