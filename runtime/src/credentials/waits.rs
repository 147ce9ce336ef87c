//! The time that an attempt waits for a person, which no limit of its call includes.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The time that an attempt has waited for a person so far.
#[derive(Debug, Default)]
pub(crate) struct Waits(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// The waits that have ended.
    past: Duration,
    /// The beginning of the current wait.
    since: Option<Instant>,
}

/// A wait that ends when it is dropped. A wait within another one adds nothing to it.
struct Wait<'a>(Option<&'a Waits>);

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        if let Some(waits) = self.0 {
            let mut state = waits.lock();
            if let Some(since) = state.since.take() {
                state.past = state.past.saturating_add(since.elapsed());
            }
        }
    }
}

impl Waits {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self) -> Wait<'_> {
        let mut state = self.lock();
        let is_first = state.since.is_none();
        state.since.get_or_insert_with(Instant::now);
        Wait(is_first.then_some(self))
    }

    fn is_waiting(&self) -> bool {
        self.lock().since.is_some()
    }

    /// Returns the time so far. It includes the current wait.
    pub(crate) fn time(&self) -> Duration {
        let state = self.lock();
        let current = state.since.map(|since| since.elapsed());
        state.past.saturating_add(current.unwrap_or_default())
    }

    /// Returns the time so far, and begins again.
    pub(crate) fn take(&self) -> Duration {
        std::mem::take(&mut self.lock().past)
    }

    /// Runs a future that waits for a person.
    pub(crate) async fn around<F: Future>(&self, future: F) -> F::Output {
        let _wait = self.begin();
        future.await
    }

    /// Returns the output of a future, or `None` if the future takes longer than the limit without its waits for a person.
    ///
    /// The future itself waits: it is polled when a wait ends, so no timer runs until then.
    pub(crate) async fn limit<F: Future>(&self, limit: Duration, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        let mut timer = pin!(sleep(limit));
        let mut waited = Duration::ZERO;
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Some(output));
            }
            if self.is_waiting() {
                return Poll::Pending;
            }
            let time = self.time();
            if time > waited {
                let deadline = timer.deadline();
                let later = deadline.checked_add(time.saturating_sub(waited));
                timer.as_mut().reset(later.unwrap_or(deadline));
                waited = time;
            }
            timer.as_mut().poll(context).map(|()| None)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn a_limit_does_not_include_waits() {
        let waits = Waits::default();
        let start = Instant::now();
        let work = async {
            sleep(SECOND).await;
            waits
                .around(async {
                    sleep(SECOND * 100).await;
                    waits.around(sleep(SECOND * 100)).await;
                })
                .await;
            sleep(SECOND).await;
            waits.around(sleep(SECOND * 50)).await;
            7
        };
        assert_eq!(waits.limit(SECOND * 3, work).await, Some(7));
        assert_eq!(start.elapsed(), SECOND * 252);
        assert_eq!(waits.time(), SECOND * 250);
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_around_a_wait_is_limited() {
        let waits = Waits::default();
        let start = Instant::now();
        let work = async {
            sleep(SECOND).await;
            waits.around(sleep(SECOND * 100)).await;
            sleep(SECOND * 9).await;
        };
        assert_eq!(waits.limit(SECOND * 3, work).await, None);
        assert_eq!(start.elapsed(), SECOND * 103);
        // A wait that is canceled has ended.
        let canceled = tokio::time::timeout(SECOND, waits.around(sleep(SECOND * 9)));
        canceled.await.unwrap_err();
        assert!(!waits.is_waiting());
        assert_eq!(waits.time(), SECOND * 101);
    }
}
