//! The schemas of `genomics:v1`. Written by `tests/src/driver.rs`.

use crate::round_trip::{RoundTrip, round_trip};
use gapi::genomics_v1::schemas;

/// By id.
#[rustfmt::skip]
pub(crate) const SCHEMAS: &[(&str, RoundTrip)] = &[
    ("CancelOperationRequest", round_trip::<schemas::CancelOperationRequest>),
    ("ComputeEngine", round_trip::<schemas::ComputeEngine>),
    ("ContainerKilledEvent", round_trip::<schemas::ContainerKilledEvent>),
    ("ContainerStartedEvent", round_trip::<schemas::ContainerStartedEvent>),
    ("ContainerStoppedEvent", round_trip::<schemas::ContainerStoppedEvent>),
    ("DelayedEvent", round_trip::<schemas::DelayedEvent>),
    ("Empty", round_trip::<schemas::Empty>),
    ("Event", round_trip::<schemas::Event>),
    ("FailedEvent", round_trip::<schemas::FailedEvent>),
    ("ListOperationsResponse", round_trip::<schemas::ListOperationsResponse>),
    ("Operation", round_trip::<schemas::Operation>),
    ("OperationEvent", round_trip::<schemas::OperationEvent>),
    ("OperationMetadata", round_trip::<schemas::OperationMetadata>),
    ("PullStartedEvent", round_trip::<schemas::PullStartedEvent>),
    ("PullStoppedEvent", round_trip::<schemas::PullStoppedEvent>),
    ("RunPipelineResponse", round_trip::<schemas::RunPipelineResponse>),
    ("RuntimeMetadata", round_trip::<schemas::RuntimeMetadata>),
    ("Status", round_trip::<schemas::Status>),
    ("UnexpectedExitStatusEvent", round_trip::<schemas::UnexpectedExitStatusEvent>),
    ("WorkerAssignedEvent", round_trip::<schemas::WorkerAssignedEvent>),
    ("WorkerReleasedEvent", round_trip::<schemas::WorkerReleasedEvent>),
];
