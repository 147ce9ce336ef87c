//! Downloads: media instead of a response.

mod part;
mod plan;
mod range;
mod requests;
mod stream;
mod version;

pub use stream::DownloadStream;

use crate::call::ResponseFuture;
use crate::error::{Error, Result};
use crate::media::{Progress, Report};
use crate::request::{Form, Request};
use bytes::Bytes;
use plan::Plan;
use std::fmt;
use std::ops::{Bound, RangeBounds};
use std::sync::Arc;

/// A call that returns media instead of its response; made by the function `download` of a call whose document has
/// `supportsMediaDownload`.
///
/// It asks for `alt=media` at the URL of the call, and for no compression (`accept-encoding: identity`): lengths, ranges and
/// checksums are those of the media itself.
///
/// * Until the media begins to come, the request is retried like any call (see [`RetryPolicy`](crate::RetryPolicy)). Time
///   limits apply to this phase only.
/// * After a broken connection, the client requests the missing bytes with `range`. For this the server must have sent the
///   version of the media (a strong `etag`, `x-goog-generation` or `x-goog-hash`) and its length. The client accepts only the
///   same version: it sends `if-range` and compares the response as well. This request is retried like a chunk of an upload.
///   Three breaks in a row without a new byte end the download. The error says how many bytes came, and why it was not continued.
/// * Media of Cloud Storage comes with its CRC-32C (`x-goog-hash`). If the whole media is requested, it is checked after the
///   last byte. It is also checked if the server ignores a range and its response ends within 1 MiB after it.
/// * Cloud Storage decompresses objects with `contentEncoding: gzip`. Then the checksum is that of other bytes, and is not
///   checked. After a broken connection, the client requests all of this media again and skips what it has.
/// * Status, `content-length`, `content-range`, the total and the bytes that come have to agree (RFC 9110, section 14). If the
///   server sends only a part of the requested bytes, the client requests the rest in the same way.
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use storage_v1::Storage;
///
/// let objects = Storage::builder().build().await?.objects();
/// let text = objects.get("bucket", "hello.txt").download().send().await?;
/// let film = objects.get("bucket", "film.mp4").download();
/// let first = film
///     .range(..1 << 20)
///     .on_progress(|progress| println!("{} bytes", progress.bytes))
///     .send_with_headers()
///     .await?;
/// println!("{} {:?}", first.status(), first.headers().get("content-range"));
/// # Ok(())
/// # }
/// ```
#[must_use = "a download does nothing until it is sent"]
#[derive(Clone)]
pub struct Download {
    request: Request,
    /// The first byte that is wanted, and the one after the last.
    range: Option<(u64, Option<u64>)>,
    report: Option<Report>,
}

impl Download {
    #[doc(hidden)]
    pub fn new(request: Request) -> Self {
        Self {
            request: request.with_form(Form::Download),
            range: None,
            report: None,
        }
    }

    /// Requests only these bytes of the media, counted from 0: `..1024`, `1024..2048`, `2048..`.
    ///
    /// A range beyond the end returns the existing bytes. A range that begins at the end or later fails with status 416, and the
    /// error states the length. The exception is empty media: a range of it from 0 on is empty. If the server ignores the range
    /// and returns everything, the bytes outside of it are skipped.
    pub fn range(mut self, bytes: impl RangeBounds<u64>) -> Self {
        let start = match bytes.start_bound() {
            Bound::Included(start) => *start,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match bytes.end_bound() {
            Bound::Included(last) => last.checked_add(1),
            Bound::Excluded(end) => Some(*end),
            Bound::Unbounded => None,
        };
        self.range = (start > 0 || end.is_some()).then_some((start, end));
        self
    }

    /// Calls a function whenever bytes have come, with the number of bytes so far.
    pub fn on_progress(mut self, report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.report = Some(Arc::new(report));
        self
    }

    /// Sends the request and returns the whole media in memory.
    ///
    /// # Errors
    /// Fails if the request is rejected before it is sent, if no response comes, or if the status of the response is not 2xx.
    /// [`ErrorKind::Checksum`](crate::ErrorKind::Checksum) if the media does not match its checksum.
    /// [`ErrorKind::Media`](crate::ErrorKind::Media) if the media changed during the download.
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if a response is not the requested part, or contradicts itself. See
    /// [`ErrorKind`](crate::ErrorKind).
    pub fn send(self) -> ResponseFuture<Bytes> {
        self.run()
    }

    /// Sends the request and returns the media together with the HTTP status and the headers.
    ///
    /// # Errors
    /// The same errors as [`send`](Self::send).
    pub fn send_with_headers(self) -> ResponseFuture<http::Response<Bytes>> {
        self.run()
    }

    /// Sends the request and returns the media as a stream, together with the HTTP status and the headers.
    ///
    /// One chunk is in memory at a time, of the size in which it comes.
    ///
    /// ```no_run
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use futures_util::TryStreamExt;
    /// use gapi_runtime::DownloadStream;
    /// use std::io::Write;
    /// use storage_v1::Storage;
    ///
    /// let objects = Storage::builder().build().await?.objects();
    /// let response = objects.get("bucket", "film.mp4").download().stream().await?;
    /// let mut media: DownloadStream = response.into_body();
    /// let mut file = std::fs::File::create("film.mp4")?;
    /// while let Some(chunk) = media.try_next().await? {
    ///     file.write_all(&chunk)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The same errors as [`send`](Self::send). A later error is an item of the stream.
    pub async fn stream(self) -> Result<http::Response<DownloadStream>> {
        let method = self.request.method();
        if let Some((start, Some(end))) = self.range
            && start >= end
        {
            let reason = "the range of the media is empty".to_owned();
            return Err(Error::invalid_argument(Some(method.id), reason));
        }
        let plan = Plan {
            client: self.request.client().clone(),
            method,
            request: self.request.to_http()?,
            options: self.request.options().clone(),
            report: self.report,
        };
        DownloadStream::open(plan, self.range).await
    }

    fn run<T>(self) -> ResponseFuture<T> {
        let (client, method) = (self.request.client().clone(), self.request.method());
        let response = async move {
            let (head, stream) = self.stream().await?.into_parts();
            let media = stream.collect().await?;
            Ok(http::Response::from_parts(head, media))
        };
        ResponseFuture::of(client, method, Box::pin(response))
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("request", &self.request)
            .field("range", &self.range)
            .finish_non_exhaustive()
    }
}
