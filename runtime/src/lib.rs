// Here the links of README.md lead to items of this version: of two definitions of a link the first one counts.
//! [`auth`]: auth
//! [`cassette`]: cassette
//! [`ClientBuilder`]: ClientBuilder
//! [`ClientBuilder::layer`]: ClientBuilder::layer
//! [`ClientBuilder::transport`]: ClientBuilder::transport
//! [`Date`]: Date
//! [`DateTime`]: DateTime
//! [`Duration`]: Duration
//! [`Error`]: Error
//! [`Media`]: Media
//! [`mock`]: mock
//! [`MockTransport`]: MockTransport
//! [`Poller`]: Poller
//! [`RetryPolicy`]: RetryPolicy
//! [`set_null!`]: set_null!
// The examples need a generated client, which only the package of the tests has: it compiles them.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
// On docs.rs the page of an item says which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test fails by panicking"
    )
)]

#[cfg(feature = "auth")]
pub mod auth;
mod batch;
mod call;
#[cfg(feature = "test-util")]
pub mod cassette;
mod client;
#[doc(hidden)]
pub mod codegen;
mod credentials;
#[cfg(any(feature = "auth", feature = "hyper"))]
mod dns;
mod download;
mod encode;
mod error;
mod framing;
mod headers;
mod include;
mod media;
mod method;
#[cfg(feature = "test-util")]
pub mod mock;
mod open_enum;
mod operation;
mod page;
mod path;
mod request;
mod response;
mod retry;
mod schema;
mod secrets;
mod stream;
mod timer;
#[cfg(any(feature = "auth", feature = "_http"))]
mod tls;
mod trace;
mod transport;
mod types;
mod upload;
mod wire;

pub use bytes;
#[cfg(feature = "google-cloud-auth")]
pub use google_cloud_auth;
pub use http;
pub use serde_json;
#[cfg(feature = "yup-oauth2")]
pub use yup_oauth2;

// Their documentation is that of their crates.
#[doc(no_inline)]
pub use bytes::Bytes;
#[doc(no_inline)]
pub use serde_json::Value;

pub use batch::{Batch, BatchKey, BatchResponse};
pub use call::{Call, ResponseFuture};
pub use client::{Attempt, Client, ClientBuilder, Service};
pub use credentials::{CredentialsContext, CredentialsError, CredentialsProvider};
pub use download::{Download, DownloadStream};
pub use encode::QueryValue;
pub use error::{Code, Error, ErrorKind, Result, Status, details};
pub use media::{Media, Progress};
pub use method::{MethodInfo, PathParameter, Place, ResponseForm, ServiceInfo, UploadInfo, Verb};
pub use open_enum::OpenEnum;
pub use operation::{InProgress, LongRunningOperation, Poller, UntilDone, Update, Updates};
pub use page::{Items, Paged, PagedItems, Pages};
pub use request::{Method, RawBody, Request};
pub use response::FromResponse;
pub use retry::{Backoff, RetryPolicy};
pub use schema::{Schema, UnknownFields, UnknownFieldsIter};
pub use stream::{MessageStream, StreamItem};
#[cfg(any(feature = "auth", feature = "_http"))]
#[cfg_attr(
    docsrs,
    doc(cfg(any(feature = "auth", feature = "hyper", feature = "reqwest")))
)]
pub use tls::install_tls_provider;
#[cfg(feature = "hyper")]
pub use transport::HttpTransport;
pub use transport::{Body, BoxFuture, MockTransport, Transport, TransportError};
#[cfg(feature = "reqwest")]
pub use transport::{HttpClient, Reqwest};
#[cfg(feature = "tower")]
pub use transport::{TowerTransport, TransportService};
pub use types::{Base64, ConversionError, Date, DateTime, Duration, FieldMask};
pub use upload::{Resumable, ResumableUpload, Upload, UploadSession};
pub use wire::{Object, WireFormat};
