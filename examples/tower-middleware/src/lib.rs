//! Middleware for generated clients, from crates of the ecosystem. Each module adds one thing to the builder of a client.

pub mod ids;
pub mod limits;
pub mod signatures;
pub mod telemetry;
pub mod traces;
