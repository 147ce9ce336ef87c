//! Programs of other people that use google-apis-rs, ported to gapi.
//!
//! Each module does what the named files of a program do. docs/porting-from-google-apis-rs.md compares them.

pub mod gcal;
pub mod gdrive;
pub mod gmail_mcp;

gapi_runtime::include_generated!();
