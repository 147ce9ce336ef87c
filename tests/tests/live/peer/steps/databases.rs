//! Databases and their operations.

use super::Steps;
use futures_util::TryStreamExt;
use gapi::spanner_v1::schemas::{
    CreateDatabaseRequest, ListOperationsResponse, Operation, UpdateDatabaseDdlRequest,
};

const TABLE: &str = "CREATE TABLE t (id INT64 NOT NULL, name STRING(MAX), good BOOL, share FLOAT64, raw BYTES(MAX)) \
                     PRIMARY KEY (id)";

fn type_of_metadata(operation: &Operation) -> String {
    let metadata = operation.metadata.as_ref().unwrap();
    metadata["@type"].as_str().unwrap().to_owned()
}

/// Sorts the operations, which the emulator returns in no order.
fn sorted(mut page: ListOperationsResponse) -> ListOperationsResponse {
    if let Some(operations) = &mut page.operations {
        operations.sort_by_key(type_of_metadata);
    }
    page
}

impl Steps {
    pub(super) async fn make_databases(&mut self) {
        let databases = self.spanner.projects().instances().databases();
        let operations = databases.operations();
        let parent = format!("{}/instances/instance-1", self.project);
        for number in 1..=3 {
            let request = CreateDatabaseRequest {
                create_statement: Some(format!("CREATE DATABASE `database-{number}`")),
                extra_statements: Some(vec![TABLE.to_owned()]),
                ..Default::default()
            };
            let create = databases.create(&parent, request);
            self.step(&format!("create database {number}"), create.send())
                .await;
        }
        let name = format!("{parent}/databases/database-1");
        self.step("database", databases.get(&name).send()).await;
        let list = databases.list(&parent).page_size(2);
        self.step("databases, in pages", list.pages().try_collect::<Vec<_>>())
            .await;

        let change = UpdateDatabaseDdlRequest {
            operation_id: Some("change".to_owned()),
            statements: Some(vec![
                "CREATE INDEX by_name ON t (name)".to_owned(),
                "ALTER TABLE t ADD COLUMN more ARRAY<INT64>".to_owned(),
            ]),
            ..Default::default()
        };
        let update = databases.update_ddl(&name, change);
        self.step("change a database", update.clone().send()).await;
        let get = operations.get(format!("{name}/operations/change"));
        self.step("operation of the change", get.send()).await;
        let list = operations.list(format!("{name}/operations")).pages();
        let list = list.map_ok(sorted).try_collect::<Vec<_>>();
        self.step("operations of a database", list).await;
        self.step("the same change again", update.send()).await;
        self.step("statements", databases.get_ddl(&name).send())
            .await;

        let wrong = CreateDatabaseRequest {
            create_statement: Some("CREATE DATABAS x".to_owned()),
            ..Default::default()
        };
        let wrong = databases.create(&parent, wrong);
        self.step("a database with a wrong statement", wrong.send())
            .await;
        let third = format!("{parent}/databases/database-3");
        self.step("drop a database", databases.drop_database(&third).send())
            .await;
        self.step("the dropped database", databases.get(&third).send())
            .await;
    }
}
