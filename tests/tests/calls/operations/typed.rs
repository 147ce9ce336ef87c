//! Typed results of operations.

use crate::operations::{
    Server,
    named::operations_read_by_name_v1::{
        OperationsReadByName,
        schemas::{Operation, OptionSchema, Thing, ThingMetadata},
    },
};
use gapi::spanner_v1::{
    Spanner,
    schemas::{CreateInstanceMetadata, CreateInstanceRequest, Instance},
};
use gapi_runtime::{ErrorKind, Poller, Value};

const CREATED: &str = r#"{"name": "projects/p/instances/i/operations/o", "done": true,
    "metadata": {"@type": "type.googleapis.com/google.spanner.admin.instance.v1.CreateInstanceMetadata"},
    "response": {"@type": "type.googleapis.com/google.spanner.admin.instance.v1.Instance", "nodeCount": 3, "new": 1}}"#;

#[tokio::test(start_paused = true)]
async fn where_it_is_known_the_result_is_the_response() {
    let running = r#"{"name": "projects/p/instances/i/operations/o"}"#;
    let server = Server::new([running, CREATED]);
    let spanner: Spanner = server.client().await;
    let instances = spanner.projects().instances();
    let poller: Poller<Instance, CreateInstanceMetadata> = instances
        .create("projects/p", CreateInstanceRequest::default())
        .poller();
    let instance = poller.until_done().await.unwrap();
    assert_eq!(instance.node_count, Some(3));
    assert_eq!(instance.unknown_fields.get("new"), Some(&Value::from(1)));
    assert_eq!(instance.unknown_fields.get("@type"), None);
    assert!(server.seen()[1].ends_with("v1/projects/p/instances/i/operations/o"));
}

#[tokio::test(start_paused = true)]
async fn another_type_is_an_error_that_names_it() {
    let other = r#"{"name": "projects/p/instances/i/operations/o", "done": true,
        "response": {"@type": "type.googleapis.com/google.spanner.admin.database.v1.Data<b>base"}}"#;
    let server = Server::new([other]);
    let spanner: Spanner = server.client().await;
    let call = spanner.projects().instances().create("projects/p", None);
    let error = call.poller().until_done().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(
        error.to_string(),
        "spanner.projects.instances.create: HTTP 200 OK: the operation's response is a \
         `google.spanner.admin.database.v1.Databbase`, not a `Instance` (1 attempt in 0.0 s at spanner.googleapis.com:443)"
    );
    assert_eq!(error.body().unwrap(), other);
}

#[tokio::test(start_paused = true)]
async fn a_response_that_cannot_be_read_is_an_error() {
    let server = Server::new([r#"{"done": true, "response": {"nodeCount": "many"}}"#]);
    let spanner: Spanner = server.client().await;
    let call = spanner.projects().instances().create("projects/p", None);
    let error = call.poller().until_done().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(!format!("{error} {error:?}").contains("many"));
}

#[tokio::test(start_paused = true)]
async fn case_r7_the_error_of_an_operation_names_the_place() {
    let json = r#"{"done": true, "response": {"freeInstanceMetadata": {"expireTime": {}}}}"#;
    let server = Server::new([json, r#"{"done": "maybe", "name": []}"#]);
    let spanner: Spanner = server.client().await;
    let create = || spanner.projects().instances().create("projects/p", None);
    let error = create().poller().until_done().await.unwrap_err();
    let expected = "the operation's response cannot be read at line 1 column 43: \
                    freeInstanceMetadata.expireTime: expected a string";
    assert!(
        error
            .to_string()
            .contains(&format!("{expected} (1 attempt in ")),
        "{error}"
    );
    let error = create().send().await.unwrap_err();
    assert!(
        error.to_string().contains(": done: expected a boolean"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn case_r20_the_response_of_an_operation_keeps_its_numbers() {
    let json = r#"{"done":true,"response":{"nodeCount":3.0,"new":123456789012345678901234567890}}"#;
    let server = Server::new([json]);
    let spanner: Spanner = server.client().await;
    let create = spanner.projects().instances().create("projects/p", None);
    let instance = create.poller().until_done().await.unwrap();
    let text = serde_json::to_string(&instance).unwrap();
    assert_eq!(
        text,
        r#"{"nodeCount":3,"new":123456789012345678901234567890}"#
    );
}

#[test]
fn case_r22_well_known_types_of_an_operation() {
    let json = r#"{"metadata": {"@type": "type.googleapis.com/google.protobuf.Struct", "value": {"a": 1}},
        "response": {"@type": "type.googleapis.com/google.protobuf.Duration", "value": "1.5s"}}"#;
    let operation: gapi::spanner_v1::schemas::Operation = serde_json::from_str(json).unwrap();
    let duration: gapi_runtime::Duration = operation.response_as().unwrap().unwrap();
    assert_eq!(duration.seconds_and_nanos(), Ok((1, 500_000_000)));
    let metadata: gapi_runtime::Object = operation.metadata_as().unwrap().unwrap();
    assert_eq!(Value::Object(metadata), serde_json::json!({"a": 1}));
}

#[test]
fn an_operation_returns_typed_parts() {
    let operation: gapi::spanner_v1::schemas::Operation = serde_json::from_str(CREATED).unwrap();
    let instance: Instance = operation.response_as().unwrap().unwrap();
    assert_eq!(instance.node_count, Some(3));
    assert!(
        operation
            .metadata_as::<CreateInstanceMetadata>()
            .unwrap()
            .is_some()
    );
    let raw: Value = operation.response_as().unwrap().unwrap();
    assert_eq!(raw["nodeCount"], 3);

    let error = operation.metadata_as::<Instance>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let running = Operation::default();
    assert_eq!(running.response_as::<Thing>().unwrap(), None);
    assert_eq!(running.metadata_as::<ThingMetadata>().unwrap(), None);
}

#[test]
fn a_schema_with_another_name_in_rust_is_known_by_its_own() {
    let json =
        r#"{"response": {"@type": "type.googleapis.com/google.example.v1.Option", "name": "n"}}"#;
    let operation: Operation = serde_json::from_str(json).unwrap();
    let option: OptionSchema = operation.response_as().unwrap().unwrap();
    assert_eq!(option.name.as_deref(), Some("n"));
}

#[tokio::test(start_paused = true)]
async fn metadata_without_a_type_of_its_own_is_json() {
    let running = r#"{"name": "things/t/operations/o", "metadata": {"@type": "x/y.Z", "a": 1}}"#;
    let server = Server::new([running]);
    let api: OperationsReadByName = server.client().await;
    let mut updates = api.things().create(None).poller().updates();
    let update = futures_util::TryStreamExt::try_next(&mut updates)
        .await
        .unwrap();
    let Some(gapi_runtime::Update::InProgress(state)) = update else {
        panic!("it is under way");
    };
    let metadata: &Value = state.metadata().unwrap();
    assert_eq!(metadata["@type"], "x/y.Z");
}
