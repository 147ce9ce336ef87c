//! The requests of a download.

use super::part;
use crate::client::{BodyMode, Client};
use crate::error::{Error, ErrorKind, Result, Status};
use crate::media::Report;
use crate::method::MethodInfo;
use crate::retry::CallOptions;
use crate::secrets::{Secrets, http_error};
use crate::transport::{Body, BoxFuture, Destination, TransportError};
use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, HeaderValue, IF_RANGE, RANGE};
use http::{StatusCode, response};

/// The data for requesting the media, once or again.
pub(super) struct Plan {
    pub(super) client: Client,
    pub(super) method: &'static MethodInfo,
    /// The request for all of the media.
    pub(super) request: http::Request<Bytes>,
    pub(super) options: CallOptions,
    pub(super) report: Option<Report>,
}

impl Plan {
    /// Requests the media, or a range of it. The response has the status 2xx or 416.
    pub(super) fn ask(
        &self,
        range: Option<(u64, Option<u64>)>,
        condition: Option<&HeaderValue>,
        options: CallOptions,
    ) -> BoxFuture<'static, Result<http::Response<Body>>> {
        let mut request = self.request.clone();
        let headers = request.headers_mut();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let text = range.map(|(start, end)| match end {
            Some(end) => format!("bytes={start}-{}", end.saturating_sub(1)),
            None => format!("bytes={start}-"),
        });
        if let Some(text) = text.and_then(|text| HeaderValue::try_from(text).ok()) {
            headers.insert(RANGE, text);
        }
        if let Some(condition) = condition.filter(|_| range.is_some()) {
            headers.insert(IF_RANGE, condition.clone());
        }
        let (client, method) = (self.client.clone(), self.method);
        Box::pin(async move {
            let response = client
                .exchange_for(BodyMode::Stream, method, &options, request.into())
                .await?;
            let status = response.status();
            if status.is_success() || range.is_some() && status == StatusCode::RANGE_NOT_SATISFIABLE
            {
                return Ok(response);
            }
            Err(http_error(method, in_memory(response)))
        })
    }

    /// Creates the error for a range that begins after the end of the media.
    pub(super) fn unsatisfied(
        &self,
        response: http::Response<Body>,
        start: u64,
        total: Option<u64>,
    ) -> Error {
        let response = in_memory(response);
        let Some(total) = total else {
            return http_error(self.method, response);
        };
        let secrets = Secrets::of_response(response.extensions());
        let status = Status::parse(response.body()).map(|status| secrets.hide_in(status));
        let reason = part::beyond(start, total);
        Error::unsent(ErrorKind::Http, Some(self.method.id), reason).with_response(response, status)
    }

    /// Creates the error for media that was interrupted after `returned` bytes of `whole`. `obstacle` is the reason why the client
    /// does not request the rest.
    pub(super) fn broken(
        &self,
        error: TransportError,
        returned: u64,
        whole: Option<u64>,
        obstacle: Option<&str>,
    ) -> Error {
        let of_whole = whole.map_or_else(String::new, |whole| format!(" of {whole}"));
        let progress = format!("the download was interrupted after {returned}{of_whole} bytes");
        let end = obstacle.map_or_else(String::new, |reason| format!("; not continued: {reason}"));
        let destination = Destination::of(self.request.uri());
        error.into_break(self.method, &destination, &progress, &end)
    }

    /// Creates the error for a 2xx response that cannot be used.
    pub(super) fn unusable(&self, reason: &str, head: response::Parts) -> Error {
        let problem = format!("the response is not the requested part of the media: {reason}");
        let response = http::Response::from_parts(head, Bytes::new());
        Error::unreadable(self.method, problem, response)
    }

    /// Creates the error for media that is no longer what it was.
    pub(super) fn changed(&self) -> Error {
        let changed = std::io::Error::other("it changed on the server on the way");
        Error::media(self.method, changed)
    }
}

/// A response whose body is in memory, as with every status other than 2xx.
pub(super) fn in_memory(response: http::Response<Body>) -> http::Response<Bytes> {
    response.map(|body| body.whole().cloned().unwrap_or_default())
}
