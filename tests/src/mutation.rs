//! Mutations of real documents, checked by the [`oracle`].
//!
//! | module | contents |
//! |---|---|
//! | [`dictionary`] | hostile text |
//! | [`seeds`] | the original documents |
//! | [`mutators`], `structure` | one change of a document |
//! | [`repair`] | repairs that make a changed document generate again |
//! | [`shrink`] | a smaller document with the same finding |
//!
//! Execution `i` of a run is a function of the seed and of `i`, on any thread.

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

/// A plan for a run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The seed, which decides everything.
    pub seed: u64,
    /// The number of executions after which the run ends.
    pub executions: u64,
    /// The time after which the run ends.
    pub time: Duration,
    /// The number of threads.
    pub threads: usize,
}

/// The result of a run.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// The number of documents.
    pub executions: u64,
    /// The number of documents that generated.
    pub accepted: u64,
    /// The number of documents that were rejected with diagnostics.
    pub rejected: u64,
    /// The documents with findings.
    pub found: Vec<Found>,
    /// The duration of the run.
    pub time: Duration,
}

/// A document with findings.
#[derive(Clone, Debug)]
pub struct Found {
    /// The number of the execution.
    pub execution: u64,
    /// The findings.
    pub findings: Vec<Finding>,
    /// The document, as small as possible.
    pub document: String,
}

/// A run ends early after this many findings.
const ENOUGH: usize = 20;

/// The host that every execution allows in addition to Google's.
pub const ALLOWED_HOST: &str = "allowed.example.com";

/// One document in this many is also generated as a crate.
const CRATES: u64 = 16;

/// Runs mutations until the plan is complete.
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

/// Returns the document of an execution.
#[must_use]
pub fn document(seeds: &[Value], seed: u64, execution: u64) -> String {
    mutators::document(seeds, &mut Random::new(seed, execution))
}

/// Checks the document of an execution with the oracle.
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
            Verdict::Rejected(_) => self.rejected += 1,
            Verdict::Broken(findings) => self.found.push(Found {
                execution,
                findings,
                document,
            }),
        }
    }

    /// Returns the share of documents that generated, in percent.
    #[must_use]
    pub fn accepted_share(&self) -> u64 {
        self.accepted * 100 / self.executions.max(1)
    }

    /// Returns a summary of the run.
    #[must_use]
    pub fn summary(&self) -> String {
        let seconds = self.time.as_millis().max(1);
        format!(
            "{} executions in {}.{:01} s ({} a second): {} accepted ({} %), {} rejected, {} with findings",
            self.executions,
            seconds / 1_000,
            seconds % 1_000 / 100,
            u128::from(self.executions) * 1_000 / seconds,
            self.accepted,
            self.accepted_share(),
            self.rejected,
            self.found.len()
        )
    }
}

impl Found {
    /// Saves the document in `target/mutation/`, to check it again later.
    ///
    /// # Errors
    /// Returns an error if it cannot be written.
    pub fn save(&self) -> io::Result<PathBuf> {
        let directory = workspace::root().join("target/mutation");
        fs::create_dir_all(&directory)?;
        let path = directory.join(format!(
            "{:016x}.json",
            random::hash(self.document.as_bytes())
        ));
        fs::write(&path, &self.document)?;
        Ok(path)
    }

    /// Returns the findings, one a line.
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
