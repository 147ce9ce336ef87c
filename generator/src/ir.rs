//! The model of an API: plain data, addressed by typed ids, without a single Rust name.
//!
//! Made by `lower`, read by [`facts`](crate::facts), [`names`](crate::names) and `emit`; nobody changes
//! it after lowering.

use serde::Serialize;

use crate::{Revision, diagnostics::Pointer};

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
    /// Where the API is documented.
    pub documentation_link: Option<String>,
    /// Scheme and host, ending in `/`.
    pub root_url: String,
    /// The same for mutual TLS.
    pub mtls_root_url: Option<String>,
    /// The path under the root that every method's path is relative to; empty or ending in `/`.
    pub service_path: String,
    /// Where batches go, relative to the root.
    pub batch_path: String,
    /// Whether bodies are wrapped as `{"data": …}` (`features: ["dataWrapper"]`).
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

/// Index into [`Api::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TypeId(pub usize);

/// Index into [`Api::methods`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct MethodId(pub usize);

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
    /// The ids of all types, in order.
    pub fn type_ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..self.types.len()).map(TypeId)
    }

    /// The ids of all methods, in order.
    pub fn method_ids(&self) -> impl Iterator<Item = MethodId> + use<> {
        (0..self.methods.len()).map(MethodId)
    }
}

/// An OAuth 2.0 scope.
#[derive(Clone, Debug, Serialize)]
pub struct Scope {
    /// The scope's URL.
    pub url: String,
    /// What it grants.
    pub docs: String,
}

/// A type that has a name of its own.
#[derive(Clone, Debug, Serialize)]
pub struct TypeDef {
    /// What the type belongs to; its name follows from that.
    pub owner: Owner,
    /// Where it stands in the document.
    pub origin: Pointer,
    /// The description.
    pub docs: Option<String>,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// What it is.
    pub shape: Shape,
}

/// What a type belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// It is the top-level schema of this id.
    Schema(String),
    /// It is written inside a property (or its elements) of another type; `None` for the elements of
    /// a top-level array or map.
    Inline {
        /// The type that has the property.
        parent: TypeId,
        /// The property's wire name.
        property: Option<String>,
    },
    /// It is the allowed values of a method's parameter.
    Parameter {
        /// The method.
        method: MethodId,
        /// The parameter's wire name.
        parameter: String,
    },
    /// It is the allowed values of an API-wide parameter of this wire name.
    ApiParameter(String),
    /// It is written inside a method as its request.
    Request(MethodId),
    /// It is written inside a method as its response.
    Response(MethodId),
}

/// What a type is.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// An object with named members.
    Struct(Vec<Field>),
    /// A string with documented values. Always open: a server may know more of them.
    Enum(Vec<Variant>),
    /// A top-level schema that is an array, a map or a scalar.
    Alias(TypeRef),
}

/// A member of an object.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// The name in JSON.
    pub wire: String,
    /// Where it stands in the document.
    pub origin: Pointer,
    /// The description.
    pub docs: Option<String>,
    /// The type.
    pub ty: TypeRef,
    /// Whether only the server sets it.
    pub read_only: bool,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// The value that the server assumes, as text.
    pub default: Option<String>,
}

/// An allowed value.
#[derive(Clone, Debug, Serialize)]
pub struct Variant {
    /// The value in JSON and in queries.
    pub wire: String,
    /// Where it stands in the document.
    pub origin: Pointer,
    /// What it means.
    pub docs: Option<String>,
    /// Other spellings that the document lists for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
}

/// The type of a field, parameter or body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeRef {
    /// `boolean`.
    Bool,
    /// `integer` of format `int32`.
    I32,
    /// `integer` of format `uint32`.
    U32,
    /// `string` of format `int64`: a 64-bit integer that JSON carries as text.
    I64,
    /// `string` of format `uint64`.
    U64,
    /// `number`: `float` and `double` alike, so that no digit is lost.
    F64,
    /// `string`.
    String,
    /// `string` of format `byte`.
    Base64,
    /// `string` of format `date`.
    Date,
    /// `string` of format `date-time` or `google-datetime`.
    DateTime,
    /// `string` of format `google-duration`.
    Duration,
    /// `string` of format `google-fieldmask`.
    FieldMask,
    /// `any`, and whatever this generator does not know.
    Any,
    /// `array`.
    List(Box<TypeRef>),
    /// `object` with `additionalProperties`.
    Map(Box<TypeRef>),
    /// A type with a name of its own.
    Named(TypeId),
}

impl TypeRef {
    /// The type with a name that it is, or that its elements are.
    #[must_use]
    pub fn named(&self) -> Option<TypeId> {
        match self {
            Self::List(inner) | Self::Map(inner) => inner.named(),
            Self::Named(id) => Some(*id),
            _ => None,
        }
    }
}

/// A resource of the API.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Resource {
    /// The wire names from the root down; empty for the root.
    pub path: Vec<String>,
    /// Where it stands in the document.
    pub origin: Pointer,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// Its methods, by wire name.
    pub methods: Vec<MethodId>,
    /// Its child resources, by wire name.
    pub children: Vec<Resource>,
}

/// The verb of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verb {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
    /// `PATCH`.
    Patch,
    /// `DELETE`.
    Delete,
}

/// A method of a resource.
#[derive(Clone, Debug, Serialize)]
pub struct Method {
    /// The id in the document, for example `spanner.projects.instances.get`.
    pub id: String,
    /// The wire name in its resource.
    pub name: String,
    /// The wire names of the resource, from the root down.
    pub resource: Vec<String>,
    /// Where it stands in the document.
    pub origin: Pointer,
    /// The description.
    pub docs: Option<String>,
    /// The HTTP verb.
    pub verb: Verb,
    /// The path, relative to the service path.
    pub path: PathTemplate,
    /// Required parameters first, in `parameterOrder`; then the others by name.
    pub parameters: Vec<Param>,
    /// The body, if the method takes one.
    pub request: Option<TypeRef>,
    /// The answer, if it is JSON.
    pub response: Option<TypeRef>,
    /// Whether the answer is a stream of messages, which JSON carries as an array.
    pub streaming: bool,
    /// The scopes that allow it, each one sufficient.
    pub scopes: Vec<String>,
    /// How media is uploaded with it.
    pub upload: Option<Upload>,
    /// Whether the answer can be downloaded as media.
    pub download: bool,
    /// The value of the `x-goog-api-version` header.
    pub api_version: Option<String>,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
}

/// A path template: `v1/{+name}/operations`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PathTemplate {
    /// The template as the document writes it.
    pub text: String,
    /// Its parts in order.
    pub segments: Vec<Segment>,
}

/// A part of a path template (RFC 6570).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Segment {
    /// Text that is copied.
    Literal(String),
    /// `{name}`: everything but unreserved characters is percent-encoded.
    Simple(String),
    /// `{+name}`: reserved characters stay.
    Reserved(String),
}

/// A parameter of a method or of the whole API.
#[derive(Clone, Debug, Serialize)]
pub struct Param {
    /// The name in the path template or in the query.
    pub wire: String,
    /// Where it stands in the document.
    pub origin: Pointer,
    /// The description.
    pub docs: Option<String>,
    /// Where it goes.
    pub location: Location,
    /// The type of one value.
    pub ty: TypeRef,
    /// Whether the method cannot be called without it.
    pub required: bool,
    /// Whether it may occur several times.
    pub repeated: bool,
    /// The regular expression that values have to match.
    pub pattern: Option<String>,
    /// The value that the server assumes, as text.
    pub default: Option<String>,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Location {
    /// Into the path.
    Path,
    /// Into the query.
    Query,
}

/// How media is uploaded with a method.
#[derive(Clone, Debug, Serialize)]
pub struct Upload {
    /// The media types that are taken, for example `image/*`; none when all are.
    pub accept: Vec<String>,
    /// The largest size in bytes.
    pub max_size: Option<u64>,
    /// Whether one request can carry it.
    pub simple: bool,
    /// Whether it can be sent in resumable chunks.
    pub resumable: bool,
}
