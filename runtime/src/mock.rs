//! Mocks of methods, for tests of code that uses a client. With the feature `test-util`.
//!
//! A [`Mock`] replaces a server. It has expectations for methods, each with its responses, and returns the calls that came.
//! Everything but the network is real: requests are checked and written, responses are read, retries and delays take place.
//!
//! ```
//! # #[derive(Clone, Debug)]
//! # pub struct Spanner(gapi_runtime::Client);
//! # gapi_runtime::service!(Spanner {
//! #     id: "spanner:v1", name: "spanner", version: "v1", revision: "20261006", title: "Cloud Spanner API",
//! #     root_url: "https://spanner.googleapis.com/", batch_path: "batch",
//! # });
//! # impl Spanner {
//! #     fn get(&self, name: &str) -> Get { Get(gapi_runtime::Request::of::<Get>(&self.0).path("name", name)) }
//! # }
//! # pub struct Get(gapi_runtime::Request);
//! # gapi_runtime::call!(Get {
//! #     id: "spanner.projects.instances.get",
//! #     service: Spanner,
//! #     request: Get "v1/{+name}",
//! #     path "name": "^projects/[^/]+/instances/[^/]+$",
//! #     response: Json Instance,
//! # });
//! # pub struct Instance { pub node_count: Option<i32>, pub unknown_fields: gapi_runtime::UnknownFields }
//! # gapi_runtime::schema!(Instance { node_count: "nodeCount" });
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use gapi_runtime::{Code, Status, mock::Mock};
//!
//! let mock = Mock::new();
//! let spanner: Spanner = mock.client().await?;
//! // `Get` is the call of a generated client: `gapi::spanner_v1::projects::instances::Get`.
//! mock.on::<Get>()
//!     .path("name", "projects/p/instances/i")
//!     .respond(Instance { node_count: Some(3), ..Default::default() })
//!     .respond_error(Status::new(Code::NotFound, "no such instance"));
//!
//! let instance = spanner.get("projects/p/instances/i").send().await?;
//! assert_eq!(instance.node_count, Some(3));
//! let error = spanner.get("projects/p/instances/i").send().await.unwrap_err();
//! assert!(error.is_not_found());
//! assert_eq!(mock.calls::<Get>()[1].path("name").as_deref(), Some("projects/p/instances/i"));
//! mock.verify()?;
//! # Ok(())
//! # }
//! ```
//!
//! # Expectations
//!
//! * The first expectation of a method that matches a call and has a response left responds to it.
//! * Each response is used once, in order. [`times`](Expectation::times) and [`any_times`](Expectation::any_times) change that
//!   for the last one.
//! * A retry is a call like any other. The client retries transient errors, so an error such as HTTP 503 needs as many
//!   responses as there are attempts.
//! * A call that no expectation matches fails and is not retried. Its error says which expectations the method has, and why each
//!   of them does not match.
//! * [`Mock::verify`] returns the unmatched calls and the unused responses. A mock that was not verified does so when it is
//!   dropped, and panics if there are any.
//!
//! Mocks know batches, resumable uploads, downloads and the polls of operations. Delays are those of Tokio. They take no time in
//! a test with a paused clock: `#[tokio::test(start_paused = true)]`.

mod batch;
mod call;
mod chunks;
mod dispatch;
mod expectation;
mod failure;
mod json;
mod matcher;
mod operation;
mod page;
mod report;
mod request_id;
mod rule;
mod upload;

pub use call::MockCall;
pub use expectation::{Expectation, Message};
pub use failure::{Failure, Fault};
pub use operation::MockOperation;
pub use page::Page;
pub use report::MockError;

use crate::call::Call;
use crate::client::{ClientBuilder, Service};
use crate::error::Result;
use crate::request::Method;
use crate::transport::Transport;
use dispatch::{Server, State};
use rule::Rule;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A server that responds to the methods of APIs as a test specifies: see [the module](self).
///
/// A mock that is dropped without [`verify`](Self::verify) panics if there are unmatched calls or unused responses, unless the
/// thread is panicking already.
#[derive(Default)]
pub struct Mock {
    state: Arc<State>,
    is_verified: AtomicBool,
}

impl Mock {
    /// Creates a mock without expectations.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an expectation for a method: `mock.on::<operations::Get>()`.
    ///
    /// Without conditions it matches all calls of the method. It needs at least one response.
    #[must_use = "an expectation needs a response"]
    #[track_caller]
    pub fn on<C: Call>(&self) -> Expectation<'_, C> {
        let rule = Rule::new(C::INFO, std::panic::Location::caller());
        Expectation::new(&self.state, rule)
    }

    /// Builds a client with default settings that sends its calls to the mock.
    ///
    /// For other settings use [`transport`](Self::transport).
    ///
    /// # Errors
    /// The errors of [`ClientBuilder::build`].
    pub async fn client<S: Service>(&self) -> Result<S> {
        ClientBuilder::new()
            .transport(self.transport())
            .build()
            .await
    }

    /// Returns the transport of the mock, for [`ClientBuilder::transport`].
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi::spanner_v1::Spanner;
    /// use gapi_runtime::{RetryPolicy, mock::Mock};
    ///
    /// let mock = Mock::new();
    /// let spanner = Spanner::builder()
    ///     .transport(mock.transport())
    ///     .retry(RetryPolicy::never())
    ///     .build()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn transport(&self) -> impl Transport + Clone + use<> {
        Server(Arc::clone(&self.state))
    }

    /// Returns the calls of a method in the order in which they came, retries included.
    ///
    /// Parts of batches are calls. Chunks of an upload belong to the call that began it.
    #[must_use]
    pub fn calls<C: Method>(&self) -> Vec<MockCall<C>> {
        let calls = self.state.calls_of(C::INFO);
        calls.into_iter().map(MockCall::new).collect()
    }

    /// Checks that each call had a response and that each response was used.
    ///
    /// # Errors
    /// All unmatched calls, unused responses and mistakes of expectations. Each names its method.
    pub fn verify(&self) -> Result<(), MockError> {
        self.is_verified.store(true, Ordering::Relaxed);
        self.state.verify()
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        if self.is_verified.load(Ordering::Relaxed) || std::thread::panicking() {
            return;
        }
        if let Err(error) = self.state.verify() {
            #[expect(clippy::panic, reason = "a test fails by panicking")]
            {
                panic!("{error}");
            }
        }
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mock").finish_non_exhaustive()
    }
}
