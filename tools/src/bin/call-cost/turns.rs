//! Two things in turn: other work on the machine slows both, and so hardly changes their ratio.

use std::time::Duration;

/// How long each took in each turn.
#[derive(Default)]
pub(crate) struct Turns(Vec<(Duration, Duration)>);

impl Turns {
    pub(crate) fn add(&mut self, ours: Duration, theirs: Duration) {
        self.0.push((ours, theirs));
    }

    /// Whether the next turn begins with ours: whoever is second may find caches warm.
    pub(crate) fn ours_first(&self) -> bool {
        self.0.len().is_multiple_of(2)
    }

    /// The median of the times that ours took, as parts of the time that theirs took in the same turn.
    pub(crate) fn ratio(&self) -> f64 {
        let ratios = self.0.iter();
        median(ratios.map(|(ours, theirs)| ours.as_secs_f64() / theirs.as_secs_f64()))
    }

    /// The medians of both, in seconds.
    pub(crate) fn medians(&self) -> (f64, f64) {
        let ours = median(self.0.iter().map(|(ours, _)| ours.as_secs_f64()));
        let theirs = median(self.0.iter().map(|(_, theirs)| theirs.as_secs_f64()));
        (ours, theirs)
    }
}

/// The middle one; not a number where there is none.
pub(crate) fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
