//! Many calls in one request.

mod keys;
mod response;

use keys::Slot;
pub use keys::{BatchKey, BatchResponse};
#[cfg(feature = "test-util")]
pub(crate) use response::{boundary, head, split};

use crate::call::Call;
use crate::client::BodyMode;
use crate::client::{Client, Service};
use crate::credentials::Calls;
use crate::error::Attempts;
use crate::error::{Error, Result};
use crate::media::multipart;
use crate::method::{MethodInfo, Verb};
use crate::request::Request;
use crate::response::Origin;
use crate::retry::{CallOptions, Idempotency, RetryPolicy};
use crate::secrets::{Secrets, http_error};
use crate::wire::{Budget, DEFAULT_LIMIT};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The maximum number of calls that Google's servers accept at once.
const MOST_CALLS: usize = 1000;

/// The method that errors of a batch as a whole name.
const METHOD: &MethodInfo = &MethodInfo {
    id: "batch",
    verb: Verb::Post,
    ..MethodInfo::DEFAULT
};

/// Many calls of one API that go in one request: `multipart/mixed`, sent to the `batchPath` of the document, at the client's
/// endpoint. Made by the function `batch` of a client.
///
/// Each call gets its own response and can fail alone. The server may execute the calls in any order, or only some of
/// them. Not all services offer batches, and none accepts more than 1,000 calls at once. Uploads and downloads of media cannot
/// be added.
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi::spanner_v1::Spanner;
/// use gapi_runtime::{BatchResponse, RetryPolicy};
/// use std::time::Duration;
///
/// let spanner = Spanner::builder().build().await?;
/// let instances = spanner.projects().instances();
/// let mut batch = spanner.batch().retry(RetryPolicy::never()).timeout(Duration::from_secs(30));
/// let a = batch.add(instances.get("projects/p/instances/a"));
/// let b = batch.add(instances.get("projects/p/instances/b"));
/// if !batch.is_empty() {
///     println!("sending {} calls", batch.len());
/// }
/// let mut responses: BatchResponse = batch.send().await?; // fails if the batch as a whole fails
/// let a = responses.take(a)?; // fails if this call fails
/// let b = responses.take_with_headers(b)?;
/// println!("{:?}, {:?}, {:?}", a.node_count, b.status(), b.body().node_count);
/// # Ok(())
/// # }
/// ```
#[must_use = "a batch does nothing until it is sent"]
pub struct Batch<S> {
    client: Client,
    /// Distinguishes it from other batches.
    number: u64,
    calls: Vec<Request>,
    options: CallOptions,
    service: PhantomData<fn() -> S>,
}

impl<S: Service> Batch<S> {
    #[doc(hidden)]
    pub fn new(client: &Client) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            client: client.clone(),
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            calls: Vec::new(),
            options: CallOptions::default(),
            service: PhantomData,
        }
    }

    /// Adds a call and returns the key to its response.
    ///
    /// The call must be of the same client as the batch, because the batch uses its own credentials.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a batch takes its calls over; the caller has no use for them"
    )]
    pub fn add<C: Call<Service = S>>(&mut self, call: C) -> BatchKey<C::Response> {
        self.calls.push(call.request().clone().identified());
        BatchKey {
            batch: self.number,
            position: self.calls.len() - 1,
            response: PhantomData,
        }
    }

    /// Returns the number of calls in the batch.
    #[must_use]
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    /// Returns `true` if the batch has no calls.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Retries the batch as a whole by this policy instead of the client's. The retry and time settings of the calls are
    /// ignored. If the batch succeeds but a call in it fails, the call is never retried.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.set_policy(policy);
        self
    }

    /// Sets the deadline for the whole batch, including retries and delays, instead of that of the client.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.set_timeout(timeout);
        self
    }

    /// Sends the calls and returns their responses.
    ///
    /// A call that fails its checks is not sent, and the error is its result. Without calls to send there is no request.
    ///
    /// # Errors
    /// The errors of the batch as a whole. [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument), before anything
    /// is sent, if it has more than 1,000 calls. An error if no response comes, or if its status is not 2xx.
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the response is not `multipart/mixed`.
    pub async fn send(self) -> Result<BatchResponse> {
        if self.calls.len() > MOST_CALLS {
            let count = self.calls.len();
            let reason = format!("a batch takes at most {MOST_CALLS} calls, not {count}");
            return Err(Error::invalid_argument(Some(METHOD.id), reason));
        }
        let mut parts = Vec::new();
        let mut secrets = Vec::new();
        let mut slots = Vec::with_capacity(self.calls.len());
        let mut idempotency = Idempotency::Always;
        for (position, call) in self.calls.iter().enumerate() {
            let rejection = match self.checked(call) {
                Ok(request) => {
                    let options = call.options();
                    let own = options.idempotency(call.method(), request.headers());
                    idempotency = idempotency.min(own);
                    parts.push(part(position, &request));
                    secrets.push(Secrets::of(request.uri(), request.headers(), None));
                    None
                }
                Err(error) => Some(Err(error)),
            };
            slots.push(Slot {
                origin: Origin {
                    service: call.client().service(),
                    method: call.method(),
                },
                response: rejection,
            });
        }
        if !parts.is_empty() {
            let mut request = self.request(&parts)?;
            drop(parts);
            let methods = slots.iter().filter(|slot| slot.response.is_none());
            let methods = methods.map(|slot| slot.origin.method);
            request.extensions_mut().insert(Calls(methods.collect()));
            let mut options = self.options.clone();
            options.set_idempotency(idempotency);
            let mut response = self
                .client
                .exchange(BodyMode::Whole, METHOD, &options, request)
                .await?;
            secrets.push(Secrets::of_response(response.extensions()));
            let secrets = Secrets::together(secrets);
            response.extensions_mut().insert(secrets);
            distribute(response, &mut slots)?;
        }
        Ok(BatchResponse {
            batch: self.number,
            slots,
        })
    }

    fn checked(&self, call: &Request) -> Result<http::Request<Bytes>> {
        if call.client().is(&self.client) {
            call.to_part()
        } else {
            let reason = "the call is of another client than the batch".to_owned();
            Err(Error::invalid_argument(Some(call.method().id), reason))
        }
    }

    fn request(&self, parts: &[multipart::Part]) -> Result<http::Request<Bytes>> {
        let url = format!("{}{}", self.client.root_url(), S::INFO.batch_path);
        let (content_type, body) = multipart::write("mixed", parts);
        let mut request = http::Request::new(body);
        *request.method_mut() = METHOD.verb.into();
        *request.uri_mut() = url.parse().map_err(|_| {
            let reason = "the path of batches does not make a URL".to_owned();
            Error::invalid_argument(Some(METHOD.id), reason)
        })?;
        let headers = request.headers_mut();
        self.client.introduce(headers);
        headers.insert(CONTENT_TYPE, content_type);
        Ok(request)
    }
}

/// A request within another (RFC 9112, section 10.1). It has no credentials: those of the request around it count.
fn part(position: usize, request: &http::Request<Bytes>) -> multipart::Part {
    let head = format!(
        "Content-Type: application/http\r\n\
         MIME-Version: 1.0\r\n\
         Content-Transfer-Encoding: binary\r\n\
         Content-ID: <{}{position}>\r\n",
        response::ID
    );
    let uri = request.uri();
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let host = uri.authority().map_or("", |host| host.as_str());
    let method = request.method();
    let mut content = format!("{method} {target} HTTP/1.1\r\nhost: {host}\r\n").into_bytes();
    for (name, value) in request.headers() {
        if name != CONTENT_LENGTH {
            for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
                content.extend_from_slice(part);
            }
        }
    }
    let body = request.body();
    if !body.is_empty() {
        content.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
    }
    content.extend_from_slice(b"\r\n");
    content.extend_from_slice(body);
    multipart::Part {
        head: head.into_bytes(),
        content: content.into(),
    }
}

/// Assigns each call its part of the response.
fn distribute(response: http::Response<Bytes>, slots: &mut [Slot]) -> Result<()> {
    if !response.status().is_success() {
        return Err(http_error(METHOD, response));
    }
    let Some(parts) = response::read_parts(response.headers(), response.body(), slots.len()) else {
        let problem = "the response to the batch does not consist of parts";
        return Err(Error::unreadable(METHOD, problem, response));
    };
    let (whole, calls) = (response.body().len(), slots.len());
    let budget = response.extensions().get::<Budget>().copied();
    let budget = budget.unwrap_or_else(|| Budget::of(DEFAULT_LIMIT, whole));
    // Calls were sent as often as the batch.
    let attempts = Attempts::of(response.extensions());
    let secrets = Secrets::of_response(response.extensions());
    for (position, part) in parts {
        // The first response to a call counts. A part for an unknown call has no slot.
        if let Some(slot) = slots.get_mut(position)
            && slot.response.is_none()
        {
            let method = slot.origin.method;
            slot.response = Some(match part {
                Ok(mut response) => {
                    let share = budget.share(response.body().len(), whole, calls);
                    let extensions = response.extensions_mut();
                    extensions.insert(share);
                    extensions.insert(attempts.clone());
                    extensions.insert(secrets.clone());
                    Ok(response)
                }
                Err(problem) => {
                    Err(Error::missing(method, problem).with_attempts(attempts.clone()))
                }
            });
        }
    }
    for slot in slots {
        let missing = || {
            let problem = "the response to the batch has no part for the call";
            Err(Error::missing(slot.origin.method, problem).with_attempts(attempts.clone()))
        };
        slot.response.get_or_insert_with(missing);
    }
    Ok(())
}

impl<S> fmt::Debug for Batch<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("client", &self.client)
            .field("calls", &self.calls)
            .finish_non_exhaustive()
    }
}
