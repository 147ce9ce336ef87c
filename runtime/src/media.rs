//! Media: uploads beside the body of a request, and downloads instead of a response.

mod address;
mod crc32c;
mod download;
mod download_stream;
pub(crate) mod multipart;
mod resumable;
mod session;
mod source;
#[cfg(feature = "tokio")]
mod tokio;
mod version;
mod window;

pub use download::Download;
pub use download_stream::DownloadStream;
pub use resumable::ResumableUpload;
pub use session::UploadSession;

use self::source::{Input, Source, blame, framed};
use crate::call::{Call, ResponseFuture};
use crate::client::BodyMode;
use crate::error::{Error, Result};
use crate::method::UploadInfo;
use crate::request::Form;
use crate::request::Request;
use crate::retry::Outgoing;
use bytes::Bytes;
use futures_core::Stream;
use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex};

/// The number of times in a row that an upload or a download may make no progress before it fails.
const PATIENCE: u32 = 3;

/// Media to upload: content and its media type. `Debug` shows none of the content.
///
/// Content in memory is [`new`](Self::new). Any other is read while it is sent, and only one chunk of it is ever in memory.
///
/// ```
/// let photo = gapi_runtime::Media::new("image/png", vec![0x89, b'P', b'N', b'G']);
/// assert_eq!(photo.content_type(), "image/png");
/// ```
#[derive(Clone)]
pub struct Media {
    content_type: String,
    source: Source,
    /// The length of a source other than memory, if it was stated.
    length: Option<u64>,
}

/// The progress of an upload or a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Uploads: the number of bytes that the server has kept. Downloads: the number of bytes that the stream has returned.
    pub bytes: u64,
    /// The total number of bytes, if it is known.
    pub total: Option<u64>,
}

/// The callback for progress.
type Report = Arc<dyn Fn(Progress) + Send + Sync>;

/// A call that sends media; made by the function `upload` of a call whose document has `mediaUpload`.
///
/// The media goes in one request: alone (`uploadType=media`) or, where the call has a body, after it (`uploadType=multipart`,
/// `multipart/related`). Where the document offers it, [`resumable`](Self::resumable) sends it in chunks.
#[must_use = "an upload does nothing until it is sent"]
pub struct Upload<C> {
    request: Request,
    media: Media,
    call: PhantomData<fn() -> C>,
}

/// A call whose media can also be sent in chunks: its document has `mediaUpload.protocols.resumable`. Implemented by
/// [`call!`](crate::call!).
///
/// The uploads of other calls have no such function:
///
/// ```compile_fail,E0599
/// fn in_pieces<C: gapi_runtime::Call>(upload: gapi_runtime::Upload<C>) {
///     let _ = upload.resumable(); // compiles with `C: gapi_runtime::Resumable`
/// }
/// ```
pub trait Resumable: Call {}

impl Media {
    /// Media of this type, for instance `image/png`, that is in memory.
    pub fn new(content_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::of(content_type.into(), Source::Bytes(bytes.into()))
    }

    /// Creates media of this type from a stream, which is read while it is sent.
    ///
    /// Its length is unknown unless you set it with [`length`](Self::length). A stream can be read once. Clones share it, and
    /// all requests after the first are rejected. A resumable upload keeps the current chunk in memory and can resend it.
    ///
    /// ```
    /// # use gapi_runtime::Bytes;
    /// let pieces = futures_util::stream::iter([Ok(Bytes::from("a")), Ok(Bytes::from("b"))]);
    /// let media = gapi_runtime::Media::stream("text/plain", pieces).length(2);
    /// ```
    pub fn stream(
        content_type: impl Into<String>,
        stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        let stream: Input = Box::pin(stream);
        let source = Source::Once(Arc::new(Mutex::new(Some(stream))));
        Self::of(content_type.into(), source)
    }

    /// Media of this type that a function opens: it is given the position, in bytes, from which on the media is wanted.
    ///
    /// For files, objects in another store and whatever else can be read again from anywhere: it can be sent more than once,
    /// and an upload that goes on where it was broken off reads nothing twice. Its length is unknown unless
    /// [`length`](Self::length) says it.
    pub fn reopenable<F, S>(
        content_type: impl Into<String>,
        open: impl Fn(u64) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = io::Result<S>> + Send + 'static,
        S: Stream<Item = io::Result<Bytes>> + Send + 'static,
    {
        let open = move |position| -> crate::transport::BoxFuture<'static, io::Result<Input>> {
            let opened = open(position);
            Box::pin(async move { Ok(Box::pin(opened.await?) as Input) })
        };
        Self::of(content_type.into(), Source::Open(Arc::new(open)))
    }

    fn of(content_type: String, source: Source) -> Self {
        Self {
            content_type,
            source,
            length: None,
        }
    }

    /// States the length in bytes, of all of it. Media that turns out to be longer or shorter is an error
    /// ([`ErrorKind::Media`](crate::ErrorKind::Media)). No effect on media in memory.
    #[must_use]
    pub fn length(mut self, bytes: u64) -> Self {
        self.length = Some(bytes);
        self
    }

    /// The media type that it was made with.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// The content, if it is in memory.
    pub(crate) fn bytes(&self) -> Option<&Bytes> {
        match &self.source {
            Source::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub(crate) fn known_length(&self) -> Option<u64> {
        match &self.source {
            Source::Bytes(bytes) => u64::try_from(bytes.len()).ok(),
            _ => self.length,
        }
    }

    /// Returns the reason why a method does not accept the media. Never quotes its type, which can have parameters.
    pub(crate) fn problem(&self, method: &UploadInfo) -> Option<String> {
        let accepted = method
            .accept
            .iter()
            .any(|range| is_in_range(&self.content_type, range));
        if !accepted && !method.accept.is_empty() {
            let accept = method.accept.join(", ");
            return Some(format!("the type of the media is none of {accept}"));
        }
        let (limit, length) = (method.max_size?, self.known_length()?);
        (length > limit).then(|| format!("the media has {length} bytes, and the limit is {limit}"))
    }

    /// Sends a request with this media, as a stream.
    pub(crate) async fn send_with(&self, request: &Request) -> Result<http::Response<Bytes>> {
        let (client, method) = (request.client(), request.method());
        let options = request.options();
        let (request, after) = request.around_media()?;
        let reader = self
            .source
            .read(0, self.length, method.upload.as_ref())
            .await;
        let reader = reader.map_err(|error| Error::media(method, error))?;
        let (head, before) = request.into_parts();
        let (body, failure) = framed(before, reader, after);
        let answer = async {
            let request = http::Request::from_parts(head, body);
            client
                .exchange(BodyMode::Whole, method, options, Outgoing::once(request))
                .await
        };
        answer.await.map_err(|error| blame(method, &failure, error))
    }
}

/// Returns `true` if a media type is in a range such as `image/*` (RFC 9110, section 12.5.1). Ignores parameters.
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

    /// Sends the media in one request and returns the body of the response.
    ///
    /// # Errors
    /// The errors of the call's own `send`. [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument), before anything
    /// is sent, if the document does not list the media type in `accept` or the media is larger than its `maxSize`.
    /// [`ErrorKind::Media`](crate::ErrorKind::Media) if media that is not in memory cannot be read, is too large, or has
    /// another length than was stated.
    pub fn send(self) -> ResponseFuture<C::Response> {
        ResponseFuture::new(self.request.with_form(Form::Upload(self.media)))
    }

    /// Sends the media in one request and returns the body of the response together with the HTTP status and the headers.
    ///
    /// # Errors
    /// The same errors as [`send`](Self::send).
    pub fn send_with_headers(self) -> ResponseFuture<http::Response<C::Response>> {
        ResponseFuture::new(self.request.with_form(Form::Upload(self.media)))
    }
}

impl<C: Resumable> Upload<C> {
    /// Sends the media in chunks, within a session that the server opens for them. Use it for large media: a chunk that gets
    /// lost does not cost the others.
    pub fn resumable(self) -> ResumableUpload<C> {
        ResumableUpload::new(self.request, self.media)
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
            .field("len", &self.known_length())
            .finish_non_exhaustive()
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
            r#"Media { content_type: "text/plain", len: Some(5), .. }"#
        );
    }
}
