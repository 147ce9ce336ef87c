//! Cloud Firestore: methods that answer with a stream of messages, which neither the document nor
//! their names say. In JSON such an answer is an array (`google.firestore.v1.Firestore` declares
//! these methods as server-streaming).

use super::{Correction, Fixup};

const STREAMING: Correction = Correction::Add("streamingType", "SERVER_SIDE");

pub(super) const FIXUPS: &[Fixup] = &[
    Fixup {
        documents: &["firestore:v1", "firestore:v1beta1"],
        pointer: "/resources/projects/resources/databases/resources/documents/methods/batchGet",
        correction: STREAMING,
    },
    Fixup {
        documents: &["firestore:v1", "firestore:v1beta1"],
        pointer: "/resources/projects/resources/databases/resources/documents/methods/runQuery",
        correction: STREAMING,
    },
    Fixup {
        documents: &["firestore:v1", "firestore:v1beta1"],
        pointer: "/resources/projects/resources/databases/resources/documents/methods/runAggregationQuery",
        correction: STREAMING,
    },
];
