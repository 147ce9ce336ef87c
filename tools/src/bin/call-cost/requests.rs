//! Requests that are built and not sent, compared with the same by hand: from the handle of a resource, through the typed call and
//! its checks, the URL and the query, to an `http::Request` with its headers.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use crate::{
    Result, at_most, by_hand, nanoseconds, operations,
    turns::{Turns, median},
};
use gapi_runtime::Call;

/// The number of requests that are timed together.
const REQUESTS: u32 = 200;
const TURNS: usize = 1001;
const BAR: f64 = 1.0;
const PARENT: &str = "projects/p/instances/i/operations";
const NAME: &str = "projects/p/instances/i/operations/_auto_op_0123456789abcdef";
const QUERY: [(&str, &str); 3] = [
    ("filter", "done=false"),
    ("pageSize", "100"),
    ("pageToken", "100"),
];

pub(crate) async fn measure(url: &str) -> Result<bool> {
    let operations = operations(url).await?;
    let by_hand = by_hand::Client::new(url)?;
    let get = compare(
        "building a get",
        || Ok(operations.get(black_box(NAME)).request().to_http()?),
        || by_hand.get_request(black_box(NAME)),
    )?;
    let list = compare(
        "building a list with three parameters",
        || {
            let list = operations.list(black_box(PARENT));
            let list = list.filter("done=false").page_size(100).page_token("100");
            Ok(list.request().to_http()?)
        },
        || by_hand.list_request(black_box(PARENT), black_box(&QUERY)),
    )?;
    Ok(get && list)
}

fn compare<O, T>(
    what: &str,
    ours: impl Fn() -> Result<O>,
    theirs: impl Fn() -> Result<T>,
) -> Result<bool> {
    let (mut turns, mut of_ours) = (Turns::default(), Vec::with_capacity(TURNS));
    for _ in 0..TURNS {
        let (ours, theirs) = if turns.ours_first() {
            let took = time(&ours)?;
            (took, time(&theirs)?)
        } else {
            let took = time(&theirs)?;
            (time(&ours)?, took)
        };
        turns.add(ours, theirs);
        of_ours.push(nanoseconds(ours, REQUESTS));
    }
    println!("{what}: {:.0} ns", median(of_ours.into_iter()));
    Ok(at_most(
        &format!("{what}, compared with the same by hand"),
        turns.ratio(),
        BAR,
        "×",
    ))
}

/// Returns the time for building all requests.
fn time<R>(build: &impl Fn() -> Result<R>) -> Result<Duration> {
    let begin = Instant::now();
    for _ in 0..REQUESTS {
        black_box(build()?);
    }
    Ok(begin.elapsed())
}
