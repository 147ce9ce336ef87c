//! The API's own items, and the resources.

use super::{Builder, Entity, Fact, Form, Item, Kind, item, method, path, schema};
use crate::{
    emit::params,
    ir::{Api, Owner, Resource},
    names::ResourceName,
};

/// The whole API.
pub(super) fn api(b: Builder<'_>, api: &Api) -> Entity {
    let client = b.cx.names.client.as_str();
    let setters = "params::StandardParameters";
    let mut entity = Entity::new(Kind::Api, &api.id);
    entity.docs.clone_from(&api.docs);
    let function = |name: &'static str, rust: &str| Item {
        rust: rust.to_owned(),
        ..item(name, Form::Function, path(&[], [client, name]))
    };
    entity.items = vec![
        item("client", Form::Struct, client.to_owned()),
        function(
            "builder",
            "pub fn builder() -> gapi_runtime::ClientBuilder<Self>",
        ),
        function("batch", "pub fn batch(&self) -> gapi_runtime::Batch<Self>"),
        item("parameters", Form::Trait, setters.to_owned()),
        item("import", Form::Trait, "StandardParameters".to_owned()),
        item("params", Form::Module, "params".to_owned()),
        item("schemas", Form::Module, "schemas".to_owned()),
    ];
    if !api.scopes.is_empty() {
        let scopes = item("scopes", Form::Module, "scopes".to_owned());
        entity.items.push(scopes);
    }
    entity.facts = [
        (Fact::RootUrl, api.root_url.clone()),
        (Fact::ServicePath, api.service_path.clone()),
        (Fact::BatchPath, api.batch_path.clone()),
        (Fact::DataWrapper, api.data_wrapper.to_string()),
    ]
    .into();
    let mtls = api.mtls_root_url.clone();
    entity.facts.extend(mtls.map(|it| (Fact::MtlsRootUrl, it)));

    let scopes = api.scopes.iter().zip(&b.cx.names.scopes);
    entity.children.extend(scopes.map(|(scope, name)| {
        let mut entity = Entity::new(Kind::Scope, &scope.url);
        entity.docs = Some(scope.docs.clone());
        let constant = path(&[], ["scopes", name]);
        entity.items.push(item("scope", Form::Constant, constant));
        entity
    }));
    let parameters = api.parameters.iter().zip(&b.cx.names.parameters);
    let parameters = parameters.filter(|(param, _)| !params::is_decided(param));
    entity.children.extend(parameters.map(|(param, name)| {
        let owner = Owner::ApiParameter(param.wire.clone());
        let mut entity = method::parameter(b, param, b.owned(&owner));
        let signature = params::signature(b.cx, param, name, &["params".to_owned()]);
        entity.items.push(Item {
            rust: signature.to_string(),
            deprecated: param.deprecated,
            ..item("setter", Form::TraitFunction, path(&[], [setters, name]))
        });
        entity
    }));
    let methods = b.cx.root.methods.iter();
    let methods = methods.map(|id| method::entity(b, *id, client));
    entity.children.extend(methods);
    let resources = b.cx.root.children.iter();
    resources.for_each(|child| resource(b, child, client, &mut entity.children));
    let schemas = b.types.iter().filter_map(|(owner, ids)| match owner {
        Owner::Schema(wire) => Some((wire, ids)),
        _ => None,
    });
    let schemas = schemas.flat_map(|(wire, ids)| ids.iter().map(move |id| (wire, *id)));
    let schemas = schemas.map(|(wire, id)| schema::definition(b, id, wire));
    entity.children.extend(schemas);
    entity
}

/// The function that gives a handle, as the emitter writes it.
fn accessor(name: &ResourceName) -> String {
    let module = name.module.last().map_or("", String::as_str);
    format!(
        "pub fn {}(&self) -> {module}::{}",
        name.accessor, name.handle
    )
}

/// A resource, reached by a function of the handle `parent`, and all below it.
fn resource(b: Builder<'_>, resource: &Resource, parent: &str, found: &mut Vec<Entity>) {
    let name = &b.cx.names.resources[&resource.path];
    let handle = path(&name.module, [name.handle.as_str()]);
    let mut entity = Entity::new(Kind::Resource, resource.path.join("."));
    entity.deprecated = resource.deprecated;
    entity.items = vec![
        item("module", Form::Module, path(&name.module, [])),
        item("handle", Form::Struct, handle.clone()),
        Item {
            deprecated: resource.deprecated,
            rust: accessor(name),
            ..item(
                "accessor",
                Form::Function,
                path(&[], [parent, &name.accessor]),
            )
        },
    ];
    let methods = resource.methods.iter();
    entity.children = methods.map(|id| method::entity(b, *id, &handle)).collect();
    let mut items = entity.children.iter().flat_map(|method| &method.items);
    if items.any(|item| item.role == "module") {
        let module = path(&name.module, ["params"]);
        entity.items.push(item("params", Form::Module, module));
    }
    found.push(entity);
    for child in &resource.children {
        self::resource(b, child, &handle, found);
    }
}
