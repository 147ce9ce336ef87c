//! Resumable uploads: the session of a mock.

use super::call::Received;
use super::dispatch::{Chosen, Inner, Timed};
use super::failure::Reply;
use super::report::Problem;
use super::rule::{Planned, Step};
use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_RANGE, LOCATION, RANGE};
use http::{HeaderValue, StatusCode};
use std::sync::Arc;
use std::time::Duration;

/// An upload that was begun.
pub(super) struct Session {
    id: String,
    /// The position of its call.
    call: usize,
    location: HeaderValue,
    content: BytesMut,
    /// The response after the last chunk.
    step: Step,
    is_complete: bool,
    is_canceled: bool,
}

impl Session {
    /// Creates the session for a call. A failure is the response to the call itself.
    pub(super) fn new(
        step: Step,
        call: &Received,
        position: usize,
        number: usize,
    ) -> Result<Self, Box<Timed>> {
        if let Planned::Reply(reply) = &step.planned
            && !is_success(reply)
        {
            return Err(Box::new(step.timed(reply.clone())));
        }
        let id = format!("mock-{}", number + 1);
        let scheme = call.uri.scheme_str().unwrap_or("https");
        let authority = call.uri.authority();
        let authority = authority.map_or("", http::uri::Authority::as_str);
        let path = call.uri.path();
        let location = format!("{scheme}://{authority}{path}?uploadType=resumable&upload_id={id}");
        let location = HeaderValue::try_from(location);
        Ok(Self {
            id,
            call: position,
            location: location.unwrap_or_else(|_| HeaderValue::from_static("")),
            content: BytesMut::new(),
            step,
            is_complete: false,
            is_canceled: false,
        })
    }

    /// Returns the response to the call that begins the session.
    pub(super) fn begin(&self) -> Reply {
        let mut response = http::Response::new(Vec::new());
        let headers = response.headers_mut();
        headers.insert(LOCATION, self.location.clone());
        Reply::Response(response)
    }

    /// Takes a chunk. Returns `true` if it is the last one.
    fn take(&mut self, request: &http::Request<Bytes>) -> bool {
        let range = request.headers().get(CONTENT_RANGE);
        let range = range.and_then(|range| range.to_str().ok());
        // Without a range the chunk is all of the media.
        let (part, total) = range
            .and_then(|range| range.strip_prefix("bytes ")?.split_once('/'))
            .unwrap_or(("0-", ""));
        let start = part
            .split_once('-')
            .and_then(|(start, _)| start.parse().ok());
        if start == Some(self.content.len()) {
            self.content.extend_from_slice(request.body());
        }
        let total: Option<usize> = total.parse().ok();
        self.is_complete |= range.is_none() || total == Some(self.content.len());
        self.is_complete
    }

    /// Returns the response to a chunk that is not the last one.
    fn incomplete(&self) -> Reply {
        let mut response = http::Response::new(Vec::new());
        *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
        if let Some(last) = self.content.len().checked_sub(1)
            && let Ok(range) = HeaderValue::try_from(format!("bytes=0-{last}"))
        {
            response.headers_mut().insert(RANGE, range);
        }
        Reply::Response(response)
    }
}

impl Inner {
    /// Returns the response to a request of a session.
    pub(super) fn chunk(
        &mut self,
        id: &str,
        request: &http::Request<Bytes>,
        received: &Received,
    ) -> Result<Chosen, Problem> {
        let at_once = |reply| {
            let delay = Duration::ZERO;
            Ok(Chosen::Done(Timed { delay, reply }))
        };
        let mut sessions = self.sessions.iter_mut();
        let Some(session) = sessions.find(|session| session.id == id && !session.is_canceled)
        else {
            let text = "the mock has no such upload in progress";
            return Err(Problem::new(received.method.id, text));
        };
        if request.method() == http::Method::DELETE {
            session.is_canceled = true;
            let mut response = http::Response::new(Vec::new());
            *response.status_mut() = StatusCode::from_u16(499).unwrap_or(StatusCode::NO_CONTENT);
            return at_once(Reply::Response(response));
        }
        let is_complete = session.take(request);
        let Some(call) = self.calls.get_mut(session.call) else {
            return at_once(session.incomplete());
        };
        Arc::make_mut(call).set_media(Bytes::copy_from_slice(&session.content));
        if is_complete {
            Ok(session.step.clone().chosen(Arc::clone(call)))
        } else {
            at_once(session.incomplete())
        }
    }
}

fn is_success(reply: &Reply) -> bool {
    match reply {
        Reply::Response(response) => response.status().is_success(),
        Reply::Fault(_) => false,
    }
}
