//! The schemas of `genomics:v2alpha1`. Written by `tests/src/driver.rs`.

use crate::round_trip::{RoundTrip, round_trip};
use gapi::genomics_v2alpha1::schemas;

/// By id.
#[rustfmt::skip]
pub(crate) const SCHEMAS: &[(&str, RoundTrip)] = &[
    ("Accelerator", round_trip::<schemas::Accelerator>),
    ("Action", round_trip::<schemas::Action>),
    ("CancelOperationRequest", round_trip::<schemas::CancelOperationRequest>),
    ("CheckInRequest", round_trip::<schemas::CheckInRequest>),
    ("CheckInResponse", round_trip::<schemas::CheckInResponse>),
    ("ContainerKilledEvent", round_trip::<schemas::ContainerKilledEvent>),
    ("ContainerStartedEvent", round_trip::<schemas::ContainerStartedEvent>),
    ("ContainerStoppedEvent", round_trip::<schemas::ContainerStoppedEvent>),
    ("DelayedEvent", round_trip::<schemas::DelayedEvent>),
    ("Disk", round_trip::<schemas::Disk>),
    ("DiskStatus", round_trip::<schemas::DiskStatus>),
    ("Empty", round_trip::<schemas::Empty>),
    ("Event", round_trip::<schemas::Event>),
    ("ExistingDisk", round_trip::<schemas::ExistingDisk>),
    ("FailedEvent", round_trip::<schemas::FailedEvent>),
    ("ListOperationsResponse", round_trip::<schemas::ListOperationsResponse>),
    ("Metadata", round_trip::<schemas::Metadata>),
    ("Mount", round_trip::<schemas::Mount>),
    ("NFSMount", round_trip::<schemas::NFSMount>),
    ("Network", round_trip::<schemas::Network>),
    ("Operation", round_trip::<schemas::Operation>),
    ("PersistentDisk", round_trip::<schemas::PersistentDisk>),
    ("Pipeline", round_trip::<schemas::Pipeline>),
    ("PullStartedEvent", round_trip::<schemas::PullStartedEvent>),
    ("PullStoppedEvent", round_trip::<schemas::PullStoppedEvent>),
    ("Resources", round_trip::<schemas::Resources>),
    ("RunPipelineRequest", round_trip::<schemas::RunPipelineRequest>),
    ("RunPipelineResponse", round_trip::<schemas::RunPipelineResponse>),
    ("Secret", round_trip::<schemas::Secret>),
    ("ServiceAccount", round_trip::<schemas::ServiceAccount>),
    ("Status", round_trip::<schemas::Status>),
    ("TimestampedEvent", round_trip::<schemas::TimestampedEvent>),
    ("UnexpectedExitStatusEvent", round_trip::<schemas::UnexpectedExitStatusEvent>),
    ("VirtualMachine", round_trip::<schemas::VirtualMachine>),
    ("Volume", round_trip::<schemas::Volume>),
    ("WorkerAssignedEvent", round_trip::<schemas::WorkerAssignedEvent>),
    ("WorkerReleasedEvent", round_trip::<schemas::WorkerReleasedEvent>),
    ("WorkerStatus", round_trip::<schemas::WorkerStatus>),
];
