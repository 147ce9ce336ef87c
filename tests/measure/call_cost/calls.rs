//! A `get` through the generated client, and the same by hand.

use std::time::{Duration, Instant};

use crate::{Result, at_most, by_hand, operations, turns::Turns};

/// How many calls are timed together.
const CALLS: u32 = 100;
const TURNS: usize = 201;
const NAME: &str = "projects/p/instances/i/operations/_auto_op_0123456789abcdef";

pub(crate) async fn measure(url: &str) -> Result<bool> {
    let operations = operations(url).await?;
    let by_hand = by_hand::Client::new(url)?;
    let ours = async || {
        let operation = operations.get(NAME).send().await?;
        check(operation.name.as_deref(), operation.metadata.is_some())
    };
    let theirs = async || {
        let operation = by_hand.get(NAME).await?;
        check(operation.name.as_deref(), operation.metadata.is_some())
    };
    // Connections, tables, caches.
    (time(&ours).await?, time(&theirs).await?);
    let mut turns = Turns::default();
    for _ in 0..TURNS {
        if turns.ours_first() {
            let took = time(&ours).await?;
            turns.add(took, time(&theirs).await?);
        } else {
            let took = time(&theirs).await?;
            turns.add(time(&ours).await?, took);
        }
    }
    let (ours, theirs) = turns.medians();
    let per_call = 1e6 / f64::from(CALLS);
    println!(
        "a get: {:.1} µs, by hand {:.1} µs",
        ours * per_call,
        theirs * per_call
    );
    Ok(at_most(
        "a get beside the same by hand",
        turns.ratio(),
        1.05,
        "×",
    ))
}

async fn time(call: &impl AsyncFn() -> Result<()>) -> Result<Duration> {
    let begin = Instant::now();
    for _ in 0..CALLS {
        call().await?;
    }
    Ok(begin.elapsed())
}

fn check(name: Option<&str>, has_metadata: bool) -> Result<()> {
    if name == Some(NAME) && has_metadata {
        Ok(())
    } else {
        Err("another operation came".into())
    }
}
