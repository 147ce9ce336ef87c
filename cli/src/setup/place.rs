//! The place of a directory in the module tree of a crate, and the declarations that it needs.

use std::path::{Path, PathBuf};

use super::{Generated, Read, Step, Target, manifest::CargoPackage, paths};

/// The crate that the modules become a part of.
#[derive(Debug)]
pub(super) struct Place {
    /// The directory of the root file.
    directory: PathBuf,
    /// The root file, then other root files in its directory. Empty if none exists yet.
    roots: Vec<PathBuf>,
    pub(super) kind: Kind,
    /// `true` for a test, an example or a benchmark.
    pub(super) is_for_tests: bool,
}

/// The kind of crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Library,
    Program,
    /// The root file is unknown. The module around the generated ones is used instead.
    Unknown,
}

/// The directories of a package in which each file may be the root of a crate.
const FOR_TESTS: [&str; 3] = ["benches", "examples", "tests"];

/// The documentation of a module around generated ones.
const DOCS: &str = "Clients of Google APIs.";

impl Place {
    /// Returns the place of a directory. The root is the nearest one above it, else that of `src`.
    pub(super) fn of(package: Option<&CargoPackage>, out: &Path, read: Read<'_>) -> Self {
        let Some(package) = package else {
            return Self::unknown(out, false, read);
        };
        let targets = package.targets();
        let roots_in = |directory: &Path| -> Vec<(PathBuf, Kind)> {
            let usual = [("lib.rs", Kind::Library), ("main.rs", Kind::Program)];
            let usual = usual.map(|(name, kind)| (directory.join(name), kind));
            let named = targets.iter().cloned();
            let named = named.filter(|(path, _)| path.parent() == Some(directory));
            let all = usual.into_iter().chain(named);
            all.filter(|(path, _)| read(path).is_some()).collect()
        };
        let mut for_tests = FOR_TESTS.iter().map(|name| package.directory.join(name));
        let for_tests = for_tests.find(|directory| out.starts_with(directory));
        let is_for_tests = for_tests.is_some();
        let highest = for_tests.as_ref().unwrap_or(&package.directory);
        let mut above = out
            .ancestors()
            .take_while(|directory| directory.starts_with(highest));
        let found = above.find_map(|directory| {
            let roots = roots_in(directory);
            (!roots.is_empty()).then(|| (directory.to_owned(), roots))
        });
        let (directory, roots) = match found {
            Some(found) => found,
            None if is_for_tests => return Self::unknown(out, true, read),
            None => {
                let src = package.directory.join("src");
                let roots = roots_in(&src);
                (src, roots)
            }
        };
        Self {
            directory,
            kind: roots.first().map_or(Kind::Program, |(_, kind)| *kind),
            roots: roots.into_iter().map(|(path, _)| path).collect(),
            is_for_tests,
        }
    }

    fn unknown(out: &Path, is_for_tests: bool, read: Read<'_>) -> Self {
        let roots = files_of(out).into_iter();
        Self {
            directory: out.to_owned(),
            roots: roots.filter(|path| read(path).is_some()).collect(),
            kind: Kind::Unknown,
            is_for_tests,
        }
    }

    /// Returns the declarations that the files of the crate lack, the outermost first.
    pub(super) fn declarations(&self, generated: Generated<'_>, read: Read<'_>) -> Vec<Step> {
        let inside = generated.out.strip_prefix(&self.directory).ok();
        match inside.and_then(module_names) {
            Some(names) => self.along_modules(&names, generated.modules, read),
            None => self.by_path(generated, read).into_iter().collect(),
        }
    }

    /// Returns the missing declarations if each directory between the root and the modules is a module, too.
    fn along_modules(&self, names: &[&str], modules: &[String], read: Read<'_>) -> Vec<Step> {
        // A module may be inline in the file of any module around it.
        let files = (1..=names.len()).flat_map(|depth| files_of(&self.module(&names[..depth])));
        let all = text_of(files.chain(self.roots.iter().cloned()), read);
        let mut steps = Vec::new();
        for (depth, name) in names.iter().enumerate() {
            if form_of(&all, name).is_none() {
                let line = format!("{}mod {name};", self.visibility(depth));
                steps.push(self.step(&names[..depth], vec![line], &all, read));
            }
        }
        let lines = self.missing(modules, names.len(), &all);
        if !lines.is_empty() {
            steps.push(self.step(names, lines, &all, read));
        }
        steps
    }

    /// Returns the step that adds lines to a module. `all` is the text of all modules around it.
    fn step(&self, module: &[&str], lines: Vec<String>, all: &str, read: Read<'_>) -> Step {
        let Some(name) = module.last() else {
            let target = self.root();
            return Step { target, lines };
        };
        let [file, mod_file] = files_of(&self.module(module));
        let existing = [&file, &mod_file]
            .into_iter()
            .find(|path| read(path).is_some());
        let target = match existing {
            Some(path) => Target::File(path.clone()),
            None if form_of(all, name) == Some(Form::Inline) => Target::Inline((*name).to_owned()),
            None => {
                let docs = [format!("//! {DOCS}"), String::new()];
                return Step {
                    target: Target::NewFile(file),
                    lines: docs.into_iter().chain(lines).collect(),
                };
            }
        };
        Step { target, lines }
    }

    /// Returns the missing declarations if a directory cannot be a module. Then a module with a `#[path]` leads to it.
    fn by_path(&self, generated: Generated<'_>, read: Read<'_>) -> Option<Step> {
        let all = text_of(self.roots.iter().cloned(), read);
        let lines = self.missing(generated.modules, 1, &all);
        if lines.is_empty() {
            return None;
        }
        let name = name_for(generated.out);
        if form_of(&all, &name) == Some(Form::Inline) {
            let target = Target::Inline(name);
            return Some(Step { target, lines });
        }
        let path = paths::between(&self.directory, generated.out)?;
        let head = [
            format!("/// {DOCS}"),
            format!("#[path = {path:?}]"),
            format!("{}mod {name} {{", self.visibility(0)),
        ];
        let lines = lines.iter().map(|line| format!("    {line}"));
        Some(Step {
            target: self.root(),
            lines: head
                .into_iter()
                .chain(lines)
                .chain(["}".to_owned()])
                .collect(),
        })
    }

    /// Returns declarations, at this depth below the root, of the modules that nothing in `all` declares.
    fn missing(&self, modules: &[String], depth: usize, all: &str) -> Vec<String> {
        let missing = modules.iter().filter(|name| form_of(all, name).is_none());
        missing
            .flat_map(|name| declaration(self.visibility(depth), name))
            .collect()
    }

    /// Returns the visibility of a module at this depth below the root. In a program, `pub` means the same as `pub(crate)`, and a
    /// lint requires the latter.
    fn visibility(&self, depth: usize) -> &'static str {
        match (self.kind, depth) {
            (Kind::Library | Kind::Unknown, _) => "pub ",
            (Kind::Program, 0) => "",
            (Kind::Program, _) => "pub(crate) ",
        }
    }

    /// Returns the directory of a module.
    fn module(&self, names: &[&str]) -> PathBuf {
        let mut directory = self.directory.clone();
        directory.extend(names);
        directory
    }

    fn root(&self) -> Target {
        match self.roots.first() {
            Some(path) => Target::File(path.clone()),
            None if self.kind == Kind::Unknown => Target::ModuleOf(self.directory.clone()),
            None => Target::NoRoot(self.directory.clone()),
        }
    }
}

/// Returns the two lines that declare a generated module. Without the first, `cargo fmt` changes its files.
fn declaration(visibility: &str, module: &str) -> [String; 2] {
    [
        "#[rustfmt::skip]".to_owned(),
        format!("{visibility}mod {module};"),
    ]
}

/// Returns the two files that can contain the module with this directory.
fn files_of(module: &Path) -> [PathBuf; 2] {
    [module.with_extension("rs"), module.join("mod.rs")]
}

/// Returns the names of the modules that a relative path leads through, if each directory can be a module.
fn module_names(path: &Path) -> Option<Vec<&str>> {
    path.iter()
        .map(|name| name.to_str().filter(|name| is_name(name)))
        .collect()
}

fn is_name(text: &str) -> bool {
    syn::parse_str::<syn::Ident>(text).is_ok_and(|ident| ident == text)
}

/// Returns the text of all of these files that exist.
fn text_of(files: impl Iterator<Item = PathBuf>, read: Read<'_>) -> String {
    let texts: Vec<String> = files.filter_map(|path| read(&path)).collect();
    texts.join("\n")
}

/// Returns a name for the module of a directory.
fn name_for(directory: &Path) -> String {
    let name = directory.file_name().unwrap_or_default().to_string_lossy();
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '_'
        }
    };
    let name: String = name.chars().map(plain).collect();
    if is_name(&name) {
        name
    } else {
        format!("google_{name}")
    }
}

/// The form of a module's declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `mod name;`
    File,
    /// `mod name { … }`
    Inline,
}

/// Returns how a text declares a module, if it does, whatever its visibility and attributes.
fn form_of(text: &str, name: &str) -> Option<Form> {
    let form_in = |line: &str| {
        // The rest is a comment.
        let code = line.split("//").next().unwrap_or_default();
        let mut words = code.match_indices("mod ");
        words.find_map(|(at, word)| {
            let is_word = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let declared = code[at + word.len()..].trim_start();
            let rest = declared.strip_prefix(name).filter(|_| is_word)?;
            match rest.trim_start().chars().next()? {
                ';' => Some(Form::File),
                '{' => Some(Form::Inline),
                _ => None,
            }
        })
    };
    text.lines().find_map(form_in)
}
