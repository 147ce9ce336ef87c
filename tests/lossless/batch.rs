//! A program with the types of some documents: its source, the compiler, and the conversation with it.

use std::{
    fs,
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use gapi_generator::{Options, Source, analyze};
use gapi_tests::{
    driver,
    instances::Document,
    round_trip::Outcome,
    round_trips::{self, Answer, Tally},
    workspace,
};

use super::Result;

/// A compiled batch.
pub(super) struct Program {
    path: PathBuf,
    /// The module of each document.
    modules: Vec<String>,
}

/// Generates and compiles the types of some documents. Batches of a lane share their dependencies.
pub(super) fn build(batch: &[(Source, Document)], lane: usize, number: usize) -> Result<Program> {
    let root = workspace::root();
    let work = root.join("target/lossless");
    let folder = work.join(format!("batch{number}"));
    let source = folder.join("src");
    // What an earlier run left there would not be noticed by cargo as stale, but by the compiler.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut modules = Vec::new();
    for (document, _) in batch {
        modules.push(write_types(document, &source)?);
    }
    write(&source.join("tables/mod.rs"), &driver::tables(&modules))?;
    let own = workspace::tests().join("lossless");
    let declarations = modules
        .iter()
        .map(|module| format!("mod {module} {{\n    pub mod schemas;\n}}\n"));
    let program =
        workspace::read(&own.join("program.rs")) + "\n" + &declarations.collect::<String>();
    write(&source.join("main.rs"), &program)?;
    write(
        &source.join("round_trip.rs"),
        &workspace::read(&own.join("round_trip.rs")),
    )?;
    // The versions of the workspace: nothing has to be looked up, and what is tested is what is shipped.
    write(
        &folder.join("Cargo.lock"),
        &workspace::read(&root.join("Cargo.lock")),
    )?;
    let name = format!("batch{number}");
    write(&folder.join("Cargo.toml"), &manifest(&name, &root))?;
    let target = work.join(format!("target{lane}"));
    compile(&folder, &target)?;
    let path = work.join(&name).join("program");
    // Out of the folder that all batches of the lane share, where programs would add up.
    fs::rename(target.join("debug").join(&name), &path)?;
    fs::remove_dir_all(&source)?;
    Ok(Program { path, modules })
}

/// Writes the schemas and the table of a document; gives the name of its module.
fn write_types(document: &Source, folder: &Path) -> Result<String> {
    let analysis = analyze(document, &Options::default()).map_err(|errors| errors.to_string())?;
    let files = analysis.files().map_err(|errors| errors.to_string())?;
    let module = analysis.names.module.clone();
    // The calls are left out: they hold no JSON, and take as long again to compile.
    let path = Path::new(&module).join("schemas.rs");
    if let Some(schemas) = files.0.get(&path) {
        write(&folder.join(&path), schemas)?;
    } else {
        write(&folder.join(&path), "")?;
    }
    let table = folder.join("tables").join(format!("{module}.rs"));
    write(&table, &driver::table(&analysis, "crate"))?;
    Ok(module)
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, text)?)
}

fn manifest(name: &str, root: &Path) -> String {
    let runtime = root.join("runtime").display().to_string();
    // Compiling takes most of a run: what is not needed is off. The dependencies are few and pay for being optimised.
    format!(
        "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\ngapi-runtime = {{ path = {runtime:?}, default-features = false }}\n\n\
         [profile.dev]\ndebug = false\nincremental = false\npanic = \"abort\"\ncodegen-units = 1\n\
         overflow-checks = false\ndebug-assertions = false\n\n\
         [profile.dev.package.\"*\"]\nopt-level = 1\n\n[workspace]\n"
    )
}

fn compile(folder: &Path, target: &Path) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--jobs=1", "--target-dir"])
        .arg(target)
        .current_dir(folder)
        .output()?;
    if built.status.success() {
        Ok(())
    } else {
        let errors = String::from_utf8_lossy(&built.stderr);
        let shown: String = errors.chars().take(4000).collect();
        Err(format!("{} does not compile:\n{shown}", folder.display()).into())
    }
}

/// Takes instances of each schema of the batch through its types.
pub(super) fn run(program: &Program, batch: &[(Source, Document)], count: u32) -> Result<Tally> {
    let mut child = Command::new(&program.path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("the program has no input and output".into());
    };
    let mut questions = BufWriter::new(stdin);
    let mut answers = BufReader::new(stdout).lines();
    let mut total = Tally::default();
    for ((_, document), module) in batch.iter().zip(&program.modules) {
        let tally = round_trips::check(document, count, |schema, instances| -> Result<_> {
            writeln!(questions, "{module} {} {schema}", instances.len())?;
            for instance in instances {
                writeln!(questions, "{}", instance.text)?;
            }
            questions.flush()?;
            let mut found = Vec::new();
            for _ in instances {
                let line = answers.next().ok_or("the program has ended")??;
                found.push(answer(&line));
            }
            Ok(found)
        })?;
        total.add(tally);
    }
    drop(questions);
    let status = child.wait()?;
    if !status.success() {
        return Err(format!("{}: {status}", program.path.display()).into());
    }
    if total.differences.is_empty() {
        // Programs are large, and there are many.
        fs::remove_file(&program.path)?;
    }
    Ok(total)
}

/// Reads a line of the program.
fn answer(line: &str) -> Answer {
    let (what, text) = line.split_once(' ').unwrap_or((line, ""));
    let text = text.to_owned();
    match what {
        "same" | "different" => Ok(Outcome {
            text,
            is_same: what == "same",
        }),
        _ => Err(text),
    }
}
