//! The client and the handles of resources.

use std::sync::LazyLock;

use super::{
    function::{Function, Receiver},
    ty::{Path, SELF, Type},
};
use crate::{
    ir::Resource,
    names::{Names, ResourceName},
};

/// The module of the API-wide parameters, from the API's module.
pub(crate) static PARAMS: LazyLock<[String; 1]> = LazyLock::new(|| ["params".to_owned()]);

/// The module of the scopes.
pub(super) static SCOPES: LazyLock<[String; 1]> = LazyLock::new(|| ["scopes".to_owned()]);

/// The trait of the API-wide parameters. It is in their module and in the module of the API.
pub(crate) const STANDARD_PARAMETERS: &str = "StandardParameters";

/// The client of an API.
#[derive(Debug)]
pub(crate) struct Client<'a> {
    pub(crate) path: Path<'a>,
    /// The functions that do not return a resource.
    pub(crate) builder: Function<'a>,
    pub(crate) batch: Function<'a>,
}

/// The handle of a resource.
#[derive(Debug)]
pub(crate) struct Handle<'a> {
    pub(crate) path: Path<'a>,
    /// The function of the handle or the client above that returns this one.
    pub(crate) accessor: Function<'a>,
}

pub(super) fn client(names: &Names) -> Client<'_> {
    let of_self = |path| Type::of(path, Type::plain(SELF));
    Client {
        path: Path {
            module: &[],
            name: &names.client,
        },
        builder: Function::new(
            "builder",
            Receiver::None,
            of_self(&["gapi_runtime", "ClientBuilder"]),
        ),
        batch: Function::new(
            "batch",
            Receiver::Reference,
            of_self(&["gapi_runtime", "Batch"]),
        ),
    }
}

pub(super) fn handle<'a>(resource: &Resource, name: &'a ResourceName) -> Handle<'a> {
    let path = Path {
        module: &name.module,
        name: &name.handle,
    };
    Handle {
        path,
        accessor: Function {
            deprecated: resource.deprecated,
            ..Function::new(&name.accessor, Receiver::Reference, Type::Own(path))
        },
    }
}
