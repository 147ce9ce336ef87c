//! The decisions, one by one.

use super::*;
use crate::retry::Backoff;

const FAILED_ONCE: Situation = Situation {
    failure: Failure::Unavailable,
    is_wanted: false,
    is_idempotent: true,
    attempts: 1,
    elapsed: Duration::ZERO,
    unconnected: Duration::ZERO,
    takes: Duration::ZERO,
    left: None,
    server_delay: None,
    jitter: 1.0,
};

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[test]
fn what_is_retried() {
    let default = RetryPolicy::new();
    let chosen = RetryPolicy::new()
        .also(StatusCode::TOO_MANY_REQUESTS)
        .also(StatusCode::FORBIDDEN)
        .also_code(Code::Aborted)
        .also_code(Code::PermissionDenied)
        .also_timeouts();
    let too_many = Failure::Status(StatusCode::TOO_MANY_REQUESTS, None);
    let internal = Failure::Status(StatusCode::INTERNAL_SERVER_ERROR, Some(Code::Internal));
    let aborted = Failure::Status(StatusCode::CONFLICT, Some(Code::Aborted));
    for (failure, policy, idempotent, other) in [
        (Failure::NotSent, &default, true, true),
        (Failure::Connection, &default, true, false),
        (Failure::Unavailable, &default, true, false),
        (Failure::Timeout, &default, false, false),
        (Failure::Timeout, &chosen, true, false),
        (too_many, &default, false, false),
        (too_many, &chosen, true, false),
        (internal, &chosen, false, false),
        (aborted, &default, false, false),
        (aborted, &chosen, true, false),
        (Failure::RateLimited, &default, true, true),
        (Failure::Denied, &chosen, false, false),
        (Failure::Permanent, &chosen, false, false),
    ] {
        for (is_idempotent, expected) in [(true, idempotent), (false, other)] {
            let situation = Situation {
                failure,
                is_idempotent,
                ..FAILED_ONCE
            };
            let delay = next_delay(policy, situation);
            let given_up = if idempotent {
                GivenUp::NotIdempotent
            } else {
                GivenUp::Failure
            };
            let expected = expected.then_some(seconds(1)).ok_or(given_up);
            assert_eq!(delay, expected, "{situation:?}");
        }
    }
    // The retries of a predicate, within the same limits.
    for (failure, expected) in [
        (internal, true),
        (Failure::Timeout, true),
        (Failure::Denied, false),
        (Failure::Permanent, false),
    ] {
        for is_idempotent in [true, false] {
            let situation = Situation {
                failure,
                is_wanted: true,
                is_idempotent,
                ..FAILED_ONCE
            };
            let delay = next_delay(&default, situation);
            assert_eq!(delay.is_ok(), expected && is_idempotent, "{situation:?}");
        }
    }
}

#[test]
fn limits() {
    let policy = RetryPolicy::new();
    let after = |attempts, elapsed| Situation {
        attempts,
        elapsed: seconds(elapsed),
        ..FAILED_ONCE
    };
    assert_eq!(next_delay(&policy, after(9, 0)), Ok(seconds(60)));
    assert_eq!(next_delay(&policy, after(10, 0)), Err(GivenUp::Attempts));
    assert_eq!(next_delay(&policy, after(9, 1)), Err(GivenUp::Time));
    assert_eq!(next_delay(&policy, after(1, 59)), Ok(seconds(1)));
    assert_eq!(next_delay(&policy, after(1, 60)), Err(GivenUp::Time));
    // Without a delay there is no time left either.
    let now = Situation {
        jitter: 0.0,
        ..after(1, 60)
    };
    assert_eq!(next_delay(&policy, now), Err(GivenUp::Time));
    let short = Situation {
        left: Some(seconds(3)),
        ..after(2, 2)
    };
    assert_eq!(next_delay(&policy, short), Ok(seconds(2)));
    // An attempt that would end as it begins.
    let shorter = Situation {
        left: Some(seconds(2)),
        ..short
    };
    assert_eq!(next_delay(&policy, shorter), Err(GivenUp::Timeout));
    // A policy without retries would not retry an idempotent call either.
    for is_idempotent in [true, false] {
        let situation = Situation {
            is_idempotent,
            ..FAILED_ONCE
        };
        let delay = next_delay(&RetryPolicy::never(), situation);
        assert_eq!(delay, Err(GivenUp::Attempts));
    }
}

#[test]
fn the_server_can_only_make_it_longer() {
    let policy = RetryPolicy::new().backoff(Backoff::new().initial_delay(seconds(5)));
    for (server_delay, expected) in [
        (1, Ok(5)),
        (7, Ok(7)),
        (60, Ok(60)),
        (61, Err(GivenUp::Time)),
    ] {
        let situation = Situation {
            server_delay: Some(seconds(server_delay)),
            ..FAILED_ONCE
        };
        assert_eq!(next_delay(&policy, situation), expected.map(seconds));
    }
}

#[test]
fn connections_have_a_limit_of_their_own() {
    let millis = Duration::from_millis;
    let default = RetryPolicy::new();
    let explicit = |limit| RetryPolicy::new().connect_time_limit(limit);
    let short = || RetryPolicy::new().time_limit(seconds(2));
    let late = Err(GivenUp::Time);
    for (policy, attempts, unconnected, takes, expected) in [
        (&default, 1, 0, 0, Ok(millis(1000))),
        (&default, 2, 1000, 0, Ok(millis(2000))),
        // The last one begins half a second before the end.
        (&default, 3, 3000, 0, Ok(millis(500))),
        (&default, 4, 3500, 0, late),
        (&default, 1, 3400, 0, Ok(millis(100))),
        // It has to have time enough to fail.
        (&default, 1, 1500, 1500, Ok(millis(1000))),
        (&default, 1, 1900, 1900, Ok(millis(200))),
        (&default, 1, 2000, 2000, late),
        (&default, 1, 20_000, 20_000, late),
        (&explicit(seconds(100)), 4, 60_000, 2000, Ok(millis(8000))),
        (&explicit(seconds(100)), 7, 98_000, 0, Ok(millis(1500))),
        (&explicit(millis(800)), 1, 0, 0, Ok(millis(700))),
        (&explicit(Duration::ZERO), 1, 0, 0, late),
        (
            &explicit(Duration::MAX),
            7,
            9_000_000,
            0,
            Ok(millis(60_000)),
        ),
        (&short(), 2, 1000, 0, Ok(millis(1000))),
        (&short(), 2, 2000, 0, late),
        (
            &short().connect_time_limit(seconds(3)),
            2,
            2000,
            0,
            Ok(millis(625)),
        ),
    ] {
        let situation = Situation {
            failure: Failure::NotSent,
            attempts,
            elapsed: millis(unconnected),
            unconnected: millis(unconnected),
            takes: millis(takes),
            ..FAILED_ONCE
        };
        assert_eq!(next_delay(policy, situation), expected, "{situation:?}");
    }
    // Earlier failures count for the other limit.
    let after_others = Situation {
        failure: Failure::NotSent,
        elapsed: seconds(50),
        ..FAILED_ONCE
    };
    assert_eq!(next_delay(&default, after_others), Ok(seconds(1)));
    let elapsed = seconds(60);
    let too_late = Situation {
        elapsed,
        ..after_others
    };
    assert_eq!(next_delay(&default, too_late), late);
}

#[test]
fn only_a_response_shows_that_a_request_was_accepted() {
    let default = RetryPolicy::new();
    let not_found = Failure::Status(StatusCode::NOT_FOUND, None);
    for (failure, expected) in [
        (not_found, true),
        (Failure::Denied, true),
        (Failure::Permanent, false),
        (Failure::NotSent, false),
        (Failure::Connection, false),
        (Failure::Timeout, false),
        (Failure::Unavailable, false),
        (Failure::RateLimited, false),
    ] {
        assert_eq!(
            failure.was_accepted(&default, false),
            expected,
            "{failure:?}"
        );
    }
    assert!(!not_found.was_accepted(&default, true));
}
