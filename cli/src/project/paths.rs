//! Paths of a project.

use std::{
    env, fs,
    path::{Component, Path, PathBuf},
};

/// Returns `true` for an absolute path, and for a relative path that leads out of its base directory.
pub(super) fn leads_out(path: &str) -> bool {
    let mut depth = 0_usize;
    for component in Path::new(path).components() {
        match component {
            Component::CurDir => {}
            Component::Normal(_) => depth += 1,
            Component::ParentDir if depth > 0 => depth -= 1,
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return true,
        }
    }
    false
}

/// Returns the path without `.`, and without names that a `..` cancels.
pub(super) fn normal(path: impl AsRef<Path>) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.as_ref().components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(normal.components().next_back(), Some(Component::Normal(_))) =>
            {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// Returns the path of something in the project. It is as short as possible, and `.` for the working directory.
pub(crate) fn joined(root: &Path, path: &str) -> PathBuf {
    let path = normal(path);
    if path.as_os_str().is_empty() && root.as_os_str().is_empty() {
        PathBuf::from(".")
    } else if path.as_os_str().is_empty() {
        root.to_owned()
    } else {
        root.join(path)
    }
}

/// Returns `true` if both paths lead to the same place. Neither needs to exist.
pub(crate) fn is_same(a: &Path, b: &Path) -> bool {
    real(a) == real(b)
}

/// Returns the absolute path, with the symbolic links of the part that exists resolved.
pub(super) fn real(path: &Path) -> PathBuf {
    let current = env::current_dir().unwrap_or_default();
    let path = current.join(path);
    let existing = path.ancestors().find_map(|part| {
        let real = fs::canonicalize(part).ok()?;
        Some((real, path.strip_prefix(part).ok()?.to_owned()))
    });
    let (real, rest) = existing.unwrap_or_else(|| (path.clone(), PathBuf::new()));
    normal(real.join(rest))
}

/// Returns the path from the working directory, with the symbolic links of both resolved.
pub(crate) fn from_here(path: &Path) -> PathBuf {
    let (path, here) = (real(path), real(Path::new(".")));
    let shared = here.ancestors().find(|above| path.starts_with(above));
    let shared = shared.unwrap_or(Path::new(""));
    let up = here.components().count() - shared.components().count();
    let up: PathBuf = (0..up).map(|_| Component::ParentDir).collect();
    up.join(path.strip_prefix(shared).unwrap_or(&path))
}

/// Returns `true` if a path that exists in part stays in a directory, symbolic links included.
pub(crate) fn is_inside(root: &Path, path: &Path) -> bool {
    let root = if root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        root
    };
    real(path).starts_with(real(root))
}
