//! The items of paged responses: the field that a reader of the document would choose.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::ir::{Api, Field, Method, Owner, Shape, TypeRef};

/// Methods for which the rules do not suffice.
const TABLE: &str = include_str!("items.json");

#[derive(Debug, Deserialize)]
struct Row {
    method: String,
    /// The field with the items. Without it the method has only pages.
    items: Option<String>,
    reason: String,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    // The table is part of this crate, and a test reads all of it.
    serde_json::from_str(TABLE).unwrap_or_default()
});

/// Names of fields that contain the items if there are other lists.
const CONTAINERS: [&str; 3] = ["items", "results", "rows"];

/// Ends of the names of fields that report what is missing from a page.
const REPORTS: [&str; 5] = [
    "warnings",
    "errors",
    "unreachable",
    "unreachables",
    "failures",
];

/// Returns the reason in the table why a method has only pages although its response has several lists, if there is one.
#[must_use]
pub fn reason_for_pages_only(method: &str) -> Option<&'static str> {
    let row = row(method)?;
    row.items.is_none().then_some(row.reason.as_str())
}

fn row(method: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.method == method)
}

/// Returns the index of the field with the items.
pub(super) fn of(api: &Api, method: &Method, fields: &[Field]) -> Option<usize> {
    let lists = |holds: &dyn Fn(&TypeRef) -> bool| -> Vec<usize> {
        let fields = fields.iter().enumerate();
        let found = fields.filter(|(_, field)| element(&field.ty).is_some_and(holds));
        found.map(|(index, _)| index).collect()
    };
    if let Some(row) = row(&method.id) {
        let name = row.items.as_ref()?;
        let known = lists(&|_| true);
        let mut known = known.into_iter();
        return known.find(|&index| fields[index].wire == *name);
    }
    let objects = lists(&|ty| is_object(api, ty));
    if objects.is_empty() {
        // Names, ids and other scalars. A map of them describes the page.
        let mut scalars = lists(&|_| true);
        scalars.retain(|&index| {
            let is_list = matches!(fields[index].ty, TypeRef::List(_));
            is_list && !is_report(&fields[index].wire)
        });
        return only(&scalars);
    }
    only(&objects).or_else(|| among(fields, objects, response_name(api, method)))
}

/// Returns the name of the schema of the response.
fn response_name<'a>(api: &'a Api, method: &Method) -> Option<&'a str> {
    match &api[method.response.as_ref()?.named()?].owner {
        Owner::Schema(name) => Some(name),
        _ => None,
    }
}

/// Returns the field with the items among several lists of objects.
fn among(fields: &[Field], mut lists: Vec<usize>, response: Option<&str>) -> Option<usize> {
    lists.retain(|&index| !is_report(&fields[index].wire) && !is_deprecated(&fields[index]));
    let named = |is: &dyn Fn(&str) -> bool| {
        let found = lists.iter().copied();
        let found: Vec<usize> = found.filter(|&index| is(&fields[index].wire)).collect();
        only(&found)
    };
    let listed = response.and_then(listed);
    only(&lists)
        .or_else(|| named(&|name| CONTAINERS.contains(&name)))
        .or_else(|| named(&|name| name.starts_with("matching")))
        .or_else(|| named(&|name| listed.as_deref().is_some_and(|it| is_plural(it, name))))
}

fn only(found: &[usize]) -> Option<usize> {
    match found {
        [only] => Some(*only),
        _ => None,
    }
}

/// Returns the elements of a list or the values of a map.
fn element(ty: &TypeRef) -> Option<&TypeRef> {
    match ty {
        TypeRef::List(element) | TypeRef::Map(element) => Some(element),
        _ => None,
    }
}

fn is_object(api: &Api, ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Named(id) => matches!(api[*id].shape, Shape::Struct(_)),
        _ => false,
    }
}

/// Returns whether a field reports what is missing: `unreachable`, `executionErrors`, `failedLocation`.
fn is_report(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.starts_with("failed") || REPORTS.iter().any(|end| lower.ends_with(end))
}

fn is_deprecated(field: &Field) -> bool {
    let docs = field.docs.as_deref().unwrap_or_default().to_lowercase();
    field.deprecated || docs.starts_with("deprecated") || docs.contains("deprecated: ")
}

/// Returns the text after `List` in the name of the response, in lower case: `sessions` for `ListSessionsResponse`.
fn listed(response: &str) -> Option<String> {
    let (_, listed) = response.strip_suffix("Response")?.rsplit_once("List")?;
    Some(listed.to_lowercase())
}

/// Returns whether a field has the name of what is listed. Some names are singular.
fn is_plural(listed: &str, name: &str) -> bool {
    let name = name.to_lowercase();
    listed == name || listed.strip_suffix('s') == Some(&name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ROWS, Row, TABLE, is_plural, is_report};

    #[test]
    fn case_g5_the_table_has_a_reason_for_each_method() {
        let rows: Vec<Row> = serde_json::from_str(TABLE).unwrap_or_default();
        assert_eq!(rows.len(), ROWS.len());
        let methods: BTreeSet<&str> = rows.iter().map(|row| row.method.as_str()).collect();
        assert_eq!(methods.len(), rows.len());
        assert!(!rows.is_empty() && rows.iter().all(|row| !row.reason.is_empty()));
    }

    #[test]
    fn case_g5_reports_are_no_items() {
        for name in [
            "unreachable",
            "unreachables",
            "warnings",
            "scopedWarnings",
            "partialErrors",
            "failedLocation",
        ] {
            assert!(is_report(name), "{name}");
        }
        for name in ["errorGroups", "items", "rows", "warningPolicies"] {
            assert!(!is_report(name), "{name}");
        }
    }

    #[test]
    fn case_g5_a_field_is_named_as_the_response() {
        assert!(is_plural("sessions", "session"));
        assert!(is_plural("jobmessages", "jobMessages"));
        assert!(!is_plural("sessions", "deletedSession"));
    }
}
