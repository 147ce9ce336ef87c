//! Finding and reading the project file.

use std::{
    env,
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use gapi_generator::Rename;

use super::{
    errors::ProjectErrors,
    overlaps, parse, paths,
    settings::{Position, Settings, Text},
};
use crate::terminal::Shown as _;

/// The name of the file.
pub(crate) const FILE: &str = "gapi.toml";

/// The largest file in bytes.
const LARGEST: u64 = 1 << 20;

/// A project: the directory of a `gapi.toml`, and its contents.
#[derive(Debug)]
pub(crate) struct Project {
    /// The directory, relative to the working directory. Empty for the working directory.
    pub(crate) root: PathBuf,
    /// The file, as messages show it.
    pub(crate) file: PathBuf,
    pub(crate) settings: Settings,
    /// Errors in the file. Commands that resolve documents add to them.
    errors: ProjectErrors,
}

impl Project {
    /// Returns the project of the working directory: that of the nearest directory above it, itself included.
    pub(crate) fn find() -> Result<Option<Self>, String> {
        let current = env::current_dir()
            .map_err(|error| format!("error: cannot find the working directory: {error}"))?;
        let mut root = PathBuf::new();
        for directory in current.ancestors() {
            // A broken link is an error of `read`. The search ends here.
            if fs::symlink_metadata(directory.join(FILE)).is_ok() {
                let file = root.join(FILE);
                // Opening a pipe waits for its writer. `--config` may name one, as `<(…)` of a shell does.
                let is_other =
                    fs::metadata(&file).is_ok_and(|found| !found.is_file() && !found.is_dir());
                if is_other {
                    let file = file.shown();
                    return Err(format!(
                        "error: cannot read {file}: it is not a regular file\n  help: replace it with a file"
                    ));
                }
                return Self::read(&file).map(Some);
            }
            root.push("..");
        }
        Ok(None)
    }

    /// Reads the project of a file. [`Project::check`] reports errors in its contents.
    pub(crate) fn read(file: &Path) -> Result<Self, String> {
        let text =
            text(file).map_err(|error| format!("error: cannot read {}: {error}", file.shown()))?;
        let (settings, errors) = parse::settings(&text);
        let mut project = Self {
            root: file.parent().map(Path::to_owned).unwrap_or_default(),
            file: file.to_owned(),
            settings,
            errors,
        };
        project.check_links();
        let Self {
            root,
            file,
            settings,
            errors,
        } = &mut project;
        overlaps::check(root, file, &settings.outputs, errors);
        Ok(project)
    }

    /// Reports directories that lead out of the project by a symbolic link.
    fn check_links(&mut self) {
        let outs = self.settings.outputs.iter().map(|output| &output.out);
        let outs = outs.map(|Text { place, text }| (*place, paths::joined(&self.root, text)));
        let discovery = self.settings.discovery.as_ref();
        // The default directory has no place in the file.
        let place = discovery.map_or_else(Position::default, |discovery| discovery.place);
        let all: Vec<_> = outs.chain([(place, self.discovery())]).collect();
        for (place, path) in all {
            if !paths::is_inside(&self.root, &path) {
                let message = format!(
                    "{} leads out of the project through a symbolic link",
                    path.shown()
                );
                self.errors.add(
                    place,
                    message,
                    "replace the link, or write another directory",
                );
            }
        }
    }

    /// Returns the errors of the file, with those of a command.
    pub(crate) fn check(&self, more: impl FnOnce(&mut ProjectErrors)) -> Result<(), String> {
        let mut errors = self.errors.clone();
        more(&mut errors);
        errors.into_result(&self.file)
    }

    /// Returns the directory of the documents.
    pub(crate) fn discovery(&self) -> PathBuf {
        let discovery = self.settings.discovery.as_ref();
        paths::joined(&self.root, discovery.map_or("discovery", |it| &it.text))
    }

    /// Returns whether the project is the repository of the generator, in which corrections of documents must be current.
    pub(crate) fn maintains_corrections(&self) -> bool {
        self.root.join("generator/src/fixups.rs").is_file()
    }

    /// Returns the hosts that any output allows.
    pub(crate) fn allow_hosts(&self) -> Vec<String> {
        let outputs = self.settings.outputs.iter();
        let hosts = outputs.flat_map(|output| &output.allow_hosts);
        self.settings
            .allow_hosts
            .iter()
            .chain(hosts)
            .cloned()
            .collect()
    }

    /// Returns the renames of all outputs.
    pub(crate) fn renames(&self) -> Vec<Rename> {
        let outputs = self.settings.outputs.iter();
        outputs
            .flat_map(|output| output.renames.iter().cloned())
            .collect()
    }

    /// Returns the source of `fetch`, if the file sets one. A path is made relative to the working directory.
    pub(crate) fn source(&self) -> Option<String> {
        let from = self.settings.fetch.from.as_deref()?;
        if from.contains("://") {
            return Some(from.to_owned());
        }
        Some(self.root.join(from).display().to_string())
    }
}

/// Reads a text of at most [`LARGEST`] bytes.
fn text(file: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    let file = File::open(file)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    let invalid = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
    if bytes.len() as u64 > LARGEST {
        return Err(invalid("it is larger than 1 MiB"));
    }
    String::from_utf8(bytes).map_err(|_| invalid("it is not UTF-8"))
}
