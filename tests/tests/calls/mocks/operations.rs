//! Long-running operations in both styles.

use super::compute::operations_of_zones_and_regions_v1 as zones;
use futures_util::TryStreamExt;
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::projects::instances::{self, operations};
use gapi::spanner_v1::schemas::{CreateInstanceMetadata, Instance};
use gapi_runtime::mock::{Mock, MockOperation};
use gapi_runtime::{Code, ErrorKind, Status, Update, serde_json::json};
use std::time::Duration;
use tokio::time::Instant;

fn instance(name: &str) -> Instance {
    Instance {
        name: Some(name.to_owned()),
        ..Instance::default()
    }
}

#[tokio::test(start_paused = true)]
async fn an_operation_passes_through_its_states() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    let instances = spanner.projects().instances();
    let create = || instances.create("projects/p", None).poller();
    mock.on::<instances::Create>()
        .respond_operation(
            MockOperation::new()
                .running()
                .running()
                .done(&instance("projects/p/instances/i")),
        )
        .respond_operation(MockOperation::new().done(&instance("at once")))
        .respond_operation(
            MockOperation::new()
                .running()
                .failed(Status::new(Code::Aborted, "a conflict")),
        );
    let start = Instant::now();
    let created = create().until_done().await.unwrap();
    assert_eq!(created, instance("projects/p/instances/i"));
    // One second before the first poll, and two before the second.
    assert_eq!(start.elapsed(), Duration::from_secs(3));
    let polls = mock.calls::<operations::Get>();
    let name = "projects/p/instances/mock/operations/operation-1";
    assert_eq!(polls.len(), 2);
    assert_eq!(polls[1].path("name").as_deref(), Some(name));

    assert_eq!(create().until_done().await.unwrap(), instance("at once"));
    let error = create().until_done().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Operation, Some(Code::Aborted))
    );
    assert_eq!(error.status().unwrap().message, "a conflict");
    mock.verify().unwrap();
}

#[tokio::test(start_paused = true)]
async fn metadata_is_that_of_its_state() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    let progress = |name: &str| CreateInstanceMetadata {
        instance: Some(instance(name)),
        ..CreateInstanceMetadata::default()
    };
    mock.on::<instances::Create>().respond_operation(
        MockOperation::new()
            .name("projects/p/instances/i/operations/create")
            .running_with(&progress("a"))
            .running_with(&progress("b"))
            .done(&instance("c")),
    );
    let instances = spanner.projects().instances();
    let poller = instances.create("projects/p", None).poller();
    let poller = poller.with_metadata::<CreateInstanceMetadata>();
    let updates: Vec<_> = poller.updates().try_collect().await.unwrap();
    let states = updates.iter().map(|update| match update {
        Update::InProgress(state) => {
            let name = "projects/p/instances/i/operations/create";
            assert_eq!(state.name(), Some(name));
            state.metadata().unwrap().instance.as_ref().unwrap()
        }
        Update::Done(instance) => instance,
        other => panic!("{other:?}"),
    });
    let states: Vec<&Instance> = states.collect();
    assert_eq!(states, [&instance("a"), &instance("b"), &instance("c")]);
    mock.verify().unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_exists_is_polled_by_the_same_method() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    let name = "projects/p/instances/i/operations/o";
    mock.on::<operations::Get>()
        .path("name", name)
        .respond_operation(
            MockOperation::new()
                .running()
                .running()
                .done(&instance("i")),
        );
    let poller = spanner
        .projects()
        .instances()
        .operations()
        .get(name)
        .poller();
    let found = poller.with_response::<Instance>().until_done().await;
    assert_eq!(found.unwrap(), instance("i"));
    assert_eq!(mock.calls::<operations::Get>().len(), 3);
    mock.verify().unwrap();
}

#[tokio::test(start_paused = true)]
async fn states_that_are_missing_or_unused_are_told() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    let instances = spanner.projects().instances();
    mock.on::<instances::Create>()
        .respond_operation(MockOperation::new().running())
        .respond_operation(MockOperation::new().running().running().running());
    let error = instances
        .create("projects/p", None)
        .poller()
        .until_done()
        .await;
    let text = error.unwrap_err().to_string();
    let expected =
        "the operation projects/p/instances/mock/operations/operation-1 has no further state";
    assert!(text.contains(expected), "{text}");
    instances.create("projects/p", None).send().await.unwrap();
    let text = mock.verify().unwrap_err().to_string();
    assert!(
        text.contains(
            "spanner.projects.instances.create: unused states: the operation \
             projects/p/instances/mock/operations/operation-2 was in 1 of its 3 states"
        ),
        "{text}"
    );
    let mock = Mock::new();
    mock.on::<instances::Create>()
        .respond_operation(MockOperation::new().done(&instance("i")).running());
    mock.on::<instances::Create>()
        .respond_operation(MockOperation::new());
    let text = mock.verify().unwrap_err().to_string();
    assert!(
        text.contains("the operation has a state after its end"),
        "{text}"
    );
    assert!(text.contains("the operation has no state"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn operations_of_several_resources_are_told_apart() {
    let mock = Mock::new();
    let spanner: Spanner = mock.client().await.unwrap();
    let instances = spanner.projects().instances();
    for project in ["projects/a", "projects/b"] {
        mock.on::<instances::Create>()
            .path("parent", project)
            .respond_operation(
                MockOperation::new()
                    .name(format!("{project}/instances/i/operations/o"))
                    .running()
                    .done(&instance(project)),
            );
    }
    let create = |project| instances.create(project, None).poller().until_done();
    // Both were begun before the first poll.
    let (b, a) = tokio::join!(
        async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            create("projects/b").await
        },
        create("projects/a"),
    );
    assert_eq!(a.unwrap(), instance("projects/a"));
    assert_eq!(b.unwrap(), instance("projects/b"));
    // One after the other may have the same name.
    for number in ["1", "2"] {
        mock.on::<instances::Create>().respond_operation(
            MockOperation::new()
                .name("projects/c/instances/i/operations/o")
                .running()
                .done(&instance(number)),
        );
        assert_eq!(create("projects/c").await.unwrap(), instance(number));
    }
    mock.verify().unwrap();
}

#[tokio::test(start_paused = true)]
async fn operations_of_several_zones_are_told_apart() {
    let mock = Mock::new();
    let compute: zones::OperationsOfZonesAndRegions = mock.client().await.unwrap();
    for zone in ["a", "b"] {
        mock.on::<zones::disks::Insert>()
            .path("zone", zone)
            .respond_operation(
                MockOperation::new()
                    .name("o")
                    .running()
                    .done(&json!({"zone": zone})),
            );
    }
    let insert = |zone| compute.disks().insert("p", zone, None).poller();
    // Both were begun before the first poll.
    let (b, a) = tokio::join!(
        async {
            let poller = insert("b");
            tokio::time::sleep(Duration::from_millis(1)).await;
            poller.long_poll().until_done().await
        },
        insert("a").until_done(),
    );
    assert_eq!(a.unwrap().zone.as_deref(), Some("a"));
    assert_eq!(b.unwrap().zone.as_deref(), Some("b"));
    mock.verify().unwrap();
}

#[tokio::test(start_paused = true)]
async fn operations_in_the_style_of_compute_engine() {
    let mock = Mock::new();
    let compute: zones::OperationsOfZonesAndRegions = mock.client().await.unwrap();
    let insert = || compute.disks().insert("p", "z", None).poller();
    mock.on::<zones::disks::Insert>()
        .respond_operation(
            MockOperation::new()
                .running_with(&json!({"progress": 50}))
                .running()
                .done(&json!({"targetLink": "disks/d"})),
        )
        .respond_operation(
            MockOperation::new()
                .running()
                .failed(Status::new(Code::ResourceExhausted, "no disks left")),
        );
    let done = insert().until_done().await.unwrap();
    assert_eq!(done.name.as_deref(), Some("operation-1"));
    let polls = mock.calls::<zones::zone_operations::Get>();
    assert_eq!(polls.len(), 2);
    assert_eq!(polls[0].path("zone").as_deref(), Some("z"));
    let error = insert().until_done().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operation);
    assert!(error.is_resource_exhausted());
    // Polls by `wait`.
    mock.on::<zones::disks::Insert>()
        .respond_operation(MockOperation::new().running().done(&json!({})));
    insert().long_poll().until_done().await.unwrap();
    assert_eq!(mock.calls::<zones::zone_operations::Wait>().len(), 1);
    mock.verify().unwrap();
}
