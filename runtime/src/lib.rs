// The examples need a generated client, which only the package of the tests has: it compiles them.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod batch;
mod call;
mod client;
mod credentials;
#[cfg(any(feature = "auth", feature = "reqwest"))]
mod dns;
mod encode;
mod error;
mod include;
mod media;
mod method;
mod open_enum;
mod operation;
mod page;
mod path;
mod request;
mod response;
mod retry;
mod schema;
mod secrets;
#[cfg(any(feature = "auth", feature = "reqwest"))]
mod tls;
mod trace;
mod transport;
mod types;
mod wire;

pub use bytes;
#[cfg(feature = "auth")]
pub use google_cloud_auth;
pub use http;
pub use serde_json;

pub use bytes::Bytes;
pub use serde_json::Value;

/// A JSON object whose members the document does not describe.
pub type Object = serde_json::Map<String, Value>;

pub use batch::{Batch, BatchKey, BatchResponse};
pub use call::{Call, ResponseFuture};
pub use client::{Client, ClientBuilder};
pub use credentials::{CredentialsError, CredentialsProvider};
pub use encode::QueryValue;
pub use error::{Code, Error, ErrorKind, Result, Status, details};
pub use media::{
    Download, DownloadStream, Media, Progress, Resumable, ResumableUpload, Upload, UploadSession,
};
pub use method::{Method, MethodInfo, PathParameter, Service, ServiceInfo, UploadInfo, Verb};
pub use open_enum::OpenEnum;
pub use operation::{
    InProgress, LongRunningOperation, OperationInfo, OperationMethods, OperationStyle, Outcome,
    Poller, UntilDone, Update, Updates,
};
pub use page::{Items, PageToken, Paged, PagedItems, Pages};
pub use request::{RawBody, Request};
pub use response::{FromResponse, Origin};
pub use retry::{Backoff, RetryPolicy};
pub use schema::{DecodeField, EncodeFields, FieldNames, Schema, UnknownFields, UnknownFieldsIter};
#[cfg(any(feature = "auth", feature = "reqwest"))]
pub use tls::install_tls_provider;
#[cfg(feature = "reqwest")]
pub use transport::Reqwest;
pub use transport::{Body, BoxFuture, MockTransport, Transport, TransportError};
pub use types::{Base64, ConversionError, Date, DateTime, Duration, FieldMask};
pub use wire::WireFormat;

/// The items that the macros expand to; no part of the public interface.
#[doc(hidden)]
pub mod __private {
    pub use crate::open_enum::{decode_enum, encode_enum};
    pub use crate::operation::member_as;
    pub use crate::schema::{debug_schema, decode_schema, encode_schema};
    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
}
