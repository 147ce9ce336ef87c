//! Finds the resource or method of the API that a user names.

use std::{error, fmt};

use crate::{
    diagnostics::printable,
    ir::{Api, MethodId, Resource},
    spelling::closest,
};

/// The subject of a page.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    pub(super) resource: &'a Resource,
    /// The requested method, if it is only one.
    pub(super) method: Option<MethodId>,
}

/// An error: there is no such resource or method.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::describe::Unknown;
///
/// # let analysis = library()?;
/// let unknown: Unknown = analysis.describe("bocks").err().ok_or("there is such a resource")?;
/// assert_eq!(unknown.closest.as_deref(), Some("books"));
/// assert_eq!(unknown.resources, ["books"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The API's id.
    pub api: String,
    /// The requested target.
    pub target: String,
    /// The most similar name, if there is one.
    pub closest: Option<String>,
    /// The resources in the longest existing resource that the target begins with.
    pub resources: Vec<String>,
    /// The methods of that resource.
    pub methods: Vec<String>,
}

/// Finds a resource by the names from the root down, or a method by these and its own name.
pub(super) fn find<'a>(api: &'a Api, target: &str) -> Result<Subject<'a>, Unknown> {
    let resources: Vec<&Resource> = api.root.all().collect();
    let (name, only_method) = match target.strip_suffix("()") {
        Some(name) => (name, true),
        None => (target, false),
    };
    let resource = resources
        .iter()
        .find(|resource| !only_method && resource.path.join(".") == name);
    if let Some(resource) = resource {
        return Ok(Subject {
            resource,
            method: None,
        });
    }
    for resource in &resources {
        for &id in &resource.methods {
            if full_name(api, id) == name || api[id].id == name {
                return Ok(Subject {
                    resource,
                    method: Some(id),
                });
            }
        }
    }
    Err(unknown(api, &resources, target))
}

fn full_name(api: &Api, id: MethodId) -> String {
    let method = &api[id];
    let names: Vec<&str> = method.resource.iter().map(String::as_str).collect();
    [&names[..], &[method.name.as_str()]].concat().join(".")
}

fn unknown(api: &Api, resources: &[&Resource], target: &str) -> Unknown {
    // The deepest resource that the target begins with. Every target begins with the root.
    let begins = |resource: &&&Resource| {
        let names = resource.path.join(".");
        let rest = target.strip_prefix(&names);
        let leads_on = !resource.children.is_empty() || !resource.methods.is_empty();
        leads_on && (names.is_empty() || rest.is_some_and(|rest| rest.starts_with('.')))
    };
    let within = resources
        .iter()
        .filter(begins)
        .max_by_key(|resource| resource.path.len());
    let within = within.copied().unwrap_or(&api.root);
    let names = resources
        .iter()
        .filter(|resource| !resource.path.is_empty())
        .map(|resource| resource.path.join("."));
    let names = names.chain(api.method_ids().map(|id| full_name(api, id)));
    let children = within.children.iter();
    let methods = within.methods.iter();
    Unknown {
        api: api.id.clone(),
        target: target.to_owned(),
        closest: closest(names, target),
        resources: children.map(|child| child.path.join(".")).collect(),
        methods: methods.map(|id| full_name(api, *id)).collect(),
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |names: &[String]| {
            let names: Vec<String> = names
                .iter()
                .map(|name| format!("`{}`", printable(name)))
                .collect();
            names.join(", ")
        };
        write!(
            f,
            "error: {} has no resource or method `{}`",
            printable(&self.api),
            printable(&self.target)
        )?;
        if let Some(closest) = &self.closest {
            write!(f, "\n  help: did you mean `{}`?", printable(closest))?;
        }
        match (&self.resources[..], &self.methods[..]) {
            ([], []) => Ok(()),
            (resources, []) => write!(f, "\n  help: there are the resources {}", list(resources)),
            ([], methods) => write!(f, "\n  help: there are the methods {}", list(methods)),
            (resources, methods) => write!(
                f,
                "\n  help: there are the resources {} and the methods {}",
                list(resources),
                list(methods)
            ),
        }
    }
}

impl error::Error for Unknown {}
