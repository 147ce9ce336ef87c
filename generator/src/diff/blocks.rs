//! The layout that all reports share: breaking changes of all APIs first, similar changes on one line, and a limit.

use std::collections::HashMap;

use super::{
    ApiChanges, Change, Changes, Group, Verdict, What,
    surface::{Fact, Kind},
};

/// The maximum number of listed names. Further names are only counted.
pub(super) const LISTED: usize = 12;

/// The maximum number of entries of a section, divided among its APIs. Each API has at least [`FEWEST`].
const MOST: usize = 150;
const FEWEST: usize = 5;

/// The effect of changes, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    Breaking,
    /// It breaks only literals that list all fields of a struct.
    BreakingLiterals,
    Additive,
    Invisible,
}

impl Effect {
    const ALL: [Self; 4] = [
        Self::Breaking,
        Self::BreakingLiterals,
        Self::Additive,
        Self::Invisible,
    ];

    pub(super) fn of(change: &Change) -> Self {
        match change.verdict {
            Verdict::Breaking if change.breaks_only_literals() => Self::BreakingLiterals,
            Verdict::Breaking => Self::Breaking,
            Verdict::Additive => Self::Additive,
            Verdict::Invisible => Self::Invisible,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::BreakingLiterals => "breaking for literals without `..Default::default()`",
            Self::Breaking => Verdict::Breaking.name(),
            Self::Additive => Verdict::Additive.name(),
            Self::Invisible => Verdict::Invisible.name(),
        }
    }
}

/// The changes of an API with the same effect.
pub(super) struct Block<'c> {
    pub(super) api: &'c ApiChanges,
    pub(super) effect: Effect,
    /// The number of changes.
    pub(super) count: usize,
    /// The entries by group.
    pub(super) groups: Vec<(&'c Group, Vec<Entry<'c>>)>,
    /// The number of changes without an entry.
    pub(super) omitted: usize,
}

/// Changes that share a line, because they are similar.
pub(super) struct Entry<'c> {
    /// The first of them.
    pub(super) change: &'c Change,
    /// The names of all.
    pub(super) names: Vec<&'c str>,
    /// `true` if the details of the changes differ, so that only their names are listed.
    pub(super) is_crowd: bool,
}

/// Returns the blocks of a report, the worst first, then by API. `complete` lists every change.
pub(super) fn blocks(changes: &Changes, complete: bool) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    for effect in Effect::ALL {
        let of = |api: &'_ ApiChanges| -> usize {
            let changes = api.changes.iter();
            changes.filter(|it| Effect::of(it) == effect).count()
        };
        let apis = changes.apis.iter().map(|api| (api, of(api)));
        let apis: Vec<_> = apis.filter(|(_, count)| *count > 0).collect();
        let most = if complete {
            usize::MAX
        } else {
            (MOST / apis.len().max(1)).max(FEWEST)
        };
        let block = |(api, count)| block(api, effect, count, most);
        blocks.extend(apis.into_iter().map(block));
    }
    blocks
}

fn block(api: &ApiChanges, effect: Effect, count: usize, most: usize) -> Block<'_> {
    let changes = api.changes.iter();
    let changes = changes.filter(|change| Effect::of(change) == effect);
    let mut groups: Vec<(&Group, Vec<Entry<'_>>)> = Vec::new();
    let (mut listed, mut omitted) = (0, 0);
    for (group, entries) in grouped(&changes.collect::<Vec<_>>()) {
        let mut kept = Vec::new();
        for entry in entries {
            if listed < most {
                listed += 1;
                kept.push(entry);
            } else {
                omitted += entry.names.len();
            }
        }
        if !kept.is_empty() {
            groups.push((group, kept));
        }
    }
    Block {
        api,
        effect,
        count,
        groups,
        omitted,
    }
}

/// Returns the entries of each group.
fn grouped<'c>(changes: &[&'c Change]) -> Vec<(&'c Group, Vec<Entry<'c>>)> {
    // Many added or removed resources or schemas are an entry of the API.
    let mut whole: HashMap<(&What, Kind), Vec<&'c Change>> = HashMap::new();
    for change in changes {
        if is_whole(change) {
            whole
                .entry((&change.what, change.kind))
                .or_default()
                .push(change);
        }
    }
    whole.retain(|_, changes| changes.len() > LISTED);
    let is_in_crowd =
        |change: &Change| is_whole(change) && whole.contains_key(&(&change.what, change.kind));
    let rest: Vec<&Change> = changes
        .iter()
        .copied()
        .filter(|change| !is_in_crowd(change))
        .collect();
    let mut groups: Vec<(&Group, Vec<Entry<'_>>)> = rest
        .chunk_by(|a, b| a.group == b.group)
        .filter_map(|group| Some((&group.first()?.group, entries(group))))
        .collect();
    let mut crowds: Vec<Entry<'_>> = whole.values().filter_map(|all| crowd(all)).collect();
    crowds.sort_by_key(|entry| entry.change.kind);
    match groups.first_mut() {
        _ if crowds.is_empty() => {}
        Some((Group::Api, entries)) => entries.extend(crowds),
        _ => groups.insert(0, (&Group::Api, crowds)),
    }
    groups
}

/// Returns whether a whole resource or schema is added or removed.
fn is_whole(change: &Change) -> bool {
    change.name.is_empty()
        && change.group != Group::Api
        && matches!(change.what, What::Added | What::Removed)
}

/// Returns one entry for all of the changes.
fn crowd<'c>(changes: &[&'c Change]) -> Option<Entry<'c>> {
    let name = |change: &'c Change| match &change.group {
        Group::Resource(name) | Group::Schema(name) if change.name.is_empty() => name.as_str(),
        _ => change.name.as_str(),
    };
    Some(Entry {
        change: changes.first()?,
        names: changes.iter().map(|change| name(change)).collect(),
        is_crowd: true,
    })
}

/// The kind of a thing, and `true` for the whole group.
type Thing = (Kind, bool);

/// A property that changes in one entry share.
#[derive(PartialEq, Eq, Hash)]
enum Shared<'c> {
    Description,
    Wire(Fact, Thing, &'c [String], &'c [String]),
    Crowd(&'c What, Thing),
}

/// Returns the entries of a group. Equal changes of one fact share an entry. So do changed descriptions, and many added or removed
/// parts.
fn entries<'c>(group: &[&'c Change]) -> Vec<Entry<'c>> {
    let mut many: HashMap<Shared<'c>, usize> = HashMap::new();
    let thing = |change: &Change| (change.kind, change.name.is_empty());
    let shared = |change: &'c Change| match &change.what {
        What::Description => Some(Shared::Description),
        What::Wire(fact) => {
            let (old, new) = (&change.old[..], &change.new[..]);
            Some(Shared::Wire(*fact, thing(change), old, new))
        }
        what @ (What::Added | What::Removed) => Some(Shared::Crowd(what, thing(change))),
        _ => None,
    };
    for change in group {
        if let Some(key) = shared(change) {
            *many.entry(key).or_default() += 1;
        }
    }
    many.retain(|key, count| !matches!(key, Shared::Crowd(..)) || *count > LISTED);
    let mut places: HashMap<Shared<'c>, usize> = HashMap::new();
    let mut entries: Vec<Entry<'c>> = Vec::new();
    for change in group.iter().copied() {
        let key = shared(change).filter(|key| many.contains_key(key));
        let is_crowd = matches!(key, Some(Shared::Crowd(..)));
        let place = key.map(|key| *places.entry(key).or_insert(entries.len()));
        match place.and_then(|place| entries.get_mut(place)) {
            Some(entry) => entry.names.push(&change.name),
            None => entries.push(Entry {
                change,
                names: vec![&change.name],
                is_crowd,
            }),
        }
    }
    // Changed descriptions are last, because they are the least important.
    entries.sort_by_key(|entry| entry.change.what == What::Description);
    entries
}
