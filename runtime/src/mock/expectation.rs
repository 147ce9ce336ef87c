//! Building expectations.

use super::call::{MockCall, Received};
use super::dispatch::State;
use super::failure::{Failure, Fault, Reply};
use super::matcher::Matcher;
use super::operation::{MockOperation, Plan};
use super::page::{self, Item, Page};
use super::rule::{Planned, Rule, Step};
use crate::call::Call;
use crate::client::Service;
use crate::encode::QueryValue;
use crate::error::Status;
use crate::operation::LongRunningOperation;
use crate::page::PagedItems;
use crate::response::FromResponse;
use crate::wire::{Encoded, WireFormat};
use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

/// An expectation of a [`Mock`](super::Mock): the calls that it matches, and its responses in order.
///
/// The functions without `respond` in their name that come before a response say which calls it matches. Without them it matches
/// all calls of its method. Each `respond…` adds a response. [`times`](Self::times), [`any_times`](Self::any_times),
/// [`delay`](Self::delay), [`response_header`](Self::response_header) and [`disconnect_after`](Self::disconnect_after) change the
/// last response.
#[doc = include_str!("expectation.md")]
pub struct Expectation<'m, C> {
    state: &'m State,
    position: usize,
    call: PhantomData<fn() -> C>,
}

/// A message of a stream, or the failure that ends the stream.
///
/// ```
/// use gapi_runtime::mock::{Failure, Fault, Message};
///
/// let broken: Result<i64, Fault> = Err(Fault::Disconnect);
/// assert!(matches!(broken.into_json(), Err(Failure::Fault(Fault::Disconnect))));
/// assert_eq!(3.into_json().map_err(|_| "a failure")?, Some(b"3".to_vec()));
/// # Ok::<(), &str>(())
/// ```
pub trait Message {
    /// Returns the JSON of the message. `None` if it cannot be written.
    ///
    /// # Errors
    /// The failure in place of the message.
    fn into_json(self) -> Result<Option<Vec<u8>>, Failure>;
}

impl<T: WireFormat> Message for T {
    fn into_json(self) -> Result<Option<Vec<u8>>, Failure> {
        Ok(serde_json::to_vec(&Encoded(&self)).ok())
    }
}

impl<T: WireFormat, E: Into<Failure>> Message for Result<T, E> {
    fn into_json(self) -> Result<Option<Vec<u8>>, Failure> {
        self.map_err(Into::into)?.into_json()
    }
}

/// # Conditions
#[allow(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "an expectation is part of its mock"
)]
impl<'m, C: Call> Expectation<'m, C> {
    pub(super) fn new(state: &'m State, rule: Rule) -> Self {
        Self {
            state,
            position: state.add(rule),
            call: PhantomData,
        }
    }

    fn change(self, change: impl FnOnce(&mut Rule)) -> Self {
        self.state.change(self.position, change);
        self
    }

    fn matcher(self, matcher: Matcher) -> Self {
        self.change(|rule| rule.add_matcher(matcher))
    }

    fn step(self, planned: Planned) -> Self {
        self.change(|rule| rule.add([Step::new(planned)]))
    }

    fn reply(self, reply: Reply) -> Self {
        self.step(Planned::Reply(reply))
    }

    /// Matches calls with this value of a path parameter, by its name in the document.
    pub fn path(self, name: impl Into<String>, value: impl QueryValue) -> Self {
        self.matcher(Matcher::Path(name.into(), value.into_query()))
    }

    /// Matches calls with this value of a query parameter, by its name in the document. A repeated parameter may have more values.
    pub fn query(self, name: impl Into<String>, value: impl QueryValue) -> Self {
        self.matcher(Matcher::Query(name.into(), value.into_query()))
    }

    /// Matches calls with this value of a header.
    pub fn header(self, name: impl TryInto<HeaderName>, value: impl Into<String>) -> Self {
        match name.try_into() {
            Ok(name) => self.matcher(Matcher::Header(name, value.into())),
            Err(_) => self.mistake("the name of a header is not valid"),
        }
    }

    /// Matches calls with this body.
    pub fn body<T: WireFormat>(self, body: &T) -> Self {
        self.json(body, false)
    }

    /// Matches calls whose body has at least these members. Fields of a struct that are `None` match anything.
    pub fn partial_body<T: WireFormat>(self, body: &T) -> Self {
        self.json(body, true)
    }

    fn json<T: WireFormat>(self, body: &T, is_partial: bool) -> Self {
        match serde_json::to_value(Encoded(body)) {
            Ok(json) => self.matcher(Matcher::Body(json, is_partial)),
            Err(_) => self.mistake("the body cannot be written as JSON"),
        }
    }

    /// Matches calls with the path, the query and the body of this call: `.like(&operations.get(name))`. Calls may have more
    /// query parameters.
    pub fn like(self, call: &C) -> Self {
        match Matcher::like(call) {
            Ok(matchers) => matchers.into_iter().fold(self, Self::matcher),
            Err(problem) => self.mistake(&problem),
        }
    }

    /// Matches calls for which a function returns `true`. The function must not use the mock.
    pub fn matching(self, function: impl Fn(&MockCall<C>) -> bool + Send + Sync + 'static) -> Self
    where
        C: 'static,
    {
        let function = move |call: &Arc<Received>| function(&MockCall::<C>::new(Arc::clone(call)));
        self.matcher(Matcher::Function(Arc::new(function)))
    }

    fn mistake(self, mistake: &str) -> Self {
        self.change(|rule| rule.mistakes.push(mistake.to_owned()))
    }
}

/// # Responses
#[allow(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "an expectation is part of its mock"
)]
impl<C: Call> Expectation<'_, C> {
    /// Responds with a value of the type that the method returns.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a test has no other use for the value"
    )]
    pub fn respond(self, response: C::Response) -> Self {
        match reply_of::<C>(&response) {
            Some(reply) => self.reply(reply),
            None => self.mistake("the response cannot be written"),
        }
    }

    /// Responds with the result of a function. The function may ask the mock for the calls so far.
    pub fn respond_with<E: Into<Failure>>(
        self,
        function: impl Fn(&MockCall<C>) -> Result<C::Response, E> + Send + Sync + 'static,
    ) -> Self {
        self.step(Planned::Function(Arc::new(move |call| {
            match function(&MockCall::new(Arc::clone(call))) {
                Ok(response) => reply_of::<C>(&response).unwrap_or(Reply::Fault(Fault::Disconnect)),
                Err(failure) => Reply::from(&failure.into()),
            }
        })))
    }

    /// Responds with an HTTP status and no body.
    pub fn respond_status(self, status: u16) -> Self {
        let Ok(status) = StatusCode::from_u16(status) else {
            return self.mistake("the status is not an HTTP status");
        };
        let mut response = http::Response::new(Vec::new());
        *response.status_mut() = status;
        self.reply(Reply::Response(response))
    }

    /// Responds with an error of the server, as AIP-193 describes it. The HTTP status follows from its code.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a test has no other use for the error"
    )]
    pub fn respond_error(self, status: Status) -> Self {
        self.reply(Reply::from(&status))
    }

    /// Fails with a fault of the connection.
    pub fn respond_fault(self, fault: Fault) -> Self {
        self.reply(Reply::Fault(fault))
    }

    /// Responds with media: the content of a download, or an `HttpBody`.
    pub fn respond_media(self, content_type: &str, content: impl Into<Bytes>) -> Self {
        let Ok(content_type) = HeaderValue::from_str(content_type) else {
            return self.mistake("the content type is not the value of a header");
        };
        let mut response = http::Response::new(content.into());
        response.headers_mut().insert(CONTENT_TYPE, content_type);
        self.respond_http(response)
    }

    /// Responds with this HTTP response.
    pub fn respond_http(self, response: http::Response<Bytes>) -> Self {
        self.reply(Reply::Response(response.map(|body| vec![Ok(body)])))
    }

    /// Responds with a stream of messages. A failure ends it: an error of the server is the last element, and a fault breaks the
    /// connection.
    pub fn respond_stream<M: Message>(self, messages: impl IntoIterator<Item = M>) -> Self {
        let mut chunks = Vec::new();
        let mut separator = "[";
        for message in messages {
            let json = match message.into_json() {
                Ok(Some(json)) => json,
                Ok(None) => return self.mistake("a message cannot be written as JSON"),
                Err(Failure::Status(status)) => status.http_body().to_string().into_bytes(),
                Err(Failure::Fault(fault)) => {
                    chunks.push(Err(fault));
                    break;
                }
            };
            chunks.push(Ok([separator.as_bytes(), &json].concat().into()));
            separator = ",";
        }
        if !matches!(chunks.last(), Some(Err(_))) {
            let end = if chunks.is_empty() { "[]" } else { "]" };
            chunks.push(Ok(Bytes::from_static(end.as_bytes())));
        }
        self.reply(match Reply::json("") {
            Reply::Response(response) => Reply::Response(response.map(|_| chunks)),
            fault @ Reply::Fault(_) => fault,
        })
    }

    /// Responds to a call that begins an operation, and to the polls of the operation.
    pub fn respond_operation(self, operation: MockOperation) -> Self
    where
        C::Response: LongRunningOperation,
    {
        let plan = Plan {
            operation,
            info: <C::Response as LongRunningOperation>::INFO,
            has_wrapper: C::Service::INFO.data_wrapper,
        };
        let mistakes = plan.mistakes();
        let this = self.step(Planned::Operation(Arc::new(plan)));
        mistakes
            .iter()
            .fold(this, |this, mistake| this.mistake(mistake))
    }
}

/// # Pages
#[allow(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "an expectation is part of its mock"
)]
impl<C: PagedItems> Expectation<'_, C>
where
    C::Items: FromIterator<Item<C>> + WireFormat,
{
    /// Responds with pages, each a list of items: `[vec![a, b], vec![c]]`. Each page but the last has a token, and a request for
    /// the next page has to have it.
    ///
    /// A page can be a `Result`. An error responds to a request for the page after it: `[Ok(vec![a]), Err(error), Ok(vec![b])]`
    /// are two pages, and the first request for the second one fails.
    pub fn respond_pages<P: Page<Item<C>>>(self, pages: impl IntoIterator<Item = P>) -> Self {
        let pages = pages.into_iter().map(Page::into_items);
        match page::steps::<C>(pages.collect()) {
            Ok(steps) => self.change(|rule| rule.add(steps)),
            Err(mistake) => self.mistake(&mistake),
        }
    }

    /// Responds with pages of so many items. Without items there is one empty page.
    pub fn respond_items(self, page_size: usize, items: impl IntoIterator<Item = Item<C>>) -> Self {
        let mut pages = vec![Vec::new()];
        for item in items {
            if pages
                .last()
                .is_some_and(|page| page.len() >= page_size.max(1))
            {
                pages.push(Vec::new());
            }
            if let Some(page) = pages.last_mut() {
                page.push(item);
            }
        }
        self.respond_pages(pages)
    }
}

/// # Settings of the last response
#[allow(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "an expectation is part of its mock"
)]
impl<C: Call> Expectation<'_, C> {
    /// Uses the last response so many times. Without it, a response is used once.
    pub fn times(self, times: u32) -> Self {
        self.change(|rule| rule.repeat(Some(times)))
    }

    /// Uses the last response for all further calls, or for none. Pages and the errors among them are repeated in turn.
    pub fn any_times(self) -> Self {
        self.change(|rule| rule.repeat(None))
    }

    /// Delays the last response. With a paused clock of Tokio the delay takes no time.
    pub fn delay(self, delay: Duration) -> Self {
        self.change(|rule| rule.change("delay", |step| step.delay = delay))
    }

    /// Adds a header to the last response.
    pub fn response_header(
        self,
        name: impl TryInto<HeaderName>,
        value: impl TryInto<HeaderValue>,
    ) -> Self {
        let (Ok(name), Ok(value)) = (name.try_into(), value.try_into()) else {
            return self.mistake("a header of the response is not valid");
        };
        self.change(|rule| {
            rule.change("response_header", |step| {
                step.headers.push((name.clone(), value.clone()));
            });
        })
    }

    /// Breaks the connection after so many bytes of the body of the last response.
    pub fn disconnect_after(self, bytes: usize) -> Self {
        self.change(|rule| {
            rule.change("disconnect_after", |step| {
                step.disconnect_after = Some(bytes);
            });
        })
    }
}

/// Returns the response with a value.
fn reply_of<C: Call>(response: &C::Response) -> Option<Reply> {
    let (content_type, body) = response.to_body()?;
    if !C::Service::INFO.data_wrapper || !content_type.starts_with("application/json") {
        return Some(Reply::of(content_type, body));
    }
    let wrapped = [b"{\"data\":", &*body, b"}"].concat();
    Some(Reply::of(content_type, wrapped))
}

impl<C: Call> fmt::Debug for Expectation<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expectation")
            .field("method", &C::INFO.id)
            .finish_non_exhaustive()
    }
}
