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
mod schema;
mod streaming;

use schema::Types;

/// Lowers a document.
///
/// # Errors
/// Returns an error for every place where the document contradicts itself or names what it does not have, and a root URL
/// outside `googleapis.com` that `allowed_hosts` does not list.
pub(crate) fn lower(
    document: &Document,
    allowed_hosts: &[String],
    diagnostics: &mut Diagnostics,
) -> Result<Api, Diagnostics> {
    host::check(document, allowed_hosts, diagnostics);
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
        root_url: document.root_url.clone(),
        mtls_root_url: document.mtls_root_url.clone(),
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
        if let Some(first) = self.ids.get(&method.id) {
            let message = format!("the method id `{}` is already used at {first}", method.id);
            self.types
                .diagnostics
                .error(&method.pointer.child("id"), message);
        } else {
            self.ids.insert(method.id.clone(), method.pointer.clone());
        }
        let lowered = method::lower(name, method, resource, id, self.document, &mut self.types);
        self.methods.push(lowered);
        id
    }
}
