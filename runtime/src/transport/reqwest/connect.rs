//! The limit on connecting: around the connector of reqwest.
//!
//! reqwest's own `connect_timeout` is one for all requests, and it is divided among the addresses of a name: Google's names have
//! so many that a limit of a few seconds for all of them would leave too little for each.

use crate::transport::BoxFuture;
use crate::transport::connecting::Connecting;
use std::error::Error as StdError;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

type BoxError = Box<dyn StdError + Send + Sync>;

/// Limits a connector.
#[derive(Clone, Copy)]
pub(super) struct Limit;

/// A connector whose attempts end within the limits of the request that asks for them. They cover all of connecting: the
/// name, TCP, a proxy and TLS.
///
/// The HTTP client clones its connector for every request, also for one that has a connection already. So the connector within
/// is shared, and cloned for those that connect.
pub(super) struct Limited<S>(Arc<S>);

impl<S> Clone for Limited<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S> Layer<S> for Limit {
    type Service = Limited<S>;

    fn layer(&self, connector: S) -> Limited<S> {
        Limited(Arc::new(connector))
    }
}

impl<S, R> Service<R> for Limited<S>
where
    S: Service<R, Error = BoxError> + Clone + Send + Sync + 'static,
    S::Future: Send,
    R: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<S::Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: R) -> Self::Future {
        // Now, because a connection that is no longer needed is finished on another task.
        let limits = Connecting::current();
        let mut connector = S::clone(&self.0);
        let connecting = async move {
            poll_fn(|context| connector.poll_ready(context)).await?;
            connector.call(request).await
        };
        match limits {
            None => Box::pin(connecting),
            Some(limits) => Box::pin(async move { limits.limit(connecting).await? }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{Ready, ready};
    use std::time::Duration;
    use tokio::time::Instant;

    /// A connector that never gets further than the name.
    #[derive(Clone)]
    struct Stuck;

    /// A connector that fails by itself.
    #[derive(Clone)]
    struct Failing;

    impl Service<()> for Stuck {
        type Response = ();
        type Error = BoxError;
        type Future = std::future::Pending<Result<(), BoxError>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, (): ()) -> Self::Future {
            std::future::pending()
        }
    }

    impl Service<()> for Failing {
        type Response = ();
        type Error = BoxError;
        type Future = Ready<Result<(), BoxError>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, (): ()) -> Self::Future {
            ready(Err("refused".into()))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_connector_ends_with_its_request() {
        let limits = Connecting {
            at_most: Duration::from_secs(2),
            by: None,
        };
        let start = Instant::now();
        let stuck = limits.around(async { Limit.layer(Stuck).call(()).await });
        let error = stuck.await.unwrap_err();
        assert!(crate::transport::was_cut_off(&*error));
        assert_eq!(start.elapsed(), Duration::from_secs(2));
        let failing = limits.around(async { Limit.layer(Failing).call(()).await });
        assert_eq!(failing.await.unwrap_err().to_string(), "refused");
        // Without a request it has no limit.
        let stuck = Limit.layer(Stuck).call(());
        let hour = Duration::from_hours(1);
        assert!(tokio::time::timeout(hour, stuck).await.is_err());
    }
}
