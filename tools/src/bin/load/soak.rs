//! Two million calls, some of which fail, are dropped or time out: memory does not grow, and each call has its own result.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use gapi::spanner_v1::projects::instances::operations::Operations;
use gapi_runtime::ErrorKind;

use crate::{Result, at_most, clients, server};

/// The number of calls before the first measurement of memory, and in all.
const WARM: usize = 200_000;
const CALLS: usize = 2_000_000;

/// The number of calls at a time.
const TASKS: usize = 64;

const TIMEOUT: Duration = Duration::from_millis(20);

/// The growth that is permitted, in MiB.
const BAR: f64 = 1.0;

pub(crate) async fn check() -> Result<bool> {
    let server = server::Process::start("faulty")?;
    let operations = clients::operations(&server.url).await?;
    let wrong = Arc::new(AtomicUsize::new(0));
    run(&operations, 0..WARM, &wrong).await?;
    let before = settled().await?;
    run(&operations, WARM..CALLS, &wrong).await?;
    let growth = (settled().await? - before).max(0.0);
    let wrong = wrong.load(Ordering::Relaxed);
    println!("{CALLS} calls; {before:.1} MiB in use after {WARM} of them; {wrong} wrong results");
    let within = at_most("growth of memory after that", growth, BAR, "MiB");
    Ok(within && wrong == 0)
}

async fn run(
    operations: &Operations,
    numbers: std::ops::Range<usize>,
    wrong: &Arc<AtomicUsize>,
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
                    if !is_right(&operations, number).await {
                        wrong.fetch_add(1, Ordering::Relaxed);
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

/// Sends the call of this number. Returns whether it had the result that it has to have.
async fn is_right(operations: &Operations, number: usize) -> bool {
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
        // Dropped while it is under way.
        let sent = tokio::time::timeout(Duration::from_millis(1), call.send());
        return sent.await.is_err();
    }
    let result = match fate {
        "slow" => call.timeout(TIMEOUT).send().await,
        _ => call.send().await,
    };
    match (fate, result) {
        ("good", Ok(operation)) => operation.name.as_deref() == Some(&name),
        ("unavailable" | "missing", Err(error)) => error.kind() == ErrorKind::Http,
        ("cut" | "half", Err(error)) => error.kind() == ErrorKind::Transport,
        ("slow", Err(error)) => error.kind() == ErrorKind::Timeout,
        _ => false,
    }
}

/// Returns the memory of this process in MiB, once connections that are not needed are closed.
async fn settled() -> Result<f64> {
    tokio::time::sleep(Duration::from_secs(2)).await;
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("no VmRSS")?.parse::<f64>()? / 1024.0)
}
