//! Downloads of media instead of a response: the stream.

use super::crc32c::Crc32c;
use super::version::{Extent, Version};
use crate::client::{BodyMode, Client};
use crate::error::{Error, ErrorKind, Result};
use crate::media::{PATIENCE, Progress, Report};
use crate::method::MethodInfo;
use crate::retry::CallOptions;
use crate::secrets::http_error;
use crate::transport::{Body, BoxFuture, TransportError};
use crate::transport::{Destination, Gathered};
use bytes::{Buf as _, Bytes};
use futures_core::Stream;
use http::header::{ACCEPT_ENCODING, HeaderValue, IF_RANGE, RANGE};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A stream of the chunks of media as they come; made by [`Download::stream`](super::Download::stream).
///
/// It ends after the last byte and after the first error. Dropping it abandons the download.
#[must_use = "a stream does nothing until it is polled"]
pub struct DownloadStream {
    plan: Plan,
    state: State,
    /// The position, in the whole, of the next byte of the body.
    position: u64,
    /// The position of the next byte that the stream returns.
    next: u64,
    /// The position after the last byte that the stream returns, if it is known.
    end: Option<u64>,
    /// `true` if the media has a byte before `end`. Then a body that ends sooner was cut off.
    is_certain: bool,
    /// The number of bytes that the stream has returned.
    returned: u64,
    version: Version,
    /// The checksum of the returned bytes, if the server sent one to compare it with.
    checksum: Option<Crc32c>,
    /// The number of attempts in a row without progress.
    idle: u32,
}

/// The data for requesting the media again.
pub(super) struct Plan {
    pub(super) client: Client,
    pub(super) method: &'static MethodInfo,
    /// The request for all of the media.
    pub(super) request: http::Request<Bytes>,
    pub(super) options: CallOptions,
    pub(super) report: Option<Report>,
}

enum State {
    Reading(Body),
    /// The request for the missing bytes. Its failure is final, because it has been retried already.
    Asking(BoxFuture<'static, Result<http::Response<Body>>>),
    Ended,
}

/// The result of a step.
enum Step {
    Again,
    Chunk(Bytes),
    End,
}

impl Plan {
    /// Requests the media from a position on. The response has a 2xx status.
    fn ask(
        &self,
        range: Option<(u64, Option<u64>)>,
        condition: Option<&HeaderValue>,
        options: CallOptions,
    ) -> BoxFuture<'static, Result<http::Response<Body>>> {
        let mut request = self.request.clone();
        let headers = request.headers_mut();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let range = range.map(|(start, end)| match end {
            Some(end) => format!("bytes={start}-{}", end.saturating_sub(1)),
            None => format!("bytes={start}-"),
        });
        if let Some(range) = range.and_then(|range| HeaderValue::try_from(range).ok()) {
            headers.insert(RANGE, range);
        }
        if let Some(condition) = condition {
            headers.insert(IF_RANGE, condition.clone());
        }
        let (client, method) = (self.client.clone(), self.method);
        Box::pin(async move {
            let response = client
                .exchange_for(BodyMode::Stream, method, &options, request.into())
                .await?;
            if response.status().is_success() {
                return Ok(response);
            }
            let (head, body) = response.into_parts();
            let body = body.whole().cloned().unwrap_or_default();
            Err(http_error(method, http::Response::from_parts(head, body)))
        })
    }
}

impl Plan {
    fn failure(&self, error: TransportError) -> Error {
        error.into_error(self.method, &Destination::of(self.request.uri()))
    }
}

impl DownloadStream {
    pub(super) async fn open(
        plan: Plan,
        range: Option<(u64, Option<u64>)>,
    ) -> Result<http::Response<Self>> {
        let (head, body) = plan
            .ask(range, None, plan.options.clone())
            .await?
            .into_parts();
        let (next, wanted) = range.unwrap_or_default();
        let extent = Extent::of(&head).filter(|extent| extent.start == next || extent.start == 0);
        let Some(extent) = extent else {
            return Err(misplaced(plan.method, head));
        };
        let version = Version::of(&head.headers);
        let is_whole = range.is_none() && version.crc32c.is_some();
        let stream = Self {
            plan,
            state: State::Reading(body),
            position: extent.start,
            next,
            end: wanted.into_iter().chain(extent.end).min(),
            is_certain: extent.end.is_some(),
            returned: 0,
            version,
            checksum: is_whole.then_some(Crc32c::NEW),
            idle: 0,
        };
        Ok(http::Response::from_parts(head, stream))
    }

    /// All of it.
    pub(super) async fn collect(mut self) -> Result<Bytes> {
        let mut all = Gathered::default();
        while let Some(chunk) = poll_fn(|context| Pin::new(&mut self).poll_next(context)).await {
            all.add(chunk?);
        }
        Ok(all.finish())
    }

    /// Returns the wanted part of a chunk, or `None` if there is none.
    fn take(&mut self, mut chunk: Bytes) -> Option<Bytes> {
        let length = |chunk: &Bytes| u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        let before = self.next.saturating_sub(self.position).min(length(&chunk));
        self.position = self.position.saturating_add(length(&chunk));
        chunk.advance(usize::try_from(before).unwrap_or(chunk.len()));
        if let Some(end) = self.end {
            let wanted = end.saturating_sub(self.next);
            chunk.truncate(usize::try_from(wanted).unwrap_or(usize::MAX));
        }
        if chunk.is_empty() {
            return None;
        }
        self.next = self.next.saturating_add(length(&chunk));
        self.returned = self.returned.saturating_add(length(&chunk));
        self.idle = 0;
        if let Some(checksum) = &mut self.checksum {
            checksum.add(&chunk);
        }
        if let Some(report) = &self.plan.report {
            let left = self.end.filter(|_| self.is_certain);
            let left = left.map(|end| end.saturating_sub(self.next));
            report(Progress {
                bytes: self.returned,
                total: left.map(|left| self.returned.saturating_add(left)),
            });
        }
        Some(chunk)
    }

    /// Requests the missing bytes after a break. If that is impossible, the stream ends.
    fn recover(&mut self, failure: Error) -> Result<()> {
        self.idle += 1;
        let is_get = self.plan.request.method() == http::Method::GET;
        let can = is_get && self.is_certain && self.version.is_known();
        if !can || self.idle >= PATIENCE || !failure.is_transient() {
            return Err(failure);
        }
        let range = Some((self.next, self.end));
        let options = self.plan.options.of_chunks(self.plan.client.retry_policy());
        let asking = self.plan.ask(range, self.version.condition(), options);
        self.state = State::Asking(asking);
        Ok(())
    }

    /// Continues with the response to the request for the missing bytes.
    fn go_on(&mut self, response: http::Response<Body>) -> Result<()> {
        let (head, body) = response.into_parts();
        if !self.version.is_that_of(&head.headers) {
            let changed = std::io::Error::other("it changed on the server on the way");
            return Err(Error::media(self.plan.method, changed));
        }
        let extent = Extent::of(&head);
        let extent = extent.filter(|extent| extent.start == self.next || extent.start == 0);
        let Some(extent) = extent else {
            return Err(misplaced(self.plan.method, head));
        };
        self.position = extent.start;
        self.state = State::Reading(body);
        Ok(())
    }

    /// Compares the returned bytes with the checksum.
    fn check(&self) -> Result<()> {
        match (self.checksum, self.version.crc32c) {
            (Some(found), Some(expected)) if found.value() != expected => {
                let reason = "the media is not what its checksum (CRC-32C) says".to_owned();
                let method = Some(self.plan.method.id);
                Err(Error::unsent(ErrorKind::Checksum, method, reason))
            }
            _ => Ok(()),
        }
    }

    /// Advances by one step.
    fn step(&mut self, context: &mut Context<'_>) -> Poll<Result<Step>> {
        let has_all = self.end.is_some_and(|end| self.next >= end);
        Poll::Ready(match &mut self.state {
            State::Ended => Ok(Step::End),
            State::Asking(response) => match ready!(response.as_mut().poll(context)) {
                Ok(response) => self.go_on(response).map(|()| Step::Again),
                Err(failure) => Err(failure),
            },
            State::Reading(_) if has_all => {
                self.state = State::Ended;
                self.check().map(|()| Step::End)
            }
            State::Reading(body) => match ready!(Pin::new(body).poll_next(context)) {
                Some(Ok(chunk)) => Ok(self.take(chunk).map_or(Step::Again, Step::Chunk)),
                Some(Err(error)) => {
                    let failure = self.plan.failure(error);
                    self.recover(failure).map(|()| Step::Again)
                }
                None if self.is_certain => {
                    let error = TransportError::other("the body ended before the media did");
                    let failure = self.plan.failure(error);
                    self.recover(failure).map(|()| Step::Again)
                }
                None => {
                    self.state = State::Ended;
                    self.check().map(|()| Step::End)
                }
            },
        })
    }
}

/// Creates the error for a response with another part of the media than the requested one.
fn misplaced(method: &MethodInfo, head: http::response::Parts) -> Error {
    let problem = "the response is not the requested part of the media";
    Error::unreadable(
        method,
        problem,
        http::Response::from_parts(head, Bytes::new()),
    )
}

impl Stream for DownloadStream {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(self.step(context)) {
                Ok(Step::Again) => {}
                Ok(Step::Chunk(chunk)) => return Poll::Ready(Some(Ok(chunk))),
                Ok(Step::End) => return Poll::Ready(None),
                Err(error) => {
                    self.state = State::Ended;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl fmt::Debug for DownloadStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadStream")
            .field("method", &self.plan.method.id)
            .field("returned", &self.returned)
            .finish_non_exhaustive()
    }
}
