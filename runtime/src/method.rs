//! The facts that generated code states about a service and its methods.

/// The HTTP verb of a method: `httpMethod` in the document.
///
/// ```
/// use gapi_runtime::Verb;
///
/// assert_eq!(Verb::Get.as_str(), "GET");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Verb {
    /// Returns the verb as it is written in a request line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Returns `true` if a second request has no further effect (RFC 9110, section 9.2.2).
    pub(crate) const fn is_idempotent(self) -> bool {
        matches!(self, Self::Get | Self::Put | Self::Delete)
    }

    /// Returns `true` if a request with this verb states the length of its body even when it has none.
    pub(crate) const fn announces_empty_body(self) -> bool {
        matches!(self, Self::Post | Self::Put | Self::Patch)
    }
}

impl From<Verb> for http::Method {
    fn from(verb: Verb) -> Self {
        match verb {
            Verb::Get => Self::GET,
            Verb::Post => Self::POST,
            Verb::Put => Self::PUT,
            Verb::Patch => Self::PATCH,
            Verb::Delete => Self::DELETE,
        }
    }
}

/// The form of the response of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseForm {
    /// JSON that the document describes.
    Json,
    /// A body of any media type: the schema `HttpBody` of the document.
    HttpBody,
    /// A body of any media type: the document describes no response.
    Bytes,
}

impl ResponseForm {
    /// Returns the parameter `alt`: `json` where the document describes a response, even for an `HttpBody`.
    pub(crate) const fn alt(self) -> Option<&'static str> {
        match self {
            Self::Json | Self::HttpBody => Some("json"),
            Self::Bytes => None,
        }
    }

    /// Returns the header `accept`. A server that cannot send JSON responds with status 406 to a request for it.
    pub(crate) const fn accept(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::HttpBody | Self::Bytes => "*/*",
        }
    }
}

/// A variable of a path template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathParameter {
    /// Its name in the template.
    pub name: &'static str,
    /// The regular expression for the values in the document, anchored at the start only.
    pub pattern: Option<&'static str>,
}

impl PathParameter {
    /// A variable without a pattern: the base for struct update syntax.
    pub const DEFAULT: Self = Self {
        name: "",
        pattern: None,
    };
}

/// The place of a value in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The query parameter of this name.
    Query(&'static str),
    /// The member of the JSON body at this path, for instance `policy.etag`.
    Body(&'static str),
}

/// The description of a method in a document, as far as requests depend on it.
///
/// [`Method::INFO`](crate::Method::INFO) is that of a call, for instance to find out which scopes a user has to grant:
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # fn main() {
/// use gapi::spanner_v1::{projects::instances::List, scopes};
/// use gapi_runtime::{Method, MethodInfo, PathParameter, Place, ResponseForm, UploadInfo, Verb};
///
/// assert_eq!(List::INFO.id, "spanner.projects.instances.list");
/// assert_eq!(List::INFO.verb, Verb::Get);
/// assert_eq!(List::INFO.scopes, [scopes::CLOUD_PLATFORM, scopes::SPANNER_ADMIN]);
///
/// /// Prints the description of any method.
/// fn describe(method: &MethodInfo) {
///     println!("{} {}", method.verb.as_str(), method.path);
///     for PathParameter { name, pattern } in method.path_parameters {
///         println!("{name}: {}", pattern.unwrap_or("any text"));
///     }
///     if let Some(Place::Query(name) | Place::Body(name)) = method.request_id {
///         println!("{name} is a UUID, which the client sets");
///     }
///     if let Some(UploadInfo { accept, .. }) = method.upload {
///         println!("takes media: {}", accept.join(", "));
///     }
///     if method.response != ResponseForm::Json {
///         println!("returns bytes");
///     }
/// }
/// # describe(List::INFO);
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MethodInfo {
    /// The id, for instance `spanner.projects.instances.list`; errors name it.
    pub id: &'static str,
    /// The HTTP verb.
    pub verb: Verb,
    /// The path template, relative to the service path.
    pub path: &'static str,
    /// The variables of `path`.
    pub path_parameters: &'static [PathParameter],
    /// The form of the response. The parameter `alt` and the header `accept` follow from it.
    pub response: ResponseForm,
    /// The value of the `x-goog-api-version` header.
    pub api_version: Option<&'static str>,
    /// The place of a UUID by which the server recognizes a request that it has executed (AIP-155). The client sets it.
    pub request_id: Option<Place>,
    /// The values that let the server execute a request at most once, if the caller sets one of them.
    pub conditions: &'static [Place],
    /// The idempotency of a call without such values, where it is not that of the verb.
    pub idempotent: Option<bool>,
    /// The upload protocols of the method: `mediaUpload`.
    pub upload: Option<UploadInfo>,
    /// `true` if the method returns media on request: `supportsMediaDownload`.
    pub download: bool,
    /// The OAuth 2.0 scopes that the method accepts, each of them sufficient. A client requests the first one by default:
    /// `cloud-platform` if the service takes it, and otherwise the narrowest scope that shows all data of the method. Empty if
    /// the document lists none.
    pub scopes: &'static [&'static str],
}

/// The upload protocols of a method: `mediaUpload` in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadInfo {
    /// The accepted media types, for instance `image/*`. Empty if the document lists none: then all types are accepted.
    pub accept: &'static [&'static str],
    /// The maximum size of the media, in bytes.
    pub max_size: Option<u64>,
    /// `true` if media can be sent in chunks: `protocols.resumable`.
    pub resumable: bool,
}

impl MethodInfo {
    /// Returns `true` if every request of the method can be sent twice to the same effect.
    pub(crate) fn is_idempotent(&self) -> bool {
        self.idempotent.unwrap_or_else(|| self.verb.is_idempotent())
    }

    /// A method without parameters that responds in JSON: the base for struct update syntax.
    pub const DEFAULT: Self = Self {
        id: "",
        verb: Verb::Get,
        path: "",
        path_parameters: &[],
        response: ResponseForm::Json,
        api_version: None,
        request_id: None,
        conditions: &[],
        idempotent: None,
        upload: None,
        download: false,
        scopes: &[],
    };
}

/// The description of the service as a whole in a document.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # fn main() {
/// use gapi::spanner_v1::Spanner;
/// use gapi_runtime::{Service, ServiceInfo};
///
/// let service: &ServiceInfo = Spanner::INFO;
/// assert_eq!((service.title, service.version), ("Cloud Spanner API", "v1"));
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceInfo {
    /// The id, for instance `spanner:v1`.
    pub id: &'static str,
    /// The name, for instance `spanner`.
    pub name: &'static str,
    /// The version, for instance `v1`.
    pub version: &'static str,
    /// The revision of the document, mostly a date such as `20261006`.
    pub revision: &'static str,
    /// The title, for instance `Cloud Spanner API`.
    pub title: &'static str,
    /// The root URL of the service: an `https` URL that ends in `/`.
    pub root_url: &'static str,
    /// The same for clients that show a certificate.
    pub mtls_root_url: Option<&'static str>,
    /// The path between the root and a method's path: empty, or ends in `/`.
    pub service_path: &'static str,
    /// The path of batch requests, relative to the root.
    pub batch_path: &'static str,
    /// The OAuth 2.0 scopes that the service knows.
    pub scopes: &'static [&'static str],
    /// `true` if bodies are wrapped as `{"data": …}` in both directions.
    pub data_wrapper: bool,
}
