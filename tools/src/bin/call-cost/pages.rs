//! Lists a million operations one after the other, and measures the memory of this process.

use std::time::Instant;

use futures_util::TryStreamExt as _;

use crate::{Result, at_most, loopback, operations};

const PAGES: usize = 10_000;
/// The number of pages before the first measurement of memory.
const FIRST_PAGES: usize = 100;
/// The limit on memory growth after that, in MiB.
const BAR: f64 = 20.0;

pub(crate) async fn measure(url: &str) -> Result<bool> {
    let operations = operations(url).await?;
    let parent = format!("projects/p/instances/pages-{PAGES}/operations");
    let mut items = operations.list(parent).page_size(100).items();
    let begin = Instant::now();
    let (mut count, mut base, mut most) = (0, 0.0, 0.0_f64);
    while let Some(operation) = items.try_next().await? {
        if operation.name != Some(loopback::name(count)) {
            return Err(format!("operation {count} is not what comes after the one before").into());
        }
        count += 1;
        if count == FIRST_PAGES * loopback::PAGE {
            base = resident()?;
        } else if count.is_multiple_of(loopback::PAGE) {
            most = most.max(resident()?);
        }
    }
    println!(
        "{count} operations on {PAGES} pages, in order, in {:.1} s; {base:.1} MiB in use after {FIRST_PAGES} pages",
        begin.elapsed().as_secs_f64()
    );
    if count != PAGES * loopback::PAGE {
        return Err("there should be another number of them".into());
    }
    Ok(at_most(
        "growth of memory after that",
        (most - base).max(0.0),
        BAR,
        "MiB",
    ))
}

/// Returns the memory of this process, in MiB (`proc(5)`).
fn resident() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("no VmRSS")?.parse::<f64>()? / 1024.0)
}
