//! The schemas of `accesscontextmanager:v1beta`. Written by `tests/src/driver.rs`.

use crate::round_trip::{RoundTrip, round_trip};
use gapi::accesscontextmanager_v1beta::schemas;

/// By id.
#[rustfmt::skip]
pub(crate) const SCHEMAS: &[(&str, RoundTrip)] = &[
    ("AccessContextManagerOperationMetadata", round_trip::<schemas::AccessContextManagerOperationMetadata>),
    ("AccessLevel", round_trip::<schemas::AccessLevel>),
    ("AccessPolicy", round_trip::<schemas::AccessPolicy>),
    ("BasicLevel", round_trip::<schemas::BasicLevel>),
    ("Condition", round_trip::<schemas::Condition>),
    ("CustomLevel", round_trip::<schemas::CustomLevel>),
    ("DevicePolicy", round_trip::<schemas::DevicePolicy>),
    ("Expr", round_trip::<schemas::Expr>),
    ("ListAccessLevelsResponse", round_trip::<schemas::ListAccessLevelsResponse>),
    ("ListAccessPoliciesResponse", round_trip::<schemas::ListAccessPoliciesResponse>),
    ("ListServicePerimetersResponse", round_trip::<schemas::ListServicePerimetersResponse>),
    ("Operation", round_trip::<schemas::Operation>),
    ("OsConstraint", round_trip::<schemas::OsConstraint>),
    ("ServicePerimeter", round_trip::<schemas::ServicePerimeter>),
    ("ServicePerimeterConfig", round_trip::<schemas::ServicePerimeterConfig>),
    ("Status", round_trip::<schemas::Status>),
    ("VpcAccessibleServices", round_trip::<schemas::VpcAccessibleServices>),
];
