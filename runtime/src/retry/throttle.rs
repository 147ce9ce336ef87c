//! The budget of retries of a client: it keeps retries from adding to the load of a server that is down.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The retries that a new client may send, as in gRPC's retry throttling (proposal A6), which starts with full credit too.
const CREDIT: f64 = 10.0;

/// The cost of a retry if the attempt before it did not reach the server. Such a retry is hardly a load. There are few of them
/// in any case, because the time for connecting is short.
const UNCONNECTED: f64 = 0.1;

/// The time until one spent retry of the credit is back. It is short enough to retry again soon after an outage. It is long
/// enough to add little to the requests of a client that calls every few seconds during one.
const REFILL: Duration = Duration::from_secs(30);

/// The time constant with which the budget beyond the credit decays: requests that were accepted long ago say little.
const DECAY: Duration = Duration::from_secs(10);

/// Shorter times are not worth a calculation.
const TICK: Duration = Duration::from_millis(500);

/// The budget of a client.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<Budget>);

#[derive(Clone, Copy, Debug)]
struct Budget {
    retries: f64,
    /// Until when time has been accounted for.
    at: Option<Instant>,
}

impl Throttle {
    /// Notes that the server accepted a request at about this time: that is worth one retry.
    ///
    /// With one retry per accepted request a client sends at most twice what the server accepts: the factor that the book Site
    /// Reliability Engineering recommends (chapter 21, client-side throttling).
    pub(crate) fn accepted(&self, now: Instant) {
        self.change(now, |budget| budget.retries += 1.0);
    }

    /// Takes a retry from the budget. Returns `false` when there is none: the retry must not be sent.
    pub(crate) fn take(&self, now: Instant, is_unconnected: bool) -> bool {
        let cost = if is_unconnected { UNCONNECTED } else { 1.0 };
        self.change(now, |budget| {
            let has_one = budget.retries >= cost;
            if has_one {
                budget.retries -= cost;
            }
            has_one
        })
    }

    fn change<T>(&self, now: Instant, change: impl FnOnce(&mut Budget) -> T) -> T {
        let mut budget = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        budget.age(now);
        change(&mut budget)
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            retries: CREDIT,
            at: None,
        }
    }
}

impl Budget {
    /// Accounts for the time that has passed: the budget moves toward the credit.
    fn age(&mut self, now: Instant) {
        let at = *self.at.get_or_insert(now);
        let passed = now.saturating_duration_since(at);
        if passed < TICK {
            return;
        }
        self.at = Some(now);
        let beyond = self.retries - CREDIT;
        self.retries = if beyond > 0.0 {
            CREDIT + beyond * (-passed.div_duration_f64(DECAY)).exp()
        } else {
            CREDIT.min(self.retries + passed.div_duration_f64(REFILL))
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    /// Returns the number of retries that the throttle allows in a row.
    fn drain(throttle: &Throttle, now: Instant) -> usize {
        std::iter::repeat_with(|| throttle.take(now, false))
            .take_while(|taken| *taken)
            .count()
    }

    #[test]
    fn a_new_client_has_credit() {
        let throttle = Throttle::default();
        assert_eq!(drain(&throttle, Instant::now()), 10);
    }

    #[test]
    fn retries_of_connections_take_little() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for _ in 0..50 {
            assert!(throttle.take(now, true));
        }
        assert_eq!(drain(&throttle, now), 5);
        while throttle.take(now, true) {}
        assert_eq!(drain(&throttle, now), 0);
    }

    #[test]
    fn an_accepted_request_is_worth_a_retry() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        assert_eq!(drain(&throttle, now), 10);
        for _ in 0..3 {
            throttle.accepted(now);
        }
        assert_eq!(drain(&throttle, now), 3);
    }

    #[test]
    fn the_credit_returns_with_time() {
        let (throttle, start) = (Throttle::default(), Instant::now());
        assert_eq!(drain(&throttle, start), 10);
        assert_eq!(drain(&throttle, after(start, 29)), 0);
        assert_eq!(drain(&throttle, after(start, 60)), 2);
        assert_eq!(drain(&throttle, after(start, 60 + 300)), 10);
        assert_eq!(drain(&throttle, after(start, 86_400)), 10);
    }

    #[test]
    fn many_accepted_requests_count_for_seconds() {
        for (seconds, expected) in [(0, 1010), (10, 377), (60, 12), (3600, 10)] {
            let (throttle, start) = (Throttle::default(), Instant::now());
            for _ in 0..1000 {
                throttle.accepted(start);
            }
            assert_eq!(drain(&throttle, after(start, seconds)), expected);
        }
    }

    #[test]
    fn parts_of_a_refill_add_up_and_time_never_runs_backward() {
        let (throttle, start) = (Throttle::default(), Instant::now());
        assert_eq!(drain(&throttle, start), 10);
        let calls = (1..=300).filter(|seconds| throttle.take(after(start, *seconds), false));
        // One in 30 seconds, whatever rounding does to the last of them.
        assert!((9..=10).contains(&calls.count()));
        assert_eq!(drain(&throttle, start), 0);
    }
}
