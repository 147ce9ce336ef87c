//! Instances and their operations.

use super::Steps;
use futures_util::TryStreamExt;
use gapi::spanner_v1::schemas::{CreateInstanceRequest, Instance};

impl Steps {
    fn instance(&self, number: i32) -> CreateInstanceRequest {
        let display_name = match number {
            2 if self.is_mistaken => "Something else".to_owned(),
            _ => format!("Instance {number}"),
        };
        let labels = [("colour", "grün"), ("empty", "")];
        let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned()));
        CreateInstanceRequest {
            instance_id: Some(format!("instance-{number}")),
            instance: Some(Instance {
                config: Some(format!("{}/instanceConfigs/emulator-config", self.project)),
                display_name: Some(display_name),
                node_count: Some(number),
                labels: Some(labels.into()),
                ..Default::default()
            }),
            ..Default::default()
        }
    }

    pub(super) async fn make_instances(&mut self) {
        let project = self.project.clone();
        let instances = self.spanner.projects().instances();
        let operations = instances.operations();
        let list = self.spanner.projects().instance_configs().list(&project);
        self.step("configurations", list.pages().try_collect::<Vec<_>>())
            .await;
        for number in 1..=3 {
            let create = instances.create(&project, self.instance(number));
            let begun = self
                .step(&format!("create instance {number}"), create.send())
                .await;
            let get = operations.get(begun.unwrap().name.unwrap());
            self.step(&format!("operation of instance {number}"), get.send())
                .await;
        }
        let name = format!("{project}/instances/instance-1");
        self.step("instance", instances.get(&name).send()).await;
        let part = instances.get(&name).field_mask("nodeCount,displayName");
        self.step("part of an instance", part.send()).await;
        let list = operations.list(format!("{name}/operations"));
        self.step(
            "operations of an instance",
            list.pages().try_collect::<Vec<_>>(),
        )
        .await;
        let list = instances.list(&project).page_size(2);
        self.step("instances, in pages", list.pages().try_collect::<Vec<_>>())
            .await;

        let none = instances.get(format!("{project}/instances/none"));
        self.step("no instance", none.send()).await;
        let again = instances.create(&project, self.instance(1));
        self.step("an instance again", again.send()).await;
        let nameless = instances.create(&project, CreateInstanceRequest::default());
        self.step("an instance without a name", nameless.send())
            .await;
        let mut wrong = self.instance(4);
        wrong.unknown_fields.insert("fromTheFuture", 1);
        let wrong = instances.create(&project, wrong);
        self.step("an instance with an unknown member", wrong.send())
            .await;
        let operation = format!("{name}/operations/x");
        self.step("cancel", operations.cancel(&operation).send())
            .await;
        let delete = operations.delete(&operation);
        self.step("delete an operation", delete.send()).await;
        let none = operations.get(format!("{name}/operations/none"));
        self.step("no operation", none.send()).await;

        let third = format!("{project}/instances/instance-3");
        self.step("delete an instance", instances.delete(&third).send())
            .await;
        self.step("the deleted instance", instances.get(&third).send())
            .await;
    }
}
