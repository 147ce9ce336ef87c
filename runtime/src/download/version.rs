//! The part and the version of the media in a response, according to its headers.

use crate::types::Base64;
use http::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, HeaderValue,
};
use http::{StatusCode, response};

const GENERATION: HeaderName = HeaderName::from_static("x-goog-generation");
const HASH: HeaderName = HeaderName::from_static("x-goog-hash");
const STORED_ENCODING: HeaderName = HeaderName::from_static("x-goog-stored-content-encoding");

/// The part of the media that a body holds.
pub(super) struct Extent {
    /// The position of its first byte.
    pub(super) start: u64,
    /// The position after its last byte, if that is known.
    pub(super) end: Option<u64>,
}

/// The values that tell one version of the media from another.
pub(super) struct Version {
    /// Never a weak one: different bytes can have the same weak `etag`.
    etag: Option<HeaderValue>,
    generation: Option<HeaderValue>,
    hash: Option<u32>,
    /// The checksum of the bytes as they come.
    pub(super) crc32c: Option<u32>,
}

impl Extent {
    /// `None` when it is a part that does not say which one.
    pub(super) fn of(head: &response::Parts) -> Option<Self> {
        if head.status == StatusCode::PARTIAL_CONTENT {
            let range = head.headers.get(CONTENT_RANGE)?.to_str().ok()?;
            let (range, _) = range.trim().strip_prefix("bytes ")?.split_once('/')?;
            let (start, last) = range.split_once('-')?;
            let (start, last) = (start.trim().parse().ok()?, last.trim().parse::<u64>().ok()?);
            let end = last.checked_add(1).filter(|end| *end > start)?;
            return Some(Self {
                start,
                end: Some(end),
            });
        }
        // A transport that decompresses may leave the length of what it was sent.
        let length = head.headers.get(CONTENT_LENGTH);
        let length = length.filter(|_| is_identity(&head.headers, &CONTENT_ENCODING));
        Some(Self {
            start: 0,
            end: length.and_then(|length| length.to_str().ok()?.trim().parse().ok()),
        })
    }
}

impl Version {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let etag = headers.get(ETAG).cloned();
        let hash = crc32c(headers);
        // The checksum is that of what is stored, which the server or the transport may have decompressed.
        let is_plain =
            is_identity(headers, &CONTENT_ENCODING) && is_identity(headers, &STORED_ENCODING);
        Self {
            etag: etag.filter(|etag| !etag.as_bytes().starts_with(b"W/")),
            generation: headers.get(GENERATION).cloned(),
            hash,
            crc32c: hash.filter(|_| is_plain),
        }
    }

    /// Returns `true` if there is any value to identify the version by.
    pub(super) fn is_known(&self) -> bool {
        self.etag.is_some() || self.generation.is_some() || self.hash.is_some()
    }

    /// Returns `true` if a response is of this version. At least one value must match, and none may differ.
    pub(super) fn is_that_of(&self, headers: &HeaderMap) -> bool {
        fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> Option<bool> {
            Some(one? == other?)
        }
        let other = Self::of(headers);
        let verdicts = [
            agree(self.etag.as_ref(), other.etag.as_ref()),
            agree(self.generation.as_ref(), other.generation.as_ref()),
            agree(self.hash.as_ref(), other.hash.as_ref()),
        ];
        verdicts.contains(&Some(true)) && !verdicts.contains(&Some(false))
    }

    /// The value of `if-range` that asks for this version (RFC 9110, section 13.1.5).
    pub(super) fn condition(&self) -> Option<&HeaderValue> {
        let etag = self.etag.as_ref();
        etag.filter(|etag| etag.as_bytes().starts_with(b"\""))
    }
}

fn is_identity(headers: &HeaderMap, name: &HeaderName) -> bool {
    let mut encodings = headers.get_all(name).iter();
    encodings.all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// The checksum in `x-goog-hash`: `crc32c=` and four bytes in base64, the highest first, among others after commas.
fn crc32c(headers: &HeaderMap) -> Option<u32> {
    let lines = headers.get_all(HASH).iter();
    let mut hashes = lines.flat_map(|line| line.to_str().unwrap_or_default().split(','));
    let text = hashes.find_map(|hash| hash.trim().strip_prefix("crc32c="))?;
    let bytes = Base64::from(text).decode().ok()?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}
