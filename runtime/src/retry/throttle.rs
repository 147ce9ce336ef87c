//! Leaves retries out while a server accepts little.

use std::sync::{Mutex, PoisonError};

/// How many requests a server may refuse for each one that it accepts before retries are left out: factor 2, as the book
/// Site Reliability Engineering has it (chapter 21, client-side throttling) and Google's clients do.
const FACTOR: f64 = 2.0;

/// The record of a client.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<Counts>);

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    requests: f64,
    accepted: f64,
}

impl Throttle {
    /// Notes how a request ended.
    pub(super) fn note(&self, was_accepted: bool) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.requests += 1.0;
        if was_accepted {
            counts.accepted += 1.0;
        }
    }

    /// Whether a retry is left out. `chance` is from 0 (inclusive) to 1 (exclusive).
    pub(super) fn leaves_out(&self, chance: f64) -> bool {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        chance < counts.probability()
    }
}

impl Counts {
    fn probability(self) -> f64 {
        ((self.requests - FACTOR * self.accepted) / (self.requests + 1.0)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_are_left_out_when_more_than_half_fails() {
        let throttle = Throttle::default();
        assert!(!throttle.leaves_out(0.0));
        throttle.note(false);
        // 1 / 2
        assert!(throttle.leaves_out(0.49) && !throttle.leaves_out(0.5));
        throttle.note(false);
        throttle.note(false);
        // 3 / 4
        assert!(throttle.leaves_out(0.74) && !throttle.leaves_out(0.75));
        throttle.note(true);
        // (4 - 2) / 5
        assert!(throttle.leaves_out(0.39) && !throttle.leaves_out(0.4));
        for _ in 0..2 {
            throttle.note(true);
        }
        // (6 - 6) / 7
        assert!(!throttle.leaves_out(0.0));
    }
}
