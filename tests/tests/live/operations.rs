//! Operations of instances and databases: started, read and listed.

use super::emulator::{PROJECT, create_database, create_instance, with_emulator};
use futures_util::TryStreamExt;
use gapi::spanner_v1::schemas::UpdateDatabaseDdlRequest;

const METADATA: &str = "type.googleapis.com/google.spanner.admin";

#[test]
fn an_operation_of_an_instance_is_what_creating_it_gave() {
    with_emulator(async |spanner| {
        let begun = create_instance(&spanner, "read").await;
        let instances = spanner.projects().instances();
        let name = begun.name.clone().unwrap();
        assert!(
            name.starts_with("projects/p/instances/read/operations/"),
            "{name}"
        );
        assert_eq!(begun.done, Some(true));
        assert_eq!(begun.error, None);
        assert!(begun.unknown_fields.is_empty());
        let response = begun.response.as_ref().unwrap();
        assert_eq!(
            response["@type"],
            format!("{METADATA}.instance.v1.Instance")
        );
        assert_eq!(response["name"], "projects/p/instances/read");

        let operation = instances
            .operations()
            .get(name)
            .send_with_headers()
            .await
            .unwrap();
        assert_eq!(operation.status(), 200);
        assert_eq!(operation.into_body(), begun);

        let instance = instances
            .get("projects/p/instances/read")
            .send()
            .await
            .unwrap();
        assert_eq!(instance.state, Some("READY".into()));
        assert_eq!(instance.node_count, Some(1));
        assert!(instance.create_time.unwrap().as_str().starts_with("20"));
    });
}

#[test]
fn operations_are_listed_as_they_were_begun() {
    with_emulator(async |spanner| {
        let created = create_instance(&spanner, "list").await;
        let instance = format!("{PROJECT}/instances/list");
        let mut begun = vec![create_database(&spanner, "list", "database").await];
        let database = format!("{instance}/databases/database");
        let databases = spanner.projects().instances().databases();
        for number in 0..5 {
            let request = UpdateDatabaseDdlRequest {
                operation_id: Some(format!("ddl_{number}")),
                statements: Some(vec![format!(
                    "CREATE TABLE t{number} (id INT64) PRIMARY KEY (id)"
                )]),
                ..Default::default()
            };
            let operation = databases
                .update_ddl(&database, request)
                .send()
                .await
                .unwrap();
            let name = format!("{database}/operations/ddl_{number}");
            assert_eq!(operation.name.as_deref(), Some(name.as_str()));
            assert_eq!(
                databases.operations().get(name).send().await.unwrap(),
                operation
            );
            begun.push(operation);
        }

        // The emulator ignores `pageSize` and returns one page. Other lists test `pages`.
        let list = databases
            .operations()
            .list(format!("{database}/operations"))
            .page_size(2);
        let mut listed: Vec<_> = list.clone().items().try_collect().await.unwrap();
        begun.sort_by(|a, b| a.name.cmp(&b.name));
        listed.sort_by(|a, b| a.name.cmp(&b.name));
        assert_eq!(listed, begun);
        let pages: Vec<_> = list.pages().try_collect().await.unwrap();
        let on_pages = pages.into_iter().filter_map(|page| page.operations);
        assert_eq!(
            on_pages.map(|operations| operations.len()).sum::<usize>(),
            6
        );

        let metadata = listed[1].metadata.as_ref().unwrap();
        assert_eq!(
            metadata["@type"],
            format!("{METADATA}.database.v1.UpdateDatabaseDdlMetadata")
        );
        assert_eq!(
            metadata["statements"][0],
            "CREATE TABLE t0 (id INT64) PRIMARY KEY (id)"
        );

        let list = spanner
            .projects()
            .instances()
            .operations()
            .list(format!("{instance}/operations"));
        assert_eq!(
            list.items().try_collect::<Vec<_>>().await.unwrap(),
            [created]
        );

        let ddl = databases.get_ddl(database).send().await.unwrap();
        assert_eq!(ddl.statements.map(|statements| statements.len()), Some(6));
    });
}
