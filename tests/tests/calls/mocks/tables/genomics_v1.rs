//! The methods of `genomics:v1` through mocks. Written by `tests/src/mocks.rs`.

use crate::mocked_call::{Mocked, all, body, mocked, raw_body, text, value};
use gapi::genomics_v1 as api;

/// By id.
#[rustfmt::skip]
pub(crate) const METHODS: &[(&str, Mocked)] = &[
    ("genomics.operations.cancel", || mocked(|api: &api::Genomics| api.operations().cancel(text(0, true), body()))),
    ("genomics.operations.get", || mocked(|api: &api::Genomics| api.operations().get(text(0, true)))),
    ("genomics.operations.list", || mocked(|api: &api::Genomics| api.operations().list(text(0, true)))),
];
