//! From an HTTP response to the response of a method.

use crate::error::content_type;
use crate::error::{Error, Result};
use crate::method::{MethodInfo, ServiceInfo, Verb};
use crate::wire::{DecodedBody, WireFormat};
use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

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
/// * A [`WireFormat`] type: the body is JSON. No body, as with status 204, stands for `{}`. The exception is a `GET` response with
///   status 200 and no body: if the message has fields, the body was cut off, which is an error. A list is read from an array
///   or from a single message, because server-streaming methods respond like that.
/// * [`Bytes`]: the body as it is, for methods without a documented response and for those that return an `HttpBody`.
/// * [`http::Response`] of either: with the status and the headers.
pub trait FromResponse: Sized + Send + 'static {
    /// Decodes a response with a 2xx status.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) when the body is not what the document describes.
    fn from_response(response: http::Response<Bytes>, origin: Origin) -> Result<Self>;
}

impl FromResponse for Bytes {
    fn from_response(response: http::Response<Bytes>, _: Origin) -> Result<Self> {
        Ok(response.into_body())
    }
}

impl<T: WireFormat + Send + 'static> FromResponse for T {
    fn from_response(response: http::Response<Bytes>, origin: Origin) -> Result<Self> {
        let (parts, body) = response.into_parts();
        let is_blank = body.iter().all(u8::is_ascii_whitespace);
        // Taken for an empty page it would end a list without a word.
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
        let decoded = match str::from_utf8(json) {
            _ if origin.service.data_wrapper => unwrapped(json),
            // Once for the whole takes less time than for each string.
            Ok(json) => serde_json::from_str(json),
            // An error that says where.
            Err(_) => serde_json::from_slice(json),
        };
        match decoded {
            Ok(DecodedBody(value)) => Ok(value),
            Err(error) => Err(Error::decode(
                origin.method,
                http::Response::from_parts(parts, ()),
                body,
                &error,
            )),
        }
    }
}

/// Returns `true` if a method is there to return a message, and the message has members.
fn is_read<T: WireFormat>(method: &MethodInfo) -> bool {
    let has_members = T::MESSAGE.is_some_and(|message| !message.wire.is_empty());
    method.verb == Verb::Get && has_members
}

/// Reads `{"data": X}` as X.
fn unwrapped<T: WireFormat>(json: &[u8]) -> serde_json::Result<DecodedBody<T>> {
    let mut body: Value = serde_json::from_slice(json)?;
    serde_json::from_value(match body.get_mut("data") {
        Some(data) => data.take(),
        None => body,
    })
}

impl<T: FromResponse> FromResponse for http::Response<T> {
    fn from_response(response: http::Response<Bytes>, origin: Origin) -> Result<Self> {
        let mut head = http::Response::new(());
        *head.status_mut() = response.status();
        *head.version_mut() = response.version();
        *head.headers_mut() = response.headers().clone();
        let body = T::from_response(response, origin)?;
        Ok(head.map(|()| body))
    }
}
