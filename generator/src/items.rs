//! The public Rust of an API as plain data: the items that a user's code can name.
//!
//! It is built once for a document, from the model, the facts and the names. `emit` prints it. `describe`, `diff` and `inspect` read
//! it. Types, signatures and the functions that the runtime's macros add are decided only here.

use std::{collections::BTreeMap, ops::Index};

use crate::{
    derives::Derives,
    facts::Facts,
    ir::{Api, MethodId, Param, TypeId},
    names::Names,
};

mod call;
mod decided;
mod definition;
mod function;
mod handle;
mod ident;
mod list;
mod print;
mod tree;
mod ty;

pub(crate) use call::{Call, Operation, Pages, Upload};
pub(crate) use decided::{is_decided, is_generated};
pub(crate) use definition::{
    Definition, Field, Shape, Struct, TRAITS_OF_ENUMS, Variant, unknown_value,
};
pub(crate) use function::{Function, Parameter};
pub(crate) use handle::{Client, Handle, PARAMS, STANDARD_PARAMETERS};
pub(crate) use ident::{ident, without_raw};
pub use list::Form;
pub(crate) use list::{Listed, Rust};
pub(crate) use print::Place;
pub(crate) use tree::Tree;
pub(crate) use ty::{Path, Type};

/// All items of an API, whatever the selection.
#[derive(Debug)]
pub(crate) struct Items<'a> {
    pub(crate) client: Client<'a>,
    /// By the wire path of the resource.
    pub(crate) handles: BTreeMap<&'a [String], Handle<'a>>,
    /// The setters of the API-wide parameters, in their order. A parameter that calls decide has none.
    pub(crate) setters: Vec<Option<Function<'a>>>,
    /// The constants of the scopes, which are `&str`.
    pub(crate) scopes: Vec<Path<'a>>,
    /// By [`MethodId`].
    calls: Vec<Call<'a>>,
    /// By [`TypeId`].
    types: Vec<Definition<'a>>,
}

impl<'a> Items<'a> {
    /// Makes the items of an API.
    pub(crate) fn new(
        api: &'a Api,
        facts: &'a Facts,
        names: &'a Names,
        derives: &'a Derives,
    ) -> Self {
        let resources = api.root.all().skip(1);
        let handles = resources.filter_map(|resource| {
            let name = names.resources.get(&resource.path)?;
            Some((resource.path.as_slice(), handle::handle(resource, name)))
        });
        let parameters = api.parameters.iter().zip(&names.parameters);
        let setter = |(param, name): (&Param, &'a String)| {
            let setter = || Function {
                is_public: false,
                ..call::setter(names, param, name)
            };
            (!is_decided(&param.wire)).then(setter)
        };
        let scopes = names.scopes.iter().map(|name| Path {
            module: &*handle::SCOPES,
            name,
        });
        Self {
            client: handle::client(names),
            handles: handles.collect(),
            setters: parameters.map(setter).collect(),
            scopes: scopes.collect(),
            calls: api
                .method_ids()
                .map(|id| call::call(api, facts, names, id))
                .collect(),
            types: api
                .type_ids()
                .map(|id| definition::definition(api, facts, names, derives, id))
                .collect(),
        }
    }
}

impl<'a> Index<MethodId> for Items<'a> {
    type Output = Call<'a>;

    fn index(&self, id: MethodId) -> &Call<'a> {
        &self.calls[id.0]
    }
}

impl<'a> Index<TypeId> for Items<'a> {
    type Output = Definition<'a>;

    fn index(&self, id: TypeId) -> &Definition<'a> {
        &self.types[id.0]
    }
}

impl Items<'_> {
    /// Returns the setter of the API-wide parameter at `index`, if it has one.
    pub(crate) fn list_setter(&self, index: usize) -> Option<Listed<'_>> {
        let setter = self.setters.get(index)?.clone()?;
        let owner = Path {
            module: &*PARAMS,
            name: STANDARD_PARAMETERS,
        };
        let mut listed = Listed::function("setter", owner, setter);
        listed.form = Form::TraitFunction;
        Some(listed)
    }

    /// Returns the module of the scopes, if the API has scopes.
    pub(crate) fn list_scopes(&self) -> Option<Listed<'_>> {
        let path = Path {
            module: &[],
            name: "scopes",
        };
        let any = !self.scopes.is_empty();
        any.then(|| Listed::new("scopes", Form::Module, path))
    }

    /// Returns the constant of the scope at `index`.
    pub(crate) fn list_scope(&self, index: usize) -> Option<Listed<'_>> {
        let path = *self.scopes.get(index)?;
        let text = Type::Reference(Box::new(Type::plain(&["str"])));
        Some(Listed::new("scope", Form::Constant, path).with(Rust::Type(text)))
    }
}
