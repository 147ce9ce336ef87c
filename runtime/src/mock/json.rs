//! Comparison of JSON bodies.

use serde_json::Value;
use std::fmt::Write as _;

/// The length, in bytes, of a value that a message shows.
const SHOWN: usize = 120;

/// Returns the first place where a body differs from the expected one, and both values. A partial comparison ignores members
/// that are not expected.
pub(super) fn difference(expected: &Value, found: &Value, is_partial: bool) -> Option<String> {
    let mut path = "body".to_owned();
    differ(expected, found, is_partial, &mut path)
}

fn differ(expected: &Value, found: &Value, is_partial: bool, path: &mut String) -> Option<String> {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            let missing = expected.iter().find_map(|(name, expected)| {
                let length = path.len();
                let _ = write!(path, ".{name}");
                let difference = match found.get(name) {
                    Some(found) => differ(expected, found, is_partial, path),
                    None => Some(format!("{path} is missing, expected {}", shown(expected))),
                };
                path.truncate(length);
                difference
            });
            let mut unexpected = found.iter().filter(|_| !is_partial);
            let unexpected = || {
                unexpected.find_map(|(name, found)| {
                    let is_known = expected.contains_key(name);
                    (!is_known).then(|| format!("{path}.{name} is {}, expected none", shown(found)))
                })
            };
            missing.or_else(unexpected)
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            let mut pairs = expected.iter().zip(found).enumerate();
            pairs.find_map(|(index, (expected, found))| {
                let length = path.len();
                let _ = write!(path, "[{index}]");
                let difference = differ(expected, found, is_partial, path);
                path.truncate(length);
                difference
            })
        }
        (Value::Number(expected), Value::Number(found))
            if expected.is_f64() != found.is_f64() && expected.as_f64() == found.as_f64() =>
        {
            None
        }
        _ if expected == found => None,
        _ => Some(format!(
            "{path} is {}, expected {}",
            shown(found),
            shown(expected)
        )),
    }
}

/// Returns the JSON of a value, cut off if it is long.
pub(super) fn shown(value: &Value) -> String {
    cut(value.to_string())
}

/// Cuts off a long text.
pub(super) fn cut(mut text: String) -> String {
    if text.len() > SHOWN {
        let end = (0..=SHOWN).rev().find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or(0));
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_difference_is_told_with_its_place() {
        let expected = json!({"a": [1, {"b": "x"}], "c": 2});
        for (found, is_partial, message) in [
            (json!({"a": [1, {"b": "x"}], "c": 2.0}), false, None),
            (
                json!({"a": [1, {"b": "y"}], "c": 2}),
                true,
                Some(r#"body.a[1].b is "y", expected "x""#),
            ),
            (
                json!({"a": [1], "c": 2}),
                true,
                Some(r#"body.a is [1], expected [1,{"b":"x"}]"#),
            ),
            (
                json!({"a": [1, {"b": "x"}]}),
                true,
                Some("body.c is missing, expected 2"),
            ),
            (
                json!({"a": [1, {"b": "x"}], "c": 2, "d": null}),
                false,
                Some("body.d is null, expected none"),
            ),
            (
                json!({"a": [1, {"b": "x", "e": 1}], "c": 2, "d": null}),
                true,
                None,
            ),
            (
                json!(null),
                true,
                Some(r#"body is null, expected {"a":[1,{"b":"x"}],"c":2}"#),
            ),
        ] {
            let told = difference(&expected, &found, is_partial);
            assert_eq!(told.as_deref(), message, "{found}");
        }
    }

    #[test]
    fn long_values_are_cut_off() {
        let long = "é".repeat(100);
        assert_eq!(cut(long.clone()), format!("{}…", "é".repeat(60)));
        assert_eq!(cut("é".repeat(60)), "é".repeat(60));
    }
}
