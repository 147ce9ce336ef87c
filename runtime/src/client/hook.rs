//! Hooks that change the headers of each attempt.

use super::{ClientBuilder, Service};
use crate::error::{Error, Result};
use crate::headers;
use crate::method::MethodInfo;
use crate::transport::Body;
use bytes::Bytes;
use http::{HeaderMap, Uri};
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

type BoxError = Box<dyn StdError + Send + Sync>;

type Hook = dyn Fn(&mut Attempt<'_>) -> std::result::Result<(), BoxError> + Send + Sync;

/// The hooks of a client, in the order in which they were added.
#[derive(Clone, Default)]
pub(super) struct Hooks(Vec<Arc<Hook>>);

/// An attempt to send a request, as a hook sees it: [`ClientBuilder::on_attempt`].
///
/// `Debug` shows neither the URL nor the headers.
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi::spanner_v1::Spanner;
/// use gapi_runtime::{Attempt, http::HeaderValue};
///
/// let spanner = Spanner::builder()
///     .on_attempt(|attempt: &mut Attempt<'_>| {
///         let size = attempt.body().map_or(0, |body| body.len());
///         println!("{}: attempt {}", attempt.method().id, attempt.number());
///         println!("{} {}, {size} bytes", attempt.http_method(), attempt.uri().path());
///         if !attempt.headers().contains_key("x-trace") {
///             attempt.headers_mut().insert("x-trace", HeaderValue::from_static("7"));
///         }
///     })
///     .build()
///     .await?;
/// # Ok(())
/// # }
/// ```
pub struct Attempt<'a> {
    method: &'static MethodInfo,
    number: u32,
    request: &'a mut http::Request<Body>,
}

impl Attempt<'_> {
    /// Returns the description of the method that is called. The id of a batch is `batch`.
    #[must_use]
    pub fn method(&self) -> &'static MethodInfo {
        self.method
    }

    /// Returns the number of the attempt: 1, and more for retries of the same call.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Returns the HTTP method of the request. It differs from that of the description where a long query becomes a body, and
    /// in the chunks of uploads.
    #[must_use]
    pub fn http_method(&self) -> &http::Method {
        self.request.method()
    }

    /// Returns the URL of the request. It contains the values of parameters, and the address of an upload is a secret.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        self.request.uri()
    }

    /// Returns the headers of the request, including the credentials.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// Returns the headers of the request, which the hook may change.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        self.request.headers_mut()
    }

    /// Returns the body of the request. Returns `None` for media that is read from a stream while it is sent.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.request.body().whole()
    }
}

impl fmt::Debug for Attempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("method", &self.method.id)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl Hooks {
    /// Runs the hooks. Values of headers whose names suggest secrets are marked as sensitive, so that errors hide them.
    pub(super) fn run(
        &self,
        method: &'static MethodInfo,
        number: u32,
        request: &mut http::Request<Body>,
    ) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut attempt = Attempt {
            method,
            number,
            request,
        };
        for hook in &self.0 {
            hook(&mut attempt).map_err(|error| failed(method, error))?;
        }
        headers::mark_secrets(attempt.headers_mut());
        Ok(())
    }
}

fn failed(method: &MethodInfo, error: BoxError) -> Error {
    let message = format!("a hook rejects the attempt: {error}");
    Error::invalid_argument(Some(method.id), message).caused_by(Some(error), false)
}

/// Closures have nothing to show.
impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.len().fmt(f)
    }
}

impl<S: Service> ClientBuilder<S> {
    /// Adds a hook that changes the headers of each attempt, for example to sign requests or to propagate a trace.
    ///
    /// It runs for each attempt of each request of the client: calls, retries, chunks of uploads, polls, and batches as a whole.
    /// It does not run for requests for tokens. It runs last, after the credentials are added, and any header can be changed.
    /// Several hooks run in the order in which they were added. Work that has to wait is for `layer`, with the feature `tower`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # fn main() {
    /// use gapi::spanner_v1::Spanner;
    /// use gapi_runtime::http::HeaderValue;
    ///
    /// let builder = Spanner::builder().on_attempt(|attempt| {
    ///     let number = HeaderValue::from(attempt.number());
    ///     attempt.headers_mut().insert("x-attempt", number);
    /// });
    /// # }
    /// ```
    pub fn on_attempt(self, hook: impl Fn(&mut Attempt<'_>) + Send + Sync + 'static) -> Self {
        self.try_on_attempt(move |attempt| {
            hook(attempt);
            Ok::<_, BoxError>(())
        })
    }

    /// Adds a hook like [`on_attempt`](Self::on_attempt) that can fail. Then the attempt is not sent, and the call fails with
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # fn example(sign: fn(&[u8]) -> String) {
    /// use gapi::spanner_v1::Spanner;
    ///
    /// let builder = Spanner::builder().try_on_attempt(move |attempt| {
    ///     let body = attempt.body().ok_or("a stream cannot be signed")?;
    ///     let signature = sign(body).parse()?; // a function of the application
    ///     attempt.headers_mut().insert("x-signature", signature);
    ///     Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    /// });
    /// # }
    /// # fn main() {}
    /// ```
    pub fn try_on_attempt<E>(
        mut self,
        hook: impl Fn(&mut Attempt<'_>) -> std::result::Result<(), E> + Send + Sync + 'static,
    ) -> Self
    where
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let hook = move |attempt: &mut Attempt<'_>| hook(attempt).map_err(Into::into);
        self.hooks.0.push(Arc::new(hook));
        self
    }
}
