//! Mutations of real documents, judged by the [`oracle`].
//!
//! | module | what it holds |
//! |---|---|
//! | [`dictionary`] | text that means harm |
//! | [`seeds`] | the documents that everything begins with |
//! | [`mutators`], `structure` | one change of a document |
//! | [`repair`] | what makes a changed document generate again |
//! | [`shrink`] | a smaller document with the same finding |
//!
//! Execution `i` of a run is a function of the seed and of `i`, whatever thread it is on.

use std::{
    fs, io,
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use gapi_generator::{Options, Source};
use serde_json::Value;

use crate::{
    oracle::{self, Finding, Verdict, watch},
    workspace,
};

pub mod dictionary;
pub mod mutators;

pub mod repair;
pub mod seeds;
pub mod shrink;
mod structure;
mod tree;

use crate::random::{self, Random};

/// What to run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Everything follows from it.
    pub seed: u64,
    /// After so many executions the run ends.
    pub executions: u64,
    /// After this time it ends as well.
    pub time: Duration,
    /// How many threads work.
    pub threads: usize,
}

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Documents that were tried.
    pub executions: u64,
    /// Those that generated.
    pub accepted: u64,
    /// Those that were refused with diagnostics.
    pub refused: u64,
    /// Documents that showed something that must not be.
    pub found: Vec<Found>,
    /// How long it took.
    pub time: Duration,
}

/// A document that showed something that must not be.
#[derive(Clone, Debug)]
pub struct Found {
    /// The execution.
    pub execution: u64,
    /// What it showed.
    pub findings: Vec<Finding>,
    /// The document, as small as it could be made.
    pub document: String,
}

/// A run ends early with so many documents: there is enough to mend.
const ENOUGH: usize = 20;

/// The host that every execution allows beside Google's.
pub const ALLOWED_HOST: &str = "allowed.example.com";

/// One document in so many goes through the crate as well.
const CRATES: u64 = 16;

/// Tries mutations until the plan is done.
#[must_use]
pub fn run(plan: &Plan) -> Tally {
    let seeds = seeds::all();
    let (next, begun) = (AtomicU64::new(0), Instant::now());
    let total = Mutex::new(Tally::default());
    thread::scope(|scope| {
        for _ in 0..plan.threads.max(1) {
            scope.spawn(|| {
                let watch = watch::Watch::start(watch::abort);
                while begun.elapsed() < plan.time {
                    let execution = next.fetch_add(1, Ordering::Relaxed);
                    if execution >= plan.executions {
                        break;
                    }
                    let text = document(&seeds, plan.seed, execution);
                    let verdict = watch.run(&text, || judge(execution, &text));
                    let mut total = total.lock().unwrap_or_else(PoisonError::into_inner);
                    total.add(execution, text, verdict);
                    if total.found.len() >= ENOUGH {
                        break;
                    }
                }
            });
        }
    });
    let mut total = total.into_inner().unwrap_or_else(PoisonError::into_inner);
    total.time = begun.elapsed();
    for found in &mut total.found {
        let execution = found.execution;
        found.document = shrink::shrink(&found.document, &found.findings, |text| {
            judge(execution, text)
        });
    }
    total
}

/// The document of an execution.
#[must_use]
pub fn document(seeds: &[Value], seed: u64, execution: u64) -> String {
    mutators::document(seeds, &mut Random::new(seed, execution))
}

/// What the oracle says of the document of an execution.
#[must_use]
pub fn judge(execution: u64, text: &str) -> Verdict {
    let source = Source {
        name: "mutation.json".to_owned(),
        text: text.to_owned(),
    };
    let options = Options {
        allowed_hosts: vec![ALLOWED_HOST.to_owned()],
        ..Options::default()
    };
    if execution.is_multiple_of(CRATES) {
        oracle::examine_crate(&source, &options)
    } else {
        oracle::examine(&source, &options)
    }
}

impl Tally {
    fn add(&mut self, execution: u64, document: String, verdict: Verdict) {
        self.executions += 1;
        match verdict {
            Verdict::Accepted { .. } => self.accepted += 1,
            Verdict::Refused(_) => self.refused += 1,
            Verdict::Broken(findings) => self.found.push(Found {
                execution,
                findings,
                document,
            }),
        }
    }

    /// The share of documents that generated, in percent.
    #[must_use]
    pub fn accepted_share(&self) -> u64 {
        self.accepted * 100 / self.executions.max(1)
    }

    /// What a person wants to know of the run.
    #[must_use]
    pub fn summary(&self) -> String {
        let seconds = self.time.as_millis().max(1);
        format!(
            "{} executions in {}.{:01} s ({} a second): {} accepted ({} %), {} refused, {} with findings",
            self.executions,
            seconds / 1_000,
            seconds % 1_000 / 100,
            u128::from(self.executions) * 1_000 / seconds,
            self.accepted,
            self.accepted_share(),
            self.refused,
            self.found.len()
        )
    }
}

impl Found {
    /// Keeps the document under `target/mutation/` so that it can be tried again.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self) -> io::Result<PathBuf> {
        let folder = workspace::root().join("target/mutation");
        fs::create_dir_all(&folder)?;
        let path = folder.join(format!(
            "{:016x}.json",
            random::hash(self.document.as_bytes())
        ));
        fs::write(&path, &self.document)?;
        Ok(path)
    }

    /// What was found, one a line.
    #[must_use]
    pub fn describe(&self) -> String {
        let lines = self
            .findings
            .iter()
            .take(5)
            .map(|finding| format!("  {finding}\n"));
        format!(
            "execution {}:\n{}",
            self.execution,
            lines.collect::<String>()
        )
    }
}
