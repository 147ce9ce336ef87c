//! The clock of this machine, corrected by what servers say of theirs.

use super::advice::SKEW;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time of servers. Clones share what is known of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock {
    /// The seconds by which the clocks of servers are ahead of the clock of this machine, once one of them has said so.
    skew: Arc<AtomicI64>,
}

impl Clock {
    /// Returns the time of servers.
    pub(super) fn now(&self) -> SystemTime {
        let skew = self.skew.load(Ordering::Relaxed);
        let (now, difference) = (SystemTime::now(), Duration::from_secs(skew.unsigned_abs()));
        let corrected = if skew < 0 {
            now.checked_sub(difference)
        } else {
            now.checked_add(difference)
        };
        corrected.unwrap_or(now)
    }

    /// Returns the time of servers, in seconds since 1970.
    pub(super) fn seconds(&self) -> i64 {
        let since = self.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }

    /// Notes by how many seconds the clocks of servers are ahead. Returns `true` if that was not known.
    pub(super) fn note(&self, skew: i64) -> bool {
        let known = self.skew.load(Ordering::Relaxed);
        let is_new = skew.abs_diff(known) > SKEW.unsigned_abs();
        if is_new {
            self.skew.store(skew, Ordering::Relaxed);
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_correct_it() {
        let clock = Clock::default();
        let copy = clock.clone();
        assert!(!clock.note(3));
        for skew in [3_600, -3_600, i64::MAX, i64::MIN, 0] {
            assert!(clock.note(skew) && !clock.note(skew));
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            let now = i64::try_from(now.as_secs()).unwrap();
            if skew.unsigned_abs() < 1 << 40 {
                assert!((copy.seconds() - now - skew).abs() <= 1, "{skew}");
            }
        }
    }
}
