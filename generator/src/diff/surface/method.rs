//! Methods: the function that begins a call, the call, its setters.

use super::{Builder, Entity, Fact, Form, Item, Kind, item, path, schema};
use crate::{
    emit::{method, params},
    ir::{Location, MethodId, Owner, Param, TypeId},
};

/// What `call!` gives to every call beside what depends on the method.
const OF_EVERY_CALL: [&str; 4] = ["idempotent", "retry", "send_with_headers", "timeout"];

/// A method of the resource with this `handle`.
pub(super) fn entity(b: Builder<'_>, id: MethodId, handle: &str) -> Entity {
    let (method, name) = (&b.cx.api[id], &b.cx.names[id]);
    let call = path(&name.module, [name.call.as_str()]);
    let mut entity = Entity::new(Kind::Method, &method.name);
    entity.deprecated = method.deprecated;
    entity.docs.clone_from(&method.docs);
    entity.items.push(Item {
        rust: method::signature(b.cx, id).to_string(),
        deprecated: method.deprecated,
        ..item(
            "function",
            Form::Function,
            path(&[], [handle, &name.function]),
        )
    });
    entity.items.push(item("call", Form::Struct, call.clone()));
    let given = OF_EVERY_CALL.into_iter();
    let given = given.map(|name| item(name, Form::Function, path(&[], [call.as_str(), name])));
    entity.items.extend(given);
    let sending = method::sending(b.cx, id).into_iter();
    entity.items.extend(sending.map(|(name, tokens)| Item {
        rust: tokens.to_string(),
        ..item(name, Form::Function, path(&[], [call.as_str(), name]))
    }));
    if method
        .upload
        .as_ref()
        .is_some_and(|upload| upload.resumable)
    {
        let marker = format!("{call}: Resumable");
        entity.items.push(item("resumable", Form::Marker, marker));
    }
    entity.facts = [
        (Fact::MethodId, method.id.clone()),
        (Fact::Verb, method::verb(method.verb).to_owned()),
        (Fact::Path, method.path.text.clone()),
    ]
    .into();
    let version = method.api_version.clone();
    let upload = method.upload.as_ref();
    let types = upload.map(|upload| upload.accept.join(", "));
    let size = upload.and_then(|upload| upload.max_size);
    let scopes = (!method.scopes.is_empty()).then(|| method.scopes.join(", "));
    entity
        .facts
        .extend(version.map(|it| (Fact::ApiVersion, it)));
    entity.facts.extend(types.map(|it| (Fact::MediaTypes, it)));
    entity
        .facts
        .extend(size.map(|it| (Fact::MediaSize, it.to_string())));
    entity.facts.extend(scopes.map(|it| (Fact::Scopes, it)));

    let parameters = method.parameters.iter().zip(&name.parameters);
    entity.children.extend(parameters.map(|(param, setter)| {
        let owner = Owner::Parameter {
            method: id,
            parameter: param.wire.clone(),
        };
        let mut entity = parameter(b, param, b.owned(&owner));
        // A required one is in the function.
        if !param.required {
            let signature = params::signature(b.cx, param, setter, &name.module);
            entity.items.push(Item {
                rust: signature.to_string(),
                deprecated: param.deprecated,
                ..item("setter", Form::Function, path(&[], [call.as_str(), setter]))
            });
        }
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
        let module = path(&name.module, ["params", name.types.as_str()]);
        entity.items.push(item("module", Form::Module, module));
    }
    entity
}

/// A parameter without its setter.
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
