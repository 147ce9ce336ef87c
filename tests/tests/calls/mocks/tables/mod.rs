//! The methods of all documents. Written by `tests/src/mocks.rs`.

use crate::mocked_call::Mocked;

mod accesscontextmanager_v1;
mod accesscontextmanager_v1beta;
mod genomics_v1;
mod genomics_v1alpha2;
mod genomics_v2alpha1;
mod healthcare_v1;
mod healthcare_v1beta1;
mod servicemanagement_v1;
mod spanner_v1;

/// By module.
#[rustfmt::skip]
pub(crate) const ALL: &[(&str, &[(&str, Mocked)])] = &[
    ("accesscontextmanager_v1", accesscontextmanager_v1::METHODS),
    ("accesscontextmanager_v1beta", accesscontextmanager_v1beta::METHODS),
    ("genomics_v1", genomics_v1::METHODS),
    ("genomics_v1alpha2", genomics_v1alpha2::METHODS),
    ("genomics_v2alpha1", genomics_v2alpha1::METHODS),
    ("healthcare_v1", healthcare_v1::METHODS),
    ("healthcare_v1beta1", healthcare_v1beta1::METHODS),
    ("servicemanagement_v1", servicemanagement_v1::METHODS),
    ("spanner_v1", spanner_v1::METHODS),
];
