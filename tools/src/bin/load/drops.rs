//! Futures that are dropped at random points: nothing panics, no span stays open, and later calls succeed.

use std::{
    future::poll_fn,
    panic,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering},
    },
    task::Poll,
    time::Duration,
};

use gapi::spanner_v1::projects::instances::operations::Operations;
use tracing::{Event, Metadata, Subscriber, span};

use crate::{
    Result, clients,
    faulty::{FATES, open_connections},
    runtime, server,
};

const FUTURES: usize = 50_000;

/// The number of concurrent futures.
const TASKS: usize = 100;

/// The number of calls afterwards.
const LATER: usize = 1_000;

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Counts the spans that are open.
#[derive(Clone, Default)]
struct Spans {
    open: Arc<AtomicI64>,
    made: Arc<AtomicU64>,
}

impl Subscriber for Spans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "gapi_runtime"
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        self.open.fetch_add(1, Ordering::SeqCst);
        span::Id::from_u64(self.made.fetch_add(1, Ordering::SeqCst) + 1)
    }

    fn clone_span(&self, id: &span::Id) -> span::Id {
        self.open.fetch_add(1, Ordering::SeqCst);
        id.clone()
    }

    fn try_close(&self, _: span::Id) -> bool {
        self.open.fetch_sub(1, Ordering::SeqCst);
        false
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, _: &Event<'_>) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

pub(crate) fn check() -> Result<bool> {
    let spans = Spans::default();
    tracing::subscriber::set_global_default(spans.clone())?;
    let hook = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        hook(panic);
    }));
    let server = server::Process::start("faulty")?;
    let runtime = runtime()?;
    let lost = runtime.block_on(async {
        let operations = clients::operations(&server.url).await?;
        drop_all(&operations).await?;
        later(&operations).await
    })?;
    // The client has been dropped.
    runtime.block_on(async { tokio::time::sleep(Duration::from_secs(2)).await });
    let connections = open_connections(&server.url)?;
    let (panics, open) = (
        PANICS.load(Ordering::SeqCst),
        spans.open.load(Ordering::SeqCst),
    );
    let made = spans.made.load(Ordering::SeqCst);
    println!(
        "{FUTURES} futures dropped: {panics} panics, {open} of {made} spans open, {lost} of {LATER} later calls lost, \
         {connections} connections after the client"
    );
    Ok(panics == 0 && open == 0 && made > 0 && lost == 0 && connections <= 1)
}

/// Polls each future a few times, or for a short time, and drops it.
async fn drop_all(operations: &Operations) -> Result<()> {
    let next = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (operations, next) = (operations.clone(), next.clone());
            tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= FUTURES {
                        return;
                    }
                    let fate = FATES[fastrand::usize(..FATES.len())];
                    let name = format!("projects/p/instances/i/operations/{fate}-{number}");
                    let mut call = operations.get(name).send();
                    let (mut polls, time) = (fastrand::u32(..6), fastrand::u64(..3_000));
                    let polled = poll_fn(|context| {
                        let result = Pin::new(&mut call).poll(context);
                        polls = polls.saturating_sub(1);
                        if result.is_ready() || polls == 0 {
                            Poll::Ready(())
                        } else {
                            Poll::Pending
                        }
                    });
                    // Whichever is first.
                    let _ = tokio::time::timeout(Duration::from_micros(time), polled).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await?;
    }
    Ok(())
}

/// Returns the number of calls that do not succeed afterwards.
async fn later(operations: &Operations) -> Result<usize> {
    let mut lost = 0;
    for number in 0..LATER {
        let name = format!("projects/p/instances/i/operations/good-{number}");
        let call = operations.get(&name).timeout(Duration::from_secs(5));
        let result = call.send().await;
        if result.ok().and_then(|operation| operation.name) != Some(name) {
            lost += 1;
        }
    }
    Ok(lost)
}
