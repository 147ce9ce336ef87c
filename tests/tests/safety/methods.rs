//! Every method of the nine documents as the runtime sees it, and values for its path parameters.
//!
//! The facts come from the analysis, because generated crates have no function that returns all of them. The test
//! `drift` proves that the generated tables match the analysis.

use gapi::spanner_v1::Spanner;
use gapi_generator::ir::{self, Location, Segment};
use gapi_generator::{Options, analyze};
use gapi_runtime::codegen::{MethodInfo, PathParameter, Verb};
use gapi_runtime::{Bytes, Request, ResponseFuture};
use gapi_tests::workspace;

/// A method.
pub(super) struct Method {
    pub(super) info: &'static MethodInfo,
    pub(super) variables: Vec<Variable>,
    /// The names of its query parameters.
    pub(super) query: Vec<&'static str>,
}

/// A variable of a path.
pub(super) struct Variable {
    pub(super) name: &'static str,
    /// `true` for `{+name}`, which keeps slashes.
    pub(super) is_reserved: bool,
    pub(super) parts: Vec<Part>,
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Literal(String),
    /// `[^/]+`, and a whole variable without a pattern.
    Segment,
    /// `.*`
    Anything,
}

impl Variable {
    /// Returns the positions of the parts that are not literal.
    pub(super) fn slots(&self) -> impl Iterator<Item = usize> {
        let parts = self.parts.iter().enumerate();
        parts.filter_map(|(at, part)| (!matches!(part, Part::Literal(_))).then_some(at))
    }

    /// Returns whether a slot can contain slashes, directly or because a later part matches them.
    pub(super) fn is_open(&self, slot: usize) -> bool {
        let is_before_anything = || match self.parts.get(slot + 1..) {
            Some([Part::Literal(literal), Part::Anything]) => literal == "/",
            _ => false,
        };
        self.parts[slot] == Part::Anything || is_before_anything()
    }

    /// Returns a value with this text in a slot, and `x` in the others.
    pub(super) fn value(&self, slot: usize, text: &str) -> String {
        let parts = self.parts.iter().enumerate();
        let texts = parts.map(|(at, part)| match part {
            Part::Literal(literal) => literal,
            _ if at == slot => text,
            _ => "x",
        });
        texts.collect()
    }

    /// Returns a valid value.
    pub(super) fn plain(&self) -> String {
        self.value(usize::MAX, "")
    }
}

impl Method {
    /// Returns a call with a value for one of its variables, and plain ones for the others.
    pub(super) fn call(&self, spanner: &Spanner, variable: &str, value: &str) -> Request {
        let request = Request::new(gapi_runtime::Service::client(spanner), self.info);
        self.variables.iter().fold(request, |request, known| {
            let text = if known.name == variable {
                value.to_owned()
            } else {
                known.plain()
            };
            request.path(known.name, text)
        })
    }

    /// Returns a call with plain values.
    pub(super) fn plain_call(&self, spanner: &Spanner) -> Request {
        self.call(spanner, "", "")
    }
}

/// Sends a call.
pub(super) fn send(call: Request) -> ResponseFuture<Bytes> {
    ResponseFuture::new(call)
}

/// Returns the methods of all nine documents.
pub(super) fn all() -> Vec<Method> {
    let documents = workspace::documents();
    let methods = documents.iter().flat_map(|source| {
        let analysis = analyze(source, &Options::default()).expect("the document generates");
        assert!(
            !analysis.facts.encoded_slashes,
            "{}: it asks for encoded slashes, and the tests think it does not",
            source.name
        );
        analysis.api.methods.iter().map(method).collect::<Vec<_>>()
    });
    methods.collect()
}

fn kept(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn method(method: &ir::Method) -> Method {
    let variables: Vec<(Variable, PathParameter)> = method
        .path
        .segments
        .iter()
        .filter_map(|segment| match segment {
            // No method of the nine documents has the second one.
            Segment::Literal(_) | Segment::Slashed(_) => None,
            Segment::Simple(name) => Some(variable(method, name, false)),
            Segment::Reserved(name) => Some(variable(method, name, true)),
        })
        .collect();
    let (variables, parameters): (Vec<_>, Vec<_>) = variables.into_iter().unzip();
    let query = method.parameters.iter();
    let query = query.filter(|parameter| parameter.location == Location::Query);
    let info = MethodInfo {
        id: kept(&method.id),
        verb: match method.verb {
            ir::Verb::Get => Verb::Get,
            ir::Verb::Post => Verb::Post,
            ir::Verb::Put => Verb::Put,
            ir::Verb::Patch => Verb::Patch,
            ir::Verb::Delete => Verb::Delete,
        },
        path: kept(&method.path.text),
        path_parameters: Box::leak(parameters.into_boxed_slice()),
        ..MethodInfo::DEFAULT
    };
    Method {
        info: Box::leak(Box::new(info)),
        variables,
        query: query.map(|parameter| kept(&parameter.wire)).collect(),
    }
}

fn variable(method: &ir::Method, name: &str, is_reserved: bool) -> (Variable, PathParameter) {
    let mut parameters = method.parameters.iter();
    let parameter = parameters.find(|parameter| parameter.wire == name);
    let pattern = parameter.and_then(|parameter| parameter.pattern.as_deref());
    let name = kept(name);
    let variable = Variable {
        name,
        is_reserved,
        parts: pattern.map_or_else(|| vec![Part::Segment], parts),
    };
    let pattern = pattern.map(kept);
    (variable, PathParameter { name, pattern })
}

/// Returns the parts of a pattern. The patterns of the nine documents consist of literals, `[^/]+` and `.*`.
fn parts(pattern: &str) -> Vec<Part> {
    let inner = pattern
        .strip_prefix('^')
        .and_then(|rest| rest.strip_suffix('$'));
    let mut rest = inner.unwrap_or_else(|| panic!("{pattern} is not anchored"));
    let mut parts = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("[^/]+") {
            parts.push(Part::Segment);
            rest = after;
        } else if let Some(after) = rest.strip_prefix(".*") {
            parts.push(Part::Anything);
            rest = after;
        } else {
            let end = rest.find(['[', '.', '(', '*', '+', '\\', '?', '|']);
            let (literal, after) = rest.split_at(end.unwrap_or(rest.len()));
            assert!(!literal.is_empty(), "{pattern} is of an unknown kind");
            parts.push(Part::Literal(literal.to_owned()));
            rest = after;
        }
    }
    parts
}

#[test]
fn every_method_is_there() {
    let methods = all();
    assert_eq!(methods.len(), 522);
    let variables = methods.iter().flat_map(|method| &method.variables);
    assert_eq!(variables.count(), 567);
    assert_eq!(
        parts("^studies/[^/]+/bulkdata/.*$"),
        [
            Part::Literal("studies/".to_owned()),
            Part::Segment,
            Part::Literal("/bulkdata/".to_owned()),
            Part::Anything,
        ]
    );
}
