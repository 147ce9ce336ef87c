//! The directories in `fixtures/`, each with a document that shows one property.

use std::path::{Path, PathBuf};

use gapi_generator::{Analysis, Derive, Diagnostics, Options, Source, analyze};

use crate::workspace;

/// A directory with a document.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// The name of the directory: the property that the document shows.
    pub name: String,
    /// The directory.
    pub directory: PathBuf,
    /// The document.
    pub source: Source,
    /// The lines of the files `resources` and `derives`, if they exist: the selected resources, and the additional
    /// derives of structs (`Shelf=Eq, Hash`).
    pub options: Options,
}

/// Returns every fixture whose document generates.
#[must_use]
pub fn good() -> Vec<Fixture> {
    all(|name| !name.starts_with("error_"))
}

/// Returns every fixture whose document is rejected.
#[must_use]
pub fn bad() -> Vec<Fixture> {
    all(|name| name.starts_with("error_"))
}

/// Returns the fixture with this name.
#[must_use]
pub fn named(name: &str) -> Fixture {
    let found = all(|other| other == name).pop();
    found.unwrap_or_else(|| panic!("no fixture is called {name}"))
}

/// Returns the fixture in this directory.
#[must_use]
pub fn at(directory: PathBuf) -> Fixture {
    Fixture {
        name: workspace::name(&directory),
        source: Source {
            // Diagnostics begin with it, so it must not depend on where the checkout is.
            name: "discovery.json".to_owned(),
            text: workspace::read(&directory.join("discovery.json")),
        },
        options: options(&directory),
        directory,
    }
}

fn all(wanted: impl Fn(&str) -> bool) -> Vec<Fixture> {
    let directories = workspace::entries(&workspace::tests().join("fixtures"));
    directories
        .into_iter()
        .filter(|directory| wanted(&workspace::name(directory)))
        .map(at)
        .collect()
}

fn options(directory: &Path) -> Options {
    let lines = |name: &str| -> Vec<String> {
        let file = directory.join(name);
        let text = file.exists().then(|| workspace::read(&file));
        text.iter()
            .flat_map(|text| text.lines())
            .map(str::to_owned)
            .collect()
    };
    let derive = |line: String| {
        let (structs, macros) = line.split_once('=').expect("STRUCTS=MACROS");
        Derive {
            structs: structs.into(),
            macros: macros.to_owned(),
        }
    };
    Options {
        resources: lines("resources").into_iter().map(Into::into).collect(),
        derives: lines("derives").into_iter().map(derive).collect(),
        ..Options::default()
    }
}

impl Fixture {
    /// Analyzes the document.
    ///
    /// # Errors
    /// Returns the diagnostics if the document is rejected.
    pub fn analyze(&self) -> Result<Analysis, Diagnostics> {
        analyze(&self.source, &self.options)
    }
}
