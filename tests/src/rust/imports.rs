//! The imports between the files of a crate, read from their paths.
//!
//! Calls of methods have no path, so cycles that consist only of such calls are not found.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, UseTree};

/// The files or modules that each file or module imports from.
pub type Edges = BTreeMap<String, BTreeSet<String>>;

/// The path of a module, from the crate's root.
type Module = Vec<String>;

/// The contents of the modules of a crate.
#[derive(Default)]
struct Crate {
    /// The file of each module.
    files: BTreeMap<Module, String>,
    /// Items by module and name.
    items: BTreeSet<(Module, String)>,
    /// The paths of imported names, by module.
    imports: BTreeMap<(Module, String), Vec<String>>,
    /// The modules of glob imports.
    globs: BTreeMap<Module, Vec<Vec<String>>>,
    /// All paths of a module.
    paths: Vec<(Module, Vec<String>)>,
}

/// Returns the imports between files, by their paths below the crate's source.
#[must_use]
pub fn edges(files: &BTreeMap<PathBuf, String>) -> Edges {
    let mut read = Crate::default();
    for (path, text) in files {
        let parsed = syn::parse_file(text);
        let parsed = parsed.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        read.module(&module_of(path), &path.display().to_string(), parsed.items);
    }
    let mut edges = Edges::new();
    for (module, path) in &read.paths {
        let from = &read.files[module];
        if let Some(to) = read.file_of(module, path, 0)
            && to != *from
        {
            edges.entry(from.clone()).or_default().insert(to);
        }
    }
    edges
}

/// Returns the imports between the top-level modules.
#[must_use]
pub fn between_top_level_modules(edges: &Edges) -> Edges {
    let module = |file: &String| -> String {
        let first = file.split('/').next().unwrap_or_default();
        first.trim_end_matches(".rs").to_owned()
    };
    let mut found = Edges::new();
    for (from, targets) in edges {
        let targets = targets.iter().map(module).filter(|to| *to != module(from));
        found.entry(module(from)).or_default().extend(targets);
    }
    found
}

/// Returns the groups of names that form cycles.
#[must_use]
pub fn circles(edges: &Edges) -> Vec<Vec<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> = edges
        .keys()
        .map(|from| (from, reached(edges, from)))
        .collect();
    let leads =
        |from: &String, to: &String| reached.get(from).is_some_and(|found| found.contains(to));
    let mut circles = BTreeSet::new();
    for from in edges.keys().filter(|from| leads(from, from)) {
        let circle = edges.keys().filter(|to| leads(from, to) && leads(to, from));
        circles.insert(circle.cloned().collect::<Vec<_>>());
    }
    circles.into_iter().collect()
}

fn reached<'e>(edges: &'e Edges, from: &String) -> BTreeSet<&'e String> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<&String> = edges.get(from).into_iter().flatten().collect();
    while let Some(next) = waiting.pop() {
        if found.insert(next) {
            waiting.extend(edges.get(next).into_iter().flatten());
        }
    }
    found
}

fn module_of(path: &Path) -> Module {
    let steps = path.with_extension("");
    let steps = steps.iter().map(|step| step.to_string_lossy().into_owned());
    steps.filter(|step| step != "lib").collect()
}

impl Crate {
    fn module(&mut self, module: &Module, file: &str, items: Vec<Item>) {
        self.files.insert(module.clone(), file.to_owned());
        for item in items.into_iter().filter(|item| !is_test(item)) {
            match item {
                Item::Mod(inner) => {
                    if let Some((_, items)) = inner.content {
                        let inside = [&module[..], &[inner.ident.to_string()]].concat();
                        self.module(&inside, file, items);
                    }
                }
                Item::Use(import) => self.import(module, &import.tree),
                item => {
                    if let Some(name) = name(&item) {
                        self.items.insert((module.clone(), name));
                    }
                    let mut found = Vec::new();
                    paths(item.into_token_stream(), &mut found);
                    let found = found.into_iter().map(|path| (module.clone(), path));
                    self.paths.extend(found);
                }
            }
        }
    }

    fn import(&mut self, module: &Module, tree: &UseTree) {
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
                UseTree::Glob(_) => {
                    self.globs.entry(module.clone()).or_default().push(path);
                }
                UseTree::Name(name) if name.ident == "self" => {
                    let name = path.last().cloned().unwrap_or_default();
                    self.imported(module, name, path);
                }
                UseTree::Name(name) => {
                    path.push(name.ident.to_string());
                    self.imported(module, name.ident.to_string(), path);
                }
                UseTree::Rename(name) => {
                    if name.ident != "self" {
                        path.push(name.ident.to_string());
                    }
                    self.imported(module, name.rename.to_string(), path);
                }
            }
        }
    }

    fn imported(&mut self, module: &Module, name: String, path: Vec<String>) {
        self.paths.push((module.clone(), path.clone()));
        self.imports.insert((module.clone(), name), path);
    }

    /// Returns the file that declares the item of a path in a module; `None` for other crates.
    fn file_of(&self, module: &Module, path: &[String], depth: usize) -> Option<String> {
        // A name can refer to itself: `use super::x::x`.
        if depth > 20 {
            return None;
        }
        let mut at = module.clone();
        for (number, step) in path.iter().enumerate() {
            match step.as_str() {
                "crate" => at = Vec::new(),
                "self" => {}
                "super" => {
                    at.pop();
                }
                name => {
                    let inside = [&at[..], &[name.to_owned()]].concat();
                    if self.files.contains_key(&inside) {
                        at = inside;
                        continue;
                    }
                    let key = (at.clone(), name.to_owned());
                    if self.items.contains(&key) {
                        return self.files.get(&at).cloned();
                    }
                    let imported = self.imports.get(&key);
                    let imported =
                        imported.filter(|target| !(at == *module && target[..] == path[..=number]));
                    if let Some(target) = imported {
                        let path = [&target[..], &path[number + 1..]].concat();
                        return self.file_of(&at, &path, depth + 1);
                    }
                    let globs = self.globs.get(&at).into_iter().flatten();
                    let mut found = globs.filter_map(|glob| {
                        let path = [&glob[..], &path[number..]].concat();
                        self.file_of(&at, &path, depth + 1)
                    });
                    return found.next();
                }
            }
        }
        self.files.get(&at).cloned()
    }
}

/// Collects the paths in tokens: single names and paths of several segments.
fn paths(tokens: TokenStream, found: &mut Vec<Vec<String>>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_mark = |at: usize, mark: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == mark);
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            // `pub(in crate::x)` imports nothing.
            TokenTree::Ident(word) if word == "pub" => {
                at += usize::from(matches!(tokens.get(at + 1), Some(TokenTree::Group(_))));
            }
            TokenTree::Group(group) => paths(group.stream(), found),
            // A field or a method belongs to the expression before it.
            TokenTree::Ident(first)
                if !(at > 0 && (is_mark(at - 1, '.') || is_mark(at - 1, '$'))) =>
            {
                let mut path = vec![first.to_string()];
                while is_mark(at + 1, ':')
                    && is_mark(at + 2, ':')
                    && let Some(TokenTree::Ident(step)) = tokens.get(at + 3)
                {
                    path.push(step.to_string());
                    at += 3;
                }
                if path.len() > 1 {
                    found.push(path);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

fn is_test(item: &Item) -> bool {
    let attributes: &[Attribute] = match item {
        Item::Mod(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    };
    let mut attributes = attributes.iter();
    attributes
        .any(|attribute| attribute.to_token_stream().to_string().replace(' ', "") == "#[cfg(test)]")
}

fn name(item: &Item) -> Option<String> {
    Some(match item {
        Item::Const(item) => item.ident.to_string(),
        Item::Enum(item) => item.ident.to_string(),
        Item::Fn(item) => item.sig.ident.to_string(),
        Item::Static(item) => item.ident.to_string(),
        Item::Struct(item) => item.ident.to_string(),
        Item::Trait(item) => item.ident.to_string(),
        Item::Type(item) => item.ident.to_string(),
        Item::Macro(item) => item.ident.as_ref()?.to_string(),
        _ => return None,
    })
}
