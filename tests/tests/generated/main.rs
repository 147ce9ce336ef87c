//! The output of the generator: that of each fixture, and the crate `generated/`.
//!
//! These tests read the output and do not compile it, so that they can update code that does not compile.

mod counts;
mod drift;
mod features;
mod golden;
mod seed_pages;
mod surface;
