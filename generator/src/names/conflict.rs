//! Conflicts of names, and renames that resolve all of them together.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    case,
    scope::{Conflict, LONGEST, Renames, candidate},
};
use crate::diagnostics::Pointer;

/// The maximum number of attempts. Two suffice unless a suggested name is taken.
const ATTEMPTS: usize = 8;

/// The maximum length of a suggested name, without its suffix.
const SHORT: usize = 60;

/// A conflict, and the name that resolves it.
#[derive(Clone, Debug)]
pub(super) struct Fix {
    pub(super) conflict: Conflict,
    pub(super) rust: String,
    /// The number of names that were tried.
    tries: usize,
}

/// Suggests a name for each conflict. `attempt` names everything with additional renames, and returns the remaining conflicts.
/// Suggestions are tried, because they may collide with other names.
pub(super) fn fixes(
    first: Vec<Conflict>,
    renames: &Renames,
    attempt: impl Fn(&Renames) -> Vec<Conflict>,
) -> Vec<Fix> {
    let (mut renames, mut found) = (renames.clone(), first);
    let mut fixes: Vec<Fix> = Vec::new();
    let mut known: BTreeMap<Pointer, usize> = BTreeMap::new();
    let mut counts = BTreeMap::new();
    for _ in 0..ATTEMPTS {
        let mut seen = BTreeSet::new();
        for conflict in found {
            // A member and its inline type have one place.
            if !seen.insert(conflict.place.clone()) {
                continue;
            }
            let index = *known.entry(conflict.place.clone()).or_insert(fixes.len());
            let tries = fixes.get(index).map_or(0, |fix| fix.tries);
            let rust = conflict.suggestion(tries, &mut counts);
            renames.insert(conflict.place.as_str(), &rust);
            match fixes.get_mut(index) {
                Some(fix) => (fix.rust, fix.tries) = (rust, tries + 1),
                None => fixes.push(Fix {
                    conflict,
                    rust,
                    tries: 1,
                }),
            }
        }
        found = attempt(&renames);
        if found.is_empty() {
            break;
        }
    }
    fixes
}

impl Conflict {
    /// Returns a name: first the text with its signs as words, then the name with the suffix of its kind. A name that was suggested
    /// before in the same part of the document gets a number.
    fn suggestion(&self, tries: usize, counts: &mut BTreeMap<(Pointer, String), usize>) -> String {
        let spelled = candidate(&case::spelled(&self.wire), self.kind);
        let name = self.name.trim_start_matches("r#");
        let stem = if name.is_empty() { &spelled } else { name };
        // All of it is ASCII.
        let short = stem.get(..SHORT).unwrap_or(stem).trim_end_matches('_');
        let suffixed = format!("{short}{}", self.kind.suffix());
        let is_better = spelled != name && spelled.len() <= LONGEST;
        let base = if is_better && tries == 0 {
            spelled
        } else {
            suffixed
        };
        let count = counts
            .entry((self.place.beside(""), base.clone()))
            .or_insert(0);
        *count += 1;
        match *count {
            1 => base,
            count if self.kind.is_pascal() => format!("{base}{count}"),
            count => format!("{base}_{count}"),
        }
    }
}
