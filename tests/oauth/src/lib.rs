//! A server on loopback that simulates Google's OAuth, STS, IAM Credentials and metadata servers, AWS, and a few APIs. It
//! checks requests like the real servers, and records every request.
//!
//! It is three servers at one address:
//!
//! * With plain HTTP it is the token server that a credentials file names, and the metadata server.
//! * As a proxy for TLS it is every host of `*.googleapis.com`, with a certificate of [`Server::ca_file`]. A program that is
//!   meant for Google runs against it unchanged, with `HTTPS_PROXY` and `SSL_CERT_FILE`.
//! * For a browser it is `accounts.google.com`.
//!
//! | module | contents |
//! |---|---|
//! | [`server`] | connections, the recording, and the way from a request to its endpoint |
//! | [`http`] | requests and responses |
//! | [`faults`] | failures on demand |
//! | [`state`] | accounts, tokens, codes, settings |
//! | [`files`] | credentials files |
//! | `token`, `login`, `sts`, `iam`, `metadata`, `aws`, `api` | the endpoints |
//! | `person` | a person with a browser: [`Server::log_in`] |
//! | [`program`] | programs that run as a user runs them: [`Server::run`] |
//! | [`stub`] | [`Stub`], a server with the responses of a test |
//! | `transport` | [`ToServer`], for clients in the process of the test |
//! | `jwt`, `tls`, `time` | signatures, certificates, formats of times |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "a server for tests: a test fails by panicking"
)]

mod api;
mod aws;
pub mod faults;
pub mod files;
pub mod http;
mod iam;
mod jwt;
mod login;
mod metadata;
mod person;
pub mod program;
pub mod server;
pub mod state;
mod sts;
pub mod stub;
mod time;
mod tls;
mod token;
mod transport;

pub use faults::{Encoding, Fault};
pub use http::{Request, Response};
pub use jwt::decoded as decoded_jwt;
pub use server::{Endpoint, Server};
pub use stub::Stub;
pub use transport::ToServer;
