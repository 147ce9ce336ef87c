//! The methods of `servicemanagement:v1` through mocks. Written by `tests/src/mocks.rs`.

use crate::mocked_call::{Mocked, all, body, mocked, raw_body, text, value};
use gapi::servicemanagement_v1 as api;

/// By id.
#[rustfmt::skip]
pub(crate) const METHODS: &[(&str, Mocked)] = &[
    ("servicemanagement.operations.get", || mocked(|api: &api::ServiceManagement| api.operations().get(text(0, true)))),
    ("servicemanagement.operations.list", || mocked(|api: &api::ServiceManagement| api.operations().list())),
    ("servicemanagement.services.create", || mocked(|api: &api::ServiceManagement| api.services().create(body()))),
    ("servicemanagement.services.delete", || mocked(|api: &api::ServiceManagement| api.services().delete(text(0, true)))),
    ("servicemanagement.services.generateConfigReport", || mocked(|api: &api::ServiceManagement| api.services().generate_config_report(body()))),
    ("servicemanagement.services.get", || mocked(|api: &api::ServiceManagement| api.services().get(text(0, true)))),
    ("servicemanagement.services.getConfig", || mocked(|api: &api::ServiceManagement| api.services().get_config(text(0, true)))),
    ("servicemanagement.services.getIamPolicy", || mocked(|api: &api::ServiceManagement| api.services().get_iam_policy(text(0, true), body()))),
    ("servicemanagement.services.list", || mocked(|api: &api::ServiceManagement| api.services().list())),
    ("servicemanagement.services.setIamPolicy", || mocked(|api: &api::ServiceManagement| api.services().set_iam_policy(text(0, true), body()))),
    ("servicemanagement.services.testIamPermissions", || mocked(|api: &api::ServiceManagement| api.services().test_iam_permissions(text(0, true), body()))),
    ("servicemanagement.services.undelete", || mocked(|api: &api::ServiceManagement| api.services().undelete(text(0, true)))),
    ("servicemanagement.services.configs.create", || mocked(|api: &api::ServiceManagement| api.services().configs().create(text(0, true), body()))),
    ("servicemanagement.services.configs.get", || mocked(|api: &api::ServiceManagement| api.services().configs().get(text(0, true), text(1, true)))),
    ("servicemanagement.services.configs.list", || mocked(|api: &api::ServiceManagement| api.services().configs().list(text(0, true)))),
    ("servicemanagement.services.configs.submit", || mocked(|api: &api::ServiceManagement| api.services().configs().submit(text(0, true), body()))),
    ("servicemanagement.services.consumers.getIamPolicy", || mocked(|api: &api::ServiceManagement| api.services().consumers().get_iam_policy(text(0, true), body()))),
    ("servicemanagement.services.consumers.setIamPolicy", || mocked(|api: &api::ServiceManagement| api.services().consumers().set_iam_policy(text(0, true), body()))),
    ("servicemanagement.services.consumers.testIamPermissions", || mocked(|api: &api::ServiceManagement| api.services().consumers().test_iam_permissions(text(0, true), body()))),
    ("servicemanagement.services.rollouts.create", || mocked(|api: &api::ServiceManagement| api.services().rollouts().create(text(0, true), body()))),
    ("servicemanagement.services.rollouts.get", || mocked(|api: &api::ServiceManagement| api.services().rollouts().get(text(0, true), text(1, true)))),
    ("servicemanagement.services.rollouts.list", || mocked(|api: &api::ServiceManagement| api.services().rollouts().list(text(0, true)))),
];
