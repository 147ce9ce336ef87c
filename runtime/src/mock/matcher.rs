//! The conditions of an expectation.

use super::call::Received;
use super::json::{cut, difference};
use super::request_id;
use crate::call::Call;
use crate::client::Called;
use crate::method::MethodInfo;
use crate::request::PageToken;
use http::HeaderName;
use serde_json::Value;
use std::sync::Arc;

/// A condition that a call has to meet.
#[derive(Clone)]
pub(super) enum Matcher {
    Path(String, String),
    Query(String, String),
    Header(HeaderName, String),
    /// The body is this JSON. If the mark is set, it may have more members.
    Body(Value, bool),
    NoBody,
    /// A function returns `true`.
    Function(Arc<Function>),
}

type Function = dyn Fn(&Arc<Received>) -> bool + Send + Sync;

impl Matcher {
    /// Returns the conditions that a call with the path, the query and the body of another call meets.
    pub(super) fn like<C: Call>(call: &C) -> Result<Vec<Self>, String> {
        let request = call
            .request()
            .to_http()
            .map_err(|error| error.to_string())?;
        let called = Called::new(call.request().client(), C::INFO);
        let received = Received::read(&request, &called);
        let path = received.path();
        let path = path.map(|(name, value)| Self::Path(name.to_owned(), value));
        let query = received.query().iter().cloned();
        let query = query.map(|(name, value)| Self::Query(name, value));
        let mut all: Vec<Self> = path.chain(query).collect();
        if received.body().is_empty() {
            all.push(Self::NoBody);
        } else {
            let json = serde_json::from_slice(received.body());
            all.push(if let Ok(json) = json {
                Self::Body(json, false)
            } else {
                let body = received.body().clone();
                Self::Function(Arc::new(move |call| *call.body() == body))
            });
        }
        Ok(all)
    }

    /// Returns the reason why a call does not meet the condition.
    pub(super) fn mismatch(&self, call: &Arc<Received>) -> Option<String> {
        match self {
            Self::Path(name, expected) => {
                if call.has_path(name, expected) {
                    return None;
                }
                let found = call.path().find(|(known, _)| known == name);
                Some(unequal(
                    &format!("path parameter `{name}`"),
                    found.map(|(_, value)| value).as_deref(),
                    expected,
                ))
            }
            Self::Query(name, expected) => {
                let mut values = call.query_of(name);
                if values.any(|value| value == expected) {
                    return None;
                }
                let found: Vec<&str> = call.query_of(name).collect();
                let found = (!found.is_empty()).then(|| found.join(", "));
                let name = format!("query parameter `{name}`");
                Some(unequal(&name, found.as_deref(), expected))
            }
            Self::Header(name, expected) => {
                let mut values = call.headers.get_all(name).iter();
                if values.any(|value| value.as_bytes() == expected.as_bytes()) {
                    return None;
                }
                let found = call.headers.get(name);
                // A header can be a credential.
                let found = found.map_or("is missing", |_| "has another value");
                Some(format!("header `{name}` {found}"))
            }
            Self::Body(expected, is_partial) => {
                if call.body().is_empty() {
                    return Some("there is no body".to_owned());
                }
                match serde_json::from_slice(call.body()) {
                    Ok(found) => {
                        let found = request_id::without(call.method, found, expected);
                        difference(expected, &found, *is_partial)
                    }
                    Err(_) => Some("the body is not JSON".to_owned()),
                }
            }
            Self::NoBody => {
                let is_none =
                    call.body().is_empty() || request_id::is_all(call.method, call.body());
                (!is_none).then(|| "there is a body, expected none".to_owned())
            }
            Self::Function(function) => {
                (!function(call)).then(|| "its function returned false".to_owned())
            }
        }
    }

    /// Returns the reason why the condition can never be met.
    pub(super) fn mistake(&self, method: &MethodInfo) -> Option<String> {
        let Self::Path(name, _) = self else {
            return None;
        };
        let known = method.path_parameters.iter().map(|known| known.name);
        let known: Vec<String> = known.map(|name| format!("`{name}`")).collect();
        (!known.contains(&format!("`{name}`"))).then(|| match &known[..] {
            [] => format!("the method has no path parameter `{name}`, it has none"),
            known => {
                let known = known.join(", ");
                format!("the method has no path parameter `{name}`, it has {known}")
            }
        })
    }
}

/// The page that a call has to ask for.
#[derive(Clone)]
pub(super) struct PageOf {
    pub(super) token: PageToken,
    /// `None` for the first page.
    pub(super) expected: Option<String>,
}

impl PageOf {
    /// Returns the reason why a call asks for another page.
    pub(super) fn mismatch(&self, call: &Arc<Received>) -> Option<String> {
        let found = match self.token {
            PageToken::Query(name) => call.query_of(name).next().map(str::to_owned),
            PageToken::Body(name) => {
                let body: Option<Value> = serde_json::from_slice(call.body()).ok();
                let token = body.and_then(|body| Some(body.get(name)?.as_str()?.to_owned()));
                token.filter(|token| !token.is_empty())
            }
        };
        let found = found.filter(|token| !token.is_empty());
        (found != self.expected).then(|| {
            let shown = |token: &Option<String>| match token {
                Some(token) => format!("\"{}\"", cut(token.clone())),
                None => "none".to_owned(),
            };
            let (found, expected) = (shown(&found), shown(&self.expected));
            format!("the page token is {found}, expected {expected}")
        })
    }
}

fn unequal(name: &str, found: Option<&str>, expected: &str) -> String {
    let expected = cut(expected.to_owned());
    match found {
        Some(found) => format!(
            "{name} is \"{}\", expected \"{expected}\"",
            cut(found.to_owned())
        ),
        None => format!("{name} is missing, expected \"{expected}\""),
    }
}
