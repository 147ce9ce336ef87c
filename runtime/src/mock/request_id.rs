//! Ids of requests. The client adds a random one to each call that has none, so a call of a test does not have it.

use crate::method::{MethodInfo, Place};
use bytes::Bytes;
use serde_json::Value;

/// Returns a body without the id that the client added. An id that is expected stays.
pub(super) fn without(method: &MethodInfo, mut body: Value, expected: &Value) -> Value {
    if let Some(Place::Body(name)) = method.request_id
        && expected.get(name).is_none()
        && let Value::Object(members) = &mut body
    {
        members.remove(name);
    }
    body
}

/// Returns `true` if a body has nothing but the id that the client added.
pub(super) fn is_all(method: &MethodInfo, body: &Bytes) -> bool {
    let has_id = matches!(method.request_id, Some(Place::Body(_)));
    let json = serde_json::from_slice(body).ok().filter(|_| has_id);
    json.is_some_and(|json| {
        without(method, json, &Value::Null)
            .as_object()
            .is_some_and(serde_json::Map::is_empty)
    })
}

/// Returns `true` if two bodies are equal. An id in only one of them does not count.
pub(super) fn are_equal(method: &MethodInfo, one: &Bytes, other: &Bytes) -> bool {
    let json = |body: &Bytes| serde_json::from_slice::<Value>(body).ok();
    match (json(one), json(other)) {
        (Some(one), Some(other)) => {
            without(method, one.clone(), &other) == without(method, other, &one)
        }
        _ if one.is_empty() => other.is_empty() || is_all(method, other),
        _ if other.is_empty() => is_all(method, one),
        _ => one == other,
    }
}

/// Returns the parameters of a query without the id that the client added. An id that is expected stays.
pub(super) fn of_query<'a>(
    method: &MethodInfo,
    query: &'a [(String, String)],
    expected: &'a [(String, String)],
) -> impl Iterator<Item = &'a (String, String)> {
    let id = match method.request_id {
        Some(Place::Query(name)) if expected.iter().all(|(known, _)| known != name) => Some(name),
        _ => None,
    };
    query
        .iter()
        .filter(move |(name, _)| id.is_none_or(|id| name != id))
}
