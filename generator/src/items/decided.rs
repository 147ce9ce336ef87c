//! Parameters that a call sets itself.

use crate::ir::{Owner, TypeDef};

/// Parameters that a call sets itself: `alt` is the format of the response, which follows from its type.
const DECIDED: [&str; 1] = ["alt"];

/// Returns whether a call itself sets the API-wide parameter with this wire name.
pub(crate) fn is_decided(wire: &str) -> bool {
    DECIDED.contains(&wire)
}

/// Returns whether a type is generated. The values of parameters that every call sets itself are not.
pub(crate) fn is_generated(definition: &TypeDef) -> bool {
    !matches!(&definition.owner, Owner::ApiParameter(wire) if is_decided(wire))
}
