//! Pairs the documents to compare.

use std::{cmp::Reverse, collections::BTreeMap};

use serde::Deserialize;
use serde_json::Value;

use super::{ApiChanges, Changes, Note, compare};
use crate::{
    Analysis, Diagnostics, Generated, Options, Revision, Source, analyze_any_revision,
    check_exclusions, parallel, text::one_line,
};

/// The members that identify a document. They have any type here, because the analysis reports wrong types.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Head {
    kind: Value,
    id: Value,
    name: Value,
    version: Value,
    revision: Value,
}

impl Head {
    fn of(source: &Source) -> Self {
        let text = source.text.trim_start_matches('\u{feff}');
        serde_json::from_str(text).unwrap_or_default()
    }

    /// Returns the id, or else the name and the version, or else the name of the source.
    fn id(&self, source: &Source) -> String {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (id, name, version) = (text(&self.id), text(&self.name), text(&self.version));
        if !id.is_empty() {
            id
        } else if name.is_empty() || version.is_empty() {
            source.name.clone()
        } else {
            format!("{name}:{version}")
        }
    }
}

type Pair<'s> = (Option<&'s Source>, Option<&'s Source>);
type ById<'s> = BTreeMap<String, &'s Source>;

/// Compares the documents of the same id.
pub(super) fn by_id(
    old: &[Source],
    new: &[Source],
    options: &Options,
) -> Result<Changes, Diagnostics> {
    let mut notes = Vec::new();
    let (mut old, new) = (latest(old, &mut notes), latest(new, &mut notes));
    if !old.keys().any(|id| new.contains_key(id)) {
        let ids = |side: &ById<'_>| side.keys().map(|id| one_line(id)).collect();
        notes.push(Note::NothingInCommon {
            old: ids(&old),
            new: ids(&new),
        });
    }
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    for (id, source) in new {
        pairs.push((old.remove(&id), Some(source)));
    }
    pairs.extend(old.into_values().map(|source| (Some(source), None)));
    compare(pairs, notes, options)
}

/// Compares two documents, whatever their ids are.
pub(super) fn as_one(
    old: &Source,
    new: &Source,
    options: &Options,
) -> Result<Changes, Diagnostics> {
    compare(vec![(Some(old), Some(new))], Vec::new(), options)
}

/// Returns the document of the latest revision for each id.
fn latest<'s>(sources: &'s [Source], notes: &mut Vec<Note>) -> ById<'s> {
    let mut all: BTreeMap<String, Vec<(Revision, &'s Source)>> = BTreeMap::new();
    for source in sources {
        let head = Head::of(source);
        // A directory may also contain a list of APIs, which is not a document.
        if head.kind == "discovery#directoryList" && sources.len() > 1 {
            continue;
        }
        let revision = Revision::from(head.revision.as_str().unwrap_or_default());
        let same = all.entry(head.id(source)).or_default();
        same.push((revision, source));
    }
    let mut latest = ById::new();
    for (id, mut same) in all {
        // If revisions are equal, the first document is compared.
        same.sort_by(|(a, _), (b, _)| b.cmp(a));
        if same.len() > 1 {
            notes.push(Note::SeveralDocuments {
                id: one_line(&id),
                names: same.iter().map(|(_, it)| one_line(&it.name)).collect(),
            });
        }
        latest.extend(same.first().map(|(_, source)| (id, *source)));
    }
    latest
}

fn compare(
    mut pairs: Vec<Pair<'_>>,
    notes: Vec<Note>,
    options: &Options,
) -> Result<Changes, Diagnostics> {
    let compared = pairs.len();
    pairs.retain(|(old, new)| old.map(|old| &old.text) != new.map(|new| &new.text));
    // Large documents come first, so that no thread ends with one of them.
    let size = |source: Option<&Source>| source.map_or(0, |source| source.text.len());
    pairs.sort_by_key(|(old, new)| Reverse(size(*old) + size(*new)));
    let of_each = Options {
        more_documents: true,
        ..options.clone()
    };
    let mut problems = Diagnostics::default();
    let (mut apis, mut analyzed) = (Vec::new(), Vec::new());
    for result in parallel::map(&pairs, |pair| between(*pair, &of_each)) {
        match result {
            Ok(both) => {
                apis.extend(both.changes);
                analyzed.extend(both.analyzed);
            }
            Err(found) => found.into_iter().for_each(|found| problems.extend(found)),
        }
    }
    problems.propagate()?;
    // An exclusion may be for a document that is the same on both sides.
    if pairs.len() == compared {
        check_exclusions(options, &analyzed)?;
    }
    apis.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Changes {
        apis,
        compared,
        notes,
    })
}

/// The comparison of a pair.
struct Compared {
    changes: Option<ApiChanges>,
    analyzed: Vec<Generated>,
}

fn between((old, new): Pair<'_>, options: &Options) -> Result<Compared, Vec<Diagnostics>> {
    let analyzed = |source: Option<&Source>| -> Result<Option<Analysis>, Diagnostics> {
        source
            .map(|source| analyze_any_revision(source, options))
            .transpose()
    };
    match (analyzed(old), analyzed(new)) {
        (Ok(old), Ok(new)) => Ok(Compared {
            changes: compare::apis(old.as_ref(), new.as_ref()),
            analyzed: old.iter().chain(&new).map(Generated::from).collect(),
        }),
        (old, new) => Err([old.err(), new.err()].into_iter().flatten().collect()),
    }
}
