//! A response of 10 MiB, decoded by the generated client and by serde's derive.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use gapi::spanner_v1::schemas;
use gapi_runtime::Object;
use serde::de::DeserializeOwned;

use crate::{Result, at_least, loopback, schemas as by_hand, turns::Turns};

const SIZE: u32 = 10 << 20;
const TURNS: usize = 41;

pub(crate) fn measure() -> Result<bool> {
    let json = response(usize::try_from(SIZE)?);
    same(&json)?;
    let mut turns = Turns::default();
    for _ in 0..TURNS {
        if turns.ours_first() {
            let took = time::<schemas::ListOperationsResponse>(&json)?;
            turns.add(took, time::<by_hand::ListOperationsResponse>(&json)?);
        } else {
            let took = time::<by_hand::ListOperationsResponse>(&json)?;
            turns.add(time::<schemas::ListOperationsResponse>(&json)?, took);
        }
    }
    let (ours, theirs) = turns.medians();
    let mebibytes = f64::from(SIZE >> 20);
    println!(
        "decoding 10 MiB: {:.0} MiB/s, by serde's derive {:.0} MiB/s",
        mebibytes / ours,
        mebibytes / theirs
    );
    let throughput = 1.0 / turns.ratio();
    Ok(at_least(
        "decoding, compared with serde's derive",
        throughput,
        1.1,
        "×",
    ))
}

/// Returns the time of decoding, without dropping the value.
fn time<T: DeserializeOwned>(json: &str) -> Result<Duration> {
    let begin = Instant::now();
    let value: T = serde_json::from_slice(json.as_bytes())?;
    let took = begin.elapsed();
    drop(value);
    Ok(took)
}

/// Returns a page of at least this size.
fn response(size: usize) -> String {
    let mut json = String::from(r#"{"operations":["#);
    let mut number = 0;
    while json.len() < size {
        if number > 0 {
            json.push(',');
        }
        loopback::write_operation(&loopback::name(number), &mut json);
        number += 1;
    }
    json.push_str(r#"],"nextPageToken":"t"}"#);
    json
}

/// Checks that both read the same.
fn same(json: &str) -> Result<()> {
    let ours: schemas::ListOperationsResponse = serde_json::from_str(json)?;
    let theirs: by_hand::ListOperationsResponse = serde_json::from_str(json)?;
    let is_rest_same =
        ours.next_page_token == theirs.next_page_token && ours.unreachable == theirs.unreachable;
    let ours = ours.operations.unwrap_or_default();
    let theirs = theirs.operations.unwrap_or_default();
    let members = |object: &Option<Object>| object.clone().map(HashMap::from_iter);
    let are_same = |(ours, theirs): (&schemas::Operation, &by_hand::Operation)| {
        ours.name == theirs.name
            && ours.done == theirs.done
            && ours.error.is_none() == theirs.error.is_none()
            && members(&ours.metadata) == theirs.metadata
            && members(&ours.response) == theirs.response
    };
    if is_rest_same && ours.len() == theirs.len() && ours.iter().zip(&theirs).all(are_same) {
        Ok(())
    } else {
        Err("the two read different things".into())
    }
}
