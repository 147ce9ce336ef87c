//! Runs any number of mutations of documents: see docs/security.md.
//!
//! ```text
//! mutate [--executions N] [--seconds N] [--seed N] [--threads N]
//! mutate --replay FILE…
//! ```

use std::{process::ExitCode, thread, time::Duration};

use gapi_tests::{
    mutation::{self, Plan},
    oracle::Verdict,
};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.split_first() {
        Some((first, files)) if first == "--replay" => replay(files),
        _ => plan(&arguments).map(|plan| run(&plan)),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn plan(arguments: &[String]) -> Result<Plan, String> {
    let mut plan = Plan {
        seed: 1,
        executions: u64::MAX,
        time: Duration::MAX,
        threads: thread::available_parallelism().map_or(1, std::num::NonZero::get),
    };
    let mut bounded = false;
    for pair in arguments.chunks(2) {
        let [name, value] = pair else {
            return Err(format!("`{}` takes a number", pair.join(" ")));
        };
        let number: u64 = value
            .parse()
            .map_err(|error| format!("{name} {value}: {error}"))?;
        match name.as_str() {
            "--executions" => plan.executions = number,
            "--seconds" => plan.time = Duration::from_secs(number),
            "--seed" => plan.seed = number,
            "--threads" => plan.threads = usize::try_from(number).unwrap_or(1),
            other => return Err(format!("`{other}` is not known")),
        }
        bounded |= matches!(name.as_str(), "--executions" | "--seconds");
    }
    if bounded {
        Ok(plan)
    } else {
        Err("give --executions or --seconds".to_owned())
    }
}

fn run(plan: &Plan) -> bool {
    // The oracle reports panics, so their messages are not needed.
    std::panic::set_hook(Box::new(|_| {}));
    let tally = mutation::run(plan);
    for found in &tally.found {
        print!("{}", found.describe());
        match found.save() {
            Ok(path) => println!("  kept as {}; try it with --replay", path.display()),
            Err(error) => println!("  cannot be kept ({error}):\n{}", found.document),
        }
    }
    println!("seed {}: {}", plan.seed, tally.summary());
    tally.found.is_empty()
}

/// Checks saved documents again.
fn replay(files: &[String]) -> Result<bool, String> {
    let mut fine = true;
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        // Like a mutation whose crate is checked as well.
        match mutation::judge(0, &text) {
            Verdict::Accepted { files, bytes } => {
                println!("{file}: accepted, {files} files, {bytes} bytes");
            }
            Verdict::Rejected(report) => println!("{file}: rejected\n{report}"),
            Verdict::Broken(findings) => {
                fine = false;
                println!("{file}:");
                for finding in findings {
                    println!("  {finding}");
                }
            }
        }
    }
    Ok(fine)
}
