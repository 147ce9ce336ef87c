//! The calls that a mock received.

use super::request_id;
use crate::batch;
use crate::call::Call;
use crate::client::{Called, METHOD_OVERRIDE};
use crate::encode;
use crate::error::{Error, Result};
use crate::method::MethodInfo;
use crate::path;
use crate::request::Method;
use crate::response::wrapped;
use crate::wire::{Budget, DEFAULT_LIMIT, Decoded, WireFormat, read_json};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, Uri};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

const UPLOAD_MEDIA_TYPE: HeaderName = HeaderName::from_static("x-upload-content-type");

/// A call of the method `C` that a mock received. `Debug` shows its parameters and its body, for messages of tests.
///
/// It is equal to a call with the same path, query and body: `assert_eq!(mock.calls::<Get>(), [operations.get(name)])`. A request
/// id that the client added makes no difference.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi::spanner_v1::{Spanner, projects::instances::Create, schemas::CreateInstanceRequest};
/// use gapi_runtime::mock::{Mock, MockCall};
///
/// let mock = Mock::new();
/// mock.on::<Create>().respond(Default::default());
/// let spanner: Spanner = mock.client().await?;
/// let request = CreateInstanceRequest { instance_id: Some("i".into()), ..Default::default() };
/// let create = spanner.projects().instances().create("projects/p", request.clone());
/// create.clone().await?;
///
/// let calls: Vec<MockCall<Create>> = mock.calls();
/// assert_eq!(calls, [create]);
/// assert_eq!(calls[0].path("parent").as_deref(), Some("projects/p"));
/// assert_eq!(calls[0].body::<CreateInstanceRequest>()?.instance_id, request.instance_id);
/// // The same, as HTTP.
/// assert_eq!(calls[0].uri().path(), "/v1/projects/p/instances");
/// assert_eq!(calls[0].query("alt"), Some("json"));
/// assert_eq!(calls[0].query_pairs().len(), 1);
/// assert_eq!(calls[0].headers()["content-type"], "application/json");
/// assert_eq!(calls[0].raw_body(), r#"{"instanceId":"i"}"#);
/// assert_eq!(calls[0].media(), None); // of an upload
/// # Ok(())
/// # }
/// ```
pub struct MockCall<C> {
    pub(super) received: Arc<Received>,
    call: PhantomData<fn() -> C>,
}

/// A call as a request states it.
#[derive(Clone)]
pub(super) struct Received {
    pub(super) method: &'static MethodInfo,
    pub(super) verb: http::Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    path: Vec<PathValue>,
    /// Decoded.
    query: Vec<(String, String)>,
    /// Without the media and the wrapper of some APIs.
    body: Bytes,
    /// The type and the content.
    media: Option<(String, Bytes)>,
}

/// A variable of the path, as it was sent.
#[derive(Clone)]
struct PathValue {
    name: &'static str,
    encoded: String,
    is_reserved: bool,
}

impl PathValue {
    /// Returns the value as the server sees it: in a resource name `%2F` stays encoded.
    fn decoded(&self) -> String {
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        if !self.is_reserved {
            return decode(&self.encoded);
        }
        let upper = self.encoded.replace("%2f", "%2F");
        let parts: Vec<String> = upper.split("%2F").map(decode).collect();
        parts.join("%2F")
    }

    fn is(&self, value: &str) -> bool {
        let encoded = if self.is_reserved {
            encode::reserved(value)
        } else {
            encode::simple(value)
        };
        self.encoded == encoded || self.decoded() == value
    }
}

impl Received {
    /// Reads a request of a method.
    pub(super) fn read(request: &http::Request<Bytes>, called: &Called) -> Self {
        let (headers, method) = (request.headers(), called.method);
        let is_form = headers.contains_key(METHOD_OVERRIDE);
        let form = is_form.then(|| String::from_utf8_lossy(request.body()).into_owned());
        let query = form.or(request.uri().query().map(str::to_owned));
        let query = query.map(|query| decoded(&query)).unwrap_or_default();
        let (target, is_upload) = called.target(request.uri().path()).unwrap_or_default();
        let mut this = Self {
            method,
            verb: request.method().clone(),
            uri: request.uri().clone(),
            headers: headers.clone(),
            path: variables(method, target),
            query,
            body: Bytes::new(),
            media: None,
        };
        if !is_form {
            this.read_body(request, is_upload);
        }
        if called.service.data_wrapper
            && let Some(data) = wrapped(&this.body)
        {
            this.body = this.body.slice_ref(data);
        }
        this
    }

    fn read_body(&mut self, request: &http::Request<Bytes>, is_upload: bool) {
        let headers = request.headers();
        let upload_type = self.query_of("uploadType").next().filter(|_| is_upload);
        match upload_type {
            Some("media") => {
                self.media = Some((text_of(headers, &CONTENT_TYPE), request.body().clone()));
            }
            Some("multipart") => {
                let parts = batch::split(headers, request.body()).unwrap_or_default();
                let mut parts = parts.into_iter();
                if let Some((_, body)) = parts.next() {
                    self.body = body;
                }
                self.media = parts
                    .next()
                    .map(|(headers, content)| (text_of(&headers, &CONTENT_TYPE), content));
            }
            Some("resumable") => {
                self.body = request.body().clone();
                self.media = Some((text_of(headers, &UPLOAD_MEDIA_TYPE), Bytes::new()));
            }
            _ => self.body = request.body().clone(),
        }
    }

    /// Returns `true` if the call begins a session for its media.
    pub(super) fn begins_session(&self) -> bool {
        self.headers.contains_key(UPLOAD_MEDIA_TYPE) && self.upload_id().is_none()
    }

    /// Returns the id of the session that a chunk belongs to.
    pub(super) fn upload_id(&self) -> Option<&str> {
        self.query_of("upload_id").next()
    }

    /// Sets the content of the media.
    pub(super) fn set_media(&mut self, content: Bytes) {
        if let Some((_, media)) = &mut self.media {
            *media = content;
        }
    }

    /// Returns the variables of the path, decoded.
    pub(super) fn path(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.path.iter().map(|value| (value.name, value.decoded()))
    }

    /// Returns `true` if a variable of the path has this value.
    pub(super) fn has_path(&self, name: &str, value: &str) -> bool {
        self.path
            .iter()
            .any(|known| known.name == name && known.is(value))
    }

    /// Returns the parameters of the query, decoded.
    pub(super) fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// Returns the values of a query parameter.
    pub(super) fn query_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.query.iter().filter(move |(known, _)| known == name);
        pairs.map(|(_, value)| value.as_str())
    }

    pub(super) fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns `true` if another call has the same path, query and body. Ids that the client added do not count.
    fn is_like(&self, other: &Self) -> bool {
        let (one, other_query) = (&self.query, &other.query);
        self.path().eq(other.path())
            && request_id::of_query(self.method, one, other_query).eq(request_id::of_query(
                self.method,
                other_query,
                one,
            ))
            && request_id::are_equal(self.method, &self.body, &other.body)
    }
}

/// The request line, for messages.
impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = self.uri.path_and_query();
        let target = target.map_or("/", |target| target.as_str());
        write!(f, "{} {}", self.verb, super::json::cut(target.to_owned()))
    }
}

/// Returns the values of a query or a form.
fn decoded(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// Returns the values of the variables of a path.
fn variables(method: &'static MethodInfo, target: &str) -> Vec<PathValue> {
    let bound = path::bind(method.path, target).unwrap_or_default();
    let values = bound.into_iter().map(|(name, encoded)| PathValue {
        name,
        encoded: encoded.to_owned(),
        is_reserved: method.path.contains(&format!("{{+{name}}}")),
    });
    values.collect()
}

fn text_of(headers: &HeaderMap, name: &HeaderName) -> String {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

impl<C> MockCall<C> {
    pub(super) fn new(received: Arc<Received>) -> Self {
        Self {
            received,
            call: PhantomData,
        }
    }

    /// Returns the value of a variable of the path, by its name in the document. Encoded slashes of resource names stay encoded.
    #[must_use]
    pub fn path(&self, name: &str) -> Option<String> {
        let mut path = self.received.path();
        path.find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// Returns the first value of a query parameter, by its name in the document.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        let mut pairs = self.received.query.iter();
        let (_, value) = pairs.find(|(known, _)| known == name)?;
        Some(value)
    }

    /// Returns all parameters of the query, in order.
    #[must_use]
    pub fn query_pairs(&self) -> &[(String, String)] {
        self.received.query()
    }

    /// Returns the headers, credentials included.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.received.headers
    }

    /// Returns the URL.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.received.uri
    }

    /// Returns the bytes of the body, without uploaded media.
    #[must_use]
    pub fn raw_body(&self) -> &Bytes {
        self.received.body()
    }

    /// Returns the type and the content of the uploaded media: that of all chunks so far.
    #[must_use]
    pub fn media(&self) -> Option<(&str, &Bytes)> {
        let (content_type, content) = self.received.media.as_ref()?;
        Some((content_type, content))
    }
}

impl<C: Method> MockCall<C> {
    /// Returns the body as its type: `call.body::<CreateInstanceRequest>()`. Without a body it is the empty message.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the body is not of this type.
    pub fn body<T: WireFormat>(&self) -> Result<T> {
        let json: Cow<'_, [u8]> = match self.received.body() {
            body if body.is_empty() => T::EMPTY_BODY.as_bytes().into(),
            body => (&**body).into(),
        };
        let limit = json.len().max(DEFAULT_LIMIT);
        let read = read_json(&json, Budget::of(limit, json.len()));
        read.map(|Decoded(body)| body).map_err(|error| {
            let response = http::Response::new(Bytes::copy_from_slice(&json));
            Error::decode(C::INFO, response, &error)
        })
    }
}

impl<C: Call> PartialEq<C> for MockCall<C> {
    fn eq(&self, call: &C) -> bool {
        let Ok(request) = call.request().to_http() else {
            return false;
        };
        let called = Called::new(call.request().client(), C::INFO);
        self.received.is_like(&Received::read(&request, &called))
    }
}

impl<C> Clone for MockCall<C> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.received))
    }
}

impl<C> fmt::Debug for MockCall<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("MockCall");
        let path: Vec<_> = self.received.path().collect();
        debug
            .field("method", &self.received.method.id)
            .field("path", &path)
            .field("query", &self.received.query);
        if !self.received.body.is_empty() {
            debug.field("body", &String::from_utf8_lossy(&self.received.body));
        }
        debug.finish_non_exhaustive()
    }
}
