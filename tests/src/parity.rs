//! What generated clients send, held against a recording of what Google's Python client sends.
//!
//! A recording has a JSON object a line: [`recording`] reads it, [`methods`] finds the method that a line calls, [`driver`]
//! writes the typed calls, [`compare`] says what is different, and [`deviations`] which differences are meant.

pub mod compare;
pub mod deviations;
pub mod driver;
pub mod methods;
pub mod multipart;
pub mod operations;
pub mod recording;
pub mod report;
