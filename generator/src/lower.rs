//! Lowers a document to an [`Api`]: resolved and checked, still without Rust names.

use std::collections::BTreeMap;

use crate::{
    diagnostics::{Diagnostics, Pointer},
    discovery::{self, Document},
    ir::{Api, Method, MethodId, Resource, Scope},
};

mod host;
mod media;
mod method;
mod path;
mod root_url;
mod schema;
mod streaming;

use schema::Types;

/// Lowers a document.
///
/// # Errors
/// Returns an error for every contradiction and every unresolved reference in the document, and for a root URL outside
/// `googleapis.com` that `allowed_hosts` does not contain.
pub(crate) fn lower(
    document: &Document,
    allowed_hosts: &[String],
    diagnostics: &mut Diagnostics,
) -> Result<Api, Diagnostics> {
    let roots = host::check(document, allowed_hosts, diagnostics);
    let mut types = Types::new(&document.schemas, diagnostics);
    types.lower_schemas(&document.schemas);
    let parameters = method::api_parameters(&document.parameters, &mut types);

    let mut tree = Tree {
        document,
        types,
        methods: Vec::new(),
        ids: BTreeMap::new(),
    };
    let root = tree.resource(&document.root, Vec::new());
    let Tree { types, methods, .. } = tree;
    let types = types.finish();
    diagnostics.propagate()?;

    Ok(Api {
        id: document.id.clone(),
        name: document.name.clone(),
        version: document.version.clone(),
        revision: document.revision.as_str().into(),
        title: document.title.clone(),
        docs: document.description.clone(),
        canonical_name: document.canonical_name.clone(),
        documentation_link: document.documentation_link.clone(),
        root_url: roots.usual,
        mtls_root_url: roots.mutual,
        service_path: document.service_path.clone(),
        batch_path: document.batch_path.clone(),
        data_wrapper: document
            .features
            .iter()
            .any(|feature| feature == "dataWrapper"),
        scopes: document
            .scopes
            .iter()
            .map(|(url, docs)| Scope {
                url: url.clone(),
                docs: docs.clone(),
            })
            .collect(),
        parameters,
        types,
        methods,
        root,
    })
}

/// The traversal of the tree of resources.
struct Tree<'d> {
    document: &'d Document,
    types: Types<'d>,
    methods: Vec<Method>,
    /// The place of each method id.
    ids: BTreeMap<String, Pointer>,
}

impl Tree<'_> {
    fn resource(&mut self, resource: &discovery::Resource, path: Vec<String>) -> Resource {
        let methods = resource
            .methods
            .iter()
            .map(|(name, method)| self.method(name, method, &path))
            .collect();
        let children = resource
            .resources
            .iter()
            .map(|(name, child)| {
                let path = path.iter().chain([name]).cloned().collect();
                self.resource(child, path)
            })
            .collect();
        Resource {
            path,
            origin: resource.pointer.clone(),
            deprecated: resource.deprecated,
            methods,
            children,
        }
    }

    fn method(&mut self, name: &str, method: &discovery::Method, resource: &[String]) -> MethodId {
        let id = MethodId(self.methods.len());
        let mut lowered = method::lower(name, method, resource, id, self.document, &mut self.types);
        if let Some(first) = self.ids.get(&method.id) {
            lowered.id = self.other_id(name, resource);
            let message = format!(
                "the method id `{}` is already used at {first}; this method is called `{}`",
                method.id, lowered.id
            );
            let pointer = method.pointer.child("id");
            self.types.diagnostics.warning(&pointer, message);
        }
        self.ids.insert(lowered.id.clone(), method.pointer.clone());
        self.methods.push(lowered);
        id
    }

    /// Returns an id by the rule of most documents, for example `spanner.projects.instances.get`. It must be unique, because errors
    /// and tables identify methods by their ids.
    fn other_id(&self, name: &str, resource: &[String]) -> String {
        let path = [self.document.name.as_str()].into_iter();
        let path = path.chain(resource.iter().map(String::as_str));
        let mut id = path.chain([name]).collect::<Vec<_>>().join(".");
        while self.ids.contains_key(&id) {
            id.push_str(".other");
        }
        id
    }
}
