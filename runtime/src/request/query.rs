//! The query of a request.

use crate::encode;
use std::borrow::Cow;

/// Query parameters. The names of those that the caller has added without a setter are owned.
pub(super) type Query = Vec<(Cow<'static, str>, String)>;

/// The query parameter that holds the type of an upload.
const UPLOAD_PARAMETER: &str = "uploadType";

/// Replaces the values of a parameter where the first of them stands, or appends them.
pub(super) fn set(query: &mut Query, name: &'static str, values: impl IntoIterator<Item = String>) {
    let position = query
        .iter()
        .position(|(known, _)| *known == name)
        .unwrap_or(query.len());
    query.retain(|(known, _)| *known != name);
    query.splice(
        position..position,
        values.into_iter().map(|value| (Cow::Borrowed(name), value)),
    );
}

/// Returns the reason to reject a parameter that has two values of different kinds.
pub(super) fn set_twice(name: &str) -> String {
    format!("`{name}` is set by its setter and by `query`: use its setter only")
}

/// Writes the parameters, and those that the call decides about. The type of an upload replaces that of the caller where it
/// stands.
pub(super) fn write_query(
    parameters: &Query,
    alt: Option<&'static str>,
    upload_type: Option<&'static str>,
    target: &mut String,
) {
    let mut separator = '?';
    let mut write = |name: &str, value: &str| {
        target.push(separator);
        encode::form(name, target);
        target.push('=');
        encode::form(value, target);
        separator = '&';
    };
    for (name, value) in parameters {
        let decided = upload_type.filter(|_| name == UPLOAD_PARAMETER);
        write(name, decided.unwrap_or(value));
    }
    for (name, value) in [("alt", alt), (UPLOAD_PARAMETER, upload_type)] {
        if let Some(value) = value
            && !parameters.iter().any(|(known, _)| known == name)
        {
            write(name, value);
        }
    }
}
