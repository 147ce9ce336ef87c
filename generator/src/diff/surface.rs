//! The public surface of an API: what a user's code can name, and what goes over the wire.
//!
//! A tree of [`Entity`]s, each a thing of the document with its identity there: two documents are compared by these
//! identities, never by Rust names. The Rust is the emitter's own tokens, so that it is what is generated; a test holds
//! the whole against `generated/`.

use std::collections::BTreeMap;

use crate::{
    Analysis,
    emit::{Cx, Tree, params},
    ir::{Owner, TypeId},
};

mod method;
mod root;
mod schema;

/// A thing of the document.
#[derive(Clone, Debug)]
pub struct Entity {
    /// What sort of thing.
    pub kind: Kind,
    /// What tells it from others of its kind in the same place: a schema's id, a parameter's name, a value.
    pub wire: String,
    /// The public Rust items that it has of its own.
    pub items: Vec<Item>,
    /// What goes over the wire, or is only documented, without showing in Rust.
    pub facts: BTreeMap<Fact, String>,
    /// Whether a call cannot be made without it; of parameters.
    pub required: bool,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// The description.
    pub docs: Option<String>,
    /// What is inside it.
    pub children: Vec<Entity>,
}

impl Entity {
    fn new(kind: Kind, wire: impl Into<String>) -> Self {
        Self {
            kind,
            wire: wire.into(),
            items: Vec::new(),
            facts: BTreeMap::new(),
            required: false,
            deprecated: false,
            docs: None,
            children: Vec::new(),
        }
    }

    /// Whether it is a type or has one directly inside it.
    fn holds_types(&self) -> bool {
        let is_type = |entity: &Self| entity.kind == Kind::Type;
        is_type(self) || self.children.iter().any(is_type)
    }

    /// It and everything inside it, parents first.
    pub fn all(&self) -> Box<dyn Iterator<Item = &Entity> + '_> {
        Box::new(std::iter::once(self).chain(self.children.iter().flat_map(Entity::all)))
    }
}

/// What sort of thing an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The API itself.
    Api,
    /// An OAuth 2.0 scope.
    Scope,
    /// A resource.
    Resource,
    /// A method.
    Method,
    /// A parameter of a method or of every method.
    Parameter,
    /// A schema or a type written inside something else.
    Type,
    /// A member of an object.
    Property,
    /// An allowed value.
    Value,
}

impl Kind {
    /// Its name in the terms of Discovery.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Api => "API",
            Self::Scope => "scope",
            Self::Resource => "resource",
            Self::Method => "method",
            Self::Parameter => "parameter",
            Self::Type => "type",
            Self::Property => "property",
            Self::Value => "value",
        }
    }
}

/// A public item of the generated code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is to its entity: an item is compared with that of the same role.
    pub role: &'static str,
    /// What it is in Rust.
    pub form: Form,
    /// Where it is, from the API's module: `projects::instances::Instances::get`. Of a marker trait, `Call: Trait`.
    pub path: String,
    /// A function's signature, the type of a field, the target of an alias: the emitter's tokens.
    pub rust: String,
    /// Whether it has the attribute `#[deprecated]`.
    pub deprecated: bool,
}

/// What an item is in Rust.
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
    /// Whether it is reached through a type or trait, and gone with it.
    pub(super) fn is_member(self) -> bool {
        matches!(
            self,
            Self::Function | Self::TraitFunction | Self::Field | Self::Variant | Self::Marker
        )
    }
}

/// What an entity says without showing it in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// Scheme and host.
    RootUrl,
    /// The same for mutual TLS.
    MtlsRootUrl,
    /// The path that those of methods are relative to.
    ServicePath,
    /// Where batches go.
    BatchPath,
    /// Whether bodies are wrapped in `data`.
    DataWrapper,
    /// A method's id, by which logs and errors call it.
    MethodId,
    /// The HTTP verb.
    Verb,
    /// The path template.
    Path,
    /// The value of the header `x-goog-api-version`.
    ApiVersion,
    /// The media types that an upload takes.
    MediaTypes,
    /// The largest upload.
    MediaSize,
    /// Path or query.
    Location,
    /// The regular expression that a parameter has to match.
    Pattern,
    /// The other spellings of a value.
    Spellings,
    /// The scopes that allow a method.
    Scopes,
    /// What the server assumes.
    Default,
    /// Whether only the server sets it.
    ReadOnly,
}

impl Fact {
    /// What a person calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RootUrl => "root URL",
            Self::MtlsRootUrl => "root URL for mTLS",
            Self::ServicePath => "service path",
            Self::BatchPath => "batch path",
            Self::DataWrapper => "data wrapper",
            Self::MethodId => "id",
            Self::Verb => "verb",
            Self::Path => "path",
            Self::ApiVersion => "API version",
            Self::MediaTypes => "media types",
            Self::MediaSize => "largest media",
            Self::Location => "location",
            Self::Pattern => "pattern",
            Self::Spellings => "legacy spellings",
            Self::Scopes => "scopes",
            Self::Default => "default",
            Self::ReadOnly => "read-only",
        }
    }

    /// Whether it is for people only: no request and no answer is another one.
    #[must_use]
    pub fn is_documentation(self) -> bool {
        matches!(self, Self::Scopes | Self::Default | Self::ReadOnly)
    }
}

/// What every part of the surface is built from.
#[derive(Clone, Copy)]
struct Builder<'a> {
    cx: Cx<'a>,
    types: &'a BTreeMap<&'a Owner, Vec<TypeId>>,
}

impl<'a> Builder<'a> {
    /// The types that belong to this and are generated.
    fn owned(self, owner: &Owner) -> impl Iterator<Item = TypeId> + use<'a> {
        let types = self.types.get(owner).map(Vec::as_slice);
        types.unwrap_or_default().iter().copied()
    }
}

impl Analysis {
    /// The public surface of what is generated.
    #[must_use]
    pub fn surface(&self) -> Entity {
        let types = Tree::default();
        let cx = self.cx(&types);
        let mut types: BTreeMap<&Owner, Vec<TypeId>> = BTreeMap::new();
        for id in &self.selection.types {
            if !params::is_decided_type(&self.api[*id]) {
                types.entry(&self.api[*id].owner).or_default().push(*id);
            }
        }
        root::api(Builder { cx, types: &types }, &self.api)
    }
}

fn item(role: &'static str, form: Form, path: String) -> Item {
    Item {
        role,
        form,
        path,
        rust: String::new(),
        deprecated: false,
    }
}

/// A path of Rust names.
fn path<'n>(module: &'n [String], names: impl IntoIterator<Item = &'n str>) -> String {
    let steps: Vec<&str> = module.iter().map(String::as_str).chain(names).collect();
    steps.join("::")
}
