//! Paths for people and manifests.

use std::path::{Component, Path};

use gapi_generator::diagnostics::is_hidden;

use crate::terminal::Shown as _;

/// The maximum number of `..` in a relative path. With more of them, an absolute path is easier to read.
const MOST_UP: usize = 3;

/// Returns the path from a directory to another file or directory, with `/` between names. It is absolute if the two are
/// far from each other. Both paths are absolute.
///
/// Returns `None` if the path cannot be written as text.
pub(crate) fn between(from: &Path, to: &Path) -> Option<String> {
    let shared: Vec<Component<'_>> = from
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a)
        .collect();
    let up = from.components().count() - shared.len();
    // Paths that share only the root of the file system are far from each other.
    let near = shared.iter().any(|it| matches!(it, Component::Normal(_)));
    if up > MOST_UP || up > 0 && !near {
        return absolute(to);
    }
    let down = to.components().skip(shared.len());
    let down = down.map(|component| component.as_os_str().to_str());
    let parts: Option<Vec<&str>> = (0..up).map(|_| Some("..")).chain(down).collect();
    let path = parts?.join("/");
    visible(if path.is_empty() { "." } else { &path })
}

/// Returns an absolute path as text, or `None` if that is not possible.
pub(super) fn absolute(path: &Path) -> Option<String> {
    visible(path.to_str()?)
}

/// Returns the path relative to the directory `current`, as a user types it.
pub(super) fn shown(current: &Path, path: &Path) -> String {
    between(current, path).unwrap_or_else(|| path.shown())
}

fn visible(path: &str) -> Option<String> {
    (!path.chars().any(is_hidden)).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn paths_are_relative_to_what_is_near() {
        for (from, to, path) in [
            ("/a/b", "/a/b", Some(".")),
            ("/a/b", "/a/b/c/d", Some("c/d")),
            ("/a/b", "/a/c", Some("../c")),
            ("/a/b/c/d", "/a/e", Some("../../../e")),
            ("/a/b/c/d/e", "/a/f", Some("/a/f")),
            ("/a", "/b", Some("/b")),
            ("/", "/b", Some("b")),
            ("/a", "/a/b\u{202e}", None),
        ] {
            let found = super::between(Path::new(from), Path::new(to));
            assert_eq!(found.as_deref(), path, "{from} {to}");
        }
    }
}
