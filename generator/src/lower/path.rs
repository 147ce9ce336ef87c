//! Path templates: the forms of RFC 6570 that Discovery documents use. These are `{name}`, `{+name}`, and, in older documents,
//! `{/name*}`. The runtime expands them, and `{name*}`, `{+name*}` and `{/name}` as well.

use crate::ir::{PathTemplate, Segment};

/// Parses a method's `path`.
///
/// # Errors
/// Returns a sentence about the error in the template.
pub(super) fn parse(text: &str) -> Result<PathTemplate, String> {
    // One leading slash is dropped, as in the reference client. Two would begin another host.
    let trimmed = text.strip_prefix('/').unwrap_or(text);
    if trimmed.starts_with('/') || trimmed.contains("://") {
        return Err(format!("the path `{text}` leaves the API's host"));
    }
    let mut segments = Vec::new();
    let mut rest = trimmed;
    while let Some(open) = rest.find('{') {
        let (literal, expression) = rest.split_at(open);
        push_literal(literal, text, &mut segments)?;
        let Some((inside, after)) = expression[1..].split_once('}') else {
            return Err(format!("the path `{text}` has a `{{` without its `}}`"));
        };
        segments.push(variable(inside, text, segments.is_empty())?);
        rest = after;
    }
    push_literal(rest, text, &mut segments)?;
    Ok(PathTemplate {
        text: trimmed.to_owned(),
        segments,
    })
}

fn variable(inside: &str, text: &str, is_first: bool) -> Result<Segment, String> {
    let (name, segment): (&str, fn(String) -> Segment) =
        match (inside.strip_prefix('+'), inside.strip_prefix('/')) {
            (Some(name), _) => (name, Segment::Reserved),
            (_, Some(name)) => (name, Segment::Slashed),
            _ => (inside, Segment::Simple),
        };
    let name = name.strip_suffix('*').unwrap_or(name);
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if name.is_empty() || !name.chars().all(plain) {
        return Err(format!(
            "the path `{text}` has the expression `{{{inside}}}`; only `{{name}}`, `{{+name}}` and `{{/name*}}` are supported"
        ));
    }
    let segment = segment(name.to_owned());
    // Its slash would be a second one after the service path.
    if is_first && matches!(segment, Segment::Slashed(_)) {
        return Err(format!("the path `{text}` begins with `{{{inside}}}`"));
    }
    Ok(segment)
}

fn push_literal(literal: &str, text: &str, segments: &mut Vec<Segment>) -> Result<(), String> {
    if literal.is_empty() {
        return Ok(());
    }
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/:@$!'()*+,;=&".contains(&b);
    if let Some(odd) = literal.chars().find(|&c| !u8::try_from(c).is_ok_and(plain)) {
        return Err(format!(
            "the path `{text}` contains {odd:?}, which no path may contain"
        ));
    }
    if literal
        .split('/')
        .any(|segment| segment == "." || segment == "..")
    {
        return Err(format!("the path `{text}` has a dot segment"));
    }
    segments.push(Segment::Literal(literal.to_owned()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_literals_and_both_expansions() {
        let template = parse("v1/{+name}/fhir/{type}:go/$export");
        assert_eq!(
            template.map(|template| template.segments),
            Ok(vec![
                Segment::Literal("v1/".into()),
                Segment::Reserved("name".into()),
                Segment::Literal("/fhir/".into()),
                Segment::Simple("type".into()),
                Segment::Literal(":go/$export".into()),
            ])
        );
    }

    #[test]
    fn case_g2_reads_what_older_documents_use() {
        let template = parse("customer/{customerId}/orgunits{/orgUnitPath*}:x{/a}{b*}{+c*}");
        assert_eq!(
            template.map(|template| template.segments),
            Ok(vec![
                Segment::Literal("customer/".into()),
                Segment::Simple("customerId".into()),
                Segment::Literal("/orgunits".into()),
                Segment::Slashed("orgUnitPath".into()),
                Segment::Literal(":x".into()),
                Segment::Slashed("a".into()),
                Segment::Simple("b".into()),
                Segment::Reserved("c".into()),
            ])
        );
    }

    #[test]
    fn drops_one_leading_slash() {
        assert_eq!(
            parse("/v1/a").map(|template| template.text),
            Ok("v1/a".to_owned())
        );
    }

    #[test]
    fn rejects_what_would_leave_the_host_or_change_the_request() {
        let cases = [
            (
                "//evil.example/x",
                "the path `//evil.example/x` leaves the API's host",
            ),
            (
                "https://evil.example/x",
                "the path `https://evil.example/x` leaves the API's host",
            ),
            ("v1/{name", "the path `v1/{name` has a `{` without its `}`"),
            (
                "v1/}",
                "the path `v1/}` contains '}', which no path may contain",
            ),
            ("v1/../x", "the path `v1/../x` has a dot segment"),
            (
                "v1/a?b",
                "the path `v1/a?b` contains '?', which no path may contain",
            ),
            (
                "v1/a b",
                "the path `v1/a b` contains ' ', which no path may contain",
            ),
            (
                "v1/{?name}",
                "the path `v1/{?name}` has the expression `{?name}`; only `{name}`, `{+name}` and `{/name*}` are supported",
            ),
            (
                "v1/{}",
                "the path `v1/{}` has the expression `{}`; only `{name}`, `{+name}` and `{/name*}` are supported",
            ),
            ("{/name*}", "the path `{/name*}` begins with `{/name*}`"),
            ("/{/name}", "the path `/{/name}` begins with `{/name}`"),
        ];
        for (text, message) in cases {
            assert_eq!(parse(text), Err(message.to_owned()), "{text}");
        }
    }
}
