//! What the tests of the generator share.
//!
//! | module | what it holds |
//! |---|---|
//! | [`workspace`] | where things are; the documents of the five services |
//! | [`fixture`] | the folders under `fixtures/` |
//! | [`generated`] | the clients of Cloud Storage and of the documents in `documents/` that the build script generates |
//! | [`cargo`] | building what the tests of another package cannot name |
//! | [`command`] | running the program |
//! | [`instances`] | random valid JSON for each schema of a document |
//! | [`driver`] | source that reaches every schema of a document by its id |
//! | [`mod@round_trip`], [`round_trips`] | JSON through the generated types, and what became of it |
//! | [`expected`] | comparing what is generated with what is checked in, and updating it |
//! | [`journal`] | what is logged |
//! | [`mutation`] | mutations of real documents |
//! | [`oracle`] | whether what the generator makes of a document is harmless |
//! | [`parity`] | what generated clients send, held against recordings |
//! | [`public_items`] | the items that `inspect` reports, held against the generated source |
//! | [`programs`] | compiling the code of many documents, and talking with the programs |
//! | [`random`] | choices that follow from a seed |
//! | [`page`] | reading the reference pages under `seeds/` |
//! | [`rust`] | reading generated Rust |

// Helpers of tests: a failure to read a fixture is a failed test.
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
