//! The delays before retries.

use std::time::Duration;

/// The delays before retries: a random time up to a bound that grows from attempt to attempt.
///
/// The bound is 1 second at first and doubles up to 60 seconds. The time is drawn from the whole of it (full jitter), which
/// keeps clients that failed together from retrying together. The last retry of a connection does not wait longer than
/// [`RetryPolicy::connect_time_limit`](crate::RetryPolicy::connect_time_limit) allows.
///
/// ```
/// use gapi_runtime::{Backoff, RetryPolicy};
/// use std::time::Duration;
///
/// let backoff = Backoff::new()
///     .initial_delay(Duration::from_millis(200))
///     .max_delay(Duration::from_secs(20))
///     .delay_factor(1.5);
/// let policy = RetryPolicy::new().backoff(backoff);
/// let of_tests = RetryPolicy::new().backoff(Backoff::new().without_jitter());
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use = "a back-off does nothing until a policy has it"]
pub struct Backoff {
    initial: Duration,
    maximum: Duration,
    factor: f64,
    jitter: bool,
}

impl Backoff {
    /// Creates the default back-off: from 1 second, doubled, up to 60 seconds, with jitter.
    pub fn new() -> Self {
        Self {
            initial: Duration::from_secs(1),
            maximum: Duration::from_mins(1),
            factor: 2.0,
            jitter: true,
        }
    }

    /// Sets the bound before the second attempt; 1 second by default.
    pub fn initial_delay(mut self, delay: Duration) -> Self {
        self.initial = delay;
        self
    }

    /// Sets the largest bound; 60 seconds by default.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.maximum = delay;
        self
    }

    /// Sets the factor by which the bound grows from attempt to attempt; 2 by default. A number below 1 counts as 1.
    pub fn delay_factor(mut self, factor: f64) -> Self {
        self.factor = factor.max(1.0);
        self
    }

    /// Waits exactly as long as the bound, for tests.
    pub fn without_jitter(mut self) -> Self {
        self.jitter = false;
        self
    }

    /// Returns the delay after this many attempts. `jitter`, from 0 to 1, is the part of the bound.
    pub(crate) fn delay(&self, attempts: u32, jitter: f64) -> Duration {
        let exponent = i32::try_from(attempts.saturating_sub(1)).unwrap_or(i32::MAX);
        let seconds = self.initial.as_secs_f64() * self.factor.powi(exponent);
        // Infinite when it has grown beyond all numbers, and then the maximum counts.
        let bound = Duration::try_from_secs_f64(seconds)
            .unwrap_or(self.maximum)
            .min(self.maximum);
        if self.jitter {
            let part = bound.as_secs_f64() * jitter;
            Duration::try_from_secs_f64(part).unwrap_or(bound)
        } else {
            bound
        }
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_doubles_up_to_a_minute() {
        let seconds = |backoff: Backoff, jitter| {
            (1..=8)
                .map(|attempts| backoff.delay(attempts, jitter).as_secs_f64())
                .collect::<Vec<_>>()
        };
        let exact = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0];
        assert_eq!(seconds(Backoff::new(), 1.0), exact);
        assert_eq!(seconds(Backoff::new().without_jitter(), 0.0), exact);
        assert_eq!(seconds(Backoff::new(), 0.5)[..3], [0.5, 1.0, 2.0]);
        assert_eq!(seconds(Backoff::new(), 0.0), [0.0; 8]);
    }

    #[test]
    fn no_number_is_too_large() {
        let backoff = Backoff::new().delay_factor(f64::INFINITY);
        assert_eq!(backoff.delay(u32::MAX, 1.0), Duration::from_mins(1));
        let backoff = Backoff::new().max_delay(Duration::MAX).without_jitter();
        assert_eq!(backoff.delay(u32::MAX, 1.0), Duration::MAX);
        let backoff = Backoff::new().max_delay(Duration::MAX);
        assert_eq!(backoff.delay(u32::MAX, 1.0), Duration::MAX);
        assert_eq!(backoff.delay(u32::MAX, f64::NAN), Duration::MAX);
        let backoff = Backoff::new()
            .delay_factor(f64::NAN)
            .initial_delay(Duration::ZERO);
        assert_eq!(backoff.delay(0, 1.0), Duration::ZERO);
    }
}
