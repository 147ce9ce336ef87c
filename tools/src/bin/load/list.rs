//! A list of 10 MiB, from the request to the released value.

use std::time::{Duration, Instant};

use crate::{
    Result, at_least,
    clients::{self, ByHand},
    median_of_processes,
    turns::Turns,
};

const ROUNDS: usize = 40;
const PARENT: &str = "projects/p/instances/i/operations";

pub(crate) fn measure() -> Result<bool> {
    let ratio = median_of_processes("list", "list")?;
    let what = "a list of 10 MiB, from request to released value";
    Ok(at_least(what, ratio, 0.95, "×"))
}

/// Returns the throughput of the generated client in relation to that of handwritten code.
pub(crate) async fn ratio(url: &str) -> Result<f64> {
    let operations = clients::operations(url).await?;
    let by_hand = ByHand::new(url)?;
    let ours = async || -> Result<Duration> {
        let begin = Instant::now();
        let list = operations.list(PARENT).send().await?;
        check(list.operations.as_ref().map_or(0, Vec::len))?;
        drop(list);
        Ok(begin.elapsed())
    };
    let theirs = async || -> Result<Duration> {
        let begin = Instant::now();
        let list = by_hand.list(PARENT).await?;
        check(list.operations.as_ref().map_or(0, Vec::len))?;
        drop(list);
        Ok(begin.elapsed())
    };
    ours().await?;
    theirs().await?;
    let mut turns = Turns::default();
    for _ in 0..ROUNDS {
        if turns.ours_first() {
            let took = ours().await?;
            turns.add(took, theirs().await?);
        } else {
            let took = theirs().await?;
            turns.add(ours().await?, took);
        }
    }
    Ok(1.0 / turns.ratio())
}

fn check(operations: usize) -> Result<()> {
    if operations > 10_000 {
        Ok(())
    } else {
        Err(format!("{operations} operations came").into())
    }
}
