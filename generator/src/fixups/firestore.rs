//! Cloud Firestore.
//!
//! Methods that take a parent are bound to the root of the documents (`projects/p/databases/d/documents`) and to a
//! document (`…/documents/rooms/r`). The document has only one of the two.

use super::fixup::{Correction, Fixup};

const VERSIONS: &[&str] = &["firestore:v1", "firestore:v1beta1"];

/// The proto of v1. `google/firestore/v1beta1/firestore.proto` is the same, but has no `RunAggregationQuery`.
const PROTO: &str = "google/firestore/v1/firestore.proto";

/// The root, or a document.
const PARENT: &str = "^projects/[^/]+/databases/[^/]+/documents(/[^/]+/.*)?$";

const OF_A_DOCUMENT: Correction = Correction::Pattern {
    was: "^projects/[^/]+/databases/[^/]+/documents/[^/]+/.*$",
    is: PARENT,
};

const OF_THE_ROOT: Correction = Correction::Pattern {
    was: "^projects/[^/]+/databases/[^/]+/documents$",
    is: PARENT,
};

/// Bound as `documents/**`, where `**` matches any number of segments, including none.
const OF_ANYTHING: Correction = Correction::Pattern {
    was: "^projects/[^/]+/databases/[^/]+/documents/.*$",
    is: "^projects/[^/]+/databases/[^/]+/documents(/.*)?$",
};

/// A correction of a method of `projects.databases.documents`.
macro_rules! method {
    ($method:literal, $correction:expr) => {
        Fixup {
            documents: VERSIONS,
            pointer: concat!(
                "/resources/projects/resources/databases/resources/documents/methods/",
                $method
            ),
            correction: $correction,
            source: PROTO,
        }
    };
}

pub(super) const FIXUPS: &[Fixup] = &[
    method!("runQuery/parameters/parent", OF_A_DOCUMENT),
    method!("runAggregationQuery/parameters/parent", OF_A_DOCUMENT),
    method!("partitionQuery/parameters/parent", OF_A_DOCUMENT),
    method!("listCollectionIds/parameters/parent", OF_A_DOCUMENT),
    // The document has two methods for `ListDocuments`.
    method!("list/parameters/parent", OF_A_DOCUMENT),
    method!("listDocuments/parameters/parent", OF_THE_ROOT),
    method!("createDocument/parameters/parent", OF_ANYTHING),
];
