//! Programs with generated code. Documents are divided into batches, and each batch is compiled to a program.
//!
//! The code of all documents is too much for one compilation. Several documents in a program share its dependencies and
//! its linking.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
    io::{BufRead, BufReader, BufWriter, Lines, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use gapi_generator::Source;
use serde_json::Value;

use crate::workspace;

/// The result of a program, which prints its errors and ends.
pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// The size of a batch, in bytes of documents: large enough that linking does not matter, small enough for the
/// compiler.
const BATCH: usize = 4 << 20;

/// Returns the documents of the Python client. Fetches them if they are missing.
///
/// # Errors
/// Returns an error if they cannot be fetched.
pub fn corpus() -> Result<Vec<PathBuf>> {
    let status = Command::new("python3")
        .arg(workspace::root().join("tools/corpus.py"))
        .arg("--fetch")
        .status()?;
    if !status.success() {
        return Err("tools/corpus.py --fetch failed".into());
    }
    Ok(documents_in(
        &workspace::root().join("target/corpus/documents"),
    ))
}

/// Returns the JSON files of a directory.
#[must_use]
pub fn documents_in(directory: &Path) -> Vec<PathBuf> {
    let mut paths = workspace::entries(directory);
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths
}

/// Reads documents, and returns each with the result of `parse`. Of several documents with one id the first counts.
/// Files without an id are lists of documents and are skipped.
///
/// # Errors
/// Returns an error if a file cannot be read or parsed.
pub fn read<T, E: std::fmt::Display>(
    paths: &[PathBuf],
    parse: impl Fn(&str) -> std::result::Result<(String, T), E>,
) -> Result<Vec<(Source, T)>> {
    let mut ids = BTreeSet::new();
    let mut documents = Vec::new();
    for path in paths {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
        let (id, parsed) = parse(&text).map_err(|error| format!("{name}: {error}"))?;
        if !id.is_empty() && ids.insert(id) {
            documents.push((Source { name, text }, parsed));
        }
    }
    Ok(documents)
}

/// Returns the number of programs to build at the same time by default.
#[must_use]
pub fn jobs() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Divides documents into batches of about equal size, at least `jobs` of them.
#[must_use]
pub fn deal<T>(mut documents: Vec<(Source, T)>, jobs: usize) -> Vec<Vec<(Source, T)>> {
    documents.sort_by_key(|(source, _)| std::cmp::Reverse(source.text.len()));
    let bytes: usize = documents.iter().map(|(source, _)| source.text.len()).sum();
    let count = bytes.div_ceil(BATCH).max(jobs).min(documents.len());
    let mut batches = Vec::new();
    batches.resize_with(count, Vec::new);
    for (index, document) in documents.into_iter().enumerate() {
        batches[index % count].push(document);
    }
    batches
}

/// The place where a batch is compiled. Batches in the same lane share their dependencies.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The directory of all batches.
    pub work: &'a Path,
    /// The number of the lane. Lanes work at the same time.
    pub lane: usize,
    /// The number of the batch.
    pub number: usize,
}

/// Processes all batches, `jobs` at a time, and returns the results in no particular order.
///
/// # Errors
/// Returns the first error of a batch.
pub fn in_lanes<B: Sync, R: Send>(
    work: &Path,
    jobs: usize,
    batches: &[B],
    each: impl Fn(Place<'_>, &B) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let work_in = |lane| -> Result<Vec<R>> {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(batch) = batches.get(number) else {
                return Ok(done);
            };
            done.push(each(Place { work, lane, number }, batch)?);
        }
    };
    std::thread::scope(|scope| {
        let work_in = &work_in;
        let lanes: Vec<_> = (0..jobs.max(1))
            .map(|lane| scope.spawn(move || work_in(lane)))
            .collect();
        let mut done = Vec::new();
        for lane in lanes {
            // A panic in a lane is a mistake of this program, so the panic is resumed.
            done.extend(
                lane.join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?,
            );
        }
        Ok(done)
    })
}

/// Compiles the files of a program, by their paths below `src`, and returns its path.
///
/// # Errors
/// Returns an error if they cannot be written or do not compile.
pub fn compile(place: Place<'_>, files: &BTreeMap<PathBuf, String>) -> Result<PathBuf> {
    compile_with(place, files, &[])
}

/// Compiles a program like [`compile`], with features of the runtime.
///
/// # Errors
/// Returns an error if the files cannot be written or do not compile.
pub fn compile_with(
    place: Place<'_>,
    files: &BTreeMap<PathBuf, String>,
    features: &[&str],
) -> Result<PathBuf> {
    let Place { work, lane, number } = place;
    let root = workspace::root();
    let name = format!("batch{number}");
    let directory = work.join(&name);
    let source = directory.join("src");
    // Cargo would not notice stale files of an earlier run.
    if directory.exists() {
        fs::remove_dir_all(&directory)?;
    }
    for (path, text) in files {
        write(&source.join(path), text)?;
    }
    // Uses the versions of the workspace, which need no network and are the ones that users get.
    write(
        &directory.join("Cargo.lock"),
        &workspace::read(&root.join("Cargo.lock")),
    )?;
    write(
        &directory.join("Cargo.toml"),
        &manifest(&name, &root, features),
    )?;
    let target = work.join(format!("target{lane}"));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--jobs=1", "--target-dir"])
        .arg(&target)
        .current_dir(&directory)
        .output()?;
    if !built.status.success() {
        let errors = String::from_utf8_lossy(&built.stderr);
        let shown: String = errors.chars().take(4000).collect();
        return Err(format!("{} does not compile:\n{shown}", directory.display()).into());
    }
    let path = directory.join("program");
    // Moves the program away from the shared target directory, where programs would accumulate.
    fs::rename(target.join("debug").join(&name), &path)?;
    fs::remove_dir_all(&source)?;
    Ok(path)
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    Ok(fs::write(path, text)?)
}

fn manifest(name: &str, root: &Path, features: &[&str]) -> String {
    let runtime = root.join("runtime").display().to_string();
    // Compiling takes most of a run, so unneeded features are off. The few dependencies are optimized, which pays off.
    // One unit of all code needs more than 8 GiB of memory for the largest documents.
    format!(
        "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\ngapi-runtime = {{ path = {runtime:?}, default-features = false, features = {features:?} }}\n\n\
         [profile.dev]\ndebug = false\nincremental = false\npanic = \"abort\"\ncodegen-units = 64\n\
         overflow-checks = false\ndebug-assertions = false\n\n\
         [profile.dev.package.\"*\"]\nopt-level = 1\n\n[workspace]\n"
    )
}

/// A program that responds to each line with a line.
#[derive(Debug)]
pub struct Conversation {
    path: PathBuf,
    child: Child,
    questions: BufWriter<ChildStdin>,
    responses: Lines<BufReader<ChildStdout>>,
}

impl Conversation {
    /// Starts the program.
    ///
    /// # Errors
    /// Returns an error if it does not start.
    pub fn start(path: &Path) -> Result<Self> {
        let mut child = Command::new(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the program has no input and output".into());
        };
        Ok(Self {
            path: path.to_owned(),
            child,
            questions: BufWriter::new(stdin),
            responses: BufReader::new(stdout).lines(),
        })
    }

    /// Sends lines to the program, which it reads at once.
    ///
    /// # Errors
    /// Returns an error if it has ended.
    pub fn send(&mut self, lines: impl IntoIterator<Item = impl AsRef<str>>) -> Result<()> {
        for line in lines {
            writeln!(self.questions, "{}", line.as_ref())?;
        }
        Ok(self.questions.flush()?)
    }

    /// Reads the next line of the program.
    ///
    /// # Errors
    /// Returns an error if it has ended.
    pub fn receive(&mut self) -> Result<String> {
        Ok(self.responses.next().ok_or("the program has ended")??)
    }

    /// Closes the input of the program and waits for its end.
    ///
    /// # Errors
    /// Returns an error if it fails.
    pub fn end(self) -> Result<()> {
        let Self {
            path,
            mut child,
            questions,
            ..
        } = self;
        drop(questions);
        let status = child.wait()?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("{}: {status}", path.display()).into())
        }
    }
}

/// Returns the id of a document, empty where it has none.
#[must_use]
pub fn id(document: &Value) -> String {
    document["id"].as_str().unwrap_or_default().to_owned()
}
