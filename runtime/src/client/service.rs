//! The client type of an API.

use super::Client;
use crate::method::ServiceInfo;

/// An API: the root of its generated module. Implemented by [`service!`](crate::service!).
///
/// ```
/// use gapi_runtime::Service;
///
/// /// Names the API of a client: `title::<Spanner>()`.
/// fn title<S: Service>() -> &'static str {
///     S::INFO.title
/// }
/// ```
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

/// Turns a struct around a [`Client`](crate::Client) into the client of an API, by the facts of the API.
///
/// The struct is `pub struct Name(gapi_runtime::Client);`. It becomes a [`Service`](crate::Service). The rows `id`, `name`,
/// `version`, `revision`, `title`, `root_url` and `batch_path` are required. There is a row `scope` for each OAuth 2.0 scope.
/// All other rows are omitted where they do not apply.
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
#[doc(hidden)]
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
                mtls_root_url: $crate::call!(@option $($mtls_root_url)?),
                service_path: $crate::service!(@or "" $($service_path)?),
                batch_path: $batch_path,
                scopes: &[$($scope),*],
                data_wrapper: $crate::service!(@or false $($data_wrapper)?),
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
    (@or $default:literal) => {
        $default
    };
    (@or $default:literal $value:literal) => {
        $value
    };
}
