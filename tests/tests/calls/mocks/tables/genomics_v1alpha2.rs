//! The methods of `genomics:v1alpha2` through mocks. Written by `tests/src/mocks.rs`.

use crate::mocked_call::{Mocked, all, body, mocked, raw_body, text, value};
use gapi::genomics_v1alpha2 as api;

/// By id.
#[rustfmt::skip]
pub(crate) const METHODS: &[(&str, Mocked)] = &[
    ("genomics.operations.cancel", || mocked(|api: &api::Genomics| api.operations().cancel(text(0, true), body()))),
    ("genomics.operations.get", || mocked(|api: &api::Genomics| api.operations().get(text(0, true)))),
    ("genomics.operations.list", || mocked(|api: &api::Genomics| api.operations().list(text(0, true)))),
    ("genomics.pipelines.create", || mocked(|api: &api::Genomics| api.pipelines().create(body()))),
    ("genomics.pipelines.delete", || mocked(|api: &api::Genomics| api.pipelines().delete(text(0, true)))),
    ("genomics.pipelines.get", || mocked(|api: &api::Genomics| api.pipelines().get(text(0, true)))),
    ("genomics.pipelines.getControllerConfig", || mocked(|api: &api::Genomics| api.pipelines().get_controller_config())),
    ("genomics.pipelines.list", || mocked(|api: &api::Genomics| api.pipelines().list())),
    ("genomics.pipelines.run", || mocked(|api: &api::Genomics| api.pipelines().run(body()))),
    ("genomics.pipelines.setOperationStatus", || mocked(|api: &api::Genomics| api.pipelines().set_operation_status(body()))),
];
