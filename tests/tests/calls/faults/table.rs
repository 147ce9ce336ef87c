//! Every fault with every call.

use super::calls::{Call, Outcome};
use super::clock::Clock;
use super::kinds::{self, Fault, json};
use super::report::{self, Row};
use super::server::{ClosedPort, Server};

#[tokio::test(start_paused = true)]
async fn what_becomes_of_each_call() {
    let clock = Clock::new();
    let other = Server::start(&clock, |_| vec![json(kinds::SUCCESS)]);
    let mut rows = vec![refused(&clock).await];
    for faults in [
        kinds::of_connections(),
        kinds::of_statuses(),
        kinds::of_bodies(),
        kinds::of_redirects(&other.url()),
    ] {
        for fault in faults {
            rows.push(suffered(&clock, &fault).await);
        }
    }
    // The other host receives nothing.
    assert_eq!(other.requests().len(), 0);
    report::compare(&rows);
}

async fn suffered(clock: &Clock, fault: &Fault) -> Row {
    let mut calls = Vec::new();
    for call in Call::ALL {
        let mut outcomes = Vec::new();
        for response in &fault.responses {
            outcomes.push(call.suffer(clock, response, fault.is_unexecuted).await);
        }
        calls.push((call, report::common(fault.name, call, &outcomes)));
    }
    Row {
        fault: fault.name,
        calls,
    }
}

/// Refuses connections. The fault occurs each time, because otherwise there could be no first page.
async fn refused(clock: &Clock) -> Row {
    let refusal = ClosedPort::new();
    let mut calls: Vec<(Call, Outcome)> = Vec::new();
    for call in [Call::Get, Call::Post, Call::Stream, Call::Download] {
        calls.push((call, call.make(clock, &refusal.url()).await));
    }
    Row {
        fault: "connection refused",
        calls,
    }
}
