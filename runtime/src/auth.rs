//! Credentials of Google: service accounts, users, metadata servers and their tokens.
#![expect(dead_code, reason = "the flows follow")]

mod advice;
mod cache;
mod exchange;
mod metadata;
mod sign;
mod token;
