//! Methods: the function that begins a call, the call, its setters.

use super::{
    builder::{Builder, module, path},
    entity::{Entity, Fact, Kind, SEPARATOR},
    schema,
};
use crate::{
    ir::{Location, MethodId, Owner, Param, TypeId},
    items::Path,
};

/// Returns the entity of a method of the resource with this `handle`.
pub(super) fn entity(b: Builder<'_>, id: MethodId, handle: Path<'_>) -> Entity {
    let (method, item) = (&b.api[id], &b.items[id]);
    let mut entity = Entity::new(Kind::Method, &method.name);
    entity.deprecated = method.deprecated;
    entity.docs.clone_from(&method.docs);
    entity.items = item.list(handle).into_iter().map(Into::into).collect();
    entity.facts = [
        (Fact::MethodId, method.id.clone()),
        (Fact::Verb, method.verb.http().to_owned()),
        (Fact::Path, method.path.text.clone()),
    ]
    .into();
    let version = method.api_version.clone();
    let upload = method.upload.as_ref();
    let types = upload.map(|upload| upload.accept.join(", "));
    let size = upload.and_then(|upload| upload.max_size);
    let default_scope = b.facts.scopes_of(id).first().cloned();
    let mut scopes = method.scopes.clone();
    scopes.sort();
    let scopes = (!scopes.is_empty()).then(|| scopes.join(SEPARATOR));
    entity
        .facts
        .extend(version.map(|it| (Fact::ApiVersion, it)));
    entity.facts.extend(types.map(|it| (Fact::MediaTypes, it)));
    entity
        .facts
        .extend(size.map(|it| (Fact::MediaSize, it.to_string())));
    entity.facts.extend(scopes.map(|it| (Fact::Scopes, it)));
    entity
        .facts
        .extend(default_scope.map(|it| (Fact::DefaultScope, it)));

    let parameters = method.parameters.iter().enumerate();
    entity.children.extend(parameters.map(|(index, param)| {
        let owner = Owner::Parameter {
            method: id,
            parameter: param.wire.clone(),
        };
        let mut entity = parameter(b, param, b.owned(&owner));
        // A required parameter is an argument of the function.
        entity.items.extend(item.list_setter(index).map(Into::into));
        entity
    }));
    for (wire, owner) in [
        ("request", Owner::Request(id)),
        ("response", Owner::Response(id)),
    ] {
        let bodies = b.owned(&owner).map(|id| schema::definition(b, id, wire));
        entity.children.extend(bodies);
    }
    if entity.children.iter().any(Entity::holds_types) {
        let name = &b.names[id];
        let module_path = path(&name.module, ["params", name.types.as_str()]);
        entity.items.push(module(module_path));
    }
    entity
}

/// Returns the entity of a parameter without its setter.
pub(super) fn parameter(
    b: Builder<'_>,
    param: &Param,
    types: impl Iterator<Item = TypeId>,
) -> Entity {
    let mut entity = Entity::new(Kind::Parameter, &param.wire);
    entity.required = param.required;
    entity.deprecated = param.deprecated;
    entity.docs.clone_from(&param.docs);
    let location = match param.location {
        Location::Path => "path",
        Location::Query => "query",
    };
    entity.facts.insert(Fact::Location, location.to_owned());
    let pattern = param.pattern.clone().map(|it| (Fact::Pattern, it));
    let default = param.default.clone().map(|it| (Fact::Default, it));
    entity.facts.extend(pattern.into_iter().chain(default));
    entity.children = types.map(|id| schema::definition(b, id, "{}")).collect();
    entity
}
