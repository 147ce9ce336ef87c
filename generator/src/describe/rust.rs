//! The Rust on a page: items as the renderer prints them.

use crate::{
    items::{Call, Function, PARAMS, Place},
    render,
};

/// Returns the function that begins a call.
pub(super) fn function(call: &Call<'_>) -> String {
    laid_out(&call.function, Place::Module(call.path.module))
}

/// Returns the functions of the call that return its response, a line each.
pub(super) fn sending(call: &Call<'_>) -> Vec<String> {
    let functions = call.sending().into_iter();
    functions
        .map(|function| function.text(Place::Module(call.path.module)))
        .collect()
}

/// Returns a setter of a call's own parameter.
pub(super) fn setter(call: &Call<'_>, setter: &Function<'_>) -> String {
    laid_out(setter, Place::Module(call.path.module))
}

/// Returns the setter of an API-wide parameter.
pub(super) fn standard_setter(setter: &Function<'_>) -> String {
    laid_out(setter, Place::Module(&*PARAMS))
}

fn laid_out(function: &Function<'_>, place: Place<'_>) -> String {
    render::signature(&function.tokens(place))
}
