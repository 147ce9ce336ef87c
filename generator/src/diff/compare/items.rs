//! The Rust items of a thing that both documents have.

use super::{Comparison, Finding, Place, Rule, What, finding, lines};
use crate::diff::surface::{Entity, Form, Item, Kind, Rust, Signature};

/// What is different about the items of a thing.
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
        // Of what is another thing altogether, nothing that it had is worth a word.
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
            // That a type needs a module is told by what is in it.
            if !known && item.form != Form::Module {
                difference
                    .findings
                    .push(finding(Rule::ItemAdded, &item.path));
                difference.new.push(lines::item(item));
            }
        }
        if whole {
            // Functions are looked for on whatever has the name now.
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
        // What is written inside something is reached by way of that, which has the attribute.
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

/// Whether a struct has become an enum, or the like.
pub(super) fn has_other_form(old: &Entity, new: &Entity) -> bool {
    let form = |entity: &Entity| entity.items.first().map(|item| item.form);
    old.kind == Kind::Type && form(old) != form(new)
}

/// The rules that apply to an item that is another one now.
pub(super) fn changed_item(old: &Item, new: &Item) -> Vec<Rule> {
    if old.form != new.form {
        return vec![match old.form {
            Form::Struct => Rule::StructChangedForm,
            Form::Enum => Rule::EnumChangedForm,
            _ => Rule::AliasChanged,
        }];
    }
    if old.rust == new.rust {
        return Vec::new();
    }
    let mut rules = changed(new.form, &old.rust, &new.rust);
    // Who asks for a handle wants it.
    if old.role == "function" && new.role == "accessor" {
        rules.push(Rule::MustUseAdded);
    }
    rules
}

/// The rules that apply to an item whose type or signature changed.
fn changed(form: Form, old: &Rust, new: &Rust) -> Vec<Rule> {
    match (old, new) {
        (Rust::Function(old), Rust::Function(new)) => changed_signature(form, old, new),
        _ if form == Form::Alias => vec![Rule::AliasChanged],
        _ => vec![Rule::FieldType],
    }
}

fn changed_signature(form: Form, old: &Signature, new: &Signature) -> Vec<Rule> {
    let mut rules = Vec::new();
    let names = |of: &Signature| column(of, |(name, _)| name);
    let types = |of: &Signature| column(of, |(_, ty)| ty);
    if old.parameters.len() != new.parameters.len() {
        rules.push(Rule::ArgumentCount);
    } else if types(old) != types(new) {
        rules.push(if form == Form::TraitFunction {
            Rule::TraitArgumentType
        } else {
            Rule::ArgumentType
        });
    } else if names(old) != names(new) && sorted(names(old)) == sorted(names(new)) {
        rules.push(Rule::ArgumentOrder);
    }
    if old.output != new.output {
        rules.push(Rule::ReturnType);
    }
    rules
}

/// The names or the types of the parameters.
fn column(of: &Signature, part: impl Fn(&(String, String)) -> &String) -> Vec<String> {
    of.parameters
        .iter()
        .map(|pair| part(pair).clone())
        .collect()
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(parameters: &[(&str, &str)], output: &str) -> Signature {
        let pairs = parameters.iter();
        Signature {
            text: String::new(),
            parameters: pairs
                .map(|(name, ty)| ((*name).to_owned(), (*ty).to_owned()))
                .collect(),
            output: output.to_owned(),
        }
    }

    #[test]
    fn what_callers_write_decides() {
        let (text, own) = ("impl Into<String>", "View");
        let old = signature(&[("name", text), ("view", text)], "Get");
        for (new, expected) in [
            (signature(&[("title", text), ("view", text)], "Get"), vec![]),
            (
                signature(&[("view", text), ("name", text)], "Get"),
                vec![Rule::ArgumentOrder],
            ),
            (
                signature(&[("name", text)], "Get"),
                vec![Rule::ArgumentCount],
            ),
            (
                signature(&[("name", text), ("view", own)], "Get"),
                vec![Rule::ArgumentType],
            ),
            (
                signature(&[("name", text), ("view", own)], "Call"),
                vec![Rule::ArgumentType, Rule::ReturnType],
            ),
        ] {
            let rules = changed_signature(Form::Function, &old, &new);
            assert_eq!(rules, expected, "{new:?}");
        }
    }
}
