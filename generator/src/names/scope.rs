//! Rust namespaces, and the rules by which they accept names.

use std::collections::{BTreeMap, BTreeSet};

use super::{case, keywords};
use crate::diagnostics::{Diagnostics, Pointer, Rename};

/// Names that a user chose for a document: place → Rust name.
#[derive(Clone, Debug, Default)]
pub struct Renames {
    document: String,
    names: BTreeMap<Pointer, String>,
    /// `true` if some may be for another revision of the document.
    any_revision: bool,
}

impl Renames {
    /// Creates an empty table for the document with this id (`spanner:v1`).
    #[must_use]
    pub fn new(document: &str) -> Self {
        Self {
            document: document.to_owned(),
            names: BTreeMap::new(),
            any_revision: false,
        }
    }

    /// Ignores renames that apply to nothing, because they may be for another revision.
    #[must_use]
    pub fn for_any_revision(mut self) -> Self {
        self.any_revision = true;
        self
    }

    /// Sets the name of the item at `pointer` (an allowed value is written as its text: `…/enum/READY`). `rust` is
    /// converted to the case of its kind. The function and the call of a method share a name, and so do a property and
    /// its inline type.
    pub fn insert(&mut self, pointer: &str, rust: &str) {
        self.names.insert(Pointer::from(pointer), rust.to_owned());
    }

    pub(super) fn start(&self) -> Pending {
        Pending {
            renames: self.clone(),
            used: BTreeSet::new(),
            conflicts: Vec::new(),
        }
    }

    /// Returns a rename of this document.
    pub(super) fn rename(&self, pointer: &Pointer, rust: String) -> Rename {
        Rename {
            document: self.document.clone(),
            pointer: pointer.as_str().to_owned(),
            rust,
        }
    }
}

/// A name that cannot be used.
#[derive(Clone, Debug)]
pub(super) struct Conflict {
    /// The place of the item in the document.
    pub(super) origin: Pointer,
    /// The place that a rename states.
    pub(super) place: Pointer,
    pub(super) message: String,
    pub(super) wire: String,
    pub(super) kind: Kind,
    /// The name. It is taken, reserved, too long or empty.
    pub(super) name: String,
}

/// The renames, those that have been used, and the names that cannot be used.
pub(super) struct Pending {
    renames: Renames,
    used: BTreeSet<Pointer>,
    pub(super) conflicts: Vec<Conflict>,
}

impl Pending {
    fn take(&mut self, origin: &Pointer) -> Option<String> {
        let rust = self.renames.names.get(origin)?.clone();
        self.used.insert(origin.clone());
        Some(rust)
    }

    /// Returns the module of the types inside a method. No resource can collide with it.
    pub(super) fn module_of_method(&self, wire: &str, origin: &Pointer) -> String {
        let chosen = self.renames.names.get(origin).map_or(wire, String::as_str);
        escape(candidate(chosen, Kind::Function), Kind::Function)
    }

    /// Reports renames that apply to nothing. Such a rename is a mistake, or became one with a newer document.
    pub(super) fn report_unused(&self, diagnostics: &mut Diagnostics) {
        for (pointer, rust) in &self.renames.names {
            if !self.renames.any_revision && !self.used.contains(pointer) {
                let message = format!("the rename to `{rust}` does not match any place");
                let help = "compare the place with the document, or remove the rename";
                diagnostics.error_with_help(pointer, message, help);
            }
        }
    }
}

/// The maximum length of a name. File systems limit file names to 255 bytes. The longest published name has 143.
pub(super) const LONGEST: usize = 200;

/// The purpose of a name. It decides the case of the name and the change if Rust reserves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Client,
    Resource,
    Handle,
    Function,
    Call,
    Argument,
    Setter,
    Type,
    Field,
    Variant,
    /// The module of a type's or a method's inline types.
    Module,
    Constant,
}

impl Kind {
    pub(super) fn is_pascal(self) -> bool {
        matches!(
            self,
            Self::Client | Self::Handle | Self::Call | Self::Type | Self::Variant
        )
    }

    /// Returns the suffix for a name that Rust or the generated code reserves.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Client => "Client",
            Self::Resource => "_resource",
            Self::Handle => "Resource",
            Self::Function => "_method",
            Self::Call => "Call",
            Self::Argument | Self::Setter => "_param",
            Self::Type => "Schema",
            Self::Field => "_field",
            Self::Variant => "Value",
            Self::Module => "_types",
            Self::Constant => "_SCOPE",
        }
    }

    /// Returns the prefix for a name that begins with a digit.
    fn letter(self) -> &'static str {
        match self {
            Self::Variant | Self::Client | Self::Handle | Self::Call => "V",
            Self::Type => "T",
            Self::Constant => "SCOPE_",
            _ => "v",
        }
    }
}

/// Returns the name for a wire name, before collisions are known.
pub(super) fn candidate(wire: &str, kind: Kind) -> String {
    let name = match kind {
        Kind::Constant => case::snake(wire).to_uppercase(),
        _ if kind.is_pascal() => case::pascal(wire),
        _ => case::snake(wire),
    };
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("{}{name}", kind.letter())
    } else {
        name
    }
}

/// Returns the module of the types inside a type.
pub(super) fn module_of(ident: &str) -> String {
    let name = case::snake(ident);
    if keywords::INLINE_MODULES.contains(&name.as_str()) {
        name + Kind::Module.suffix()
    } else {
        escape(name, Kind::Module)
    }
}

/// Escapes a keyword: `r#type`, or the suffix if Rust allows no raw identifier.
fn escape(name: String, kind: Kind) -> String {
    let file = kind == Kind::Resource && keywords::NO_FILES.contains(&name.as_str());
    if file || keywords::NEVER_RAW.contains(&name.as_str()) {
        name + kind.suffix()
    } else if keywords::KEYWORDS.contains(&name.as_str()) {
        format!("r#{name}")
    } else {
        name
    }
}

/// A Rust namespace.
pub(super) struct Scope {
    what: &'static str,
    reserved: &'static [&'static str],
    taken: BTreeMap<String, (Kind, Pointer)>,
}

impl Scope {
    /// Creates a namespace in which the generated code needs the names in `reserved`.
    pub(super) fn new(what: &'static str, reserved: &'static [&'static str]) -> Self {
        Self {
            what,
            reserved,
            taken: BTreeMap::new(),
        }
    }

    /// Chooses the name for `wire` at `origin`, and reserves it.
    pub(super) fn claim(
        &mut self,
        wire: &str,
        kind: Kind,
        origin: &Pointer,
        renames: &mut Pending,
    ) -> String {
        // The position of a value changes when the document lists another one before it.
        let place = match kind {
            Kind::Variant => origin.beside(wire),
            _ => origin.clone(),
        };
        let chosen = renames.take(&place);
        let is_reserved = |name: &str| chosen.is_some() && self.reserved.contains(&name);
        let name = match &chosen {
            Some(chosen) => escape(candidate(chosen, kind), kind),
            None => self.climb(candidate(wire, kind), kind),
        };
        let message = if is_reserved(&name) {
            format!(
                "`{wire}` cannot be called `{name}`: generated code needs this name in {}",
                self.what
            )
        } else if name.is_empty() {
            format!("`{wire}` cannot be converted to a Rust name")
        } else if name.len() > LONGEST {
            format!("the name would have {} letters", name.len())
        } else if let Some((_, other)) = self.taken.get(&name) {
            format!(
                "`{wire}` would be called `{name}` in {}, as {other} already is",
                self.what
            )
        } else {
            self.taken.insert(name.clone(), (kind, origin.clone()));
            return name;
        };
        renames.conflicts.push(Conflict {
            origin: origin.clone(),
            place,
            message,
            wire: wire.to_owned(),
            kind,
            name: name.clone(),
        });
        name
    }

    fn climb(&self, name: String, kind: Kind) -> String {
        let needed = self.reserved.contains(&name.as_str());
        if needed || self.yields(&name, kind) {
            name + kind.suffix()
        } else {
            escape(name, kind)
        }
    }

    /// Returns whether a method must take another name. Its function yields the name to a child resource, and its
    /// call yields the name to the handle that it is a method of. Both remain callable. The result does not depend
    /// on which of the two came first.
    fn yields(&self, name: &str, kind: Kind) -> bool {
        let raw = format!("r#{name}");
        let other = self.taken.get(name).or_else(|| self.taken.get(&raw));
        matches!(
            (kind, other.map(|(kind, _)| kind)),
            (Kind::Function, Some(Kind::Resource))
                | (Kind::Call, Some(Kind::Handle | Kind::Client))
        )
    }
}
