//! Uploads in chunks: the session.

use super::address;
use super::idle::{Idle, Kept};
use super::receipt::{is_cut_off, is_incomplete, kept};
use super::window::Window;
use crate::call::Call;
use crate::client::{BodyMode, Client, Outgoing};
use crate::error::{Attempts, Error, Result};
use crate::headers;
use crate::media::crc32c::Crc32c;
use crate::media::stored::{Stored, confirmed};
use crate::media::{Media, PATIENCE, Progress, Report};
use crate::method::MethodInfo;
use crate::response::{FromResponse, Origin};
use crate::retry::CallOptions;
use crate::secrets::http_error;
use crate::trace::NamedAddress;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_RANGE, HeaderMap, HeaderValue, LOCATION};
use http::{StatusCode, Uri};
use std::fmt;
use std::io;
use std::marker::PhantomData;
use tokio::time::Instant;

/// The status with which Cloud Storage confirms that a session is canceled.
const CANCELLED: u16 = 499;

/// An upload in progress, which can be interrupted and continued; made by
/// [`ResumableUpload::start`](super::ResumableUpload::start) and [`ResumableUpload::resume`](super::ResumableUpload::resume).
/// `Debug` does not show its address.
///
/// ```no_run
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/clients.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_runtime::{Media, ResumableUpload};
/// use storage_v1::{Storage, schemas::Object};
///
/// let objects = Storage::builder().build().await?.objects();
/// let insert = objects.insert("bucket", Object::default()).name("film.mp4");
/// let media = Media::new("video/mp4", std::fs::read("film.mp4")?);
/// let upload: ResumableUpload<_> = insert.upload(media).resumable();
///
/// let mut session = upload.clone().start().await?;
/// std::fs::write("session", session.uri())?; // a secret
/// if let Err(error) = session.send().await {
///     println!("{error}");
/// }
///
/// // Later, perhaps in another process.
/// let session = upload.resume(&std::fs::read_to_string("session")?);
/// let object = session?.send_with_headers().await?.into_body();
/// # Ok(())
/// # }
/// ```
#[must_use = "a session does nothing until media is sent"]
pub struct UploadSession<C> {
    session: Session,
    call: PhantomData<fn() -> C>,
}

/// A session in progress.
pub(super) struct Session {
    pub(super) client: Client,
    pub(super) method: &'static MethodInfo,
    /// The options for retrying the chunks.
    pub(super) options: CallOptions,
    /// The address that the chunks go to.
    pub(super) uri: Uri,
    /// The headers that the caller has added to the call.
    pub(super) headers: HeaderMap,
    pub(super) media: Media,
    pub(super) chunk_size: usize,
    pub(super) report: Option<Report>,
    /// The part of the media that is in memory, if there is one.
    pub(super) window: Option<Window>,
    /// `true` if the client must ask the server which bytes it has.
    pub(super) is_unsure: bool,
    /// `true` if the server may have every byte: the last chunk was sent, or another process has worked on the session.
    pub(super) may_be_complete: bool,
    /// The checksum of the bytes that were sent, up to a position; `None` if some of them were not seen.
    pub(super) checksum: Option<(u64, Crc32c)>,
}

impl<C: Call> UploadSession<C> {
    pub(super) fn new(session: Session) -> Self {
        Self {
            session,
            call: PhantomData,
        }
    }

    /// Returns the address of the session. It lets anyone write to the session, so treat it like a password.
    #[must_use]
    pub fn uri(&self) -> String {
        self.session.uri.to_string()
    }

    /// Sends the bytes that the server does not have yet, and returns the body of the last response.
    ///
    /// You can call it again after an error, and after dropping the future. It asks the server which bytes it has and continues
    /// from there.
    ///
    /// # Errors
    /// The same errors as [`ResumableUpload::send`](super::ResumableUpload::send). Status 404 or 410 means that the session no
    /// longer exists.
    pub async fn send(&mut self) -> Result<C::Response> {
        self.run().await
    }

    /// Sends the bytes that the server does not have yet. Returns the body of the last response together with the HTTP status
    /// and the headers.
    ///
    /// # Errors
    /// The same errors as [`send`](Self::send).
    pub async fn send_with_headers(&mut self) -> Result<http::Response<C::Response>> {
        self.run().await
    }

    async fn run<T: FromResponse>(&mut self) -> Result<T> {
        let response = self.session.run().await?;
        let Session { client, method, .. } = &self.session;
        let origin = Origin {
            service: client.service(),
            method,
        };
        T::from_response(response, origin)
    }

    /// Ends the session with a `DELETE` request, and discards the bytes that were sent. Dropping a session leaves it as it is.
    ///
    /// ```
    /// use gapi_runtime::{Call, Result, UploadSession};
    ///
    /// async fn give_up<C: Call>(session: UploadSession<C>) -> Result<()> {
    ///     session.cancel().await
    /// }
    /// ```
    ///
    /// # Errors
    /// Fails if no response comes, or if its status is neither 2xx nor 499. Cloud Storage confirms with status 499.
    pub async fn cancel(self) -> Result<()> {
        let session = self.session;
        let mut request = session.request(Bytes::new(), None);
        *request.method_mut() = http::Method::DELETE;
        let response = session
            .client
            .exchange(BodyMode::Whole, session.method, &session.options, request)
            .await?;
        let status = response.status();
        if status.is_success() || status == CANCELLED {
            Ok(())
        } else {
            Err(rejected(session.method, response))
        }
    }
}

impl Session {
    /// Sends the bytes that the server does not have yet, until it returns the response of the call.
    pub(super) async fn run(&mut self) -> Result<http::Response<Bytes>> {
        let (mut last, mut idle, mut setbacks) = (self.kept(), Idle::default(), 0);
        let mut has_asked_again = false;
        loop {
            let asks = self.is_unsure;
            let outgoing = if asks {
                self.question().into()
            } else {
                let chunk = self.chunk().await?;
                // After a failure the client asks the server which bytes it has, instead of sending the chunk again.
                Outgoing::with_question(chunk, self.question())
            };
            // Until the response is read, and also if the caller drops the future.
            self.is_unsure = true;
            let began = Instant::now();
            let exchange =
                self.client
                    .exchange(BodyMode::Whole, self.method, &self.options, outgoing);
            let response = exchange.await?;
            if !is_incomplete(&response) {
                if !response.status().is_success() {
                    return Err(rejected(self.method, response));
                }
                if self.may_be_complete && is_cut_off(response.body()) && !has_asked_again {
                    // The question has the same response, this time perhaps as a whole.
                    has_asked_again = true;
                    continue;
                }
                return self.complete(response).await;
            }
            let kept = self.take_note(&response).await?;
            self.is_unsure = false;
            if kept > last {
                idle = Idle::default();
            } else if !asks {
                idle.add(Attempts::of(response.extensions()), began);
            }
            // Never forgiven: a server that goes back and forth would be served forever.
            setbacks += u32::from(kept < last);
            last = kept;
            let has = Kept {
                bytes: kept,
                total: self.total(),
            };
            if idle.is_enough() {
                return Err(idle.into_error(self.method, response, has));
            }
            if setbacks >= PATIENCE {
                let reason = "the server has lost media that it had";
                let problem = format!("{reason} {setbacks} times: it has {has}");
                return Err(Error::unreadable(self.method, problem, response));
            }
        }
    }

    /// Returns the response of the call, provided that the server has every byte.
    async fn complete(&mut self, response: http::Response<Bytes>) -> Result<http::Response<Bytes>> {
        let total = self.total();
        if !self.may_be_complete {
            return Err(self.incomplete(response).await);
        }
        let found = self
            .checksum
            .filter(|(position, _)| Some(*position) == total);
        let found = found.map(|(_, checksum)| checksum.value());
        let response = confirmed(self.method, response, total, || found)?;
        if let Some(total) = total {
            self.report(total, Some(total));
        }
        Ok(response)
    }

    /// Returns the error for a success before the last byte was sent. Asks the server which bytes it has.
    async fn incomplete(&mut self, response: http::Response<Bytes>) -> Error {
        let question = self.question();
        let asked = self
            .client
            .exchange(BodyMode::Whole, self.method, &self.options, question)
            .await;
        let has = match asked {
            Ok(status) if is_incomplete(&status) => kept(status.headers()),
            Ok(status) if status.status().is_success() => {
                Stored::of(status.body()).and_then(|stored| stored.size)
            }
            _ => None,
        };
        let of_all = self
            .total()
            .map_or_else(String::new, |total| format!(" of {total}"));
        let has = match has {
            Some(bytes) => format!("it has {bytes}{of_all} bytes"),
            None => format!("it does not say how many{of_all} bytes it has"),
        };
        let problem = format!("the server ended the upload before the last byte: {has}");
        Error::unreadable(self.method, problem, response)
    }

    /// Returns the chunk from the first byte on that the server does not have.
    async fn chunk(&mut self) -> Result<http::Request<Bytes>> {
        let method = self.method;
        let failed = |error| Error::media(method, error);
        if self.window.is_none() {
            let window = open(&self.media, 0, self.total(), method).await;
            self.window = Some(window.map_err(failed)?);
        }
        let Some(window) = &mut self.window else {
            return Err(failed(io::Error::other("it is not open")));
        };
        window.fill(self.chunk_size).await.map_err(failed)?;
        let (start, end) = (window.start(), window.end());
        self.checksum = self.checksum.and_then(|(position, mut checksum)| {
            let seen = usize::try_from(position.checked_sub(start)?).ok()?;
            checksum.add(window.held().get(seen..).unwrap_or_default());
            Some((position.max(end), checksum))
        });
        if window.total() == Some(end) {
            self.may_be_complete = true;
        }
        let range = match window.total() {
            // Empty media has no range, and a request without a range is for all of the media.
            Some(0) => None,
            // No byte is left: ask the server which ones it has.
            Some(total) if start == end => Some(format!("bytes */{total}")),
            Some(total) => Some(format!("bytes {start}-{}/{total}", end.saturating_sub(1))),
            None => Some(format!("bytes {start}-{}/*", end.saturating_sub(1))),
        };
        let held = window.held().clone();
        Ok(self.request(held, range))
    }

    /// Returns the request for the bytes that the server has.
    fn question(&self) -> http::Request<Bytes> {
        let range = match self.total() {
            Some(total) => format!("bytes */{total}"),
            None => "bytes */*".to_owned(),
        };
        self.request(Bytes::new(), Some(range))
    }

    fn request(&self, body: Bytes, range: Option<String>) -> http::Request<Bytes> {
        let is_empty = body.is_empty();
        let mut request = http::Request::new(body);
        *request.method_mut() = http::Method::PUT;
        *request.uri_mut() = self.uri.clone();
        request.extensions_mut().insert(NamedAddress);
        let headers = request.headers_mut();
        self.client.introduce(headers);
        headers::write(&self.headers, headers);
        if let Some(range) = range.and_then(|range| HeaderValue::try_from(range).ok()) {
            headers.insert(CONTENT_RANGE, range);
        }
        if is_empty {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        request
    }

    /// Moves to the position that the server states, and returns the number of bytes that it has.
    async fn take_note(&mut self, response: &http::Response<Bytes>) -> Result<u64> {
        if response.headers().contains_key(LOCATION) {
            self.uri = address::of_response(&self.client, self.method, &self.uri, response)?;
        }
        let method = self.method;
        let unreadable = |problem: &str| Error::unreadable(method, problem, response.clone());
        let kept = kept(response.headers()).filter(|kept| {
            let sent = self.window.as_ref().map(Window::end);
            sent.or(self.total()).is_none_or(|most| *kept <= most)
        });
        let kept =
            kept.ok_or_else(|| unreadable("the server does not say what it has of the media"))?;
        let is_there = self.window.as_mut().map(|window| window.move_to(kept));
        if is_there != Some(true) {
            if is_there == Some(false) && !self.media.source.is_repeatable() {
                return Err(unreadable(
                    "the server has lost media that can be read only once",
                ));
            }
            let window = open(&self.media, kept, self.total(), method).await;
            self.window = Some(window.map_err(|error| Error::media(method, error))?);
        }
        // It would have returned the response of the call if it had them all.
        self.may_be_complete = self.total() == Some(kept);
        self.report(kept, self.total());
        Ok(kept)
    }

    fn kept(&self) -> u64 {
        self.window.as_ref().map_or(0, Window::start)
    }

    fn total(&self) -> Option<u64> {
        let found = self.window.as_ref().and_then(Window::total);
        found.or(self.media.known_length())
    }

    fn report(&self, bytes: u64, total: Option<u64>) {
        if let Some(report) = &self.report {
            report(Progress { bytes, total });
        }
    }
}

/// Returns the error for a response of a session with a status other than 2xx.
fn rejected(method: &MethodInfo, response: http::Response<Bytes>) -> Error {
    let is_lost = matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::GONE);
    let error = http_error(method, response);
    if is_lost {
        error.explained("the upload session no longer exists")
    } else {
        error
    }
}

/// Media from a position on.
async fn open(
    media: &Media,
    position: u64,
    total: Option<u64>,
    method: &MethodInfo,
) -> io::Result<Window> {
    Window::open(&media.source, position, total, method.upload.as_ref()).await
}

impl<C> fmt::Debug for UploadSession<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadSession")
            .field("method", &self.session.method.id)
            .field("media", &self.session.media)
            .field("kept", &self.session.kept())
            .finish_non_exhaustive()
    }
}
