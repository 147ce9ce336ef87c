//! The wording that all formats of a report share.

use std::fmt::Write;

use super::{
    ApiChanges, Bump, Change, Changes, Group, Rule, Verdict, What,
    surface::{Fact, Kind},
};

/// The maximum number of listed names. Further names are only counted.
const LISTED: usize = 12;

/// Returns the noun for the thing that changed.
pub(super) fn noun(change: &Change) -> &'static str {
    match change.kind {
        Kind::Type if change.name.is_empty() => "schema",
        kind => kind.name(),
    }
}

/// Changes that share a line, because they are the same.
pub(super) struct Entry<'c> {
    /// The first of them.
    pub(super) change: &'c Change,
    /// The names of all.
    pub(super) names: Vec<&'c str>,
}

impl Entry<'_> {
    /// Returns the line of the entry: the names and the change.
    pub(super) fn line(&self, shown: impl Fn(&str) -> String + Copy) -> String {
        let (subject, happened) = (self.subject(shown), happened(self.change, shown));
        match self.change.what {
            What::Description => format!("{happened}: {subject}"),
            _ => format!("{subject} {happened}"),
        }
    }

    /// Returns the subject: `method get`, `methods get, list`. Names are left out for descriptions.
    fn subject(&self, shown: impl Fn(&str) -> String) -> String {
        let noun = noun(self.change);
        let called = |name: &&str| match *name {
            "" => noun.to_owned(),
            name => shown(name),
        };
        let names: Vec<String> = self.names.iter().map(called).collect();
        let names = list(&names, str::to_owned);
        match self.names[..] {
            _ if self.change.what == What::Description => names,
            [""] => names,
            [_] => format!("{noun} {names}"),
            _ => format!("{} {names}", plural(noun)),
        }
    }
}

/// Returns the plural of a noun.
pub(super) fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    }
}

/// Returns the entries of a group. Equal changes of one fact share an entry, and so do descriptions.
pub(super) fn entries(group: &[Change]) -> Vec<Entry<'_>> {
    let is_same = |a: &Change, b: &Change| match (&a.what, &b.what) {
        (What::Description, What::Description) => true,
        (What::Wire(one), What::Wire(other)) => {
            one == other && noun(a) == noun(b) && (&a.old, &a.new) == (&b.old, &b.new)
        }
        _ => false,
    };
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for change in group {
        let known = entries
            .iter_mut()
            .find(|entry| is_same(entry.change, change));
        match known {
            Some(entry) => entry.names.push(&change.name),
            None => entries.push(Entry {
                change,
                names: vec![&change.name],
            }),
        }
    }
    // Descriptions come last, because they matter least.
    entries.sort_by_key(|entry| entry.change.what == What::Description);
    entries
}

/// Describes the change, without the name of the thing.
pub(super) fn happened(change: &Change, shown: impl Fn(&str) -> String) -> String {
    let shown = |text: &str| {
        if text.is_empty() {
            "(empty)".to_owned()
        } else {
            shown(text)
        }
    };
    match &change.what {
        What::Added => format!("added{}", with(change, shown)),
        What::Removed => format!("removed{}", with(change, shown)),
        What::LooksRenamed(old) => format!("added, {} removed: looks renamed", shown(old)),
        What::RustName => "is called something else in Rust".to_owned(),
        What::Type => "has another type".to_owned(),
        What::Signature => match change.kind {
            Kind::Method => "has another signature".to_owned(),
            _ => "has other items".to_owned(),
        },
        What::BecameRequired => "is required now".to_owned(),
        What::BecameOptional => "is optional now".to_owned(),
        What::Deprecated => "is deprecated now".to_owned(),
        What::NotDeprecated => "is not deprecated any more".to_owned(),
        What::Wire(Fact::ReadOnly) if change.new.is_empty() => "can be set now".to_owned(),
        What::Wire(Fact::ReadOnly) => "is read-only now".to_owned(),
        What::Wire(fact) => match (&change.old[..], &change.new[..]) {
            ([], [new]) => format!("now has the {} {}", fact.name(), shown(new)),
            ([old], []) => format!("no longer has the {} {}", fact.name(), shown(old)),
            (old, new) => {
                let [old, new] = [old, new].map(|lines| shown(&lines.join(" ")));
                format!("changed {}: {old} → {new}", fact.name())
            }
        },
        What::Description => "described differently".to_owned(),
    }
}

/// Lists the parts that were added or removed with the thing.
fn with(change: &Change, shown: impl Fn(&str) -> String) -> String {
    if change.with.is_empty() {
        return String::new();
    }
    format!(", with {}", list(&change.with, shown))
}

/// Names, or as many of them as anybody reads.
pub(super) fn list(names: &[String], shown: impl Fn(&str) -> String) -> String {
    let listed = names.iter().take(LISTED);
    let mut text = listed
        .map(|name| shown(name))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > LISTED {
        let _ = write!(text, " and {} more", names.len() - LISTED);
    }
    text
}

/// Returns whether the lines of Rust compare the old and the new form. For additions and removals they do not.
pub(super) fn compares(change: &Change) -> bool {
    !matches!(
        change.what,
        What::Added | What::Removed | What::Wire(_) | What::Description
    )
}

/// Returns the Rust of a change, if it is not a comparison.
pub(super) fn rust(change: &Change) -> Option<&str> {
    match change.what {
        What::Added => change.new.first(),
        What::Removed => change.old.first(),
        _ => None,
    }
    .map(String::as_str)
}

/// Returns the heading of a group.
pub(super) fn group(group: &Group, shown: impl Fn(&str) -> String) -> Option<String> {
    match group {
        Group::Api => None,
        Group::Resource(path) => Some(format!("resource {}", shown(path))),
        Group::Schema(id) => Some(format!("schema {}", shown(id))),
    }
}

/// `revision 20201204 → 20261006`
pub(super) fn revisions(api: &ApiChanges) -> String {
    match (&api.old, &api.new) {
        (Some(old), Some(new)) if old == new => format!("revision {new}"),
        (Some(old), Some(new)) => format!("revision {old} → {new}"),
        (Some(old), None) => format!("revision {old}, gone"),
        (None, new) => format!("revision {}, new", new.as_deref().unwrap_or_default()),
    }
}

/// Returns whether a change breaks only literals that list all fields of a struct.
pub(super) fn for_literals(change: &Change) -> bool {
    let breaking = change.findings.iter().map(|finding| finding.rule);
    let mut breaking = breaking.filter(|rule| rule.verdict() == Verdict::Breaking);
    change.verdict == Verdict::Breaking && breaking.all(|rule| rule == Rule::FieldAdded)
}

/// `3 breaking, 12 additive, 4 invisible`
pub(super) fn counts(api: &ApiChanges) -> String {
    let verdicts = [Verdict::Breaking, Verdict::Additive, Verdict::Invisible];
    let literals = api.changes.iter().filter(|change| for_literals(change));
    let literals = match literals.count() {
        0 => String::new(),
        count => format!(" ({count} for literals without `..Default::default()`)"),
    };
    let counts = verdicts.map(|verdict| {
        let more = if verdict == Verdict::Breaking {
            literals.as_str()
        } else {
            ""
        };
        format!("{} {}{more}", api.count(verdict), verdict.name())
    });
    counts.join(", ")
}

/// Returns the rules of breaking changes, with the number of changes for each. A change counts for its first rule.
pub(super) fn breaking(changes: &Changes) -> Vec<(Rule, usize)> {
    let all = changes.apis.iter().flat_map(|api| &api.changes);
    let breaking = all.filter(|change| change.verdict == Verdict::Breaking);
    let rules: Vec<Rule> = breaking
        .filter_map(|change| {
            let mut rules = change.findings.iter().map(|finding| finding.rule);
            rules.find(|rule| rule.verdict() == Verdict::Breaking)
        })
        .collect();
    let count = |wanted: Rule| rules.iter().filter(|rule| **rule == wanted).count();
    let mut counts: Vec<(Rule, usize)> = Rule::all().map(|rule| (rule, count(rule))).collect();
    counts.retain(|(_, count)| *count > 0);
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// `1 document compared, 1 changed. The next version is a minor one, while it is 0.x a patch one.`
pub(super) fn conclusion(changes: &Changes, shown: impl Fn(&str) -> String) -> String {
    let documents = if changes.compared == 1 {
        "document"
    } else {
        "documents"
    };
    let compared = format!("{} {documents} compared", changes.compared);
    let Some(bump) = changes.verdict().map(Bump::from) else {
        return format!("{compared}: no change.");
    };
    format!(
        "{compared}, {} changed. The next version is a {} one, while it is 0.x a {} one.",
        changes.apis.len(),
        shown(bump.name()),
        shown(bump.before_one().name())
    )
}
