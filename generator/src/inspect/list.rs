//! The public items of the generated code, each by its path.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    Analysis,
    ir::{MethodId, Resource, TypeId},
    items::{
        Call, Client, Form, Handle, Items, Listed, Path, Place, Rust, Shape, TRAITS_OF_ENUMS, Tree,
    },
};

/// Returns every public item that is generated, in the order of the paths: modules, types with their fields, variants and
/// functions, traits, constants, and the implementations of traits. Items that the runtime's macros add are among them.
///
/// An item is `{"path", "kind"}`, with `"type"` or `"signature"` if it has one, and `"deprecated": true` if it has that
/// attribute. The path of an implementation is `Type: Trait`. A trait of the runtime or of serde is written with its crate.
#[must_use]
pub fn items(analysis: &Analysis) -> Value {
    let items = analysis.items();
    let tree = Tree::new(&analysis.api, &analysis.names, &analysis.selection.types);
    let mut list = List {
        module: &analysis.names.module,
        items: &items,
        found: BTreeSet::new(),
        values: Vec::new(),
    };
    list.api(analysis);
    list.resource(&analysis.selection.root, items.client.path);
    for child in &analysis.selection.root.children {
        list.resources(child, items.client.path);
    }
    for id in tree.ids() {
        list.definition(analysis, id);
    }
    list.modules(&tree, "");
    list.values.sort_by(|a, b| a.0.cmp(&b.0));
    let values = list.values.into_iter();
    values.map(|(_, value)| value).collect()
}

/// The items found so far.
struct List<'a> {
    module: &'a str,
    items: &'a Items<'a>,
    /// The paths of modules.
    found: BTreeSet<String>,
    /// The items with their sort keys.
    values: Vec<((String, &'static str), Value)>,
}

impl<'a> List<'a> {
    fn absolute(&self, path: &str) -> String {
        format!("{}::{path}", self.module)
    }

    fn push(
        &mut self,
        path: String,
        kind: &'static str,
        more: Option<(&str, String)>,
        deprecated: bool,
    ) {
        let mut value = json!({"path": path, "kind": kind});
        if let Some((member, text)) = more {
            value[member] = text.into();
        }
        if deprecated {
            value["deprecated"] = true.into();
        }
        self.values.push(((path, kind), value));
    }

    fn module(&mut self, path: &str) {
        if self.found.insert(path.to_owned()) {
            self.push(self.absolute(path), "module", None, false);
        }
    }

    fn listed(&mut self, items: impl IntoIterator<Item = Listed<'a>>) {
        let place = Place::Outside(self.module);
        for item in items {
            let kind = match item.form {
                // All implementations are listed by their traits.
                Form::Marker => continue,
                Form::Module => {
                    self.module(&item.path);
                    continue;
                }
                Form::Struct => "struct",
                Form::Enum => "enum",
                Form::Alias => "alias",
                Form::Trait => "trait",
                Form::Constant => "constant",
                Form::Function | Form::TraitFunction => "function",
                Form::Field => "field",
                Form::Variant => "variant",
            };
            let more = match &item.rust {
                Rust::Name => None,
                Rust::Type(ty) => Some(("type", ty.text(place))),
                Rust::Function(function) => Some(("signature", function.text(place))),
            };
            self.push(self.absolute(&item.path), kind, more, item.deprecated);
        }
    }

    fn implementations<'t>(&mut self, path: &str, traits: impl IntoIterator<Item = &'t str>) {
        for name in traits {
            let path = format!("{path}: {name}");
            self.push(path, "implementation", None, false);
        }
    }

    fn api(&mut self, analysis: &Analysis) {
        let client = &self.items.client;
        self.listed(client.list());
        self.implementations(&self.absolute(&client.path.join()), Client::TRAITS);
        self.listed(self.items.list_scopes());
        for index in 0..analysis.api.scopes.len() {
            self.listed(self.items.list_scope(index));
        }
        for index in 0..analysis.api.parameters.len() {
            self.listed(self.items.list_setter(index));
        }
        // The trait is implemented for every call of the API.
        let parameters = self.absolute("params::StandardParameters");
        self.implementations("C", [parameters.as_str()]);
    }

    /// Lists the calls of a resource.
    fn resource(&mut self, resource: &Resource, handle: Path<'a>) {
        for id in &resource.methods {
            self.call(*id, handle);
        }
    }

    fn resources(&mut self, resource: &Resource, parent: Path<'a>) {
        let Some(handle) = self.items.handles.get(&resource.path[..]) else {
            return;
        };
        self.listed(handle.list(parent));
        self.implementations(&self.absolute(&handle.path.join()), Handle::TRAITS);
        self.resource(resource, handle.path);
        for child in &resource.children {
            self.resources(child, handle.path);
        }
    }

    fn call(&mut self, id: MethodId, handle: Path<'a>) {
        let call: &Call<'a> = &self.items[id];
        self.listed(call.list(handle));
        for index in 0..call.setters.len() {
            self.listed(call.list_setter(index));
        }
        self.implementations(&self.absolute(&call.path.join()), call.traits());
    }

    fn definition(&mut self, analysis: &Analysis, id: TypeId) {
        let definition = &self.items[id];
        let path = self.absolute(&definition.path.join());
        self.listed(definition.list());
        for index in 0..analysis.names[id].members.len() {
            self.listed(definition.list_member(index));
        }
        match &definition.shape {
            Shape::Struct(item) => {
                self.implementations(&path, item.traits());
                if item.boxed {
                    self.implementations(&format!("Box<{path}>"), ["gapi_runtime::WireFormat"]);
                }
            }
            Shape::Enum(_) => self.implementations(&path, TRAITS_OF_ENUMS),
            Shape::Alias(_) => {}
        }
    }

    /// Lists the modules of types.
    fn modules(&mut self, tree: &Tree<'_>, above: &str) {
        for (name, child) in &tree.children {
            let path = if above.is_empty() {
                (*name).to_owned()
            } else {
                format!("{above}::{name}")
            };
            self.module(&path);
            self.modules(child, &path);
        }
    }
}
