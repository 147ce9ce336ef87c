//! The state of a call between its attempts.

use super::decide::Failure;
use crate::error::ErrorKind;
use std::time::Duration;
use tokio::time::Instant;

/// The attempts of a call so far.
#[derive(Debug)]
pub(crate) struct Course {
    /// When the call began.
    pub(crate) start: Instant,
    /// The number of attempts, including the current one.
    pub(crate) attempts: u32,
    /// When the current attempt began.
    pub(crate) began: Instant,
    /// The failure of the first attempt, once there is another one.
    pub(crate) first_cause: Option<(ErrorKind, String)>,
    /// When the time limit for retries begins, once there has been a failure.
    retried: Option<Instant>,
    /// The time since which no connection could be made, attempts in a row.
    unconnected: Option<Instant>,
}

impl Course {
    /// Returns the course of a call whose first attempt begins now.
    pub(crate) fn new() -> Self {
        let start = Instant::now();
        Self {
            start,
            attempts: 1,
            began: start,
            first_cause: None,
            retried: None,
            unconnected: None,
        }
    }

    /// Begins another attempt.
    pub(crate) fn begin(&mut self) {
        self.attempts = self.attempts.saturating_add(1);
        self.began = Instant::now();
    }

    /// Omits this time of the current attempt, which has just ended, from all limits.
    pub(crate) fn omit(&mut self, time: Duration) {
        let times = [
            Some(&mut self.start),
            Some(&mut self.began),
            self.retried.as_mut(),
            self.unconnected.as_mut(),
        ];
        for moment in times.into_iter().flatten() {
            *moment = moment.checked_add(time).unwrap_or(*moment);
        }
    }

    /// Notes that the current attempt has failed. `is_asked` states that from now on the call only asks for the result of the
    /// first attempt: that one may have taken longer than retries may, so their time begins after it.
    pub(crate) fn fail(&mut self, failure: Failure, is_asked: bool, now: Instant) {
        self.retried
            .get_or_insert(if is_asked { now } else { self.start });
        let unconnected = self.unconnected();
        self.unconnected = (failure == Failure::NotSent).then_some(unconnected);
    }

    /// The moment at which the time for connecting begins.
    pub(crate) fn unconnected(&self) -> Instant {
        self.unconnected.unwrap_or(self.began)
    }

    /// Returns the used part of the time for retries.
    pub(crate) fn elapsed(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.retried.unwrap_or(self.start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn the_time_for_connecting_begins_with_the_first_of_the_attempts_that_do_not_connect() {
        let mut course = Course::new();
        let start = course.start;
        // The failure, its time, and the time since which there has been no connection.
        for (failure, expected) in [
            (Failure::NotSent, 0),
            (Failure::NotSent, 0),
            (Failure::Unavailable, 4),
            (Failure::NotSent, 6),
            (Failure::NotSent, 6),
        ] {
            tokio::time::advance(SECOND).await;
            if failure == Failure::NotSent {
                course.fail(failure, false, Instant::now());
                assert_eq!(course.unconnected() - start, SECOND * expected);
            } else {
                course.fail(failure, false, Instant::now());
            }
            tokio::time::advance(SECOND).await;
            course.begin();
        }
        assert_eq!(course.attempts, 6);
        assert_eq!(course.elapsed(Instant::now()), SECOND * 10);
    }

    #[tokio::test(start_paused = true)]
    async fn omitted_time_is_in_no_limit() {
        let mut course = Course::new();
        course.fail(Failure::NotSent, false, Instant::now());
        tokio::time::advance(SECOND).await;
        course.begin();
        tokio::time::advance(SECOND * 100).await;
        course.omit(SECOND * 99);
        course.fail(Failure::NotSent, false, Instant::now());
        assert_eq!(course.elapsed(Instant::now()), SECOND * 2);
        assert_eq!(course.unconnected().elapsed(), SECOND * 2);
        assert_eq!(course.began.elapsed(), SECOND);
        assert_eq!(course.start.elapsed(), SECOND * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_only_asks_has_its_time_after_the_first_attempt() {
        let mut course = Course::new();
        tokio::time::advance(SECOND * 100).await;
        course.fail(Failure::Connection, true, Instant::now());
        tokio::time::advance(SECOND * 3).await;
        course.begin();
        course.fail(Failure::NotSent, true, Instant::now());
        assert_eq!(course.elapsed(Instant::now()), SECOND * 3);
        assert_eq!(course.unconnected(), course.began);
    }
}
