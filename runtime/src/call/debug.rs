//! The implementation of `Debug` for calls.

use crate::request::Request;
use std::fmt;

/// Shows a call as a derive would. The function is not generic, so it is compiled once.
#[doc(hidden)]
pub fn debug_call(request: &Request, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_tuple(name).field(request).finish()
}
