//! Downloads of media instead of a response: the stream.

mod recover;

use super::part::{self, Part};
use super::plan::Plan;
use super::requests::Requests;
use super::version::{Coding, Version};
use crate::error::{Error, ErrorKind, Result};
use crate::media::Progress;
use crate::media::crc32c::Crc32c;
use crate::transport::{Body, BoxFuture, Destination, Gathered, TransportError};
use bytes::{Buf as _, Bytes};
use futures_core::Stream;
use http::{StatusCode, response};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::time::Instant;

/// The maximum number of bytes after a range that are read to see that a body is as long as its headers state, or has the
/// checksum of the whole.
const READ_ON: u64 = 1 << 20;

/// A stream of the chunks of media as they come; made by [`Download::stream`](super::Download::stream).
///
/// It ends after the last byte and after the first error. Dropping it abandons the download.
#[must_use = "a stream does nothing until it is polled"]
pub struct DownloadStream {
    plan: Plan,
    state: State,
    /// The position after the last byte that was asked for, if the range has an end.
    wanted: Option<u64>,
    /// The length of the whole media, once a response has stated it.
    total: Option<u64>,
    /// The position, in the whole, of the next byte of the body.
    position: u64,
    /// The position after the last byte of the body, if the response states it.
    body_end: Option<u64>,
    /// `true` if the server ignored a range, and no byte shows that the body begins before the requested ones.
    is_unverified: bool,
    /// The checksum of all bytes of an unverified body, if there is anything to compare it with.
    passed: Option<Crc32c>,
    /// The checksum of bytes in the body that the stream has returned before, until all of them have come again.
    repeated: Option<Crc32c>,
    /// The position of the next byte that the stream returns.
    next: u64,
    /// The number of bytes that the stream has returned.
    returned: u64,
    version: Version,
    coding: Coding,
    /// The checksum of the returned bytes, if there is anything to compare it with.
    checksum: Option<Crc32c>,
    /// The number of attempts in a row without progress.
    idle: u32,
    requests: Requests,
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

impl DownloadStream {
    pub(super) async fn open(
        plan: Plan,
        range: Option<(u64, Option<u64>)>,
    ) -> Result<http::Response<Self>> {
        let mut requests = Requests::since(Instant::now());
        let (next, wanted) = range.unwrap_or_default();
        let mut response = plan.ask(range, None, plan.options.clone()).await?;
        let mut is_ranged = range.is_some();
        if response.status() == StatusCode::RANGE_NOT_SATISFIABLE {
            match part::total_of_unsatisfied(response.headers()) {
                Some(0) if next == 0 => {
                    let (head, _) = response.into_parts();
                    let nothing = Part {
                        start: 0,
                        end: Some(0),
                        total: Some(0),
                    };
                    let body = Body::from(Bytes::new());
                    let stream = Self::of(plan, &head, body, nothing, requests);
                    return Ok(http::Response::from_parts(head, stream));
                }
                // Only empty media has no bytes from 0 on. The response to a request for everything shows it.
                None if next == 0 => {
                    requests.add(response.extensions());
                    response = plan.ask(None, None, plan.options.clone()).await?;
                    is_ranged = false;
                }
                total => return Err(plan.unsatisfied(response, next, total)),
            }
        }
        let (head, body) = response.into_parts();
        let part = part::judge(next, wanted.filter(|_| is_ranged), &head);
        let part = match part {
            Ok(part) => part,
            Err(reason) => return Err(plan.unusable(&reason, head)),
        };
        requests.add(&head.extensions);
        let mut stream = Self::of(plan, &head, body, part, requests);
        stream.wanted = wanted;
        stream.next = next;
        stream.set_unverified(is_ranged && part.start < next && stream.coding == Coding::Plain);
        Ok(http::Response::from_parts(head, stream))
    }

    /// A stream of everything in a body.
    fn of(plan: Plan, head: &response::Parts, body: Body, part: Part, requests: Requests) -> Self {
        let version = Version::of(&head.headers);
        let coding = Coding::of(head);
        let has_checksum = version.is_known();
        Self {
            plan,
            state: State::Reading(body),
            wanted: None,
            total: part.total,
            position: part.start,
            body_end: part.end,
            is_unverified: false,
            passed: None,
            repeated: None,
            next: 0,
            returned: 0,
            version,
            coding,
            checksum: has_checksum.then_some(Crc32c::NEW),
            idle: 0,
            requests,
        }
    }

    /// All of it.
    pub(super) async fn collect(mut self) -> Result<Bytes> {
        let mut all = Gathered::default();
        while let Some(chunk) = poll_fn(|context| Pin::new(&mut self).poll_next(context)).await {
            all.add(chunk?);
        }
        Ok(all.finish())
    }

    /// Returns the position after the last byte that the stream returns, if it is known.
    fn end(&self) -> Option<u64> {
        match (self.wanted, self.total) {
            (Some(wanted), Some(total)) => Some(wanted.min(total)),
            (None, total) => total,
            // Media of unknown length may end before.
            (Some(wanted), None) => self.body_end.filter(|end| wanted <= *end).map(|_| wanted),
        }
    }

    /// Returns the number of bytes that the stream returns, if it is known.
    fn whole(&self) -> Option<u64> {
        let left = self.end()?.saturating_sub(self.next);
        Some(self.returned.saturating_add(left))
    }

    fn has_all(&self) -> bool {
        let end = self.end().or(self.wanted);
        end.is_some_and(|end| self.next >= end)
    }

    fn set_unverified(&mut self, is_unverified: bool) {
        self.is_unverified = is_unverified;
        self.passed = (is_unverified && self.version.hash.is_some()).then_some(Crc32c::NEW);
    }

    /// Returns `true` if the stream has returned everything and the rest of the body does not matter. At its end, one more
    /// byte would contradict the headers.
    fn is_enough(&self) -> bool {
        let most = if self.is_unverified { READ_ON } else { 0 };
        let left = self.body_end.map(|end| end.saturating_sub(self.position));
        let is_rest_useless = match left {
            Some(left) => left > most,
            // Only the checksum of a body of unknown length shows whether it is the whole.
            None => self.passed.is_none() || self.position.saturating_sub(self.next) > most,
        };
        self.has_all() && is_rest_useless
    }

    /// Returns the wanted part of a chunk, or `None` if there is none.
    fn take(&mut self, mut chunk: Bytes) -> Result<Option<Bytes>> {
        let length = |chunk: &Bytes| u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        let before = self.next.saturating_sub(self.position).min(length(&chunk));
        if let Some(repeated) = &mut self.repeated {
            let first = self.next - self.returned;
            let unknown = first.saturating_sub(self.position).min(before);
            let [unknown, before] = [unknown, before].map(|at| usize::try_from(at).unwrap_or(0));
            repeated.add(chunk.get(unknown..before).unwrap_or_default());
        }
        if let Some(passed) = &mut self.passed {
            passed.add(&chunk);
        }
        self.position = self.position.saturating_add(length(&chunk));
        if self.body_end.is_some_and(|end| self.position > end) {
            return Err(self.contradicted("the body has more bytes than its headers state"));
        }
        if self.position >= self.next
            && let Some(repeated) = self.repeated.take()
            && self.checksum.map(Crc32c::value) != Some(repeated.value())
        {
            return Err(self.plan.changed());
        }
        chunk.advance(usize::try_from(before).unwrap_or(chunk.len()));
        if let Some(end) = self.end().or(self.wanted) {
            let wanted = end.saturating_sub(self.next);
            chunk.truncate(usize::try_from(wanted).unwrap_or(usize::MAX));
        }
        if chunk.is_empty() {
            return Ok(None);
        }
        self.next = self.next.saturating_add(length(&chunk));
        self.returned = self.returned.saturating_add(length(&chunk));
        self.idle = 0;
        if let Some(checksum) = &mut self.checksum {
            checksum.add(&chunk);
        }
        if let Some(report) = &self.plan.report {
            report(Progress {
                bytes: self.returned,
                total: self.whole(),
            });
        }
        Ok(Some(chunk))
    }

    fn contradicted(&self, reason: &str) -> Error {
        let method = Some(self.plan.method.id);
        Error::unsent(ErrorKind::Decode, method, reason.to_owned())
    }

    /// Continues with the response to the request for the missing bytes.
    fn go_on(&mut self, response: http::Response<Body>) -> Result<Step> {
        if response.status() == StatusCode::RANGE_NOT_SATISFIABLE {
            return self.end_at_unsatisfied(response);
        }
        let (head, body) = response.into_parts();
        if !self.version.is_that_of(&head.headers) || Coding::of(&head) != self.coding {
            return Err(self.plan.changed());
        }
        let end = self.end().or(self.wanted);
        let end = end.filter(|_| self.coding == Coding::Plain);
        let part = match part::judge(self.next, end, &head) {
            Ok(part) => part,
            Err(reason) => return Err(self.plan.unusable(&reason, head)),
        };
        if let (Some(before), Some(now)) = (self.total, part.total)
            && before != now
        {
            return Err(self.plan.changed());
        }
        self.version.learn(&head.headers);
        self.total = self.total.or(part.total);
        self.position = part.start;
        self.body_end = part.end.or(self.total);
        let is_repeated = part.start < self.next;
        self.repeated = (is_repeated && self.returned > 0).then_some(Crc32c::NEW);
        let is_plain = self.coding == Coding::Plain;
        self.set_unverified(is_repeated && self.returned == 0 && is_plain);
        self.state = State::Reading(body);
        Ok(Step::Again)
    }

    /// Ends media whose length no response has stated, when the server has no more of it.
    fn end_at_unsatisfied(&mut self, response: http::Response<Body>) -> Result<Step> {
        let total = part::total_of_unsatisfied(response.headers());
        let is_same = self.version.is_that_of(response.headers());
        if self.total.is_none() && total == Some(self.next) && is_same {
            self.total = total;
            return self.finish();
        }
        Err(self.plan.unsatisfied(response, self.next, total))
    }

    /// Continues after the end of a body.
    fn after_body(&mut self) -> Result<Step> {
        let end = self.body_end.or(self.total);
        if end.is_some_and(|end| self.position < end) {
            let error = TransportError::other("the body ended before the media did");
            return self.recover(error).map(|()| Step::Again);
        }
        if end.is_none() {
            self.total = Some(self.position);
            let has_none = self.returned == 0 && self.next > 0 && self.next >= self.position;
            if has_none || self.next > self.position {
                return Err(self.contradicted(&part::beyond(self.next, self.position)));
            }
        }
        if let (Some(passed), Some(expected)) = (self.passed, self.version.hash)
            && !expected.is(passed.value())
        {
            return Err(self.wrong_checksum());
        }
        if self.has_all() {
            return self.finish();
        }
        // The server has sent less than was asked for, as RFC 9110 (section 15.3.7) allows.
        if self.obstacle().is_some() {
            let (next, reason) = (self.next, "without a version of the media");
            let text = format!("the response ended before byte {next}, {reason} to continue with");
            return Err(self.contradicted(&text));
        }
        self.ask_again();
        Ok(Step::Again)
    }

    /// Ends the stream, after comparing the returned bytes with the checksum.
    fn finish(&mut self) -> Result<Step> {
        self.state = State::Ended;
        let is_whole = self.total == Some(self.next) && self.returned == self.next;
        let is_plain = self.coding == Coding::Plain;
        match (self.checksum, self.version.hash) {
            (Some(found), Some(expected))
                if is_whole && is_plain && !expected.is(found.value()) =>
            {
                Err(self.wrong_checksum())
            }
            _ => Ok(Step::End),
        }
    }

    fn wrong_checksum(&self) -> Error {
        let reason = "the media is not what its checksum (CRC-32C) says".to_owned();
        Error::unsent(ErrorKind::Checksum, Some(self.plan.method.id), reason)
    }

    /// Advances by one step.
    fn step(&mut self, context: &mut Context<'_>) -> Poll<Result<Step>> {
        let is_enough = self.is_enough();
        let has_all = self.has_all() && (is_enough || !self.is_unverified);
        Poll::Ready(match &mut self.state {
            State::Ended => Ok(Step::End),
            State::Asking(response) => match ready!(response.as_mut().poll(context)) {
                Ok(response) => {
                    self.requests.add(response.extensions());
                    self.go_on(response)
                }
                Err(failure) => {
                    self.requests.add_attempts(failure.attempts());
                    Err(failure)
                }
            },
            State::Reading(_) if is_enough => self.finish(),
            State::Reading(body) => match ready!(Pin::new(body).poll_next(context)) {
                Some(Ok(chunk)) => self
                    .take(chunk)
                    .map(|chunk| chunk.map_or(Step::Again, Step::Chunk)),
                // Every byte has arrived. Further bytes do not matter.
                Some(Err(_)) if has_all => self.finish(),
                Some(Err(error)) => self.recover(error).map(|()| Step::Again),
                None => self.after_body(),
            },
        })
    }
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
                    let host = || Destination::of(self.plan.request.uri()).host();
                    return Poll::Ready(Some(Err(self.requests.counted(error, host))));
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
