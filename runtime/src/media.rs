//! Media: what methods take beside their body or give instead of their response.

pub(crate) mod multipart;
mod resumable;

pub use resumable::ResumableUpload;

use crate::request::Form;
use crate::{Call, Request, Sending, UploadInfo};
use bytes::Bytes;
use std::fmt;
use std::marker::PhantomData;

/// Media to upload: content and its media type. `Debug` shows none of the content.
///
/// ```
/// let photo = gapi_runtime::Media::new("image/png", vec![0x89, b'P', b'N', b'G']);
/// assert_eq!(photo.content_type(), "image/png");
/// ```
#[derive(Clone)]
pub struct Media {
    content_type: String,
    bytes: Bytes,
}

/// A call that sends media; made by the function `upload` of a call whose document has `mediaUpload`.
///
/// The media goes in one request: alone (`uploadType=media`) or, where the call has a body, after it (`uploadType=multipart`,
/// `multipart/related`). Where the document offers it, [`resumable`](Self::resumable) sends it in pieces.
#[must_use = "an upload does nothing until it is sent"]
pub struct Upload<C> {
    request: Request,
    media: Media,
    call: PhantomData<fn() -> C>,
}

/// A call that gives media instead of its response; made by the function `download` of a call whose document has
/// `supportsMediaDownload`.
///
/// It asks for `alt=media` at the URL of the call.
#[must_use = "a download does nothing until it is sent"]
#[derive(Clone)]
pub struct Download(Request);

/// A call whose media can also go in pieces: its document has `mediaUpload.protocols.resumable`. Implemented by
/// [`call!`](crate::call!).
///
/// Of other calls the uploads have no such function:
///
/// ```compile_fail,E0599
/// fn in_pieces<C: gapi_runtime::Call>(upload: gapi_runtime::Upload<C>) {
///     let _ = upload.resumable(); // compiles with `C: gapi_runtime::Resumable`
/// }
/// ```
pub trait Resumable: Call {}

impl Media {
    /// Media of this type, for instance `image/png`.
    pub fn new(content_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self {
            content_type: content_type.into(),
            bytes: bytes.into(),
        }
    }

    /// The media type that it was made with.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Why a method does not take it. Never quotes its type, which can have parameters.
    pub(crate) fn problem(&self, method: &UploadInfo) -> Option<String> {
        let accepted = method
            .accept
            .iter()
            .any(|range| is_in_range(&self.content_type, range));
        if !accepted && !method.accept.is_empty() {
            let accept = method.accept.join(", ");
            return Some(format!("the type of the media is none of {accept}"));
        }
        let limit = method.max_size?;
        let length = self.bytes.len();
        u64::try_from(length)
            .is_ok_and(|length| length > limit)
            .then(|| format!("the media has {length} bytes, and the limit is {limit}"))
    }
}

/// Whether a media type is in a range such as `image/*` (RFC 9110, section 12.5.1). Parameters are not looked at.
fn is_in_range(media_type: &str, range: &str) -> bool {
    let essence = |text: &str| {
        let text = text.split(';').next().unwrap_or_default();
        text.trim().to_ascii_lowercase()
    };
    let (media_type, range) = (essence(media_type), essence(range));
    match range.strip_suffix('*') {
        Some("*/" | "") => true,
        Some(prefix) => media_type.starts_with(prefix),
        None => media_type == range,
    }
}

impl<C: Call> Upload<C> {
    #[doc(hidden)]
    pub fn new(request: Request, media: Media) -> Self {
        Self {
            request,
            media,
            call: PhantomData,
        }
    }

    /// Sends the media in one request and gives the body of the response.
    ///
    /// # Errors
    /// Those of the call's own `send`; and [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument), before anything
    /// is sent, when the document does not list the media type in `accept` or the media is larger than its `maxSize`.
    pub fn send(self) -> Sending<C::Response> {
        Sending::new(self.request.with_form(Form::Upload(self.media)))
    }

    /// Sends the media in one request and gives the body of the response together with the HTTP status and the headers.
    ///
    /// # Errors
    /// Those of [`send`](Self::send).
    pub fn send_with_headers(self) -> Sending<http::Response<C::Response>> {
        Sending::new(self.request.with_form(Form::Upload(self.media)))
    }
}

impl<C: Resumable> Upload<C> {
    /// Sends the media in pieces, within a session that the server opens for them: for media that is large, since a piece
    /// that gets lost does not cost the others.
    pub fn resumable(self) -> ResumableUpload<C> {
        ResumableUpload::new(self.request, self.media)
    }
}

impl Download {
    #[doc(hidden)]
    pub fn new(request: Request) -> Self {
        Self(request.with_form(Form::Download))
    }

    /// Sends the request and gives the media, all of it.
    ///
    /// # Errors
    /// When the request is refused before it is sent, when no answer comes, and when the server answers with a status other
    /// than 2xx: see [`ErrorKind`](crate::ErrorKind).
    pub fn send(self) -> Sending<Bytes> {
        Sending::new(self.0)
    }

    /// Sends the request and gives the media together with the HTTP status and the headers, such as `content-type`.
    ///
    /// # Errors
    /// Those of [`send`](Self::send).
    pub fn send_with_headers(self) -> Sending<http::Response<Bytes>> {
        Sending::new(self.0)
    }
}

impl<C> Clone for Upload<C> {
    fn clone(&self) -> Self {
        Self {
            request: self.request.clone(),
            media: self.media.clone(),
            call: PhantomData,
        }
    }
}

impl fmt::Debug for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Media")
            .field("content_type", &self.content_type)
            .field("len", &self.bytes.len())
            .finish()
    }
}

impl<C> fmt::Debug for Upload<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("request", &self.request)
            .field("media", &self.media)
            .finish()
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Download").field(&self.0).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_ranges() {
        for (media_type, range, is_in) in [
            ("image/png", "*/*", true),
            ("image/png", "*", true),
            ("image/png", "image/*", true),
            ("Image/PNG; q=1", "image/png", true),
            ("image/png", "image/PNG;level=1", true),
            ("imagex/png", "image/*", false),
            ("image/png", "image/jpeg", false),
            ("image/pngx", "image/png", false),
            ("", "image/*", false),
            ("", "*/*", true),
        ] {
            assert_eq!(
                is_in_range(media_type, range),
                is_in,
                "{media_type} {range}"
            );
        }
    }

    #[test]
    fn limits() {
        let info = |accept, max_size| UploadInfo {
            accept,
            max_size,
            resumable: false,
        };
        let media = Media::new("text/plain", "12345");
        assert_eq!(media.problem(&info(&[], None)), None);
        assert_eq!(media.problem(&info(&["text/*"], Some(5))), None);
        assert_eq!(
            media.problem(&info(&["image/png", "video/*"], None)),
            Some("the type of the media is none of image/png, video/*".to_owned())
        );
        assert_eq!(
            media.problem(&info(&["*/*"], Some(4))),
            Some("the media has 5 bytes, and the limit is 4".to_owned())
        );
        assert_eq!(
            format!("{media:?}"),
            r#"Media { content_type: "text/plain", len: 5 }"#
        );
    }
}
