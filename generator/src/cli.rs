//! Arguments and commands. Everything here is about files and terminals; the work is the library's.

use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory, Parser, Subcommand};
use gapi_generator::{
    Analysis, Derive, Diagnostics, Files, Options, Progress, Rename, analyze,
    diagnostics::printable, generate_crate, inspect as json, write,
};

mod api_version;
mod describe;
mod diff;
mod documents;
mod fetch;
mod generate;
mod list;
mod pool;
mod revision;
mod setup;
mod terminal;

pub(crate) use describe::{Describe, describe};
pub(crate) use diff::{Diff, diff};
pub(crate) use fetch::{Fetch, fetch};
pub(crate) use generate::{Generate, generate};
pub(crate) use list::{List, list};
use terminal::{Bar, Talk, visible};

/// Typed, documented async Rust clients from Google API Discovery documents.
///
/// Without a command: regenerates the clients in `generated/` from the documents in `discovery/`.
#[derive(Debug, Parser)]
#[command(
    name = "gapi-generator",
    version,
    subcommand_negates_reqs = true,
    after_help = "\
Examples:
  gapi-generator                                         regenerate what depends on discovery/
  gapi-generator fetch && gapi-generator                 bring newer documents, then regenerate
  gapi-generator generate spanner-v1 --out ../hello/src  modules of a document, in your own crate
  gapi-generator describe spanner-v1                     what an API offers, in Rust
  gapi-generator COMMAND --help                          more of each command"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) workspace: Workspace,
    #[command(flatten)]
    pub(crate) options: Choices,
    #[command(flatten)]
    pub(crate) talk: Talk,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Where documents are and where the crate is.
#[derive(Args, Debug)]
pub(crate) struct Workspace {
    /// The folder with the documents
    #[arg(long, global = true, value_name = "DIR", default_value = "discovery")]
    pub(crate) discovery: PathBuf,
    /// The folder of the generated crate
    #[arg(long, global = true, value_name = "DIR", default_value = "generated")]
    pub(crate) generated: PathBuf,
}

/// What the library calls options.
#[derive(Args, Debug)]
pub(crate) struct Choices {
    /// Allow a document to send its callers to this host outside googleapis.com
    #[arg(long, global = true, value_name = "HOST")]
    allow_host: Vec<String>,
    /// Give a place of a document a Rust name, for example spanner:v1#/schemas/Type=DataType
    #[arg(long, global = true, value_name = "ID#POINTER=NAME", value_parser = rename)]
    rename: Vec<Rename>,
    /// Generate only these resources and the schemas that they reach: names from the root down, `*` within
    /// a name, `**` for any names, for example projects.instances.** or storage:v1#objects
    #[arg(long, global = true, value_name = "[ID#]GLOB", value_delimiter = ',')]
    resources: Vec<String>,
    /// Derive more for structs, which are given by the names that lead to them, for example storage:v1#Bucket=Hash
    /// or '**=my_crate::Describe'
    #[arg(long, global = true, value_name = "[ID#]GLOB=MACRO", value_parser = derive)]
    derive: Vec<Derive>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write nothing; fail with a diff when the generated crate is not what would be generated
    #[command(after_help = "\
Examples:
  gapi-generator check
  gapi-generator check --discovery documents --generated clients")]
    Check,
    /// Generate the modules of documents, or a whole crate, into a folder of your own
    Generate(Generate),
    /// Show what the generator knows about documents
    Inspect(Inspect),
    /// Show the reference page of a resource: its methods in Rust, what they send and take and answer
    Describe(Describe),
    /// Bring newer documents, from Google or from a folder, an archive or a wheel
    Fetch(Fetch),
    /// Show which documents there are
    List(List),
    /// Print a script with which a shell completes commands and options
    Completions(Completions),
    /// Show what changed between documents, in Rust and on the wire, and which version that calls for
    Diff(Diff),
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  gapi-generator inspect spanner-v1
  gapi-generator inspect storage.v1.json --json | jq .facts.paging")]
pub(crate) struct Inspect {
    /// Documents: paths, or names of APIs in the folder of documents (spanner-v1)
    #[arg(required = true, value_name = "DOC")]
    documents: Vec<String>,
    /// Print the model, the facts and the names as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  gapi-generator completions bash > ~/.local/share/bash-completion/completions/gapi-generator
  gapi-generator completions zsh > ~/.zfunc/_gapi-generator
  gapi-generator completions fish > ~/.config/fish/completions/gapi-generator.fish")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

fn rename(text: &str) -> Result<Rename, String> {
    let parts = text.split_once('#').and_then(|(document, rest)| {
        let (pointer, rust) = rest.rsplit_once('=')?;
        Some(Rename {
            document: document.into(),
            pointer: pointer.into(),
            rust: rust.into(),
        })
    });
    parts.ok_or_else(|| "expected ID#POINTER=NAME".to_owned())
}

fn derive(text: &str) -> Result<Derive, String> {
    let (structs, macros) = text.split_once('=').ok_or("expected [ID#]GLOB=MACRO")?;
    Ok(Derive {
        structs: structs.into(),
        macros: macros.into(),
    })
}

impl Choices {
    fn options(&self) -> Options {
        Options {
            allowed_hosts: self.allow_host.clone(),
            renames: self.rename.clone(),
            resources: self
                .resources
                .iter()
                .map(|text| text.as_str().into())
                .collect(),
            derives: self.derive.clone(),
            ..Options::default()
        }
    }

    /// Those for whole documents, whatever is generated of them.
    fn options_for_all(&self) -> Options {
        Options {
            resources: Vec::new(),
            ..self.options()
        }
    }

    /// Those with a bar for the documents to generate, where that takes a while.
    fn watched(&self, documents: usize, talk: &Talk) -> (Options, Bar) {
        let bar = Bar::if_long("generating", documents, talk);
        let steps = bar.clone();
        let progress = Progress::new(move |_| steps.step());
        let options = Options {
            progress,
            ..self.options()
        };
        (options, bar)
    }
}

/// `gapi-generator`
pub(crate) fn regenerate(
    workspace: &Workspace,
    choices: &Choices,
    talk: &Talk,
) -> Result<(), String> {
    let (files, count) = generated_crate(workspace, choices, talk)?;
    let differences = differences(&files, &workspace.generated, ["src"])?;
    write::apply(&workspace.generated, &differences).map_err(|failure| failure.to_string())?;
    let lines: usize = files.0.values().map(|text| text.lines().count()).sum();
    talk.say(&format!(
        "{count} documents, {} files, {lines} lines: {} changed\n",
        files.0.len(),
        differences.len()
    ))
}

/// `gapi-generator check`
pub(crate) fn check(workspace: &Workspace, choices: &Choices, talk: &Talk) -> Result<(), String> {
    let (files, count) = generated_crate(workspace, choices, talk)?;
    let differences = differences(&files, &workspace.generated, ["src"])?;
    if differences.is_empty() {
        return talk.say(&format!(
            "{count} documents: {} is up to date\n",
            workspace.generated.display()
        ));
    }
    for difference in &differences {
        print!("{}", unified(difference));
    }
    Err(format!(
        "error: {} is stale in {} files; run `cargo run -p gapi-generator` and look at the changes",
        workspace.generated.display(),
        differences.len()
    ))
}

/// `gapi-generator inspect`
pub(crate) fn inspect(
    what: &Inspect,
    workspace: &Workspace,
    choices: &Choices,
) -> Result<(), String> {
    let sources = documents::find(&what.documents, &workspace.discovery)?;
    for source in &sources {
        let analysis =
            analyze(source, &choices.options()).map_err(|problems| problems.to_string())?;
        report(&analysis.warnings);
        if what.json {
            terminal::print(&visible(&format!("{:#}\n", json::to_json(&analysis))))?;
        } else {
            terminal::print(&format!("{}\n", summary(&analysis)))?;
        }
    }
    Ok(())
}

fn summary(analysis: &Analysis) -> String {
    let Analysis {
        api, facts, names, ..
    } = analysis;
    format!(
        "{} {} (revision {}): module {}, feature {}, client {}\n\
         {} methods, {} types, {} methods in pages, {} types of operations",
        printable(&api.title),
        printable(&api.version),
        printable(&api.revision),
        names.module,
        names.feature,
        names.client,
        api.methods.len(),
        api.types.len(),
        facts.paging.len(),
        facts.operations.len()
    )
}

/// `gapi-generator completions`
pub(crate) fn completions(what: &Completions) -> Result<(), String> {
    let mut script = Vec::new();
    let command = &mut Arguments::command();
    clap_complete::generate(what.shell, command, "gapi-generator", &mut script);
    terminal::print(&String::from_utf8_lossy(&script))
}

/// All documents of the workspace, generated.
fn generated_crate(
    workspace: &Workspace,
    choices: &Choices,
    talk: &Talk,
) -> Result<(Files, usize), String> {
    let sources = documents::all(&workspace.discovery)?;
    let path = workspace.generated.join("Cargo.toml");
    let manifest = std::fs::read_to_string(&path)
        .map_err(|error| format!("error: cannot read {}: {error}", path.display()))?;
    let (options, bar) = choices.watched(sources.len(), talk);
    let generated = generate_crate(&sources, &options, &manifest);
    bar.clear();
    let (files, warnings) = generated.map_err(|problems| problems.to_string())?;
    report(&warnings);
    Ok((files, sources.len()))
}

fn report(warnings: &Diagnostics) {
    if !warnings.is_empty() {
        eprintln!("{warnings}");
    }
}

fn differences<'a, P: AsRef<Path>>(
    files: &'a Files,
    folder: &Path,
    owned: impl IntoIterator<Item = P>,
) -> Result<Vec<write::Difference<'a>>, String> {
    files
        .differences(folder, owned)
        .map_err(|failure| failure.to_string())
}

/// A unified diff from what is there to what should be there.
fn unified(difference: &write::Difference<'_>) -> String {
    let path = difference.path.display().to_string();
    let (old, new) = (difference.current.as_deref(), difference.wanted);
    let name = |text: Option<&str>| text.map_or("/dev/null", |_| path.as_str()).to_owned();
    let text = similar::TextDiff::from_lines(old.unwrap_or_default(), new.unwrap_or_default());
    text.unified_diff()
        .header(&name(old), &name(new))
        .to_string()
}
