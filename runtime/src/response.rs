//! From an HTTP response to the response of a method.

use crate::error::content_type;
use crate::error::{Error, Result};
use crate::framing::{Broken, Fault, Splitter};
use crate::method::{MethodInfo, ServiceInfo, Verb};
use crate::secrets::stream_error;
use crate::trace::DecodingSpan;
use crate::wire::{
    Budget, DEFAULT_LIMIT, Decoded, FieldNames, RAISE_LIMIT, WireFormat, member, read_element,
    read_json,
};
use bytes::Bytes;
use http::StatusCode;
use http::response::Parts;
use std::cell::RefCell;

/// The call that a response belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// The API.
    pub service: &'static ServiceInfo,
    /// The method.
    pub method: &'static MethodInfo,
}

/// A type that a successful call can return.
///
/// * A [`WireFormat`] type: the body is JSON. No body, as with status 204, counts as `{}`. The exception is a `GET` response with
///   status 200 and no body: if the message has fields, the body was cut off, which is an error. A list is the messages of a
///   stream, in all the formats that [`MessageStream`](crate::MessageStream) reads.
/// * [`Bytes`]: the body as it is, for methods without a documented response and for those that return an `HttpBody`.
/// * [`http::Response`] of either: with the status and the headers.
///
/// ```no_run
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_runtime::{FromResponse, MethodInfo, http};
///
/// /// Prints the headers of the response to any call: `log(instances.get(name).send_with_headers().await?)`.
/// fn log<T: FromResponse>(response: http::Response<T>) -> T {
///     for (name, value) in response.headers() {
///         println!("{name}: {value:?}");
///     }
///     response.into_body()
/// }
/// # Ok(())
/// # }
/// ```
///
/// [`Bytes`]: https://docs.rs/bytes/latest/bytes/struct.Bytes.html
/// [`http::Response`]: https://docs.rs/http/latest/http/response/struct.Response.html
pub trait FromResponse: Sized + Send + 'static {
    /// Returns `true` if the body of a successful response can contain an error.
    #[doc(hidden)]
    #[must_use]
    fn may_hold_errors() -> bool {
        false
    }

    /// Decodes a response with a 2xx status.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) when the body is not what the document describes.
    #[doc(hidden)]
    fn from_response(response: http::Response<Bytes>, origin: Origin) -> Result<Self>;

    /// Returns the content type and the body of a response that is decoded as this value. `None` if it cannot be written.
    #[cfg(feature = "test-util")]
    #[doc(hidden)]
    fn to_body(&self) -> Option<(&'static str, Bytes)> {
        None
    }
}

impl FromResponse for Bytes {
    fn from_response(response: http::Response<Bytes>, _: Origin) -> Result<Self> {
        Ok(response.into_body())
    }

    #[cfg(feature = "test-util")]
    fn to_body(&self) -> Option<(&'static str, Bytes)> {
        Some(("application/octet-stream", self.clone()))
    }
}

impl<T: WireFormat + Send + 'static> FromResponse for T {
    fn may_hold_errors() -> bool {
        T::empty_list().is_some()
    }

    fn from_response(mut response: http::Response<Bytes>, origin: Origin) -> Result<Self> {
        let span = DecodingSpan::of(&mut response);
        let decoded = decode(response, origin);
        span.end(&decoded);
        decoded
    }

    #[cfg(feature = "test-util")]
    fn to_body(&self) -> Option<(&'static str, Bytes)> {
        let json = crate::wire::to_json(self).ok()?;
        Some(("application/json; charset=UTF-8", json.into()))
    }
}

/// Decodes a body that is JSON.
fn decode<T: WireFormat>(response: http::Response<Bytes>, origin: Origin) -> Result<T> {
    let (parts, body) = response.into_parts();
    let is_blank = body.iter().all(u8::is_ascii_whitespace);
    // If it counted as an empty page, a list would silently end early.
    if is_blank && parts.status == StatusCode::OK && is_read::<T>(origin.method) {
        let problem = format!("the body ({}) is empty", content_type(&parts.headers));
        let response = http::Response::from_parts(parts, body);
        return Err(Error::unreadable(origin.method, problem, response));
    }
    let is_empty = is_blank || parts.status == StatusCode::NO_CONTENT;
    let json = if is_empty {
        T::EMPTY_BODY.as_bytes()
    } else {
        &body
    };
    let budget = parts.extensions.get().copied();
    let budget = budget.unwrap_or_else(|| Budget::of(DEFAULT_LIMIT, json.len()));
    let data = if origin.service.data_wrapper {
        wrapped(json)
    } else if let Some((list, message)) = T::empty_list() {
        return streamed(list, message, parts, &body, budget, origin.method);
    } else {
        None
    };
    let decoded = match data {
        Some(data) => read_json(data, budget).map_err(|error| error.within(DATA)),
        None => read_json(json, budget),
    };
    match decoded {
        Ok(Decoded(value)) => Ok(value),
        Err(error) => Err(Error::decode(
            origin.method,
            http::Response::from_parts(parts, body),
            &error,
        )),
    }
}

/// Returns `true` if a method is there to return a message, and the message has members.
fn is_read<T: WireFormat>(method: &MethodInfo) -> bool {
    let has_members = T::MESSAGE.is_some_and(|message| !message.wire.is_empty());
    method.verb == Verb::Get && has_members
}

/// The member that some APIs put their responses in.
const DATA: &str = "data";

/// Returns X of `{"data": X}`.
pub(crate) fn wrapped(json: &[u8]) -> Option<&[u8]> {
    member(str::from_utf8(json).ok()?, DATA).map(str::as_bytes)
}

/// Reads the elements of a list from the messages of a stream, in any format that a stream may have. An error among them is an
/// error.
fn streamed<T: WireFormat>(
    list: T,
    message: Option<FieldNames>,
    head: Parts,
    body: &Bytes,
    budget: Budget,
    method: &MethodInfo,
) -> Result<T> {
    let (list, mut budget) = (RefCell::new(list), budget.without_copy(body.len()));
    let mut splitter = Splitter::new(&head.headers, message, usize::MAX);
    splitter.push(body);
    splitter.end();
    for index in 0.. {
        match splitter.next() {
            Some(Ok(json)) => {
                if let Err(error) = read_element(json, &mut budget, &list) {
                    let json = Bytes::copy_from_slice(json);
                    let response = http::Response::from_parts(head, json);
                    return Err(Error::decode(method, response, &error.of_element(index)));
                }
            }
            Some(Err(fault)) => return Err(stream_fault(method, fault, head, usize::MAX)),
            None => break,
        }
    }
    Ok(list.into_inner())
}

/// Returns the error for a stream that ends before the end of its body. `limit` is the maximum size of a message in bytes.
pub(crate) fn stream_fault(method: &MethodInfo, fault: Fault, head: Parts, limit: usize) -> Error {
    let content_type = content_type(&head.headers);
    let is_too_large = matches!(fault, Fault::TooLarge);
    let problem = match fault {
        Fault::Status(status, element) => {
            let response = http::Response::from_parts(head, element);
            return stream_error(method, *status, response);
        }
        Fault::Broken(Broken(reason)) => {
            format!("the body ({content_type}) {reason}")
        }
        Fault::TooLarge => {
            format!("a message of the stream is larger than the limit of {limit} bytes")
        }
    };
    let response = http::Response::from_parts(head, Bytes::new());
    Error::unreadable(method, problem, response).with_advice(is_too_large.then_some(RAISE_LIMIT))
}

impl<T: FromResponse> FromResponse for http::Response<T> {
    fn may_hold_errors() -> bool {
        T::may_hold_errors()
    }

    fn from_response(response: http::Response<Bytes>, origin: Origin) -> Result<Self> {
        let mut head = http::Response::new(());
        *head.status_mut() = response.status();
        *head.version_mut() = response.version();
        *head.headers_mut() = response.headers().clone();
        let body = T::from_response(response, origin)?;
        Ok(head.map(|()| body))
    }
}
