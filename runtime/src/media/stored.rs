//! The size and the checksum of what a server has made of uploaded media.

use super::crc32c;
use crate::error::{Error, ErrorKind, Result};
use crate::method::MethodInfo;
use bytes::Bytes;
use serde_json::Value;

/// The maximum length of a response that is looked into. Resources are much smaller.
const LONGEST_RESOURCE: usize = 1 << 20;

/// The size and the checksum in the resource of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) size: Option<u64>,
    pub(crate) crc32c: Option<u32>,
}

/// Returns the last response to an upload, provided that its resource has the size and the CRC-32C of the media. Each is
/// compared if it is known and the resource states it.
pub(crate) fn confirmed(
    method: &MethodInfo,
    response: http::Response<Bytes>,
    size: Option<u64>,
    crc32c: impl FnOnce() -> Option<u32>,
) -> Result<http::Response<Bytes>> {
    let Some(stored) = Stored::of(response.body()) else {
        return Ok(response);
    };
    if let (Some(size), Some(stored)) = (size, stored.size)
        && size != stored
    {
        let problem = format!("the server has stored {stored} bytes, and the media has {size}");
        return Err(Error::unreadable(method, problem, response));
    }
    let found = stored.crc32c.and_then(|stored| Some(crc32c()? == stored));
    if found == Some(false) {
        let reason =
            "the server has stored other bytes than the media: the checksum (CRC-32C) differs";
        let error = Error::unsent(ErrorKind::Checksum, Some(method.id), reason.to_owned());
        return Err(error.with_response(response, None));
    }
    Ok(response)
}

impl Stored {
    /// Reads the resource in a response. Other resources have members of these names with another meaning, so it must be an
    /// object of Cloud Storage, or a file with an MD5, which Drive states of content that it has not converted.
    pub(crate) fn of(body: &Bytes) -> Option<Self> {
        if body.len() > LONGEST_RESOURCE || !body.trim_ascii_start().starts_with(b"{") {
            return None;
        }
        let resource: Value = serde_json::from_slice(body).ok()?;
        let is_object = resource.get("kind").and_then(Value::as_str) == Some("storage#object");
        if !is_object && resource.get("md5Checksum").is_none() {
            return None;
        }
        let size = resource.get("size");
        let size = size.and_then(|size| size.as_u64().or_else(|| size.as_str()?.parse().ok()));
        let crc32c = resource.get("crc32c").filter(|_| is_object);
        Some(Self {
            size,
            crc32c: crc32c.and_then(|crc32c| crc32c::parse(crc32c.as_str()?)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_r11_resources_that_state_what_is_stored() {
        let stored = |size, crc32c| Some(Stored { size, crc32c });
        for (body, expected) in [
            (
                r#"{"kind": "storage#object", "size": "10", "crc32c": "4waSgw=="}"#,
                stored(Some(10), Some(0xe306_9283)),
            ),
            (
                r#" {"kind": "storage#object", "size": 10}"#,
                stored(Some(10), None),
            ),
            (
                r#"{"kind": "storage#object", "size": "x", "crc32c": "?"}"#,
                stored(None, None),
            ),
            (
                r#"{"md5Checksum": "x", "size": "10", "crc32c": "4waSgw=="}"#,
                stored(Some(10), None),
            ),
            // A converted document has another size, and other APIs have other things of these names.
            (r#"{"kind": "drive#file", "size": "10"}"#, None),
            (r#"{"size": "10"}"#, None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(Stored::of(&Bytes::from(body)), expected, "{body}");
        }
    }
}
