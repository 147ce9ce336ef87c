//! Alternating measurements of two operations. Other work on the machine slows both, so their ratio hardly changes.

use std::time::Duration;

/// The times of both operations in each round.
#[derive(Default)]
pub(crate) struct Turns(Vec<(Duration, Duration)>);

impl Turns {
    pub(crate) fn add(&mut self, ours: Duration, theirs: Duration) {
        self.0.push((ours, theirs));
    }

    /// Returns whether the next round begins with our operation, because the second one may find warm caches.
    pub(crate) fn ours_first(&self) -> bool {
        self.0.len().is_multiple_of(2)
    }

    /// Returns the median ratio of our time to their time.
    pub(crate) fn ratio(&self) -> f64 {
        let ratios = self.0.iter();
        median(ratios.map(|(ours, theirs)| ours.as_secs_f64() / theirs.as_secs_f64()))
    }

    /// Returns the medians of both, in seconds.
    pub(crate) fn medians(&self) -> (f64, f64) {
        let ours = median(self.0.iter().map(|(ours, _)| ours.as_secs_f64()));
        let theirs = median(self.0.iter().map(|(_, theirs)| theirs.as_secs_f64()));
        (ours, theirs)
    }
}

/// Returns the median; NaN if there are no figures.
pub(crate) fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
