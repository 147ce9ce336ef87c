//! Building errors for tests: details from their members, and their JSON.

use super::{
    BadRequest, DebugInfo, Detail, ErrorInfo, Help, LocalizedMessage, PreconditionFailure,
    QuotaFailure, RequestInfo, ResourceInfo, RetryInfo,
};
use crate::wire::Object;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// A value that a member of a detail can be set to.
///
/// Texts are anything that becomes a `String`. Lists and maps are anything that can be iterated.
///
/// ```
/// use gapi_runtime::{Code, Status, details::*};
/// use std::time::Duration;
///
/// let quota = QuotaViolation::new()
///     .subject("project:1")
///     .description("too many reads")
///     .api_service("spanner.googleapis.com")
///     .quota_metric("spanner.googleapis.com/reads")
///     .quota_id("reads-per-project")
///     .quota_dimensions([("region", "europe-west1")])
///     .quota_value(100)
///     .future_quota_value(200);
/// let status = Status::new(Code::ResourceExhausted, "too many reads")
///     .with_detail(QuotaFailure::new().violations([quota]))
///     .with_detail(RetryInfo::new().retry_delay(Duration::from_secs(2)))
///     .with_detail(DebugInfo::new().stack_entries(["read", "main"]).detail("debug"))
///     .with_detail(RequestInfo::new().request_id("1").serving_data("data"));
///
/// let text = LocalizedMessage::new().locale("de-CH").message("Der Name ist leer");
/// let name = FieldViolation::new().field("name").description("the name is empty");
/// let name = name.reason("EMPTY").localized_message(text.clone());
/// let status = Status::new(Code::InvalidArgument, "the name is empty")
///     .with_detail(BadRequest::new().field_violations([name]))
///     .with_detail(Help::new().links([HelpLink::new().description("Names").url("https://…")]))
///     .with_detail(text);
///
/// let terms = PreconditionViolation::new().kind("TOS").subject("google.com/cloud");
/// let terms = terms.description("accept the terms");
/// let info = ErrorInfo::new().reason("TERMS").domain("example.com").metadata([("region", "eu")]);
/// let table = ResourceInfo::new().resource_type("sql table").resource_name("users");
/// let status = Status::new(Code::FailedPrecondition, "accept the terms")
///     .with_detail(PreconditionFailure::new().violations([terms]))
///     .with_detail(info)
///     .with_detail(table.owner("ada").description("read-only"));
/// assert_eq!(status.details().count(), 3);
/// ```
pub trait IntoMember<T> {
    /// Returns the value of the member.
    #[doc(hidden)]
    fn into_member(self) -> T;
}

impl<T: Into<String>> IntoMember<String> for T {
    fn into_member(self) -> String {
        self.into()
    }
}

impl<E, T: Into<Option<E>>> IntoMember<Option<E>> for T {
    fn into_member(self) -> Option<E> {
        self.into()
    }
}

impl<E, T: Into<E>, I: IntoIterator<Item = T>> IntoMember<Vec<E>> for I {
    fn into_member(self) -> Vec<E> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<K, V, I> IntoMember<BTreeMap<String, String>> for I
where
    K: Into<String>,
    V: Into<String>,
    I: IntoIterator<Item = (K, V)>,
{
    fn into_member(self) -> BTreeMap<String, String> {
        let entries = self.into_iter();
        entries
            .map(|(key, value)| (key.into(), value.into()))
            .collect()
    }
}

/// A type that can be written as JSON. `None` omits the member.
pub(super) trait Write {
    fn write(&self) -> Option<Value>;
}

/// Returns an object of the members that are not empty.
pub(super) fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let set = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(set.collect())
}

impl Write for String {
    fn write(&self) -> Option<Value> {
        (!self.is_empty()).then(|| self.clone().into())
    }
}

/// As 64-bit integers are written.
impl Write for i64 {
    fn write(&self) -> Option<Value> {
        Some(self.to_string().into())
    }
}

impl Write for Duration {
    fn write(&self) -> Option<Value> {
        Some(crate::types::Duration::from(*self).as_str().into())
    }
}

impl<T: Write> Write for Option<T> {
    fn write(&self) -> Option<Value> {
        self.as_ref()?.write()
    }
}

impl<T: Write> Write for Vec<T> {
    fn write(&self) -> Option<Value> {
        let elements: Vec<Value> = self.iter().filter_map(Write::write).collect();
        (!elements.is_empty()).then_some(Value::Array(elements))
    }
}

impl Write for BTreeMap<String, String> {
    fn write(&self) -> Option<Value> {
        let entries = self
            .iter()
            .map(|(key, value)| (key.clone(), value.clone().into()));
        let entries: Object = entries.collect();
        (!entries.is_empty()).then_some(Value::Object(entries))
    }
}

/// Makes each message a detail, and a detail JSON with its type.
macro_rules! details {
    ($($name:ident)*) => {
        $(impl From<$name> for Detail {
            fn from(detail: $name) -> Self {
                Self::$name(detail)
            }
        })*

        impl From<Detail> for Value {
            fn from(detail: Detail) -> Self {
                let (name, message) = match detail {
                    $(Detail::$name(message) => (stringify!($name), message.write()),)*
                    Detail::Other(value) => return value,
                };
                let mut message = message.unwrap_or_default();
                if let Value::Object(members) = &mut message {
                    let url = format!("type.googleapis.com/google.rpc.{name}");
                    members.insert("@type".to_owned(), url.into());
                }
                message
            }
        }
    };
}

details! {
    ErrorInfo RetryInfo DebugInfo QuotaFailure PreconditionFailure BadRequest RequestInfo ResourceInfo Help LocalizedMessage
}

impl From<Value> for Detail {
    fn from(value: Value) -> Self {
        Self::from(&value)
    }
}
