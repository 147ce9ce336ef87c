//! The expressions of path templates.

/// An expression of a template (RFC 6570): `{name}`, `{+name}`, `{/name}` and `{/name*}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Expression<'t> {
    pub(super) name: &'t str,
    /// `true` for `{+name}`, whose slashes and other reserved characters stay.
    pub(super) is_reserved: bool,
    /// The text before the first value.
    pub(super) first: &'static str,
    /// The text before each further value.
    pub(super) separator: char,
}

impl<'t> Expression<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let (text, is_exploded) = match text.strip_suffix('*') {
            Some(text) => (text, true),
            None => (text, false),
        };
        let plain = |name, is_reserved, first, separator| Self {
            name,
            is_reserved,
            first,
            separator,
        };
        match (text.strip_prefix('+'), text.strip_prefix('/')) {
            (Some(name), _) => plain(name, true, "", ','),
            (_, Some(name)) => plain(name, false, "/", if is_exploded { '/' } else { ',' }),
            _ => plain(text, false, "", ','),
        }
    }
}

/// Splits a template at its first variable: what comes before it, its expression, what comes after it.
pub(crate) fn next_variable(template: &str) -> Option<(&str, &str, &str)> {
    let (literal, rest) = template.split_once('{')?;
    let (variable, after) = rest.split_once('}')?;
    Some((literal, variable, after))
}

#[cfg(test)]
mod tests {
    use super::super::{Checks, expand, is_plain};
    use crate::encode;
    use crate::method::{MethodInfo, PathParameter};

    const NONE: Checks = Checks {
        takes_encoded_slashes: false,
        skips_patterns: false,
    };

    fn expanded(path: &'static str, values: &[&str]) -> Result<String, Vec<String>> {
        let method = MethodInfo {
            path,
            path_parameters: &[PathParameter {
                name: "x",
                pattern: Some("^[^!]*$"),
            }],
            ..MethodInfo::DEFAULT
        };
        let mut problems = Vec::new();
        let value = |_: &str, index: usize| values.get(index).copied();
        let path = expand(&method, NONE, value, &mut problems);
        if problems.is_empty() {
            Ok(path)
        } else {
            Err(problems)
        }
    }

    #[test]
    fn case_g2_repeated_values_are_encoded_one_by_one() {
        let values = ["corp", "sales & more", "a/b,c"];
        for (path, expected) in [
            ("o{/x*}", "o/corp/sales%20%26%20more/a%2Fb%2Cc"),
            ("o{/x*}:y", "o/corp/sales%20%26%20more/a%2Fb%2Cc:y"),
            ("o{/x}", "o/corp,sales%20%26%20more,a%2Fb%2Cc"),
            ("o/{x}", "o/corp,sales%20%26%20more,a%2Fb%2Cc"),
            ("o/{x*}", "o/corp,sales%20%26%20more,a%2Fb%2Cc"),
            ("o/{+x}", "o/corp,sales%20&%20more,a/b,c"),
            ("o/{+x*}", "o/corp,sales%20&%20more,a/b,c"),
        ] {
            assert_eq!(expanded(path, &values).as_deref(), Ok(expected), "{path}");
        }
        assert_eq!(expanded("o{/x*}", &["é"]).as_deref(), Ok("o/%C3%A9"));
    }

    #[test]
    fn case_g2_no_value_changes_the_path() {
        for values in [&["a", ".."][..], &["."], &["a", "..;b"]] {
            let problems = expanded("o{/x*}", values).unwrap_err();
            assert_eq!(problems, ["x is a `.` or `..` path segment"]);
        }
        for (values, problem) in [
            (&[][..], "x is missing"),
            (&[""], "x is empty"),
            (&["a", ""], "x is empty"),
        ] {
            assert_eq!(expanded("o{/x*}", values).unwrap_err(), [problem]);
        }
        let problems = expanded("o{/x*}", &["a", "b!", "c!"]).unwrap_err();
        assert_eq!(problems.len(), 2);
        assert!(problems[0].starts_with("x does not match"), "{problems:?}");
    }

    #[test]
    fn plain_values_are_sent_as_they_are() {
        for (value, expected) in [
            ("projects/p/instances/i-1_2~3.4:5", true),
            ("a..b/c.", true),
            ("...", false),
            ("a/.c", false),
            ("/a", false),
            ("", false),
            (".", false),
            ("a/..", false),
            ("a//b", false),
            ("a/", false),
            ("a b", false),
            ("a%2Fb", false),
            ("a?b", false),
            ("é", false),
        ] {
            assert_eq!(is_plain(value), expected, "{value:?}");
            if expected {
                assert_eq!(encode::reserved(value), value);
            }
        }
    }
}
