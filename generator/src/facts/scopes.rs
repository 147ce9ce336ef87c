//! The scopes of methods, in the order in which a client prefers them.
//!
//! Each scope of a method is sufficient for some call. By default a client requests the first one:
//!
//! 1. `cloud-platform`, if the service takes it: if at least half of its methods that need a scope accept it. IAM decides about
//!    the rest.
//! 2. The scope in the table for the method, if the following rules choose a wrong one.
//! 3. The narrowest scope that shows all data of the method. A scope that only reads is narrower than one that writes. Of
//!    two such scopes, the narrower one is accepted by fewer methods, and then the first by name.
//! 4. `cloud-platform` in other services.
//! 5. Partial scopes: they show a part of the data, for instance the files that this program created, or are for certain callers
//!    only. With such a scope a call fails, or returns less than the caller expects. The table lists them.
//! 6. Scopes that the document does not define.
//!
//! The table names its sources. `cargo run -p gapi-tools --bin scopes` prints the defaults of any documents, and checks the table.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::LazyLock,
};

use serde::{Deserialize, Serialize};

use crate::ir::{Api, Method, MethodId};

/// The facts about scopes that documents do not state in a machine-readable form.
const TABLE: &str = include_str!("scopes.json");

/// The beginning of most scopes.
const PREFIX: &str = "https://www.googleapis.com/auth/";

/// The scope of all services of Google Cloud, without its prefix.
const CLOUD_PLATFORM: &str = "cloud-platform";

/// The scopes that a method accepts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scopes {
    /// The URLs of the scopes. A client requests the first one by default.
    pub urls: Vec<String>,
    /// The reason for the first one.
    pub default: DefaultScope,
}

/// The reason why a scope is the default of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultScope {
    /// The service takes `cloud-platform`.
    CloudPlatform,
    /// The method accepts no other scope.
    Only,
    /// The table names it.
    Listed,
    /// It is the narrowest scope that reads.
    NarrowestReading,
    /// It is the narrowest scope, and it writes.
    NarrowestWriting,
    /// The method accepts partial scopes only.
    Partial,
    /// The document does not define the scopes of the method.
    Undefined,
}

impl DefaultScope {
    /// Returns the reason in words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CloudPlatform => "the service takes cloud-platform",
            Self::Only => "the only scope",
            Self::Listed => "listed in the table",
            Self::NarrowestReading => "the narrowest scope that reads",
            Self::NarrowestWriting => "the narrowest scope, which writes",
            Self::Partial => "partial, because all are",
            Self::Undefined => "not defined by the document",
        }
    }
}

/// The table of scopes. Names of scopes lack the usual prefix. A `*` at the end of a name matches any rest.
///
/// ```
/// use gapi_generator::facts::{DependentMethods, FirstScope, PartialScope, ScopeTable};
///
/// let table = ScopeTable::get();
/// assert!(table.reads("https://www.googleapis.com/auth/drive.readonly"));
/// let (url, method) = ("https://www.googleapis.com/auth/drive.appdata", "drive.files.list");
/// if let Some(PartialScope { says, source, .. }) = table.partial(url, method) {
///     println!("{says} ({source})");
/// }
/// if let Some(FirstScope { scope, reason, .. }) = table.first(method) {
///     println!("{scope}: {reason}");
/// }
/// println!("{:?}", table.depends_on(method));
/// for DependentMethods { methods, on } in &table.depends {
///     println!("{methods}: {on}");
/// }
/// ```
#[derive(Debug, Default, Deserialize)]
pub struct ScopeTable {
    /// The partial scopes.
    pub partial: Vec<PartialScope>,
    /// The methods whose default the rules cannot find. The first row of a method counts.
    pub first: Vec<FirstScope>,
    /// The methods with several kinds of data, each with its own scopes. No scope is sufficient for all calls.
    pub depends: Vec<DependentMethods>,
    /// The scopes that only read, although their names do not show it.
    pub reading: Vec<String>,
    /// The number of methods that accept a scope in all services, for scopes of several services.
    pub breadth: BTreeMap<String, usize>,
}

/// A scope that shows a part of the data, or is for certain callers only.
#[derive(Debug, Deserialize)]
pub struct PartialScope {
    /// The name of the scope.
    pub scope: String,
    /// The text that states this, or its meaning.
    pub says: String,
    /// The document whose description of the scope contains this text, or the URL of a page that states it.
    pub source: String,
    /// An explanation of the text.
    pub note: Option<String>,
    /// The methods for which the scope is complete.
    #[serde(default)]
    pub complete_for: Vec<String>,
}

/// The default scope of some methods.
#[derive(Debug, Deserialize)]
pub struct FirstScope {
    /// The ids of the methods.
    pub methods: Vec<String>,
    /// The name of the scope.
    pub scope: String,
    /// The reason.
    pub reason: String,
    /// The source of the reason.
    pub source: String,
}

/// Methods whose arguments decide which scope a call needs.
#[derive(Debug, Deserialize)]
pub struct DependentMethods {
    /// The ids of the methods.
    pub methods: String,
    /// The argument or the data that decides.
    pub on: String,
}

impl ScopeTable {
    /// Returns the table of this generator.
    #[must_use]
    pub fn get() -> &'static Self {
        // The table is part of this crate, and a test reads all of it.
        static READ: LazyLock<ScopeTable> =
            LazyLock::new(|| serde_json::from_str(TABLE).unwrap_or_default());
        &READ
    }

    /// Returns the row that makes a scope partial for a method.
    #[must_use]
    pub fn partial(&self, url: &str, method: &str) -> Option<&PartialScope> {
        let name = short(url);
        let row = self.partial.iter().find(|row| fits(&row.scope, name))?;
        let is_complete = row.complete_for.iter().any(|methods| fits(methods, method));
        (!is_complete).then_some(row)
    }

    /// Returns the row that names the default scope of a method.
    #[must_use]
    pub fn first(&self, method: &str) -> Option<&FirstScope> {
        let mut rows = self.first.iter();
        rows.find(|row| row.methods.iter().any(|methods| fits(methods, method)))
    }

    /// Returns the argument that decides which scope a call of the method needs, if one does.
    #[must_use]
    pub fn depends_on(&self, method: &str) -> Option<&str> {
        let row = self.depends.iter().find(|row| fits(&row.methods, method));
        row.map(|row| row.on.as_str())
    }

    /// Returns `true` if a scope only reads: its name ends in `.readonly` or another spelling of it, or the table lists it.
    #[must_use]
    pub fn reads(&self, url: &str) -> bool {
        let name = short(url);
        let words: Vec<&str> = name.split(['.', '-', '_', '/']).collect();
        matches!(words[..], [.., "readonly" | "read"] | [.., "read", "only"])
            || self.reading.iter().any(|reading| reading == name)
    }
}

/// Returns the name of a scope without the usual prefix.
fn short(url: &str) -> &str {
    url.strip_prefix(PREFIX).unwrap_or(url)
}

/// Returns `true` if a name is the pattern, or begins as a pattern that ends in `*`.
fn fits(pattern: &str, name: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == name, |start| name.starts_with(start))
}

/// Determines the order of the scopes of each method that has any.
pub(super) fn of(api: &Api) -> BTreeMap<MethodId, Scopes> {
    let rules = Rules::new(api, ScopeTable::get());
    let ids = api.method_ids().filter(|&id| !api[id].scopes.is_empty());
    ids.map(|id| (id, rules.scopes(&api[id]))).collect()
}

/// The groups of scopes, the preferred one first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    CloudPlatform,
    Listed,
    Reading,
    Writing,
    CloudPlatformOfOthers,
    Partial,
    Undefined,
}

/// The rules for an API.
struct Rules<'a> {
    table: &'a ScopeTable,
    defined: BTreeSet<&'a str>,
    /// The number of methods that accept a scope.
    accepting: HashMap<&'a str, usize>,
    takes_cloud_platform: bool,
}

impl<'a> Rules<'a> {
    fn new(api: &'a Api, table: &'a ScopeTable) -> Self {
        let mut accepting = HashMap::new();
        for url in api.methods.iter().flat_map(|method| &method.scopes) {
            *accepting.entry(url.as_str()).or_default() += 1;
        }
        let with_scopes = api.methods.iter().filter(|it| !it.scopes.is_empty());
        let is_cloud_platform = |url: &String| short(url) == CLOUD_PLATFORM;
        let (taking, others): (Vec<&Method>, Vec<&Method>) =
            with_scopes.partition(|method| method.scopes.iter().any(is_cloud_platform));
        Self {
            table,
            defined: api.scopes.iter().map(|scope| scope.url.as_str()).collect(),
            accepting,
            takes_cloud_platform: taking.len() >= others.len(),
        }
    }

    fn scopes(&self, method: &Method) -> Scopes {
        let mut ranked: Vec<(Group, usize, &String)> = method
            .scopes
            .iter()
            .map(|url| (self.group(method, url), self.breadth(url), url))
            .collect();
        ranked.sort();
        ranked.dedup();
        let default = match ranked[..] {
            [(Group::CloudPlatform, ..), ..] => DefaultScope::CloudPlatform,
            [_] => DefaultScope::Only,
            [(Group::Listed, ..), ..] => DefaultScope::Listed,
            [(Group::Reading, ..), ..] => DefaultScope::NarrowestReading,
            [(Group::Writing | Group::CloudPlatformOfOthers, ..), ..] => {
                DefaultScope::NarrowestWriting
            }
            [(Group::Partial, ..), ..] => DefaultScope::Partial,
            _ => DefaultScope::Undefined,
        };
        let urls = ranked.into_iter().map(|(_, _, url)| url.clone()).collect();
        Scopes { urls, default }
    }

    fn group(&self, method: &Method, url: &str) -> Group {
        let listed = self.table.first(&method.id);
        if !self.defined.contains(url) {
            Group::Undefined
        } else if short(url) == CLOUD_PLATFORM {
            if self.takes_cloud_platform {
                Group::CloudPlatform
            } else {
                Group::CloudPlatformOfOthers
            }
        } else if listed.is_some_and(|row| row.scope == short(url)) {
            Group::Listed
        } else if self.table.partial(url, &method.id).is_some() {
            Group::Partial
        } else if self.table.reads(url) {
            Group::Reading
        } else {
            Group::Writing
        }
    }

    /// Returns the number of methods that accept a scope: in all services if the table has this number, and otherwise in this API.
    fn breadth(&self, url: &str) -> usize {
        let own = self.accepting.get(url).copied().unwrap_or_default();
        let all = self.table.breadth.get(short(url)).copied();
        own.max(all.unwrap_or_default())
    }
}
