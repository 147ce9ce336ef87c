//! The time limit for connecting: from the retry policy to the transport.

use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

tokio::task_local! {
    // An HTTP client shares its connections among requests, and a connector does not know for which request it connects. But it
    // is called on the task of that request.
    static CONNECTING: Connecting;
}

#[cfg(feature = "tower")]
tokio::task_local! {
    // The moment at which a request came to the middleware, which can keep it for as long as it wants.
    static ARRIVED: Instant;
}

/// The limits on connecting for one attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Connecting {
    /// The maximum time for connecting.
    #[cfg_attr(
        not(any(feature = "_http", test)),
        expect(dead_code, reason = "only the default transport limits it")
    )]
    pub(crate) at_most: Duration,
    /// The deadline for connecting; `None` beyond the end of time.
    pub(crate) by: Option<Instant>,
}

/// The connection was not there within these limits.
#[derive(Debug)]
pub(crate) struct ConnectTimeout;

impl Connecting {
    /// Returns the limits for connecting that begins later.
    pub(crate) fn later(self, time: Duration) -> Self {
        Self {
            by: self.by.and_then(|by| by.checked_add(time)),
            ..self
        }
    }

    /// Runs a request within these limits. Transports that wrap the default one need not know of them.
    pub(crate) fn around<F: Future>(self, request: F) -> impl Future<Output = F::Output> {
        CONNECTING.scope(self, request)
    }

    /// The limits of the request on this task.
    #[cfg(any(feature = "_http", feature = "tower", test))]
    pub(crate) fn current() -> Option<Self> {
        CONNECTING.try_with(|connecting| *connecting).ok()
    }

    /// Connects within the limits.
    #[cfg(any(feature = "_http", test))]
    pub(crate) async fn limit<F: Future>(self, connecting: F) -> Result<F::Output, ConnectTimeout> {
        let longest = Instant::now().checked_add(self.at_most);
        match longest.into_iter().chain(self.by).min() {
            None => Ok(connecting.await),
            Some(by) => timeout_at(by, connecting).await.map_err(|_| ConnectTimeout),
        }
    }
}

/// Runs a request through middleware.
#[cfg(feature = "tower")]
pub(crate) fn through_middleware<F: Future>(request: F) -> impl Future<Output = F::Output> {
    ARRIVED.scope(Instant::now(), request)
}

/// Runs a request that leaves the middleware. The time that the middleware took does not count as connecting.
#[cfg(feature = "tower")]
pub(crate) async fn after_middleware<F: Future>(request: F) -> F::Output {
    let arrived = ARRIVED.try_with(|arrived| *arrived).ok();
    match (Connecting::current(), arrived) {
        (Some(limits), Some(arrived)) => limits.later(arrived.elapsed()).around(request).await,
        _ => request.await,
    }
}

/// Returns the output of a future, or `None` if the future is not ready by this time.
///
/// Sets no timer for a future that is ready at once, as nearly all credentials are. Borrows the future, so that no future has
/// room for it twice.
pub(crate) async fn by<F: Future>(
    time: Option<Instant>,
    mut future: Pin<&mut F>,
) -> Option<F::Output> {
    let first = poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await;
    match (first, time) {
        (Poll::Ready(output), _) => Some(output),
        (Poll::Pending, None) => Some(future.await),
        (Poll::Pending, Some(time)) => timeout_at(time, future).await.ok(),
    }
}

impl fmt::Display for ConnectTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("timed out while connecting")
    }
}

impl StdError for ConnectTimeout {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};
    use std::pin::pin;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn the_shorter_limit_counts() {
        let start = Instant::now();
        for (at_most, by, expected) in [
            (SECOND * 2, Some(start + SECOND * 5), 2),
            (SECOND * 9, Some(start + SECOND * 5), 5),
            (Duration::MAX, Some(start + SECOND * 7), 7),
            (SECOND * 2, None, 9),
        ] {
            let connecting = Connecting { at_most, by };
            assert!(connecting.limit(pending::<()>()).await.is_err());
            assert_eq!(start.elapsed(), SECOND * expected);
        }
        // Late, but there.
        let late = Connecting {
            at_most: SECOND,
            by: Some(start),
        };
        assert!(late.limit(ready(1)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_has_its_limits_on_its_own_task_only() {
        assert!(Connecting::current().is_none());
        let limits = Connecting {
            at_most: SECOND,
            by: None,
        };
        let seen = limits.around(async {
            tokio::task::yield_now().await;
            let spawned = tokio::spawn(async { Connecting::current().is_none() });
            (Connecting::current(), spawned.await.unwrap())
        });
        let (seen, is_none_elsewhere) = seen.await;
        assert_eq!(seen.unwrap().at_most, SECOND);
        assert!(is_none_elsewhere && Connecting::current().is_none());
    }

    #[test]
    fn what_is_ready_needs_no_timer() {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let ready = runtime
            .unwrap()
            .block_on(by(Some(Instant::now()), pin!(ready(7))));
        assert_eq!(ready, Some(7));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_ready_has_until_then() {
        let start = Instant::now();
        let never = by(Some(start + SECOND), pin!(pending::<()>())).await;
        assert_eq!(never, None);
        assert_eq!(start.elapsed(), SECOND);
        let later = async {
            tokio::time::sleep(SECOND).await;
            7
        };
        assert_eq!(by(Some(start + SECOND * 3), pin!(later)).await, Some(7));
    }
}
