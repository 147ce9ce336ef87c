//! Polling of operations.

use super::emulator::{PROJECT, with_emulator};
use futures_util::TryStreamExt;
use gapi::spanner_v1::schemas::{
    CreateDatabaseRequest, CreateInstanceRequest, Database, Instance, UpdateDatabaseDdlRequest,
};
use gapi_runtime::{ErrorKind, Update};
use std::time::Duration;

fn instance(id: &str) -> CreateInstanceRequest {
    CreateInstanceRequest {
        instance_id: Some(id.to_owned()),
        instance: Some(Instance {
            config: Some(format!("{PROJECT}/instanceConfigs/emulator-config")),
            display_name: Some(format!("Instance {id}")),
            node_count: Some(1),
            ..Default::default()
        }),
        ..Default::default()
    }
}

#[test]
fn an_instance_and_a_database_are_what_their_operations_give() {
    with_emulator(async |spanner| {
        let instances = spanner.projects().instances();
        let poller = instances.create(PROJECT, instance("polled")).poller();
        let created: Instance = poller.until_done().await.unwrap();
        assert_eq!(created.name.as_deref(), Some("projects/p/instances/polled"));
        assert_eq!(created.state, Some("READY".into()));
        let got = instances.get("projects/p/instances/polled").send().await;
        assert_eq!(got.unwrap().node_count, created.node_count);

        let request = CreateDatabaseRequest {
            create_statement: Some("CREATE DATABASE `db`".to_owned()),
            ..Default::default()
        };
        let databases = instances.databases();
        let poller = databases
            .create("projects/p/instances/polled", request)
            .poller();
        let mut updates = poller.timeout(Duration::from_mins(1)).updates();
        let mut last = None;
        while let Some(update) = updates.try_next().await.unwrap() {
            last = Some(update);
        }
        let Some(Update::Done(created)) = last else {
            panic!("the stream ends with the result");
        };
        let database = created.name.unwrap();
        assert_eq!(database, "projects/p/instances/polled/databases/db");

        let request = UpdateDatabaseDdlRequest {
            operation_id: Some("ddl".to_owned()),
            statements: Some(vec![
                "CREATE TABLE t (id INT64) PRIMARY KEY (id)".to_owned(),
            ]),
            ..Default::default()
        };
        // The response is empty, and has a type as well.
        let poller = databases.update_ddl(&database, request).poller();
        poller.until_done().await.unwrap();
        let kept = format!("{database}/operations/ddl");
        let resumed = databases.operations().get(kept).poller();
        assert_eq!(resumed.until_done().await.unwrap().done, Some(true));
    });
}

#[test]
fn the_name_of_an_operation_is_enough_to_go_on_with() {
    with_emulator(async |spanner| {
        let instances = spanner.projects().instances();
        let begun = instances
            .create(PROJECT, instance("resumed"))
            .send()
            .await
            .unwrap();
        let name = begun.name.unwrap();
        let resumed = instances.operations().get(&name).poller();
        let created: Instance = resumed.clone().with_response().until_done().await.unwrap();
        assert_eq!(created.node_count, Some(1));

        let error = resumed
            .with_response::<Database>()
            .until_done()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.operation_name(), Some(name.as_str()));
        assert!(
            error
                .to_string()
                .contains("google.spanner.admin.instance.v1.Instance"),
            "{error}"
        );
    });
}

#[test]
fn an_operation_that_cannot_be_begun_is_not_polled() {
    with_emulator(async |spanner| {
        let instances = spanner.projects().instances();
        let poller = instances
            .create(PROJECT, CreateInstanceRequest::default())
            .poller();
        let error = poller.until_done().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Http);
        assert_eq!(error.operation_name(), None);
    });
}
