//! One call: its parameters and body, and the HTTP request made of them.

mod build;
mod circle;
mod converted;
mod extras;
mod idempotency;
mod mask;
mod pages;
mod query;
mod send;

pub use pages::PageToken;
pub(crate) use pages::Paging;
pub(crate) use send::Opened;

use crate::client::{Client, Service};
use crate::encode::QueryValue;
use crate::error::ErrorKind;
use crate::headers::Headers;
use crate::media::Media;
use crate::method::MethodInfo;
use crate::response::FromResponse;
use crate::retry::{CallOptions, RetryPolicy};
use crate::wire::{WireFormat, to_json};
use bytes::Bytes;
use query::{Query, set, set_twice};
use std::fmt;
use std::time::Duration;

/// The API-wide parameters that say who calls.
const CALLER: [&str; 5] = ["access_token", "key", "oauth_token", "quotaUser", "userIp"];

/// A method of an API; implemented by its request builder.
pub trait Method {
    /// The API that it belongs to.
    type Service: Service;
    /// The type that a successful call returns.
    type Response: FromResponse;
    /// The description of the method in the document.
    const INFO: &'static MethodInfo;
}

/// The parameters and the body of one call, not yet sent.
///
/// Request builders wrap it. `Debug` names the parameters and shows none of their values. Takes one pointer.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi::spanner_v1::projects::instances::{Create, Get};
/// use gapi_runtime::{Method, RawBody, Request, RetryPolicy, Service, Value};
/// use std::time::Duration;
///
/// # let spanner = spanner([]).await?;
/// let get = Request::of::<Get>(spanner.client())
///     .path("name", "projects/p/instances/i")
///     .query("view", "FULL")
///     .query_all("part", ["a", "b"])
///     .timeout(Duration::from_secs(10))
///     .retry(RetryPolicy::never());
/// let query = get.to_http()?.uri().query().map(str::to_owned);
/// assert_eq!(query.as_deref(), Some("view=FULL&part=a&part=b&alt=json"));
/// assert_eq!(get.method().id, "spanner.projects.instances.get");
/// assert_eq!(get.client().service().id, "spanner:v1");
///
/// let create = Request::new(spanner.client(), Create::INFO)
///     .path_value("parent", "an-old-name")
///     .skip_pattern_checks()
///     .idempotent(true);
/// let json = create.clone().body(Value::from("JSON"));
/// assert_eq!(json.to_http()?.body(), r#""JSON""#);
/// let raw = create.raw_body(RawBody::new("text/plain", "text"));
/// assert_eq!(raw.to_http()?.body(), "text");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Request(Box<Parts>);

#[derive(Clone)]
struct Parts {
    client: Client,
    method: &'static MethodInfo,
    path: Vec<(&'static str, String)>,
    query: Query,
    /// The headers that the caller has added. Most calls have none.
    headers: Option<Box<Headers>>,
    body: Option<Body>,
    form: Form,
    options: CallOptions,
    skips_pattern_checks: bool,
    /// The reason why the request cannot be sent.
    rejection: Option<(ErrorKind, String)>,
    /// The page tokens so far, if the request is for a further page.
    circle: Option<Box<circle::Circle>>,
}

#[derive(Clone)]
enum Body {
    Json(Bytes),
    Raw(RawBody),
}

/// The form in which a call is sent.
#[derive(Clone)]
pub(crate) enum Form {
    /// The body is sent, and the response is returned.
    Plain,
    /// Media is returned instead of the response.
    Download,
    /// Media is sent with the body.
    Upload(Media),
    /// The body is sent, and begins a session for the media.
    Resumable(Media),
}

/// A request body that is sent as it is, with its own content type.
#[derive(Clone, PartialEq, Eq)]
pub struct RawBody {
    /// The media type, for instance `application/fhir+json`.
    pub content_type: String,
    /// The bytes.
    pub data: Bytes,
}

impl RawBody {
    /// Creates a body of this media type.
    pub fn new(content_type: impl Into<String>, data: impl Into<Bytes>) -> Self {
        Self {
            content_type: content_type.into(),
            data: data.into(),
        }
    }
}

impl fmt::Debug for RawBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawBody")
            .field("content_type", &self.content_type)
            .field("len", &self.data.len())
            .finish()
    }
}

impl Request {
    /// Creates a call of a method, without parameters.
    #[must_use]
    pub fn new(client: &Client, method: &'static MethodInfo) -> Self {
        let client = client.clone();
        Self(Box::new(Parts {
            client,
            method,
            path: Vec::with_capacity(method.path_parameters.len()),
            query: Query::new(),
            headers: None,
            body: None,
            form: Form::Plain,
            options: CallOptions::default(),
            skips_pattern_checks: false,
            rejection: None,
            circle: None,
        }))
    }

    /// Creates a call of the method `M`, without parameters.
    #[must_use]
    #[inline]
    pub fn of<M: Method>(client: &Client) -> Self {
        Self::new(client, M::INFO)
    }

    /// Sets a variable of the path template to a text.
    #[must_use]
    #[inline]
    pub fn path(self, name: &'static str, value: impl Into<String>) -> Self {
        self.set_path(name, value.into())
    }

    /// Sets a variable of the path template to a value of any other type.
    #[must_use]
    #[inline]
    pub fn path_value<V: QueryValue>(self, name: &'static str, value: V) -> Self {
        self.set_path(name, value.into_query())
    }

    fn set_path(mut self, name: &'static str, value: String) -> Self {
        self.0.path.retain(|(known, _)| *known != name);
        self.0.path.push((name, value));
        self
    }

    /// Sets a repeated variable of the path template, such as `{/name*}`. Each value is encoded on its own. Without a value the
    /// call is rejected.
    ///
    /// ```
    /// use gapi_runtime::Request;
    ///
    /// /// Sets the variable of a path such as `v1/things/{ids}`.
    /// fn with_ids(request: Request) -> Request {
    ///     request.path_all("ids", [1, 2])
    /// }
    /// ```
    #[must_use]
    #[inline]
    pub fn path_all<V: QueryValue>(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.set_path_all(
            name,
            values.into_iter().map(QueryValue::into_query).collect(),
        )
    }

    fn set_path_all(mut self, name: &'static str, values: Vec<String>) -> Self {
        self.0.path.retain(|(known, _)| *known != name);
        let values = values.into_iter().map(|value| (name, value));
        self.0.path.extend(values);
        self
    }

    /// Sets a query parameter. A value that it had is replaced where it stands.
    #[must_use]
    #[inline]
    pub fn query<V: QueryValue>(self, name: &'static str, value: V) -> Self {
        self.set_query(name, value.into_query())
    }

    fn set_query(self, name: &'static str, value: String) -> Self {
        self.set_query_all(name, vec![value])
    }

    /// Sets a repeated query parameter. Values that it had are replaced; without values the parameter is removed.
    #[must_use]
    #[inline]
    pub fn query_all<V: QueryValue>(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.set_query_all(
            name,
            values.into_iter().map(QueryValue::into_query).collect(),
        )
    }

    fn set_query_all(mut self, name: &'static str, values: Vec<String>) -> Self {
        if self.is_added(name) {
            self.headers_mut().reject(set_twice(name));
        }
        set(&mut self.0.query, name, values);
        self
    }

    /// Sets the body, written as JSON at once; `None` sends none.
    #[must_use]
    pub fn body<T: WireFormat>(self, body: impl Into<Option<T>>) -> Self {
        match body.into() {
            Some(body) => self.set_body(to_json(&body)),
            None => self.without_body(),
        }
    }

    fn without_body(mut self) -> Self {
        self.0.body = None;
        self
    }

    fn set_body(mut self, json: serde_json::Result<Vec<u8>>) -> Self {
        if let Ok(json) = json {
            self.0.body = Some(Body::Json(json.into()));
        } else {
            let reason = "the body cannot be written as JSON".to_owned();
            self.0.rejection = Some((ErrorKind::InvalidArgument, reason));
        }
        self
    }

    /// Sets the body, sent as it is; `None` sends none.
    #[must_use]
    pub fn raw_body(mut self, body: impl Into<Option<RawBody>>) -> Self {
        self.0.body = body.into().map(Body::Raw);
        self
    }

    /// Sends path values that do not match the patterns of the document: see
    /// [`Call::skip_pattern_checks`](crate::Call::skip_pattern_checks).
    #[must_use]
    pub fn skip_pattern_checks(mut self) -> Self {
        self.0.skips_pattern_checks = true;
        self
    }

    /// Returns true if the call or its client skips the checks of patterns.
    pub(crate) fn skips_pattern_checks(&self) -> bool {
        self.0.skips_pattern_checks || self.client().skips_pattern_checks()
    }

    pub(crate) fn with_form(mut self, form: Form) -> Self {
        self.0.form = form;
        self
    }

    pub(crate) fn options(&self) -> &CallOptions {
        &self.0.options
    }

    pub(crate) fn options_mut(&mut self) -> &mut CallOptions {
        &mut self.0.options
    }

    /// A call of another method by the same client, with the settings of this one about the caller and pattern checks.
    pub(crate) fn beside(&self, method: &'static MethodInfo) -> Self {
        let mut call = Self::new(self.client(), method);
        call.0.skips_pattern_checks = self.0.skips_pattern_checks;
        let query = self.0.query.iter();
        call.0.query = query
            .filter(|(name, _)| CALLER.contains(&name.as_ref()))
            .cloned()
            .collect();
        call.0.headers = self.headers_beside();
        call
    }

    /// The value of a variable of the path template.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.path.iter().find(|(known, _)| *known == name)?;
        Some(value)
    }

    /// Retries by this policy instead of the client's.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options_mut().set_policy(policy);
        self
    }

    /// Sets whether the call can be sent twice to the same effect, whatever its verb is.
    #[must_use]
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.options_mut().set_idempotent(idempotent);
        self
    }

    /// The same request, sent once: for loops that have their own delays. Its time for connecting stays the same.
    pub(crate) fn once(self) -> Self {
        let policy = self.options().policy.as_deref();
        let policy = policy.unwrap_or(self.client().retry_policy());
        let once = RetryPolicy {
            connect_time_limit: policy.connect_time_limit,
            ..RetryPolicy::never()
        };
        self.retry(once)
    }

    /// Sets the deadline for the whole call, including retries and delays, instead of that of the client.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options_mut().set_timeout(timeout);
        self
    }

    /// Returns the client that sends the call.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// Returns the method that it calls.
    #[must_use]
    pub fn method(&self) -> &'static MethodInfo {
        self.0.method
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path: Vec<&str> = self.0.path.iter().map(|(name, _)| *name).collect();
        let query: Vec<&str> = self.0.query.iter().map(|(name, _)| name.as_ref()).collect();
        let mut debug = f.debug_struct("Request");
        debug
            .field("method", &self.0.method.id)
            .field("path", &path)
            .field("query", &query);
        if let Some(headers) = &self.0.headers {
            debug.field("headers", headers);
        }
        debug
            .field("has_body", &self.0.body.is_some())
            .finish_non_exhaustive()
    }
}
