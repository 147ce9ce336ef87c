//! The methods that all request builders share.

mod debug;
mod setters;

pub use debug::debug_call;
pub use setters::Call;

use crate::client::{BodyMode, Client};
use crate::error::Result;
use crate::method::MethodInfo;
use crate::request::Request;
use crate::response::{FromResponse, Origin};
use crate::transport::BoxFuture;
use bytes::Bytes;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::time::Instant;

/// The future of a call's result. Nothing is sent before it is polled. Dropping it cancels the call.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi::spanner_v1::schemas::Instance;
/// use gapi_runtime::ResponseFuture;
///
/// # let spanner = spanner(["{}", "{}"]).await?;
/// let instances = spanner.projects().instances();
/// let instance: ResponseFuture<Instance> = instances.get("projects/p/instances/i").send();
/// let instance = instance.await?;
/// // A call is a future as well, so `send` is optional.
/// let instance = instances.get("projects/p/instances/i").await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct ResponseFuture<T> {
    response: BoxFuture<'static, Result<http::Response<Bytes>>>,
    origin: Origin,
    /// Errors name its host.
    client: Client,
    start: Option<Instant>,
    decoded: PhantomData<fn() -> T>,
}

impl<T: FromResponse> ResponseFuture<T> {
    #[doc(hidden)]
    pub fn new(request: Request) -> Self {
        let (client, method) = (request.client().clone(), request.method());
        let body_mode = if T::may_hold_errors() {
            BodyMode::Whole
        } else {
            BodyMode::Message
        };
        let response = request.execute_for(body_mode);
        Self::of(client, method, response)
    }
}

impl<T> ResponseFuture<T> {
    /// Creates the decoding of a response that is received in some other way.
    pub(crate) fn of(
        client: Client,
        method: &'static MethodInfo,
        response: BoxFuture<'static, Result<http::Response<Bytes>>>,
    ) -> Self {
        let service = client.service();
        Self {
            response,
            origin: Origin { service, method },
            client,
            start: None,
            decoded: PhantomData,
        }
    }
}

impl<T: FromResponse> Future for ResponseFuture<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let start = *self.start.get_or_insert_with(Instant::now);
        let response = ready!(self.response.as_mut().poll(context));
        let decoded = response.and_then(|response| T::from_response(response, self.origin));
        Poll::Ready(
            decoded.map_err(|error| error.completed(|| self.client.host(), start.elapsed())),
        )
    }
}

impl<T> fmt::Debug for ResponseFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture")
            .field("method", &self.origin.method.id)
            .finish_non_exhaustive()
    }
}

/// Turns a struct around a [`Request`](crate::Request) into the call of a method, by the facts of the method.
///
/// The struct is `pub struct Name(Request);`. It gains `Clone` and `Debug`, and becomes a [`Method`](crate::Method) and a
/// [`Call`](crate::Call) with `send` and `send_with_headers`, `retry`, `idempotent` and `timeout`. `response` is `Json`, `HttpBody` (asked for with `alt=json`,
/// returned as it comes), or `Bytes` where the document describes none.
///
/// The list behind the service has the scopes that the method accepts, the default one first: names of constants in the module
/// `scopes` next to the service, and after a semicolon the URLs of scopes without a constant.
///
/// The line `pages` makes it [`Paged`](crate::Paged): where the token goes, and the field of the response that holds the next
/// one. `but "fields"` states that the query parameter of that name is not a mask of the response. The line `items` makes it [`PagedItems`](crate::PagedItems). The line `upload` states how media is sent with the call
/// (`Simple`, or `Resumable` as well), of which types and of how many bytes at most, and adds the function `upload`; the line
/// `download` adds the function of that name. All lines but `id`, `service`, `request` and `response` are omitted where they
/// do not apply.
///
/// The line `stream` names the type of the messages of a streamed response, and adds the function `stream`.
/// The line `request_id` names the place of a UUID that the client sets once for each call, so that it can be retried. A line
/// `condition` names a place of a value that makes a call idempotent if the caller sets it. The line `idempotent` states that the
/// method is idempotent, or is not, whatever its verb is.
///
/// The line `operation` adds the function `poller` to a call that returns a [`LongRunningOperation`](crate::LongRunningOperation) schema:
/// its result is the `Operation` itself, or the `Response` of this type; the line `metadata` names the type of its metadata.
///
/// ```text
/// gapi_runtime::call!(List {
///     id: "spanner.projects.instances.operations.list",
///     service: api::Spanner [CLOUD_PLATFORM, SPANNER_ADMIN],
///     request: Get "v1/{+name}",
///     path "name": "^projects/[^/]+/instances/[^/]+/operations$",
///     api_version: "2026-11-01",
///     response: Json api::schemas::ListOperationsResponse,
///     pages: Query "pageToken" = next_page_token,
///     items: operations as Vec<api::schemas::Operation>,
/// });
/// gapi_runtime::call!(Insert {
///     id: "drive.files.insert",
///     service: api::Drive [DRIVE, DRIVE_FILE, DRIVE_APPDATA],
///     request: Post "files",
///     upload: Resumable "image/*" "video/*" max 10_485_760,
///     response: Json api::schemas::File,
///     download: Bytes,
/// });
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! call {
    (
        $call:ident {
            id: $id:literal,
            service: $service:ident $(:: $segment:ident)* $([$($scope:ident),* $(; $($undefined:literal),+)?])?,
            request: $verb:ident $path:literal,
            $(path $variable:literal $(: $pattern:literal)?,)*
            $(api_version: $api_version:literal,)?
            $(request_id: $id_place:ident $id_name:literal,)?
            $(condition: $condition_place:ident $condition_name:literal,)*
            $(idempotent: $idempotent:literal,)?
            $(upload: $protocol:ident $($accept:literal)* $(max $max_size:literal)?,)?
            response: $form:ident $response:ty,
            $(stream: $message:ty,)?
            $(download: $download:ident,)?
            $(pages: $place:ident $token:literal = $next:ident $(but $($no_mask:literal)+)?, $(items: $items:ident as $collection:ty,)?)?
            $(operation: $outcome:ident $result:ty, $(metadata: $metadata:ty,)?)?
        }
    ) => {
        #[allow(clippy::needless_update, reason = "later versions of the runtime know more facts")]
        impl $crate::Method for $call {
            type Service = $service $(:: $segment)*;
            type Response = $response;
            const INFO: &'static $crate::codegen::MethodInfo = &$crate::codegen::MethodInfo {
                id: $id,
                verb: $crate::codegen::Verb::$verb,
                path: $path,
                path_parameters: &[$($crate::codegen::PathParameter {
                    name: $variable,
                    $(pattern: ::core::option::Option::Some($pattern),)?
                    ..$crate::codegen::PathParameter::DEFAULT
                }),*],
                response: $crate::codegen::ResponseForm::$form,
                $(api_version: ::core::option::Option::Some($api_version),)?
                $(request_id: ::core::option::Option::Some($crate::codegen::Place::$id_place($id_name)),)?
                conditions: &[$($crate::codegen::Place::$condition_place($condition_name)),*],
                $(idempotent: ::core::option::Option::Some($idempotent),)?
                $(upload: $crate::call!(@upload_info $protocol [$($accept),*] [$($max_size)?]),)?
                $(download: $crate::call!(@download_info $download),)?
                scopes: $crate::call!(@scopes $service [$($segment)*] $([$($scope)*] [$($($undefined),+)?])?),
                ..$crate::codegen::MethodInfo::DEFAULT
            };
        }
        impl ::core::clone::Clone for $call {
            #[inline]
            fn clone(&self) -> Self {
                Self(::core::clone::Clone::clone(&self.0))
            }
        }
        impl ::core::fmt::Debug for $call {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::codegen::debug_call(&self.0, ::core::stringify!($call), f)
            }
        }
        impl $crate::Call for $call {
            #[inline]
            fn request(&self) -> &$crate::Request {
                &self.0
            }
            #[inline]
            fn map_request(self, change: impl ::core::ops::FnOnce($crate::Request) -> $crate::Request) -> Self {
                Self(change(self.0))
            }
        }
        impl $call {
            /// Sends the request and returns the body of the response.
            ///
            /// Set the optional parameters first. The trait [`Call`](gapi_runtime::Call) adds headers, etags and undocumented
            /// parameters.
            ///
            /// # Errors
            /// Fails if the request is rejected before it is sent, if no response comes, if the status of the response is not
            /// 2xx, or if the response cannot be read: see [`ErrorKind`](gapi_runtime::ErrorKind).
            #[inline]
            pub fn send(self) -> $crate::ResponseFuture<$response> {
                $crate::ResponseFuture::new(self.0)
            }
            $(
                $($crate::call!(@items $items);)?
                $crate::call!(@pages $next $response);
            )?
            $(
                /// Sends the request and waits until the operation that it begins or reads is done: see
                /// [`Poller`](gapi_runtime::Poller).
                #[inline]
                pub fn poller(self) -> $crate::Poller<$result $(, $metadata)?> {
                    let info = <$response as $crate::LongRunningOperation>::INFO;
                    $crate::Poller::new(self.0, info, $crate::codegen::Outcome::$outcome)
                }
            )?
            $(
                /// Sends the request and returns the messages of the response as they arrive: see
                /// [`MessageStream`](gapi_runtime::MessageStream).
                ///
                /// The request is sent when the stream is first polled. Dropping the stream cancels it.
                #[inline]
                pub fn stream(self) -> $crate::MessageStream<$message> {
                    $crate::MessageStream::new(self.0)
                }
            )?
            $($crate::call!(@upload $protocol);)?
            $($crate::call!(@download $download);)?
            /// Sends the request and returns the body of the response together with the HTTP status and the headers.
            ///
            /// # Errors
            /// The same errors as [`send`](Self::send).
            #[inline]
            pub fn send_with_headers(self) -> $crate::ResponseFuture<$crate::http::Response<$response>> {
                $crate::ResponseFuture::new(self.0)
            }
            /// Sets the deadline for the whole call, including retries and delays, instead of that of the client.
            #[inline]
            #[must_use]
            pub fn timeout(self, timeout: ::core::time::Duration) -> Self {
                Self(self.0.timeout(timeout))
            }
            /// Retries by this policy instead of the client's.
            #[inline]
            #[must_use]
            pub fn retry(self, policy: $crate::RetryPolicy) -> Self {
                Self(self.0.retry(policy))
            }
            /// Sets whether the call can be sent twice to the same effect. Only then is it retried when the server may have
            /// acted on it. By default `GET`, `PUT`, `DELETE`, and calls with a request id or a precondition are idempotent:
            /// see [`RetryPolicy`](gapi_runtime::RetryPolicy#idempotent-calls). With `false` the request id is still sent.
            #[inline]
            #[must_use]
            pub fn idempotent(self, idempotent: bool) -> Self {
                Self(self.0.idempotent(idempotent))
            }
        }
        impl ::core::future::IntoFuture for $call {
            type Output = $crate::Result<$response>;
            type IntoFuture = $crate::ResponseFuture<$response>;
            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                $crate::ResponseFuture::new(self.0)
            }
        }
        $($crate::call!(@resumable $protocol $call);)?
        $(
            #[allow(deprecated, reason = "the warning is for users")]
            impl $crate::Paged for $call {
                const TOKEN: $crate::codegen::PageToken = $crate::codegen::PageToken::$place($token);
                const NEXT: &'static str = ::core::stringify!($next);
                $(const NO_MASKS: &'static [&'static str] = &[$($no_mask),+];)?
                #[inline]
                fn next_page_token(page: &$response) -> ::core::option::Option<&str> {
                    page.$next.as_ref().map(::core::convert::AsRef::as_ref)
                }
            }
            $(
                #[allow(deprecated, reason = "the warning is for users")]
                impl $crate::PagedItems for $call {
                    type Items = $collection;
                    const ITEMS: &'static str = ::core::stringify!($items);
                    #[inline]
                    fn items(page: $response) -> ::core::option::Option<$collection> {
                        page.$items
                    }
                }
            )?
        )?
    };
    (@items $items:ident) => {
        /// Returns the items of this page and of all that follow, as a stream.
        ///
        /// A page is requested when its first item is. The stream ends after the last page and after the first error. A
        /// `fields` parameter that lacks the next page token gains it.
        #[inline]
        #[must_use = "a stream does nothing until it is polled"]
        pub fn items(self) -> $crate::Items<Self> {
            $crate::Items::new(self)
        }
    };
    (@pages $next:ident $response:ty) => {
        /// Returns this page and all that follow, as a stream of responses.
        ///
        /// A page is requested when the stream is polled for it. The stream ends after the page without a next page token and
        /// after the first error. A `fields` parameter that lacks the token gains it: see [`Pages`](gapi_runtime::Pages).
        #[inline]
        #[must_use = "a stream does nothing until it is polled"]
        pub fn pages(self) -> $crate::Pages<Self> {
            $crate::Pages::new(self)
        }
        /// Returns the call for the page after `page`: the same call with its next page token. `None` after the last page.
        ///
        /// The returned call sends nothing and fails if the page tokens form a cycle
        /// ([`ErrorKind::Page`](gapi_runtime::ErrorKind::Page)), or if the `fields` parameter of this call omits the token
        /// ([`ErrorKind::InvalidArgument`](gapi_runtime::ErrorKind::InvalidArgument)).
        #[inline]
        pub fn next_page(&self, page: &$response) -> ::core::option::Option<Self> {
            $crate::Pages::after(self, page)
        }
    };
    (@upload $protocol:ident) => {
        /// Sends media with the call: its content, after the body where the call has one.
        ///
        /// Set the optional parameters first. The returned value sends the call.
        #[inline]
        pub fn upload(self, media: $crate::Media) -> $crate::Upload<Self> {
            $crate::Upload::new(self.0, media)
        }
    };
    (@resumable Resumable $call:ident) => {
        impl $crate::Resumable for $call {}
    };
    (@resumable Simple $call:ident) => {};
    (@download Bytes) => {
        /// Requests the media itself instead of its description, in whatever form `send` returns it.
        ///
        /// Set the optional parameters first. The returned value sends the call.
        #[inline]
        pub fn download(self) -> $crate::Download {
            $crate::Download::new(self.0)
        }
    };
    (@upload_info $protocol:ident [$($accept:literal),*] [$($max_size:literal)?]) => {
        ::core::option::Option::Some($crate::codegen::UploadInfo {
            accept: &[$($accept),*],
            max_size: $crate::call!(@option $($max_size)?),
            resumable: $crate::call!(@is_resumable $protocol),
        })
    };
    (@is_resumable Resumable) => {
        true
    };
    (@is_resumable Simple) => {
        false
    };
    (@download_info Bytes) => {
        true
    };
    (@scopes $service:ident [$($segment:ident)*]) => {
        &[]
    };
    (@scopes $service:ident [] [$($scope:ident)*] [$($undefined:literal),*]) => {
        &[$(scopes::$scope,)* $($undefined),*]
    };
    (@scopes $api:ident [$service:ident] [$($scope:ident)*] [$($undefined:literal),*]) => {
        &[$($api::scopes::$scope,)* $($undefined),*]
    };
    (@option) => {
        ::core::option::Option::None
    };
    (@option $value:literal) => {
        ::core::option::Option::Some($value)
    };
}
