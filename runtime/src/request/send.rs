//! A call from its request to its response.

use super::Request;
use crate::client::{BodyMode, Outgoing};
use crate::error::{Error, Result};
use crate::media::Media;
use crate::media::crc32c::Crc32c;
use crate::media::source::{blame, framed, sent};
use crate::media::stored::confirmed;
use crate::secrets::http_error;
use crate::transport::{Body, BoxFuture, Destination};
use bytes::Bytes;

/// A response with a 2xx status whose head has arrived.
pub(crate) struct Opened {
    pub(crate) response: http::Response<Body>,
    /// The destination of the request.
    pub(crate) destination: Destination,
}

impl Request {
    /// Sends the request and returns the response as soon as its head arrives. A status other than 2xx is an error.
    pub(crate) fn open(self) -> BoxFuture<'static, Result<Opened>> {
        Box::pin(async move {
            let call = self.identified();
            let (client, method) = (call.client(), call.method());
            let request = call.to_http()?;
            let destination = Destination::of(request.uri());
            let response = client
                .exchange_for(BodyMode::Stream, method, call.options(), request.into())
                .await?;
            if response.status().is_success() {
                return Ok(Opened {
                    response,
                    destination,
                });
            }
            let (head, body) = response.into_parts();
            let body = body.whole().cloned().unwrap_or_default();
            Err(http_error(method, http::Response::from_parts(head, body)))
        })
    }

    /// Sends the request. A status other than 2xx is an error.
    pub(crate) fn execute(self) -> BoxFuture<'static, Result<http::Response<Bytes>>> {
        self.execute_for(BodyMode::Whole)
    }

    pub(crate) fn execute_for(
        self,
        body_mode: BodyMode,
    ) -> BoxFuture<'static, Result<http::Response<Bytes>>> {
        Box::pin(async move {
            let call = self.identified();
            let method = call.method();
            let response = if let Some(media) = call.streamed() {
                Box::pin(call.send_streaming(media)).await?
            } else {
                let make = || call.to_http();
                call.client()
                    .exchange(body_mode, method, call.options(), Outgoing::made_by(&make)?)
                    .await?
            };
            if !response.status().is_success() {
                return Err(http_error(method, response));
            }
            match call.uploaded() {
                Some(bytes) => {
                    let size = u64::try_from(bytes.len()).ok();
                    confirmed(method, response, size, || Some(Crc32c::of(bytes)))
                }
                None => Ok(response),
            }
        })
    }

    /// Sends the request with media that is a stream.
    async fn send_streaming(&self, media: &Media) -> Result<http::Response<Bytes>> {
        let (client, method) = (self.client(), self.method());
        let (request, after) = self.around_media()?;
        let reader = media.read(method.upload.as_ref()).await;
        let failed = |error| Error::media(method, error);
        let mut reader = reader.map_err(failed)?;
        if media.known_length() == Some(0) {
            // The transport does not read it, so it is made sure here that it has no bytes.
            reader.next().await.map_err(failed)?;
        }
        let (head, before) = request.into_parts();
        let (body, reading) = framed(before, reader, after);
        let response = async {
            let request = Outgoing::once(http::Request::from_parts(head, body));
            client
                .exchange(BodyMode::Whole, method, self.options(), request)
                .await
        };
        let response = response
            .await
            .map_err(|error| blame(method, &reading, error))?;
        if !response.status().is_success() {
            return Err(http_error(method, response));
        }
        match sent(&reading) {
            (true, bytes) => confirmed(method, response, Some(bytes), || None),
            (false, bytes) => {
                let problem = format!(
                    "the server ended the upload before the last byte: {bytes} bytes were sent"
                );
                Err(Error::unreadable(method, problem, response))
            }
        }
    }
}
