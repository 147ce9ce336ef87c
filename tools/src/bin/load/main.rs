//! Measures throughput under load, compared with handwritten calls, and checks that nothing is lost over millions of calls.
//!
//! Run `cargo run --release -p gapi-tools --bin load -- [PART…]`. The parts are `throughput` and `list`, which compare, and
//! `soak`, `drops` and `restarts`, which check. By default it runs all of them.
//!
//! Servers are other processes of this program, on loopback. Compared calls alternate in one process with several threads. A
//! ratio is the median of five processes, each of which has the median of its rounds. The program fails if a figure misses
//! its limit. Timings need an idle machine.

#![allow(clippy::print_stdout, reason = "a measurement")]

use std::{
    env,
    error::Error,
    process::{Command, ExitCode},
    time::Instant,
};

use gapi_runtime::install_tls_provider;

mod clients;
mod drops;
mod faulty;
mod list;
#[path = "../call-cost/loopback.rs"]
#[allow(dead_code, reason = "`call-cost` uses the rest")]
mod loopback;
mod restarts;
#[path = "../call-cost/schemas.rs"]
#[allow(dead_code, reason = "decoded as the whole response is")]
mod schemas;
mod server;
mod soak;
mod throughput;
#[path = "../call-cost/turns.rs"]
#[allow(dead_code, reason = "`call-cost` uses the rest")]
mod turns;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const PARTS: [&str; 5] = ["throughput", "list", "soak", "drops", "restarts"];

/// The number of processes whose median counts.
const PROCESSES: usize = 5;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let within = match words[..] {
        ["--serve", kind] => server::serve(kind).map(|()| true),
        ["--once", measurement, url] => once(measurement, url).map(|()| true),
        _ => measure(&words),
    };
    match within {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(asked: &[&str]) -> Result<bool> {
    if let Some(unknown) = asked.iter().find(|part| !PARTS.contains(part)) {
        let parts = PARTS.join(", ");
        return Err(format!("no part is called {unknown}; there are {parts}").into());
    }
    install_tls_provider();
    let mut within = true;
    for part in PARTS {
        if asked.is_empty() || asked.contains(&part) {
            let begin = Instant::now();
            within &= match part {
                "throughput" => throughput::measure()?,
                "list" => list::measure()?,
                "soak" => runtime()?.block_on(soak::check())?,
                "drops" => drops::check()?,
                _ => runtime()?.block_on(restarts::check())?,
            };
            println!("({part}: {:.1} s)", begin.elapsed().as_secs_f64());
        }
    }
    println!(
        "{}",
        if within {
            "within the bars"
        } else {
            "NOT within the bars"
        }
    );
    Ok(within)
}

/// One of five processes: prints its figure.
fn once(measurement: &str, url: &str) -> Result<()> {
    let ratio = runtime()?.block_on(async {
        match measurement {
            "list" => list::ratio(url).await,
            calls => throughput::ratio(url, calls.parse()?).await,
        }
    })?;
    println!("{ratio}");
    Ok(())
}

/// Returns the median ratio of several processes that measure with one server.
fn median_of_processes(kind: &str, measurement: &str) -> Result<f64> {
    let server = server::Process::start(kind)?;
    let mut ratios = Vec::new();
    for _ in 0..PROCESSES {
        let mut command = Command::new(env::current_exe()?);
        command.args(["--once", measurement, &server.url]);
        let output = command.envs(server.environment()).output()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let ratio = text.lines().last().and_then(|line| line.parse().ok());
        ratios.push(ratio.ok_or_else(|| format!("a process failed: {text}"))?);
    }
    ratios.sort_by(f64::total_cmp);
    let all: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.3}")).collect();
    println!("{kind} {measurement}: {}", all.join(" "));
    ratios
        .get(PROCESSES / 2)
        .copied()
        .ok_or_else(|| "no process".into())
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    Ok(builder.worker_threads(2).enable_all().build()?)
}

/// Prints a figure and its upper limit.
fn at_most(what: &str, figure: f64, bar: f64, unit: &str) -> bool {
    println!("{what:66} {figure:9.3} {unit} (at most {bar})");
    figure <= bar
}

/// Prints a figure and its lower limit.
fn at_least(what: &str, figure: f64, bar: f64, unit: &str) -> bool {
    println!("{what:66} {figure:9.3} {unit} (at least {bar})");
    figure >= bar
}
