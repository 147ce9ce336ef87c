//! Reading a response body: the limit on its size, and its form.

use crate::error;
use crate::error::{Error, ErrorKind, Result};
use crate::method::MethodInfo;
use crate::transport::Body;
use crate::transport::Destination;
use crate::wire::{Budget, DEFAULT_LIMIT, RAISE_LIMIT};
use http::{Response, response};

/// The limit on the body of an error response, in bytes. No error of Google's is larger.
const LONGEST_ERROR: usize = 1 << 20;

/// The form in which to read the body of a successful response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyMode {
    /// In memory, as long as it has no more bytes than the client takes.
    Whole,
    /// The same for a response that states no error when its status is a success, unlike an operation or a batch.
    Message,
    /// As a stream.
    Stream,
}

/// Reads the body of a response into memory, unless the caller wants the stream.
pub(super) async fn read(
    method: &MethodInfo,
    destination: &Destination,
    received: Response<Body>,
    body_mode: BodyMode,
    limit: usize,
) -> Result<Response<Body>> {
    let (mut head, body) = received.into_parts();
    if !head.status.is_success() {
        // The status states the error. A body that is too long or incomplete is truncated.
        let beginning = body.beginning(LONGEST_ERROR).await;
        return Ok(Response::from_parts(head, beginning.into()));
    }
    let body = match body_mode {
        BodyMode::Stream => body,
        BodyMode::Whole | BodyMode::Message => match body.collect_within(limit).await {
            Ok(Some(bytes)) => {
                if limit != DEFAULT_LIMIT {
                    let budget = Budget::of(limit, bytes.len());
                    head.extensions.insert(budget);
                }
                bytes.into()
            }
            Ok(None) => return Err(too_large(method, head, limit)),
            Err(error) if error.kind() == ErrorKind::Decode => {
                let problem = format!("{error} ({})", error::content_type(&head.headers));
                return Err(Error::unreadable(method, problem, without_body(head)));
            }
            Err(error) => return Err(error.into_error(method, destination)),
        },
    };
    Ok(Response::from_parts(head, body))
}

fn too_large(method: &MethodInfo, head: response::Parts, limit: usize) -> Error {
    let content_type = error::content_type(&head.headers);
    let problem = format!("the body ({content_type}) is larger than the limit of {limit} bytes");
    Error::unreadable(method, problem, without_body(head)).with_advice(Some(RAISE_LIMIT))
}

fn without_body(head: response::Parts) -> Response<bytes::Bytes> {
    Response::from_parts(head, bytes::Bytes::new())
}
