//! Media of uploads: its sources, its checks and its form in a request.

pub(crate) mod crc32c;
pub(crate) mod multipart;
pub(crate) mod source;
pub(crate) mod stored;
#[cfg(feature = "tokio")]
mod tokio;

use self::source::{Input, MediaSource, Reader, Unread};
use crate::method::UploadInfo;
use crate::transport::BoxFuture;
use bytes::Bytes;
use futures_core::Stream;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex};

/// The number of times in a row that an upload or a download may make no progress before it fails.
pub(crate) const PATIENCE: u32 = 3;

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
    pub(crate) source: MediaSource,
    /// The length of a source other than memory, if it was stated.
    length: Option<u64>,
}

/// The progress of an upload or a download.
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_runtime::Progress;
/// use storage_v1::Storage;
///
/// let storage = Storage::builder().build().await?;
/// let report = |progress: Progress| match progress.total {
///     Some(total) => println!("{} of {total} bytes", progress.bytes),
///     None => println!("{} bytes", progress.bytes),
/// };
/// let download = storage.objects().get("bucket", "film.mp4").download().on_progress(report);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Uploads: the number of bytes that the server has kept. Downloads: the number of bytes that the stream has returned.
    pub bytes: u64,
    /// The total number of bytes, if it is known.
    pub total: Option<u64>,
}

/// The callback for progress.
pub(crate) type Report = Arc<dyn Fn(Progress) + Send + Sync>;

impl Media {
    /// Creates media of this type, for instance `image/png`, from bytes in memory.
    pub fn new(content_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::of(content_type.into(), MediaSource::Bytes(bytes.into()))
    }

    /// Creates media of this type from a stream, which is read while it is sent.
    ///
    /// Its length is unknown unless you set it with [`length`](Self::length). A stream can be read once. Clones share it, and
    /// all requests after the first are rejected. A resumable upload keeps the current chunk in memory and can resend it.
    ///
    /// ```
    /// # use gapi_runtime::Bytes;
    /// let chunks = futures_util::stream::iter([Ok(Bytes::from("a")), Ok(Bytes::from("b"))]);
    /// let media = gapi_runtime::Media::stream("text/plain", chunks).length(2);
    /// ```
    pub fn stream(
        content_type: impl Into<String>,
        stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        let unread = Unread {
            input: Box::pin(stream),
            position: 0,
        };
        let source = MediaSource::Once(Arc::new(Mutex::new(Some(unread))));
        Self::of(content_type.into(), source)
    }

    /// Creates media of this type that a function opens. The function gets the position of the first byte to read.
    ///
    /// For files, objects in another store and whatever else can be read again from anywhere: it can be sent more than once,
    /// and an upload that continues after an interruption reads nothing twice. Its length is unknown unless
    /// [`length`](Self::length) says it.
    ///
    /// ```
    /// use gapi_runtime::{Bytes, Media};
    /// use std::io;
    ///
    /// /// Returns the bytes of an object in another store, from this position on.
    /// async fn read(from: u64) -> io::Result<Bytes> {
    ///     # let _ = from;
    ///     // …
    ///     # Ok(Bytes::new())
    /// }
    ///
    /// let media = Media::reopenable("video/mp4", |position| async move {
    ///     let rest = read(position).await?;
    ///     Ok(futures_util::stream::iter([Ok(rest)]))
    /// });
    /// ```
    pub fn reopenable<F, S>(
        content_type: impl Into<String>,
        open: impl Fn(u64) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = io::Result<S>> + Send + 'static,
        S: Stream<Item = io::Result<Bytes>> + Send + 'static,
    {
        let open = move |position| -> BoxFuture<'static, io::Result<Input>> {
            let opened = open(position);
            Box::pin(async move { Ok(Box::pin(opened.await?) as Input) })
        };
        Self::of(content_type.into(), MediaSource::Open(Arc::new(open)))
    }

    fn of(content_type: String, source: MediaSource) -> Self {
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

    /// Returns the media type.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// The content, if it is in memory.
    pub(crate) fn bytes(&self) -> Option<&Bytes> {
        match &self.source {
            MediaSource::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub(crate) fn known_length(&self) -> Option<u64> {
        match &self.source {
            MediaSource::Bytes(bytes) => u64::try_from(bytes.len()).ok(),
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

    /// Opens the media at its beginning.
    pub(crate) async fn read(&self, method: Option<&UploadInfo>) -> io::Result<Reader> {
        self.source.read(0, self.length, method).await
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

impl fmt::Debug for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Media")
            .field("content_type", &self.content_type)
            .field("len", &self.known_length())
            .finish_non_exhaustive()
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
