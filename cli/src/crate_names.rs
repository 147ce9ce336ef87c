//! Names of crates that are written for each document.

use gapi_generator::diagnostics::printable;

/// The placeholder of an API in a pattern: `drive-v3`.
const API: &str = "{api}";

/// The pattern of names by default.
pub(crate) const DEFAULT: &str = "gapi-{api}";

/// Checks a pattern of names. An error is a message and a fix.
pub(crate) fn check(key: &str, pattern: &str) -> Result<(), (String, String)> {
    let shown = printable(pattern);
    if !pattern.contains(API) {
        let message = format!("`{key}` is `{shown}` for every crate, and has no `{API}`");
        return Err((message, format!("write `{API}` for the API: `my-{API}`")));
    }
    let rest = pattern.replace(API, "");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if rest.chars().all(is_plain) {
        return Ok(());
    }
    let message = format!("`{key}` is `{shown}`, which is not a pattern of crate names");
    let help = format!("use letters, digits, `-`, `_` and `{API}`: `my-{API}`");
    Err((message, help))
}

/// Returns the name of the crate of an API.
pub(crate) fn of(pattern: &str, api: &str) -> String {
    pattern.replace(API, api)
}

/// Returns the form in which crates.io compares names.
pub(crate) fn canonical(name: &str) -> String {
    name.replace('_', "-").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT, canonical, check, of};

    #[test]
    fn a_pattern_has_a_place_for_the_api() {
        for good in [DEFAULT, "{api}", "My_{api}-client"] {
            assert_eq!(check("name", good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "gapi",
            "{API}",
            "{api} client",
            "{api}{version}",
            "g/{api}",
            "\u{e9}{api}",
        ] {
            assert!(check("name", bad).is_err(), "{bad}");
        }
        assert_eq!(of(DEFAULT, "drive-v3"), "gapi-drive-v3");
        assert_eq!(canonical("Gapi_Drive-v3"), "gapi-drive-v3");
    }
}
