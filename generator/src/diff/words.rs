//! The wording that all formats of a report share.

use std::fmt::Write;

use super::{
    ApiChanges, Bump, Change, Changes, Group, Note, Rule, Verdict, What,
    blocks::{Block, Entry, LISTED},
    surface::{Fact, Kind},
};

/// Returns the noun for the thing that changed.
pub(super) fn noun(change: &Change) -> &'static str {
    match change.kind {
        Kind::Type if change.name.is_empty() => "schema",
        kind => kind.name(),
    }
}

impl Entry<'_> {
    /// Returns the line of the entry: the names and the change.
    pub(super) fn line(&self, shown: impl Fn(&str) -> String + Copy) -> String {
        let subject = self.subject(shown);
        let happened = match &self.change.what {
            What::Added if self.is_crowd => "added".to_owned(),
            What::Removed if self.is_crowd => "removed".to_owned(),
            _ => happened(self.change, shown),
        };
        match self.change.what {
            What::Description => format!("{happened}: {subject}"),
            _ => format!("{subject} {happened}"),
        }
    }

    /// Returns the subject: `method get`, `methods get, list`. Omits names for descriptions.
    fn subject(&self, shown: impl Fn(&str) -> String) -> String {
        let noun = noun(self.change);
        let called = |name: &&str| match *name {
            "" => noun.to_owned(),
            name => shown(name),
        };
        let names: Vec<String> = self.names.iter().map(called).collect();
        let names = list(&names, LISTED, str::to_owned);
        match self.names[..] {
            _ if self.change.what == What::Description => names,
            [""] => names,
            [_] => format!("{noun} {names}"),
            _ => format!("{} {names}", plural(noun)),
        }
    }

    /// Returns the Rust of a single addition or removal.
    pub(super) fn rust(&self) -> Option<&str> {
        match self.change.what {
            _ if self.is_crowd => None,
            What::Added => self.change.new.first().map(String::as_str),
            What::Removed => self.change.old.first().map(String::as_str),
            _ => None,
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
        What::RustName => "has another name in Rust".to_owned(),
        What::Type => "has another type".to_owned(),
        What::Signature => match change.kind {
            Kind::Method => "has another signature".to_owned(),
            _ => "has other items".to_owned(),
        },
        What::BecameRequired => "is required now".to_owned(),
        What::BecameOptional => "is optional now".to_owned(),
        What::Deprecated => "is deprecated now".to_owned(),
        What::NotDeprecated => "is no longer deprecated".to_owned(),
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
    format!(", with {}", list(&change.with, LISTED, shown))
}

/// Returns up to `most` names, and the number of the others.
pub(super) fn list(names: &[String], most: usize, shown: impl Fn(&str) -> String) -> String {
    let listed = names.iter().take(most).map(|name| shown(name));
    let mut text = listed.collect::<Vec<_>>().join(", ");
    if names.len() > most {
        let _ = write!(text, " and {} more", names.len() - most);
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

/// Returns the heading of a group.
pub(super) fn group(group: &Group, shown: impl Fn(&str) -> String) -> Option<String> {
    match group {
        Group::Api => None,
        Group::Resource(path) => Some(format!("resource {}", shown(path))),
        Group::Schema(id) => Some(format!("schema {}", shown(id))),
    }
}

/// The maximum length of a name or a value in a report, in characters.
const LONGEST: usize = 200;

/// Returns a name or a value of limited length.
pub(super) fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `revision 20201204 → 20261006`
pub(super) fn revisions(api: &ApiChanges, shown: impl Fn(&str) -> String) -> String {
    let shown = |revision: &String| shown(&short(revision));
    match (&api.old, &api.new) {
        (Some(old), Some(new)) if old == new => format!("revision {}", shown(new)),
        (Some(old), Some(new)) => format!("revision {} → {}", shown(old), shown(new)),
        (Some(old), None) => format!("revision {}, removed", shown(old)),
        (None, new) => format!(
            "revision {}, new",
            new.as_ref().map(shown).unwrap_or_default()
        ),
    }
}

/// `7 breaking`
pub(super) fn count(block: &Block<'_>) -> String {
    format!("{} {}", block.count, block.effect.name())
}

/// Returns the line about the changes that a block does not list.
pub(super) fn omitted(block: &Block<'_>) -> Option<String> {
    let changes = match block.omitted {
        0 => return None,
        1 => "1 more change".to_owned(),
        more => format!("{more} more changes"),
    };
    Some(format!("… and {changes} of this kind"))
}

/// Returns the notes on the choice of the compared documents, each as a line of text.
#[must_use]
pub fn notes(changes: &Changes) -> Vec<String> {
    let notes = changes.notes.iter();
    notes.map(|note| self::note(note, short)).collect()
}

/// Returns the text of a note.
pub(super) fn note(note: &Note, shown: impl Fn(&str) -> String + Copy) -> String {
    match note {
        Note::NothingInCommon { old, new } => match (&old[..], &new[..]) {
            ([old], [new]) => format!(
                "{} and {} are different APIs: the first one is reported as removed, the second one as new",
                shown(old),
                shown(new)
            ),
            (_, []) => "there is no newer document: all APIs are reported as removed".to_owned(),
            ([], _) => "there is no older document: all APIs are reported as new".to_owned(),
            (old, new) => format!(
                "the sides have no API in common: the older documents describe {}, the newer ones {}",
                list(old, LISTED, shown),
                list(new, LISTED, shown)
            ),
        },
        Note::SeveralDocuments { id, names } => format!(
            "several documents describe {}, and the first one of these is compared: {}",
            shown(id),
            list(names, LISTED, shown)
        ),
    }
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

/// `1 document compared, 1 changed: 7 breaking, 5 additive, 2 invisible. The next version is a major version, or a minor version
/// before 1.0.`
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
    let early = match bump.before_one().name() {
        name if name == bump.name() => String::new(),
        name => format!(", or a {} version before 1.0", shown(name)),
    };
    format!(
        "{compared}, {} changed: {}. The next version is a {} version{early}.",
        changes.apis.len(),
        counts(changes),
        shown(bump.name()),
    )
}

/// `7 breaking (1 for literals without `..Default::default()`), 12 additive, 4 invisible`
fn counts(changes: &Changes) -> String {
    let all = || changes.apis.iter().flat_map(|api| &api.changes);
    let literals = all().filter(|change| change.breaks_only_literals());
    let literals = match literals.count() {
        0 => String::new(),
        count => format!(" ({count} for literals without `..Default::default()`)"),
    };
    let verdicts = [Verdict::Breaking, Verdict::Additive, Verdict::Invisible];
    let counts = verdicts.map(|verdict| {
        let count = all().filter(|change| change.verdict == verdict).count();
        let more = match verdict {
            Verdict::Breaking => literals.as_str(),
            _ => "",
        };
        format!("{count} {}{more}", verdict.name())
    });
    counts.join(", ")
}
