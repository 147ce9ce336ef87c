//! Responses that are read as they arrive, message by message.

use crate::error::{Attempts, Error, Result};
use crate::framing::{Fault, Splitter};
use crate::method::MethodInfo;
use crate::request::{Opened, Request};
use crate::response::stream_fault;
use crate::timer;
use crate::transport::{Body, BoxFuture, Destination, Late, TransportError};
use crate::wire::{Budget, FieldNames, JsonError, WireFormat, decode_element, read_json};
use bytes::Bytes;
use futures_core::Stream;
use http::response::Parts;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep};

/// The default limit on the wait for a message. The default transport waits as long for any bytes.
const MESSAGE_TIMEOUT: Duration = Duration::from_mins(5);

/// A type that a streamed response consists of.
///
/// * A [`WireFormat`] type: the messages of the response.
/// * [`Bytes`]: the chunks of the body as they arrive, for methods that return an `HttpBody`.
///
/// [`Bytes`]: https://docs.rs/bytes/latest/bytes/struct.Bytes.html
pub trait StreamItem: Sized + Send + 'static {
    /// The name and the fields of the message.
    #[doc(hidden)]
    const MESSAGE: Option<FieldNames>;

    /// Reads a message.
    ///
    /// # Errors
    /// When the message is not of this type.
    #[doc(hidden)]
    fn of_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Returns the item that a chunk of the body is. `Err` with the chunk if items are messages.
    #[doc(hidden)]
    fn of_chunk(chunk: Bytes) -> Result<Self, Bytes>;
}

impl<T: WireFormat + Send + 'static> StreamItem for T {
    const MESSAGE: Option<FieldNames> = T::MESSAGE;

    fn of_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode_element(deserializer)
    }

    fn of_chunk(chunk: Bytes) -> Result<Self, Bytes> {
        Err(chunk)
    }
}

/// Reads a message where serde asks for a `Deserialize` type.
struct Message<T>(T);

impl<'de, T: StreamItem> Deserialize<'de> for Message<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::of_json(deserializer).map(Self)
    }
}

impl StreamItem for Bytes {
    const MESSAGE: Option<FieldNames> = None;

    fn of_json<'de, D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("a chunk of the body is not a message"))
    }

    fn of_chunk(chunk: Bytes) -> Result<Self, Bytes> {
        Ok(chunk)
    }
}

/// The messages of a response, as they arrive: a [`Stream`]. Made by the function `stream` of a call whose method streams its
/// response.
///
/// The request is sent when the stream is first polled. Until a response with a 2xx status begins, it is retried like any call
/// of its method. Most of these methods are a `POST`, and those are retried only after a failure to connect, after a rate limit,
/// or with `idempotent(true)`: see [`RetryPolicy`](crate::RetryPolicy). The [`timeout`](crate::ClientBuilder::timeout) of the
/// call applies until then.
///
/// A stream that is interrupted after that is not resumed. Send the call again, with the parameter that the API has for it. In
/// Spanner's `executeStreamingSql` it is the last `resumeToken` of a message. The messages after that token come again.
///
/// The body of the response decides about the format:
///
/// * a JSON array of messages, with any white space and commas between them, or a single message
/// * JSON messages in a row, such as one on each line, also in the envelope `{"result": …}` of grpc-gateway
/// * server-sent events
///
/// The stream ends after the last message and after the first error:
///
/// * [`ErrorKind::Stream`](crate::ErrorKind::Stream) if the server sends an error instead of a message:
///   [`Error::status`] states the reason.
/// * [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the body ends within an array or a message, or if a message cannot be
///   read.
/// * [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) if a message takes longer than
///   [`message_timeout`](Self::message_timeout).
/// * The errors of any call.
///
/// At most one message is in memory, with the chunk of the body in which it ends. A message has at most
/// [`max_response_size`](crate::ClientBuilder::max_response_size) bytes. The length of the stream has no limit.
///
/// Dropping the stream cancels the request: its connection is closed, or reset in HTTP/2.
///
/// ```
/// use futures_util::TryStreamExt;
/// use gapi_runtime::{MessageStream, Result, StreamItem};
/// use std::fmt::Debug;
/// use std::time::Duration;
///
/// /// Prints the messages of `call.stream()`.
/// async fn print<T: StreamItem + Debug>(messages: MessageStream<T>) -> Result<()> {
///     let mut messages = messages.message_timeout(Duration::from_secs(60));
///     while let Some(message) = messages.try_next().await? {
///         println!("{message:?}");
///     }
///     Ok(())
/// }
/// ```
///
/// [`Stream`]: https://docs.rs/futures-core/latest/futures_core/stream/trait.Stream.html
#[must_use = "a stream does nothing until it is polled"]
pub struct MessageStream<T> {
    method: &'static MethodInfo,
    state: State,
    /// The maximum size of a message in bytes.
    limit: usize,
    timeout: Duration,
    /// When the stream was first polled.
    start: Option<Instant>,
    /// The number of items that the stream has returned.
    returned: u64,
    items: PhantomData<fn() -> T>,
}

enum State {
    Opening(BoxFuture<'static, Result<Opened>>),
    Reading(Box<Reading>),
    Ended,
}

/// The reason why a response ends early.
enum Failure {
    Fault(Fault),
    /// A message is JSON, but not of this type.
    Unreadable(Bytes, JsonError),
    Transport(TransportError),
}

/// A response whose head has arrived.
struct Reading {
    head: Parts,
    body: Body,
    splitter: Splitter,
    destination: Destination,
    /// Runs while the stream waits for a message. A body that is always ready lets it begin too, because it is pending now
    /// and then.
    clock: Option<Pin<Box<Sleep>>>,
}

impl<T: StreamItem> MessageStream<T> {
    #[doc(hidden)]
    pub fn new(request: Request) -> Self {
        Self {
            method: request.method(),
            limit: request.client().max_response_size(),
            state: State::Opening(request.open()),
            timeout: MESSAGE_TIMEOUT,
            start: None,
            returned: 0,
            items: PhantomData,
        }
    }

    /// Sets the limit on the wait for each message. The default is 5 minutes.
    ///
    /// The time runs from the head of the response or from the last message on, while the stream is polled. White space,
    /// comments and parts of a message do not extend it. Set a longer limit for a stream that may be silent for longer. The
    /// default transport has its own limit: 5 minutes without any bytes.
    ///
    /// Without a Tokio runtime with time enabled there is no limit.
    pub fn message_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Returns the status and the headers of the response while it is read. Returns `None` before the response begins and after
    /// the stream has ended.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use futures_util::TryStreamExt;
    ///
    /// # let spanner = spanner([r#"[{"values": ["1"]}, {"values": ["2"]}]"#]).await?;
    /// let mut rows = spanner.projects().instances().query("projects/p/instances/i").stream();
    /// while let Some(row) = rows.try_next().await? {
    ///     if let Some(head) = rows.head() {
    ///         println!("{}: {row:?}", head.status);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn head(&self) -> Option<&Parts> {
        match &self.state {
            State::Reading(reading) => Some(&reading.head),
            _ => None,
        }
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        loop {
            match &mut self.state {
                State::Ended => return Poll::Ready(None),
                State::Opening(opening) => {
                    self.start.get_or_insert_with(Instant::now);
                    let opened = ready!(opening.as_mut().poll(context))?;
                    let reading = Reading::new(opened, T::MESSAGE, self.limit);
                    self.state = State::Reading(Box::new(reading));
                }
                State::Reading(reading) => {
                    let next = reading.poll_item(context, self.timeout, self.limit, self.returned);
                    let next = ready!(next);
                    return Poll::Ready(
                        next.map(|item| item.map_err(|failure| self.error(failure))),
                    );
                }
            }
        }
    }

    /// Returns the error for a failure, and ends the stream.
    fn error(&mut self, failure: Failure) -> Error {
        let State::Reading(reading) = std::mem::replace(&mut self.state, State::Ended) else {
            return Error::missing(self.method, "the stream has ended");
        };
        let Reading {
            head, destination, ..
        } = *reading;
        let error = match failure {
            Failure::Fault(fault) => stream_fault(self.method, fault, head, self.limit),
            Failure::Unreadable(json, error) => {
                let response = http::Response::from_parts(head, json);
                let index = usize::try_from(self.returned).unwrap_or(usize::MAX);
                Error::decode(self.method, response, &error.of_element(index))
            }
            Failure::Transport(error) => error
                .into_error(self.method, &destination)
                .with_attempts(Attempts::of(&head.extensions)),
        };
        let elapsed = self.start.map(|start| start.elapsed());
        error.lasting(elapsed.unwrap_or_default())
    }
}

impl Reading {
    fn new(opened: Opened, message: Option<FieldNames>, limit: usize) -> Self {
        let Opened {
            response,
            destination,
        } = opened;
        let (head, body) = response.into_parts();
        Self {
            splitter: Splitter::new(&head.headers, message, limit),
            head,
            body,
            destination,
            clock: None,
        }
    }

    fn poll_item<T: StreamItem>(
        &mut self,
        context: &mut Context<'_>,
        timeout: Duration,
        limit: usize,
        returned: u64,
    ) -> Poll<Option<Result<T, Failure>>> {
        loop {
            if let Some(next) = self.splitter.next() {
                let item = match next {
                    Ok(json) => read_json(json, Budget::of(limit, json.len()))
                        .map(|Message(message)| message)
                        .map_err(|error| Failure::Unreadable(Bytes::copy_from_slice(json), error)),
                    Err(fault) => Err(Failure::Fault(fault)),
                };
                self.clock = None;
                return Poll::Ready(Some(item));
            }
            if self.splitter.has_ended() {
                return Poll::Ready(None);
            }
            let Poll::Ready(chunk) = Pin::new(&mut self.body).poll_next(context) else {
                ready!(self.poll_clock(context, timeout));
                let late = TransportError::timeout(Late::Message(timeout, returned));
                return Poll::Ready(Some(Err(Failure::Transport(late))));
            };
            match chunk {
                Some(Ok(chunk)) => match T::of_chunk(chunk) {
                    Ok(item) => {
                        self.clock = None;
                        return Poll::Ready(Some(Ok(item)));
                    }
                    Err(chunk) => self.splitter.push(&chunk),
                },
                Some(Err(error)) => {
                    return Poll::Ready(Some(Err(Failure::Transport(error))));
                }
                None => self.splitter.end(),
            }
        }
    }

    /// Waits for the end of the time for a message.
    fn poll_clock(&mut self, context: &mut Context<'_>, timeout: Duration) -> Poll<()> {
        if self.clock.is_none() && timer::is_available() {
            self.clock = Some(Box::pin(sleep(timeout)));
        }
        match &mut self.clock {
            Some(clock) => clock.as_mut().poll(context),
            None => Poll::Pending,
        }
    }
}

// Nothing in it is pinned.
impl<T> Unpin for MessageStream<T> {}

impl<T: StreamItem> Stream for MessageStream<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(self.poll_item(context));
        match &next {
            Some(Ok(_)) => self.returned = self.returned.saturating_add(1),
            // Releases the connection.
            Some(Err(_)) | None => self.state = State::Ended,
        }
        Poll::Ready(next)
    }
}

impl<T> fmt::Debug for MessageStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageStream")
            .field("method", &self.method.id)
            .field("returned", &self.returned)
            .field("ended", &matches!(self.state, State::Ended))
            .finish_non_exhaustive()
    }
}
