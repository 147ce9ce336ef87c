//! The clients of Calendar, Cloud Storage, Drive, Gmail and Sheets that the programs use. `build.rs` generates them.
//!
//! The client of Spanner is in the crate `gapi`.

gapi_runtime::include_generated!();
