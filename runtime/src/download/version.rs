//! The version of the media in a response, its coding and its checksum, according to the headers.

use crate::media::crc32c;
use http::header::{CONTENT_ENCODING, ETAG, HeaderMap, HeaderName, HeaderValue, WARNING};
use http::{StatusCode, response};

const GENERATION: HeaderName = HeaderName::from_static("x-goog-generation");
const HASH: HeaderName = HeaderName::from_static("x-goog-hash");
const STORED_ENCODING: HeaderName = HeaderName::from_static("x-goog-stored-content-encoding");
const TRANSFORMATIONS: HeaderName =
    HeaderName::from_static("x-guploader-response-body-transformations");

/// The relation between the media on the server and the body of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// The body has the bytes of the media.
    Plain,
    /// The server or a proxy has decompressed the media. Its checksum, its length and its ranges are those of other bytes.
    Decoded,
    /// The body has a content encoding, which the transport may have removed.
    Encoded,
}

/// The values that tell one version of the media from another.
pub(super) struct Version {
    /// Never a weak one: different bytes can have the same weak `etag`.
    etag: Option<HeaderValue>,
    generation: Option<HeaderValue>,
    /// The checksum (CRC-32C) of the media on the server.
    pub(super) hash: Option<Checksum>,
}

/// A checksum (CRC-32C) in headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Checksum {
    value: u32,
    /// `true` if the headers state another one, too. No media has both.
    is_disputed: bool,
}

impl Checksum {
    /// Returns `true` if media with this checksum is what the headers state.
    pub(super) fn is(self, found: u32) -> bool {
        self.value == found && !self.is_disputed
    }
}

impl Coding {
    pub(super) fn of(head: &response::Parts) -> Self {
        let headers = &head.headers;
        if !is_identity(headers, &CONTENT_ENCODING) {
            return Self::Encoded;
        }
        // Cloud Storage states the transformation in three ways, and not in all of them each time.
        let is_transformed = values(headers, &TRANSFORMATIONS).any(|name| name == "gunzipped")
            // 214 is "transformation applied" (RFC 7234, section 5.5.6), as is the status 203.
            || values(headers, &WARNING).any(|warning| warning.starts_with("214 "))
            || head.status == StatusCode::NON_AUTHORITATIVE_INFORMATION;
        if is_transformed || !is_identity(headers, &STORED_ENCODING) {
            Self::Decoded
        } else {
            Self::Plain
        }
    }
}

impl Version {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let etag = headers.get(ETAG).cloned();
        Self {
            etag: etag.filter(|etag| !etag.as_bytes().starts_with(b"W/")),
            generation: headers.get(GENERATION).cloned(),
            hash: hash(headers),
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

    /// Adds the values that a response of the same version has and earlier ones did not.
    pub(super) fn learn(&mut self, headers: &HeaderMap) {
        let Self {
            etag, generation, ..
        } = Self::of(headers);
        self.etag = self.etag.take().or(etag);
        self.generation = self.generation.take().or(generation);
    }

    /// The value of `if-range` that asks for this version (RFC 9110, section 13.1.5).
    pub(super) fn condition(&self) -> Option<&HeaderValue> {
        let etag = self.etag.as_ref();
        etag.filter(|etag| etag.as_bytes().starts_with(b"\""))
    }
}

/// Returns the elements of a list in headers.
fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).into_iter();
    let elements = lines.flat_map(|line| line.to_str().unwrap_or_default().split(','));
    elements.map(str::trim)
}

fn is_identity(headers: &HeaderMap, name: &HeaderName) -> bool {
    values(headers, name).all(|coding| coding.is_empty() || coding.eq_ignore_ascii_case("identity"))
}

/// The checksum in `x-goog-hash`: `crc32c=` and four bytes in base64, the highest first, among others after commas. The name may
/// have any case, and the value may be quoted. Values that cannot be read are ignored.
fn hash(headers: &HeaderMap) -> Option<Checksum> {
    let name = HASH;
    let mut hashes = values(headers, &name).filter_map(|hash| {
        let (name, value) = hash.trim_matches('"').split_once('=')?;
        let is_crc32c = name.trim().eq_ignore_ascii_case("crc32c");
        crc32c::parse(value.trim().trim_matches('"')).filter(|_| is_crc32c)
    });
    let value = hashes.next()?;
    Some(Checksum {
        value,
        is_disputed: hashes.any(|other| other != value),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_r10_the_ways_to_announce_decompression() {
        for (status, name, value, coding) in [
            (
                200,
                "x-goog-stored-content-encoding",
                "gzip",
                Coding::Decoded,
            ),
            (
                200,
                "x-goog-stored-content-encoding",
                "Identity",
                Coding::Plain,
            ),
            (
                200,
                "x-guploader-response-body-transformations",
                "gunzipped",
                Coding::Decoded,
            ),
            (
                200,
                "x-guploader-response-body-transformations",
                "x, gunzipped",
                Coding::Decoded,
            ),
            (
                200,
                "warning",
                "214 UploadServer gunzipped",
                Coding::Decoded,
            ),
            (
                200,
                "warning",
                "199 - \"x\", 214 UploadServer gunzipped",
                Coding::Decoded,
            ),
            (200, "warning", "110 - stale", Coding::Plain),
            (203, "x", "y", Coding::Decoded),
            (200, "content-encoding", "gzip", Coding::Encoded),
            (200, "content-encoding", "identity", Coding::Plain),
            (200, "content-encoding", "", Coding::Plain),
            (206, "x", "y", Coding::Plain),
        ] {
            let head = http::Response::builder().status(status).header(name, value);
            let (head, ()) = head.body(()).unwrap().into_parts();
            assert_eq!(Coding::of(&head), coding, "{status} {name}: {value}");
        }
    }

    #[test]
    fn case_r10_the_forms_of_a_checksum() {
        let found = Some(Checksum {
            value: 0xc994_65aa,
            is_disputed: false,
        });
        let disputed = Some(Checksum {
            value: 0xc994_65aa,
            is_disputed: true,
        });
        assert!(found.is_some_and(|found| found.is(0xc994_65aa) && !found.is(1)));
        assert!(disputed.is_some_and(|disputed| !disputed.is(0xc994_65aa)));
        for (lines, expected) in [
            (&["crc32c=yZRlqg=="][..], found),
            (&["crc32c=yZRlqg==,md5=XrY7u+Ae7tCTyyK7j1rNww=="], found),
            (&["md5=XrY7u+Ae7tCTyyK7j1rNww== , crc32c=yZRlqg=="], found),
            (&["md5=XrY7u+Ae7tCTyyK7j1rNww==", "crc32c=yZRlqg=="], found),
            (&["CRC32C=yZRlqg=="], found),
            (&["crc32c = yZRlqg=="], found),
            (&["crc32c=\"yZRlqg==\""], found),
            (&["\"crc32c=yZRlqg==\""], found),
            (&["crc32c=yZRlqg==,crc32c=yZRlqg=="], found),
            (&["crc32c=yZRlqg==,crc32c=4waSgw=="], disputed),
            (&["crc32c=yZRlqg==", "md5=x, CRC32C=4waSgw=="], disputed),
            (&["crc32c=?,crc32c=yZRlqg=="], found),
            (&["crc32c="], None),
            (&["crc32c"], None),
            (&["xcrc32c=yZRlqg=="], None),
            (&["md5=yZRlqg=="], None),
            (&[""], None),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(HASH, line.parse().unwrap());
            }
            assert_eq!(hash(&headers), expected, "{lines:?}");
        }
    }
}
