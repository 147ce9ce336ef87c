//! Compares four forms that generated structs could have, on the schemas of healthcare.v1: `cargo run --release -p
//! gapi-tools --bin struct-forms`.
//!
//! * `derive`: serde's derive. Unknown members are lost, and 64-bit integers are not strings.
//! * `flatten`: the same with `#[serde(flatten)]` for unknown members.
//! * `expanded`: the written-out expansion of the runtime's macros.
//! * `macro`: plain structs and enums, each with a call of a macro of the runtime. This is the generated form.
//!
//! For each form it measures the rebuild of the schemas alone (debug, dependencies built), the throughput of decoding a
//! list of operations of 10 MiB (release), and the size of source and library. The forms alternate. All files are in
//! target/struct-forms.

use std::{
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use gapi_generator::{Options, Source, analyze};

mod forms;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The number of runs of each measurement.
const RUNS: usize = 7;
/// The size of the decoded list, in bytes.
const INPUT: u32 = 10 << 20;

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()?;
    let work = root.join("target/struct-forms");
    let text = fs::read_to_string(root.join("discovery/healthcare.v1.json"))?;
    let source = Source {
        name: "healthcare.v1.json".to_owned(),
        text,
    };
    let files = analyze(&source, &Options::default()).and_then(|analysis| analysis.files())?;
    let schemas = &files.0[Path::new("healthcare_v1/schemas.rs")];

    let input = work.join("operations.json");
    let mut crates = Vec::new();
    for (name, source) in forms::all(schemas)? {
        crates.push(Form::write(&root, &work, name, &source)?);
    }
    fs::write(&input, operations(INPUT as usize))?;
    let members = crates
        .iter()
        .map(|form| format!("{:?}", form.name))
        .collect::<Vec<_>>();
    let members = members.join(", ");
    fs::write(
        work.join("Cargo.toml"),
        format!("[workspace]\nresolver = \"3\"\nmembers = [{members}]\n"),
    )?;
    for form in &crates {
        form.cargo(&["build", "--lib"])?;
        form.cargo(&["build", "--release"])?;
    }
    let mut builds = vec![Vec::new(); crates.len()];
    let mut decodes = vec![Vec::new(); crates.len()];
    for _ in 0..RUNS {
        for (form, times) in crates.iter().zip(&mut builds) {
            times.push(form.rebuild()?);
        }
        for (form, times) in crates.iter().zip(&mut decodes) {
            times.push(form.decode(&input)?);
        }
    }
    println!("| form | rebuild, debug | decoding | source | library, debug |");
    println!("|---|---|---|---|---|");
    for ((form, builds), decodes) in crates.iter().zip(builds).zip(decodes) {
        let (build, decode) = (median(builds), median(decodes));
        let speed = f64::from(INPUT >> 20) / decode.as_secs_f64();
        println!(
            "| {} | {:.2} s | {speed:.0} MiB/s | {} lines, {} KiB | {} KiB |",
            form.name,
            build.as_secs_f64(),
            form.lines,
            form.bytes >> 10,
            form.library()? >> 10,
        );
    }
    Ok(())
}

/// A form, as a separate crate.
struct Form {
    name: &'static str,
    directory: PathBuf,
    lines: usize,
    bytes: usize,
}

impl Form {
    fn write(root: &Path, work: &Path, name: &'static str, source: &str) -> Result<Self> {
        let directory = work.join(name);
        fs::create_dir_all(directory.join("src/bin"))?;
        let runtime = root.join("runtime").display().to_string();
        let manifest = format!(
            "[package]\nname = \"form-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\ngapi-runtime = {{ path = {runtime:?}, default-features = false }}\n\
             serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n"
        );
        fs::write(directory.join("Cargo.toml"), manifest)?;
        fs::write(directory.join("src/lib.rs"), source)?;
        let decode = include_str!("decode.rs.txt").replace("FORM", &format!("form_{name}"));
        fs::write(directory.join(format!("src/bin/decode-{name}.rs")), decode)?;
        let (lines, bytes) = (source.lines().count(), source.len());
        Ok(Self {
            name,
            directory,
            lines,
            bytes,
        })
    }

    fn cargo(&self, arguments: &[&str]) -> Result<()> {
        let done = Command::new("cargo")
            .arg("-q")
            .args(arguments)
            .current_dir(&self.directory)
            .output()?;
        if done.status.success() {
            Ok(())
        } else {
            {
                let reason = String::from_utf8_lossy(&done.stderr);
                let beginning: String = reason.chars().take(2000).collect();
                Err(format!("{}: {beginning}", self.name).into())
            }
        }
    }

    /// Returns the build time of the crate alone.
    fn rebuild(&self) -> Result<Duration> {
        fs::File::options()
            .append(true)
            .open(self.directory.join("src/lib.rs"))?
            .set_modified(std::time::SystemTime::now())?;
        let started = Instant::now();
        self.cargo(&["build", "--lib"])?;
        Ok(started.elapsed())
    }

    /// Returns the time of one decoding, as the program measures it.
    fn decode(&self, input: &Path) -> Result<Duration> {
        let done = Command::new(self.target().join(format!("release/decode-{}", self.name)))
            .arg(input)
            .output()?;
        let nanoseconds: u64 = String::from_utf8(done.stdout)?.trim().parse()?;
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// Returns the target directory, which the four crates share because of their dependencies.
    fn target(&self) -> PathBuf {
        self.directory.with_file_name("target")
    }

    /// Returns the size of the library of the debug build.
    fn library(&self) -> Result<u64> {
        Ok(fs::metadata(
            self.target()
                .join(format!("debug/libform_{}.rlib", self.name)),
        )?
        .len())
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Returns a `ListOperationsResponse` of about `size` bytes.
fn operations(size: usize) -> String {
    let mut json = String::from("{\"operations\": [");
    let mut number = 0;
    while json.len() < size {
        let comma = if number == 0 { "" } else { "," };
        let done = number % 2 == 0;
        let _ = write!(
            json,
            "{comma}\n{{\"name\": \"projects/p/locations/l/datasets/d/operations/{number}\", \"done\": {done}, \
             \"metadata\": {{\"@type\": \"type.googleapis.com/google.cloud.healthcare.v1.OperationMetadata\", \
             \"apiMethodName\": \"google.cloud.healthcare.v1.fhir.FhirStoreService.ImportResources\", \
             \"createTime\": \"2026-11-01T00:00:00.123456789Z\", \"counter\": {{\"success\": \"{number}\"}}}}, \
             \"error\": {{\"code\": 9, \"message\": \"the dataset \\u00fc is busy\", \"details\": []}}}}"
        );
        number += 1;
    }
    json.push_str("], \"nextPageToken\": \"t\"}");
    json
}
