//! Compares two surfaces. The changes of the Rust items of an entity decide the verdict on it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    ApiChanges, Change, Finding, Group, Rule, What, renamed,
    surface::{Entity, Fact, Item, Kind},
};
use crate::{Analysis, text};

mod comparison;
mod items;
mod lines;
mod rules;

use comparison::{Comparison, Place, finding, judged};

/// Compares two documents; none if nothing changed.
pub(super) fn apis(old: Option<&Analysis>, new: Option<&Analysis>) -> Option<ApiChanges> {
    let any = new.or(old)?;
    let revision = |analysis: &Analysis| text::one_line(analysis.api.revision.as_str());
    let mut comparison = Comparison {
        remaining: HashMap::new(),
        changes: Vec::new(),
    };
    match (old, new) {
        (Some(old), Some(new)) => {
            let (old, new) = (old.surface(), new.surface());
            comparison.remaining = paths(&new);
            let root = Place {
                group: Group::Api,
                name: String::new(),
            };
            comparison.pair(&old, &new, &root);
        }
        (old, _) => comparison.changes.push(whole(any, old.is_some())),
    }
    let mut changes = comparison.changes;
    changes.sort_by(|a, b| {
        // The worst change of a group comes first.
        (&a.group, b.verdict, &a.name).cmp(&(&b.group, a.verdict, &b.name))
    });
    (!changes.is_empty()).then(|| ApiChanges {
        id: text::one_line(&any.api.id),
        title: text::one_line(&any.api.title),
        module: any.names.module.clone(),
        old: old.map(revision),
        new: new.map(revision),
        changes,
    })
}

/// Returns the change of a whole API that was added or removed.
fn whole(analysis: &Analysis, gone: bool) -> Change {
    let module = &analysis.names.module;
    let rules: &[Rule] = if gone {
        &[Rule::FeatureMissing, Rule::ModuleMissing]
    } else {
        &[Rule::ItemAdded]
    };
    let findings = rules.iter().map(|rule| finding(*rule, module)).collect();
    let line = vec![format!("pub mod {module}")];
    let (what, old, new) = if gone {
        (What::Removed, line, Vec::new())
    } else {
        (What::Added, Vec::new(), line)
    };
    let with = analysis.selection.root.children.iter();
    Change {
        old,
        new,
        with: with
            .map(|child| text::one_line(&child.path.join(".")))
            .collect(),
        ..judged(Group::Api, Kind::Api, String::new(), what, findings)
    }
}

/// Returns every public item by its path.
fn paths(surface: &Entity) -> HashMap<String, Item> {
    let items = surface.all().flat_map(|entity| &entity.items);
    items
        .map(|item| (item.path.clone(), item.clone()))
        .collect()
}

impl Comparison {
    /// Compares an entity that both documents have.
    fn pair(&mut self, old: &Entity, new: &Entity, place: &Place) {
        self.items(old, new, place);
        let item = new.items.first().map_or("", |item| item.path.as_str());
        for (fact, before, after) in changed_facts(old, new) {
            let rule = if fact.is_documentation(before, after) {
                Rule::Documentation
            } else {
                Rule::Wire
            };
            let change = self.push(place, new.kind, What::Wire(fact), vec![finding(rule, item)]);
            change.old.extend(before.map(|value| text::one_line(value)));
            change.new.extend(after.map(|value| text::one_line(value)));
        }
        // Line breaks in descriptions do not matter.
        let words = |docs: &Option<String>| docs.as_deref().map_or(String::new(), text::folded);
        if old.docs != new.docs && words(&old.docs) != words(&new.docs) {
            let findings = vec![finding(Rule::Documentation, item)];
            let change = self.push(place, new.kind, What::Description, findings);
            change.old.extend(old.docs.as_deref().map(text::lines));
            change.new.extend(new.docs.as_deref().map(text::lines));
        }
        if !rules::has_other_form(old, new) {
            self.children(old, new, place);
        }
    }

    fn children(&mut self, old: &Entity, new: &Entity, place: &Place) {
        let key = |child: &Entity| (child.kind, child.wire.clone());
        let mut before: BTreeMap<_, _> = old
            .children
            .iter()
            .map(|child| (key(child), child))
            .collect();
        let mut added = Vec::new();
        for child in &new.children {
            match before.remove(&key(child)) {
                Some(same) => self.pair(same, child, &place.of(new.kind, child)),
                None => added.push(child),
            }
        }
        let removed: Vec<&Entity> = before.into_values().collect();
        let renamed = renamed::pairs(&removed, &added);
        for &(from, to) in &renamed {
            let (from, to) = (removed[from], added[to]);
            let mut findings = self.findings_of_removed(from);
            findings.extend(findings_of_added(to, new));
            let was = place.of(old.kind, from);
            let was = match was.group {
                Group::Resource(name) | Group::Schema(name) if was.name.is_empty() => name,
                _ => was.name,
            };
            let what = What::LooksRenamed(was);
            let change = self.push(&place.of(new.kind, to), to.kind, what, findings);
            change.old = lines::of(from);
            change.new = lines::of(to);
        }
        let (from, to): (HashSet<usize>, HashSet<usize>) = renamed.into_iter().unzip();
        let removed = without(removed, &from);
        let added = without(added, &to);
        for child in removed {
            let findings = self.findings_of_removed(child);
            let change = self.push(
                &place.of(old.kind, child),
                child.kind,
                What::Removed,
                findings,
            );
            change.old = lines::of(child);
            change.with = inside(child);
        }
        for child in added {
            let findings = findings_of_added(child, new);
            let change = self.push(
                &place.of(new.kind, child),
                child.kind,
                What::Added,
                findings,
            );
            change.new = lines::of(child);
            change.with = inside(child);
        }
    }

    /// Returns the findings for a removed entity, including everything inside it.
    fn findings_of_removed(&self, entity: &Entity) -> Vec<Finding> {
        let items = entity.all().flat_map(|entity| &entity.items);
        let mut findings: Vec<Finding> = items.flat_map(|item| self.missing(item)).collect();
        if entity.kind == Kind::Parameter && entity.required {
            findings.push(finding(Rule::RequiredParameterMissing, ""));
        }
        if findings.is_empty() {
            findings.push(finding(Rule::Wire, ""));
        }
        findings
    }
}

/// Returns the entities without those at these positions.
fn without<'e>(entities: Vec<&'e Entity>, positions: &HashSet<usize>) -> Vec<&'e Entity> {
    let others = entities.into_iter().enumerate();
    let others = others.filter(|(position, _)| !positions.contains(position));
    others.map(|(_, entity)| entity).collect()
}

fn findings_of_added(entity: &Entity, parent: &Entity) -> Vec<Finding> {
    if entity.kind == Kind::Parameter && entity.required && parent.kind == Kind::Method {
        return vec![finding(Rule::RequiredParameterAdded, "")];
    }
    let rule = match entity.kind {
        // All generated structs allow literals with all fields.
        Kind::Property => Rule::FieldAdded,
        _ => Rule::ItemAdded,
    };
    let item = entity.items.first();
    vec![finding(rule, item.map_or("", |item| item.path.as_str()))]
}

fn changed_facts<'f>(
    old: &'f Entity,
    new: &'f Entity,
) -> Vec<(Fact, Option<&'f String>, Option<&'f String>)> {
    let mut facts: Vec<Fact> = old.facts.keys().chain(new.facts.keys()).copied().collect();
    facts.sort();
    facts.dedup();
    let both = facts
        .into_iter()
        .map(|fact| (fact, old.facts.get(&fact), new.facts.get(&fact)));
    both.filter(|(_, before, after)| before != after).collect()
}

/// Returns the names of the parts that are added or removed with an entity.
fn inside(entity: &Entity) -> Vec<String> {
    let wanted = match entity.kind {
        Kind::Resource => [Kind::Method, Kind::Method],
        Kind::Type => [Kind::Property, Kind::Value],
        _ => return Vec::new(),
    };
    let children = entity.children.iter();
    let children = children.filter(|child| wanted.contains(&child.kind));
    children.map(|child| text::one_line(&child.wire)).collect()
}
