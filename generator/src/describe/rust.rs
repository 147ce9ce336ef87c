//! The Rust on a page: what the emitter emits, as the renderer prints it.

use crate::{
    emit::{Cx, method, params, ty},
    ir::{MethodId, Param, TypeRef},
    render,
};

/// The function that begins a call.
pub(super) fn function(cx: Cx<'_>, id: MethodId) -> String {
    render::signature(&method::signature(cx, id))
}

/// The functions of the call that give its answer, a line each.
pub(super) fn sending(cx: Cx<'_>, id: MethodId) -> Vec<String> {
    let functions = method::sending(cx, id);
    let lines = functions.iter();
    lines
        .map(|(_, function)| render::signature_line(function))
        .collect()
}

/// The setter of a call's own parameter.
pub(super) fn setter(cx: Cx<'_>, param: &Param, name: &str, from: &[String]) -> String {
    let signature = params::signature(cx, param, name, from);
    render::signature(&quote::quote! { pub #signature })
}

/// The setter of an API-wide parameter.
pub(super) fn standard_setter(cx: Cx<'_>, param: &Param, name: &str) -> String {
    let from = ["params".to_owned()];
    render::signature(&params::signature(cx, param, name, &from))
}

/// The type of a request's body.
pub(super) fn request(cx: Cx<'_>, id: MethodId, ty: &TypeRef) -> String {
    if method::takes_any_body(cx, &cx.api[id]) {
        "gapi_runtime::RawBody".to_owned()
    } else {
        render::type_text(&ty::owned(cx, ty, &[]))
    }
}

/// What `send` gives.
pub(super) fn response(cx: Cx<'_>, id: MethodId) -> String {
    render::type_text(&method::response(cx, &cx.api[id], &[]))
}
