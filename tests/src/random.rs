//! Reproducible random numbers. They depend only on a seed, on any machine and in any version, so that findings can be
//! reproduced.

use std::time::Duration;

/// A random number generator (SplitMix64). It is not a crate, because its next version could return other numbers for
/// the same seed.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Creates the choices of one execution of a run.
    #[must_use]
    pub fn new(seed: u64, execution: u64) -> Self {
        let mut random = Self(seed);
        Self(random.bits() ^ execution.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// Creates the choices for these names and this number.
    #[must_use]
    pub fn of(names: &[&str], number: u64) -> Self {
        // Separates the names by a byte that no name contains.
        let bytes = names.iter().flat_map(|name| name.bytes().chain([0xff]));
        let bytes: Vec<u8> = bytes.chain(number.to_le_bytes()).collect();
        Self(hash(&bytes))
    }

    /// Returns 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `end`; 0 if there is none.
    pub fn below(&mut self, end: usize) -> usize {
        // The remainder favors small numbers, but not enough to matter here.
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.bits() % end).unwrap_or_default()
    }

    /// Returns a random part of a duration.
    pub fn part(&mut self, whole: Duration) -> Duration {
        let nanoseconds = usize::try_from(whole.as_nanos()).unwrap_or(usize::MAX);
        Duration::from_nanos(self.below(nanoseconds) as u64)
    }

    /// Returns `true` once in this many times.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Returns `true` in this percentage of calls.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// Returns one of the items, if there are any.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    /// Returns one of these texts; an empty one if there are none.
    pub fn word<'a>(&mut self, of: &[&'a str]) -> &'a str {
        self.pick(of).copied().unwrap_or_default()
    }

    /// Shuffles the items.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end + 1));
        }
    }
}

/// Returns a hash that is the same in every build (FNV-1a).
#[must_use]
pub fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
