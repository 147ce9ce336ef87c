//! Clients of Calendar, Cloud Storage, Drive, Gmail and of the documents in `documents/`, for tests and for the code of the
//! documentation.
//!
//! The build script generates them, because they are not among the checked-in clients.

include!(concat!(env!("OUT_DIR"), "/gapi.rs"));
