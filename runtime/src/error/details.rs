//! The details of errors: `google.rpc` messages as of AIP-193.
//!
//! A server sends each type at most once. [`Status::details`] returns all of them. [`Status::error_info`] and similar functions
//! return one type each. Members that are missing or have an unexpected type are left empty, so a mistake in one member does not
//! hide the others. A detail of any other type is [`Detail::Other`].
//!
//! ```
//! # fn shown(error: &gapi_runtime::Error) {
//! use gapi_runtime::details::Detail;
//!
//! if let Some(info) = error.status().and_then(|status| status.error_info()) {
//!     println!("{} of {}: {:?}", info.reason, info.domain, info.metadata);
//! }
//! for detail in error.status().into_iter().flat_map(|status| status.details()) {
//!     match detail {
//!         Detail::Help(help) => println!("see {:?}", help.links),
//!         Detail::LocalizedMessage(text) => println!("{}", text.message),
//!         _ => {}
//!     }
//! }
//! # }
//! ```

#[cfg(feature = "test-util")]
mod build;

#[cfg(feature = "test-util")]
pub use build::IntoMember;

use super::Status;
use crate::wire::Object;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// One detail of an error.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Detail {
    /// `google.rpc.ErrorInfo`
    ErrorInfo(ErrorInfo),
    /// `google.rpc.RetryInfo`
    RetryInfo(RetryInfo),
    /// `google.rpc.DebugInfo`
    DebugInfo(DebugInfo),
    /// `google.rpc.QuotaFailure`
    QuotaFailure(QuotaFailure),
    /// `google.rpc.PreconditionFailure`
    PreconditionFailure(PreconditionFailure),
    /// `google.rpc.BadRequest`
    BadRequest(BadRequest),
    /// `google.rpc.RequestInfo`
    RequestInfo(RequestInfo),
    /// `google.rpc.ResourceInfo`
    ResourceInfo(ResourceInfo),
    /// `google.rpc.Help`
    Help(Help),
    /// `google.rpc.LocalizedMessage`
    LocalizedMessage(LocalizedMessage),
    /// Any other type, and the entries of `errors` of older APIs.
    Other(Value),
}

/// Declares a message: its members and how each of them is read.
macro_rules! message {
    ($(#[$attribute:meta])* $name:ident { $($(#[$member_attribute:meta])* $member:ident: $type:ty = $wire:literal,)* }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$member_attribute])* pub $member: $type,)*
        }

        impl Read for $name {
            fn read(value: &Value) -> Option<Self> {
                let object = value.as_object()?;
                Some(Self { $($member: member(object, $wire),)* })
            }
        }

        #[cfg(feature = "test-util")]
        impl $name {
            /// Creates a detail without members, to be set.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }
            $(
                #[doc = concat!("Sets `", stringify!($member), "`.")]
                #[must_use]
                pub fn $member(mut self, $member: impl IntoMember<$type>) -> Self {
                    self.$member = $member.into_member();
                    self
                }
            )*
        }

        #[cfg(feature = "test-util")]
        impl build::Write for $name {
            fn write(&self) -> Option<Value> {
                Some(build::object([$(($wire, self.$member.write())),*]))
            }
        }
    };
}

message! {
    /// The reason of the failure, for programs. The pair of `reason` and `domain` has one meaning forever.
    ErrorInfo {
        /// The reason in upper case, for instance `API_DISABLED`.
        reason: String = "reason",
        /// The owner of the reason, mostly the name of a service, for instance `pubsub.googleapis.com`.
        domain: String = "domain",
        /// Facts about this case, for instance the service that is disabled.
        metadata: BTreeMap<String, String> = "metadata",
    }
}

message! {
    /// The time to wait before a retry.
    RetryInfo {
        /// The minimum delay. `None` if the server's text is not a duration.
        retry_delay: Option<Duration> = "retryDelay",
    }
}

message! {
    /// Debugging information for the developers of the server.
    DebugInfo {
        /// The stack trace.
        stack_entries: Vec<String> = "stackEntries",
        /// Further information.
        detail: String = "detail",
    }
}

message! {
    /// The limits that have been reached.
    QuotaFailure {
        /// Each limit.
        violations: Vec<QuotaViolation> = "violations",
    }
}

message! {
    /// A limit that has been reached.
    QuotaViolation {
        /// The subject of the limit, for instance `project:<number>`.
        subject: String = "subject",
        /// A description for people.
        description: String = "description",
        /// The service that has the limit.
        api_service: String = "apiService",
        /// The metric that the limit applies to, for instance `compute.googleapis.com/cpus_per_vm_family`.
        quota_metric: String = "quotaMetric",
        /// The name of the limit, for instance `CPUS-PER-VM-FAMILY-per-project-region`.
        quota_id: String = "quotaId",
        /// The dimensions of the limit, for instance a region.
        quota_dimensions: BTreeMap<String, String> = "quotaDimensions",
        /// The limit.
        quota_value: Option<i64> = "quotaValue",
        /// The limit to come, while it is being rolled out.
        future_quota_value: Option<i64> = "futureQuotaValue",
    }
}

message! {
    /// The conditions that must be met before the call can succeed.
    PreconditionFailure {
        /// Each condition.
        violations: Vec<PreconditionViolation> = "violations",
    }
}

message! {
    /// A condition that does not hold.
    PreconditionViolation {
        /// Its kind, for instance `TOS`: the member `type`.
        kind: String = "type",
        /// The subject of the condition, for instance `google.com/cloud`.
        subject: String = "subject",
        /// A description for people of the action to take.
        description: String = "description",
    }
}

message! {
    /// The mistakes in the request.
    BadRequest {
        /// Each mistake.
        field_violations: Vec<FieldViolation> = "fieldViolations",
    }
}

message! {
    /// A mistake in a field of the request.
    FieldViolation {
        /// The path of the field, for instance `instance.displayName` or `labels[0].key`.
        field: String = "field",
        /// A description for people.
        description: String = "description",
        /// The reason, for programs.
        reason: String = "reason",
        /// The description in the language of the user.
        localized_message: Option<LocalizedMessage> = "localizedMessage",
    }
}

message! {
    /// The information about the request to include in a support case.
    RequestInfo {
        /// The id of the request.
        request_id: String = "requestId",
        /// Data that only Google can read.
        serving_data: String = "servingData",
    }
}

message! {
    /// The resource that the call accessed.
    ResourceInfo {
        /// The type, for instance `sql table`.
        resource_type: String = "resourceType",
        /// The name, or what is known of it.
        resource_name: String = "resourceName",
        /// The owner of the resource.
        owner: String = "owner",
        /// A description of the error.
        description: String = "description",
    }
}

message! {
    /// Links to further documentation.
    Help {
        /// Each page.
        links: Vec<HelpLink> = "links",
    }
}

message! {
    /// A page to read.
    HelpLink {
        /// A description of the page.
        description: String = "description",
        /// Its address. It came from the server and is not checked.
        url: String = "url",
    }
}

message! {
    /// An error message in the language of the user.
    LocalizedMessage {
        /// The language (BCP 47), for instance `de-CH`.
        locale: String = "locale",
        /// The text.
        message: String = "message",
    }
}

/// A type that can be read from JSON. Reading returns `None` if the JSON is of another type.
trait Read: Sized {
    fn read(value: &Value) -> Option<Self>;
}

/// A member; empty when it is missing or of another type.
fn member<T: Read + Default>(object: &Object, name: &str) -> T {
    object.get(name).and_then(T::read).unwrap_or_default()
}

impl Read for String {
    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
}

/// A number, or a string that holds one, as 64-bit integers are written.
impl Read for i64 {
    fn read(value: &Value) -> Option<Self> {
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }
}

impl Read for Duration {
    fn read(value: &Value) -> Option<Self> {
        let duration = crate::types::Duration::from(value.as_str()?);
        Self::try_from(&duration).ok()
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: &Value) -> Option<Self> {
        Some(T::read(value))
    }
}

/// Skips elements of another type.
impl<T: Read> Read for Vec<T> {
    fn read(value: &Value) -> Option<Self> {
        Some(value.as_array()?.iter().filter_map(T::read).collect())
    }
}

impl Read for BTreeMap<String, String> {
    fn read(value: &Value) -> Option<Self> {
        let entries = value.as_object()?.iter();
        let texts = entries.filter_map(|(key, value)| Some((key.clone(), String::read(value)?)));
        Some(texts.collect())
    }
}

impl From<&Value> for Detail {
    fn from(value: &Value) -> Self {
        let name = type_name(value).and_then(|name| name.strip_prefix("google.rpc."));
        let detail = match name {
            Some("ErrorInfo") => Read::read(value).map(Self::ErrorInfo),
            Some("RetryInfo") => Read::read(value).map(Self::RetryInfo),
            Some("DebugInfo") => Read::read(value).map(Self::DebugInfo),
            Some("QuotaFailure") => Read::read(value).map(Self::QuotaFailure),
            Some("PreconditionFailure") => Read::read(value).map(Self::PreconditionFailure),
            Some("BadRequest") => Read::read(value).map(Self::BadRequest),
            Some("RequestInfo") => Read::read(value).map(Self::RequestInfo),
            Some("ResourceInfo") => Read::read(value).map(Self::ResourceInfo),
            Some("Help") => Read::read(value).map(Self::Help),
            Some("LocalizedMessage") => Read::read(value).map(Self::LocalizedMessage),
            _ => None,
        };
        detail.unwrap_or_else(|| Self::Other(value.clone()))
    }
}

/// The name of a detail's type: what follows the last `/` of its `@type`.
pub(super) fn type_name(detail: &Value) -> Option<&str> {
    detail.get("@type")?.as_str()?.rsplit('/').next()
}

/// Defines functions that return the first detail of a type.
macro_rules! by_type {
    ($($(#[$attribute:meta])* $function:ident: $name:ident;)*) => {
        impl Status {
            $(
                $(#[$attribute])*
                #[must_use]
                pub fn $function(&self) -> Option<$name> {
                    self.first(concat!("google.rpc.", stringify!($name)))
                }
            )*
        }
    };
}

by_type! {
    /// Returns the reason of the failure, for programs.
    error_info: ErrorInfo;
    /// Returns the time to wait before a retry.
    retry_info: RetryInfo;
    /// Returns the debugging information for the developers of the server.
    debug_info: DebugInfo;
    /// Returns the limits that have been reached.
    quota_failure: QuotaFailure;
    /// Returns the conditions that must be met before the call can succeed.
    precondition_failure: PreconditionFailure;
    /// Returns the mistakes in the request.
    bad_request: BadRequest;
    /// Returns the information about the request to include in a support case.
    request_info: RequestInfo;
    /// Returns the resource that the call accessed.
    resource_info: ResourceInfo;
    /// Returns the links to further documentation.
    help: Help;
    /// Returns the error message in the language of the user.
    localized_message: LocalizedMessage;
}

impl Status {
    /// Returns the details, decoded by their types, in the order of the response.
    pub fn details(&self) -> impl Iterator<Item = Detail> {
        self.details.iter().map(Detail::from)
    }

    fn first<T: Read>(&self, name: &str) -> Option<T> {
        let mut details = self.details.iter();
        T::read(details.find(|detail| type_name(detail) == Some(name))?)
    }
}
