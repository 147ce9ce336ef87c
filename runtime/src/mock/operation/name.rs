//! The names of operations that a test does not name.

use crate::client::Called;
use crate::encode;
use crate::mock::call::Received;
use crate::operation::{OperationInfo, OperationMethods};
use crate::path;

/// Replaces a part of a pattern that takes any text.
const ANY: &str = "\0";

/// The parts of patterns that take any text.
const WILDCARDS: [&str; 4] = ["[^/]+", "[^/]*", ".*", ".+"];

/// The value of a part that nothing determines.
const DEFAULT: &str = "mock";

/// Returns the name of an operation that a call begins or reads: `projects/p/instances/i/operations/operation-1`.
pub(super) fn of_resource(info: &OperationInfo, call: &Received, id: &str) -> String {
    if let Some(name) = read_by(info, call) {
        return name;
    }
    let mut groups: Vec<&OperationMethods> = info.methods.iter().collect();
    groups.sort_by_key(|methods| {
        let common = common_segments(methods.get.id, call.method.id);
        (std::cmp::Reverse(common), methods.get.id.len())
    });
    let mut names = groups.iter().filter_map(|methods| {
        let template = without_version(methods.get.path);
        expand(methods, template, call, id, false)
    });
    let name = names.next();
    name.unwrap_or_else(|| format!("operations/{id}"))
}

/// Returns the link of an operation in the style of Compute Engine.
pub(super) fn link(
    info: &OperationInfo,
    call: &Received,
    called: &Called,
    name: &str,
) -> Option<String> {
    let fits = |methods: &&OperationMethods| {
        let variables = methods.get.path_parameters;
        let before_last = variables.get(..variables.len().saturating_sub(1));
        let mut before_last = before_last.unwrap_or_default().iter();
        before_last.all(|variable| call.path().any(|(known, _)| known == variable.name))
    };
    let fitting = info.methods.iter().filter(fits);
    let methods = fitting.max_by_key(|methods| methods.get.path_parameters.len())?;
    let path = expand(methods, methods.get.path, call, name, true)?;
    let service = called.service;
    Some(format!(
        "{}{}{path}",
        service.root_url, service.service_path
    ))
}

/// Returns the name in a call that reads an operation.
fn read_by(info: &OperationInfo, call: &Received) -> Option<String> {
    let mut methods = info.methods.iter();
    methods.find(|methods| methods.get.id == call.method.id)?;
    call.path().last().map(|(_, name)| name)
}

/// Returns a template with values: those of the call, and `id` at last.
fn expand(
    methods: &OperationMethods,
    template: &str,
    call: &Received,
    id: &str,
    is_encoded: bool,
) -> Option<String> {
    let last = methods.get.path_parameters.last().map(|known| known.name);
    let mut expanded = String::new();
    let mut rest = template;
    while let Some((literal, variable, after)) = path::next_variable(rest) {
        rest = after;
        let name = variable.strip_prefix('+').unwrap_or(variable);
        let own = call.path().find(|(known, _)| *known == name);
        let own = own.map(|(_, value)| value);
        let known = methods.get.path_parameters.iter();
        let pattern = known
            .filter(|known| known.name == name)
            .find_map(|known| known.pattern);
        let value = match pattern {
            _ if Some(name) != last => own.unwrap_or_else(|| DEFAULT.to_owned()),
            // The pattern of a name that is not a path says nothing about its parts.
            Some(pattern) if !is_encoded => fill(pattern, call, id)?,
            _ => id.to_owned(),
        };
        expanded.push_str(literal);
        if is_encoded {
            expanded.push_str(&encode::reserved(&value));
        } else {
            expanded.push_str(&value);
        }
    }
    expanded.push_str(rest);
    Some(expanded)
}

/// Returns a value that matches a pattern: its segments are those of the call where these follow the same segment.
fn fill(pattern: &'static str, call: &Received, id: &str) -> Option<String> {
    let mut text = pattern.to_owned();
    for wildcard in WILDCARDS {
        text = text.replace(wildcard, ANY);
    }
    let text = text.strip_prefix('^').unwrap_or(&text);
    let text = text.strip_suffix('$').unwrap_or(text);
    let segments: Vec<&str> = text.split('/').collect();
    let last = segments.iter().rposition(|segment| *segment == ANY);
    let mut filled: Vec<String> = Vec::with_capacity(segments.len());
    for (index, segment) in segments.iter().enumerate() {
        filled.push(if *segment != ANY {
            (*segment).to_owned()
        } else if Some(index) == last {
            id.to_owned()
        } else {
            let before = filled.last().map(String::as_str).unwrap_or_default();
            following(call, before).unwrap_or_else(|| DEFAULT.to_owned())
        });
    }
    let value = filled.join("/");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/-_.~:".contains(c);
    (value.chars().all(is_plain) && path::matches(pattern, &value)).then_some(value)
}

/// Returns the segment that follows another one in a path value of the call.
fn following(call: &Received, before: &str) -> Option<String> {
    let mut values = call.path();
    values.find_map(|(_, value)| {
        let mut segments = value.split('/');
        segments.find(|segment| *segment == before)?;
        let plain = |text: &&str| {
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        segments.next().filter(plain).map(str::to_owned)
    })
}

/// Returns the number of segments at the beginning of two ids that are the same.
fn common_segments(one: &str, other: &str) -> usize {
    let pairs = one.split('.').zip(other.split('.'));
    pairs.take_while(|(one, other)| one == other).count()
}

/// Returns a template without a version at its beginning, because names have none.
fn without_version(template: &str) -> &str {
    match template.split_once('/') {
        Some((version, rest))
            if version.starts_with('v')
                && version[1..].starts_with(|c: char| c.is_ascii_digit()) =>
        {
            rest
        }
        _ => template,
    }
}
