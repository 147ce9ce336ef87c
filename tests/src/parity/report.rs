//! Figures of a comparison.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{
    compare::{self, CallOutcome},
    deviations::{self, Case, DEVIATIONS},
    recording::Line,
};

/// The number of lines of a variant, by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The requests are equal.
    pub equal: usize,
    /// The requests differ, and a deviation covers it.
    pub covered: usize,
    /// The requests differ.
    pub different: usize,
    /// The method, the parameter or the document is missing.
    pub missing: usize,
    /// The recorded client rejected the call.
    pub rejected: usize,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.equal += other.equal;
        self.covered += other.covered;
        self.different += other.different;
        self.missing += other.missing;
        self.rejected += other.rejected;
    }

    fn lines(self) -> usize {
        self.equal + self.covered + self.different + self.missing + self.rejected
    }
}

/// The figures of a run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// By variant.
    pub variants: BTreeMap<String, Counts>,
    /// The number of lines that each of [`DEVIATIONS`] covers.
    pub covered: Vec<usize>,
    /// Differences and missing items, one a line, limited to a readable number.
    pub shown: Vec<String>,
}

/// The outcome of a line.
enum Outcome {
    Equal,
    /// Each difference is covered. This is the rule of the first one.
    Covered(usize),
    Different(String),
    Missing(String),
    Rejected,
}

fn classify(line: &Line, outcome: &CallOutcome) -> Outcome {
    let Some(sent) = &line.sent else {
        let case = Case {
            line,
            outcome,
            difference: None,
        };
        // If only the generated client sends a request, there is nothing to compare.
        let sends = matches!(outcome, CallOutcome::Sent(_));
        let rule = deviations::covering(&case).filter(|_| sends);
        return rule.map_or(Outcome::Rejected, Outcome::Covered);
    };
    let mut first = None;
    for difference in compare::differences(sent, outcome) {
        let case = Case {
            line,
            outcome,
            difference: Some(&difference),
        };
        match (deviations::covering(&case), outcome) {
            (Some(rule), _) => first = first.or(Some(rule)),
            (None, CallOutcome::Missing(_)) => return Outcome::Missing(difference.to_string()),
            (None, _) => return Outcome::Different(difference.to_string()),
        }
    }
    first.map_or(Outcome::Equal, Outcome::Covered)
}

/// The number of printed differences of a variant.
const SHOWN: usize = 20;

impl Report {
    /// Counts a line.
    pub fn add_line(&mut self, line: &Line, outcome: &CallOutcome) {
        let outcome = classify(line, outcome);
        self.covered.resize(DEVIATIONS.len(), 0);
        let counts = self.variants.entry(line.variant.clone()).or_default();
        match outcome {
            Outcome::Equal => counts.equal += 1,
            Outcome::Covered(rule) => {
                self.covered[rule] += 1;
                counts.covered += 1;
            }
            Outcome::Rejected => counts.rejected += 1,
            Outcome::Missing(what) => {
                counts.missing += 1;
                self.show(line, &what);
            }
            Outcome::Different(what) => {
                counts.different += 1;
                self.show(line, &what);
            }
        }
    }

    /// Counts a line whose method is in no document.
    pub fn add_unknown(&mut self, line: &Line) {
        self.variants
            .entry(line.variant.clone())
            .or_default()
            .missing += 1;
        self.show(line, "no document has the method");
    }

    fn show(&mut self, line: &Line, what: &str) {
        let start = format!("{}, ", line.variant);
        if self
            .shown
            .iter()
            .filter(|shown| shown.starts_with(&start))
            .count()
            < SHOWN
        {
            self.shown.push(format!("{start}{}: {what}", line.id));
        }
    }

    /// Adds the figures of other lines.
    pub fn add(&mut self, other: Self) {
        for (variant, counts) in other.variants {
            self.variants.entry(variant).or_default().add(counts);
        }
        self.covered.resize(DEVIATIONS.len(), 0);
        for (own, more) in self.covered.iter_mut().zip(other.covered) {
            *own += more;
        }
        self.shown.extend(other.shown);
    }

    /// Returns whether every request is equal or an intended difference.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.variants
            .values()
            .all(|counts| counts.different + counts.missing == 0)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "variant         lines     equal   covered  different   missing  rejected"
        )?;
        let mut total = Counts::default();
        let row = |f: &mut fmt::Formatter<'_>, name: &str, counts: Counts| {
            let Counts {
                equal,
                covered,
                different,
                missing,
                rejected,
            } = counts;
            let lines = counts.lines();
            writeln!(
                f,
                "{name:<11}{lines:>10}{equal:>10}{covered:>10}{different:>11}{missing:>10}{rejected:>10}"
            )
        };
        for (variant, counts) in &self.variants {
            row(f, variant, *counts)?;
            total.add(*counts);
        }
        row(f, "all", total)?;
        for (deviation, lines) in DEVIATIONS.iter().zip(&self.covered) {
            writeln!(f, "{lines:>8}  {}", deviation.rule)?;
        }
        for shown in &self.shown {
            writeln!(f, "{shown}")?;
        }
        Ok(())
    }
}
