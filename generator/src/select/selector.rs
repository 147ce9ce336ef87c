//! Patterns of resources and methods.

use std::fmt;

use crate::ir::Method;

/// A selection of resources and methods, or an exclusion.
///
/// A pattern is compared with the names of a resource or of a method from the root down, and with the id of a method:
/// `projects.instances`, `projects.instances.get`, `spanner.projects.instances.get`. `*` matches any characters of one
/// name, `**` any number of names, including none. A resource selects its methods, and `projects.instances.**` also selects
/// those of the resources below it. The empty pattern is the API itself, with the methods that are in no resource.
///
/// A selector that begins with `!` is an exclusion: `!**.beta*`. The exclusion of a resource includes all resources below it.
///
/// A method is selected if a pattern selects it, or if there is none, and if no exclusion matches it. The order does not
/// matter.
///
/// ```
/// use gapi_generator::Selector;
///
/// let selector = Selector::from("storage:v1#buckets.**");
/// assert_eq!(selector.document.as_deref(), Some("storage:v1"));
/// assert_eq!(selector.pattern, "buckets.**");
/// assert_eq!(selector.to_string(), "storage:v1#buckets.**");
/// assert!(Selector::from("!**.beta*").excludes);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// The document's id, for example `compute:v1`; `None` for each document.
    pub document: Option<String>,
    /// `true` for an exclusion.
    pub excludes: bool,
    /// The pattern, without `!`.
    pub pattern: String,
}

impl From<&str> for Selector {
    /// Reads `PATTERN` or `ID#PATTERN`, with `!` in front of it or of the pattern for an exclusion.
    fn from(text: &str) -> Self {
        let (all_excluded, text) = without_mark(text);
        let (document, pattern) = match text.split_once('#') {
            Some((document, pattern)) => (Some(document.to_owned()), pattern),
            None => (None, text),
        };
        let (excluded, pattern) = without_mark(pattern);
        Self {
            document,
            excludes: all_excluded || excluded,
            pattern: pattern.to_owned(),
        }
    }
}

/// Returns whether a text begins with the mark of an exclusion, and the rest.
fn without_mark(text: &str) -> (bool, &str) {
    match text.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

impl From<String> for Selector {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl fmt::Display for Selector {
    /// Formats the selector as it is read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.excludes {
            f.write_str("!")?;
        }
        if let Some(document) = &self.document {
            write!(f, "{document}#")?;
        }
        f.write_str(&self.pattern)
    }
}

impl Selector {
    /// Returns the names of the pattern.
    pub(super) fn names(&self) -> Vec<&str> {
        self.pattern
            .split('.')
            .filter(|name| !name.is_empty())
            .collect()
    }

    /// Returns `true` if the pattern matches the resource or method with these names.
    pub(crate) fn matches(&self, path: &[String]) -> bool {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        names_match(&self.names(), &path)
    }

    /// Returns `true` if the method is selected, or excluded.
    pub(super) fn is_for(&self, method: &Method) -> bool {
        self.is_for_method(&method.resource, &method.name, &method.id)
    }

    fn is_for_method(&self, resource: &[String], name: &str, id: &str) -> bool {
        let pattern = self.names();
        let mut names: Vec<&str> = resource.iter().map(String::as_str).collect();
        // An exclusion of a resource is for all resources below it. Every one is below the API.
        let depth = names.len();
        let highest = if self.excludes { depth.min(1) } else { depth };
        let is_resource = (highest..=depth).any(|depth| names_match(&pattern, &names[..depth]));
        names.push(name);
        let id: Vec<&str> = id.split('.').collect();
        is_resource || names_match(&pattern, &names) || names_match(&pattern, &id)
    }
}

fn names_match(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern, path) {
        ([], path) => path.is_empty(),
        (["**", rest @ ..], path) => {
            (0..=path.len()).any(|skipped| names_match(rest, &path[skipped..]))
        }
        ([_, ..], []) => false,
        ([name, rest @ ..], [first, others @ ..]) => {
            name_matches(name, first) && names_match(rest, others)
        }
    }
}

fn name_matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.into_iter().any(|at| name_matches(rest, &name[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::Selector;

    fn matches(pattern: &str, path: &str) -> bool {
        let path: Vec<String> = path
            .split('.')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        Selector::from(pattern).matches(&path)
    }

    #[test]
    fn a_pattern_names_one_resource() {
        assert!(matches("projects.instances", "projects.instances"));
        assert!(!matches("projects.instances", "projects"));
        assert!(!matches(
            "projects.instances",
            "projects.instances.operations"
        ));
        assert!(!matches("instances", "projects.instances"));
    }

    #[test]
    fn one_star_stays_within_a_name() {
        assert!(matches("projects.*", "projects.instances"));
        assert!(!matches("projects.*", "projects"));
        assert!(!matches("projects.*", "projects.instances.operations"));
        assert!(matches("*Templates", "instanceTemplates"));
        assert!(matches("in*ce*", "instanceTemplates"));
        assert!(!matches("in*ces", "instanceTemplates"));
    }

    #[test]
    fn two_stars_are_any_names() {
        for path in ["", "projects", "projects.instances.operations"] {
            assert!(matches("**", path));
        }
        assert!(matches("projects.instances.**", "projects.instances"));
        assert!(matches("**.operations", "projects.instances.operations"));
        assert!(!matches("**.operations", "projects.instances"));
    }

    #[test]
    fn the_empty_pattern_is_the_api_itself() {
        assert!(matches("", ""));
        assert!(!matches("", "projects"));
    }

    /// Returns `true` if the text selects or excludes the method `get` of the API `spanner`.
    fn is_for(text: &str, resource: &str) -> bool {
        let names = resource.split('.').filter(|name| !name.is_empty());
        let path: Vec<String> = names.map(str::to_owned).collect();
        let id: Vec<&str> = ["spanner", resource, "get"]
            .into_iter()
            .filter(|name| !name.is_empty())
            .collect();
        Selector::from(text).is_for_method(&path, "get", &id.join("."))
    }

    #[test]
    fn a_method_is_selected_by_resource_names_and_id() {
        let resource = "projects.instances";
        for text in [
            "projects.instances",
            "projects.*",
            "projects.instances.get",
            "projects.*.get",
            "**.get",
            "**.g*t",
            "spanner.projects.instances.get",
            "spanner.projects.instances.*",
            "spanner.**",
            "**",
        ] {
            assert!(is_for(text, resource), "{text}");
        }
        for text in [
            "projects",
            "instances",
            "get",
            "",
            "projects.instances.list",
            "spanner.projects.instances",
            "spanner.instances.get",
            "projects.instances.get.*",
            "**.g",
        ] {
            assert!(!is_for(text, resource), "{text}");
        }
        for text in ["", "get", "spanner.get", "*"] {
            assert!(is_for(text, ""), "{text}");
        }
    }

    #[test]
    fn an_exclusion_of_a_resource_is_for_all_below_it() {
        let resource = "projects.instances.databases";
        for text in [
            "!projects",
            "!projects.instances",
            "!**.inst*",
            "!projects.instances.databases",
            "!projects.instances.databases.get",
            "!**.get",
            "!**",
        ] {
            assert!(is_for(text, resource), "{text}");
            assert_eq!(
                is_for(text.trim_start_matches('!'), resource),
                text.contains("databases") || text.contains("get") || text == "!**",
                "{text}"
            );
        }
        for text in [
            "!",
            "!instances",
            "!projects.get",
            "!projects.instances.get",
            "!spanner",
        ] {
            assert!(!is_for(text, resource), "{text}");
        }
        // The API itself has no resources below it that `!` would exclude.
        assert!(is_for("!", ""));
    }

    #[test]
    fn a_selector_can_be_for_one_document_and_an_exclusion() {
        for (text, document, excludes, shown) in [
            ("instances", None, false, "instances"),
            (
                "compute:v1#instances",
                Some("compute:v1"),
                false,
                "compute:v1#instances",
            ),
            ("!instances", None, true, "!instances"),
            (
                "!compute:v1#instances",
                Some("compute:v1"),
                true,
                "!compute:v1#instances",
            ),
            (
                "compute:v1#!instances",
                Some("compute:v1"),
                true,
                "!compute:v1#instances",
            ),
        ] {
            let selector = Selector::from(text);
            assert_eq!(selector.document.as_deref(), document, "{text}");
            assert_eq!(selector.excludes, excludes, "{text}");
            assert_eq!(selector.pattern, "instances", "{text}");
            assert_eq!(selector.to_string(), shown, "{text}");
            assert_eq!(Selector::from(shown), selector, "{text}");
        }
    }
}
