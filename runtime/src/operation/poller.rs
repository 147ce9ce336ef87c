//! The public types: a poller, and the future or the stream that it becomes.

use super::any;
use super::info::{OperationInfo, OperationStyle};
use super::run::{Finished, Outcome, Run};
use super::snapshot::Snapshot;
use crate::error::{Error, Result};
use crate::request::Request;
use crate::transport::BoxFuture;
use crate::wire::Object;
use crate::wire::WireFormat;
use futures_core::Stream;
use serde_json::Value;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// A poller that waits for a long-running operation (AIP-151, or in the style of Compute Engine) with the result `R`.
///
/// Made by `poller()` of a call that returns an operation. [`until_done`](Self::until_done) or [`updates`](Self::updates) sends
/// that call, which begins the operation, and then reads the operation by its name until it is done. The `poller()` of a call
/// that *reads* an operation waits for one that already exists:
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi::spanner_v1::{Spanner, schemas::{CreateInstanceMetadata, Instance}};
/// use gapi_runtime::{Poller, UntilDone};
/// use std::time::Duration;
///
/// let instances = Spanner::builder().build().await?.projects().instances();
/// let creation: Poller<Instance, _> = instances.create("projects/p", None).poller();
/// let creation = creation.initial_delay(Duration::from_secs(5)).delay_factor(1.5);
/// let creation = creation.max_delay(Duration::from_secs(30)).timeout(Duration::from_secs(600));
/// let creation: UntilDone<Instance> = creation.long_poll().until_done(); // nothing is sent yet
/// let instance = creation.await?;
///
/// // The name comes from another process. The document does not state the types of its result.
/// let existing = instances.operations().get("projects/p/instances/i/operations/o").poller();
/// let existing = existing.with_response::<Instance>().with_metadata::<CreateInstanceMetadata>();
/// let instance = existing.await?;
/// # Ok(())
/// # }
/// ```
///
/// `R` is the operation's response if its type is known, otherwise the operation itself. `M` is its metadata, a [`Value`] if
/// the type is not known. In the style of Compute Engine, where the operation itself shows its progress, `M` is the operation.
///
/// # Schedule
/// The first poll comes 1 s after the response to the call that begins the operation. Each further poll comes after twice the
/// delay of the one before, at most 60 s, until the operation is done: Google's own clients do so.
///
/// A poll that fails with a transient error (no connection, no response, HTTP 408, 429, 500, 502, 503 or 504, a rate limit) is
/// retried on the same schedule. The eleventh such failure in a row is the error, so polling survives an outage of some minutes. A poll that
/// finds no server fails within [`RetryPolicy::connect_time_limit`](crate::RetryPolicy::connect_time_limit) and counts as one
/// failure. The call that begins the operation is retried only by its policy. If a server states a delay with a failure, the
/// next poll waits that long, at most an hour. Dropping the future or the stream ends the polling and cancels nothing.
///
/// # Outcomes
/// * Done, in any response, including the first one: the result. The error is an [`ErrorKind::Decode`] if the `@type` of the
///   operation's response is another message than `R`, if the response cannot be read, or if it is missing (unless `R` has no
///   members). Its [`body`](Error::body) holds the operation. If the result is the operation itself, any operation that is done
///   and has no error is a result.
/// * Failed or canceled: an [`ErrorKind::Operation`] with code, message and details in [`Error::status`]. [`Error::code`] returns
///   the code of the operation.
/// * Not done at the end of the [`timeout`](Self::timeout): an [`ErrorKind::Timeout`].
/// * Not done, and without a name to poll it by: an [`ErrorKind::Decode`].
///
/// Errors keep the operation's name ([`Error::operation_name`]) as soon as it is known.
///
/// # Runtime
/// Delays are those of Tokio: it has to be awaited in a Tokio runtime whose timer is enabled.
///
/// [`ErrorKind::Decode`]: crate::ErrorKind::Decode
/// [`ErrorKind::Operation`]: crate::ErrorKind::Operation
/// [`ErrorKind::Timeout`]: crate::ErrorKind::Timeout
#[must_use = "a poller does nothing until `until_done` is awaited or `updates` is polled"]
pub struct Poller<R, M = Value> {
    run: Run,
    types: PhantomData<fn() -> (R, M)>,
}

impl<R, M> Poller<R, M> {
    #[doc(hidden)]
    pub fn new(call: Request, info: &'static OperationInfo, outcome: Outcome) -> Self {
        Self::of(Run::new(call, info, outcome))
    }

    fn of(run: Run) -> Self {
        Self {
            run,
            types: PhantomData,
        }
    }

    /// Sets the delay before the first poll; 1 s unless it is set.
    pub fn initial_delay(mut self, delay: Duration) -> Self {
        self.run.settings.backoff = self.run.settings.backoff.initial_delay(delay);
        self
    }

    /// Sets the longest delay between two polls; 60 s unless it is set.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.run.settings.backoff = self.run.settings.backoff.max_delay(delay);
        self
    }

    /// Sets by how much each delay is longer than the one before; 2 unless it is set. A factor below 1 counts as 1.
    pub fn delay_factor(mut self, factor: f64) -> Self {
        self.run.settings.backoff = self.run.settings.backoff.delay_factor(factor);
        self
    }

    /// Limits the time to wait for the operation, from the moment when it is begun. By default there is no limit.
    ///
    /// After that time the call fails with an [`ErrorKind::Timeout`](crate::ErrorKind::Timeout), which holds the name of the
    /// operation. The operation continues. The call that begins the operation is not cut short, because only its response has
    /// the name.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.run.settings.limit = Some(limit);
        self
    }

    /// Polls by the method `wait` if the API has one in addition to `get`. The server then responds as soon as the operation is
    /// done, or after a while. Without such a method this has no effect.
    ///
    /// The delays apply from the beginning of one poll to that of the next, so a server that responds at once is not polled
    /// more often.
    pub fn long_poll(mut self) -> Self {
        self.run.settings.long_poll = true;
        self
    }

    /// Sets the type of the operation's response if the document does not state it: `with_response::<Instance>()`.
    pub fn with_response<T: WireFormat>(mut self) -> Poller<T, M> {
        self.run.outcome = Outcome::Response;
        Poller::of(self.run)
    }

    /// Sets the type of the operation's metadata if the document does not state it.
    pub fn with_metadata<T: WireFormat>(self) -> Poller<R, T> {
        Poller::of(self.run)
    }

    /// Begins the operation and waits until it is done. Nothing is sent before the future is polled.
    ///
    /// # Errors
    /// The errors of the call that begins it, and the outcomes listed [above](Self#outcomes).
    pub fn until_done(self) -> UntilDone<R> {
        UntilDone {
            finished: Box::pin(self.run.finish()),
            result: PhantomData,
        }
    }

    /// Begins the operation and returns a stream of its states: each response while it is running, and at last its result.
    /// The stream ends after the result and after the first error.
    pub fn updates(self) -> Updates<R, M> {
        Updates {
            state: State::Idle(Box::new(self.run)),
            types: PhantomData,
        }
    }
}

/// Begins the operation and waits until it is done, as [`until_done`](Poller::until_done) does.
impl<R: WireFormat, M> IntoFuture for Poller<R, M> {
    type Output = Result<R>;
    type IntoFuture = UntilDone<R>;

    fn into_future(self) -> UntilDone<R> {
        self.until_done()
    }
}

impl<R, M> Clone for Poller<R, M> {
    fn clone(&self) -> Self {
        Self::of(self.run.clone())
    }
}

impl<R, M> fmt::Debug for Poller<R, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poller")
            .field("method", &self.run.call.method().id)
            .field("settings", &self.run.settings)
            .finish_non_exhaustive()
    }
}

/// An operation that is waited for: a future of its result. See [`Poller::until_done`].
#[must_use = "an operation is not begun until it is awaited"]
pub struct UntilDone<R> {
    finished: BoxFuture<'static, Result<Finished>>,
    result: PhantomData<fn() -> R>,
}

impl<R: WireFormat> Future for UntilDone<R> {
    type Output = Result<R>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let finished = ready!(self.finished.as_mut().poll(context))?;
        Poll::Ready(finished.decode())
    }
}

impl<R> fmt::Debug for UntilDone<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UntilDone").finish_non_exhaustive()
    }
}

/// The states of an operation: a [`Stream`]. See [`Poller::updates`].
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use futures_util::TryStreamExt;
/// use gapi::spanner_v1::Spanner;
/// use gapi_runtime::{Poller, Update, Updates};
///
/// let instances = Spanner::builder().build().await?.projects().instances();
/// let creation: Poller<_, _> = instances.create("projects/p", None).poller();
/// let mut updates: Updates<_, _> = creation.updates();
/// while let Some(update) = updates.try_next().await? {
///     match update {
///         Update::InProgress(it) if it.operation().contains_key("error") => it.cancel().await?,
///         Update::InProgress(it) => println!("{:?}: {:?}", it.name(), it.metadata()),
///         Update::Done(instance) => println!("{:?}", instance.node_count),
///         _ => {}
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// [`Stream`]: https://docs.rs/futures-core/latest/futures_core/stream/trait.Stream.html
#[must_use = "a stream does nothing until it is polled"]
pub struct Updates<R, M = Value> {
    state: State,
    types: PhantomData<fn() -> (R, M)>,
}

/// The operation, and the response to the last request.
type Asked = (Box<Run>, Result<Snapshot>);

enum State {
    Idle(Box<Run>),
    Asking(BoxFuture<'static, Asked>),
    Ended,
}

impl<R: WireFormat, M: WireFormat> Stream for Updates<R, M> {
    type Item = Result<Update<R, M>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some((mut run, snapshot)) = ready!(self.state.poll(context)) else {
            return Poll::Ready(None);
        };
        let snapshot = match snapshot {
            Ok(snapshot) if !snapshot.is_done() => snapshot,
            Ok(snapshot) => {
                let result = run.finished(snapshot).and_then(Finished::decode);
                return Poll::Ready(Some(result.map(Update::Done)));
            }
            Err(error) => return Poll::Ready(Some(Err(error))),
        };
        let update = InProgress::new(&run, snapshot);
        self.state = State::Idle(run);
        Poll::Ready(Some(Ok(Update::InProgress(update))))
    }
}

impl State {
    /// Polls for the next response. Leaves the end of the stream as the state, until the caller sets another.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Asked>> {
        let mut asking = match std::mem::replace(self, Self::Ended) {
            Self::Idle(mut run) => Box::pin(async move {
                let snapshot = run.advance().await;
                (run, snapshot)
            }),
            Self::Asking(asking) => asking,
            Self::Ended => return Poll::Ready(None),
        };
        match asking.as_mut().poll(context) {
            Poll::Ready(asked) => Poll::Ready(Some(asked)),
            Poll::Pending => {
                *self = Self::Asking(asking);
                Poll::Pending
            }
        }
    }
}

impl<R, M> fmt::Debug for Updates<R, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_ended = matches!(self.state, State::Ended);
        f.debug_struct("Updates")
            .field("ended", &is_ended)
            .finish_non_exhaustive()
    }
}

/// A state of an operation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Update<R, M = Value> {
    /// It is running.
    InProgress(InProgress<M>),
    /// It has succeeded.
    Done(R),
}

/// A running operation.
#[derive(Clone)]
pub struct InProgress<M = Value> {
    operation: Object,
    metadata: Option<M>,
    cancel: Option<Request>,
}

impl<M: WireFormat> InProgress<M> {
    fn new(run: &Run, snapshot: Snapshot) -> Self {
        let metadata = match run.info.style {
            OperationStyle::Aip151 => snapshot
                .member_text("metadata")
                .and_then(|any| any::unpack(any, snapshot.budget()).ok()),
            OperationStyle::Compute => any::unpack(snapshot.text(), snapshot.budget()).ok(),
        };
        let cancel = run.target().and_then(|target| {
            let method = target.methods.cancel.as_ref()?;
            Some(target.call(method, &run.call))
        });
        Self {
            operation: snapshot.into_operation(),
            metadata,
            cancel,
        }
    }
}

impl<M> InProgress<M> {
    /// Returns the name of the operation. With it the operation can be read, waited for or canceled later.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.operation.get("name").and_then(Value::as_str)
    }

    /// Returns the metadata that the service sends with the operation. Returns `None` if there is none, or if it is not an `M`.
    /// [`operation`](Self::operation) has it in any case.
    #[must_use]
    pub fn metadata(&self) -> Option<&M> {
        self.metadata.as_ref()
    }

    /// Returns the operation as the server sent it.
    #[must_use]
    pub fn operation(&self) -> &Object {
        &self.operation
    }

    /// Asks the service to cancel the operation. The service may ignore the request, and the operation continues until it is
    /// canceled. Then it ends as an [`ErrorKind::Operation`](crate::ErrorKind::Operation) with the status `CANCELLED`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) when the API cannot cancel its operations; otherwise
    /// those of the call.
    pub async fn cancel(&self) -> Result<()> {
        let Some(call) = self.cancel.clone() else {
            let message = "the API has no method that cancels this operation".to_owned();
            return Err(Error::invalid_argument(None, message));
        };
        let response = call.execute().await;
        response.map_err(|error| error.about_operation(self.name()))?;
        Ok(())
    }
}

/// Shows no more than the name: what the service says may be confidential.
impl<M> fmt::Debug for InProgress<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProgress")
            .field("name", &self.name())
            .field("can_be_cancelled", &self.cancel.is_some())
            .finish_non_exhaustive()
    }
}
