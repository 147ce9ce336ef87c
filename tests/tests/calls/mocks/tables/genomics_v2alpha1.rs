//! The methods of `genomics:v2alpha1` through mocks. Written by `tests/src/mocks.rs`.

use crate::mocked_call::{Mocked, all, body, mocked, raw_body, text, value};
use gapi::genomics_v2alpha1 as api;

/// By id.
#[rustfmt::skip]
pub(crate) const METHODS: &[(&str, Mocked)] = &[
    ("genomics.pipelines.run", || mocked(|api: &api::Genomics| api.pipelines().run(body()))),
    ("genomics.projects.operations.cancel", || mocked(|api: &api::Genomics| api.projects().operations().cancel(text(0, true), body()))),
    ("genomics.projects.operations.get", || mocked(|api: &api::Genomics| api.projects().operations().get(text(0, true)))),
    ("genomics.projects.operations.list", || mocked(|api: &api::Genomics| api.projects().operations().list(text(0, true)))),
    ("genomics.projects.workers.checkIn", || mocked(|api: &api::Genomics| api.projects().workers().check_in(text(0, true), body()))),
    ("genomics.workers.checkIn", || mocked(|api: &api::Genomics| api.workers().check_in(text(0, true), body()))),
];
