//! The changes between documents, and their verdicts.

use super::{
    rules::{Rule, Verdict},
    surface::{Fact, Kind},
};

/// All changed APIs. Unchanged ones are not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The APIs by id.
    pub apis: Vec<ApiChanges>,
    /// The number of compared documents, including unchanged ones.
    pub compared: usize,
    /// Notes on the choice of the compared documents.
    pub notes: Vec<Note>,
}

/// A note on the choice of the compared documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The sides have no API in common. Each API is reported as removed or new.
    NothingInCommon {
        /// The ids of the older APIs.
        old: Vec<String>,
        /// The ids of the newer APIs.
        new: Vec<String>,
    },
    /// A side has several documents of one API. The first one, of the latest revision, is compared.
    SeveralDocuments {
        /// The id of the API.
        id: String,
        /// The names of the documents, the compared one first.
        names: Vec<String>,
    },
}

/// The changes of an API.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::diff::{ApiChanges, Change, Finding, Group, Note, Verdict, What};
///
/// # let changes = changes()?;
/// for note in &changes.notes {
///     match note {
///         Note::NothingInCommon { .. } => println!("these are different APIs"),
///         Note::SeveralDocuments { id, .. } => println!("several documents are {id}"),
///     }
/// }
/// let api: &ApiChanges = &changes.apis[0];
/// println!("{}: {:?}, {} breaking", api.id, api.verdict(), api.count(Verdict::Breaking));
/// for group in api.groups() {
///     if let Group::Schema(id) | Group::Resource(id) = &group[0].group {
///         println!("{id}");
///     }
///     for change in group {
///         let Change { kind, name, what, findings, .. } = change;
///         if let What::LooksRenamed(old) = what {
///             println!("    {old} may be called {name} now");
///         }
///         println!("    {} {name}: {}", kind.name(), change.verdict.name());
///         for Finding { rule, item } in findings {
///             println!("        {}: {item}", rule.reason());
///         }
///         println!("        only literals: {}", change.breaks_only_literals());
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiChanges {
    /// The id, from the newer document: `spanner:v1`.
    pub id: String,
    /// The title.
    pub title: String,
    /// The module at the beginning of paths: `spanner_v1`.
    pub module: String,
    /// The revision of the older document; `None` if the API is new.
    pub old: Option<String>,
    /// The revision of the newer document; `None` if the API is removed.
    pub new: Option<String>,
    /// The changes: of the API itself, then by resource, then by schema.
    pub changes: Vec<Change>,
}

/// A change of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The group that lists it.
    pub group: Group,
    /// The kind of thing that changed.
    pub kind: Kind,
    /// Its name in the document, relative to its group: `list(pageSize)`, `state = READY`.
    pub name: String,
    /// The kind of change.
    pub what: What,
    /// The worst verdict of the findings.
    pub verdict: Verdict,
    /// The reasons for the verdict.
    pub findings: Vec<Finding>,
    /// Its old form in Rust or on the wire, as lines.
    pub old: Vec<String>,
    /// Its new form.
    pub new: Vec<String>,
    /// The names of the parts that were added or removed with it: the methods of a resource, the values of an enum.
    pub with: Vec<String>,
}

/// A group in a list of changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The API itself.
    Api,
    /// A resource, by the names from the root down.
    Resource(String),
    /// A top-level schema, by its id.
    Schema(String),
}

/// A kind of change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// The thing is new.
    Added,
    /// The thing is removed.
    Removed,
    /// A similar thing with this name is removed.
    LooksRenamed(String),
    /// Only its Rust name changed.
    RustName,
    /// Its type changed.
    Type,
    /// The signature of a method, or the functions of its call, changed.
    Signature,
    /// A parameter became required.
    BecameRequired,
    /// A parameter became optional.
    BecameOptional,
    /// The thing became deprecated.
    Deprecated,
    /// The thing is no longer deprecated.
    NotDeprecated,
    /// A fact changed that Rust does not show.
    Wire(Fact),
    /// Its description changed.
    Description,
}

/// A reason for the verdict on a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// The Rust item that it applies to, from the API's module; empty if Rust does not show the change.
    pub item: String,
}

impl Changes {
    /// Returns the changes without the findings of these rules. For example, code that ends literals with
    /// `..Default::default()` can allow [`Rule::FieldAdded`].
    #[must_use]
    pub fn allowing(mut self, rules: &[Rule]) -> Self {
        let changes = self.apis.iter_mut().flat_map(|api| &mut api.changes);
        for change in changes {
            let findings = change.findings.iter();
            let verdicts = findings.map(|finding| match finding.rule.verdict() {
                Verdict::Breaking if rules.contains(&finding.rule) => Verdict::Additive,
                verdict => verdict,
            });
            change.verdict = verdicts.max().unwrap_or(change.verdict);
        }
        self
    }

    /// Returns the worst verdict; `None` without a change.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        self.apis.iter().filter_map(ApiChanges::verdict).max()
    }
}

impl Change {
    /// Returns whether the change breaks only literals that list all fields of a struct.
    #[must_use]
    pub fn breaks_only_literals(&self) -> bool {
        let rules = self.findings.iter().map(|finding| finding.rule);
        let mut breaking = rules.filter(|rule| rule.verdict() == Verdict::Breaking);
        self.verdict == Verdict::Breaking && breaking.all(|rule| rule == Rule::FieldAdded)
    }
}

impl ApiChanges {
    /// Returns the worst verdict; `None` without a change.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        self.changes.iter().map(|change| change.verdict).max()
    }

    /// Returns the number of changes with this verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        let changes = self.changes.iter();
        changes.filter(|change| change.verdict == verdict).count()
    }

    /// Returns the changes of each group, in order.
    pub fn groups(&self) -> impl Iterator<Item = &[Change]> {
        self.changes.chunk_by(|a, b| a.group == b.group)
    }
}
