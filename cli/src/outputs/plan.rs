//! One output: from its documents and settings to its files, in memory.

use std::path::{Path, PathBuf};

use gapi_generator::{
    Diagnostics, Files, Generated, Options, Owner, Package, ProgressCallback, Selector, Source,
    Writer, generate_modules, generate_package,
};

use super::place_of;
use crate::{
    context::Context,
    manifest,
    modules::{Modules, check_place},
    project::{Flavor, OutputSettings, Project},
    terminal::Bar,
};

/// An output before it is generated.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) out: PathBuf,
    pub(super) sources: Vec<Source>,
    pub(super) settings: OutputSettings,
    pub(super) options: Options,
    /// The selection of the project file.
    pub(super) of_file: Vec<Selector>,
    /// `true` if the project file describes it.
    pub(super) is_of_project: bool,
}

/// A generated output, in memory.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) out: PathBuf,
    /// The number of documents.
    pub(crate) documents: usize,
    pub(crate) files: Files,
    pub(crate) warnings: Diagnostics,
    /// Writes the files.
    pub(crate) writer: Writer,
    /// The modules, if they become a part of an existing crate.
    pub(crate) modules: Option<Modules>,
    /// The directory of crates, if it is one of them.
    pub(crate) among: Option<PathBuf>,
}

impl Plan {
    pub(super) fn place(&self, context: &Context<'_>) -> String {
        place_of(&self.settings, context)
    }

    /// Generates the output, or several crates in its directory.
    pub(super) fn generate(
        self,
        bar: &Bar,
        project: Option<&Project>,
    ) -> Result<Vec<Output>, String> {
        let steps = bar.clone();
        let progress = ProgressCallback::new(move |_| steps.step());
        let options = Options {
            progress,
            ..self.options.clone()
        };
        match self.settings.flavor {
            Flavor::Module => Ok(vec![self.modules(options)?]),
            Flavor::Crate => {
                let (name, sources) = (self.settings.name.clone(), &self.sources);
                let (output, _) = self.whole_crate(self.out.clone(), name, sources, &options)?;
                Ok(vec![output])
            }
            Flavor::Crates => self.crates(&options, project),
        }
    }

    fn modules(self, options: Options) -> Result<Output, String> {
        let options = Options {
            allow_lints: true,
            ..options
        };
        let generated =
            generate_modules(&self.sources, &options).map_err(|problems| problems.to_string())?;
        check_place(&self.out, &generated.apis)?;
        Ok(Output {
            documents: self.sources.len(),
            files: generated.files,
            warnings: generated.warnings,
            // Other modules may be in the same directory. Only the files of these documents are touched.
            writer: Writer::new(&self.out, Owner::Modules),
            modules: Some(Modules::of(generated.apis)),
            among: None,
            out: self.out,
        })
    }

    /// Generates a crate of these documents into `out`. Without a name, an existing crate keeps its own.
    pub(super) fn whole_crate(
        &self,
        out: PathBuf,
        name: Option<String>,
        sources: &[Source],
        options: &Options,
    ) -> Result<(Output, Vec<Generated>), String> {
        let mut package = Package {
            name,
            version: self.settings.version.clone(),
            runtime_path: self.settings.runtime_path.clone(),
            regenerate: self.is_of_project.then(|| "gapi generate".to_owned()),
        };
        let existing = Package::existing(&out).map_err(|failure| failure.to_string())?;
        let (mut current, name) = (existing.clone(), Path::new("Cargo.toml"));
        let manifest_path = out.join(name);
        if let Some(text) = current.0.get_mut(name) {
            *text = manifest::edited(&manifest_path, text, &mut package)?;
        }
        let generated = generate_package(sources, options, &package, &current)
            .map_err(|problems| problems.to_string())?;
        if let Some(text) = generated.files.0.get(name) {
            manifest::check(&manifest_path, text)?;
        }
        let writer = Writer::new(&out, Owner::Root(Package::ROOT.into()));
        let output = Output {
            documents: sources.len(),
            files: generated.files,
            warnings: generated.warnings,
            writer: writer.read_before(existing),
            modules: None,
            among: None,
            out,
        };
        Ok((output, generated.documents))
    }
}
