//! The tree of entities in a document.

use std::collections::BTreeMap;

use crate::items::{self, Form, Listed, Place};

/// An entity of the document.
#[derive(Clone, Debug)]
pub struct Entity {
    /// The kind of entity.
    pub kind: Kind,
    /// The name that is unique among entities of the same kind and place: a schema's id, a parameter's name, a value.
    pub wire: String,
    /// Its own public Rust items.
    pub items: Vec<Item>,
    /// The facts that Rust does not show. They affect the wire format or only the documentation.
    pub facts: BTreeMap<Fact, String>,
    /// `true` if a call requires it. Only parameters set this.
    pub required: bool,
    /// `true` if the document marks it as deprecated.
    pub deprecated: bool,
    /// The description.
    pub docs: Option<String>,
    /// The entities inside it.
    pub children: Vec<Entity>,
}

impl Entity {
    pub(super) fn new(kind: Kind, wire: impl Into<String>) -> Self {
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

    /// Returns whether it is a type or directly contains one.
    pub(super) fn holds_types(&self) -> bool {
        let is_type = |entity: &Self| entity.kind == Kind::Type;
        is_type(self) || self.children.iter().any(is_type)
    }

    /// Returns it and everything inside it, parents first.
    pub fn all(&self) -> Box<dyn Iterator<Item = &Entity> + '_> {
        Box::new(std::iter::once(self).chain(self.children.iter().flat_map(Entity::all)))
    }
}

/// The kind of an entity.
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
    /// Returns its name in the terms of Discovery.
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
    /// The role in its entity. Items with the same role are compared.
    pub role: String,
    /// The kind of Rust item.
    pub form: Form,
    /// The path from the API's module: `projects::instances::Instances::get`. For a marker trait, `Call: Trait`.
    pub path: String,
    /// The type or signature, if it has one.
    pub rust: Rust,
    /// `true` if it has the attribute `#[deprecated]`.
    pub deprecated: bool,
}

/// The type or signature of an item. Types are written as in the module of the item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rust {
    /// Nothing.
    Name,
    /// The type of a field or constant, or the target of an alias.
    Type(String),
    /// The signature of a function.
    Function(Signature),
}

/// The signature of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The whole, in one line.
    pub text: String,
    /// The names and types of the parameters after `self`.
    pub parameters: Vec<(String, String)>,
    /// The type that it returns.
    pub output: String,
}

/// The text between the scopes of a method.
pub(super) const SEPARATOR: &str = ", ";

/// A fact about an entity that Rust does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// Scheme and host.
    RootUrl,
    /// The same for mutual TLS.
    MtlsRootUrl,
    /// The base path of methods.
    ServicePath,
    /// The path of batch requests.
    BatchPath,
    /// The wrapping of bodies in `data`.
    DataWrapper,
    /// The id of a method, which logs and errors show.
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
    /// The scopes that allow a method, by name.
    Scopes,
    /// The scope that a client requests by default.
    DefaultScope,
    /// The value that the server assumes.
    Default,
    /// The read-only mark. Only the server sets such a property.
    ReadOnly,
}

impl Fact {
    /// Returns its name in reports.
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
            Self::DefaultScope => "default scope",
            Self::Default => "default",
            Self::ReadOnly => "read-only",
        }
    }

    /// Returns whether a change of it is only documentation and does not affect requests or responses. A method that accepts
    /// more scopes accepts all requests that it accepted before.
    #[must_use]
    pub fn is_documentation(self, old: Option<&String>, new: Option<&String>) -> bool {
        match self {
            Self::Default | Self::ReadOnly => true,
            Self::Scopes => {
                let (Some(old), Some(new)) = (old, new) else {
                    return false;
                };
                let new: Vec<&str> = new.split(SEPARATOR).collect();
                old.split(SEPARATOR).all(|scope| new.contains(&scope))
            }
            _ => false,
        }
    }
}

impl From<Listed<'_>> for Item {
    fn from(listed: Listed<'_>) -> Self {
        let place = Place::Module(listed.module);
        Self {
            role: listed.role.to_owned(),
            form: listed.form,
            path: listed.path,
            rust: match listed.rust {
                items::Rust::Name => Rust::Name,
                items::Rust::Type(ty) => Rust::Type(ty.text(place)),
                items::Rust::Function(function) => {
                    let parameters = function.parameters.iter();
                    let parameters = parameters
                        .map(|parameter| (parameter.name.to_owned(), parameter.ty.text(place)));
                    Rust::Function(Signature {
                        text: function.text(place),
                        parameters: parameters.collect(),
                        output: function.output.text(place),
                    })
                }
            },
            deprecated: listed.deprecated,
        }
    }
}
