//! Generation of several documents.

use std::collections::BTreeSet;

use crate::{
    analysis::{Analysis, analyze},
    diagnostics::{Diagnostics, Pointer},
    options::{Options, Source},
    parallel,
    write::Files,
};

/// Several generated APIs.
#[derive(Clone, Debug)]
pub struct Modules {
    /// The files of all APIs.
    pub files: Files,
    /// The analysis of each API, in the order of the documents.
    pub apis: Vec<Analysis>,
    /// The warnings of all documents.
    pub warnings: Diagnostics,
}

/// Generates the modules of several documents.
///
/// # Errors
/// Returns an error if a document is invalid, if two documents describe the same API, or if an option is for a
/// document that is not among `sources`.
pub fn generate_modules(sources: &[Source], options: &Options) -> Result<Modules, Diagnostics> {
    let mut warnings = Diagnostics::default();
    let mut files = Files::default();
    let mut apis: Vec<Analysis> = Vec::new();
    for (generated, source) in generate_all(sources, options).into_iter().zip(sources) {
        match generated {
            Ok((analysis, modules)) => {
                if apis
                    .iter()
                    .any(|other| other.names.module == analysis.names.module)
                {
                    let mut twice = Diagnostics::new(&source.name);
                    let message = format!("another document is `{}` already", analysis.api.id);
                    twice.error(&Pointer::root().child("id"), message);
                    warnings.extend(twice);
                }
                warnings.extend(analysis.warnings.clone());
                files.0.extend(modules.0);
                apis.push(analysis);
            }
            Err(found) => warnings.extend(found),
        }
    }
    warnings.propagate()?;
    check_documents(options, &apis)?;
    Ok(Modules {
        files,
        apis,
        warnings,
    })
}

/// Checks that options are for given documents. Otherwise a typing mistake would change the output.
fn check_documents(options: &Options, apis: &[Analysis]) -> Result<(), Diagnostics> {
    let renames = options.renames.iter().map(|rename| Some(&rename.document));
    let resources = options.resources.iter().map(|it| it.document.as_ref());
    let derives = options
        .derives
        .iter()
        .map(|it| it.structs.document.as_ref());
    let named: BTreeSet<&String> = renames.chain(resources).chain(derives).flatten().collect();
    let known: Vec<String> = apis.iter().map(|api| format!("`{}`", api.api.id)).collect();
    let mut problems = Diagnostics::new("the options");
    for id in named {
        if !apis.iter().any(|api| api.api.id == *id) {
            problems.error_with_help(
                &Pointer::root(),
                format!("no document is `{id}`"),
                format!("there are {}", known.join(", ")),
            );
        }
    }
    problems.propagate()
}

/// Analyzes and renders each document, on as many threads as the machine has cores.
fn generate_all(
    sources: &[Source],
    options: &Options,
) -> Vec<Result<(Analysis, Files), Diagnostics>> {
    // Large documents come first, so that no thread ends with one of them.
    let mut order: Vec<usize> = (0..sources.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(sources[index].text.len()));
    let results = parallel::map(&order, |&index| {
        let generated = analyze(&sources[index], options)
            .and_then(|analysis| analysis.files().map(|files| (analysis, files)));
        options.progress.done(&sources[index]);
        generated
    });
    let mut results: Vec<_> = order.into_iter().zip(results).collect();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
