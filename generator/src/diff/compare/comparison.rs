//! The changes found so far, and the data for their verdicts.

use std::collections::HashMap;

use super::rules;
use crate::{
    diff::{
        Change, Finding, Group, Rule, Verdict, What,
        surface::{Entity, Form, Item, Kind},
    },
    text,
};

/// Two surfaces under comparison.
pub(super) struct Comparison {
    /// The items of the newer surface.
    pub(super) remaining: HashMap<String, Item>,
    pub(super) changes: Vec<Change>,
}

pub(super) fn finding(rule: Rule, item: impl Into<String>) -> Finding {
    let item = item.into();
    Finding { rule, item }
}

pub(super) fn judged(
    group: Group,
    kind: Kind,
    name: String,
    what: What,
    findings: Vec<Finding>,
) -> Change {
    let verdicts = findings.iter().map(|finding| finding.rule.verdict());
    Change {
        verdict: verdicts.max().unwrap_or(Verdict::Invisible),
        group,
        kind,
        name,
        what,
        findings,
        old: Vec::new(),
        new: Vec::new(),
        with: Vec::new(),
    }
}

/// The group that lists an entity, and the entity's name in the group.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) group: Group,
    pub(super) name: String,
}

impl Place {
    /// Returns the place of something inside an entity of this kind.
    pub(super) fn of(&self, parent: Kind, child: &Entity) -> Self {
        let wire = text::one_line(&child.wire);
        let name = &self.name;
        let (group, name) = match (parent, child.kind) {
            (Kind::Api, Kind::Resource) => (Group::Resource(wire), String::new()),
            (Kind::Api, Kind::Type) => (Group::Schema(wire), String::new()),
            // An inline type has the name of its property or parameter.
            (Kind::Property | Kind::Parameter, Kind::Type) => (self.group.clone(), name.clone()),
            (Kind::Method, Kind::Parameter) => (self.group.clone(), format!("{name}({wire})")),
            (Kind::Type, Kind::Type) => (self.group.clone(), format!("{name}{wire}")),
            _ if name.is_empty() => (self.group.clone(), wire),
            (_, Kind::Value) => (self.group.clone(), format!("{name} = {wire}")),
            (Kind::Method, Kind::Type) => (self.group.clone(), format!("{name} {wire}")),
            _ => (self.group.clone(), format!("{name}.{wire}")),
        };
        Self { group, name }
    }
}

impl Comparison {
    pub(super) fn push(
        &mut self,
        place: &Place,
        kind: Kind,
        what: What,
        findings: Vec<Finding>,
    ) -> &mut Change {
        let (group, name) = (place.group.clone(), place.name.clone());
        let change = judged(group, kind, name, what, findings);
        let index = self.changes.len();
        self.changes.push(change);
        &mut self.changes[index]
    }

    /// Returns the finding that an item was removed. Returns nothing if its owner was removed as well, which is a separate
    /// finding. If the name now belongs to another item, that is the finding.
    pub(super) fn missing(&self, item: &Item) -> Vec<Finding> {
        if let Some(other) = self.remaining.get(&item.path) {
            let rules = rules::changed_item(item, other).into_iter();
            return rules.map(|rule| finding(rule, &item.path)).collect();
        }
        if item.form.is_member() {
            let separator = if item.form == Form::Marker {
                ": "
            } else {
                "::"
            };
            let owner = item.path.rsplit_once(separator);
            if !owner.is_some_and(|(owner, _)| self.remaining.contains_key(owner)) {
                return Vec::new();
            }
        }
        let rule = match item.form {
            Form::Module => Rule::ModuleMissing,
            Form::Struct => Rule::StructMissing,
            Form::Enum => Rule::EnumMissing,
            Form::Alias => Rule::AliasMissing,
            Form::Trait => Rule::TraitMissing,
            Form::Constant => Rule::ConstantMissing,
            Form::Function => Rule::FunctionMissing,
            Form::TraitFunction => Rule::TraitFunctionMissing,
            Form::Field => Rule::FieldMissing,
            Form::Variant => Rule::VariantMissing,
            Form::Marker => Rule::MarkerMissing,
        };
        vec![finding(rule, &item.path)]
    }
}
