//! Counts the bytes that a GET allocates, compared with handwritten code.
//!
//! Run `cargo run --release -p gapi-tools --bin allocations`. All tasks run on one thread, whose allocations are counted. Both
//! figures include the HTTP client. They do not depend on the load of the machine. The program fails if the ratio misses its
//! limit.

#![allow(clippy::print_stdout, reason = "a measurement")]

use std::{
    env,
    error::Error,
    process::{Command, ExitCode},
};

use allocation_counter::{AllocationInfo, measure};
use gapi::spanner_v1::Spanner;
use tokio::runtime::Runtime;

#[path = "../call-cost/by_hand.rs"]
#[allow(dead_code, reason = "`call-cost` uses the rest")]
mod by_hand;
#[path = "../call-cost/loopback.rs"]
#[allow(dead_code, reason = "`call-cost` uses the rest")]
mod loopback;
#[path = "../call-cost/schemas.rs"]
#[allow(dead_code, reason = "decoded as the whole response is")]
mod schemas;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// The token that both clients send.
const TOKEN: &str = "ya29.a-token-that-is-as-long-as-those-of-google-are-mostly";
const NAME: &str = "projects/p/instances/i/operations/_auto_op_0123456789abcdef";

/// The number of calls whose allocations are counted together.
const CALLS: u32 = 1_000;

/// The limit, as a multiple of the allocations of handwritten code.
const BAR: f64 = 1.1;

fn main() -> ExitCode {
    let within = if env::args().nth(1).as_deref() == Some("--serve") {
        loopback::serve().map(|()| true).map_err(Into::into)
    } else {
        compare()
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

fn compare() -> Result<bool> {
    let mut command = Command::new(env::current_exe()?);
    let server = loopback::Server::start(command.arg("--serve"))?;
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build()?;
    let spanner = Spanner::builder().endpoint(&server.url).bearer_token(TOKEN);
    let spanner = runtime.block_on(spanner.build())?;
    let operations = spanner.projects().instances().operations();
    let by_hand = by_hand::Client::new(&server.url)?;
    let ours = counted(&runtime, async || {
        operations.get(NAME).send().await?;
        Ok(())
    })?;
    let theirs = counted(&runtime, async || {
        by_hand.get(NAME).await?;
        Ok(())
    })?;
    let built = counted(&runtime, async || {
        gapi_runtime::Call::request(&operations.get(NAME)).to_http()?;
        Ok(())
    })?;
    println!("                           bytes   allocations");
    for (what, (bytes, count)) in [
        ("a get", ours),
        ("by hand", theirs),
        ("its request alone", built),
    ] {
        println!("{what:20} {bytes:11.0} {count:13.1}");
    }
    let ratio = ours.0 / theirs.0;
    println!("bytes allocated by a get: {ratio:.3} × by hand (at most {BAR})");
    Ok(ratio <= BAR)
}

/// Returns the bytes and the number of allocations of one call.
fn counted(runtime: &Runtime, call: impl AsyncFn() -> Result<()>) -> Result<(f64, f64)> {
    let run = || {
        runtime.block_on(async {
            for _ in 0..CALLS {
                call().await?;
            }
            Result::Ok(())
        })
    };
    // Fills connections, tables and caches.
    run()?;
    let mut result = Ok(());
    let AllocationInfo {
        bytes_total,
        count_total,
        ..
    } = measure(|| result = run());
    result?;
    let per_call =
        |total: u64| u32::try_from(total).map_or(f64::INFINITY, f64::from) / f64::from(CALLS);
    Ok((per_call(bytes_total), per_call(count_total)))
}
