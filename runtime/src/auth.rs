//! Credentials of Google: service accounts, users, metadata servers and their tokens.
#![expect(dead_code, reason = "the flows follow")]

mod advice;
mod cache;
mod exchange;
mod external;
mod iam;
mod impersonated;
mod metadata;
mod metrics;
mod sign;
mod sign_jwt;
mod token;

pub use external::ExternalAccount;
pub use impersonated::Impersonated;
