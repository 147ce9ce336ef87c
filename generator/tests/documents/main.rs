//! The library on documents: errors, names, selections, reports, and documents that mean harm.

mod build_script;
mod describe;
mod diff;
mod errors;
mod hostile;
mod imports;
mod items;
mod mutations;
mod prose;
mod select;
mod stability;
