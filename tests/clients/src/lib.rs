//! Clients of Cloud Storage and of the documents in `documents/`, for tests and for the code of the documentation.
//!
//! They are not among the checked-in clients: the build script generates them.

include!(concat!(env!("OUT_DIR"), "/gapi.rs"));
