//! Cassettes: recorded sessions with a real server, replayed in tests. With the feature `test-util`.
//!
//! A [`Recorder`] is a transport around another one. It keeps the requests and responses, and writes them to a file. A
//! [`Cassette`] is a transport that responds from this file.
//!
//! ```no_run
//! # #[derive(Clone, Debug)]
//! # pub struct Spanner(gapi_runtime::Client);
//! # gapi_runtime::service!(Spanner {
//! #     id: "spanner:v1", name: "spanner", version: "v1", revision: "20261006", title: "Cloud Spanner API",
//! #     root_url: "https://spanner.googleapis.com/", batch_path: "batch",
//! # });
//! # async fn test(_: &Spanner) {}
//! # async fn example(transport: gapi_runtime::MockTransport) -> Result<(), Box<dyn std::error::Error>> {
//! use gapi_runtime::ClientBuilder;
//! use gapi_runtime::cassette::{Cassette, Recorder};
//!
//! // Once, with a server. `transport` is for instance `HttpTransport::new(true)?`.
//! let recorder = Recorder::new(transport).hide_field("displayName");
//! let spanner: Spanner = ClientBuilder::new().transport(recorder.transport()).build().await?;
//! test(&spanner).await;
//! recorder.save("tests/cassettes/instances.jsonl")?;
//!
//! // In each test, without one.
//! let cassette = Cassette::open("tests/cassettes/instances.jsonl")?;
//! let spanner: Spanner = ClientBuilder::new().transport(cassette.transport()).build().await?;
//! test(&spanner).await;
//! cassette.verify()?;
//! # Ok(())
//! # }
//! ```
//!
//! # Secrets
//!
//! These are never in the file, in any encoding:
//!
//! * Requests for tokens are not recorded, whatever kind of credentials sends them.
//! * Values of headers that are credentials: `authorization`, `x-goog-api-key`, cookies, and all headers whose name contains `key`,
//!   `token`, `secret`, `password`, `credential`, `signature`, `assertion` or `auth`.
//! * Values of the query parameters `key`, `access_token`, `oauth_token` and `upload_id`, of signatures of URLs, and of the addresses
//!   of uploads.
//! * JSON members that are credentials: those whose names end with `password`, `passphrase`, `secret`, `apiKey`, `accessKey`,
//!   `privateKey` or `token`, such as `adminPassword` and `refresh_token`, and some others. Tokens of pages and of other positions
//!   are recorded, and so are the names of secrets: `projects/p/secrets/s`.
//! * The same members in JSON within other texts, in base64, in the values of parameters and in gzip, and the same names in forms:
//!   `client_secret=…`.
//! * Passwords in URLs: `https://user:password@host/`.
//! * Headers, parameters and JSON members that the recorder hides: [`Recorder::hide_header`], [`Recorder::hide_parameter`],
//!   [`Recorder::hide_field`].
//!
//! A hidden text of at least 6 bytes is also replaced at other places of the session, for instance in the message of an error that
//! repeats it. Other confidential data of a response is recorded, so read a file before you publish it.
//!
//! The replacement can be decoded: it is `0` for an integer in a string, and base64 for the bytes of a secret.
//!
//! # Files
//!
//! The first line states the format and the names that are hidden. Each further line is a request with its response: JSON where both
//! are JSON, otherwise text or base64. A body that came in several chunks keeps them. A fault of the connection is recorded in place
//! of a response, or at the end of its body.

mod body;
mod error;
mod file;
mod format;
mod gzip;
mod hide;
mod normal;
mod recorder;
mod replay;
mod rewrite;
mod scan;
mod secrets;
mod tee;
mod urls;

pub use error::CassetteError;
pub use recorder::Recorder;
pub use replay::Cassette;
