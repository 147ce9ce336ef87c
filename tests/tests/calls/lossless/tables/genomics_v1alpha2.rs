//! The schemas of `genomics:v1alpha2`. Written by `tests/src/driver.rs`.

use crate::round_trip::{RoundTrip, round_trip};
use gapi::genomics_v1alpha2::schemas;

/// By id.
#[rustfmt::skip]
pub(crate) const SCHEMAS: &[(&str, RoundTrip)] = &[
    ("CancelOperationRequest", round_trip::<schemas::CancelOperationRequest>),
    ("ComputeEngine", round_trip::<schemas::ComputeEngine>),
    ("ContainerKilledEvent", round_trip::<schemas::ContainerKilledEvent>),
    ("ContainerStartedEvent", round_trip::<schemas::ContainerStartedEvent>),
    ("ContainerStoppedEvent", round_trip::<schemas::ContainerStoppedEvent>),
    ("ControllerConfig", round_trip::<schemas::ControllerConfig>),
    ("DelayedEvent", round_trip::<schemas::DelayedEvent>),
    ("Disk", round_trip::<schemas::Disk>),
    ("DockerExecutor", round_trip::<schemas::DockerExecutor>),
    ("Empty", round_trip::<schemas::Empty>),
    ("Event", round_trip::<schemas::Event>),
    ("FailedEvent", round_trip::<schemas::FailedEvent>),
    ("ListOperationsResponse", round_trip::<schemas::ListOperationsResponse>),
    ("ListPipelinesResponse", round_trip::<schemas::ListPipelinesResponse>),
    ("LocalCopy", round_trip::<schemas::LocalCopy>),
    ("LoggingOptions", round_trip::<schemas::LoggingOptions>),
    ("Operation", round_trip::<schemas::Operation>),
    ("OperationEvent", round_trip::<schemas::OperationEvent>),
    ("OperationMetadata", round_trip::<schemas::OperationMetadata>),
    ("Pipeline", round_trip::<schemas::Pipeline>),
    ("PipelineParameter", round_trip::<schemas::PipelineParameter>),
    ("PipelineResources", round_trip::<schemas::PipelineResources>),
    ("PullStartedEvent", round_trip::<schemas::PullStartedEvent>),
    ("PullStoppedEvent", round_trip::<schemas::PullStoppedEvent>),
    ("RepeatedString", round_trip::<schemas::RepeatedString>),
    ("RunPipelineArgs", round_trip::<schemas::RunPipelineArgs>),
    ("RunPipelineRequest", round_trip::<schemas::RunPipelineRequest>),
    ("RunPipelineResponse", round_trip::<schemas::RunPipelineResponse>),
    ("RuntimeMetadata", round_trip::<schemas::RuntimeMetadata>),
    ("ServiceAccount", round_trip::<schemas::ServiceAccount>),
    ("SetOperationStatusRequest", round_trip::<schemas::SetOperationStatusRequest>),
    ("Status", round_trip::<schemas::Status>),
    ("TimestampEvent", round_trip::<schemas::TimestampEvent>),
    ("UnexpectedExitStatusEvent", round_trip::<schemas::UnexpectedExitStatusEvent>),
    ("WorkerAssignedEvent", round_trip::<schemas::WorkerAssignedEvent>),
    ("WorkerReleasedEvent", round_trip::<schemas::WorkerReleasedEvent>),
];
