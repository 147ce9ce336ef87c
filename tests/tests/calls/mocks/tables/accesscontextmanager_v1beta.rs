//! The methods of `accesscontextmanager:v1beta` through mocks. Written by `tests/src/mocks.rs`.

use crate::mocked_call::{Mocked, all, body, mocked, raw_body, text, value};
use gapi::accesscontextmanager_v1beta as api;

/// By id.
#[rustfmt::skip]
pub(crate) const METHODS: &[(&str, Mocked)] = &[
    ("accesscontextmanager.accessPolicies.create", || mocked(|api: &api::AccessContextManager| api.access_policies().create(body()))),
    ("accesscontextmanager.accessPolicies.delete", || mocked(|api: &api::AccessContextManager| api.access_policies().delete(text(0, true)))),
    ("accesscontextmanager.accessPolicies.get", || mocked(|api: &api::AccessContextManager| api.access_policies().get(text(0, true)))),
    ("accesscontextmanager.accessPolicies.list", || mocked(|api: &api::AccessContextManager| api.access_policies().list())),
    ("accesscontextmanager.accessPolicies.patch", || mocked(|api: &api::AccessContextManager| api.access_policies().patch(text(0, true), body()))),
    ("accesscontextmanager.accessPolicies.accessLevels.create", || mocked(|api: &api::AccessContextManager| api.access_policies().access_levels().create(text(0, true), body()))),
    ("accesscontextmanager.accessPolicies.accessLevels.delete", || mocked(|api: &api::AccessContextManager| api.access_policies().access_levels().delete(text(0, true)))),
    ("accesscontextmanager.accessPolicies.accessLevels.get", || mocked(|api: &api::AccessContextManager| api.access_policies().access_levels().get(text(0, true)))),
    ("accesscontextmanager.accessPolicies.accessLevels.list", || mocked(|api: &api::AccessContextManager| api.access_policies().access_levels().list(text(0, true)))),
    ("accesscontextmanager.accessPolicies.accessLevels.patch", || mocked(|api: &api::AccessContextManager| api.access_policies().access_levels().patch(text(0, true), body()))),
    ("accesscontextmanager.accessPolicies.servicePerimeters.create", || mocked(|api: &api::AccessContextManager| api.access_policies().service_perimeters().create(text(0, true), body()))),
    ("accesscontextmanager.accessPolicies.servicePerimeters.delete", || mocked(|api: &api::AccessContextManager| api.access_policies().service_perimeters().delete(text(0, true)))),
    ("accesscontextmanager.accessPolicies.servicePerimeters.get", || mocked(|api: &api::AccessContextManager| api.access_policies().service_perimeters().get(text(0, true)))),
    ("accesscontextmanager.accessPolicies.servicePerimeters.list", || mocked(|api: &api::AccessContextManager| api.access_policies().service_perimeters().list(text(0, true)))),
    ("accesscontextmanager.accessPolicies.servicePerimeters.patch", || mocked(|api: &api::AccessContextManager| api.access_policies().service_perimeters().patch(text(0, true), body()))),
    ("accesscontextmanager.operations.get", || mocked(|api: &api::AccessContextManager| api.operations().get(text(0, true)))),
];
