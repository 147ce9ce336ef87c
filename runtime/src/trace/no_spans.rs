//! The spans without the feature `tracing`.

#![allow(clippy::unused_self, reason = "the same functions as with the feature")]

use super::Sent;
use crate::error::Result;
use crate::method::{MethodInfo, ServiceInfo};
use crate::transport::Body;
use bytes::Bytes;
use std::time::Duration;

#[cfg(feature = "auth")]
pub(crate) fn scopes_are_missing(_: &[&str]) {}

pub(crate) struct CallSpan;

pub(crate) struct AttemptSpan;

pub(crate) struct DecodingSpan;

#[derive(Clone, Default)]
pub(crate) struct OperationSpan;

impl CallSpan {
    pub(crate) fn new(_: Sent<'_>) -> Self {
        Self
    }

    pub(crate) fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
        future
    }

    pub(crate) fn waits(&self, _: u32, _: Duration, _: &Result<http::Response<Body>>) {}

    pub(crate) fn gives_up(&self, _: &'static str, _: u32) {}

    pub(crate) fn end(self, _: &Result<http::Response<Body>>) {}

    pub(crate) fn end_before_decoding(self, _: &mut Result<http::Response<Body>>) {}
}

impl DecodingSpan {
    pub(crate) fn of(_: &mut http::Response<Bytes>) -> Self {
        Self
    }

    pub(crate) fn end<T>(self, _: &Result<T>) {}
}

impl AttemptSpan {
    pub(crate) fn new(_: Sent<'_>, _: u32) -> Self {
        Self
    }

    pub(crate) fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
        future
    }

    pub(crate) fn end(self, _: &Result<http::Response<Body>>) {}
}

impl OperationSpan {
    pub(crate) fn none() -> Self {
        Self
    }

    pub(crate) fn opened(self, _: &'static ServiceInfo, _: &'static MethodInfo) -> Self {
        self
    }

    pub(crate) fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
        future
    }

    pub(crate) fn ends<T>(&mut self, _: &Result<T>, _: u32) {}
}
