//! Compares the requests of generated clients with a recording of Google's Python client.
//!
//! A recording has one JSON object a line. [`recording`] reads it, [`methods`] finds the method of a line, [`driver`]
//! writes the typed calls, [`compare`] finds the differences, and [`deviations`] lists the intended ones.

pub mod compare;
pub mod deviations;
pub mod driver;
pub mod methods;
pub mod multipart;
pub mod operations;
pub mod recording;
pub mod report;
