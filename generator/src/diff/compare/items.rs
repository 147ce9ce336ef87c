//! The Rust items of a thing that both documents have.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

use super::{Comparison, Finding, Place, Rule, What, finding, lines};
use crate::diff::surface::{Entity, Form, Item, Kind};

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

/// The rules that apply to an item whose tokens changed.
fn changed(form: Form, old: &str, new: &str) -> Vec<Rule> {
    match form {
        Form::Function | Form::TraitFunction => {}
        Form::Alias => return vec![Rule::AliasChanged],
        _ => return vec![Rule::FieldType],
    }
    let (Some(old), Some(new)) = (Signature::of(old), Signature::of(new)) else {
        return vec![Rule::ArgumentType];
    };
    let mut rules = Vec::new();
    let names = |of: &Signature| -> Vec<String> {
        of.arguments.iter().map(|(name, _)| name.clone()).collect()
    };
    let types =
        |of: &Signature| -> Vec<String> { of.arguments.iter().map(|(_, ty)| ty.clone()).collect() };
    if old.arguments.len() != new.arguments.len() {
        rules.push(Rule::ArgumentCount);
    } else if types(&old) != types(&new) {
        rules.push(if form == Form::TraitFunction {
            Rule::TraitArgumentType
        } else {
            Rule::ArgumentType
        });
    } else if names(&old) != names(&new) && sorted(names(&old)) == sorted(names(&new)) {
        rules.push(Rule::ArgumentOrder);
    }
    if old.output != new.output {
        rules.push(Rule::ReturnType);
    }
    rules
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

/// What of a signature its callers see.
struct Signature {
    /// Names and types, without `self`.
    arguments: Vec<(String, String)>,
    output: String,
}

impl Signature {
    fn of(tokens: &str) -> Option<Self> {
        let tokens: TokenStream = tokens.parse().ok()?;
        let public = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "pub");
        let tokens: TokenStream = tokens.into_iter().skip_while(public).collect();
        let signature: syn::Signature = syn::parse2(tokens).ok()?;
        let arguments = signature.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Typed(input) => Some((text(&input.pat), text(&input.ty))),
            syn::FnArg::Receiver(_) => None,
        });
        Some(Self {
            arguments: arguments.collect(),
            output: text(&signature.output),
        })
    }
}

fn text(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(old: &str, new: &str) -> Vec<Rule> {
        changed(Form::Function, old, new)
    }

    #[test]
    fn what_callers_write_decides() {
        let old = "pub fn get(&self, name: impl Into<String>, view: impl Into<String>) -> Get";
        for (new, expected) in [
            (
                "pub fn get(&self, title: impl Into<String>, view: impl Into<String>) -> Get",
                vec![],
            ),
            (
                "pub fn get(&self, view: impl Into<String>, name: impl Into<String>) -> Get",
                vec![Rule::ArgumentOrder],
            ),
            (
                "pub fn get(&self, name: impl Into<String>) -> Get",
                vec![Rule::ArgumentCount],
            ),
            (
                "pub fn get(&self, name: impl Into<String>, view: View) -> Get",
                vec![Rule::ArgumentType],
            ),
            (
                "pub fn get(&self, name: impl Into<String>, view: View) -> Call",
                vec![Rule::ArgumentType, Rule::ReturnType],
            ),
        ] {
            assert_eq!(rules(old, new), expected, "{new}");
        }
    }
}
