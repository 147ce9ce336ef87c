//! Generated modules that become a part of an existing crate.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use gapi_generator::Analysis;

use crate::{
    project::is_inside,
    setup::{self, Around, Generated},
    terminal::Shown as _,
};

/// The properties of generated modules that the crate around them needs.
#[derive(Debug)]
pub(crate) struct Modules {
    names: Vec<String>,
    /// `true` if one of them has calls that return streams.
    has_streams: bool,
}

/// Checks that the compiler finds the modules in this directory, and that cargo does not treat their files as targets.
pub(crate) fn check_place(out: &Path, apis: &[Analysis]) -> Result<(), String> {
    let absolute = in_real_parent(out).unwrap_or_else(|_| out.to_owned());
    let ends = |end: &str| absolute.ends_with(end);
    let around = absolute.parent().unwrap_or(Path::new(""));
    let is_for_targets = ends("src/bin")
        || ["tests", "examples", "benches"].into_iter().any(ends)
            && around.join("Cargo.toml").exists();
    if is_for_targets {
        let (out, below) = (out.shown(), out.join("google"));
        return Err(format!(
            "error: cargo treats each file in {out} as a separate target\n  help: generate into a directory below it, such as {}",
            below.shown()
        ));
    }
    for api in apis {
        let directory = out.join(&api.names.module);
        let file = directory.join("mod.rs");
        // A symbolic link is an error of the writer.
        let is_directory = fs::symlink_metadata(&directory).is_ok_and(|found| found.is_dir());
        if is_directory && file.exists() {
            return Err(format!(
                "error: {} is in the way: a module is in `{module}.rs` or in `{module}/mod.rs`\n  help: move the file, or generate into another directory",
                file.shown(),
                module = api.names.module
            ));
        }
    }
    Ok(())
}

impl Modules {
    /// Returns the modules of these APIs.
    pub(crate) fn of(apis: Vec<Analysis>) -> Self {
        Self {
            has_streams: apis.iter().any(|api| !api.facts.paging.is_empty()),
            names: apis.into_iter().map(|api| api.names.module).collect(),
        }
    }

    /// Returns `true` if a directory is inside that of one of the modules, which are generated into `out`.
    pub(crate) fn contain(&self, out: &Path, directory: &Path) -> bool {
        let mut names = self.names.iter();
        names.any(|name| is_inside(&out.join(name), directory))
    }

    /// Returns the lines that the crate around `out` lacks. They are only advice, so a directory that cannot be read is not an
    /// error.
    pub(crate) fn missing(&self, out: &Path, is_new: bool) -> String {
        let (Ok(out), Ok(current)) = (in_real_parent(out), env::current_dir()) else {
            return String::new();
        };
        let current = fs::canonicalize(&current).unwrap_or(current);
        let generated = Generated {
            out: &out,
            modules: &self.names,
            is_new,
            has_streams: self.has_streams,
        };
        let runtime = runtime();
        let around = Around {
            current: &current,
            runtime: runtime.as_deref(),
        };
        setup::missing(generated, around, &|path| fs::read_to_string(path).ok())
    }
}

/// Returns the absolute path of a directory. A directory that is a symbolic link belongs to the crate with the link.
fn in_real_parent(directory: &Path) -> io::Result<PathBuf> {
    match (directory.parent(), directory.file_name()) {
        (Some(parent), Some(name)) => Ok(fs::canonicalize(Path::new(".").join(parent))?.join(name)),
        _ => fs::canonicalize(directory),
    }
}

/// Returns the directory of `gapi-runtime` in the repository that this program was built from, if it still exists.
pub(crate) fn runtime() -> Option<PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let directory = fs::canonicalize(repository.join("runtime")).ok()?;
    let manifest = fs::read_to_string(directory.join("Cargo.toml")).ok()?;
    let mut lines = manifest.lines();
    let is_it = lines.any(|line| line == "name = \"gapi-runtime\"");
    is_it.then_some(directory)
}
