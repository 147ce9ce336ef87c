//! Selects the resources to generate, and the types that they reach.
//!
//! Selection comes after naming, so omitted items influence the names of the others, which are the same in every
//! selection.

use std::{collections::BTreeSet, fmt};

use crate::{
    diagnostics::{Diagnostics, Pointer},
    facts::Facts,
    ir::{Api, Owner, Resource, Shape, TypeId, TypeRef},
    spelling::closest,
};

/// A selection of resources: `projects.instances`, `projects.*.operations`, `projects.instances.**`.
///
/// A pattern is compared with the names of a resource from the root down. `*` stands for any characters
/// of one name, `**` for any number of names, none included. The empty pattern is the API itself, with
/// the methods that are in no resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// The document's id, for example `compute:v1`; `None` for each document.
    pub document: Option<String>,
    /// The pattern.
    pub pattern: String,
}

impl From<&str> for Selector {
    /// Reads `PATTERN` or `ID#PATTERN`.
    fn from(text: &str) -> Self {
        match text.split_once('#') {
            Some((document, pattern)) => Self {
                document: Some(document.to_owned()),
                pattern: pattern.to_owned(),
            },
            None => Self {
                document: None,
                pattern: text.to_owned(),
            },
        }
    }
}

impl From<String> for Selector {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl fmt::Display for Selector {
    /// Formats the selector as it is read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(document) = &self.document {
            write!(f, "{document}#")?;
        }
        f.write_str(&self.pattern)
    }
}

impl Selector {
    pub(crate) fn matches(&self, path: &[String]) -> bool {
        let pattern: Vec<&str> = self
            .pattern
            .split('.')
            .filter(|name| !name.is_empty())
            .collect();
        names_match(&pattern, path)
    }
}

fn names_match(pattern: &[&str], path: &[String]) -> bool {
    match (pattern, path) {
        ([], path) => path.is_empty(),
        (["**", rest @ ..], path) => {
            (0..=path.len()).any(|skipped| names_match(rest, &path[skipped..]))
        }
        ([_, ..], []) => false,
        ([name, rest @ ..], [first, others @ ..]) => {
            name_matches(name, first) && names_match(rest, others)
        }
    }
}

fn name_matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.into_iter().any(|at| name_matches(rest, &name[at..]))
        }),
    }
}

/// The selected part of an API.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The tree of resources: those that were chosen, and those that lead to them, without their methods.
    pub root: Resource,
    /// The types that their methods reach, and those of the API-wide parameters.
    pub types: BTreeSet<TypeId>,
}

/// Selects a part of an API. Without a selector for it, selects everything.
///
/// # Errors
/// Returns an error for a selector that matches no resource with methods.
pub(crate) fn select(
    api: &Api,
    facts: &Facts,
    selectors: &[Selector],
    diagnostics: &mut Diagnostics,
) -> Result<Selection, Diagnostics> {
    let selectors: Vec<&Selector> = selectors
        .iter()
        .filter(|selector| selector.document.as_ref().is_none_or(|id| *id == api.id))
        .collect();
    if selectors.is_empty() {
        return Ok(Selection {
            root: api.root.clone(),
            types: api.type_ids().collect(),
        });
    }
    let resources: Vec<&Resource> = api.root.all().collect();
    for selector in &selectors {
        check(selector, &resources, diagnostics);
    }
    diagnostics.propagate()?;
    let root = prune(&api.root, &selectors).unwrap_or_default();
    let types = reached(api, facts, &root);
    Ok(Selection { root, types })
}

/// The end of the help for a pattern of all documents, which has to match in each of them.
const ONE_DOCUMENT: &str =
    "; a pattern for one of several documents begins with its id, as in `storage:v1#objects`";

/// Reports a selector without methods.
fn check(selector: &Selector, resources: &[&Resource], diagnostics: &mut Diagnostics) {
    let mut matched = resources
        .iter()
        .filter(|resource| selector.matches(&resource.path))
        .peekable();
    let pattern = &selector.pattern;
    let names = pattern.split('.').filter(|name| !name.is_empty());
    let place = names.fold(Pointer::root(), |place, name| {
        place.child("resources").child(name)
    });
    if matched.peek().is_none() {
        let with_methods = resources
            .iter()
            .filter(|resource| !resource.methods.is_empty() && !resource.path.is_empty());
        let paths = with_methods.map(|resource| resource.path.join("."));
        let quoted: Vec<String> = paths.clone().map(|path| format!("`{path}`")).collect();
        let meant = closest(paths, pattern)
            .map_or_else(String::new, |name| format!("did you mean `{name}`? "));
        diagnostics.error_with_help(
            &place,
            format!("no resource matches `{pattern}`"),
            format!(
                "{meant}a pattern gives the names from the root down; there are {}{}",
                quoted.join(", "),
                if selector.document.is_none() {
                    ONE_DOCUMENT
                } else {
                    ""
                }
            ),
        );
    } else if matched.all(|resource| resource.methods.is_empty()) {
        diagnostics.error_with_help(
            &place,
            format!("what matches `{pattern}` has no methods of its own"),
            format!("`{}` is what is below it as well", below(pattern)),
        );
    }
}

fn below(pattern: &str) -> String {
    if pattern.is_empty() {
        "**".to_owned()
    } else {
        format!("{pattern}.**")
    }
}

/// Returns the selected part of a resource; `None` if nothing is selected.
fn prune(resource: &Resource, selectors: &[&Selector]) -> Option<Resource> {
    let chosen = selectors
        .iter()
        .any(|selector| selector.matches(&resource.path));
    let children: Vec<Resource> = resource
        .children
        .iter()
        .filter_map(|child| prune(child, selectors))
        .collect();
    (chosen || !children.is_empty()).then(|| Resource {
        path: resource.path.clone(),
        origin: resource.origin.clone(),
        deprecated: resource.deprecated,
        methods: if chosen {
            resource.methods.clone()
        } else {
            Vec::new()
        },
        children,
    })
}

/// Returns the types that can be reached from the methods of these resources and from API-wide parameters.
fn reached(api: &Api, facts: &Facts, root: &Resource) -> BTreeSet<TypeId> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<TypeId> = api
        .type_ids()
        .filter(|id| matches!(api[*id].owner, Owner::ApiParameter(_)))
        .collect();
    for resource in root.all() {
        for (id, method) in resource.methods.iter().map(|id| (id, &api[*id])) {
            let result = facts.operation_results.get(id);
            waiting.extend(result.and_then(|result| result.response));
            waiting.extend(result.and_then(|result| result.metadata));
            let parameters = method.parameters.iter().map(|param| &param.ty);
            let bodies = method.request.iter().chain(&method.response);
            waiting.extend(parameters.chain(bodies).filter_map(TypeRef::named));
        }
    }
    while let Some(id) = waiting.pop() {
        if found.insert(id) {
            match &api[id].shape {
                Shape::Struct(fields) => {
                    waiting.extend(fields.iter().filter_map(|field| field.ty.named()));
                }
                Shape::Alias(target) => waiting.extend(target.named()),
                Shape::Enum(_) => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Selector;

    fn matches(pattern: &str, path: &str) -> bool {
        let path: Vec<String> = path
            .split('.')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        Selector::from(pattern).matches(&path)
    }

    #[test]
    fn a_pattern_names_one_resource() {
        assert!(matches("projects.instances", "projects.instances"));
        assert!(!matches("projects.instances", "projects"));
        assert!(!matches(
            "projects.instances",
            "projects.instances.operations"
        ));
        assert!(!matches("instances", "projects.instances"));
    }

    #[test]
    fn one_star_stays_within_a_name() {
        assert!(matches("projects.*", "projects.instances"));
        assert!(!matches("projects.*", "projects"));
        assert!(!matches("projects.*", "projects.instances.operations"));
        assert!(matches("*Templates", "instanceTemplates"));
        assert!(matches("in*ce*", "instanceTemplates"));
        assert!(!matches("in*ces", "instanceTemplates"));
    }

    #[test]
    fn two_stars_are_any_names() {
        for path in ["", "projects", "projects.instances.operations"] {
            assert!(matches("**", path));
        }
        assert!(matches("projects.instances.**", "projects.instances"));
        assert!(matches("**.operations", "projects.instances.operations"));
        assert!(!matches("**.operations", "projects.instances"));
    }

    #[test]
    fn the_empty_pattern_is_the_api_itself() {
        assert!(matches("", ""));
        assert!(!matches("", "projects"));
    }

    #[test]
    fn a_selector_can_be_for_one_document() {
        let selector = Selector::from("compute:v1#instances");
        assert_eq!(selector.document.as_deref(), Some("compute:v1"));
        assert_eq!(selector.pattern, "instances");
    }
}
