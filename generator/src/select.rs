//! Selects the resources and methods to generate, and the types that they reach.
//!
//! Selection comes after naming, so omitted items influence the names of the others, which are the same in every
//! selection.

use std::collections::BTreeSet;

use crate::{
    diagnostics::{Diagnostics, Pointer},
    facts::Facts,
    ir::{Api, Method, MethodId, Owner, Resource, Shape, TypeId, TypeRef},
    spelling::closest,
};

mod selector;

pub use selector::Selector;

/// The selected part of an API.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::{Options, Selection, analyze};
///
/// # let source = source()?;
/// let options = Options { resources: vec!["books.operations".into()], ..Options::default() };
/// let analysis = analyze(&source, &options)?;
/// let selection: &Selection = &analysis.selection;
/// assert_eq!(selection.root.all().map(|resource| resource.methods.len()).sum::<usize>(), 1);
/// assert!(selection.types.len() < analysis.api.types.len());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Selection {
    /// The tree of resources: those that were chosen, and those that lead to them, with the chosen methods.
    pub root: Resource,
    /// The types that these methods reach, and those of the API-wide parameters.
    pub types: BTreeSet<TypeId>,
    /// The exclusions that match nothing here, but may do so in another document.
    pub unmatched: Vec<Unmatched>,
}

/// An exclusion that matches nothing in a document.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::{Options, Unmatched, analyze};
///
/// # let source = source()?;
/// let options = Options {
///     resources: vec!["!bocks.list".into()],
///     more_documents: true, // another one may have it
///     ..Options::default()
/// };
/// let analysis = analyze(&source, &options)?;
/// for Unmatched { selector, closest } in &analysis.selection.unmatched {
///     println!("{selector} matches nothing, but perhaps {closest:?}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// The exclusion.
    pub selector: Selector,
    /// The most similar name in the document, if there is one.
    pub closest: Option<String>,
}

/// Selects a part of an API. Without a selector for it, selects everything.
///
/// With `more_documents`, an exclusion that names no document may match nothing.
///
/// # Errors
/// Returns an error for a selector that matches no method, and for exclusions that leave none.
pub(crate) fn select(
    api: &Api,
    facts: &Facts,
    selectors: &[Selector],
    more_documents: bool,
    diagnostics: &mut Diagnostics,
) -> Result<Selection, Diagnostics> {
    let is_here = |selector: &&Selector| selector.document.as_ref().is_none_or(|id| *id == api.id);
    let (mut effective, mut unmatched) = (Vec::new(), Vec::new());
    for selector in selectors.iter().filter(is_here) {
        if api.methods.iter().any(|method| selector.is_for(method)) {
            effective.push(selector);
        } else if more_documents && selector.excludes && selector.document.is_none() {
            unmatched.push(Unmatched {
                selector: selector.clone(),
                closest: similar(api, &selector.pattern),
            });
        } else {
            reject(api, selector, diagnostics);
        }
    }
    diagnostics.propagate()?;
    if effective.is_empty() {
        return Ok(Selection {
            root: api.root.clone(),
            types: api.type_ids().collect(),
            unmatched,
        });
    }
    let Some(root) = prune(api, &api.root, &Choice::of(&effective)) else {
        let exclusions = effective.iter().filter(|selector| selector.excludes);
        let exclusions: Vec<String> = exclusions.map(|it| format!("`{it}`")).collect();
        diagnostics.error_with_help(
            &Pointer::root(),
            "every selected method is excluded",
            format!("remove one of {}", exclusions.join(", ")),
        );
        return Err(std::mem::take(diagnostics));
    };
    let types = reached(api, facts, &root);
    Ok(Selection {
        root,
        types,
        unmatched,
    })
}

/// The end of the help for a pattern of all documents, which has to match in each of them.
const ONE_DOCUMENT: &str =
    "; a pattern for one of several documents begins with its id, as in `storage:v1#objects`";

/// Reports a selector that matches no method.
fn reject(api: &Api, selector: &Selector, diagnostics: &mut Diagnostics) {
    let resources: Vec<&Resource> = api.root.all().collect();
    let pattern = &selector.pattern;
    let place = selector
        .names()
        .into_iter()
        .fold(Pointer::root(), |place, name| {
            place.child("resources").child(name)
        });
    if resources.iter().any(|it| selector.matches(&it.path)) {
        let (message, help) = if selector.excludes {
            (
                format!("the resources that match `{selector}` have no methods"),
                "remove the exclusion".to_owned(),
            )
        } else {
            (
                format!("the resources that match `{pattern}` have no methods"),
                format!("`{}` also selects the resources below", below(pattern)),
            )
        };
        diagnostics.error_with_help(&place, message, help);
        return;
    }
    let with_methods = resources
        .iter()
        .filter(|resource| !resource.methods.is_empty() && !resource.path.is_empty());
    let quoted: Vec<String> = with_methods
        .map(|resource| format!("`{}`", resource.path.join(".")))
        .collect();
    let meant =
        similar(api, pattern).map_or_else(String::new, |name| format!("did you mean `{name}`? "));
    let one_document = match selector.document {
        Some(_) => "",
        None => ONE_DOCUMENT,
    };
    diagnostics.error_with_help(
        &place,
        format!("no resource or method matches `{pattern}`"),
        format!(
            "{meant}a pattern gives the names from the root down; there are {}{one_document}",
            quoted.join(", ")
        ),
    );
}

/// Returns the resource or method that a pattern may mean.
fn similar(api: &Api, pattern: &str) -> Option<String> {
    let resources: Vec<&Resource> = api.root.all().skip(1).collect();
    let resources = || resources.iter().map(|resource| resource.path.join("."));
    // Only ids of methods begin with the name of the API.
    let rest = pattern
        .split_once('.')
        .filter(|(name, _)| *name == api.name)
        .map(|(_, rest)| rest);
    if let Some(rest) = rest.filter(|rest| resources().any(|path| path == **rest)) {
        return Some(rest.to_owned());
    }
    let methods = api.methods.iter();
    let methods = methods.flat_map(|method| [full_name(method), method.id.clone()]);
    closest(resources().chain(methods), pattern)
}

/// Returns the names of a method from the root down.
fn full_name(method: &Method) -> String {
    let names = method.resource.iter().chain([&method.name]);
    names.cloned().collect::<Vec<_>>().join(".")
}

fn below(pattern: &str) -> String {
    if pattern.is_empty() {
        "**".to_owned()
    } else {
        format!("{pattern}.**")
    }
}

/// The selectors of a document.
struct Choice<'a> {
    patterns: Vec<&'a Selector>,
    exclusions: Vec<&'a Selector>,
}

impl<'a> Choice<'a> {
    fn of(selectors: &[&'a Selector]) -> Self {
        let (exclusions, patterns) = selectors.iter().partition(|selector| selector.excludes);
        Self {
            patterns,
            exclusions,
        }
    }

    /// Returns `true` if a pattern selects the method, or there is none, and no exclusion matches it.
    fn selects(&self, method: &Method) -> bool {
        let is_for = |selector: &&Selector| selector.is_for(method);
        (self.patterns.is_empty() || self.patterns.iter().any(is_for))
            && !self.exclusions.iter().any(is_for)
    }
}

/// Returns the selected part of a resource; `None` if nothing is selected.
fn prune(api: &Api, resource: &Resource, choice: &Choice<'_>) -> Option<Resource> {
    let methods = resource.methods.iter().copied();
    let methods: Vec<MethodId> = methods.filter(|id| choice.selects(&api[*id])).collect();
    let children: Vec<Resource> = resource
        .children
        .iter()
        .filter_map(|child| prune(api, child, choice))
        .collect();
    (!methods.is_empty() || !children.is_empty()).then(|| Resource {
        path: resource.path.clone(),
        origin: resource.origin.clone(),
        deprecated: resource.deprecated,
        methods,
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
