//! Pairs the documents to compare.

use std::{cmp::Reverse, collections::BTreeMap};

use serde::Deserialize;

use super::{ApiChanges, Changes, compare};
use crate::{Analysis, Diagnostics, Options, Revision, Source, analyze_any_revision, parallel};

/// The members that identify a document.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Head {
    kind: String,
    id: String,
    revision: Revision,
}

type Pair<'s> = (Option<&'s Source>, Option<&'s Source>);

pub(super) fn compare(
    old: &[Source],
    new: &[Source],
    options: &Options,
) -> Result<Changes, Diagnostics> {
    let mut pairs = match (old, new) {
        ([old], [new]) => vec![(Some(old), Some(new))],
        _ => by_id(old, new),
    };
    let compared = pairs.len();
    pairs.retain(|(old, new)| old.map(|old| &old.text) != new.map(|new| &new.text));
    // Large documents come first, so that no thread ends with one of them.
    let size = |source: Option<&Source>| source.map_or(0, |source| source.text.len());
    pairs.sort_by_key(|(old, new)| Reverse(size(*old) + size(*new)));
    let mut problems = Diagnostics::default();
    let mut apis = Vec::new();
    for result in parallel::map(&pairs, |pair| between(*pair, options)) {
        match result {
            Ok(changes) => apis.extend(changes),
            Err(found) => found.into_iter().for_each(|found| problems.extend(found)),
        }
    }
    problems.propagate()?;
    apis.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Changes { apis, compared })
}

/// Pairs documents of the same id. Of two documents with the same id, the later revision counts.
fn by_id<'s>(old: &'s [Source], new: &'s [Source]) -> Vec<Pair<'s>> {
    let latest = |sources: &'s [Source]| {
        let mut latest: BTreeMap<String, (Revision, &'s Source)> = BTreeMap::new();
        for source in sources {
            // Errors in a document are reported when it is analyzed.
            let head: Head = serde_json::from_str(&source.text).unwrap_or_default();
            if head.kind == "discovery#directoryList" {
                continue;
            }
            let id = if head.id.is_empty() {
                source.name.clone()
            } else {
                head.id
            };
            let known = latest.get(&id);
            if known.is_none_or(|(revision, _)| *revision < head.revision) {
                latest.insert(id, (head.revision, source));
            }
        }
        latest
    };
    let (mut old, new) = (latest(old), latest(new));
    let mut pairs: Vec<Pair<'s>> = Vec::new();
    for (id, (_, source)) in new {
        let before = old.remove(&id).map(|(_, source)| source);
        pairs.push((before, Some(source)));
    }
    pairs.extend(old.into_values().map(|(_, source)| (Some(source), None)));
    pairs
}

fn between(
    (old, new): Pair<'_>,
    options: &Options,
) -> Result<Option<ApiChanges>, Vec<Diagnostics>> {
    let analyzed = |source: Option<&Source>| -> Result<Option<Analysis>, Diagnostics> {
        source
            .map(|source| analyze_any_revision(source, options))
            .transpose()
    };
    match (analyzed(old), analyzed(new)) {
        (Ok(old), Ok(new)) => Ok(compare::apis(old.as_ref(), new.as_ref())),
        (old, new) => Err([old.err(), new.err()].into_iter().flatten().collect()),
    }
}
