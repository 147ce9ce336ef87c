//! Pages of several lists at the same time, and pages that are repeated.

use futures_util::TryStreamExt;
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::projects::instances::List;
use gapi::spanner_v1::schemas::{Instance, ListInstancesResponse};
use gapi_runtime::mock::Mock;
use gapi_runtime::{Code, Result, Status};

fn page(names: &[&str]) -> Vec<Instance> {
    let instance = |name: &&str| Instance {
        name: Some((*name).to_owned()),
        ..Instance::default()
    };
    names.iter().map(instance).collect()
}

/// Returns the names of all instances of a project.
async fn names(spanner: &Spanner, project: &str) -> Result<String> {
    let instances = spanner.projects().instances().list(project).items();
    let names = instances.map_ok(|instance| instance.name.unwrap_or_default());
    Ok(names.try_collect::<Vec<_>>().await?.join(" "))
}

#[tokio::test(start_paused = true)]
async fn lists_at_the_same_time_share_an_expectation() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    mock.on::<List>()
        .respond_pages([page(&["a"]), page(&["b"]), page(&["c"])])
        .times(3);
    let (one, two, three) = tokio::join!(
        names(&spanner, "projects/p"),
        names(&spanner, "projects/q"),
        names(&spanner, "projects/r"),
    );
    assert_eq!([one.unwrap(), two.unwrap(), three.unwrap()], ["a b c"; 3]);
    mock.verify().unwrap();
}

#[tokio::test(start_paused = true)]
async fn pages_with_an_error_are_repeated() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    let busy = Err(Status::new(Code::Unavailable, "busy"));
    mock.on::<List>()
        .respond_pages([Ok(page(&["a"])), busy, Ok(page(&["b"]))])
        .any_times();
    for _ in 0..3 {
        assert_eq!(names(&spanner, "projects/p").await.unwrap(), "a b");
    }
    assert_eq!(mock.calls::<List>().len(), 9);
    mock.verify().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_list_does_not_reach_the_next_response() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    mock.on::<List>()
        .respond_pages([page(&["a"]), page(&["b"])])
        .respond(ListInstancesResponse::default());
    let list = spanner.projects().instances().list("projects/p");
    list.clone().send().await.unwrap();
    let text = list.send().await.unwrap_err().to_string();
    let expected = "the page token is none, expected \"page-2\"";
    assert!(text.contains(expected), "{text}");
    assert!(mock.verify().is_err());
}
