//! Binding a path to a template: the inverse of the expansion.

use super::next_variable;

/// A part of a path template.
#[derive(Clone, Copy)]
enum Part<'t> {
    Literal(&'t str),
    /// Everything up to the next `/`.
    Simple(&'t str),
    /// Any number of path segments.
    Reserved(&'t str),
}

/// Returns the values with which a template becomes a path, if there are any. Nothing is decoded.
pub(crate) fn bind<'t, 'p>(template: &'t str, path: &'p str) -> Option<Vec<(&'t str, &'p str)>> {
    bind_parts(&parts(template)?, path)
}

fn parts(template: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((literal, variable, after)) = next_variable(rest) {
        parts.push(Part::Literal(literal));
        parts.push(match variable.strip_prefix('+') {
            Some(name) => Part::Reserved(name),
            None => Part::Simple(variable),
        });
        rest = after;
    }
    parts.push(Part::Literal(rest));
    // Two variables with nothing between them could be split in more than one way.
    let apart = |pair: &[Part<'_>]| !matches!(pair, [Part::Literal("")]);
    let between = parts.get(1..parts.len() - 1).unwrap_or_default();
    between.chunks(1).all(apart).then_some(parts)
}

fn bind_parts<'t, 'p>(parts: &[Part<'t>], path: &'p str) -> Option<Vec<(&'t str, &'p str)>> {
    let mut values = Vec::new();
    let mut rest = path;
    let mut parts = parts.iter().peekable();
    while let Some(part) = parts.next() {
        let next = match parts.peek() {
            Some(Part::Literal(literal)) => *literal,
            _ => "",
        };
        let (name, end) = match part {
            Part::Literal(literal) => {
                rest = rest.strip_prefix(literal)?;
                continue;
            }
            Part::Simple(name) => {
                let end = rest.find('/').unwrap_or(rest.len());
                // A literal may follow in the same segment: `{operation}:cancel`.
                let within = next.split('/').next().unwrap_or_default();
                (name, rest[..end].strip_suffix(within)?.len())
            }
            Part::Reserved(name) if next.is_empty() => (name, rest.len()),
            Part::Reserved(name) => (name, rest.rfind(next)?),
        };
        let (value, after) = rest.split_at(end);
        if value.is_empty() {
            return None;
        }
        values.push((*name, value));
        rest = after;
    }
    rest.is_empty().then_some(values)
}
