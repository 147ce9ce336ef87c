//! Every public item of a generated API, read from its source with the runtime's macros expanded.
//!
//! An item is a line: its kind, its path from the API's module, its Rust declaration, and whether it is deprecated.
//! Types are resolved, so that each path in a line begins with the API's module or with a crate.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use quote::ToTokens;
use syn::{
    Attribute, Fields, ImplItem, Item, ItemImpl, Signature, TraitItem, UseTree, Visibility,
    punctuated::Punctuated,
};

use super::{expand::Macros, resolve::Names};

/// Reads the files of an API, by their paths below the directory that holds them.
#[must_use]
pub fn items(files: &BTreeMap<PathBuf, String>, module: &str, macros: &Macros) -> BTreeSet<String> {
    let mut reader = Reader {
        files,
        macros,
        names: Names::default(),
        modules: Vec::new(),
        read: BTreeSet::new(),
        lines: BTreeSet::new(),
    };
    reader.file(Path::new(module), &[module.to_owned()]);
    let read = reader.read.len();
    assert_eq!(read, files.len(), "every file is a module that is declared");
    for (path, items) in std::mem::take(&mut reader.modules) {
        for item in items {
            reader.item(&path, item);
        }
    }
    reader.lines
}

struct Reader<'a> {
    files: &'a BTreeMap<PathBuf, String>,
    macros: &'a Macros,
    names: Names,
    /// The items of each module except modules and imports, macros expanded.
    modules: Vec<(Vec<String>, Vec<Item>)>,
    read: BTreeSet<PathBuf>,
    lines: BTreeSet<String>,
}

impl Reader<'_> {
    /// Reads the file of a module. `file` has no extension.
    fn file(&mut self, file: &Path, path: &[String]) {
        let with_extension = PathBuf::from(format!("{}.rs", file.display()));
        let text = self.files.get(&with_extension);
        let text = text.unwrap_or_else(|| panic!("no file {}", with_extension.display()));
        self.read.insert(with_extension);
        let parsed = syn::parse_file(text);
        let parsed = parsed.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.module(file, path, parsed.items);
    }

    fn module(&mut self, file: &Path, path: &[String], items: Vec<Item>) {
        let mut own = Vec::new();
        let mut waiting: Vec<Item> = items.into_iter().rev().collect();
        while let Some(item) = waiting.pop() {
            match item {
                Item::Mod(inner) => {
                    assert!(is_public(&inner.vis), "{path:?} has a private module");
                    let name = inner.ident.to_string();
                    let file = file.join(name.trim_start_matches("r#"));
                    let path: Vec<String> = path.iter().cloned().chain([name]).collect();
                    self.line("module", &path, "", &inner.attrs);
                    self.names.declare_module(&path);
                    match inner.content {
                        Some((_, items)) => self.module(&file, &path, items),
                        None => self.file(&file, &path),
                    }
                }
                Item::Macro(item) => {
                    let name = item
                        .mac
                        .path
                        .segments
                        .last()
                        .expect("a name")
                        .ident
                        .to_string();
                    let expanded = self.macros.expand(&name, item.mac.tokens);
                    waiting.extend(expanded.into_iter().rev());
                }
                Item::Use(import) if !is_public(&import.vis) => self.import(path, &import.tree),
                item => {
                    if let Some(name) = name(&item) {
                        self.names.declare(&[path, &[name]].concat());
                    }
                    own.push(item);
                }
            }
        }
        self.modules.push((path.to_vec(), own));
    }

    fn import(&mut self, module: &[String], tree: &UseTree) {
        let mut waiting = vec![(Vec::new(), tree)];
        while let Some((mut path, tree)) = waiting.pop() {
            match tree {
                UseTree::Path(step) => {
                    path.push(step.ident.to_string());
                    waiting.push((path, &step.tree));
                }
                UseTree::Group(group) => {
                    waiting.extend(group.items.iter().map(|tree| (path.clone(), tree)));
                }
                UseTree::Name(name) => {
                    path.push(name.ident.to_string());
                    self.names.import(module, &name.ident.to_string(), path);
                }
                UseTree::Rename(name) => {
                    path.push(name.ident.to_string());
                    self.names.import(module, &name.rename.to_string(), path);
                }
                UseTree::Glob(_) => panic!("{module:?} imports everything of something"),
            }
        }
    }

    fn line(&mut self, kind: &str, path: &[String], rust: &str, attributes: &[Attribute]) {
        let deprecated = attributes.iter().any(|it| it.path().is_ident("deprecated"));
        let line = line(kind, &path.join("::"), rust, deprecated);
        assert!(self.lines.insert(line.clone()), "twice: {line}");
    }

    fn item(&mut self, module: &[String], item: Item) {
        let path = |name: &dyn ToString| [module, &[name.to_string()]].concat();
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let path = path(&item.ident);
                self.line("struct", &path, "", &item.attrs);
                self.derives(&path, &item.attrs);
                for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                    let name = field.ident.as_ref().expect("a name").to_string();
                    let ty = self.names.ty(module, &field.ty);
                    self.line("field", &[&path[..], &[name]].concat(), &ty, &field.attrs);
                }
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let path = path(&item.ident);
                self.line("enum", &path, "", &item.attrs);
                self.derives(&path, &item.attrs);
                for variant in &item.variants {
                    let types = variant.fields.iter();
                    let types = types.map(|field| self.names.ty(module, &field.ty));
                    let types: Vec<String> = types.collect();
                    assert!(!matches!(variant.fields, Fields::Named(_)), "{path:?}");
                    let path = [&path[..], &[variant.ident.to_string()]].concat();
                    self.line("variant", &path, &types.join(", "), &variant.attrs);
                }
            }
            Item::Type(item) if is_public(&item.vis) => {
                let ty = self.names.ty(module, &item.ty);
                self.line("alias", &path(&item.ident), &ty, &item.attrs);
            }
            Item::Const(item) if is_public(&item.vis) => {
                let ty = self.names.ty(module, &item.ty);
                self.line("constant", &path(&item.ident), &ty, &item.attrs);
            }
            Item::Trait(item) if is_public(&item.vis) => {
                let path = path(&item.ident);
                self.line("trait", &path, "", &item.attrs);
                for item in &item.items {
                    let TraitItem::Fn(function) = item else {
                        panic!("{path:?} has something besides functions");
                    };
                    self.function(module, &path, &function.sig, "", &function.attrs);
                }
            }
            // The only public import is that of the trait.
            Item::Use(item) => {
                let UseTree::Path(step) = &item.tree else {
                    panic!("{module:?} has an import of a form that is not known");
                };
                let UseTree::Name(name) = &*step.tree else {
                    panic!("{module:?} has an import of a form that is not known");
                };
                self.line("trait", &path(&name.ident), "", &item.attrs);
            }
            Item::Impl(item) => self.implementation(module, &item),
            other => panic!(
                "{module:?} has an item of a kind that is not known: {}",
                other.to_token_stream()
            ),
        }
    }

    fn function(
        &mut self,
        module: &[String],
        owner: &[String],
        signature: &Signature,
        visibility: &str,
        attributes: &[Attribute],
    ) {
        let path = [owner, &[signature.ident.to_string()]].concat();
        let text = self.names.signature(module, signature);
        self.line(
            "function",
            &path,
            &format!("{visibility}{text}"),
            attributes,
        );
    }

    fn implementation(&mut self, module: &[String], item: &ItemImpl) {
        let generics = super::resolve::generics(&item.generics);
        let of = self.names.ty_with(module, &item.self_ty, &generics);
        if let Some((path, _)) = &item.trait_ {
            let name = self.names.path_with(module, path, &generics);
            self.line("implementation", &[format!("{of}: {name}")], "", &[]);
            return;
        }
        let owner: Vec<String> = of.split("::").map(str::to_owned).collect();
        let mut waiting: Vec<ImplItem> = item.items.iter().rev().cloned().collect();
        while let Some(item) = waiting.pop() {
            match &item {
                ImplItem::Macro(call) => {
                    let name = &call.mac.path.segments.last().expect("a name").ident;
                    let tokens = call.mac.tokens.clone();
                    let expanded = self.macros.expand_within(&name.to_string(), tokens);
                    waiting.extend(expanded.into_iter().rev());
                }
                ImplItem::Fn(function) if is_public(&function.vis) => {
                    let (signature, attributes) = (&function.sig, &function.attrs);
                    self.function(module, &owner, signature, "pub ", attributes);
                }
                other => panic!("{of} has something private: {}", other.to_token_stream()),
            }
        }
    }

    fn derives(&mut self, path: &[String], attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|it| it.path().is_ident("derive")) {
            let paths = attribute
                .parse_args_with(Punctuated::<syn::Path, syn::Token![,]>::parse_terminated);
            for derive in paths.expect("paths of macros") {
                let name = derive.to_token_stream().to_string().replace(' ', "");
                let line = format!("{}: {name}", path.join("::"));
                self.line("implementation", &[line], "", &[]);
            }
        }
    }
}

/// Returns the line of an item. Its Rust declaration has no blanks, because printers differ in them.
#[must_use]
pub fn line(kind: &str, path: &str, rust: &str, deprecated: bool) -> String {
    let rust: String = rust.split_whitespace().collect();
    let deprecated = if deprecated { " deprecated" } else { "" };
    format!("{kind} {path} {rust}{deprecated}")
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Returns the name that an item declares in its module.
fn name(item: &Item) -> Option<String> {
    Some(match item {
        Item::Struct(item) => item.ident.to_string(),
        Item::Enum(item) => item.ident.to_string(),
        Item::Type(item) => item.ident.to_string(),
        Item::Const(item) => item.ident.to_string(),
        Item::Trait(item) => item.ident.to_string(),
        _ => return None,
    })
}
