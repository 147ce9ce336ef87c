//! Throughput of a small GET, with any number of concurrent calls.

use std::time::{Duration, Instant};

use crate::{
    Result, at_least,
    clients::{self, ByHand},
    median_of_processes,
    turns::Turns,
};

/// The number of rounds, half of which begin with the generated client.
const ROUNDS: usize = 20;

/// The number of requests of a round, for sequential and for concurrent calls.
const ALONE: usize = 1_500;
const TOGETHER: usize = 20_000;

pub(crate) fn measure() -> Result<bool> {
    let mut within = true;
    for (kind, calls, bar) in [
        ("plain", 2_000, 0.95),
        ("tls", 1, 0.97),
        ("tls", 16, 0.97),
        ("tls", 256, 0.97),
    ] {
        let ratio = median_of_processes(kind, &calls.to_string())?;
        let what = match kind {
            "tls" => format!("throughput with {calls} concurrent calls, TLS, HTTP/2, retries"),
            _ => format!("throughput with {calls} concurrent calls"),
        };
        within &= at_least(&what, ratio, bar, "×");
    }
    Ok(within)
}

/// Returns the throughput of the generated client in relation to that of handwritten code.
pub(crate) async fn ratio(url: &str, calls: usize) -> Result<f64> {
    let instance = if url.starts_with("https:") {
        "flaky"
    } else {
        "i"
    };
    let operations = clients::operations(url).await?;
    let by_hand = ByHand::new(url)?;
    let name = format!("projects/p/instances/{instance}/operations/_auto_op_0123456789abcdef");
    let ours = || {
        let (operations, name) = (operations.clone(), name.clone());
        move || {
            let call = operations.get(&name);
            async move { check(call.send().await?.done) }
        }
    };
    let theirs = || {
        let (by_hand, name) = (by_hand.clone(), name.clone());
        move || {
            let (by_hand, name) = (by_hand.clone(), name.clone());
            async move { check(by_hand.get(&name).await?.done) }
        }
    };
    let requests = if calls == 1 { ALONE } else { TOGETHER };
    // Fills connections, tables and caches.
    round(calls, requests, ours()).await?;
    round(calls, requests, theirs()).await?;
    let mut turns = Turns::default();
    for _ in 0..ROUNDS {
        if turns.ours_first() {
            let took = round(calls, requests, ours()).await?;
            turns.add(took, round(calls, requests, theirs()).await?);
        } else {
            let took = round(calls, requests, theirs()).await?;
            turns.add(round(calls, requests, ours()).await?, took);
        }
    }
    Ok(1.0 / turns.ratio())
}

/// Returns the time of this number of requests.
async fn round<C, F>(calls: usize, requests: usize, call: C) -> Result<Duration>
where
    C: Fn() -> F + Clone + Send + 'static,
    F: Future<Output = Result<()>> + Send + 'static,
{
    let begin = Instant::now();
    let tasks: Vec<_> = (0..calls)
        .map(|_| {
            let call = call.clone();
            tokio::spawn(async move {
                for _ in 0..requests / calls {
                    call().await?;
                }
                Result::Ok(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(begin.elapsed())
}

fn check(done: Option<bool>) -> Result<()> {
    match done {
        Some(true) => Ok(()),
        _ => Err("another operation came".into()),
    }
}
