//! The types of operation results and metadata. Documents do not state them in a machine-readable form.
//!
//! `tools/measure/operation_results.py` writes the table from the annotations of Google's protos, and with rules for the
//! published methods that are in no proto. Each row is below its source:
//!
//! ```text
//! @ spanner.googleapis.com
//! > google/spanner/admin/instance/v1/spanner_instance_admin.proto google.spanner.admin.instance.v1
//! POST v1/projects/*/instances .Instance .CreateInstanceMetadata InstanceAdmin.CreateInstance
//! ```
//!
//! A name that begins with a dot belongs to the package of the proto. A minus means no type. Rules have no package, and their
//! names are ids of schemas.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use crate::ir::{Api, Owner, Shape, TypeId};

const TABLE: &str = include_str!("../operation_results.txt");

/// The rows of each host, as text.
static HOSTS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let sections = TABLE.split("\n@ ").skip(1);
    sections
        .filter_map(|section| section.split_once('\n'))
        .collect()
});

/// The types of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row<'t> {
    package: &'t str,
    response: &'t str,
    metadata: &'t str,
}

impl Row<'_> {
    /// Returns whether the type of the result has a full name, as in an annotation.
    pub(super) fn is_annotated(&self) -> bool {
        self.response.contains('.')
    }
}

/// The rows of a host by place: verb and path, with `*` for a variable.
pub(super) type Rows = HashMap<&'static str, Row<'static>>;

/// Returns the rows for an API.
pub(super) fn rows(api: &Api) -> Rows {
    let host = api.root_url.split('/').nth(2).unwrap_or_default();
    HOSTS.get(host).map(|text| parse(text)).unwrap_or_default()
}

fn parse(text: &str) -> HashMap<&str, Row<'_>> {
    let mut rows = HashMap::new();
    let mut package = "";
    for line in text.lines() {
        if let Some(source) = line.strip_prefix("> ") {
            package = source.rsplit_once(' ').map_or("", |(_, package)| package);
            continue;
        }
        let ends = line.match_indices(' ').nth(1);
        let Some((place, types)) = ends.map(|(end, _)| (&line[..end], &line[end + 1..])) else {
            continue;
        };
        let mut types = types.split(' ');
        if let (Some(response), Some(metadata)) = (types.next(), types.next()) {
            let row = Row {
                package,
                response,
                metadata,
            };
            rows.insert(place, row);
        }
    }
    rows
}

/// The structs of a document, by folded name.
pub(super) struct Schemas(BTreeMap<String, TypeId>);

impl Schemas {
    pub(super) fn of(api: &Api) -> Self {
        let structs = api.type_ids().filter_map(|id| {
            let definition = &api[id];
            match (&definition.owner, &definition.shape) {
                (Owner::Schema(name), Shape::Struct(_)) => Some((folded(name), id)),
                _ => None,
            }
        });
        Self(structs.collect())
    }

    /// Returns the schema of the result, if the document has it.
    pub(super) fn response(&self, row: &Row<'_>) -> Option<TypeId> {
        self.find(row, row.response)
    }

    /// Returns the schema of the metadata, if the document has it.
    pub(super) fn metadata(&self, row: &Row<'_>) -> Option<TypeId> {
        self.find(row, row.metadata)
    }

    /// Returns the schema of a message. Its id is a suffix of the full name, with or without the version. If several suffixes occur,
    /// this is the longest one.
    fn find(&self, row: &Row<'_>, name: &str) -> Option<TypeId> {
        let name = match name.strip_prefix('.') {
            Some(name) => format!("{}.{name}", row.package),
            None => name.to_owned(),
        };
        let parts: Vec<&str> = name.split('.').collect();
        let unversioned = parts.iter().copied().filter(|part| !is_version(part));
        let unversioned: Vec<&str> = unversioned.collect();
        [parts, unversioned].iter().find_map(|parts| {
            let mut tails = (0..parts.len()).map(|start| folded(&parts[start..].concat()));
            tails.find_map(|tail| self.0.get(&tail).copied())
        })
    }
}

fn is_version(part: &str) -> bool {
    let mut letters = part.chars();
    letters.next() == Some('v') && letters.next().is_some_and(|c| c.is_ascii_digit())
}

/// Returns a name without case and separators: `google.cloud.v1.FooBar` is `GoogleCloudV1__FooBar` in some documents.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        let rows: usize = HOSTS.values().map(|text| parse(text).len()).sum();
        let lines = TABLE
            .lines()
            .filter(|line| !line.starts_with(['#', '@', '>']));
        assert_eq!(rows, lines.filter(|line| !line.is_empty()).count());
        assert!(rows > 2_000, "{rows} rows");
    }

    #[test]
    fn a_row_has_types_of_its_package() {
        let rows = parse(
            "> a/b.proto a.v1\nPOST v1/*/x:go .Outer.X google.protobuf.Empty S.Go\nGET y - .Y S.Y",
        );
        let row = |response, metadata| Row {
            package: "a.v1",
            response,
            metadata,
        };
        assert_eq!(
            rows["POST v1/*/x:go"],
            row(".Outer.X", "google.protobuf.Empty")
        );
        assert_eq!(rows["GET y"], row("-", ".Y"));
    }
}
