//! Uploads in chunks: the start.

use super::session::Session;
use super::{UploadSession, address};
use crate::call::{Call, ResponseFuture};
use crate::error::{Error, Result};
use crate::media::crc32c::Crc32c;
use crate::media::{Media, Progress, Report};
use crate::request::Form;
use crate::request::Request;
use bytes::Bytes;
use http::StatusCode;
use http::header::LOCATION;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// The unit of the chunk size, 256 KiB. The length of every chunk but the last is a multiple of it.
const UNIT: usize = 256 << 10;

/// The default size of a chunk, as in Google's Go client: 16 MiB.
const CHUNK_SIZE: usize = 16 << 20;

/// A call that sends media in chunks; made by [`Upload::resumable`](super::Upload::resumable).
///
/// A first request, with the body of the call, opens a session (`uploadType=resumable`). Its response has the address for the
/// chunks. One chunk at a time is in memory. Bytes of it that the server did not keep are sent again. Before a retry (see
/// [`RetryPolicy`](crate::RetryPolicy)), the client asks the server which bytes it already has.
///
/// The address of a session is followed only where the client's credentials may go: to the scheme, host and port of the
/// client's endpoint, or by https to a host under `googleapis.com` or the client's other universe. Any other ends the upload
/// with an error, before media or credentials go there. A relative address is resolved (RFC 9110, section 10.2.2). For a client
/// without credentials, `localhost`, `127.0.0.0/8` and `::1` are one host.
///
/// The upload succeeds only when the server has every byte: a success before the last chunk is an error.
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_runtime::Media;
/// use storage_v1::{Storage, schemas::Object};
///
/// let objects = Storage::builder().build().await?.objects();
/// let media = Media::new("video/mp4", std::fs::read("film.mp4")?);
/// let upload = objects.insert("bucket", Object::default()).name("film.mp4").upload(media);
/// let upload = upload
///     .resumable()
///     .chunk_size(8 << 20)
///     .on_progress(|progress| println!("{} bytes", progress.bytes));
/// let object = upload.send().await?; // or `send_with_headers`
/// # Ok(())
/// # }
/// ```
#[must_use = "an upload does nothing until it is sent"]
pub struct ResumableUpload<C> {
    request: Request,
    media: Media,
    chunk_size: usize,
    report: Option<Report>,
    call: PhantomData<fn() -> C>,
}

impl<C: Call> ResumableUpload<C> {
    pub(super) fn new(request: Request, media: Media) -> Self {
        Self {
            request,
            media,
            chunk_size: CHUNK_SIZE,
            report: None,
            call: PhantomData,
        }
    }

    /// Sets the size of a chunk in bytes, by default 16 MiB. It is rounded up to a multiple of 256 KiB, which the protocol
    /// demands.
    ///
    /// For media that is not in memory, one chunk is kept in memory.
    pub fn chunk_size(mut self, bytes: usize) -> Self {
        let largest = usize::MAX - usize::MAX % UNIT;
        self.chunk_size = bytes
            .max(1)
            .checked_next_multiple_of(UNIT)
            .unwrap_or(largest);
        self
    }

    /// Calls a function after each chunk, with the number of bytes that the server has kept so far.
    pub fn on_progress(mut self, report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.report = Some(Arc::new(report));
        self
    }

    /// Opens a session, sends the media and returns the body of the last response.
    ///
    /// # Errors
    /// The errors of [`Upload::send`](super::Upload::send), for each request. [`ErrorKind::Decode`](crate::ErrorKind::Decode)
    /// if the server opens no usable session, keeps none of the bytes that it receives, or ends the upload before it has every
    /// byte. [`ErrorKind::Transport`](crate::ErrorKind::Transport) or [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) if three
    /// chunks in a row fail before the server keeps a byte of them. [`ErrorKind::Checksum`](crate::ErrorKind::Checksum) if the resource in the last response has another CRC-32C than
    /// the media.
    pub fn send(self) -> ResponseFuture<C::Response> {
        self.run()
    }

    /// Opens a session, sends the media and returns the body of the last response together with the HTTP status and the
    /// headers.
    ///
    /// ```
    /// use gapi_runtime::{Resumable, Result, ResumableUpload};
    ///
    /// /// Returns the response of a call, and the HTTP status.
    /// async fn status<C: Resumable>(upload: ResumableUpload<C>) -> Result<(C::Response, u16)> {
    ///     let response = upload.send_with_headers().await?;
    ///     let status = response.status().as_u16();
    ///     Ok((response.into_body(), status))
    /// }
    /// ```
    ///
    /// # Errors
    /// The same errors as [`send`](Self::send).
    pub fn send_with_headers(self) -> ResponseFuture<http::Response<C::Response>> {
        self.run()
    }

    /// Opens a session and sends no media yet.
    ///
    /// A session outlives the program: keep its [`uri`](UploadSession::uri), and [`resume`](Self::resume) it. With Cloud
    /// Storage and Drive it lasts a week.
    ///
    /// # Errors
    /// The errors of [`send`](Self::send) that come before the media.
    pub async fn start(self) -> Result<UploadSession<C>> {
        self.open().await.map(UploadSession::new)
    }

    /// Continues a session that was opened earlier, by its [`uri`](UploadSession::uri). Sends nothing yet.
    ///
    /// Pass the same media, from its beginning. The client asks the server which bytes it has, and reads the media from
    /// there on if it is in memory, [reopenable](Media::reopenable) or a file. It skips the earlier bytes of a stream. The
    /// parameters and the body of the call were sent with the first request and have no effect anymore.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) if credentials must not go to this address, if the method
    /// does not take the media, or if a header of the call is rejected.
    pub fn resume(self, uri: &str) -> Result<UploadSession<C>> {
        let (client, method) = (self.request.client().clone(), self.request.method());
        let mut problems = Vec::new();
        let uri = address::checked(&client, uri);
        if uri.is_none() {
            problems
                .push("the session is at an address that credentials must not go to".to_owned());
        }
        problems.extend_from_slice(self.request.problems_of_extras());
        let info = method.upload.as_ref();
        problems.extend(info.and_then(|info| self.media.problem(info)));
        match uri {
            Some(uri) if problems.is_empty() => {
                let mut session = self.session(uri);
                session.is_unsure = true;
                session.may_be_complete = true;
                session.checksum = None;
                Ok(UploadSession::new(session))
            }
            _ => Err(Error::invalid_argument(
                Some(method.id),
                problems.join("; "),
            )),
        }
    }

    fn run<T>(self) -> ResponseFuture<T> {
        let (client, method) = (self.request.client().clone(), self.request.method());
        let response = async move { self.open().await?.run().await };
        ResponseFuture::of(client, method, Box::pin(response))
    }

    async fn open(self) -> Result<Session> {
        let (client, method) = (self.request.client(), self.request.method());
        let form = Form::Resumable(self.media.clone());
        let request = self.request.clone().with_form(form);
        let opened: http::Response<Bytes> = request.clone().execute().await?;
        if opened.status() != StatusCode::OK || !opened.headers().contains_key(LOCATION) {
            let problem = "the server opened no session for the upload";
            return Err(Error::unreadable(method, problem, opened));
        }
        // Made again: hardly any server sends the relative address that needs it.
        let base = request.to_http()?;
        let uri = address::of_response(client, method, base.uri(), &opened)?;
        Ok(self.session(uri))
    }

    fn session(self, uri: http::Uri) -> Session {
        Session {
            client: self.request.client().clone(),
            method: self.request.method(),
            options: self
                .request
                .options()
                .of_chunks(self.request.client().retry_policy()),
            uri,
            headers: self.request.further_headers(),
            media: self.media,
            chunk_size: self.chunk_size,
            report: self.report,
            window: None,
            is_unsure: false,
            may_be_complete: false,
            // Of the APIs of Google only Cloud Storage states checksums of this kind.
            checksum: (self.request.client().service().name == "storage")
                .then_some((0, Crc32c::NEW)),
        }
    }
}

impl<C> Clone for ResumableUpload<C> {
    fn clone(&self) -> Self {
        Self {
            request: self.request.clone(),
            media: self.media.clone(),
            chunk_size: self.chunk_size,
            report: self.report.clone(),
            call: PhantomData,
        }
    }
}

impl<C> fmt::Debug for ResumableUpload<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResumableUpload")
            .field("request", &self.request)
            .field("media", &self.media)
            .field("chunk_size", &self.chunk_size)
            .finish_non_exhaustive()
    }
}
