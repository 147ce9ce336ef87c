//! The items that only generated code and the macros use. No part of the public interface: it changes without notice.

pub use crate::call::debug_call;
pub use crate::method::{
    MethodInfo, PathParameter, Place, ResponseForm, ServiceInfo, UploadInfo, Verb,
};
pub use crate::open_enum::{debug_unknown_value, decode_enum, encode_enum};
pub use crate::operation::{OperationInfo, OperationMethods, OperationStyle, Outcome, member_as};
pub use crate::request::PageToken;
pub use crate::response::Origin;
pub use crate::schema::{
    DecodeField, EncodeFields, Entries, debug_schema, decode_boxed, decode_schema, encode_schema,
};
pub use crate::wire::FieldNames;
pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
