//! The project and the options that a command works with.

use std::path::{Path, PathBuf};

use gapi_generator::{Options, Rename};

use crate::{
    arguments::{Reading, Resources},
    project::Project,
};

/// The project around the working directory, if there is one, and the options of the command line.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) project: Option<Project>,
    /// The directory of the documents.
    pub(crate) discovery: PathBuf,
    pub(crate) reading: &'a Reading,
}

impl<'a> Context<'a> {
    /// Reads the project file. [`Project::check`] reports errors in its contents.
    pub(crate) fn unchecked(reading: &'a Reading) -> Result<Self, String> {
        let project = match &reading.config {
            Some(file) => Some(Project::read(file)?),
            None => Project::find()?,
        };
        let of_the_project = project.as_ref().map(Project::discovery);
        let discovery = reading.discovery.clone().or(of_the_project);
        Ok(Self {
            project,
            discovery: discovery.unwrap_or_else(|| PathBuf::from("discovery")),
            reading,
        })
    }

    /// Reads the project file, and returns any error in it.
    pub(crate) fn open(reading: &'a Reading) -> Result<Self, String> {
        let context = Self::unchecked(reading)?;
        if let Some(project) = &context.project {
            project.check(|_| ())?;
        }
        Ok(context)
    }

    /// Returns the options for reading whole documents, without those of a single output.
    pub(crate) fn options(&self) -> Options {
        let project = self.project.as_ref();
        let hosts = project.map(Project::allow_hosts).unwrap_or_default();
        let renames = project.map(Project::renames).unwrap_or_default();
        self.options_with(hosts, renames)
    }

    /// Returns the options for the selected resources. Without a selection on the command line it is that of the
    /// project's only output.
    pub(crate) fn options_for(&self, resources: &Resources) -> Options {
        let outputs = self.project.as_ref().map(|it| &it.settings.outputs[..]);
        let of_the_project = match outputs {
            Some([only]) => only.resources.clone(),
            _ => Vec::new(),
        };
        Options {
            resources: resources.selectors().unwrap_or(of_the_project),
            ..self.options()
        }
    }

    /// Returns options with the hosts and renames of the project and of the command line. Renames of the command line override
    /// those of the project.
    pub(crate) fn options_with(&self, mut hosts: Vec<String>, renames: Vec<Rename>) -> Options {
        hosts.extend(self.reading.allow_host.iter().cloned());
        let mut all = self.reading.rename.clone();
        for rename in renames {
            let is_same =
                |it: &Rename| (&it.document, &it.pointer) == (&rename.document, &rename.pointer);
            if !all.iter().any(is_same) {
                all.push(rename);
            }
        }
        Options {
            allowed_hosts: hosts,
            renames: all,
            ..Options::default()
        }
    }

    /// Returns the name of the project file, as messages show it.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.project.as_ref().map(|project| project.file.as_path())
    }
}
