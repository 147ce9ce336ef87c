//! Detection of APIs that require encoded slashes (`%2F`) in resource names.
//!
//! Only descriptions state this, and rarely those of all the parameters that need it. In Artifact Registry
//! `packages.patch` does, and `packages.get` does not. Therefore it is a fact about the API as a whole. It applies
//! to 12 of the 610 published documents.

use crate::ir::{Api, Method, Segment};

/// Returns whether the description of a variable `{+name}` requires encoded slashes. In `{name}` every value is
/// encoded anyway.
pub(super) fn are_asked_for(api: &Api) -> bool {
    api.methods.iter().any(|method| {
        let mut parameters = method.parameters.iter();
        parameters.any(|parameter| {
            is_reserved(method, &parameter.wire)
                && parameter.docs.as_deref().is_some_and(asks_for_them)
        })
    })
}

fn is_reserved(method: &Method, name: &str) -> bool {
    let mut segments = method.path.segments.iter();
    segments.any(|segment| matches!(segment, Segment::Reserved(variable) if variable == name))
}

/// Returns whether a text contains `%2F`, or mentions both slashes and escaping: "the slashes are escaped",
/// "characters, like `/`, must be escaped", "URL-encoded". "Encoded" alone does not count, because texts also use
/// it for base64, hexadecimal numbers and UTF-8. Backslashes do not count either.
fn asks_for_them(text: &str) -> bool {
    let text = text.to_lowercase();
    if text.contains("%2f") {
        return true;
    }
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let has_slash = text.contains("`/`") || words.contains(&"slash") || words.contains(&"slashes");
    let has_escape = words.contains(&"escaped")
        || words
            .windows(2)
            .any(|pair| matches!(pair, ["url" | "percent", "encoded"]));
    has_slash && has_escape
}

#[cfg(test)]
mod tests {
    use super::asks_for_them;

    #[test]
    fn a_description_asks_for_encoded_slashes() {
        for text in [
            "e.g. `sites/http%3A%2F%2Fwww.google.com%2F`",
            "E.g. \"tagBindingCollections/%2f%2fcloudresourcemanager.googleapis.com%2fprojects%2f123\"",
            "If the package ID part contains slashes, the slashes are escaped.",
            "Special characters, like `/` and `:`, must be escaped",
            "the URL-encoded full resource name, with its slashes",
        ] {
            assert!(asks_for_them(text), "{text}");
        }
        for text in [
            "",
            "Format: `projects/{project}/things/{thing}`",
            "an unpadded base64url encoded string, for characters such as `/`",
            "a UTF-8 encoded string; a slash separates the parts",
            "must be URL-encoded",
            "A trailing slash is optional.",
            "The only character that must be escaped is the backtick, escaped using a backslash.",
        ] {
            assert!(!asks_for_them(text), "{text}");
        }
    }
}
