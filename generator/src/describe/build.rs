//! Model, facts and names → the data of a page.

use super::{
    AllowedValue, ApiInfo, Argument, Body, MethodPage, Page, ResourceEntry, Shape, find::Subject,
    rust, shape,
};
use crate::{
    derives::Derives,
    emit::{self, Cx, docs, method, params},
    facts::Facts,
    ir::{Api, MethodId, Param, Resource, TypeRef, Variant},
    names::Names,
    text::{lines, one_line},
};

pub(super) fn page(api: &Api, facts: &Facts, names: &Names, subject: &Subject<'_>) -> Page {
    // The emitters of signatures look at neither the resources nor the types to emit.
    let cx = Cx {
        api,
        facts,
        names,
        root: &api.root,
        types: &emit::Tree::default(),
        in_crate: None,
        derives: &Derives::default(),
    };
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
            standard(cx)
        },
        methods: methods.into_iter().map(|id| method_page(cx, id)).collect(),
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

fn standard(cx: Cx<'_>) -> Vec<Argument> {
    let parameters = cx.api.parameters.iter().zip(&cx.names.parameters);
    parameters
        .filter(|(param, _)| !params::is_decided(param))
        .map(|(param, name)| {
            let setter = Some(rust::standard_setter(cx, param, name));
            argument(cx.api, param, name, setter)
        })
        .collect()
}

fn method_page(cx: Cx<'_>, id: MethodId) -> MethodPage {
    let (method, name) = (&cx.api[id], &cx.names[id]);
    let parameters = method.parameters.iter().zip(&name.parameters);
    let arguments = parameters.map(|(param, rust)| {
        let setter = (!param.required).then(|| rust::setter(cx, param, rust, &name.module));
        argument(cx.api, param, rust, setter)
    });
    let shape_of = |ty: &TypeRef| {
        if emit::ty::is_http_body(cx, ty) {
            Shape::Media
        } else {
            shape::of(cx.api, ty)
        }
    };
    let answer = |ty: &TypeRef| match shape_of(ty) {
        shape if method.streaming => Shape::List(Box::new(shape)),
        shape => shape,
    };
    MethodPage {
        name: one_line(&method.name),
        id: one_line(&method.id),
        signature: rust::function(cx, id),
        call: name.call.clone(),
        functions: rust::sending(cx, id),
        sends: one_line(&format!(
            "{} {}{}",
            method::verb(method.verb),
            cx.api.service_path,
            method.path.text
        )),
        api_version: method.api_version.as_deref().map(one_line),
        media: method
            .upload
            .as_ref()
            .map(|upload| one_line(&method::media(upload, str::to_owned))),
        docs: method.docs.as_deref().map(lines),
        deprecated: method.deprecated,
        arguments: arguments.collect(),
        request: method.request.as_ref().map(|ty| Body {
            rust: rust::request(cx, id, ty),
            shape: shape_of(ty),
        }),
        response: method.response.as_ref().map(|ty| Body {
            rust: rust::response(cx, id),
            shape: answer(ty),
        }),
        scopes: method.scopes.iter().map(|scope| one_line(scope)).collect(),
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

pub(super) fn allowed(variants: &[Variant]) -> Vec<AllowedValue> {
    let allowed = |variant: &Variant| AllowedValue {
        value: one_line(&variant.wire),
        docs: variant.docs.as_deref().map(lines),
        deprecated: variant.deprecated,
    };
    variants.iter().map(allowed).collect()
}
