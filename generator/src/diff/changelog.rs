//! A report as an entry of a changelog, in the form of Keep a Changelog 1.1.0.

use std::collections::BTreeMap;

use super::{Change, Changes, Group, What, blocks::Effect, surface::Kind, words};
use crate::emit::docs::code;

/// The maximum number of names in a bullet. Further names are only counted.
const LISTED: usize = 50;

/// Returns the entry: the sections without the heading of a version, which the release adds. In each section breaking
/// changes come first.
#[must_use]
pub fn changelog(changes: &Changes) -> String {
    let mut sections: BTreeMap<Section, Vec<(Effect, String)>> = BTreeMap::new();
    for api in &changes.apis {
        let mut bullets: BTreeMap<(Section, Bullet), Vec<String>> = BTreeMap::new();
        for change in &api.changes {
            let key = (Section::of(change), Bullet::of(change));
            bullets.entry(key).or_default().push(full_name(change));
        }
        for ((section, bullet), names) in bullets {
            let line = bullet.line(&code(&api.module), &names);
            let lines = sections.entry(section).or_default();
            lines.push((bullet.effect, line));
        }
    }
    let sections = sections.into_iter().map(|(section, mut lines)| {
        let heading = section.heading();
        lines.sort_by_key(|(effect, _)| *effect);
        let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
        format!("### {heading}\n\n{}\n", lines.join("\n"))
    });
    sections.collect::<Vec<_>>().join("\n")
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Added,
    Changed,
    Deprecated,
    Removed,
}

impl Section {
    fn of(change: &Change) -> Self {
        match change.what {
            What::Added => Self::Added,
            What::Removed => Self::Removed,
            What::Deprecated => Self::Deprecated,
            _ => Self::Changed,
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Changed => "Changed",
            Self::Deprecated => "Deprecated",
            Self::Removed => "Removed",
        }
    }
}

/// The properties that all changes in one bullet share.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Bullet {
    described: bool,
    effect: Effect,
    kind: Kind,
    noun: &'static str,
    happened: String,
}

impl Bullet {
    fn of(change: &Change) -> Self {
        let described = change.what == What::Description;
        let happened = match &change.what {
            What::Added | What::Removed | What::Deprecated | What::Description => String::new(),
            What::LooksRenamed(old) => format!("looks renamed from {}", code(old)),
            _ => words::happened(change, code),
        };
        Self {
            described,
            effect: Effect::of(change),
            kind: if described { Kind::Api } else { change.kind },
            noun: if described {
                "description"
            } else {
                words::noun(change)
            },
            happened,
        }
    }

    fn line(&self, module: &str, names: &[String]) -> String {
        let mark = match self.effect {
            Effect::BreakingLiterals => {
                "**Breaking** for literals without `..Default::default()`: "
            }
            Effect::Breaking => "**Breaking:** ",
            Effect::Additive | Effect::Invisible => "",
        };
        let noun = match names {
            [_] => self.noun.to_owned(),
            _ => words::plural(self.noun),
        };
        if self.described {
            return format!("- {module}: {} {noun}.", names.len());
        }
        if self.kind == Kind::Api && self.happened.is_empty() {
            return format!("- {mark}{module}: the API.");
        }
        let names = words::list(names, LISTED, |name| code(&words::short(name)));
        let happened = if self.happened.is_empty() {
            String::new()
        } else {
            format!(" {}", self.happened)
        };
        format!("- {mark}{module}: {noun} {names}{happened}.")
    }
}

/// Returns the full name, from the API down.
fn full_name(change: &Change) -> String {
    let name = &change.name;
    match &change.group {
        Group::Api => name.clone(),
        Group::Resource(of) | Group::Schema(of) if name.is_empty() => of.clone(),
        // A value of a schema that is an enum.
        Group::Schema(of) if change.kind == Kind::Value && !name.contains(" = ") => {
            format!("{of} = {name}")
        }
        Group::Resource(of) | Group::Schema(of) => format!("{of}.{name}"),
    }
}
