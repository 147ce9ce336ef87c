//! Methods and their parameters.

use serde::Serialize;

use super::types::TypeRef;
use crate::diagnostics::Pointer;

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

impl Verb {
    /// Returns the verb as the runtime calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "Get",
            Self::Post => "Post",
            Self::Put => "Put",
            Self::Patch => "Patch",
            Self::Delete => "Delete",
        }
    }

    /// Returns the verb as HTTP writes it.
    #[must_use]
    pub fn http(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
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
    /// Its place in the document.
    pub origin: Pointer,
    /// Its verb and its path below the root, with `*` for each variable. Tables of facts use them as keys.
    #[serde(skip)]
    pub place: String,
    /// The description.
    pub docs: Option<String>,
    /// The HTTP verb.
    pub verb: Verb,
    /// The path, relative to the service path.
    pub path: PathTemplate,
    /// The parameters: first the required ones in `parameterOrder`, then the others by name.
    pub parameters: Vec<Param>,
    /// The body, if the method takes one.
    pub request: Option<TypeRef>,
    /// The response, if it is JSON.
    pub response: Option<TypeRef>,
    /// `true` if the response is a stream of messages, which is an array in JSON.
    pub streaming: bool,
    /// The scopes that allow it, each one sufficient.
    pub scopes: Vec<String>,
    /// The media uploads that it accepts.
    pub upload: Option<Upload>,
    /// `true` if the response can be downloaded as media.
    pub download: bool,
    /// The value of the `x-goog-api-version` header.
    pub api_version: Option<String>,
    /// `true` if the document marks it as deprecated.
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
    /// `{/name*}`: a slash before each value, and everything but unreserved characters is percent-encoded.
    Slashed(String),
}

impl Segment {
    /// Returns the name of the variable, if this is one.
    #[must_use]
    pub fn variable(&self) -> Option<&str> {
        match self {
            Self::Simple(name) | Self::Reserved(name) | Self::Slashed(name) => Some(name),
            Self::Literal(_) => None,
        }
    }
}

/// A parameter of a method or of the whole API.
#[derive(Clone, Debug, Serialize)]
pub struct Param {
    /// The name in the path template or in the query.
    pub wire: String,
    /// Its place in the document.
    pub origin: Pointer,
    /// The description.
    pub docs: Option<String>,
    /// The location in the request.
    pub location: Location,
    /// The type of one value.
    pub ty: TypeRef,
    /// `true` if the method requires it.
    pub required: bool,
    /// `true` if it may occur several times.
    pub repeated: bool,
    /// The regular expression that values must match.
    pub pattern: Option<String>,
    /// The value that the server assumes, as text.
    pub default: Option<String>,
    /// `true` if the document marks it as deprecated.
    pub deprecated: bool,
}

/// The location of a parameter in the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Location {
    /// The path.
    Path,
    /// The query.
    Query,
}

/// The media uploads of a method.
#[derive(Clone, Debug, Serialize)]
pub struct Upload {
    /// The accepted media types, for example `image/*`; empty if all are accepted.
    pub accept: Vec<String>,
    /// The largest size in bytes.
    pub max_size: Option<u64>,
    /// `true` if the media can be sent in one request.
    pub simple: bool,
    /// `true` if the media can be sent in resumable chunks.
    pub resumable: bool,
}
