//! Two million calls, some of which fail, are dropped or time out. Memory does not grow, and each call gets its own result.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use gapi::spanner_v1::projects::instances::operations::Operations;
use gapi_runtime::ErrorKind;

use crate::{Result, at_most, clients, server};

/// The number of calls before the first measurement of memory, and in all.
const WARM: usize = 200_000;
const CALLS: usize = 2_000_000;

/// The number of concurrent calls.
const TASKS: usize = 64;

const TIMEOUT: Duration = Duration::from_millis(20);

/// The number of wrong results that are printed.
const SHOWN: usize = 5;

/// The growth that is permitted, in MiB.
const BAR: f64 = 1.0;

/// The results that calls must not have.
type Wrong = Arc<Mutex<Vec<String>>>;

pub(crate) async fn check() -> Result<bool> {
    let server = server::Process::start("faulty")?;
    let operations = clients::operations(&server.url).await?;
    let wrong = Wrong::default();
    run(&operations, 0..WARM, &wrong).await?;
    let before = settled().await?;
    run(&operations, WARM..CALLS, &wrong).await?;
    let growth = (settled().await? - before).max(0.0);
    let wrong = wrong.lock().unwrap_or_else(PoisonError::into_inner);
    println!(
        "{CALLS} calls; {before:.1} MiB in use after {WARM} of them; {} wrong results",
        wrong.len()
    );
    for result in wrong.iter().take(SHOWN) {
        println!("  {result}");
    }
    let within = at_most("growth of memory after that", growth, BAR, "MiB");
    Ok(within && wrong.is_empty())
}

async fn run(
    operations: &Operations,
    numbers: std::ops::Range<usize>,
    wrong: &Wrong,
) -> Result<()> {
    let next = Arc::new(AtomicUsize::new(numbers.start));
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (operations, next, wrong) = (operations.clone(), next.clone(), wrong.clone());
            tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= numbers.end {
                        return;
                    }
                    if let Err(result) = check_call(&operations, number).await {
                        let mut wrong = wrong.lock().unwrap_or_else(PoisonError::into_inner);
                        wrong.push(result);
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await?;
    }
    Ok(())
}

/// Sends the call with this number. Returns an error if the result is not the expected one.
async fn check_call(operations: &Operations, number: usize) -> std::result::Result<(), String> {
    let fate = match number % 200 {
        1 => "unavailable",
        2 => "missing",
        3 => "cut",
        4 => "half",
        5 | 6 => "slow",
        _ => "good",
    };
    let name = format!("projects/p/instances/i/operations/{fate}-{number}");
    let call = operations.get(&name);
    if number % 200 == 6 {
        // Dropped while it is in progress.
        let sent = tokio::time::timeout(Duration::from_millis(1), call.send()).await;
        return sent.map_or(Ok(()), |_| Err(format!("{name}: not dropped")));
    }
    let begin = Instant::now();
    let result = match fate {
        "slow" => call.timeout(TIMEOUT).send().await,
        _ => call.send().await,
    };
    let is_right = match (fate, &result) {
        ("good", Ok(operation)) => operation.name.as_deref() == Some(&name),
        ("unavailable" | "missing", Err(error)) => error.kind() == ErrorKind::Http,
        ("cut" | "half", Err(error)) => error.kind() == ErrorKind::Transport,
        ("slow", Err(error)) => error.kind() == ErrorKind::Timeout,
        _ => false,
    };
    if is_right {
        return Ok(());
    }
    let result = result.map(|operation| operation.name);
    Err(format!("{name}, after {:?}: {result:?}", begin.elapsed()))
}

/// Returns the memory of this process in MiB, after unused connections are closed.
async fn settled() -> Result<f64> {
    tokio::time::sleep(Duration::from_secs(2)).await;
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("no VmRSS")?.parse::<f64>()? / 1024.0)
}
