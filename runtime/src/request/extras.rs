//! Headers and query parameters that the caller adds to a request.

use super::Request;
use super::query::set_twice;
use crate::headers::{Headers, MASK, parameter_problem};
use http::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use std::borrow::Cow;

impl Request {
    /// Adds a query parameter that has no setter: see [`Call::query`](crate::Call::query).
    pub(crate) fn other_query(mut self, name: String, value: String) -> Self {
        let mut variables = self.0.method.path_parameters.iter();
        let problem = if variables.any(|variable| variable.name == name) {
            Some(format!(
                "`{name}` is a variable of the path: use its argument"
            ))
        } else if self.query_of(&name).next().is_some() && !self.is_added(&name) {
            Some(set_twice(&name))
        } else {
            parameter_problem(&name)
        };
        match problem {
            Some(problem) => self.headers_mut().reject(problem),
            None => self.0.query.push((Cow::Owned(name), value)),
        }
        self
    }

    /// Adds a header: see [`Call::header`](crate::Call::header).
    pub(crate) fn header(mut self, name: Option<HeaderName>, value: Option<HeaderValue>) -> Self {
        self.headers_mut().add(name, value);
        self
    }

    /// Sets a condition: see [`Call::if_match`](crate::Call::if_match).
    pub(crate) fn condition(mut self, name: HeaderName, etag: Option<HeaderValue>) -> Self {
        self.headers_mut().set(name, etag);
        self
    }

    /// Returns the reasons to reject headers and parameters that the caller has added.
    pub(crate) fn problems_of_extras(&self) -> &[String] {
        let headers = self.0.headers.as_ref();
        headers.map_or(&[], |headers| headers.problems())
    }

    pub(super) fn headers_mut(&mut self) -> &mut Headers {
        self.0.headers.get_or_insert_default()
    }

    /// The values of a query parameter.
    pub(super) fn query_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let parameters = self.0.query.iter();
        parameters
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns `true` if the caller has added a query parameter of this name without its setter.
    pub(super) fn is_added(&self, name: &str) -> bool {
        let mut parameters = self.0.query.iter();
        parameters.any(|(known, _)| matches!(known, Cow::Owned(known) if known == name))
    }

    /// Returns the added headers for requests that belong to the call and are not the call.
    pub(crate) fn further_headers(&self) -> HeaderMap {
        let headers = self.0.headers.as_ref();
        headers.map_or_else(HeaderMap::new, |headers| headers.without_conditions())
    }

    /// Returns the same call as a further poll of the operation that it reads.
    pub(crate) fn for_poll(mut self) -> Self {
        self.0.headers = self.headers_beside();
        self
    }

    /// Returns the added headers for calls of other methods that belong to the call, such as the polls of its operation. They
    /// have responses of another type.
    pub(super) fn headers_beside(&self) -> Option<Box<Headers>> {
        let mut headers = self.further_headers();
        headers.remove(ACCEPT);
        headers.remove(MASK);
        (!headers.is_empty()).then(|| Box::new(headers.into()))
    }
}
