//! The Rust items of an entity that both documents have.

use super::{
    comparison::{Comparison, Place, finding},
    lines,
    rules::{changed_item, has_other_form},
};
use crate::diff::{
    Finding, Rule, What,
    surface::{Entity, Form, Item, Kind},
};

/// The differences between the items of an entity.
#[derive(Default)]
struct Difference {
    findings: Vec<Finding>,
    deprecations: Vec<Finding>,
    moved: bool,
    old: Vec<String>,
    new: Vec<String>,
}

impl Comparison {
    pub(super) fn items(&mut self, old: &Entity, new: &Entity, place: &Place) {
        let mut difference = Difference::default();
        // If the form of a type changed, its parts are not compared.
        let whole = has_other_form(old, new);
        let (was, is) = if whole {
            (&old.items[..1], &new.items[..1])
        } else {
            (&old.items[..], &new.items[..])
        };
        for item in was {
            let same = is.iter().find(|other| other.role == item.role);
            if let Some(same) = same {
                self.item(&mut difference, item, same);
            } else {
                let missing = self.missing(item);
                let line = (!missing.is_empty()).then(|| lines::item(item));
                difference.old.extend(line);
                difference.findings.extend(missing);
            }
        }
        for item in is {
            let known = was.iter().any(|other| other.role == item.role);
            // A module is needed only for its types, which have separate changes.
            if !known && item.form != Form::Module {
                difference
                    .findings
                    .push(finding(Rule::ItemAdded, &item.path));
                difference.new.push(lines::item(item));
            }
        }
        if whole {
            // Functions are compared with those of the type that now has the name.
            let functions = old.items.iter().filter(|item| item.form == Form::Function);
            let missing = functions.flat_map(|item| self.missing(item));
            difference.findings.extend(missing);
        }
        let Difference {
            mut findings,
            deprecations,
            moved,
            old: was,
            new: is,
        } = difference;
        let what = match (old.required, new.required, old.kind) {
            (false, true, _) => Some(What::BecameRequired),
            (true, false, _) => Some(What::BecameOptional),
            _ if findings.is_empty() => None,
            _ if moved => Some(What::RustName),
            (.., Kind::Method | Kind::Api | Kind::Resource) => Some(What::Signature),
            _ => Some(What::Type),
        };
        if what == Some(What::BecameRequired) {
            findings.push(finding(Rule::RequiredParameterAdded, ""));
        }
        if let Some(what) = what {
            let change = self.push(place, new.kind, what, findings);
            (change.old, change.new) = (was, is);
        }
        // An inline type is reached through its owner, which has the attribute.
        let own = old.kind != Kind::Type || place.name.is_empty();
        if own && old.deprecated != new.deprecated || !deprecations.is_empty() {
            let what = if new.deprecated {
                What::Deprecated
            } else {
                What::NotDeprecated
            };
            let findings = if deprecations.is_empty() {
                vec![finding(Rule::Documentation, "")]
            } else {
                deprecations
            };
            self.push(place, new.kind, what, findings);
        }
    }

    fn item(&self, difference: &mut Difference, old: &Item, new: &Item) {
        let found = difference.findings.len();
        if old.path != new.path {
            let missing = self.missing(old);
            difference.moved |= !missing.is_empty();
            difference.findings.extend(missing);
        }
        let rules = changed_item(old, new).into_iter();
        let rules = rules.map(|rule| finding(rule, &new.path));
        difference.findings.extend(rules);
        if found < difference.findings.len() {
            difference.old.push(lines::item(old));
            difference.new.push(lines::item(new));
        }
        if new.deprecated && !old.deprecated {
            let rule = match new.form {
                Form::Function => Rule::FunctionDeprecated,
                Form::TraitFunction => Rule::TraitFunctionDeprecated,
                Form::Field => Rule::FieldDeprecated,
                Form::Variant => Rule::VariantDeprecated,
                _ => Rule::TypeDeprecated,
            };
            difference.deprecations.push(finding(rule, &new.path));
        }
    }
}
