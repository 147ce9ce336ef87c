//! The names of an API as data.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::ir::{MethodId, TypeId};

/// The Rust names of an API, in tables parallel to those of [`Api`](crate::ir::Api).
#[derive(Clone, Debug, Serialize)]
pub struct Names {
    /// The cargo feature, for example `spanner-v1`.
    pub feature: String,
    /// The module, for example `spanner_v1`.
    pub module: String,
    /// The client type, for example `Spanner`.
    pub client: String,
    /// The constants of the scopes.
    pub scopes: Vec<String>,
    /// The setters of the API-wide parameters.
    pub parameters: Vec<String>,
    /// By [`TypeId`].
    pub types: Vec<TypeName>,
    /// By [`MethodId`].
    pub methods: Vec<MethodName>,
    /// By the wire path of the resource; the root is not in it.
    #[serde(skip)]
    pub resources: BTreeMap<Vec<String>, ResourceName>,
}

/// The names of a type.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TypeName {
    /// The modules from the API's module down, for example `schemas`, `instance`.
    pub module: Vec<String>,
    /// The type itself.
    pub ident: String,
    /// Its fields or variants.
    pub members: Vec<String>,
}

/// The names of a method.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MethodName {
    /// The modules from the API's module down.
    pub module: Vec<String>,
    /// The function of the handle.
    pub function: String,
    /// The type of the call.
    pub call: String,
    /// The module, below `params`, of the types inside the method.
    pub types: String,
    /// An argument for each required parameter, and a setter for each other one.
    pub parameters: Vec<String>,
}

/// The names of a resource.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ResourceName {
    /// The modules from the API's module down, including its own.
    pub module: Vec<String>,
    /// The type of the handle.
    pub handle: String,
    /// The function of the parent that returns the handle.
    pub accessor: String,
}

impl std::ops::Index<TypeId> for Names {
    type Output = TypeName;

    fn index(&self, id: TypeId) -> &TypeName {
        &self.types[id.0]
    }
}

impl std::ops::Index<MethodId> for Names {
    type Output = MethodName;

    fn index(&self, id: MethodId) -> &MethodName {
        &self.methods[id.0]
    }
}
