//! Media instead of a response: what is asked for.

use super::download_stream::Plan;
use super::{DownloadStream, Progress, Report};
use crate::request::Form;
use crate::{Error, Request, Result, Sending};
use bytes::Bytes;
use std::fmt;
use std::ops::{Bound, RangeBounds};
use std::sync::Arc;

/// A call that gives media instead of its response; made by the function `download` of a call whose document has
/// `supportsMediaDownload`.
///
/// It asks for `alt=media` at the URL of the call, and for no compression (`accept-encoding: identity`): lengths, ranges and
/// checksums are those of the media itself.
///
/// * Until it begins to come it is retried as any call is (see [`RetryPolicy`](crate::RetryPolicy)). Time limits are limits on that.
/// * A connection that breaks is no end: what is missing is asked for with `range`, where the server says which version of the
///   media it gives (a strong `etag`, `x-goog-generation` or `x-goog-hash`) and how long that is, and only of the same version
///   (`if-range`; the answer is compared as well). This request is retried as a piece of an upload is. Three breaks in a row
///   without a byte gained end the download.
/// * Media of Cloud Storage comes with its CRC-32C (`x-goog-hash`). Where all of it is asked for, it is checked when the last
///   byte is there.
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

    /// Asks for these bytes of the media only, counted from 0: `..1024`, `1024..2048`, `2048..`.
    ///
    /// A range that goes beyond the end gives what there is; one that begins there is answered with status 416. A server may
    /// give everything all the same: what is outside of the range is then passed over.
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

    /// Calls a function whenever bytes have come, with how many there are so far.
    pub fn on_progress(mut self, report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.report = Some(Arc::new(report));
        self
    }

    /// Sends the request and gives the media, all of it, in memory.
    ///
    /// # Errors
    /// When the request is refused before it is sent, when no answer comes, and when the server answers with a status other
    /// than 2xx; [`ErrorKind::Checksum`](crate::ErrorKind::Checksum) when the media is not what its checksum says,
    /// [`ErrorKind::Media`](crate::ErrorKind::Media) when it changed on the way: see [`ErrorKind`](crate::ErrorKind).
    pub fn send(self) -> Sending<Bytes> {
        self.run()
    }

    /// Sends the request and returns the media together with the HTTP status and the headers.
    ///
    /// # Errors
    /// The same errors as [`send`](Self::send).
    pub fn send_with_headers(self) -> Sending<http::Response<Bytes>> {
        self.run()
    }

    /// Sends the request and returns the media as a stream, together with the HTTP status and the headers.
    ///
    /// One piece of it is in memory at a time, of the size in which it comes.
    ///
    /// ```text
    /// let mut media = objects.get("bucket", "object").download().stream().await?.into_body();
    /// while let Some(piece) = media.try_next().await? {
    ///     file.write_all(&piece).await?;
    /// }
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

    fn run<T>(self) -> Sending<T> {
        let (service, method) = (self.request.client().service(), self.request.method());
        let answer = async move {
            let (head, stream) = self.stream().await?.into_parts();
            let media = stream.collect().await?;
            Ok(http::Response::from_parts(head, media))
        };
        Sending::of(service, method, Box::pin(answer))
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
