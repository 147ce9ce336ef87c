//! A call of any method through a typed mock. The tests and the programs of `mocks` share this file.

use gapi_runtime::mock::Mock;
use gapi_runtime::{Call, Code, RawBody, ResponseFuture, Status, WireFormat, serde_json};
use std::fmt::Debug;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// A function that calls a method.
pub(crate) type Mocked = fn() -> Result<(), String>;

/// Calls a method through a mock: a response of its type, an error, and a call that no expectation matches.
///
/// # Errors
/// Returns a description of the difference from the mock.
pub(crate) fn mocked<C: Call>(build: fn(&C::Service) -> C) -> Result<(), String>
where
    C::Response: Default + PartialEq + Debug,
{
    let id = C::INFO.id;
    let mock = Mock::new();
    let api: C::Service = at_once(mock.client())?.map_err(|error| error.to_string())?;
    // Values are not made from patterns.
    let call = build(&api).skip_pattern_checks();
    mock.on::<C>()
        .like(&call)
        .respond(C::Response::default())
        .respond_error(Status::new(Code::NotFound, "none"));
    let send = |call: &C| at_once(ResponseFuture::<C::Response>::new(call.request().clone()));

    let response = send(&call)?.map_err(|error| error.to_string())?;
    check(response == C::Response::default(), || {
        format!("the response is {response:?}")
    })?;
    match send(&call)? {
        Err(error) if error.is_not_found() => {}
        other => return Err(format!("the error is {other:?}")),
    }
    match send(&Call::query(call.clone(), "mocked", 1))? {
        Err(error) if error.to_string().starts_with(id) => {}
        other => return Err(format!("without a response it is {other:?}")),
    }

    let calls = mock.calls::<C>();
    check(calls.len() == 3, || format!("{} calls", calls.len()))?;
    check(calls[0] == call, || {
        format!("{:?} is another call", calls[0])
    })?;
    check(calls[2] != call, || {
        format!("{:?} is the same call", calls[2])
    })?;
    for parameter in C::INFO.path_parameters {
        let value = calls[0].path(parameter.name);
        check(value.is_some(), || {
            format!("`{}` is missing", parameter.name)
        })?;
    }
    match mock.verify() {
        Err(error) if error.method_ids().eq([id]) => Ok(()),
        other => Err(format!("the check says {other:?}")),
    }
}

fn check(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// Returns the output of a future that waits for nothing.
fn at_once<F: Future>(future: F) -> Result<F::Output, String> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Ok(output),
        Poll::Pending => Err("the call waits for something".to_owned()),
    }
}

/// Returns a text that has to be encoded. In a path it has segments.
pub(crate) fn text(index: usize, is_path: bool) -> String {
    let separator = if is_path { "/" } else { " & " };
    format!("é {index}{separator}1:2")
}

/// Returns a value of any type of a parameter.
///
/// # Panics
/// Panics if there is none.
pub(crate) fn value<T: WireFormat>() -> T {
    let texts = [
        "7",
        "true",
        "\"7\"",
        "\"2026-01-01\"",
        "\"2026-01-01T00:00:00Z\"",
        "\"7s\"",
    ];
    let values = texts.iter().filter_map(|text| {
        let mut reader = serde_json::Deserializer::from_str(text);
        T::decode(&mut reader).ok()
    });
    values.into_iter().next().expect("a value of the type")
}

/// Returns a list with a value of any type of a parameter.
pub(crate) fn all<T: WireFormat>() -> Vec<T> {
    vec![value()]
}

/// Returns an empty body.
pub(crate) fn body<T: WireFormat>() -> Option<T> {
    T::decode(&mut serde_json::Deserializer::from_str("{}")).ok()
}

/// Returns a body of any media type.
pub(crate) fn raw_body() -> RawBody {
    RawBody::new("text/plain", "content")
}
