//! The auto traits of generated types, checked by the compiler.

use super::client::anonymous;
use super::server::Server;
use futures_util::TryStreamExt;
use gapi::gapi_runtime::{Client, ClientBuilder, Error, RawBody};
use gapi::healthcare_v1::CloudHealthcare;
use gapi::spanner_v1::projects::instances::operations::{Cancel, Delete, Get, List, Operations};
use gapi::spanner_v1::projects::{Projects, instances::Instances};
use gapi::spanner_v1::schemas::{ListOperationsResponse, Operation};
use gapi::spanner_v1::{Spanner, params::Xgafv};
use std::fmt::Debug;

fn handle<T: Clone + Debug + Send + Sync + Unpin + 'static>() {}
fn value<T: Clone + Debug + PartialEq + Send + Sync + Unpin + 'static>() {}
fn sendable<T: Send>(_: &T) {}
fn movable<T: Debug + Send + Unpin + 'static>(_: &T) {}

#[test]
fn handles_and_calls_are_shared_between_threads() {
    handle::<Client>();
    handle::<Spanner>();
    handle::<Projects>();
    handle::<Instances>();
    handle::<Operations>();
    handle::<CloudHealthcare>();
    handle::<Get>();
    handle::<List>();
    handle::<Cancel>();
    handle::<Delete>();
}

#[test]
fn messages_are_plain_values() {
    value::<Operation>();
    value::<ListOperationsResponse>();
    value::<Xgafv>();
    value::<RawBody>();
}

#[test]
fn errors_go_into_any_error_type() {
    fn error<T: std::error::Error + Send + Sync + 'static>() {}
    error::<Error>();
    let size = size_of::<Result<(), Error>>();
    assert_eq!(size, size_of::<usize>(), "an error takes one pointer");
}

#[tokio::test]
async fn futures_and_streams_move_between_threads() {
    let server = Server::start([]).await;
    let spanner: Spanner = anonymous(&server).await;
    let list = spanner
        .projects()
        .instances()
        .operations()
        .list("projects/p/instances/i/operations");
    movable(&list.clone().send());
    movable(&list.clone().send_with_headers());
    movable(&list.clone().pages());
    movable(&list.clone().items());
    sendable(&ClientBuilder::<Spanner>::new().build());

    // A typical use: a task for each call.
    let page = tokio::spawn(list.clone().send()).await.unwrap().unwrap();
    assert_eq!(page, ListOperationsResponse::default());
    let items = tokio::spawn(async move { list.items().try_collect::<Vec<_>>().await });
    assert_eq!(items.await.unwrap().unwrap(), []);
}
