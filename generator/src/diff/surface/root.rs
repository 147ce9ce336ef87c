//! The API's own items, and the resources.

use super::{
    builder::{Builder, module, path},
    entity::{Entity, Fact, Item, Kind},
    method, schema,
};
use crate::{
    ir::{Owner, Resource},
    items::{Path, is_decided},
};

/// Returns the entity of the whole API.
pub(super) fn api(b: Builder<'_>) -> Entity {
    let (api, items) = (b.api, b.items);
    let mut entity = Entity::new(Kind::Api, &api.id);
    entity.docs.clone_from(&api.docs);
    let listed = items.client.list().into_iter().chain(items.list_scopes());
    entity.items = listed.map(Into::into).collect();
    entity.facts = [
        (Fact::RootUrl, api.root_url.clone()),
        (Fact::ServicePath, api.service_path.clone()),
        (Fact::BatchPath, api.batch_path.clone()),
        (Fact::DataWrapper, api.data_wrapper.to_string()),
    ]
    .into();
    let mtls = api.mtls_root_url.clone();
    entity.facts.extend(mtls.map(|it| (Fact::MtlsRootUrl, it)));

    let scopes = api.scopes.iter().enumerate();
    entity.children.extend(scopes.map(|(index, scope)| {
        let mut entity = Entity::new(Kind::Scope, &scope.url);
        entity.docs = Some(scope.docs.clone());
        entity.items.extend(items.list_scope(index).map(Into::into));
        entity
    }));
    let parameters = api.parameters.iter().enumerate();
    let parameters = parameters.filter(|(_, param)| !is_decided(&param.wire));
    entity.children.extend(parameters.map(|(index, param)| {
        let owner = Owner::ApiParameter(param.wire.clone());
        let mut entity = method::parameter(b, param, b.owned(&owner));
        entity
            .items
            .extend(items.list_setter(index).map(Into::into));
        entity
    }));
    let (root, client) = (&b.selection.root, items.client.path);
    let methods = root.methods.iter();
    let methods = methods.map(|id| method::entity(b, *id, client));
    entity.children.extend(methods);
    for child in &root.children {
        resource(b, child, client, &mut entity.children);
    }
    let schemas = b.types.iter().filter_map(|(owner, ids)| match owner {
        Owner::Schema(wire) => Some((wire, ids)),
        _ => None,
    });
    let schemas = schemas.flat_map(|(wire, ids)| ids.iter().map(move |id| (wire, *id)));
    let schemas = schemas.map(|(wire, id)| schema::definition(b, id, wire));
    entity.children.extend(schemas);
    entity
}

/// Collects the entities of a resource, reached by a function of the handle `parent`, and of all below it.
fn resource(b: Builder<'_>, resource: &Resource, parent: Path<'_>, found: &mut Vec<Entity>) {
    let handle = &b.items.handles[&resource.path[..]];
    let mut entity = Entity::new(Kind::Resource, resource.path.join("."));
    entity.deprecated = resource.deprecated;
    let listed = handle.list(parent).into_iter();
    entity.items = listed.map(Into::into).collect();
    let methods = resource.methods.iter();
    let methods = methods.map(|id| method::entity(b, *id, handle.path));
    entity.children = methods.collect();
    let mut items = entity.children.iter().flat_map(|method| &method.items);
    if items.any(|item| item.role == "module") {
        entity.items.push(Item {
            role: "params".to_owned(),
            ..module(path(handle.path.module, ["params"]))
        });
    }
    found.push(entity);
    for child in &resource.children {
        self::resource(b, child, handle.path, found);
    }
}
