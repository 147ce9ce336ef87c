//! The responses to the calls of a batch, and the keys to them.

use super::METHOD;
use crate::error::{Error, Result};
use crate::response::{FromResponse, Origin};
use crate::secrets::http_error;
use bytes::Bytes;
use std::fmt;
use std::marker::PhantomData;

/// A key to the response to one call of a batch. It can be used once, so it cannot be cloned.
///
/// ```compile_fail,E0382
/// fn twice(responses: &mut gapi_runtime::BatchResponse, key: gapi_runtime::BatchKey<String>) {
///     let _ = responses.take(key);
///     let _ = responses.take(key);
/// }
/// ```
#[must_use = "without it the response to the call cannot be taken"]
pub struct BatchKey<T> {
    pub(super) batch: u64,
    pub(super) position: usize,
    pub(super) response: PhantomData<fn() -> T>,
}

/// The responses to the calls of a batch.
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi::spanner_v1::{Spanner, schemas::Instance};
/// use gapi_runtime::{BatchKey, BatchResponse};
///
/// let spanner = Spanner::builder().build().await?;
/// let mut batch = spanner.batch();
/// let names = ["projects/p/instances/a", "projects/p/instances/b"];
/// let calls = names.map(|name| spanner.projects().instances().get(name));
/// let keys: Vec<BatchKey<Instance>> = calls.into_iter().map(|call| batch.add(call)).collect();
/// let mut responses: BatchResponse = batch.send().await?;
/// for (name, key) in names.iter().zip(keys) {
///     match responses.take(key) {
///         Ok(instance) => println!("{name}: {:?}", instance.node_count),
///         Err(error) => println!("{name}: {error}"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "calls of a batch fail one by one: take each response"]
pub struct BatchResponse {
    pub(super) batch: u64,
    pub(super) slots: Vec<Slot>,
}

/// The response to one call, until it is taken.
pub(super) struct Slot {
    pub(super) origin: Origin,
    pub(super) response: Option<Result<http::Response<Bytes>>>,
}

impl<T> BatchKey<T> {
    /// The number of the batch and the position of the call in it.
    fn place(self) -> (u64, usize) {
        (self.batch, self.position)
    }
}

impl BatchResponse {
    /// Takes the result of a call: the body of its response.
    ///
    /// # Errors
    /// The errors of the call itself. [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the server has not responded to it.
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) if the key belongs to another batch.
    pub fn take<T: FromResponse>(&mut self, key: BatchKey<T>) -> Result<T> {
        let (response, origin) = self.response(key.place())?;
        T::from_response(response, origin)
    }

    /// Takes the result of a call: the body of its response together with the HTTP status and the headers.
    ///
    /// # Errors
    /// The same errors as [`take`](Self::take).
    pub fn take_with_headers<T: FromResponse>(
        &mut self,
        key: BatchKey<T>,
    ) -> Result<http::Response<T>> {
        let (response, origin) = self.response(key.place())?;
        FromResponse::from_response(response, origin)
    }

    fn response(
        &mut self,
        (batch, position): (u64, usize),
    ) -> Result<(http::Response<Bytes>, Origin)> {
        let slot = self.slots.get_mut(position);
        let slot = slot.filter(|_| batch == self.batch);
        let found = slot.and_then(|slot| Some((slot.response.take()?, slot.origin)));
        let Some((response, origin)) = found else {
            let reason = "the key belongs to another batch".to_owned();
            return Err(Error::invalid_argument(Some(METHOD.id), reason));
        };
        let response = response?;
        if response.status().is_success() {
            return Ok((response, origin));
        }
        // Errors are made one by one, when they are taken. Their bodies are parts of the body of the batch, as those of
        // responses are.
        Err(http_error(origin.method, response))
    }
}

impl<T> fmt::Debug for BatchKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchKey")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for BatchResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = self.slots.iter().filter(|slot| slot.response.is_some());
        f.debug_struct("BatchResponse")
            .field("calls", &self.slots.len())
            .field("left", &left.count())
            .finish_non_exhaustive()
    }
}
