//! The project file `gapi.toml`: the outputs of a project, and the APIs that `fetch` updates.
//!
//! | module | contents |
//! |---|---|
//! | [`settings`] | the data of the file |
//! | [`parse`], [`table`] | text → settings |
//! | [`errors`] | errors with their place in the file |
//! | [`find`] | the file of the working directory |
//! | [`overlaps`] | outputs that write to the same place |
//! | [`paths`] | paths that stay inside the project |
//! | [`resolve`] | paths, patterns and names → documents |

mod errors;
mod find;
mod overlaps;
mod parse;
mod paths;
mod resolve;
mod settings;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use find::{FILE, Project};
#[cfg(test)]
pub(crate) use parse::errors_of;
pub(crate) use paths::{from_here, is_inside, is_same, joined};
pub(crate) use settings::{Flavor, OutputSettings};
