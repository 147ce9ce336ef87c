//! A crate for each document, each in its own directory.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    num::NonZero,
    path::PathBuf,
    thread,
};

use gapi_generator::{
    Generated, Options, Source, analyze, check_options, names::module_name, parallel,
};

use super::plan::{Output, Plan};
use crate::{
    crate_names, narrow,
    project::{Project, is_inside},
    terminal::Shown as _,
};

/// One of the crates.
struct Member<'a> {
    name: String,
    directory: PathBuf,
    source: &'a Source,
}

impl Plan {
    /// Generates the crates of an output. Nothing is returned unless all generate.
    pub(super) fn crates(
        &self,
        options: &Options,
        project: Option<&Project>,
    ) -> Result<Vec<Output>, String> {
        let mut members = self.members(options)?;
        self.check_places(&members, project)?;
        // Large documents come first, so that the threads finish at about the same time.
        members.sort_by_key(|member| Reverse(member.source.text.len()));
        let of_each = Options {
            more_documents: true,
            ..options.clone()
        };
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let generated = parallel::map_on(threads, &members, |member| self.member(member, &of_each));
        let (mut outputs, mut errors) = (Vec::new(), Vec::new());
        let mut documents: Vec<Generated> = Vec::new();
        for result in generated {
            match result {
                Ok((output, of_crate)) => {
                    outputs.push(output);
                    documents.extend(of_crate);
                }
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors.join("\n"));
        }
        documents.sort_by(|a, b| a.id.cmp(&b.id));
        check_options(options, &documents).map_err(|problems| problems.to_string())?;
        outputs.sort_by(|a, b| a.out.cmp(&b.out));
        Ok(outputs)
    }

    fn member(
        &self,
        member: &Member<'_>,
        options: &Options,
    ) -> Result<(Output, Vec<Generated>), String> {
        let Member {
            name,
            directory,
            source,
        } = member;
        // Without a chosen name, an existing crate keeps the name in its manifest.
        let keeps = self.settings.name.is_none() && directory.join("Cargo.toml").exists();
        let name = (!keeps).then(|| name.clone());
        let sources = std::slice::from_ref(*source);
        let (output, documents) = self.whole_crate(directory.clone(), name, sources, options)?;
        let among = Some(self.out.clone());
        Ok((Output { among, ..output }, documents))
    }

    /// Returns the crates. Their names must be distinct.
    fn members(&self, options: &Options) -> Result<Vec<Member<'_>>, String> {
        let pattern = self.settings.name.as_deref();
        let pattern = pattern.unwrap_or(crate_names::DEFAULT);
        let (mut members, mut errors) = (Vec::new(), Vec::new());
        for source in &self.sources {
            let Some((name, version)) = narrow::name_and_version(source) else {
                // The analysis reports the problem of the document.
                let problem = analyze(source, options).err();
                errors.push(problem.map_or_else(
                    || format!("error: {} has no name and version", source.name.shown()),
                    |problem| problem.to_string(),
                ));
                continue;
            };
            let name = crate_names::of(pattern, &module_name(&name, &version).replace('_', "-"));
            members.push(Member {
                directory: self.out.join(&name),
                name,
                source,
            });
        }
        let mut by_name: BTreeMap<String, Vec<&Member<'_>>> = BTreeMap::new();
        for member in &members {
            let same = by_name.entry(crate_names::canonical(&member.name));
            same.or_default().push(member);
        }
        for same in by_name.values().filter(|same| same.len() > 1) {
            let sources: BTreeSet<String> = same.iter().map(|it| it.source.name.shown()).collect();
            let sources: Vec<String> = sources.iter().map(|name| format!("`{name}`")).collect();
            errors.push(format!(
                "error: the crate `{}` would be that of {}\n  help: generate only one of these documents",
                same[0].name.shown(),
                sources.join(" and of ")
            ));
        }
        if errors.is_empty() {
            Ok(members)
        } else {
            Err(errors.join("\n"))
        }
    }

    /// Checks that no crate of a project leads out of it by a symbolic link.
    fn check_places(
        &self,
        members: &[Member<'_>],
        project: Option<&Project>,
    ) -> Result<(), String> {
        let Some(project) = project.filter(|_| self.is_of_project) else {
            return Ok(());
        };
        let outside = members
            .iter()
            .filter(|member| !is_inside(&project.root, &member.directory));
        let errors: Vec<String> = outside
            .map(|member| {
                format!(
                    "error: {} leads out of the project by a symbolic link\n  help: replace the link",
                    member.directory.shown()
                )
            })
            .collect();
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors.join("\n"))
        }
    }
}
