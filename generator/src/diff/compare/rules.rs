//! The rules that apply to an item that both documents have.

use crate::diff::{
    Rule,
    surface::{Entity, Form, Item, Kind, Rust, Signature},
};

/// Returns whether the form of a type is different, for example if a struct has become an enum.
pub(super) fn has_other_form(old: &Entity, new: &Entity) -> bool {
    let form = |entity: &Entity| entity.items.first().map(|item| item.form);
    old.kind == Kind::Type && form(old) != form(new)
}

/// Returns the rules that apply to a replaced item.
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
    // A caller of the function wants the handle.
    if old.role == "function" && new.role == "accessor" {
        rules.push(Rule::MustUseAdded);
    }
    rules
}

/// Returns the rules that apply to an item whose type or signature changed.
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

/// Returns the names or the types of the parameters.
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
