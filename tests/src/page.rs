//! Reads the reference pages in `seeds/`: the text that Google publishes about its Python client.

use std::path::Path;

use crate::workspace;

/// A page, and the documents with the resource that it describes.
#[derive(Debug)]
pub struct Seed {
    /// The file.
    pub page: &'static str,
    /// Names of documents and paths of resources.
    pub subjects: &'static [(&'static str, &'static str)],
}

/// The pages in `seeds/`.
pub const SEEDS: [Seed; 5] = [
    Seed {
        page: "spanner.projects.instances.operations.txt",
        subjects: &[("spanner.v1", "projects.instances.operations")],
    },
    Seed {
        page: "healthcare.projects.locations.datasets.operations.txt",
        subjects: &[
            ("healthcare.v1", "projects.locations.datasets.operations"),
            (
                "healthcare.v1beta1",
                "projects.locations.datasets.operations",
            ),
        ],
    },
    Seed {
        page: "genomics.operations.txt",
        subjects: &[
            ("genomics.v1", "operations"),
            ("genomics.v1alpha2", "operations"),
            ("genomics.v2alpha1", "projects.operations"),
        ],
    },
    Seed {
        page: "servicemanagement.operations.txt",
        subjects: &[("servicemanagement.v1", "operations")],
    },
    Seed {
        page: "accesscontextmanager.operations.txt",
        subjects: &[("accesscontextmanager.v1", "operations")],
    },
];

/// A page, which describes one resource.
#[derive(Debug)]
pub struct Page {
    /// The path of the resource, for example `projects.instances.operations`.
    pub resource: Vec<String>,
    /// Its methods, in order.
    pub methods: Vec<Method>,
}

/// A method, from the part "Method Details".
#[derive(Debug)]
pub struct Method {
    /// The name.
    pub name: String,
    /// The description.
    pub docs: String,
    /// The arguments, in order.
    pub arguments: Vec<Argument>,
    /// The members of the response, each with its parents.
    pub properties: Vec<Vec<String>>,
}

/// An argument of a method.
#[derive(Debug)]
pub struct Argument {
    /// The name.
    pub name: String,
    /// The type, for example `integer`.
    pub ty: String,
    /// The description.
    pub docs: String,
    /// `true` if the page marks it `(required)`.
    pub required: bool,
    /// Allowed values and their descriptions.
    pub values: Vec<(String, String)>,
}

/// The page's name for the values of a map.
pub const ANY_KEY: &str = "a_key";

/// Reads the page of this name.
#[must_use]
pub fn read(name: &str) -> Page {
    parse(&workspace::read(
        &Path::new(workspace::tests()).join("seeds").join(name),
    ))
}

fn parse(text: &str) -> Page {
    let (head, details) = text
        .split_once("\nMethod Details\n")
        .expect("a part with the details");
    let (title, index) = head
        .split_once("\nInstance Methods\n")
        .expect("a list of methods");
    let resource = title
        .trim()
        .split(" . ")
        .skip(1)
        .map(str::to_owned)
        .collect();
    let headers: Vec<&str> = index.lines().filter(|line| is_header(line)).collect();
    let mut methods: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in details.lines() {
        if headers.contains(&line) {
            methods.push((line, Vec::new()));
        } else if let Some((_, lines)) = methods.last_mut() {
            lines.push(line);
        }
    }
    let listed: Vec<&str> = methods.iter().map(|(header, _)| *header).collect();
    assert_eq!(listed, headers, "each method of the list has its details");
    Page {
        resource,
        methods: methods
            .iter()
            .map(|(header, lines)| method(header, lines))
            .collect(),
    }
}

/// Returns whether a line is a header such as `list(name, pageSize=None)`.
fn is_header(line: &str) -> bool {
    let name = line.split('(').next().unwrap_or_default();
    !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && line[name.len()..].starts_with('(')
        && line.ends_with(')')
}

fn method(header: &str, lines: &[&str]) -> Method {
    let at = |title: &str| lines.iter().position(|line| *line == title);
    let returns = at("Returns:").unwrap_or(lines.len());
    let arguments = at("Args:").unwrap_or(returns);
    let after = |from: usize, to: usize| lines.get(from + 1..to).unwrap_or_default();
    Method {
        name: header.split('(').next().unwrap_or_default().to_owned(),
        docs: lines[..arguments].join("\n").trim().to_owned(),
        arguments: self::arguments(after(arguments, returns)),
        properties: properties(after(returns, lines.len())),
    }
}

fn arguments(lines: &[&str]) -> Vec<Argument> {
    let mut found: Vec<Argument> = Vec::new();
    let mut allowed = false;
    for line in lines {
        if let Some((name, ty, docs)) = argument(line) {
            allowed = false;
            found.push(Argument {
                name: name.to_owned(),
                ty: ty.to_owned(),
                docs: docs.to_owned(),
                required: false,
                values: Vec::new(),
            });
        } else if line.trim() == "Allowed values" {
            allowed = true;
        } else if let Some(last) = found.last_mut() {
            match line.trim().split_once(" - ").filter(|_| allowed) {
                Some((value, meaning)) => last.values.push((value.to_owned(), meaning.to_owned())),
                None => last.docs = format!("{}\n{line}", last.docs),
            }
        }
    }
    for argument in &mut found {
        if let Some(docs) = argument.docs.trim().strip_suffix("(required)") {
            argument.required = true;
            argument.docs = docs.to_owned();
        }
        // The rest is the format of the body, which the Rust type describes.
        if let Some((docs, _)) = argument.docs.split_once("The object takes the form of:") {
            argument.docs = docs.to_owned();
        }
        argument.docs = argument.docs.trim().to_owned();
    }
    found
}

/// Parses a line such as `  pageSize: integer, The standard list page size.`
fn argument(line: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = line.strip_prefix("  ")?.split_once(": ")?;
    let (ty, docs) = rest.split_once(", ")?;
    let known = ["boolean", "integer", "number", "object", "string"].contains(&ty);
    (known && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
        .then_some((name, ty, docs))
}

/// Returns the members of a drawn object: `"error": { # …`, and its members up to `},`.
fn properties(lines: &[&str]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    // The names of the open brackets; `None` for an object in an array.
    let mut open: Vec<Option<String>> = Vec::new();
    for line in lines {
        let code = line.split(" # ").next().unwrap_or_default().trim();
        // The rest of a comment, or text around the object.
        if code.starts_with('#') || !code.starts_with(['"', '{', '}', ']']) {
            continue;
        }
        let name = code
            .strip_prefix('"')
            .and_then(|rest| rest.split_once("\": "));
        if let Some((name, _)) = name {
            let inside = open.iter().flatten().cloned();
            found.push(inside.chain([name.to_owned()]).collect());
        }
        if code.ends_with(['{', '[']) {
            open.push(name.map(|(name, _)| name.to_owned()));
        } else if code.starts_with(['}', ']']) {
            open.pop();
        }
    }
    assert!(open.is_empty(), "brackets are left open: {open:?}");
    found
}
