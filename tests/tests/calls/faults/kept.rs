//! Kept-alive connections that break later.

use super::calls::{TOKEN, builder};
use super::clock::{Clock, Clocked};
use super::kinds::{SUCCESS, json};
use super::server::{Act, Server};
use gapi::gapi_runtime::ErrorKind;
use gapi::spanner_v1::Spanner;

/// The second request uses the connection of the first. HTTP clients resend it if they cannot know better.
#[tokio::test(start_paused = true)]
async fn a_post_over_a_kept_connection_is_sent_once() {
    for end in [Act::Close, Act::Reset] {
        let clock = Clock::new();
        let server = Server::start(&clock, |_| vec![json(SUCCESS), vec![end.clone()]]);
        let transport = Clocked::new(&clock);
        let client = builder::<Spanner>(&transport, &server.url()).bearer_token(TOKEN);
        let instances = client.build().await.unwrap().projects().instances();
        instances.create("projects/p", None).send().await.unwrap();
        let error = instances.create("projects/p", None).send().await;
        let error = error.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
        assert_eq!((transport.attempts(), server.requests().len()), (2, 2));
    }
}

/// A connection that ended between two calls is not used for the second one.
#[tokio::test(start_paused = true)]
async fn a_connection_that_ended_meanwhile_is_replaced() {
    for end in [Act::Close, Act::Reset] {
        let clock = Clock::new();
        let ends = [json(SUCCESS), vec![end.clone()]].concat();
        let server = Server::start(&clock, |_| vec![ends, json(SUCCESS)]);
        let transport = Clocked::new(&clock);
        let client = builder::<Spanner>(&transport, &server.url()).bearer_token(TOKEN);
        let instances = client.build().await.unwrap().projects().instances();
        instances.create("projects/p", None).send().await.unwrap();
        while server.ended() == 0 {
            tokio::task::yield_now().await;
        }
        clock.settle().await;
        instances.create("projects/p", None).send().await.unwrap();
        assert_eq!((transport.attempts(), server.requests().len()), (2, 2));
    }
}
