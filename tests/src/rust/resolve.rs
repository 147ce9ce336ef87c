//! Resolves types and signatures to full paths, as far as generated code needs it.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::{
    FnArg, GenericArgument, GenericParam, Generics, PathArguments, ReturnType, Signature, Type,
    TypeParamBound,
};

/// Names without an import. Paths of the standard library are shortened to their last segment.
const PRELUDE: &[&str] = &[
    "Box",
    "Clone",
    "Debug",
    "Default",
    "Display",
    "Eq",
    "From",
    "Hash",
    "Into",
    "IntoIterator",
    "Option",
    "PartialEq",
    "Self",
    "String",
    "Vec",
    "bool",
    "f64",
    "i32",
    "i64",
    "str",
    "u32",
    "u64",
];

/// The traits that the runtime passes on to its macros.
const SERDE: [&str; 4] = ["Deserialize", "Deserializer", "Serialize", "Serializer"];

/// The declarations and imports of the modules of an API.
#[derive(Debug, Default)]
pub(super) struct Names {
    declared: BTreeSet<Vec<String>>,
    modules: BTreeSet<Vec<String>>,
    /// Imports by module and name.
    imports: BTreeMap<(Vec<String>, String), Vec<String>>,
}

/// Returns the names of type parameters.
pub(super) fn generics(generics: &Generics) -> Vec<String> {
    let names = generics
        .params
        .iter()
        .filter_map(|parameter| match parameter {
            GenericParam::Type(parameter) => Some(parameter.ident.to_string()),
            GenericParam::Lifetime(_) | GenericParam::Const(_) => None,
        });
    names.collect()
}

impl Names {
    pub(super) fn declare(&mut self, path: &[String]) {
        self.declared.insert(path.to_vec());
    }

    pub(super) fn declare_module(&mut self, path: &[String]) {
        self.declare(path);
        self.modules.insert(path.to_vec());
    }

    pub(super) fn import(&mut self, module: &[String], name: &str, path: Vec<String>) {
        self.imports
            .insert((module.to_vec(), name.to_owned()), path);
    }

    pub(super) fn ty(&self, module: &[String], ty: &Type) -> String {
        self.ty_with(module, ty, &[])
    }

    pub(super) fn ty_with(&self, module: &[String], ty: &Type, generics: &[String]) -> String {
        match ty {
            Type::Path(path) => self.path_with(module, &path.path, generics),
            Type::Reference(reference) => {
                format!("&{}", self.ty_with(module, &reference.elem, generics))
            }
            Type::ImplTrait(implementation) => {
                let bounds = implementation.bounds.iter().map(|bound| match bound {
                    TypeParamBound::Trait(bound) => self.path_with(module, &bound.path, generics),
                    other => panic!(
                        "a bound of a form that is not known: {}",
                        other.to_token_stream()
                    ),
                });
                format!("impl {}", bounds.collect::<Vec<_>>().join(" + "))
            }
            other => panic!(
                "a type of a form that is not known: {}",
                other.to_token_stream()
            ),
        }
    }

    /// Returns a path with its generic arguments.
    pub(super) fn path_with(
        &self,
        module: &[String],
        path: &syn::Path,
        generics: &[String],
    ) -> String {
        let steps: Vec<String> = path
            .segments
            .iter()
            .map(|step| step.ident.to_string())
            .collect();
        let mut text = self.resolved(module, &steps, path.leading_colon.is_some(), generics);
        let last = path.segments.last().expect("a path has segments");
        if let PathArguments::AngleBracketed(arguments) = &last.arguments {
            let arguments = arguments.args.iter().map(|argument| match argument {
                GenericArgument::Type(ty) => self.ty_with(module, ty, generics),
                GenericArgument::Lifetime(lifetime) => lifetime.to_string(),
                GenericArgument::AssocType(bound) => {
                    format!(
                        "{} = {}",
                        bound.ident,
                        self.ty_with(module, &bound.ty, generics)
                    )
                }
                other => panic!(
                    "an argument of a form that is not known: {}",
                    other.to_token_stream()
                ),
            });
            let arguments: Vec<String> = arguments.collect();
            text = format!("{text}<{}>", arguments.join(", "));
        }
        text
    }

    fn resolved(
        &self,
        module: &[String],
        steps: &[String],
        global: bool,
        generics: &[String],
    ) -> String {
        let first = steps[0].as_str();
        let last = steps[steps.len() - 1].as_str();
        if global {
            assert!(["core", "std"].contains(&first), "{steps:?}");
            if PRELUDE.contains(&last) {
                return last.to_owned();
            }
            return [&["std".to_owned()], &steps[1..]].concat().join("::");
        }
        match first {
            // The runtime re-exports serde's traits for its macros.
            "gapi_runtime"
                if steps.get(1).is_some_and(|step| step == "codegen") && SERDE.contains(&last) =>
            {
                return format!("serde::{last}");
            }
            "gapi_runtime" | "std" => return steps.join("::"),
            "super" => {
                let (_, outer) = module.split_last().expect("a module around");
                return if steps.len() == 1 {
                    outer.join("::")
                } else {
                    self.below(outer, &steps[1..])
                };
            }
            _ => {}
        }
        if steps.len() == 1 && generics.iter().any(|name| name == first) {
            return first.to_owned();
        }
        if let Some(path) = self.imports.get(&(module.to_vec(), first.to_owned())) {
            let start = self.resolved(module, path, false, generics);
            let whole = [&[start], &steps[1..]].concat().join("::");
            self.check(&whole);
            return whole;
        }
        // A module can have the name of a primitive type.
        let own = [module, &steps[..1]].concat();
        if self.declared.contains(&own) && !(steps.len() == 1 && self.modules.contains(&own)) {
            return self.below(module, steps);
        }
        assert!(
            steps.len() == 1 && PRELUDE.contains(&first),
            "{module:?} does not know {steps:?}"
        );
        first.to_owned()
    }

    fn below(&self, module: &[String], steps: &[String]) -> String {
        if steps[0] == "super" {
            return self.resolved(module, steps, false, &[]);
        }
        let whole = [module, steps].concat().join("::");
        self.check(&whole);
        whole
    }

    /// Checks that a path of the API exists.
    fn check(&self, path: &str) {
        let steps: Vec<String> = path.split("::").map(str::to_owned).collect();
        let of_a_crate = steps[0] == "gapi_runtime";
        assert!(
            of_a_crate || steps.len() == 1 || self.declared.contains(&steps),
            "nothing is at {path}"
        );
    }

    /// Returns a signature without its visibility.
    pub(super) fn signature(&self, module: &[String], signature: &Signature) -> String {
        let own = generics(&signature.generics);
        let bounds = signature
            .generics
            .params
            .iter()
            .map(|parameter| match parameter {
                GenericParam::Type(parameter) => {
                    let bounds = parameter.bounds.iter().map(|bound| match bound {
                        TypeParamBound::Trait(bound) => self.path_with(module, &bound.path, &own),
                        other => panic!(
                            "a bound of a form that is not known: {}",
                            other.to_token_stream()
                        ),
                    });
                    format!(
                        "{}: {}",
                        parameter.ident,
                        bounds.collect::<Vec<_>>().join(" + ")
                    )
                }
                other => panic!(
                    "a parameter of a form that is not known: {}",
                    other.to_token_stream()
                ),
            });
        let bounds: Vec<String> = bounds.collect();
        let bounds = if bounds.is_empty() {
            String::new()
        } else {
            format!("<{}>", bounds.join(", "))
        };
        let inputs = signature.inputs.iter().map(|input| match input {
            FnArg::Receiver(receiver) => receiver.to_token_stream().to_string(),
            FnArg::Typed(input) => {
                let name = input.pat.to_token_stream();
                format!("{name}: {}", self.ty_with(module, &input.ty, &own))
            }
        });
        let inputs: Vec<String> = inputs.collect();
        let output = match &signature.output {
            ReturnType::Default => String::new(),
            ReturnType::Type(_, ty) => format!(" -> {}", self.ty_with(module, ty, &own)),
        };
        format!(
            "fn {}{bounds}({}){output}",
            signature.ident,
            inputs.join(", ")
        )
    }
}
