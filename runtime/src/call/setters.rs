//! The setters that all calls of all APIs have.

use crate::encode::QueryValue;
use crate::request::{Method, Request};
use http::header::{HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};

/// A call of a method, with the setters that all calls of all APIs have. Implemented by [`call!`](crate::call!).
///
/// Import the trait to use them. They serve where the document of an API is silent: headers, undocumented query parameters,
/// etags, and names that the document does not permit.
///
/// ```
/// use gapi_runtime::Call;
///
/// fn with_extras<C: Call>(call: C, etag: &str) -> C {
///     call.header("x-goog-request-reason", "ticket 7")
///         .query("undocumentedParameter", true)
///         .if_match(etag)
/// }
/// ```
///
/// A method whose document has a parameter `query` or `header` has a setter of that name with one argument. There write
/// `Call::query(call, name, value)`.
///
/// A rejected name or value is an error of the call, before anything is sent:
/// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) with all reasons.
///
/// # Pages, polls, uploads and batches
///
/// A call can send several requests. The credentials of the client, with their
/// [`subject`](crate::ClientBuilder::subject), are those of each request. Added headers and parameters are sent with these:
///
/// | Request | Headers of the call | Parameters of the call | Headers of the client |
/// |---|---|---|---|
/// | each attempt, each page | yes | yes | yes |
/// | download, and the rest of an interrupted one | yes | yes | yes |
/// | session of an upload | yes | yes | yes |
/// | chunk of an upload | without conditions | no | yes |
/// | poll of an operation that the call begins | without conditions, `accept` and masks | only `quotaUser` and `userIp` | yes |
/// | poll by the `get` of an operation itself | without conditions, `accept` and masks | yes | yes |
/// | batch | in the part of the call | in the part of the call | in the batch |
///
/// Conditions are `if-match`, `if-none-match`, `if-modified-since` and `if-unmodified-since`.
pub trait Call: Method + Clone + Send + 'static {
    /// The request built so far.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use gapi_runtime::Call;
    ///
    /// # let spanner = spanner([]).await?;
    /// let call = spanner.projects().instances().get("projects/p/instances/i");
    /// let request = call.request().to_http()?;
    /// assert_eq!(request.uri().path(), "/v1/projects/p/instances/i");
    /// # Ok(())
    /// # }
    /// ```
    fn request(&self) -> &Request;

    /// Changes the request.
    ///
    /// ```
    /// use gapi_runtime::{Call, RetryPolicy};
    ///
    /// /// Changes a call in the same way as its own setters.
    /// fn once<C: Call>(call: C) -> C {
    ///     call.map_request(|request| request.retry(RetryPolicy::never()))
    /// }
    /// ```
    #[must_use]
    fn map_request(self, change: impl FnOnce(Request) -> Request) -> Self;

    /// Adds a header to the request. Of several calls with the same name, all values are sent. A header that the client has
    /// by [`default_header`](crate::ClientBuilder::default_header) is replaced, and so is `accept`.
    ///
    /// The header goes with each attempt, with all later pages, with the parts of a download, and in a batch with the part of the
    /// call. Polls of an operation have it unless it is a condition such as `if-match`, `accept` or a mask. Chunks of an upload
    /// have it unless it is a condition. See the [table](Call#pages-polls-uploads-and-batches).
    ///
    /// These headers are reserved, because they would break the request, or because a setting has them: `authorization`,
    /// `host`, `content-length`, `content-type`, `content-range`, `range`, `if-range`, `transfer-encoding`, `accept-encoding`,
    /// `connection` and the other headers of a connection, `expect`, `user-agent`, `x-goog-api-key`, `x-goog-api-client`,
    /// `x-http-method-override`, and those of uploads and proxies. Values have only visible ASCII characters, spaces and tabs.
    ///
    /// Values are never shown in errors, logs or `Debug` if the [`HeaderValue`] is marked as sensitive, or if the name of the
    /// header says that it is a secret, as `x-goog-encryption-key` does. `Debug` of a call shows only names.
    ///
    /// ```
    /// use gapi_runtime::{Call, http::header::ACCEPT};
    ///
    /// fn as_dicom<C: Call>(call: C) -> C {
    ///     call.header(ACCEPT, "application/dicom; transfer-syntax=*")
    /// }
    /// ```
    ///
    /// [`HeaderValue`]: https://docs.rs/http/latest/http/header/struct.HeaderValue.html
    #[must_use]
    fn header(self, name: impl TryInto<HeaderName>, value: impl TryInto<HeaderValue>) -> Self {
        let (name, value) = (name.try_into().ok(), value.try_into().ok());
        self.map_request(|request| request.header(name, value))
    }

    /// Adds a query parameter that the document does not have. Of several calls with the same name, all values are sent.
    ///
    /// For a documented parameter use its setter: the two together are rejected. The variables of the path are rejected, and
    /// so are the names that decide about the form of a request or who sends it: `alt`, `callback`, `key`, `access_token`,
    /// `oauth_token`, `uploadType`, `upload_protocol`, `upload_id`, `$httpHeaders`, `$httpMethod`.
    ///
    /// The parameter goes with each attempt, with all later pages, with the parts of a download, and in a batch with the part of
    /// the call. Chunks of an upload, and polls of the operation that the call begins, do not have it. See the
    /// [table](Call#pages-polls-uploads-and-batches).
    #[must_use]
    fn query(self, name: impl Into<String>, value: impl QueryValue) -> Self {
        let (name, value) = (name.into(), value.into_query());
        self.map_request(|request| request.other_query(name, value))
    }

    /// Sends the call only for this version of the resource: the header `if-match` (RFC 9110, section 13.1.1).
    ///
    /// The etag is sent as it is, mostly with its quotation marks, as in the field `etag` of a resource. If the resource has
    /// another version, the server responds with status 412, and nothing changes: see
    /// [`Error::is_precondition_failed`](crate::Error::is_precondition_failed). An empty etag is rejected, because the server
    /// would compare nothing.
    #[must_use]
    fn if_match(self, etag: impl TryInto<HeaderValue>) -> Self {
        let etag = etag.try_into().ok();
        self.map_request(|request| request.condition(IF_MATCH, etag))
    }

    /// Requests the resource only if it has another version: the header `if-none-match` (RFC 9110, section 13.1.2).
    ///
    /// If the resource still has this version, the server responds with status 304 without a body. The call then fails, because
    /// there is nothing to return: see [`Error::is_not_modified`](crate::Error::is_not_modified). The etag `*` matches any
    /// version, so that a write only creates a resource.
    ///
    /// ```
    /// use gapi_runtime::Error;
    ///
    /// /// Returns the resource, or `None` if it has not changed. `result` is that of `call.if_none_match(etag).send().await`.
    /// fn newer<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    ///     match result {
    ///         Ok(resource) => Ok(Some(resource)),
    ///         Err(error) if error.is_not_modified() => Ok(None),
    ///         Err(error) => Err(error),
    ///     }
    /// }
    /// ```
    ///
    /// ```
    /// use gapi_runtime::{Call, Result};
    ///
    /// async fn create_only<C: Call + IntoFuture<Output = Result<T>>, T>(put: C) -> Result<T> {
    ///     put.if_none_match("*").await
    /// }
    /// ```
    #[must_use]
    fn if_none_match(self, etag: impl TryInto<HeaderValue>) -> Self {
        let etag = etag.try_into().ok();
        self.map_request(|request| request.condition(IF_NONE_MATCH, etag))
    }

    /// Sends the call even if a value of its path does not match the pattern in the document.
    ///
    /// By default such a call fails before it is sent, so that a wrong name is found early. Some documents are stricter than
    /// their service. [`ClientBuilder::skip_pattern_checks`](crate::ClientBuilder::skip_pattern_checks) does this for all calls
    /// of a client.
    ///
    /// All other checks stay: a value that would change the path, for example with a `..` segment, is still rejected.
    ///
    /// ```
    /// use gapi_runtime::Call;
    ///
    /// fn unchecked<C: Call>(call: C) -> C {
    ///     call.skip_pattern_checks()
    /// }
    /// ```
    #[must_use]
    fn skip_pattern_checks(self) -> Self {
        self.map_request(Request::skip_pattern_checks)
    }
}
