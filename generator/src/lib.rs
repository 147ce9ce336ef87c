// Here the links of README.md lead to items of this version: of two definitions of a link the first one counts.
//! [`analyze`]: analyze
//! [`describe`]: describe
//! [`Diagnostic`]: Diagnostic
//! [`diff`]: diff
//! [`generate_modules`]: generate_modules
//! [`generate_package`]: generate_package
//! [`Generator`]: Generator
//! [`inspect`]: inspect
//! [`Writer`]: Writer
// The package of the tests compiles the examples, because they are parts of a program.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]

mod analysis;
mod build_script;
mod derives;
pub mod describe;
pub mod diagnostics;
pub mod diff;
mod discovery;
mod emit;
pub mod facts;
mod fixups;
mod generate;
pub mod inspect;
pub mod ir;
mod items;
mod json;
mod lower;
pub mod names;
mod options;
mod package;
#[doc(hidden)]
pub mod parallel;
mod render;
mod revision;
mod select;
pub mod spelling;
mod text;
pub mod write;

pub use analysis::{Analysis, analyze, analyze_any_revision};
pub use build_script::{Generator, Problem, build};
pub use derives::Derive;
pub use diagnostics::{Diagnostic, Diagnostics, Pointer, Rename, Severity};
pub(crate) use generate::check_exclusions;
pub use generate::{Generated, Modules, analyze_all, check_options, generate_modules};
#[doc(hidden)]
pub use json::value_of_document;
pub use options::{InCrate, Options, ProgressCallback, Source};
pub use package::{GeneratedPackage, Package, generate_crate, generate_package};
pub use revision::Revision;
pub use select::{Selection, Selector, Unmatched};
pub use text::decode;
pub use write::{Difference, Files, Owner, WriteError, Writer};
