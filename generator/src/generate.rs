//! Generation of several documents.

use std::collections::BTreeSet;

use crate::{
    analysis::{Analysis, analyze},
    diagnostics::{Diagnostics, Pointer},
    options::{Options, Source},
    parallel,
    select::{Selector, Unmatched},
    write::Files,
};

/// Several generated APIs.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::{Modules, Options, generate_modules};
///
/// # let source = source()?;
/// let modules: Modules = generate_modules(&[source], &Options::default())?;
/// println!("{}", modules.warnings);
/// for path in modules.files.0.keys() {
///     println!("{}", path.display());
/// }
/// assert_eq!(modules.apis[0].names.module, "library_v1");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Modules {
    /// The files of all APIs.
    pub files: Files,
    /// The analysis of each API, in the order of the documents.
    pub apis: Vec<Analysis>,
    /// The warnings of all documents.
    pub warnings: Diagnostics,
}

/// A document that was generated, as [`check_options`] needs it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::{Generated, Options, analyze, check_options};
///
/// # let source = source()?;
/// // One document after the other.
/// let options = Options { more_documents: true, ..Options::default() };
/// let mut documents: Vec<Generated> = Vec::new();
/// for source in [source] {
///     let analysis = analyze(&source, &options)?;
///     documents.push(Generated::from(&analysis));
/// }
/// check_options(&options, &documents)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The id.
    pub id: String,
    /// The exclusions that match nothing in it.
    pub unmatched: Vec<Unmatched>,
}

impl From<&Analysis> for Generated {
    fn from(analysis: &Analysis) -> Self {
        Self {
            id: analysis.api.id.clone(),
            unmatched: analysis.selection.unmatched.clone(),
        }
    }
}

/// Generates the modules of several documents.
///
/// # Errors
/// Returns an error if a document is invalid, if two documents describe the same API, if an option is for a
/// document that is not among `sources`, or if an exclusion matches nothing in any document.
pub fn generate_modules(sources: &[Source], options: &Options) -> Result<Modules, Diagnostics> {
    let mut warnings = Diagnostics::default();
    let mut files = Files::default();
    let mut apis: Vec<Analysis> = Vec::new();
    let of_each = Options {
        more_documents: options.more_documents || sources.len() > 1,
        ..options.clone()
    };
    for (generated, source) in generate_all(sources, &of_each).into_iter().zip(sources) {
        match generated {
            Ok((analysis, modules)) => {
                if apis
                    .iter()
                    .any(|other| other.names.module == analysis.names.module)
                {
                    let mut twice = Diagnostics::new(&source.name);
                    let message = format!("another document also has the id `{}`", analysis.api.id);
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
    if !options.more_documents {
        let generated: Vec<Generated> = apis.iter().map(Generated::from).collect();
        check_options(options, &generated)?;
    }
    Ok(Modules {
        files,
        apis,
        warnings,
    })
}

/// Analyzes several documents. Options for other documents are skipped.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::{Options, analyze_all};
///
/// # let source = source()?;
/// for analysis in analyze_all(&[source], &Options::default())? {
///     println!("{}: {} methods", analysis.api.id, analysis.api.methods.len());
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Returns the errors of all documents, and an error for an exclusion that matches nothing in any of them.
pub fn analyze_all(sources: &[Source], options: &Options) -> Result<Vec<Analysis>, Diagnostics> {
    let of_each = Options {
        more_documents: options.more_documents || sources.len() > 1,
        ..options.clone()
    };
    let (mut problems, mut found) = (Diagnostics::default(), Vec::new());
    for result in parallel::map(sources, |source| analyze(source, &of_each)) {
        match result {
            Ok(analysis) => found.push(analysis),
            Err(errors) => problems.extend(errors),
        }
    }
    problems.propagate()?;
    check_exclusions(
        options,
        &found.iter().map(Generated::from).collect::<Vec<_>>(),
    )?;
    Ok(found)
}

/// Checks that each option is for a document. Otherwise a typing mistake would change the output.
///
/// # Errors
/// Returns an error for an option that names none of the documents, and for an exclusion that matches nothing in all of
/// them.
pub fn check_options(options: &Options, documents: &[Generated]) -> Result<(), Diagnostics> {
    let renames = options.renames.iter().map(|rename| Some(&rename.document));
    let resources = options.resources.iter().map(|it| it.document.as_ref());
    let derives = options
        .derives
        .iter()
        .map(|it| it.structs.document.as_ref());
    let named: BTreeSet<&String> = renames.chain(resources).chain(derives).flatten().collect();
    let mut problems = Diagnostics::new("the options");
    for id in named {
        if !documents.iter().any(|document| document.id == *id) {
            let known: Vec<String> = documents.iter().map(|it| format!("`{}`", it.id)).collect();
            problems.error_with_help(
                &Pointer::root(),
                format!("no document has the id `{id}`"),
                format!("there are {}", known.join(", ")),
            );
        }
    }
    problems.propagate()?;
    check_exclusions(options, documents)
}

/// Checks that each exclusion matches in one of the documents.
pub(crate) fn check_exclusions(
    options: &Options,
    documents: &[Generated],
) -> Result<(), Diagnostics> {
    let mut problems = Diagnostics::new("the options");
    for selector in &options.resources {
        check_exclusion(selector, documents, &mut problems);
    }
    problems.propagate()
}

/// Reports an exclusion that matches nothing in all documents.
fn check_exclusion(selector: &Selector, documents: &[Generated], problems: &mut Diagnostics) {
    let unmatched = |document: &Generated| {
        let mut found = document.unmatched.iter();
        found.find(|it| it.selector == *selector).cloned()
    };
    let unmatched: Option<Vec<Unmatched>> = documents.iter().map(unmatched).collect();
    let Some(unmatched) = unmatched.filter(|unmatched| !unmatched.is_empty()) else {
        return;
    };
    let meant = unmatched.into_iter().find_map(|it| it.closest);
    let help = meant.map_or_else(
        || "a pattern gives the names from the root down".to_owned(),
        |name| format!("did you mean `!{name}`?"),
    );
    let message = format!("no document has a resource or method that `{selector}` excludes");
    problems.error_with_help(&Pointer::root(), message, help);
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
