//! Parameters that a call decides by itself.

use crate::ir::{Owner, TypeDef};

/// Parameters that a call decides by itself: `alt` is the form of the response, which follows from its type.
const DECIDED: [&str; 1] = ["alt"];

/// Returns whether a call decides the value of the API-wide parameter of this wire name by itself.
pub(crate) fn is_decided(wire: &str) -> bool {
    DECIDED.contains(&wire)
}

/// Returns whether a type is generated at all: the values of parameters that every call decides by itself are not.
pub(crate) fn is_generated(definition: &TypeDef) -> bool {
    !matches!(&definition.owner, Owner::ApiParameter(wire) if is_decided(wire))
}
