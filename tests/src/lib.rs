//! The library that the tests share.
//!
//! | module | contents |
//! |---|---|
//! | [`workspace`] | paths; the documents of the five services |
//! | [`fixture`] | the directories in `fixtures/` |
//! | [`cargo`] | builds programs that tests of another package run |
//! | [`command`] | runs the program |
//! | [`instances`] | random valid JSON for each schema of a document |
//! | [`hostile`] | a document with one of everything that has a text or a name |
//! | [`driver`] | source that reaches every schema of a document by its id |
//! | [`round_trips`] | JSON through the generated types, and the differences |
//! | [`expected`] | compares generated output with checked-in files, and updates them |
//! | [`journal`] | log output |
//! | [`mocks`] | source that calls every method of a document through a mock |
//! | [`mutation`] | mutations of real documents |
//! | [`oracle`] | checks that the output for a document is harmless |
//! | [`parity`] | compares requests of generated clients with recordings |
//! | [`public_items`] | compares the items that `inspect` reports with the generated source |
//! | [`programs`] | compiles the code of many documents, and talks to the programs |
//! | [`random`] | choices that follow from a seed |
//! | [`page`] | reads the reference pages in `seeds/` |
//! | [`stable_names`] | Rust names by place of a document |
//! | [`rust`] | reads generated Rust |

// A test helper that cannot read a fixture fails the test.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "test helpers"
)]

pub mod cargo;
pub mod command;
pub mod driver;
pub mod expected;
pub mod fixture;
pub mod hostile;
pub mod instances;
pub mod journal;
pub mod mocks;
pub mod mutation;
pub mod oracle;
pub mod page;
pub mod parity;
pub mod programs;
pub mod public_items;
pub mod random;
pub mod round_trips;
pub mod rust;
pub mod stable_names;
pub mod workspace;

/// The code of README.md and `docs/`.
#[cfg(doctest)]
#[doc = include_str!(concat!(env!("OUT_DIR"), "/readme.md"))]
pub struct Readme;
