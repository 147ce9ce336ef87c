//! Builds the data of a page from the model, the facts and the names.

use super::{
    ApiInfo, Argument, Body, MethodPage, Page, ResourceEntry, Shape, find::Subject, rust, shape,
};
use crate::{
    derives::Derives,
    emit::{docs, media},
    facts::Facts,
    ir::{Api, MethodId, Param, Resource, TypeRef},
    items::{Items, Place},
    names::Names,
    text::{lines, one_line},
};

pub(super) fn page(api: &Api, facts: &Facts, names: &Names, subject: &Subject<'_>) -> Page {
    let derives = Derives::default();
    let items = Items::new(api, facts, names, &derives);
    let resource = subject.resource;
    let title = one_line(if api.title.is_empty() {
        &api.id
    } else {
        &api.title
    });
    let path = resource.path.iter().map(|name| one_line(name));
    let methods: Vec<MethodId> = match subject.method {
        Some(id) => vec![id],
        None => resource.methods.clone(),
    };
    let is_api = resource.path.is_empty() && subject.method.is_none();
    Page {
        crumbs: [title].into_iter().chain(path).collect(),
        api: info(api, names),
        handle: handle(names, resource),
        docs: api.docs.as_deref().filter(|_| is_api).map(lines),
        deprecated: resource.deprecated,
        resources: match subject.method {
            Some(_) => Vec::new(),
            None => entries(api, resource),
        },
        standard: if methods.is_empty() {
            Vec::new()
        } else {
            standard(api, &items)
        },
        methods: methods
            .into_iter()
            .map(|id| method_page(api, facts, &items, id))
            .collect(),
    }
}

fn info(api: &Api, names: &Names) -> ApiInfo {
    ApiInfo {
        id: one_line(&api.id),
        revision: one_line(api.revision.as_str()),
        module: names.module.clone(),
        client: names.client.clone(),
        documentation: api
            .documentation_link
            .as_deref()
            .and_then(docs::web)
            .map(str::to_owned),
    }
}

fn handle(names: &Names, resource: &Resource) -> String {
    let accessors = (1..=resource.path.len()).filter_map(|depth| {
        let name = names.resources.get(&resource.path[..depth])?;
        Some(format!(".{}()", name.accessor))
    });
    std::iter::once("client".to_owned())
        .chain(accessors)
        .collect()
}

fn entries(api: &Api, resource: &Resource) -> Vec<ResourceEntry> {
    let entry = |child: &Resource| ResourceEntry {
        name: one_line(child.path.last().map(String::as_str).unwrap_or_default()),
        deprecated: child.deprecated,
        methods: child
            .methods
            .iter()
            .map(|id| one_line(&api[*id].name))
            .collect(),
        children: entries(api, child),
    };
    resource.children.iter().map(entry).collect()
}

fn standard(api: &Api, items: &Items<'_>) -> Vec<Argument> {
    let parameters = api.parameters.iter().zip(&items.setters);
    let parameters = parameters.filter_map(|(param, setter)| Some((param, setter.as_ref()?)));
    parameters
        .map(|(param, setter)| {
            let text = Some(rust::standard_setter(setter));
            argument(api, param, setter.name, text)
        })
        .collect()
}

fn method_page(api: &Api, facts: &Facts, items: &Items<'_>, id: MethodId) -> MethodPage {
    let (method, call) = (&api[id], &items[id]);
    let mut required = call.function.parameters.iter();
    let parameters = method.parameters.iter().zip(&call.setters);
    let arguments = parameters.map(|(param, setter)| {
        if let Some(setter) = setter {
            let text = Some(rust::setter(call, setter));
            argument(api, param, setter.name, text)
        } else {
            let name = required.next().map_or("", |parameter| parameter.name);
            argument(api, param, name, None)
        }
    });
    let shape_of = |ty: &TypeRef| {
        if facts.is_http_body(ty) {
            Shape::Media
        } else {
            shape::of(api, ty)
        }
    };
    let response = |ty: &TypeRef| match shape_of(ty) {
        shape if method.streaming => Shape::List(Box::new(shape)),
        shape => shape,
    };
    let scopes = facts.scopes_of(id).iter();
    MethodPage {
        name: one_line(&method.name),
        id: one_line(&method.id),
        signature: rust::function(call),
        call: call.path.name.to_owned(),
        functions: rust::sending(call),
        sends: one_line(&format!(
            "{} {}{}",
            method.verb.http(),
            api.service_path,
            method.path.text
        )),
        api_version: method.api_version.as_deref().map(one_line),
        media: method
            .upload
            .as_ref()
            .map(|upload| one_line(&media::described(upload, str::to_owned))),
        docs: method.docs.as_deref().map(lines),
        deprecated: method.deprecated,
        arguments: arguments.collect(),
        request: method
            .request
            .as_ref()
            .zip(call.request.as_ref())
            .map(|(ty, rust)| Body {
                rust: rust.text(Place::Module(&[])),
                shape: shape_of(ty),
            }),
        response: method.response.as_ref().map(|ty| Body {
            rust: call.response.text(Place::Module(&[])),
            shape: response(ty),
        }),
        scopes: scopes.map(|scope| one_line(scope)).collect(),
    }
}

fn argument(api: &Api, param: &Param, rust: &str, setter: Option<String>) -> Argument {
    Argument {
        name: one_line(&param.wire),
        ty: shape::ty(api, &param.ty),
        location: param.location,
        rust: rust.to_owned(),
        setter,
        required: param.required,
        repeated: param.repeated,
        deprecated: param.deprecated,
        docs: param.docs.as_deref().map(lines),
        default: param.default.as_deref().map(one_line),
        pattern: param.pattern.as_deref().map(one_line),
        values: shape::values(api, &param.ty),
    }
}
