//! The modules with the types of the document.

use std::collections::{BTreeMap, BTreeSet};

use super::decided::is_generated;
use crate::{
    ir::{Api, TypeId},
    names::Names,
};

/// Types by module.
#[derive(Debug, Default)]
pub(crate) struct Tree<'a> {
    /// The name of the module; the root has none.
    pub(crate) name: Option<&'a str>,
    /// The types of the module itself, by name.
    pub(crate) types: Vec<TypeId>,
    /// The modules inside it.
    pub(crate) children: BTreeMap<&'a str, Tree<'a>>,
}

impl<'a> Tree<'a> {
    /// Sorts these types into modules, except those of parameters that every call sets itself.
    pub(crate) fn new(api: &Api, names: &'a Names, types: &BTreeSet<TypeId>) -> Self {
        let types = types.iter().copied();
        let mut types: Vec<TypeId> = types.filter(|id| is_generated(&api[*id])).collect();
        types.sort_by_key(|id| &names[*id].ident);
        let mut root = Self::default();
        for id in types {
            let path = names[id].module.iter();
            let module = path.fold(&mut root, |tree, name| {
                let child = tree.children.entry(name).or_default();
                child.name = Some(name);
                child
            });
            module.types.push(id);
        }
        root
    }

    /// Returns the types of this module and of those inside it.
    pub(crate) fn ids(&self) -> Box<dyn Iterator<Item = TypeId> + '_> {
        let inside = self.children.values().flat_map(Self::ids);
        Box::new(self.types.iter().copied().chain(inside))
    }

    /// Returns the module of this path, if there are types in it or below.
    pub(crate) fn get(&self, path: &[String]) -> Option<&Self> {
        path.iter()
            .try_fold(self, |tree, name| tree.children.get(name.as_str()))
    }
}
