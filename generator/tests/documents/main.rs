//! The generator library: errors, names, selections, streams, reports, and hostile documents.

mod build_script;
mod describe;
mod diff;
mod errors;
mod hostile;
mod imports;
mod items;
mod mutations;
mod operations;
mod others;
mod pages;
mod paging;
mod prose;
mod scopes;
mod select;
mod stability;
mod streaming;
