//! Errors of a real server. Its gateway returns a status without a wrapper.

use super::emulator::{PROJECT, create_instance, with_emulator};
use gapi::gapi_runtime::{Error, ErrorKind};
use gapi::spanner_v1::schemas::CreateInstanceRequest;

#[track_caller]
fn check(error: &Error, http_status: u16, code: i32, status: &str) {
    assert_eq!(error.kind(), ErrorKind::Http, "{error}");
    assert_eq!(
        error.http_status().map(|status| status.as_u16()),
        Some(http_status),
        "{error}"
    );
    let found = error.status().unwrap();
    assert_eq!(
        (found.code, found.status.as_deref()),
        (Some(code), Some(status)),
        "{error}"
    );
}

#[test]
fn an_operation_that_is_not_there_is_not_found() {
    with_emulator(async |spanner| {
        create_instance(&spanner, "errors-get").await;
        let name = format!("{PROJECT}/instances/errors-get/operations/none");
        let call = spanner.projects().instances().operations().get(&name);
        let error = call.send().await.unwrap_err();
        check(&error, 404, 5, "NOT_FOUND");
        assert_eq!(
            error.status().unwrap().message,
            format!("Operation not found: {name}")
        );
        assert_eq!(
            error.method_id(),
            Some("spanner.projects.instances.operations.get")
        );
    });
}

#[test]
fn a_member_that_the_server_does_not_know_is_an_invalid_argument() {
    with_emulator(async |spanner| {
        let mut request = CreateInstanceRequest::default();
        request.unknown_fields.insert("fromTheFuture", 1);
        let error = spanner
            .projects()
            .instances()
            .create(PROJECT, request)
            .send()
            .await
            .unwrap_err();
        check(&error, 400, 3, "INVALID_ARGUMENT");
        assert!(error.to_string().contains("fromTheFuture"), "{error}");
    });
}

#[test]
fn an_instance_that_is_there_cannot_be_created() {
    with_emulator(async |spanner| {
        create_instance(&spanner, "errors-create").await;
        let request = CreateInstanceRequest {
            instance_id: Some("errors-create".to_owned()),
            ..Default::default()
        };
        let error = spanner
            .projects()
            .instances()
            .create(PROJECT, request)
            .send()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Http);
        assert!(error.http_status().unwrap().is_client_error(), "{error}");
        assert!(!error.status().unwrap().message.is_empty());
    });
}

#[test]
fn what_the_emulator_cannot_do_is_unimplemented() {
    with_emulator(async |spanner| {
        let created = create_instance(&spanner, "errors-cancel").await;
        let name = created.name.unwrap();
        let operations = spanner.projects().instances().operations();
        let error = operations.cancel(&name).send().await.unwrap_err();
        check(&error, 501, 12, "UNIMPLEMENTED");
        let error = operations.delete(&name).send().await.unwrap_err();
        check(&error, 501, 12, "UNIMPLEMENTED");
    });
}
