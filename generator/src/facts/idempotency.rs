//! Calls that a server executes at most once: by a request id or by a precondition.
//!
//! Documents state this only in descriptions. Rules classify descriptions. Tables contain the exceptions, and the published rules of
//! a service. `cargo run -p gapi-tools --bin request-ids` prints the classification of any documents.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::ir::{Api, Method, MethodId, Verb};

mod described;
mod preconditions;
mod request_ids;

pub use described::Place;
pub use request_ids::{RequestId, RequestIdReason, RequestIdUse};

/// The facts about repeated requests of a method.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Idempotency {
    /// The request id, if the method has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// The places of values that let the server execute a request at most once, if the caller sets one of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Place>,
    /// The idempotency of a call without such values, if it is not that of the verb.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotent: Option<bool>,
}

/// Determines the facts of the methods that have any.
pub(super) fn of(api: &Api) -> BTreeMap<MethodId, Idempotency> {
    let ids = api.method_ids();
    // A GET is idempotent anyway.
    let writing = ids.filter(|&id| api[id].verb != Verb::Get);
    let facts = writing.map(|id| (id, of_method(api, &api[id])));
    facts
        .filter(|(_, fact)| *fact != Idempotency::default())
        .collect()
}

fn of_method(api: &Api, method: &Method) -> Idempotency {
    let request_id = request_ids::of(api, method);
    let preconditions::Preconditions {
        mut conditions,
        idempotent,
    } = preconditions::of(api, method);
    if let Some(id) = &request_id
        && id.usage == RequestIdUse::Condition
    {
        conditions.insert(0, id.place.clone());
    }
    Idempotency {
        request_id,
        conditions,
        idempotent,
    }
}
