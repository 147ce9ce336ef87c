//! Additional derives of structs.

use std::collections::BTreeMap;

use syn::{Path, Token, parse::Parser as _, punctuated::Punctuated};

use crate::{
    diagnostics::{Diagnostics, Pointer},
    ir::{Api, MethodId, Owner, Shape, TypeId},
    select::{Selection, Selector},
};

/// Additional derives for the structs of schemas.
///
/// A struct is selected by the names that lead to it in the document. `Bucket` is the schema, and `Bucket.lifecycle` is
/// the object inside its property `lifecycle`. `Bucket.**` is both and everything further inside, and `**` is every
/// struct. `storage:v1#Bucket` is the schema of one of several documents.
///
/// All fields of a struct must implement the traits that the struct derives. Fields are `Option`s of text, integers, `f64`
/// (neither `Eq` nor `Hash`), `bool`, `Vec`, `BTreeMap`, types of `gapi_runtime`, and other types of the document.
/// Enums implement `Eq` and `Hash`. Structs implement their derives. The compiler reports missing implementations. The
/// crate that compiles the code must depend on the crate of a macro.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::{Derive, Options};
///
/// let derive = Derive { structs: "library:v1#Book.**".into(), macros: "Eq, Hash".to_owned() };
/// let options = Options { derives: vec![derive], ..Options::default() };
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derive {
    /// The selected structs.
    pub structs: Selector,
    /// The macros, as in `#[derive(…)]`: paths with commas between them.
    pub macros: String,
}

/// The additional derive macros of each type.
pub(crate) type Derives = BTreeMap<TypeId, Vec<String>>;

/// The traits that every struct implements by default.
const IMPLEMENTED: [&str; 6] = [
    "Clone",
    "Debug",
    "Default",
    "Deserialize",
    "PartialEq",
    "Serialize",
];

/// Determines the derives of each generated struct.
///
/// # Errors
/// Returns an error for a derive that is not a path, that every struct already implements, or that selects no struct.
pub(crate) fn resolve(
    api: &Api,
    selection: &Selection,
    derives: &[Derive],
    diagnostics: &mut Diagnostics,
) -> Result<Derives, Diagnostics> {
    let mut resolved = Derives::new();
    let structs: Vec<(TypeId, Vec<String>)> = api
        .type_ids()
        .filter(|id| matches!(api[*id].shape, Shape::Struct(_)))
        .map(|id| (id, path(api, id)))
        .collect();
    for Derive {
        structs: selector,
        macros,
    } in derives
    {
        if selector.document.as_ref().is_some_and(|id| *id != api.id) {
            continue;
        }
        let place = place(&selector.pattern);
        if selector.excludes {
            diagnostics.error_with_help(
                &place,
                format!("`{selector}` excludes, and does not select structs to derive `{macros}`"),
                "remove the `!`, and name the structs",
            );
            continue;
        }
        let names = read(macros, &place, diagnostics);
        let mut selected = structs
            .iter()
            .filter(|(_, path)| selector.matches(path))
            .peekable();
        if selected.peek().is_none() {
            diagnostics.error_with_help(
                &place,
                format!("no struct is selected by `{}` to derive `{macros}`", selector.pattern),
                "write the names that lead to a schema that is an object: `Bucket`, `Bucket.lifecycle`, `Bucket.**`",
            );
        }
        for (id, _) in selected.filter(|(id, _)| selection.types.contains(id)) {
            let own = resolved.entry(*id).or_default();
            own.extend(names.iter().cloned());
            own.sort();
            own.dedup();
        }
    }
    diagnostics.propagate()?;
    Ok(resolved)
}

/// Returns the paths of the macros.
fn read(macros: &str, place: &Pointer, diagnostics: &mut Diagnostics) -> Vec<String> {
    let list = Punctuated::<Path, Token![,]>::parse_separated_nonempty_with;
    let parser = |input: syn::parse::ParseStream<'_>| list(input, Path::parse_mod_style);
    let paths = parser.parse_str(macros);
    let Ok(paths) = paths.map_err(drop).and_then(macros_only) else {
        diagnostics.error_with_help(
            place,
            format!("`{macros}` is not a list of derive macros"),
            "write paths of derive macros, separated by commas: `Eq, my_crate::Describe`",
        );
        return Vec::new();
    };
    let mut names = Vec::new();
    for path in paths {
        let name = text(&path);
        if IMPLEMENTED.contains(&name.as_str()) {
            diagnostics.error(place, format!("every struct already implements `{name}`"));
        } else {
            names.push(name);
        }
    }
    names
}

/// Returns the paths if each can be the path of a macro. `syn` also parses paths of modules: `crate`, `Self::x`.
fn macros_only(paths: Punctuated<Path, Token![,]>) -> Result<Punctuated<Path, Token![,]>, ()> {
    let is_module = |path: &Path| {
        let last = path.segments.last();
        let is_keyword = last.is_none_or(|last| {
            let names = ["crate", "self", "super", "Self"];
            names.iter().any(|name| last.ident == name)
        });
        is_keyword || path.segments.iter().any(|segment| segment.ident == "Self")
    };
    if paths.iter().any(is_module) {
        return Err(());
    }
    Ok(paths)
}

fn text(path: &Path) -> String {
    let segments = path
        .segments
        .iter()
        .map(|segment| segment.ident.to_string());
    let names = segments.collect::<Vec<_>>().join("::");
    let root = if path.leading_colon.is_some() {
        "::"
    } else {
        ""
    };
    format!("{root}{names}")
}

/// Returns the names that lead to a type.
fn path(api: &Api, id: TypeId) -> Vec<String> {
    let method = |id: MethodId| api[id].id.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (mut path, last) = match &api[id].owner {
        Owner::Schema(name) | Owner::ApiParameter(name) => (Vec::new(), name.clone()),
        Owner::Inline { parent, property } => {
            // The elements of a list or a map have no name.
            let name = property.clone().unwrap_or_else(|| "*".to_owned());
            (path(api, *parent), name)
        }
        Owner::Parameter {
            method: id,
            parameter,
        } => (method(*id), parameter.clone()),
        Owner::Request(id) => (method(*id), "request".to_owned()),
        Owner::Response(id) => (method(*id), "response".to_owned()),
    };
    path.push(last);
    path
}

/// Returns the place in the document that a pattern refers to.
fn place(pattern: &str) -> Pointer {
    let mut names = pattern.split('.').filter(|name| !name.is_empty());
    let schema = Pointer::root()
        .child("schemas")
        .child(names.next().unwrap_or("**"));
    names.fold(schema, |place, name| place.child("properties").child(name))
}
