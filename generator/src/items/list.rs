//! The items of a client, a handle, a call and a type, one by one.

use super::{
    call::{Call, Upload},
    definition::{Definition, Shape, Struct, as_str, unknown_value},
    function::Function,
    handle::{Client, Handle, STANDARD_PARAMETERS},
    ty::{Path, Type},
};

/// The kind of a Rust item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `pub mod`
    Module,
    /// `pub struct`
    Struct,
    /// `pub enum`, non-exhaustive
    Enum,
    /// `pub type`
    Alias,
    /// `pub trait`
    Trait,
    /// `pub const`
    Constant,
    /// A function of a struct or enum.
    Function,
    /// A function of a trait, with a body.
    TraitFunction,
    /// A public field.
    Field,
    /// A variant.
    Variant,
    /// An implementation of a trait that makes other functions callable.
    Marker,
}

impl Form {
    /// Returns whether an item is reached through a type or trait, and removed with it.
    pub(crate) fn is_member(self) -> bool {
        matches!(
            self,
            Self::Function | Self::TraitFunction | Self::Field | Self::Variant | Self::Marker
        )
    }
}

/// A public item.
#[derive(Clone, Debug)]
pub(crate) struct Listed<'i> {
    /// The role of the item in its owner. No other item of the owner has the same role.
    pub(crate) role: &'i str,
    pub(crate) form: Form,
    /// The path from the API's module. That of a marker is `Call: Trait`.
    pub(crate) path: String,
    pub(crate) rust: Rust<'i>,
    /// The modules of the place where the item is written.
    pub(crate) module: &'i [String],
    pub(crate) deprecated: bool,
}

/// The type or signature of an item.
#[derive(Clone, Debug)]
pub(crate) enum Rust<'i> {
    /// Nothing.
    Name,
    /// The type of a field, of a constant or inside a variant, or the target of an alias.
    Type(Type<'i>),
    /// The signature of a function.
    Function(Function<'i>),
}

impl<'i> Listed<'i> {
    pub(super) fn new(role: &'i str, form: Form, path: Path<'i>) -> Self {
        Self {
            role,
            form,
            path: path.join(),
            rust: Rust::Name,
            module: path.module,
            deprecated: false,
        }
    }

    /// Something inside the item of this path.
    fn inside(role: &'i str, form: Form, owner: Path<'i>, name: &str) -> Self {
        let mut listed = Self::new(role, form, owner);
        listed.path = format!("{}::{name}", listed.path);
        listed
    }

    pub(super) fn function(role: &'i str, owner: Path<'i>, function: Function<'i>) -> Self {
        Self {
            deprecated: function.deprecated,
            ..Self::inside(role, Form::Function, owner, function.name)
        }
        .with(Rust::Function(function))
    }

    pub(super) fn with(mut self, rust: Rust<'i>) -> Self {
        self.rust = rust;
        self
    }
}

impl Path<'_> {
    /// Returns the path from the API's module.
    pub(crate) fn join(&self) -> String {
        let steps = self.module.iter().map(String::as_str);
        let steps: Vec<&str> = steps.chain([self.name]).collect();
        steps.join("::")
    }
}

impl Client<'_> {
    /// Returns the client, and the items that every API's module has.
    pub(crate) fn list(&self) -> Vec<Listed<'_>> {
        let module = |name| Path { module: &[], name };
        let parameters = Listed::inside(
            "parameters",
            Form::Trait,
            module("params"),
            STANDARD_PARAMETERS,
        );
        vec![
            Listed::new("client", Form::Struct, self.path),
            Listed::function("builder", self.path, self.builder.clone()),
            Listed::function("batch", self.path, self.batch.clone()),
            parameters,
            Listed::new("import", Form::Trait, module(STANDARD_PARAMETERS)),
            Listed::new("params", Form::Module, module("params")),
            Listed::new("schemas", Form::Module, module("schemas")),
        ]
    }

    /// The traits that the client implements.
    pub(crate) const TRAITS: [&'static str; 3] = ["Clone", "Debug", "gapi_runtime::Service"];
}

impl Handle<'_> {
    /// Returns the module of the resource, its handle, and the function of `parent` that returns it.
    pub(crate) fn list<'i>(&'i self, parent: Path<'i>) -> Vec<Listed<'i>> {
        let module = self.path.module.split_last();
        let module = module.map(|(name, module)| Path { module, name });
        let module = module.map(|path| Listed::new("module", Form::Module, path));
        let handle = Listed::new("handle", Form::Struct, self.path);
        let accessor = Listed::function("accessor", parent, self.accessor.clone());
        module.into_iter().chain([handle, accessor]).collect()
    }

    /// The traits that the handle implements.
    pub(crate) const TRAITS: [&'static str; 2] = ["Clone", "Debug"];
}

impl Call<'_> {
    /// Returns the function of `handle` that begins the call, the call, and what `call!` adds to it.
    pub(crate) fn list<'i>(&'i self, handle: Path<'i>) -> Vec<Listed<'i>> {
        let function = Listed::function("function", handle, self.function.clone());
        let call = Listed::new("call", Form::Struct, self.path);
        let added = self.added().into_iter();
        let added = added.map(|added| Listed::function(added.name, self.path, added));
        let mut items: Vec<Listed<'_>> = [function, call].into_iter().chain(added).collect();
        if self.upload == Some(Upload::Resumable) {
            let mut marker = Listed::new("resumable", Form::Marker, self.path);
            marker.path += ": Resumable";
            items.push(marker);
        }
        items
    }

    /// Returns the setter of the parameter at `index`, if it has one.
    pub(crate) fn list_setter(&self, index: usize) -> Option<Listed<'_>> {
        let setter = self.setters.get(index)?.clone()?;
        Some(Listed::function("setter", self.path, setter))
    }
}

impl<'a> Definition<'a> {
    /// Returns the type, and the items that every type of its shape has.
    pub(crate) fn list(&self) -> Vec<Listed<'_>> {
        let own = |form| Listed {
            deprecated: self.deprecated,
            ..Listed::new("type", form, self.path)
        };
        let function = |added: Function<'a>| Listed::function(added.name, self.path, added);
        match &self.shape {
            Shape::Struct(item) => {
                let unknown = Struct::unknown_fields();
                let unknown = Listed::inside("unknown", Form::Field, self.path, unknown.name)
                    .with(Rust::Type(unknown.ty));
                let added = item.added().into_iter().map(function);
                let items = [own(Form::Struct), unknown].into_iter();
                items.chain(added).collect()
            }
            Shape::Enum(_) => {
                let unknown = unknown_value();
                let holds = unknown.holds.map_or(Rust::Name, Rust::Type);
                let unknown = Listed::inside("unknown", Form::Variant, self.path, unknown.name);
                vec![own(Form::Enum), unknown.with(holds), function(as_str())]
            }
            Shape::Alias(target) => vec![own(Form::Alias).with(Rust::Type(target.clone()))],
        }
    }

    /// Returns the field or variant at `index`, if there is one.
    pub(crate) fn list_member(&self, index: usize) -> Option<Listed<'_>> {
        match &self.shape {
            Shape::Struct(item) => {
                let field = item.fields.get(index)?;
                let listed = Listed::inside("field", Form::Field, self.path, field.name);
                Some(Listed {
                    rust: Rust::Type(field.ty.clone()),
                    deprecated: field.deprecated,
                    ..listed
                })
            }
            Shape::Enum(variants) => {
                let variant = variants.get(index)?;
                let listed = Listed::inside("variant", Form::Variant, self.path, variant.name);
                Some(Listed {
                    deprecated: variant.deprecated,
                    ..listed
                })
            }
            Shape::Alias(_) => None,
        }
    }
}
