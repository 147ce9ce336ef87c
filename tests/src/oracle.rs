//! Checks that the output for a document is harmless for any author of the document.
//!
//! [`examine`] is a function of the document and the options. It trusts only the generator's table of names. It reads
//! every file again as text, as tokens, as Rust and as Markdown. Everything unexpected is a [`Finding`]. The test suite
//! (`hostile.rs`), the mutations (`mutation.rs`) and the fuzz target (`fuzz/`) all use this oracle.

use std::{
    collections::HashSet,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    slice,
};

use gapi_generator::{
    Diagnostics, Files, Modules, Options, Source, generate_crate, generate_modules,
};

mod code;
mod docs;
mod layout;
mod network;
mod report;
mod text;
pub mod vocabulary;
pub mod watch;

/// The result of examining a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It generates, and the code is harmless.
    Accepted {
        /// The number of files.
        files: usize,
        /// The number of bytes of code.
        bytes: usize,
    },
    /// The document is rejected with these diagnostics, as a user reads them.
    Rejected(String),
    /// The generator broke a property.
    Broken(Vec<Finding>),
}

/// A broken property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The property.
    pub property: Property,
    /// The file, or the place in the document.
    pub place: String,
    /// A description.
    pub detail: String,
}

/// A property of the output for every document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Property {
    /// No document causes a panic.
    NoPanic,
    /// The output is Rust.
    Parses,
    /// Each file is below the API's module, under a plain name, and declared by the one above it.
    StaysInItsDirectory,
    /// No control and no bidirectional characters, in code or in messages.
    NothingInvisible,
    /// Each token is the emitter's own or one of the names.
    NoForeignCode,
    /// Documentation contains no code that runs, no HTML, and only links to the web.
    DocumentationRunsNothing,
    /// Requests go to `googleapis.com` or an allowed host.
    HostIsAllowed,
    /// A diagnostic has a problem, a place and a bounded length.
    DiagnosticHelps,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            property,
            place,
            detail,
        } = self;
        write!(f, "{property:?}: {place}: {detail}")
    }
}

impl Finding {
    fn new(property: Property, place: impl fmt::Display, detail: impl Into<String>) -> Self {
        Self {
            property,
            place: place.to_string(),
            detail: detail.into(),
        }
    }
}

/// Generates the modules of a document and checks the output.
#[must_use]
pub fn examine(source: &Source, options: &Options) -> Verdict {
    match without_panic(|| generate_modules(slice::from_ref(source), options)) {
        Err(finding) => Verdict::Broken(vec![finding]),
        Ok(Err(diagnostics)) => rejected(source, &diagnostics),
        Ok(Ok(modules)) => accepted(source, &modules, &modules.files, options),
    }
}

/// A manifest like that of `generated/`.
const MANIFEST: &str = "\
[package]
name = \"gapi\"

[features]
# Generated features: one for each API version. Everything above is written by hand.
";

/// Generates and checks a crate of this document. Also checks `src/lib.rs` and the manifest.
#[must_use]
pub fn examine_crate(source: &Source, options: &Options) -> Verdict {
    let made = without_panic(|| {
        let sources = slice::from_ref(source);
        let modules = generate_modules(sources, options)?;
        Ok((
            modules,
            generate_crate(sources, options, "gapi", MANIFEST)?.0,
        ))
    });
    match made {
        Err(finding) => Verdict::Broken(vec![finding]),
        Ok(Err(diagnostics)) => rejected(source, &diagnostics),
        Ok(Ok((modules, Files(mut files)))) => {
            let manifest = files.remove(Path::new("Cargo.toml")).unwrap_or_default();
            let mut findings = layout::manifest(&manifest, &modules.apis);
            let below = files.into_iter().map(|(path, text)| {
                let path = path
                    .strip_prefix("src")
                    .map_or(path.clone(), ToOwned::to_owned);
                (path, text)
            });
            let mut files = Files(below.collect());
            let lib = files.0.remove(Path::new("lib.rs")).unwrap_or_default();
            let words = words(&modules);
            findings.extend(code::check("lib.rs", &lib, &words));
            verdict(findings, accepted(source, &modules, &files, options))
        }
    }
}

fn without_panic<T>(generate: impl FnOnce() -> T) -> Result<T, Finding> {
    catch_unwind(AssertUnwindSafe(generate)).map_err(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied());
        Finding::new(
            Property::NoPanic,
            "the generator",
            text.unwrap_or("a panic"),
        )
    })
}

fn rejected(source: &Source, diagnostics: &Diagnostics) -> Verdict {
    let mut findings = report::check(source, diagnostics);
    if !diagnostics.has_errors() {
        let detail = "rejected without an error";
        findings.push(Finding::new(
            Property::DiagnosticHelps,
            "the report",
            detail,
        ));
    }
    verdict(findings, Verdict::Rejected(diagnostics.to_string()))
}

fn accepted(source: &Source, modules: &Modules, files: &Files, options: &Options) -> Verdict {
    let words = words(modules);
    let mut findings = report::check(source, &modules.warnings);
    findings.extend(layout::check(files, &modules.apis));
    for (path, text) in &files.0 {
        findings.extend(code::check(&path.display().to_string(), text, &words));
    }
    for api in &modules.apis {
        findings.extend(network::check(api, files, &options.allowed_hosts));
    }
    let bytes = files.0.values().map(String::len).sum();
    let files = files.0.len();
    verdict(findings, Verdict::Accepted { files, bytes })
}

fn verdict(mut findings: Vec<Finding>, otherwise: Verdict) -> Verdict {
    match otherwise {
        Verdict::Broken(more) => {
            findings.extend(more);
            Verdict::Broken(findings)
        }
        otherwise if findings.is_empty() => otherwise,
        _ => Verdict::Broken(findings),
    }
}

/// Returns every Rust name that was made for the documents, as the code spells it.
fn words(modules: &Modules) -> HashSet<&str> {
    let mut words = HashSet::new();
    for api in &modules.apis {
        let names = &api.names;
        words.extend([names.module.as_str(), names.client.as_str()]);
        words.extend(names.scopes.iter().map(String::as_str));
        words.extend(names.parameters.iter().map(String::as_str));
        for name in &names.types {
            words.insert(&name.ident);
            words.extend(name.module.iter().chain(&name.members).map(String::as_str));
        }
        for name in &names.methods {
            words.extend([name.function.as_str(), name.call.as_str()]);
            words.extend(name.parameters.iter().map(String::as_str));
        }
        for name in names.resources.values() {
            words.extend([name.handle.as_str(), name.accessor.as_str()]);
            words.extend(name.module.iter().map(String::as_str));
        }
    }
    words
}
