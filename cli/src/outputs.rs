//! Outputs: of the project file, or of the command line. `generate` writes them, and `check` compares them.

use std::path::PathBuf;

use clap::Args;
use gapi_generator::Options;

use crate::{
    arguments::Generating,
    context::Context,
    crate_names, documents,
    narrow::{self, Named},
    project::{Flavor, OutputSettings, Project, is_same, joined},
    terminal::{Bar, Shown, Talk},
};

mod crates;
mod plan;

pub(crate) use plan::Output;
use plan::Plan;

/// The choice of outputs, and options that override those of the project file.
#[derive(Args, Debug)]
pub(crate) struct Outputs {
    /// Documents: paths, or names of APIs in the directory of documents (spanner-v1). Without any, the outputs of
    /// gapi.toml
    #[arg(value_name = "DOC", requires = "out")]
    documents: Vec<String>,
    /// The directory for these documents. Without DOC, the output of gapi.toml with this directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The kind of code: modules for an existing crate, a complete crate, or one for each document [default: module]
    #[arg(long, value_enum)]
    flavor: Option<Flavor>,
    /// The name of the crate [default for one document: its API, storage-v1]. With --flavor crates, a pattern of the names
    /// [default: gapi-{api}, which is gapi-storage-v1]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The version of the crate [default for a new crate: 0.1.0]
    #[arg(long, value_name = "VERSION")]
    crate_version: Option<String>,
    /// The path from the crate to gapi-runtime [default for a new crate: crates.io]
    #[arg(long, value_name = "DIR")]
    runtime_path: Option<String>,
    #[command(flatten)]
    generating: Generating,
}

impl Outputs {
    /// Generates all outputs in memory. If `insists`, a correction that no longer applies is an error in the project that
    /// maintains the corrections.
    pub(crate) fn generate(&self, insists: bool, talk: &Talk) -> Result<Vec<Output>, String> {
        let context = Context::unchecked(&self.generating.reading)?;
        let mut plans = self.plans(&context)?;
        let project = context.project.as_ref();
        let insists = insists && project.is_some_and(Project::maintains_corrections);
        for plan in &mut plans {
            plan.options.insist_on_corrections = insists;
        }
        let documents = plans.iter().map(|plan| plan.sources.len()).sum();
        let bar = Bar::if_long("generating", documents, talk);
        let (mut outputs, mut errors) = (Vec::new(), Vec::new());
        for plan in plans {
            let place = plan.is_of_project.then(|| plan.place(&context));
            match plan.generate(&bar, project) {
                Ok(generated) => outputs.extend(generated),
                Err(error) => errors.push(match place {
                    Some(place) => format!("{error}\n  note: in {place}"),
                    None => error,
                }),
            }
        }
        bar.clear();
        for Output { out, modules, .. } in &outputs {
            let modules = modules.as_ref();
            let meets = |it: &&Output| modules.is_some_and(|modules| modules.contain(out, &it.out));
            for other in outputs.iter().filter(meets) {
                errors.push(format!(
                    "error: `{}` is inside a module of the output `{}`\n  help: choose another directory",
                    other.out.shown(),
                    out.shown()
                ));
            }
        }
        if errors.is_empty() {
            Ok(outputs)
        } else {
            Err(errors.join("\n"))
        }
    }

    fn plans(&self, context: &Context<'_>) -> Result<Vec<Plan>, String> {
        let chosen = self.chosen(context)?;
        if let ([_, _, ..], Some(option)) = (&chosen[..], self.for_one_output()) {
            return Err(format!(
                "error: `{option}` is for one output, and there are {}\n  help: choose one with `--out`",
                chosen.len()
            ));
        }
        let mut plans = Vec::new();
        for (out, settings, is_of_project) in chosen {
            let of_file = settings.resources.clone();
            let settings = self.overridden(settings, context)?;
            plans.push(Plan {
                out,
                sources: Vec::new(),
                options: Self::options(context, &settings),
                settings,
                of_file,
                is_of_project,
            });
        }
        if !self.documents.is_empty() {
            if let Some(project) = &context.project {
                project.check(|_| ())?;
            }
            for plan in &mut plans {
                plan.sources = documents::find(&self.documents, &context.discovery)?;
            }
        } else if let Some(project) = &context.project {
            project.check(|errors| {
                for plan in &mut plans {
                    if context.reading.discovery.is_some() && !project.uses_names(&plan.settings) {
                        errors.add(
                            plan.settings.out.place,
                            "`--discovery` has no effect on this output: its `documents` has only paths and patterns",
                            "remove the option, or name other documents: `gapi generate DOC --out DIR`",
                        );
                    }
                    plan.sources = project.documents(&plan.settings, &context.discovery, errors);
                }
            })?;
        }
        self.narrow(&mut plans);
        Ok(plans)
    }

    /// Keeps the options of each output that are for its documents.
    fn narrow(&self, plans: &mut [Plan]) {
        let is_named = |plan: &Plan| narrow::documents(&plan.options).next().is_some();
        if !plans.iter().any(is_named) {
            return;
        }
        let ids: Vec<_> = plans.iter().map(|it| narrow::ids(&it.sources)).collect();
        let selectors = self.generating.resources.selectors().unwrap_or_default();
        let known = ids.iter().flatten().cloned().collect();
        let named = Named::new(&self.generating, &selectors, known);
        for (plan, ids) in plans.iter_mut().zip(&ids) {
            named.narrow(&mut plan.options, ids, plan.is_of_project, &plan.of_file);
        }
    }

    /// Returns the selected outputs: their directories, their settings, and `true` for those of the project file.
    fn chosen(
        &self,
        context: &Context<'_>,
    ) -> Result<Vec<(PathBuf, OutputSettings, bool)>, String> {
        let project = context.project.as_ref();
        let place = |project: &Project, it: &OutputSettings| joined(&project.root, &it.out.text);
        let of_project = project.into_iter().flat_map(|project| {
            let outputs = project.settings.outputs.iter();
            outputs.map(move |it| (place(project, it), it.clone(), true))
        });
        let of_project: Vec<_> = of_project.collect();
        let Some(out) = &self.out else {
            return if of_project.is_empty() {
                Err(nothing_to_generate(context))
            } else {
                Ok(of_project)
            };
        };
        let known: Vec<String> = of_project
            .iter()
            .map(|(place, ..)| format!("`{}`", place.shown()))
            .collect();
        let found = of_project
            .into_iter()
            .find(|(place, ..)| is_same(place, out));
        match found {
            Some((_, settings, _)) => Ok(vec![(out.clone(), settings, self.documents.is_empty())]),
            None if !self.documents.is_empty() => {
                Ok(vec![(out.clone(), OutputSettings::default(), false)])
            }
            None => match context.file() {
                Some(file) if !known.is_empty() => Err(format!(
                    "error: {} has no output `{}`\n  help: it has {}",
                    file.shown(),
                    out.shown(),
                    known.join(", ")
                )),
                _ => Err(nothing_to_generate(context)),
            },
        }
    }

    /// Returns the first option that makes sense for one output only.
    fn for_one_output(&self) -> Option<&'static str> {
        let of_a_crate = self.of_a_crate();
        let mut given = of_a_crate.iter().filter(|(_, value)| value.is_some());
        let flavor = self.flavor.map(|_| "--flavor");
        given.next().map(|(option, _)| *option).or(flavor)
    }

    fn of_a_crate(&self) -> [(&'static str, &Option<String>); 3] {
        [
            ("--name", &self.name),
            ("--crate-version", &self.crate_version),
            ("--runtime-path", &self.runtime_path),
        ]
    }

    /// Returns the settings of an output, overridden by those of the command line.
    fn overridden(
        &self,
        mut settings: OutputSettings,
        context: &Context<'_>,
    ) -> Result<OutputSettings, String> {
        if self.flavor == Some(Flavor::Module) {
            let keys = [
                ("name", settings.name.is_some()),
                ("version", settings.version.is_some()),
                ("runtime-path", settings.runtime_path.is_some()),
            ];
            if let Some((key, _)) = keys.iter().find(|(_, is_set)| *is_set) {
                let place = place_of(&settings, context);
                return Err(format!(
                    "error: `--flavor module` is not for a crate with a `{key}`\n  \
                     help: remove the option, or name documents and another directory\n  note: in {place}"
                ));
            }
        }
        // The name of the project file is checked with its flavor.
        let pattern = match (&self.name, self.flavor) {
            (Some(_), _) => Some("--name"),
            (None, Some(flavor)) if flavor != settings.flavor => Some("name"),
            (None, _) => None,
        };
        settings.flavor = self.flavor.unwrap_or(settings.flavor);
        if settings.flavor == Flavor::Module {
            let of_a_crate = self.of_a_crate();
            if let Some((option, _)) = of_a_crate.iter().find(|(_, value)| value.is_some()) {
                return Err(format!(
                    "error: `{option}` is for a crate\n  help: add `--flavor crate`"
                ));
            }
        }
        let replace = |setting: &mut Option<String>, option: &Option<String>| {
            if option.is_some() {
                setting.clone_from(option);
            }
        };
        replace(&mut settings.name, &self.name);
        if let (Flavor::Crates, Some(name), Some(key)) = (settings.flavor, &settings.name, pattern)
        {
            crate_names::check(key, name)
                .map_err(|(message, help)| format!("error: {message}\n  help: {help}"))?;
        }
        replace(&mut settings.version, &self.crate_version);
        replace(&mut settings.runtime_path, &self.runtime_path);
        if let Some(resources) = self.generating.resources.selectors() {
            settings.resources = resources;
        }
        settings
            .derives
            .extend(self.generating.derive.iter().cloned());
        Ok(settings)
    }

    fn options(context: &Context<'_>, settings: &OutputSettings) -> Options {
        let project = context.project.as_ref();
        let mut hosts = project.map_or_else(Vec::new, |it| it.settings.allow_hosts.clone());
        hosts.extend(settings.allow_hosts.iter().cloned());
        Options {
            resources: settings.resources.clone(),
            derives: settings.derives.clone(),
            ..context.options_with(hosts, settings.renames.clone())
        }
    }
}

/// Returns an output of the project file with its position.
fn place_of(settings: &OutputSettings, context: &Context<'_>) -> String {
    let (out, place) = (settings.out.text.shown(), settings.out.place);
    let file = context.file().map(Shown::shown).unwrap_or_default();
    format!("the output `{out}`, {file}:{}:{}", place.line, place.column)
}

/// Returns the number of documents in words.
pub(crate) fn counted(documents: usize) -> String {
    match documents {
        1 => "1 document".to_owned(),
        _ => format!("{documents} documents"),
    }
}

/// Returns the number of crates in words.
pub(crate) fn crates_counted(crates: usize) -> String {
    match crates {
        1 => "1 crate".to_owned(),
        _ => format!("{crates} crates"),
    }
}

/// Returns the error if neither the command line nor the project file names documents.
fn nothing_to_generate(context: &Context<'_>) -> String {
    match &context.project {
        // Invalid outputs are not parsed. Their errors are more useful.
        Some(project) => project.check(|_| ()).err().unwrap_or_else(|| {
            format!(
                "error: {} has no [[output]]\n  \
                 help: add one, or name documents: `gapi generate DOC --out DIR`",
                project.file.shown()
            )
        }),
        None => "error: neither this directory nor one above it has a gapi.toml\n  \
                 help: run `gapi init`, or name documents: `gapi generate DOC --out DIR`"
            .to_owned(),
    }
}
