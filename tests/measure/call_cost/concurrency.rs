//! A thousand calls of one client at a time.

use std::time::Instant;

use futures_util::future::try_join_all;

use crate::{Result, at_most, loopback::SLOW, operations};

const CALLS: u16 = 1000;

pub(crate) async fn measure(url: &str) -> Result<bool> {
    let operations = operations(url).await?;
    let mut within = true;
    for instance in ["i", "slow"] {
        let begin = Instant::now();
        try_join_all((0..CALLS).map(async |number| {
            let name = format!("projects/p/instances/{instance}/operations/{number}");
            let operation = operations.get(&name).send().await?;
            if operation.name.as_ref() == Some(&name) {
                Ok(())
            } else {
                Err(format!("call {number} got the answer of another").into())
            }
        }))
        .await
        .map_err(|error: Box<dyn std::error::Error + Send + Sync>| error)?;
        let took = begin.elapsed();
        println!("{CALLS} calls at a time, instance {instance}: no error, each its own answer");
        if instance == "slow" {
            // Anything near the whole of it would mean that they wait for each other.
            let one_by_one = SLOW.as_secs_f64() * f64::from(CALLS);
            let part = took.as_secs_f64() / one_by_one;
            within &= at_most("slow calls at a time beside one by one", part, 0.1, "×");
        }
    }
    Ok(within)
}
