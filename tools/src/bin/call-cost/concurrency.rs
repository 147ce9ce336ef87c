//! A thousand concurrent calls of one client. Retries are off, because they would hide failures.

use std::time::Instant;

use futures_util::future::try_join_all;
use gapi_runtime::RetryPolicy;

use crate::{Result, at_most, loopback::SLOW, operations};

const CALLS: u16 = 1000;

pub(crate) async fn measure(url: &str) -> Result<bool> {
    let operations = operations(url).await?;
    let mut within = true;
    for instance in ["i", "slow"] {
        let begin = Instant::now();
        let call = async |number| {
            let name = format!("projects/p/instances/{instance}/operations/{number}");
            let get = operations.get(&name).retry(RetryPolicy::never());
            let operation = get.send().await?;
            if operation.name == Some(name) {
                Result::Ok(())
            } else {
                Err(format!("call {number} got the response of another").into())
            }
        };
        try_join_all((0..CALLS).map(call)).await?;
        let took = begin.elapsed();
        println!("{CALLS} concurrent calls, instance {instance}: no error, each its own response");
        if instance == "slow" {
            // A time close to this would mean that the calls wait for each other.
            let one_by_one = SLOW.as_secs_f64() * f64::from(CALLS);
            let part = took.as_secs_f64() / one_by_one;
            within &= at_most(
                "slow concurrent calls, compared with sequential ones",
                part,
                0.1,
                "×",
            );
        }
    }
    Ok(within)
}
