//! Long-running operations: waiting for them, watching them, resuming the wait.
//!
//! Two forms are known: that of AIP-151 (`name`, `done`, `error`, `response`, `metadata`) and that of Compute Engine and its
//! relatives (`operationType`, `status`, `selfLink`, `error`). How an operation is read, canceled and waited for is stated
//! once for its schema, by [`operation!`](crate::operation!).

mod any;
mod info;
mod poller;
mod run;
mod snapshot;

pub use any::member_as;
pub use info::{LongRunningOperation, OperationInfo, OperationMethods, OperationStyle};
pub use poller::{InProgress, Poller, UntilDone, Update, Updates};
pub use run::Outcome;

/// Makes a schema [`LongRunningOperation`](crate::LongRunningOperation), from the methods that read, cancel and wait for such operations.
///
/// A group of rows describes each method that reads an operation: the row `get`, then `cancel` and `wait` where the resource
/// has them. A row states id, verb, path template and variables, each with its pattern where the document has one. The value of
/// the header `x-goog-api-version` follows after `in`. Then comes the list of scopes, the default one first, unless the service
/// takes `cloud-platform`. In the style of AIP-151 the schema also gets `response_as` and
/// `metadata_as`.
///
/// ```text
/// gapi_runtime::operation!(Operation {
///     style: Aip151,
///     get: "example.operations.get" Get "v1/{+name}" "name" = "^operations/[^/]+$",
///     cancel: "example.operations.cancel" Post "v1/{+name}:cancel" "name" = "^operations/[^/]+$",
/// });
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! operation {
    (
        $schema:ident {
            style: $style:ident
            $(, get: $get:literal $get_verb:ident $get_path:literal
                $($get_variable:literal $(= $get_pattern:literal)?)* $(in $get_version:literal)? $([$($get_scope:path),+])?
                $(, cancel: $cancel:literal $cancel_verb:ident $cancel_path:literal
                    $($cancel_variable:literal $(= $cancel_pattern:literal)?)* $(in $cancel_version:literal)? $([$($cancel_scope:path),+])?)?
                $(, wait: $wait:literal $wait_verb:ident $wait_path:literal
                    $($wait_variable:literal $(= $wait_pattern:literal)?)* $(in $wait_version:literal)? $([$($wait_scope:path),+])?)?
            )*
            $(,)?
        }
    ) => {
        impl $crate::LongRunningOperation for $schema {
            const INFO: &'static $crate::codegen::OperationInfo = &$crate::codegen::OperationInfo {
                style: $crate::codegen::OperationStyle::$style,
                methods: &[$($crate::codegen::OperationMethods {
                    get: $crate::operation!(
                        @method $get $get_verb $get_path [$($get_variable $(= $get_pattern)?),*] [$($($get_scope),+)?]
                            $($get_version)?
                    ),
                    cancel: $crate::operation!(@option $($crate::operation!(
                        @method $cancel $cancel_verb $cancel_path [$($cancel_variable $(= $cancel_pattern)?),*] [$($($cancel_scope),+)?]
                            $($cancel_version)?
                    ))?),
                    wait: $crate::operation!(@option $($crate::operation!(
                        @method $wait $wait_verb $wait_path [$($wait_variable $(= $wait_pattern)?),*] [$($($wait_scope),+)?]
                            $($wait_version)?
                    ))?),
                }),*],
            };
        }
        $crate::operation!(@members $style $schema);
    };
    (@method $id:literal $verb:ident $path:literal [$($variable:literal $(= $pattern:literal)?),*] [$($scope:path),*]
        $($version:literal)?) => {
        $crate::codegen::MethodInfo {
            id: $id,
            verb: $crate::codegen::Verb::$verb,
            path: $path,
            path_parameters: &[$($crate::codegen::PathParameter {
                name: $variable,
                pattern: $crate::call!(@option $($pattern)?),
            }),*],
            api_version: $crate::call!(@option $($version)?),
            scopes: &[$($scope),*],
            ..$crate::codegen::MethodInfo::DEFAULT
        }
    };
    (@option) => {
        ::core::option::Option::None
    };
    (@option $value:expr) => {
        ::core::option::Option::Some($value)
    };
    (@members Compute $schema:ident) => {};
    (@members Aip151 $schema:ident) => {
        impl $schema {
            /// Decodes `response`, the result of the finished operation. Returns `None` if there is none.
            ///
            /// # Errors
            /// [`ErrorKind::Decode`](gapi_runtime::ErrorKind::Decode) when its `@type` is that of another message than `T`, or
            /// when it cannot be read as one.
            pub fn response_as<T: $crate::WireFormat>(&self) -> $crate::Result<::core::option::Option<T>> {
                $crate::codegen::member_as(self, "response")
            }
            /// Decodes `metadata`, the service's information about the operation. Returns `None` if there is none.
            ///
            /// # Errors
            /// The same errors as [`response_as`](Self::response_as).
            pub fn metadata_as<T: $crate::WireFormat>(&self) -> $crate::Result<::core::option::Option<T>> {
                $crate::codegen::member_as(self, "metadata")
            }
        }
    };
}
