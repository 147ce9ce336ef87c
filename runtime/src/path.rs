//! Path templates, and the values that are rejected.
//!
//! A path decides which resource a call acts on. So a value is rejected before anything is sent if it could silently change the
//! path on its way, through a URL parser, a proxy or the server's router.

mod expression;
mod pattern;
mod problem;
mod template;

pub(crate) use expression::next_variable;
pub(crate) use pattern::matches;
pub(crate) use template::bind;

use crate::encode;
use crate::method::MethodInfo;
use expression::Expression;
use problem::{problem, reserved_problem};

/// The advice in the error about a value that does not match its pattern.
const MISMATCH_HELP: &str = "correct the value, or, if you know that the service accepts it, send the call with \
    `Call::skip_pattern_checks()`";

/// The checks of path values that a client or a call can relax. All others always apply.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checks {
    /// Accepts `%2F` in the value of a `{+name}` variable.
    pub(crate) takes_encoded_slashes: bool,
    /// Ignores the patterns of the document.
    pub(crate) skips_patterns: bool,
}

/// Expands the path template of a method.
///
/// `value` returns the values of its variables: a name and an index. Adds what is wrong with them to `problems`, each with the
/// name of the variable.
pub(crate) fn expand<'a>(
    method: &MethodInfo,
    checks: Checks,
    value: impl Fn(&str, usize) -> Option<&'a str>,
    problems: &mut Vec<String>,
) -> String {
    let mut path = String::with_capacity(method.path.len() + 64);
    let mut rest = method.path;
    while let Some((literal, variable, after)) = next_variable(rest) {
        rest = after;
        path.push_str(literal);
        let expression = Expression::of(variable);
        let name = expression.name;
        let pattern = method
            .path_parameters
            .iter()
            .find(|parameter| parameter.name == name)
            .and_then(|parameter| parameter.pattern);
        let mut count = 0;
        while let Some(value) = value(name, count) {
            if count == 0 {
                path.push_str(expression.first);
            } else {
                path.push(expression.separator);
            }
            let added = push_value(expression, pattern, checks, value, &mut path);
            problems.extend(added.err());
            count += 1;
        }
        if count == 0 {
            problems.push(format!("{name} is missing"));
        }
    }
    path.push_str(rest);
    path
}

/// Appends a value to the path. Returns the problem with it, if there is one.
fn push_value(
    expression: Expression<'_>,
    pattern: Option<&'static str>,
    checks: Checks,
    value: &str,
    path: &mut String,
) -> Result<(), String> {
    let Expression {
        name, is_reserved, ..
    } = expression;
    let is_plain = is_reserved && is_plain(value);
    let found = match (is_plain, is_reserved) {
        (true, _) => None,
        (false, true) => reserved_problem(value, checks.takes_encoded_slashes),
        (false, false) => problem(value),
    };
    let is_mismatch = |pattern: &&'static str| !checks.skips_patterns && !matches(pattern, value);
    if let Some(found) = found {
        return Err(format!("{name} {found}"));
    }
    if let Some(pattern) = pattern.filter(is_mismatch) {
        return Err(format!("{name} does not match {pattern}: {MISMATCH_HELP}"));
    }
    if is_plain {
        path.push_str(value);
    } else if is_reserved {
        path.push_str(&encode::reserved(value));
    } else {
        path.push_str(&encode::simple(value));
    }
    Ok(())
}

/// Returns `true` if the value of a reserved expansion needs neither a closer look nor encoding. Such a value has no other
/// characters than these, and no segment that is empty or begins with a dot. Nearly all values are plain. The loop has no
/// branch for each byte, so it takes hardly any time.
fn is_plain(value: &str) -> bool {
    let (mut is_plain, mut before) = (true, b'/');
    for byte in value.bytes() {
        let is_known =
            byte.is_ascii_alphanumeric() | matches!(byte, b'-' | b'.' | b'/' | b':' | b'_' | b'~');
        is_plain &= is_known & !((before == b'/') & matches!(byte, b'.' | b'/'));
        before = byte;
    }
    is_plain && before != b'/'
}

/// As bytes: to look for a single one is cheaper than to look for a character, and this is done for each call.
fn segments(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::method::PathParameter;

    const METHOD: MethodInfo = MethodInfo {
        path: "v1/{+name}/files/{file}:copy",
        path_parameters: &[
            PathParameter {
                name: "name",
                pattern: Some("^projects/[^/]+$"),
            },
            PathParameter {
                name: "file",
                pattern: None,
            },
        ],
        ..MethodInfo::DEFAULT
    };

    const ALL: Checks = Checks {
        takes_encoded_slashes: false,
        skips_patterns: false,
    };
    const SLASHES: Checks = Checks {
        takes_encoded_slashes: true,
        ..ALL
    };
    const NO_PATTERNS: Checks = Checks {
        skips_patterns: true,
        ..ALL
    };

    fn expanded(name: Option<&str>, file: Option<&str>) -> Result<String, String> {
        expanded_by(ALL, name, file)
    }

    fn expanded_by(
        checks: Checks,
        name: Option<&str>,
        file: Option<&str>,
    ) -> Result<String, String> {
        let mut problems = Vec::new();
        let path = expand(
            &METHOD,
            checks,
            |variable, index| {
                let value = if variable == "name" { name } else { file };
                value.filter(|_| index == 0)
            },
            &mut problems,
        );
        if problems.is_empty() {
            Ok(path)
        } else {
            Err(problems.join("; "))
        }
    }

    #[test]
    fn values_are_encoded() {
        for (name, file, expected) in [
            ("projects/p", "f", "v1/projects/p/files/f:copy"),
            (
                "projects/é x",
                "a/b",
                "v1/projects/%C3%A9%20x/files/a%2Fb:copy",
            ),
            (
                "projects/a%252Fb%20",
                "%2e%2e",
                "v1/projects/a%252Fb%20/files/%252e%252e:copy",
            ),
            (
                "projects/a\\b%5Cc",
                "a\\b",
                "v1/projects/a%5Cb%5Cc/files/a%5Cb:copy",
            ),
            (
                "projects/%2e%2e%2e",
                "%2F%5C",
                "v1/projects/%2e%2e%2e/files/%252F%255C:copy",
            ),
            ("projects/a:b@c", "...", "v1/projects/a:b@c/files/...:copy"),
            (
                "projects/(default)",
                "a?b#c",
                "v1/projects/(default)/files/a%3Fb%23c:copy",
            ),
        ] {
            assert_eq!(expanded(Some(name), Some(file)).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn case_r17_control_characters_are_encoded() {
        for (file, expected) in [
            ("a\tb", "a%09b"),
            ("a\u{7f}", "a%7F"),
            ("\0", "%00"),
            ("a\r\nx: y", "a%0D%0Ax%3A%20y"),
            ("\u{1b}[2J", "%1B%5B2J"),
            ("\u{85}\u{9f}", "%C2%85%C2%9F"),
        ] {
            let path = format!("v1/projects/p/files/{expected}:copy");
            assert_eq!(expanded(Some("projects/p"), Some(file)), Ok(path));
        }
        for (name, expected) in [
            ("projects/a\tb", "projects/a%09b"),
            ("projects/\u{7f}", "projects/%7F"),
            ("projects/a\r\nb", "projects/a%0D%0Ab"),
            ("projects/\0", "projects/%00"),
        ] {
            let path = format!("v1/{expected}/files/f:copy");
            assert_eq!(expanded(Some(name), Some("f")), Ok(path));
        }
    }

    #[test]
    fn case_r19_what_would_end_the_path_is_encoded() {
        for (name, expected) in [
            ("projects/a?b#c", "projects/a%3Fb%23c"),
            ("projects/?", "projects/%3F"),
            ("projects/#", "projects/%23"),
            ("projects/a?alt=media&key=k", "projects/a%3Falt=media&key=k"),
            ("projects/a%3Fb?c", "projects/a%3Fb%3Fc"),
            ("projects/100%?", "projects/100%25%3F"),
            ("projects/(a)[b]'*!$&+,;=:@", "projects/(a)[b]'*!$&+,;=:@"),
        ] {
            let path = format!("v1/{expected}/files/f:copy");
            assert_eq!(expanded(Some(name), Some("f")), Ok(path));
        }
    }

    #[test]
    fn dangerous_names_are_rejected() {
        for (name, expected) in [
            ("", "name is empty"),
            ("projects/..", "name contains a `.` or `..` path segment"),
            ("projects/.", "name contains a `.` or `..` path segment"),
            (
                "projects/%2e%2E",
                "name contains a `.` or `..` path segment",
            ),
            ("projects/.%2e", "name contains a `.` or `..` path segment"),
            (
                "projects/..%2Fx",
                "name contains a `.` or `..` path segment",
            ),
            (
                "projects/a%5c..",
                "name contains a `.` or `..` path segment",
            ),
            (
                "projects/a\\.\\b",
                "name contains a `.` or `..` path segment",
            ),
            (
                "projects/..;x=1",
                "name contains a `.` or `..` path segment",
            ),
            (
                "projects/%C0%AF",
                "name contains percent-encoded bytes that are not UTF-8",
            ),
            (
                "projects/a%0D%0Ab",
                "name contains a percent-encoded control character",
            ),
            ("projects//p", "name contains an empty path segment"),
            ("/projects/p", "name contains an empty path segment"),
            ("projects/p/", "name contains an empty path segment"),
            (
                "projects/a%00\0",
                "name contains a percent-encoded control character",
            ),
            ("projects/..?x", "name contains a `.` or `..` path segment"),
            ("projects/.#x", "name contains a `.` or `..` path segment"),
            (
                "projects/.\t.\n",
                "name contains a `.` or `..` path segment",
            ),
        ] {
            for checks in [ALL, NO_PATTERNS] {
                assert_eq!(
                    expanded_by(checks, Some(name), Some("f")),
                    Err(expected.to_owned()),
                    "{name:?} {checks:?}"
                );
            }
        }
    }

    #[test]
    fn case_r1_a_value_that_does_not_match_its_pattern_is_rejected_unless_patterns_are_skipped() {
        for name in ["project/p", "projects/p/q", "projects", "p(q)", "é"] {
            let problem = expanded(Some(name), Some("f")).unwrap_err();
            assert_eq!(
                problem,
                "name does not match ^projects/[^/]+$: correct the value, or, if you know that the service accepts it, \
                 send the call with `Call::skip_pattern_checks()`"
            );
            let path = format!("v1/{}/files/f:copy", encode::reserved(name));
            assert_eq!(expanded_by(NO_PATTERNS, Some(name), Some("f")), Ok(path));
        }
    }

    #[test]
    fn dangerous_simple_values_are_rejected() {
        for (file, expected) in [
            ("", "file is empty"),
            (".", "file is a `.` or `..` path segment"),
            ("..", "file is a `.` or `..` path segment"),
            (".\t.", "file is a `.` or `..` path segment"),
            ("\n.", "file is a `.` or `..` path segment"),
        ] {
            for checks in [ALL, NO_PATTERNS] {
                assert_eq!(
                    expanded_by(checks, Some("projects/p"), Some(file)),
                    Err(expected.to_owned()),
                    "{file:?} {checks:?}"
                );
            }
        }
    }

    #[test]
    fn encoded_slashes_are_for_apis_that_ask_for_them() {
        for name in ["projects/a%2Fb", "projects/%2f", "projects/%2F%2Fa%2Fb"] {
            let problem = expanded(Some(name), Some("f")).unwrap_err();
            assert!(
                problem.starts_with("name contains an encoded slash (`%2F`), which"),
                "{problem}"
            );
            assert!(problem.ends_with("build the client with `allow_encoded_slashes()`"));
            assert_eq!(
                expanded_by(NO_PATTERNS, Some(name), Some("f")),
                Err(problem)
            );
            let path = expanded_by(SLASHES, Some(name), Some("f"));
            assert_eq!(path, Ok(format!("v1/{name}/files/f:copy")));
        }
        for name in ["projects/a%2F..", "projects/%2f%2e%5Cb", "projects/a%2F..?"] {
            assert!(
                expanded_by(SLASHES, Some(name), Some("f")).is_err(),
                "{name:?}"
            );
        }
    }

    #[test]
    fn all_problems_are_told() {
        assert_eq!(
            expanded(None, Some("")),
            Err("name is missing; file is empty".to_owned())
        );
    }
}
