//! One call: its parameters and body, and the HTTP request made of them.

use crate::encode::{self, QueryValue};
use crate::wire::{Wire, to_json};
use crate::{Client, Error, ErrorKind, MethodInfo, PageToken, Result, Value, Verb, path};
use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use std::fmt;

const API_CLIENT: HeaderName = HeaderName::from_static("x-goog-api-client");
const METHOD_OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");
const API_VERSION: HeaderName = HeaderName::from_static("x-goog-api-version");

/// The length of a URL, in bytes, above which a GET is sent as a POST: where Google's Python client draws the line.
const LONGEST_GET: usize = 2048;

/// The language and this library, as Google's servers count them.
const API_CLIENT_VALUE: HeaderValue = HeaderValue::from_static(concat!(
    "gl-rust/",
    env!("CARGO_PKG_RUST_VERSION"),
    " gdcl/",
    env!("CARGO_PKG_VERSION")
));

/// The parameters and the body of one call, not yet sent.
///
/// Request builders wrap it. `Debug` names the parameters and shows none of their values. Takes one pointer.
#[derive(Clone)]
pub struct Request(Box<Parts>);

#[derive(Clone)]
struct Parts {
    client: Client,
    method: &'static MethodInfo,
    path: Vec<(&'static str, String)>,
    query: Vec<(&'static str, String)>,
    body: Option<Body>,
    /// Why the request cannot be sent.
    refusal: Option<(ErrorKind, String)>,
}

#[derive(Clone)]
enum Body {
    Json(Bytes),
    Raw(RawBody),
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
    /// A body of this media type.
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
    /// A call of a method, without parameters.
    #[must_use]
    pub fn new(client: &Client, method: &'static MethodInfo) -> Self {
        let client = client.clone();
        Self(Box::new(Parts {
            client,
            method,
            path: Vec::new(),
            query: Vec::new(),
            body: None,
            refusal: None,
        }))
    }

    /// A call of the method `M`, without parameters.
    #[must_use]
    #[inline]
    pub fn of<M: crate::Method>(client: &Client) -> Self {
        Self::new(client, M::INFO)
    }

    /// Sets a variable of the path template.
    #[must_use]
    #[inline]
    pub fn path<V: QueryValue>(self, name: &'static str, value: V) -> Self {
        self.set_path(name, value.into_query())
    }

    fn set_path(mut self, name: &'static str, value: String) -> Self {
        self.0.path.retain(|(known, _)| *known != name);
        self.0.path.push((name, value));
        self
    }

    /// Sets a query parameter. A value that it had is replaced where it stands.
    #[must_use]
    #[inline]
    pub fn query<V: QueryValue>(self, name: &'static str, value: V) -> Self {
        self.set_query(name, value.into_query())
    }

    fn set_query(mut self, name: &'static str, value: String) -> Self {
        set(&mut self.0.query, name, [value]);
        self
    }

    /// Sets a repeated query parameter. Values that it had are replaced; no values leave it out.
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
        set(&mut self.0.query, name, values);
        self
    }

    /// Sets the body, written as JSON at once; `None` sends none.
    #[must_use]
    pub fn body<T: Wire>(self, body: impl Into<Option<T>>) -> Self {
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
            self.0.refusal = Some((ErrorKind::InvalidArgument, reason));
        }
        self
    }

    /// Sets the body, sent as it is; `None` sends none.
    #[must_use]
    pub fn raw_body(mut self, body: impl Into<Option<RawBody>>) -> Self {
        self.0.body = body.into().map(Body::Raw);
        self
    }

    /// The client that sends it.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// The method that it calls.
    #[must_use]
    pub fn method(&self) -> &'static MethodInfo {
        self.0.method
    }

    /// The HTTP request as it would be sent, except for the credentials.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when a parameter or the body is refused, with all the reasons;
    /// [`ErrorKind::Page`] when the request asks for a page that was just read.
    pub fn to_http(&self) -> Result<http::Request<Bytes>> {
        let Parts {
            client,
            method,
            path,
            query,
            body,
            refusal,
        } = &*self.0;
        let mut problems = Vec::new();
        if let Some((kind, reason)) = refusal {
            if *kind != ErrorKind::InvalidArgument {
                return Err(Error::unsent(*kind, Some(method.id), reason.clone()));
            }
            problems.push(reason.clone());
        }
        let value = |name: &str| {
            path.iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.as_str())
        };
        let mut target = path::expand(method, value, &mut problems);
        let content_type = match body {
            Some(Body::Raw(body)) => Some(
                HeaderValue::from_str(&body.content_type).unwrap_or_else(|_| {
                    problems.push("the content type of the body is not a header value".to_owned());
                    HeaderValue::from_static("")
                }),
            ),
            Some(Body::Json(_)) => Some(HeaderValue::from_static("application/json")),
            None => None,
        };
        if !problems.is_empty() {
            return Err(Error::invalid_argument(
                Some(method.id),
                problems.join("; "),
            ));
        }

        write_query(query, method.alt, &mut target);
        let mut url = client.url(&target);
        let mut request = http::Request::new(self.body_bytes());
        *request.method_mut() = method.verb.into();
        if method.verb == Verb::Get && url.len() > LONGEST_GET {
            move_query(&mut url, &mut request);
        }
        *request.uri_mut() = url
            .parse()
            .ok()
            .filter(|uri: &http::Uri| uri.to_string() == url)
            .ok_or_else(|| {
                let reason = "the parameters do not make a URL; they may be too long".to_owned();
                Error::invalid_argument(Some(method.id), reason)
            })?;
        let headers = request.headers_mut();
        let accept = if method.alt == Some("json") {
            "application/json"
        } else {
            "*/*"
        };
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        headers.insert(header::USER_AGENT, client.user_agent().clone());
        headers.insert(API_CLIENT, API_CLIENT_VALUE);
        if let Some(version) = method.api_version {
            headers.insert(API_VERSION, HeaderValue::from_static(version));
        }
        match content_type {
            Some(content_type) => {
                headers.insert(header::CONTENT_TYPE, content_type);
            }
            None if method.verb.announces_empty_body() => {
                headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            None => {}
        }
        Ok(request)
    }

    fn body_bytes(&self) -> Bytes {
        match &self.0.body {
            None => Bytes::new(),
            Some(Body::Raw(body)) => body.data.clone(),
            Some(Body::Json(json)) if self.0.client.service().data_wrapper => wrapped(json),
            Some(Body::Json(json)) => json.clone(),
        }
    }

    /// The call for the page with this token: everything else as it is. `None` when the token says that there is no page.
    ///
    /// When the token is the one that this request sends, the call is one that refuses to be sent.
    pub(crate) fn next_page(&self, place: PageToken, token: Option<&str>) -> Option<Self> {
        let token = token.filter(|token| !token.is_empty())?;
        let mut next = self.clone();
        let repeated = match place {
            PageToken::Query(name) => {
                let sent = self
                    .0
                    .query
                    .iter()
                    .any(|(known, value)| *known == name && value == token);
                set(&mut next.0.query, name, [token.to_owned()]);
                sent
            }
            PageToken::Body(name) => {
                let json = match &self.0.body {
                    Some(Body::Json(json)) => json,
                    _ => &Bytes::from_static(b"{}"),
                };
                let mut members: crate::Object = serde_json::from_slice(json).unwrap_or_default();
                let sent = members.insert(name.to_owned(), token.into());
                next = next.set_body(serde_json::to_vec(&members));
                sent.as_ref().and_then(Value::as_str) == Some(token)
            }
        };
        if repeated {
            let reason = "the server gave the same page token again".to_owned();
            next.0.refusal = Some((ErrorKind::Page, reason));
        }
        Some(next)
    }
}

/// Replaces the values of a parameter where the first of them stands, or appends them.
fn set(
    query: &mut Vec<(&'static str, String)>,
    name: &'static str,
    values: impl IntoIterator<Item = String>,
) {
    let position = query
        .iter()
        .position(|(known, _)| *known == name)
        .unwrap_or(query.len());
    query.retain(|(known, _)| *known != name);
    query.splice(
        position..position,
        values.into_iter().map(|value| (name, value)),
    );
}

/// Sends a long GET as a POST that says what it stands for, its query as a form in the body.
fn move_query(url: &mut String, request: &mut http::Request<Bytes>) {
    let Some((start, form)) = url.split_once('?') else {
        return;
    };
    *request.method_mut() = http::Method::POST;
    *request.body_mut() = Bytes::copy_from_slice(form.as_bytes());
    let headers = request.headers_mut();
    headers.insert(METHOD_OVERRIDE, HeaderValue::from_static("GET"));
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-www-form-urlencoded"),
    );
    *url = start.to_owned();
}

fn write_query(parameters: &[(&'static str, String)], alt: Option<&str>, target: &mut String) {
    let mut separator = '?';
    let mut write = |name: &str, value: &str| {
        target.push(separator);
        encode::form(name, target);
        target.push('=');
        encode::form(value, target);
        separator = '&';
    };
    let mut alt = alt;
    for (name, value) in parameters {
        // The form of the response is the method's, not the caller's: nothing else could be decoded.
        match (*name, alt) {
            ("alt", Some(alt)) => write("alt", alt),
            _ => write(name, value),
        }
        if *name == "alt" {
            alt = None;
        }
    }
    if let Some(alt) = alt {
        write("alt", alt);
    }
}

/// `{"data": X}`, unless X already has that form.
fn wrapped(json: &Bytes) -> Bytes {
    let mut body: Value = serde_json::from_slice(json).unwrap_or_default();
    if body.get("data").is_some() {
        return json.clone();
    }
    let mut wrapper = crate::Object::new();
    wrapper.insert("data".to_owned(), body.take());
    Value::Object(wrapper).to_string().into()
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |parameters: &[(&'static str, String)]| {
            parameters.iter().map(|(name, _)| *name).collect::<Vec<_>>()
        };
        f.debug_struct("Request")
            .field("method", &self.0.method.id)
            .field("path", &names(&self.0.path))
            .field("query", &names(&self.0.query))
            .field("has_body", &self.0.body.is_some())
            .finish_non_exhaustive()
    }
}
