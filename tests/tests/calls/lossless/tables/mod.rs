//! The tables of all documents. Written by `tests/src/driver.rs`.

use crate::round_trip::RoundTrip;

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
pub(crate) const ALL: &[(&str, &[(&str, RoundTrip)])] = &[
    ("accesscontextmanager_v1", accesscontextmanager_v1::SCHEMAS),
    ("accesscontextmanager_v1beta", accesscontextmanager_v1beta::SCHEMAS),
    ("genomics_v1", genomics_v1::SCHEMAS),
    ("genomics_v1alpha2", genomics_v1alpha2::SCHEMAS),
    ("genomics_v2alpha1", genomics_v2alpha1::SCHEMAS),
    ("healthcare_v1", healthcare_v1::SCHEMAS),
    ("healthcare_v1beta1", healthcare_v1beta1::SCHEMAS),
    ("servicemanagement_v1", servicemanagement_v1::SCHEMAS),
    ("spanner_v1", spanner_v1::SCHEMAS),
];
