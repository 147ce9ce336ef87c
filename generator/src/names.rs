//! Rust names. Only this module creates them.
//!
//! # Grammar
//!
//! ```text
//! feature      <name>-<version>                                spanner-v1
//! module       <name>_<version>                                spanner_v1
//! client       module :: Pascal(canonicalName)                 spanner_v1::Spanner
//! schema       module :: schemas :: Pascal(id)                 schemas::Instance
//! inline type  (its parent's path in snake) :: Pascal(member)  schemas::instance::State
//! resource     module :: snake(each name of its path)          projects::instances
//! handle       resource :: Pascal(last name of its path)       projects::instances::Instances
//! call         resource :: Pascal(method)                      projects::instances::List
//! allowed      resource :: params :: snake(method) :: Pascal(parameter)
//!  values      module :: params :: Pascal(parameter)           params::Xgafv  (API-wide)
//! function     snake(method), snake(child resource)
//! setter, argument, field      snake(wire name)
//! variant      Pascal(value)
//! constant     module :: scopes :: SCREAMING(scope)            scopes::CLOUD_PLATFORM
//! ```
//!
//! Schemas are in `schemas`, allowed values in `params`, everything else in the path of its resource. Inline types are
//! in the module of their parent. So names of different kinds cannot collide. Within one Rust namespace (a `Scope`) the
//! rules are, in order: a rename for the place, the name itself, the escape of a keyword (`r#type`), and the suffix of
//! the kind (`option` → `OptionSchema`) for names that Rust or the generated code needs. Names that still collide are
//! an error, which shows a rename that resolves it. Names are never numbered, so additions to a document never rename existing
//! items.
//!
//! There is one exception, because the functions of a handle share one namespace. If a method and a child resource have
//! the same name, the function of the method gets the suffix, even if the method existed first (25 of the 28,137 published
//! methods). A rename of the resource restores the name of the function.
//!
//! ```
//! # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use gapi_generator::diagnostics::Diagnostics;
//! use gapi_generator::names::{MethodName, Names, Renames, ResourceName, TypeName, module_name, resolve};
//!
//! # let api = library()?.api;
//! // `api` is that of an `Analysis`, which has its `names` as well.
//! let mut renames = Renames::new(&api.id).for_any_revision();
//! renames.insert("/schemas/Book", "Volume");
//! let names: Names = resolve(&api, &renames, &mut Diagnostics::default())?;
//! assert_eq!(names.module, module_name("library", "v1"));
//! for TypeName { module, ident, members } in &names.types {
//!     println!("{}::{ident}: {members:?}", module.join("::"));
//! }
//! for MethodName { module, function, call, .. } in &names.methods {
//!     println!("{function} returns {}::{call}", module.join("::"));
//! }
//! let books: &ResourceName = &names.resources[&vec!["books".to_owned()]];
//! assert_eq!((books.handle.as_str(), books.accessor.as_str()), ("Books", "books"));
//! # Ok(())
//! # }
//! ```

use std::collections::BTreeMap;

use crate::{
    diagnostics::{Diagnostics, Pointer},
    ir::{Api, MethodId, Owner, Resource, Shape, TypeId},
};

mod case;
mod conflict;
mod keywords;
mod scope;
mod tables;

pub use scope::Renames;
use scope::{Kind, Scope};
pub use tables::{MethodName, Names, ResourceName, TypeName};

/// Returns the module of an API with this name and version.
#[must_use]
pub fn module_name(name: &str, version: &str) -> String {
    format!(
        "{}_{}",
        scope::candidate(name, Kind::Resource),
        case::snake(version)
    )
}

/// Determines all names of an API.
///
/// # Errors
/// Returns an error for wire names that collide in one Rust namespace, for wire names without usable characters, and
/// for renames that apply to nothing.
pub fn resolve(
    api: &Api,
    renames: &Renames,
    diagnostics: &mut Diagnostics,
) -> Result<Names, Diagnostics> {
    check_module_name(api, diagnostics);
    let (names, mut pending) = attempt(api, renames);
    let conflicts = std::mem::take(&mut pending.conflicts);
    if !conflicts.is_empty() {
        let again = |renames: &Renames| attempt(api, renames).1.conflicts;
        for fix in conflict::fixes(conflicts, renames, again) {
            let rename = renames.rename(&fix.conflict.place, fix.rust);
            diagnostics.error_with_rename(&fix.conflict.origin, fix.conflict.message, rename);
        }
    }
    pending.report_unused(diagnostics);
    diagnostics.propagate()?;
    Ok(names)
}

/// Names everything, and collects the conflicts.
fn attempt(api: &Api, renames: &Renames) -> (Names, scope::Pending) {
    let mut namer = Namer {
        api,
        renames: renames.start(),
        names: empty(api),
    };
    namer.root();
    for id in api.type_ids() {
        namer.type_name(id);
    }
    namer.members();
    (namer.names, namer.renames)
}

/// Checks that the name and the version are usable in the names of the module and the feature.
fn check_module_name(api: &Api, diagnostics: &mut Diagnostics) {
    for (member, text) in [("name", &api.name), ("version", &api.version)] {
        if case::snake(text).is_empty() {
            let message = format!("`{text}` cannot be converted to the name of a module");
            diagnostics.error(&Pointer::root().child(member), message);
        }
    }
    let length = module_name(&api.name, &api.version).len();
    if length > scope::LONGEST {
        let message = format!("the name of the module would have {length} letters");
        diagnostics.error(&Pointer::root().child("name"), message);
    }
}

fn empty(api: &Api) -> Names {
    let module = module_name(&api.name, &api.version);
    Names {
        feature: module.replace('_', "-"),
        module,
        client: String::new(),
        scopes: Vec::new(),
        parameters: Vec::new(),
        types: vec![TypeName::default(); api.types.len()],
        methods: vec![MethodName::default(); api.methods.len()],
        resources: BTreeMap::new(),
    }
}

/// The state of naming: tables that are being filled.
struct Namer<'a> {
    api: &'a Api,
    renames: scope::Pending,
    names: Names,
}

impl Namer<'_> {
    fn claim(&mut self, scope: &mut Scope, wire: &str, kind: Kind, origin: &Pointer) -> String {
        scope.claim(wire, kind, origin, &mut self.renames)
    }

    fn root(&mut self) {
        let api = self.api;
        let origin = Pointer::root().child("canonicalName");
        let canonical = api.canonical_name.as_deref().unwrap_or(&api.name);
        let mut items = Scope::new("the API's module", keywords::ROOT_ITEMS);
        self.names.client = self.claim(&mut items, canonical, Kind::Client, &origin);

        let mut setters = Scope::new("the API-wide parameters", keywords::SETTERS);
        for param in &api.parameters {
            let setter = self.claim(&mut setters, &param.wire, Kind::Setter, &param.origin);
            self.names.parameters.push(setter);
        }
        let mut scopes = Scope::new("the scopes", &[]);
        let origin = Pointer::root()
            .child("auth")
            .child("oauth2")
            .child("scopes");
        for scope in &api.scopes {
            let wire = scope
                .url
                .trim_start_matches("https://www.googleapis.com/auth/");
            let wire = wire.trim_start_matches("https://");
            let name = self.claim(&mut scopes, wire, Kind::Constant, &origin.child(&scope.url));
            self.names.scopes.push(name);
        }
        let functions = Scope::new("the client", keywords::CLIENT_FUNCTIONS);
        self.resource(&api.root, &[], items, functions);
    }

    /// Names the contents of a resource's module (`items`) and the functions of its handle (`functions`).
    fn resource(
        &mut self,
        resource: &Resource,
        module: &[String],
        mut items: Scope,
        mut functions: Scope,
    ) {
        // Children come first: a resource keeps its name, and a method with the same name gets a suffix.
        let mut children = Vec::new();
        for child in &resource.children {
            let wire = child.path.last().map(String::as_str).unwrap_or_default();
            let accessor = self.claim(&mut functions, wire, Kind::Resource, &child.origin);
            let own = self.claim(&mut items, wire, Kind::Resource, &child.origin);
            let module: Vec<String> = module.iter().cloned().chain([own]).collect();
            let mut scope = Scope::new("the resource's module", keywords::RESOURCE_ITEMS);
            let handle = self.claim(&mut scope, wire, Kind::Handle, &child.origin);
            let name = ResourceName {
                module: module.clone(),
                handle,
                accessor,
            };
            self.names.resources.insert(child.path.clone(), name);
            children.push((child, module, scope));
        }
        for &id in &resource.methods {
            self.method(id, module, &mut items, &mut functions);
        }
        for (child, module, scope) in children {
            let functions = Scope::new("the resource", &[]);
            self.resource(child, &module, scope, functions);
        }
    }

    fn method(
        &mut self,
        id: MethodId,
        module: &[String],
        items: &mut Scope,
        functions: &mut Scope,
    ) {
        let method = &self.api[id];
        let function = self.claim(functions, &method.name, Kind::Function, &method.origin);
        let call = self.claim(items, &method.name, Kind::Call, &method.origin);
        let types = self.renames.module_of_method(&method.name, &method.origin);
        let mut arguments = Scope::new("the method's arguments", keywords::ARGUMENTS);
        let mut setters = Scope::new("the call", keywords::SETTERS);
        let mut parameters = Vec::new();
        for param in &method.parameters {
            let (scope, kind) = if param.required {
                (&mut arguments, Kind::Argument)
            } else {
                (&mut setters, Kind::Setter)
            };
            parameters.push(self.claim(scope, &param.wire, kind, &param.origin));
        }
        let module = module.to_vec();
        self.names.methods[id.0] = MethodName {
            module,
            function,
            call,
            types,
            parameters,
        };
    }

    /// Determines the module of a type and its preferred name. Parents have smaller ids than their inline types, so they already
    /// have names.
    fn type_name(&mut self, id: TypeId) {
        let module = match &self.api[id].owner {
            Owner::Schema(_) => vec!["schemas".to_owned()],
            Owner::Inline { parent, .. } => {
                let parent = &self.names[*parent];
                let own = scope::module_of(&parent.ident);
                parent.module.iter().cloned().chain([own]).collect()
            }
            Owner::ApiParameter(_) => vec!["params".to_owned()],
            Owner::Parameter { method, .. } | Owner::Request(method) | Owner::Response(method) => {
                self.params(*method)
            }
        };
        let ident = scope::candidate(self.type_wire(id), Kind::Type);
        self.names.types[id.0] = TypeName {
            module,
            ident,
            members: Vec::new(),
        };
    }

    /// Returns the wire name that a type's own name comes from.
    fn type_wire(&self, id: TypeId) -> &str {
        match &self.api[id].owner {
            Owner::Schema(wire) | Owner::ApiParameter(wire) => wire,
            Owner::Inline { property, .. } => property.as_deref().unwrap_or("item"),
            Owner::Parameter { parameter, .. } => parameter,
            Owner::Request(_) => "RequestBody",
            Owner::Response(_) => "ResponseBody",
        }
    }

    /// Returns the module of the types inside a method.
    fn params(&self, method: MethodId) -> Vec<String> {
        let name = &self.names[method];
        let own = ["params".to_owned(), name.types.clone()];
        name.module.iter().cloned().chain(own).collect()
    }

    /// Names the types of each module, and then the members of each type.
    fn members(&mut self) {
        let api = self.api;
        let mut scopes: BTreeMap<Vec<String>, Scope> = BTreeMap::new();
        for id in api.type_ids() {
            let module = self.names[id].module.clone();
            let wire = self.type_wire(id).to_owned();
            let reserved = if module == ["params"] {
                keywords::PARAMS_TYPES
            } else {
                keywords::SCHEMA_TYPES
            };
            let mut scope = scopes
                .remove(&module)
                .unwrap_or_else(|| Scope::new("the types of the module", reserved));
            let ident = self.claim(&mut scope, &wire, Kind::Type, &api[id].origin);
            scopes.insert(module, scope);
            self.names.types[id.0].ident = ident;
            self.names.types[id.0].members = self.members_of(id);
        }
    }

    fn members_of(&mut self, id: TypeId) -> Vec<String> {
        match &self.api[id].shape {
            Shape::Struct(fields) => {
                let mut scope = Scope::new("the struct", keywords::FIELDS);
                fields
                    .iter()
                    .map(|field| self.claim(&mut scope, &field.wire, Kind::Field, &field.origin))
                    .collect()
            }
            Shape::Enum(variants) => {
                let mut scope = Scope::new("the enum", keywords::VARIANTS);
                variants
                    .iter()
                    .map(|variant| {
                        self.claim(&mut scope, &variant.wire, Kind::Variant, &variant.origin)
                    })
                    .collect()
            }
            Shape::Alias(_) => Vec::new(),
        }
    }
}
