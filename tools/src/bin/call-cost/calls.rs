//! A `get` with the generated client, and with handwritten code.

use std::time::{Duration, Instant};

use crate::{Result, at_most, by_hand, operations, turns::Turns};

/// The number of calls that are timed together: few, so that most rounds have no interruption.
const CALLS: u32 = 20;
const TURNS: usize = 2001;
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
    // Fills connections, tables and caches.
    time(&ours).await?;
    time(&theirs).await?;
    let (mut turns, mut on_processor) = (Turns::default(), Turns::default());
    for _ in 0..TURNS {
        let (ours, theirs) = if turns.ours_first() {
            let took = time(&ours).await?;
            (took, time(&theirs).await?)
        } else {
            let took = time(&theirs).await?;
            (time(&ours).await?, took)
        };
        turns.add(ours.0, theirs.0);
        on_processor.add(ours.1, theirs.1);
    }
    let (ours, theirs) = turns.medians();
    let per_call = 1e6 / f64::from(CALLS);
    println!(
        "a get: {:.1} µs, by hand {:.1} µs; of processor time {:.3} ×",
        ours * per_call,
        theirs * per_call,
        on_processor.ratio()
    );
    Ok(at_most(
        "a get, compared with handwritten code",
        turns.ratio(),
        1.02,
        "×",
    ))
}

/// Returns the elapsed time, and the processor time of this thread.
async fn time(call: &impl AsyncFn() -> Result<()>) -> Result<(Duration, Duration)> {
    let (begin, on_processor) = (Instant::now(), processor_time()?);
    for _ in 0..CALLS {
        call().await?;
    }
    let on_processor = processor_time()?.saturating_sub(on_processor);
    Ok((begin.elapsed(), on_processor))
}

/// Returns the processor time of this process, which has one thread (`/proc/self/schedstat`).
fn processor_time() -> Result<Duration> {
    let figures = std::fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds = figures.split(' ').next().unwrap_or_default();
    Ok(Duration::from_nanos(nanoseconds.parse()?))
}

fn check(name: Option<&str>, has_metadata: bool) -> Result<()> {
    if name == Some(NAME) && has_metadata {
        Ok(())
    } else {
        Err("another operation came".into())
    }
}
