//! The arguments of a recorded call, and the request of a call with these arguments.

use std::{
    any::Any,
    collections::BTreeMap,
    pin::pin,
    task::{Context, Poll, Waker},
};

use gapi_runtime::{
    Batch, Bytes, Call, Client, ClientBuilder, Error, Media, MockTransport, Object, RawBody,
    Request, ResponseFuture, Service, Value, WireFormat,
    serde_json::{self, json},
};

/// The request of a method, or an error for its arguments: JSON that the tests read as a `CallOutcome`.
pub(crate) type Called<T = Value> = Result<T, Value>;

/// The function that calls a method.
pub(crate) type Method = fn(&mut Given) -> Called;

/// The arguments that have not been taken yet.
pub(crate) struct Given {
    path: Object,
    query: Object,
    body: Value,
    media: Value,
    page: Value,
    recording: MockTransport,
    client: Option<Client>,
    batch: Option<Batched>,
}

/// A batch of an API, which only the methods of its calls know.
struct Batched {
    /// A `Batch`, once there is a call.
    calls: Option<Box<dyn Any>>,
    /// A function that sends it.
    send: fn(&mut Given, Box<dyn Any>) -> Called,
}

fn missing(what: impl Into<String>) -> Value {
    json!({"missing": what.into()})
}

impl Given {
    /// Reads the arguments of a line.
    pub(crate) fn new(args: Value) -> Self {
        let mut given = Self {
            path: Object::new(),
            query: Object::new(),
            body: Value::Null,
            media: Value::Null,
            page: Value::Null,
            recording: MockTransport::with(|_| Ok(gapi_runtime::http::Response::new(Bytes::new()))),
            client: None,
            batch: None,
        };
        given.set(args);
        given
    }

    fn set(&mut self, mut args: Value) {
        let mut member = |name: &str| args.get_mut(name).map(Value::take).unwrap_or_default();
        let object = |value| match value {
            Value::Object(members) => members,
            _ => Object::new(),
        };
        self.path = object(member("path"));
        self.query = object(member("query"));
        self.body = member("body");
        self.media = member("media");
        self.page = member("page");
    }

    /// Sends calls in one request: each with its method, if there is one, and its arguments.
    pub(crate) fn batch(calls: impl IntoIterator<Item = (Option<Method>, Value)>) -> Called {
        let mut given = Self::new(Value::Null);
        given.batch = Some(Batched {
            calls: None,
            send: |_, _| Err(missing("the batch has no calls")),
        });
        for (method, args) in calls {
            given.set(args);
            method.ok_or_else(|| missing("there is no such method"))?(&mut given)?;
        }
        let Batched { calls, send } = given.batch.take().ok_or_else(|| missing("no batch"))?;
        send(&mut given, calls.unwrap_or_else(|| Box::new(())))
    }

    /// Creates the client of the API.
    pub(crate) fn client<S: Service>(&mut self) -> Called<S> {
        if let Some(client) = &self.client {
            return Ok(S::from_client(client.clone()));
        }
        let building = ClientBuilder::<S>::new()
            .transport(self.recording.clone())
            // The Python client has no such ids.
            .fill_request_ids(false)
            .build();
        match at_once(building) {
            Some(Ok(api)) => {
                self.client = Some(api.client().clone());
                Ok(api)
            }
            Some(Err(error)) => Err(missing(error.to_string())),
            None => Err(missing("the client waits for something")),
        }
    }

    /// Takes a value. The recorder may write a parameter in another place.
    fn take(&mut self, place: &str, name: &str) -> Option<Value> {
        let (first, second) = if place == "path" {
            (&mut self.path, &mut self.query)
        } else {
            (&mut self.query, &mut self.path)
        };
        first.remove(name).or_else(|| second.remove(name))
    }

    /// Takes an optional parameter.
    pub(crate) fn one<T: WireFormat>(&mut self, place: &str, name: &str) -> Called<Option<T>> {
        self.take(place, name)
            .map(|value| parameter(name, value))
            .transpose()
    }

    /// Takes an optional parameter that may occur several times. A single value means a list of one.
    pub(crate) fn all<T: WireFormat>(&mut self, place: &str, name: &str) -> Called<Option<Vec<T>>> {
        let Some(values) = self.take(place, name) else {
            return Ok(None);
        };
        let values = match values {
            Value::Array(values) => values,
            one => vec![one],
        };
        values
            .into_iter()
            .map(|value| parameter(name, value))
            .collect::<Called<_>>()
            .map(Some)
    }

    /// Takes a required parameter.
    pub(crate) fn required<T: WireFormat>(&mut self, place: &str, name: &str) -> Called<T> {
        self.one(place, name)?
            .ok_or_else(|| missing(format!("the arguments have no `{name}`")))
    }

    /// Takes a required parameter that may occur several times.
    pub(crate) fn all_of<T: WireFormat>(&mut self, place: &str, name: &str) -> Called<Vec<T>> {
        self.all(place, name)?
            .ok_or_else(|| missing(format!("the arguments have no `{name}`")))
    }

    /// Drops the format of the response, which the call decides.
    pub(crate) fn form_is_decided(&mut self) {
        self.query.remove("alt");
    }

    /// Takes the body, read as its type.
    pub(crate) fn body<T: WireFormat>(&mut self) -> Called<Option<T>> {
        read(self.body.take()).map_err(|error| missing(format!("the body: {error}")))
    }

    /// Takes a body of any media type, as the Python client sends it.
    pub(crate) fn raw_body(&mut self) -> Option<RawBody> {
        let body = self.body.take();
        (!body.is_null()).then(|| RawBody::new("application/json", body.to_string()))
    }

    /// Checks that all arguments were used.
    pub(crate) fn is_used_up(&self) -> Called<()> {
        if let Some(name) = self.path.keys().chain(self.query.keys()).next() {
            return Err(missing(format!("there is no parameter `{name}`")));
        }
        if !self.body.is_null() {
            return Err(missing("there is no body"));
        }
        Ok(())
    }

    /// Takes the uploaded media for this protocol, unless it is empty.
    pub(crate) fn media(&mut self, protocol: &str) -> Option<Media> {
        let media = &self.media;
        let content_type = media["contentType"].as_str()?.to_owned();
        if !protocol.is_empty() && media["protocol"] != protocol {
            return None;
        }
        let data = media["data"].as_str().unwrap_or_default().to_owned();
        self.media = Value::Null;
        Some(Media::new(content_type, data))
    }

    /// Takes the mark for a download, and returns whether there was one.
    pub(crate) fn downloads(&mut self) -> bool {
        self.media.take()["download"] == true
    }

    /// Takes the response before the requested page.
    pub(crate) fn page<T: WireFormat>(&mut self) -> Called<Option<T>> {
        read(self.page.take()).map_err(|error| missing(format!("the page: {error}")))
    }

    /// Sends the call for the next page, if there is one.
    pub(crate) fn next<C: Call>(&mut self, next: Option<C>) -> Called
    where
        C::Service: 'static,
    {
        next.map_or_else(|| Ok(json!("end")), |call| self.send(&call))
    }

    /// Sends a call, and returns the request that the transport got. In a batch, adds it to the batch.
    pub(crate) fn send<C: Call>(&mut self, call: &C) -> Called
    where
        C::Service: 'static,
    {
        let Some(batched) = &mut self.batch else {
            return self.sent(call.request().clone());
        };
        let calls = batched.calls.get_or_insert_with(|| {
            batched.send = Self::send_batch::<C::Service>;
            Box::new(Batch::<C::Service>::new(call.request().client()))
        });
        let calls = calls.downcast_mut::<Batch<C::Service>>();
        let key = calls.map(|calls| calls.add(call.clone()));
        key.map(|_| Value::Null)
            .ok_or_else(|| missing("the calls are of several APIs"))
    }

    fn send_batch<S: Service + 'static>(&mut self, calls: Box<dyn Any>) -> Called {
        let calls = calls.downcast::<Batch<S>>();
        let calls = calls.map_err(|_| missing("the batch is of another API"))?;
        self.watch(calls.send())
    }

    /// Sends a request without decoding the response, because that would compile a decoder for each method.
    fn sent(&mut self, request: Request) -> Called {
        if !self.page.is_null() {
            return Err(missing("the method has no pages"));
        }
        if !self.media.is_null() {
            return Err(missing("the method has no such media"));
        }
        self.watch(ResponseFuture::<Bytes>::new(request))
    }

    /// Runs a call until its first request. The response is empty, and an error in decoding it does not matter.
    pub(crate) fn watch<T>(&mut self, sending: impl Future<Output = Result<T, Error>>) -> Called {
        let done = at_once(sending);
        let requests = self.recording.requests();
        let Some(request) = requests.first() else {
            return match done {
                Some(Err(error)) => Ok(json!({"rejected": error.to_string()})),
                _ => Err(missing("nothing was sent")),
            };
        };
        let headers: BTreeMap<&str, String> = request
            .headers()
            .iter()
            .map(|(name, value)| {
                (
                    name.as_str(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect();
        let body = (!request.body().is_empty())
            .then(|| String::from_utf8_lossy(request.body()).into_owned());
        Ok(json!({"sent": {
            "httpMethod": request.method().as_str(),
            "url": request.uri().to_string(),
            "headers": headers,
            "body": body,
        }}))
    }
}

/// Polls a future that is ready at once, and returns its value.
fn at_once<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

/// Reads a parameter as its type. A value of another type may be given as text.
fn parameter<T: WireFormat>(name: &str, value: Value) -> Called<T> {
    let text = match &value {
        Value::String(_) => None,
        other => Some(Value::String(other.to_string())),
    };
    let found = T::decode(value).or_else(|error| text.map_or(Err(error), T::decode));
    found.map_err(|error| missing(format!("`{name}`: {error}")))
}

fn read<T: WireFormat>(value: Value) -> serde_json::Result<Option<T>> {
    if value.is_null() {
        return Ok(None);
    }
    T::decode(value).map(Some)
}
