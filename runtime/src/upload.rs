//! Uploads: media in addition to the body of a request.

mod address;
mod idle;
mod receipt;
mod resumable;
mod session;
mod window;

pub use resumable::ResumableUpload;
pub use session::UploadSession;

use crate::call::{Call, ResponseFuture};
use crate::media::Media;
use crate::request::{Form, Request};
use std::fmt;
use std::marker::PhantomData;

/// A call that sends media; made by the function `upload` of a call whose document has `mediaUpload`.
///
/// The media goes in one request: alone (`uploadType=media`) or, where the call has a body, after it (`uploadType=multipart`,
/// `multipart/related`). Where the document offers it, [`resumable`](Self::resumable) sends it in chunks.
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_runtime::Media;
/// use storage_v1::{Storage, schemas::Object};
///
/// let objects = Storage::builder().build().await?.objects();
/// let insert = objects.insert("bucket", Object::default());
/// let media = Media::new("text/plain", "hello");
/// let object = insert.clone().name("hello.txt").upload(media).send().await?;
/// println!("{:?}", object.name);
///
/// let media = Media::new("text/plain", "bye");
/// let response = insert.name("bye.txt").upload(media).send_with_headers().await?;
/// println!("{}", response.status());
/// # Ok(())
/// # }
/// ```
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
/// fn in_chunks<C: gapi_runtime::Call>(upload: gapi_runtime::Upload<C>) {
///     let _ = upload.resumable(); // compiles with `C: gapi_runtime::Resumable`
/// }
/// ```
///
/// ```
/// use gapi_runtime::{Resumable, ResumableUpload, Upload};
///
/// fn in_small_chunks<C: Resumable>(upload: Upload<C>) -> ResumableUpload<C> {
///     upload.resumable().chunk_size(256 << 10)
/// }
/// ```
pub trait Resumable: Call {}

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
    /// Sends the media in chunks, within a session that the server opens for them. Use it for large media: only a chunk that gets
    /// lost is sent again.
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

impl<C> fmt::Debug for Upload<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("request", &self.request)
            .field("media", &self.media)
            .finish()
    }
}
