//! The log output of a test, at every level and of every crate.

use std::collections::HashMap;
use std::fmt::{Debug, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// A subscriber of `tracing` that records everything: spans when they close, events when they occur.
#[derive(Clone, Debug, Default)]
pub struct Journal(Arc<State>);

#[derive(Debug, Default)]
struct State {
    next: AtomicU64,
    open: Mutex<HashMap<u64, (String, usize)>>,
    lines: Mutex<Vec<String>>,
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Durations differ from run to run.
        if field.name() == "duration_ms" {
            self.0.push_str(" duration_ms");
        } else {
            let _ = write!(self.0, " {}={value:?}", field.name());
        }
    }
}

fn head(metadata: &Metadata<'_>) -> String {
    format!(
        "{} {} {}",
        metadata.level(),
        metadata.target(),
        metadata.name()
    )
}

impl Subscriber for Journal {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let id = self.0.next.fetch_add(1, Ordering::Relaxed) + 1;
        let mut line = head(attributes.metadata());
        attributes.record(&mut Line(&mut line));
        lock(&self.0.open).insert(id, (line, 1));
        Id::from_u64(id)
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        let mut open = lock(&self.0.open);
        let (line, _) = open.get_mut(&id.into_u64()).expect("an open span");
        values.record(&mut Line(line));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let mut line = format!("{} {}", metadata.level(), metadata.target());
        event.record(&mut Line(&mut line));
        lock(&self.0.lines).push(line);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}

    fn clone_span(&self, id: &Id) -> Id {
        let mut open = lock(&self.0.open);
        open.get_mut(&id.into_u64()).expect("an open span").1 += 1;
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let mut open = lock(&self.0.open);
        let (line, count) = open.get_mut(&id.into_u64()).expect("an open span");
        *count -= 1;
        let closed = (*count == 0).then(|| std::mem::take(line));
        if let Some(line) = closed {
            open.remove(&id.into_u64());
            lock(&self.0.lines).push(line);
            return true;
        }
        false
    }
}

impl Journal {
    /// Returns the lines so far.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        lock(&self.0.lines).clone()
    }

    /// Returns the number of open spans.
    #[must_use]
    pub fn open_spans(&self) -> usize {
        lock(&self.0.open).len()
    }
}

/// Returns the records of the crate `log`, which HTTP and TLS write to, for the whole process since the first call.
#[must_use]
pub fn records() -> Vec<String> {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        log::set_logger(&Records).expect("nobody else has set a logger");
        log::set_max_level(log::LevelFilter::Trace);
    });
    lock(&RECORDS).clone()
}

static RECORDS: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Records;

impl log::Log for Records {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let line = format!("{} {} {}", record.level(), record.target(), record.args());
        lock(&RECORDS).push(line);
    }

    fn flush(&self) {}
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
