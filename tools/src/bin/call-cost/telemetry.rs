//! The cost of spans without a subscriber, as a part of a `get`.
//!
//! The same program is built with and without the feature `tracing`. Its transport responds at once, so that the difference
//! between the two is not lost in the time of a network.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    Result, at_most, operations,
    turns::{Turns, median},
};

const PROGRAM: &str = include_str!("../../../measure/telemetry/program.rs");

/// The number of calls that are timed together.
const CALLS: u32 = 2_000;
const TURNS: usize = 301;

/// The number of `get`s over a network that are timed together.
const GETS: u32 = 20;

/// A running program.
struct Program {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

pub(crate) async fn measure(url: &str) -> Result<bool> {
    let mut with = Program::start("on", r#""tracing""#)?;
    let mut without = Program::start("off", "")?;
    // Fills caches.
    with.time()?;
    without.time()?;
    let mut turns = Turns::default();
    let mut added = Vec::new();
    for _ in 0..TURNS {
        let (with, without) = if turns.ours_first() {
            let with = with.time()?;
            (with, without.time()?)
        } else {
            let without = without.time()?;
            (with.time()?, without)
        };
        turns.add(with, without);
        added.push(per_call(with) - per_call(without));
    }
    let added = median(added.into_iter());
    let (with, without) = turns.medians();
    let nanoseconds = 1e9 / f64::from(CALLS);
    let get = get(url).await?;
    println!(
        "a call without a network: {:.0} ns, without the feature {:.0} ns; a get on loopback: {get:.0} ns",
        with * nanoseconds,
        without * nanoseconds
    );
    let percent = added / get * 100.0;
    Ok(at_most(
        "spans without a subscriber, of a get",
        percent,
        2.0,
        "%",
    ))
}

fn per_call(time: Duration) -> f64 {
    crate::nanoseconds(time, CALLS)
}

/// Returns the nanoseconds of a `get` on loopback.
async fn get(url: &str) -> Result<f64> {
    let operations = operations(url).await?;
    let mut times = Vec::new();
    for _ in 0..TURNS {
        let begin = Instant::now();
        for _ in 0..GETS {
            let name = "projects/p/instances/i/operations/o";
            operations.get(name).send().await?;
        }
        times.push(crate::nanoseconds(begin.elapsed(), GETS));
    }
    Ok(median(times.into_iter()))
}

impl Program {
    /// Builds the program with these features of the runtime, and starts it.
    fn start(name: &str, features: &str) -> Result<Self> {
        let mut process = Command::new(build(name, features)?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = process.stdin.take().ok_or("no input")?;
        let output = process.stdout.take().ok_or("no output")?;
        Ok(Self {
            process,
            input,
            output: BufReader::new(output),
        })
    }

    /// Returns the time of the calls.
    fn time(&mut self) -> Result<Duration> {
        writeln!(self.input, "{CALLS}")?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(Duration::from_nanos(line.trim().parse()?))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns the path of the program, built in `target/measure/telemetry`.
fn build(name: &str, features: &str) -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let work = root.join("target/measure/telemetry");
    let package = work.join(name);
    fs::create_dir_all(&package)?;
    let runtime = root.canonicalize()?.join("runtime");
    let runtime = runtime.display();
    let manifest = format!(
        r#"[package]
name = "telemetry-{name}"
version = "0.0.0"
edition = "2024"

[[bin]]
name = "telemetry-{name}"
path = "main.rs"

[workspace]

[dependencies]
gapi-runtime = {{ path = "{runtime}", default-features = false, features = [{features}] }}
tokio = {{ version = "1", features = ["rt", "time"] }}
"#
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::write(package.join("main.rs"), PROGRAM)?;
    let target = work.join("target");
    let status = Command::new("cargo")
        .args(["build", "--quiet", "--release"])
        .arg("--manifest-path")
        .arg(package.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .status()?;
    if !status.success() {
        return Err(format!("telemetry-{name} does not build").into());
    }
    Ok(target.join("release").join(format!("telemetry-{name}")))
}
