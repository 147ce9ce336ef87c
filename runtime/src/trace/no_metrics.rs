//! The metrics without the feature `metrics`.

#![allow(clippy::unused_self, reason = "the same functions as with the feature")]

use super::Sent;
use crate::error::Result;
use crate::transport::Body;

pub(crate) struct Instruments;

pub(crate) struct CallMeter;

pub(crate) struct AttemptMeter;

impl Instruments {
    pub(crate) fn new() -> Self {
        Self
    }
}

impl CallMeter {
    pub(crate) fn new(_: Sent<'_>, _: &Instruments) -> Self {
        Self
    }

    pub(crate) fn begins(&self, _: u32) {}

    pub(crate) fn end(self, _: &Result<http::Response<Body>>) {}
}

impl AttemptMeter {
    pub(crate) fn new(_: Sent<'_>, _: &Instruments) -> Self {
        Self
    }

    pub(crate) fn end(self, _: &Result<http::Response<Body>>) {}
}
