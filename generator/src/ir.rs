//! The model of an API: plain data, addressed by typed ids, without a single Rust name.
//!
//! [`analyze`](crate::analyze) creates it from a document. [`facts`](crate::facts), [`names`](crate::names) and the emitter read
//! it, and nothing changes it.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use gapi_generator::ir::*;
//!
//! /// Prints a type of an API.
//! fn print(api: &Api, id: TypeId) {
//!     let TypeDef { owner, shape, .. } = &api[id];
//!     if let Owner::Schema(name) = owner {
//!         println!("schema {name}");
//!     }
//!     match shape {
//!         Shape::Struct(fields) => {
//!             for Field { wire, ty, .. } in fields {
//!                 println!("    {wire}{}", if ty.named().is_some() { ": see there" } else { "" });
//!             }
//!         }
//!         Shape::Enum(values) => {
//!             for Variant { wire, docs, .. } in values {
//!                 println!("    {wire}: {}", docs.as_deref().unwrap_or_default());
//!             }
//!         }
//!         Shape::Alias(TypeRef::List(_)) => println!("    a list"),
//!         Shape::Alias(_) => println!("    another type"),
//!     }
//! }
//!
//! /// Prints a method.
//! fn print_method(method: &Method) {
//!     let PathTemplate { text, segments } = &method.path;
//!     let variables = segments.iter().filter_map(Segment::variable).count();
//!     println!("{} {text}: {variables} variables", method.verb.http());
//!     for Param { wire, location, required, .. } in &method.parameters {
//!         let place = if *location == Location::Path { "path" } else { "query" };
//!         println!("    {wire} in the {place}{}", if *required { ", required" } else { "" });
//!     }
//!     if let Some(Upload { accept, .. }) = &method.upload {
//!         println!("    takes {accept:?}");
//!     }
//! }
//!
//! # let api = library()?.api;
//! // `api` is that of an `Analysis`.
//! println!("{}: {} types", api.title_in_prose(), api.type_ids().count());
//! api.type_ids().for_each(|id| print(&api, id));
//! api.method_ids().for_each(|id: MethodId| print_method(&api[id]));
//! for Scope { url, docs } in &api.scopes {
//!     println!("{url}: {docs}");
//! }
//! let books: &Resource = &api.root.children[0];
//! assert_eq!(books.path, ["books"]);
//! assert!(!books.has_no_methods() && books.all().count() == 2);
//! let get: Verb = api[books.methods[1]].verb;
//! assert_eq!(get.name(), "Get");
//! # Ok(())
//! # }
//! ```

use serde::Serialize;

use crate::{Revision, diagnostics::Pointer};

mod id;
mod method;
mod types;

pub use id::{MethodId, TypeId};
pub use method::{Location, Method, Param, PathTemplate, Segment, Upload, Verb};
pub use types::{Field, Owner, Shape, TypeDef, TypeRef, Variant};

/// An API: one version of one service.
#[derive(Clone, Debug, Serialize)]
pub struct Api {
    /// `name:version`, for example `spanner:v1`.
    pub id: String,
    /// The service's name, for example `spanner`.
    pub name: String,
    /// The version, for example `v1beta1`.
    pub version: String,
    /// The document's revision.
    pub revision: Revision,
    /// The title, for example `Cloud Spanner API`.
    pub title: String,
    /// The description.
    pub docs: Option<String>,
    /// The name that client libraries use, for example `Access Context Manager`.
    pub canonical_name: Option<String>,
    /// The link to the API's documentation.
    pub documentation_link: Option<String>,
    /// Scheme, host, and possibly a port and a path; ends in `/`.
    pub root_url: String,
    /// The root URL for mutual TLS.
    pub mtls_root_url: Option<String>,
    /// The path under the root that every method's path is relative to; empty or ending in `/`.
    pub service_path: String,
    /// The path of batch requests, relative to the root.
    pub batch_path: String,
    /// `true` if bodies are wrapped as `{"data": …}` (`features: ["dataWrapper"]`).
    pub data_wrapper: bool,
    /// The OAuth 2.0 scopes.
    pub scopes: Vec<Scope>,
    /// The API-wide parameters.
    pub parameters: Vec<Param>,
    /// Every type, addressed by [`TypeId`].
    pub types: Vec<TypeDef>,
    /// Every method, addressed by [`MethodId`].
    pub methods: Vec<Method>,
    /// The tree of resources; the root has no name.
    pub root: Resource,
}

impl std::ops::Index<TypeId> for Api {
    type Output = TypeDef;

    fn index(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0]
    }
}

impl std::ops::Index<MethodId> for Api {
    type Output = Method;

    fn index(&self, id: MethodId) -> &Method {
        &self.methods[id.0]
    }
}

impl Api {
    /// Returns the title for prose: without the article of "The Foo API", because the prose adds one. Returns the id if there is
    /// no title.
    #[must_use]
    pub fn title_in_prose(&self) -> &str {
        let title = self.title.trim();
        let article = title
            .get(..4)
            .filter(|start| start.eq_ignore_ascii_case("the "));
        let rest = article.map_or(title, |article| title[article.len()..].trim_start());
        if rest.is_empty() { &self.id } else { rest }
    }

    /// Returns the ids of all types, in order.
    pub fn type_ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..self.types.len()).map(TypeId)
    }

    /// Returns the ids of all methods, in order.
    pub fn method_ids(&self) -> impl Iterator<Item = MethodId> + use<> {
        (0..self.methods.len()).map(MethodId)
    }
}

/// An OAuth 2.0 scope.
#[derive(Clone, Debug, Serialize)]
pub struct Scope {
    /// The scope's URL.
    pub url: String,
    /// The description of the access that it grants.
    pub docs: String,
}

/// A resource of the API.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Resource {
    /// The wire names from the root down; empty for the root.
    pub path: Vec<String>,
    /// Its place in the document.
    pub origin: Pointer,
    /// `true` if the document marks it as deprecated.
    pub deprecated: bool,
    /// Its methods, by wire name.
    pub methods: Vec<MethodId>,
    /// Its child resources, by wire name.
    pub children: Vec<Resource>,
}

impl Resource {
    /// Returns the resource and all below it, parents first.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        let mut waiting = vec![self];
        std::iter::from_fn(move || {
            let next = waiting.pop()?;
            waiting.extend(next.children.iter().rev());
            Some(next)
        })
    }

    /// Returns whether neither the resource nor anything below it has methods.
    #[must_use]
    pub fn has_no_methods(&self) -> bool {
        self.all().all(|resource| resource.methods.is_empty())
    }
}
