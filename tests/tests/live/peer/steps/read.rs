//! The resources that exist after all other steps.

use super::Steps;
use futures_util::TryStreamExt;
use gapi::spanner_v1::schemas::{ExecuteSqlRequest, ListInstancesResponse};
use serde_json::Value;

impl Steps {
    /// Reads all resources. Both clients get the same values, so nothing is hidden except the session that this
    /// creates.
    pub(in super::super) async fn read(mut self) -> Vec<Value> {
        let instances = self.spanner.projects().instances();
        let databases = instances.databases();
        let list = instances.list(&self.project).pages();
        let listed = self.step("instances", list.try_collect::<Vec<_>>()).await;
        for name in listed.into_iter().flatten().flat_map(names) {
            let list = databases.list(&name).pages();
            self.step(
                &format!("databases of {name}"),
                list.try_collect::<Vec<_>>(),
            )
            .await;
            let operations = instances.operations().list(format!("{name}/operations"));
            let operations = operations.pages().try_collect::<Vec<_>>();
            self.step(&format!("operations of {name}"), operations)
                .await;
        }
        let name = format!("{}/instances/instance-1/databases/database-1", self.project);
        self.step("statements", databases.get_ddl(&name).send())
            .await;
        let operation = format!("{name}/operations/change");
        let operation = databases.operations().get(operation);
        self.step("operation", operation.send()).await;

        let sessions = databases.sessions();
        let session = sessions.create(name, None).send().await.unwrap();
        let session = session.name.unwrap();
        let query = ExecuteSqlRequest {
            sql: Some("SELECT * FROM t ORDER BY id".to_owned()),
            ..Default::default()
        };
        let query = sessions.execute_sql(&session, query);
        self.step("rows", query.send()).await;
        sessions.delete(session).send().await.unwrap();
        self.lines
    }
}

fn names(page: ListInstancesResponse) -> Vec<String> {
    let instances = page.instances.into_iter().flatten();
    instances.filter_map(|instance| instance.name).collect()
}
