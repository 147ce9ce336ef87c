//! Requests that are built and not sent: from the handle of a resource, through the typed call and its checks, the URL
//! and the query, to an `http::Request` with its headers. Only the credentials are missing.

use std::{hint::black_box, time::Instant};

use gapi_runtime::Call;

use crate::{Result, at_most, nanoseconds, operations, turns::median};

/// The number of requests that are timed together.
const REQUESTS: u32 = 1000;
const TURNS: usize = 201;
const PARENT: &str = "projects/p/instances/i/operations";
const NAME: &str = "projects/p/instances/i/operations/_auto_op_0123456789abcdef";

pub(crate) async fn measure(url: &str) -> Result<bool> {
    let operations = operations(url).await?;
    let get = build(|| operations.get(black_box(NAME)))?;
    let list = build(|| {
        let list = operations.list(black_box(PARENT));
        list.filter("done=false").page_size(100).page_token("100")
    })?;
    Ok(
        at_most("building a get without sending it", get, 2000.0, "ns")
            & at_most("building a list with three parameters", list, 2000.0, "ns"),
    )
}

/// Returns the nanoseconds for building a request.
fn build<C: Call>(call: impl Fn() -> C) -> Result<f64> {
    let mut turns = Vec::with_capacity(TURNS);
    for _ in 0..TURNS {
        let begin = Instant::now();
        for _ in 0..REQUESTS {
            black_box(call().request().to_http()?);
        }
        turns.push(nanoseconds(begin.elapsed(), REQUESTS));
    }
    Ok(median(turns.into_iter()))
}
