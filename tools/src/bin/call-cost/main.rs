//! Measures the cost of a call and of decoding, compared with handwritten code, and of many pages and calls.
//!
//! Run `cargo run --release -p gapi-tools --bin call-cost -- [PART…]`. The parts are `pages`, `concurrency`, `requests`,
//! `calls`, `decoding` and `telemetry`. By default it runs all of them. The server is another process of this program. Compared
//! operations alternate in one process, and a ratio is the median of the ratios of all rounds. A row is a figure and its
//! limit. The program fails if a figure misses its limit.

#![allow(clippy::print_stdout, reason = "a measurement")]

use std::{
    env,
    error::Error,
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use gapi::spanner_v1::{Spanner, projects::instances::operations::Operations};

use loopback::Server;

mod by_hand;
mod calls;
mod concurrency;
mod decoding;
mod loopback;
mod pages;
mod requests;
mod schemas;
mod telemetry;
mod turns;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Pages come first, because memory that other parts leave would hide the growth.
const PARTS: [&str; 6] = [
    "pages",
    "concurrency",
    "requests",
    "calls",
    "decoding",
    "telemetry",
];

/// The token that both clients send.
const TOKEN: &str = "ya29.a-token-that-is-as-long-as-those-of-google-are-mostly";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let within = if arguments == ["--serve"] {
        loopback::serve().map(|()| true).map_err(Into::into)
    } else {
        measure(&arguments)
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

fn measure(asked: &[String]) -> Result<bool> {
    if let Some(unknown) = asked.iter().find(|part| !PARTS.contains(&part.as_str())) {
        let parts = PARTS.join(", ");
        return Err(format!("no part is called {unknown}; there are {parts}").into());
    }
    let server = Server::start(Command::new(env::current_exe()?).arg("--serve"))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut within = true;
    for part in PARTS {
        if asked.is_empty() || asked.iter().any(|known| known == part) {
            let begin = Instant::now();
            within &= runtime.block_on(measure_part(part, &server.url))?;
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

async fn measure_part(part: &str, url: &str) -> Result<bool> {
    match part {
        "calls" => calls::measure(url).await,
        "requests" => requests::measure(url).await,
        "decoding" => decoding::measure(),
        "telemetry" => telemetry::measure(url).await,
        "pages" => pages::measure(url).await,
        _ => concurrency::measure(url).await,
    }
}

/// Returns the handle of instance operations at this server.
async fn operations(url: &str) -> Result<Operations> {
    let spanner = Spanner::builder()
        .endpoint(url)
        .bearer_token(TOKEN)
        .build()
        .await?;
    Ok(spanner.projects().instances().operations())
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

/// Returns the nanoseconds for each of `count` operations.
fn nanoseconds(time: Duration, count: u32) -> f64 {
    time.as_secs_f64() * 1e9 / f64::from(count)
}
