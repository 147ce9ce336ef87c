//! The facts that generated code states about a service and its methods.

use crate::client::Client;
use crate::response::FromResponse;

/// The HTTP verb of a method: `httpMethod` in the document.
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
    /// The verb as it is written in a request line.
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

/// A variable of a path template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathParameter {
    /// Its name in the template.
    pub name: &'static str,
    /// The regular expression for the values in the document, anchored at the start only.
    pub pattern: Option<&'static str>,
}

/// The description of a method in a document, as far as requests depend on it.
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
    /// The `alt` parameter: `json` where the document describes a response (an `HttpBody` too), `None` where it does not.
    /// The `accept` header follows it.
    pub alt: Option<&'static str>,
    /// The value of the `x-goog-api-version` header.
    pub api_version: Option<&'static str>,
    /// The upload protocols of the method: `mediaUpload`.
    pub upload: Option<UploadInfo>,
    /// `true` if the method returns media on request: `supportsMediaDownload`.
    pub download: bool,
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
    /// A method without parameters that responds in JSON: the base for struct update syntax.
    pub const DEFAULT: Self = Self {
        id: "",
        verb: Verb::Get,
        path: "",
        path_parameters: &[],
        alt: Some("json"),
        api_version: None,
        upload: None,
        download: false,
    };
}

/// The description of the service as a whole in a document.
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

impl ServiceInfo {
    /// The base for struct update syntax: no facts, and requests that need none.
    pub const DEFAULT: Self = Self {
        id: "",
        name: "",
        version: "",
        revision: "",
        title: "",
        root_url: "",
        mtls_root_url: None,
        service_path: "",
        batch_path: "batch",
        scopes: &[],
        data_wrapper: false,
    };
}

/// An API: the root of its generated module. Implemented by [`service!`](crate::service!).
pub trait Service: Sized {
    /// The description of the service in the document.
    const INFO: &'static ServiceInfo;

    /// `true` if the document asks for encoded slashes (`%2F`) in resource names. Otherwise calls with them are rejected: see
    /// [`allow_encoded_slashes`](crate::ClientBuilder::allow_encoded_slashes).
    const TAKES_ENCODED_SLASHES: bool = false;

    /// The API over a client that was built for it.
    fn from_client(client: Client) -> Self;

    /// The client that it was made of.
    fn client(&self) -> &Client;
}

/// Makes a struct around a [`Client`](crate::Client) the client of an API, from the facts of the API.
///
/// The struct is `pub struct Name(gapi_runtime::Client);`. It becomes a [`Service`](crate::Service). The rows `id`, `name`,
/// `version`, `revision`, `title`, `root_url` and `batch_path` are required. There is a row `scope` for each OAuth 2.0 scope.
/// All other rows are left out where they do not apply.
///
/// ```
/// #[derive(Clone, Debug)]
/// pub struct Drive(gapi_runtime::Client);
/// gapi_runtime::service!(Drive {
///     id: "drive:v3",
///     name: "drive",
///     version: "v3",
///     revision: "20261020",
///     title: "Google Drive API",
///     root_url: "https://www.googleapis.com/",
///     mtls_root_url: "https://www.mtls.googleapis.com/",
///     service_path: "drive/v3/",
///     batch_path: "batch/drive/v3",
///     scope: "https://www.googleapis.com/auth/drive",
/// });
/// ```
#[macro_export]
macro_rules! service {
    (
        $service:ident {
            id: $id:literal,
            name: $name:literal,
            version: $version:literal,
            revision: $revision:literal,
            title: $title:literal,
            root_url: $root_url:literal,
            $(mtls_root_url: $mtls_root_url:literal,)?
            $(service_path: $service_path:literal,)?
            batch_path: $batch_path:literal,
            $(scope: $scope:literal,)*
            $(data_wrapper: $data_wrapper:literal,)?
            $(encoded_slashes: $encoded_slashes:literal,)?
        }
    ) => {
        impl $crate::Service for $service {
            const INFO: &'static $crate::codegen::ServiceInfo = &$crate::codegen::ServiceInfo {
                id: $id,
                name: $name,
                version: $version,
                revision: $revision,
                title: $title,
                root_url: $root_url,
                $(mtls_root_url: ::core::option::Option::Some($mtls_root_url),)?
                $(service_path: $service_path,)?
                batch_path: $batch_path,
                scopes: &[$($scope),*],
                $(data_wrapper: $data_wrapper,)?
                ..$crate::codegen::ServiceInfo::DEFAULT
            };
            $(const TAKES_ENCODED_SLASHES: bool = $encoded_slashes;)?
            #[inline]
            fn from_client(client: $crate::Client) -> Self {
                Self(client)
            }
            #[inline]
            fn client(&self) -> &$crate::Client {
                &self.0
            }
        }
    };
}

/// A method of an API; implemented by its request builder.
pub trait Method {
    /// The API that it belongs to.
    type Service: Service;
    /// The type that a successful call returns.
    type Response: FromResponse;
    /// The description of the method in the document.
    const INFO: &'static MethodInfo;
}
