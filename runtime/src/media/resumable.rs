//! Uploads in pieces.

use super::Media;
use crate::request::Form;
use crate::retry::{CallOptions, Outgoing};
use crate::{Call, Client, Error, MethodInfo, Request, Result, Sending};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_RANGE, HeaderValue, LOCATION, RANGE};
use http::{StatusCode, Uri};
use std::fmt;
use std::marker::PhantomData;

/// What the length of every piece but the last is a multiple of: 256 KiB.
const UNIT: usize = 256 << 10;

/// As Google's Go client has it: 16 MiB.
const CHUNK_SIZE: usize = 16 << 20;

/// How many answers in a row may leave the server with nothing more than it had.
const PATIENCE: u32 = 3;

/// A call that sends media in pieces; made by [`Upload::resumable`](super::Upload::resumable).
///
/// A first request, with the body of the call, opens a session (`uploadType=resumable`); its answer says where the pieces go.
/// What of a piece the server did not keep is sent again; after a failure that is retried (see
/// [`RetryPolicy`](crate::RetryPolicy)) the server is asked for what it has. The address of a session is followed only where
/// the client's credentials may go: to the scheme, host and port of the client's endpoint, or by https to a host under
/// `googleapis.com` or the client's other universe.
/// Any other ends the upload with an error, before media or credentials go there.
#[must_use = "an upload does nothing until it is sent"]
pub struct ResumableUpload<C> {
    request: Request,
    media: Media,
    chunk_size: usize,
    call: PhantomData<fn() -> C>,
}

/// A session under way.
struct Session {
    client: Client,
    method: &'static MethodInfo,
    options: CallOptions,
    /// Where the pieces go.
    uri: Uri,
    content: Bytes,
    chunk_size: usize,
}

impl<C: Call> ResumableUpload<C> {
    pub(super) fn new(request: Request, media: Media) -> Self {
        Self {
            request,
            media,
            chunk_size: CHUNK_SIZE,
            call: PhantomData,
        }
    }

    /// Sends pieces of this many bytes, 16 MiB unless told. Rounded up to a multiple of 256 KiB, which the protocol demands.
    pub fn chunk_size(mut self, bytes: usize) -> Self {
        let largest = usize::MAX - usize::MAX % UNIT;
        self.chunk_size = bytes
            .max(1)
            .checked_next_multiple_of(UNIT)
            .unwrap_or(largest);
        self
    }

    /// Opens a session, sends the media and gives the body of the last response.
    ///
    /// # Errors
    /// Those of [`Upload::send`](super::Upload::send), of each request; and
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) when the server opens no session that can be used, or keeps nothing of
    /// what it is sent.
    pub fn send(self) -> Sending<C::Response> {
        self.start()
    }

    /// Opens a session, sends the media and gives the body of the last response together with the HTTP status and the headers.
    ///
    /// # Errors
    /// Those of [`send`](Self::send).
    pub fn send_with_headers(self) -> Sending<http::Response<C::Response>> {
        self.start()
    }

    fn start<T>(self) -> Sending<T> {
        let (client, method) = (self.request.client().clone(), self.request.method());
        let service = client.service();
        let options = self.request.options().of_pieces(client.retry_policy());
        let request = self.request.with_form(Form::Resumable(self.media.clone()));
        let (content, chunk_size) = (self.media.bytes, self.chunk_size);
        let answer = async move {
            let opened = request.execute().await?;
            let session = Session {
                uri: location(&client, method, &opened)?,
                client,
                method,
                options,
                content,
                chunk_size,
            };
            session.run().await
        };
        Sending::of(service, method, Box::pin(answer))
    }
}

impl Session {
    /// Sends what the server does not have yet, until it gives its response.
    async fn run(mut self) -> Result<http::Response<Bytes>> {
        let (mut kept, mut furthest, mut idle) = (0, 0, 0);
        loop {
            // After a failure nobody knows what the server has of the piece, so it is asked instead of sent the piece again.
            let question = self.piece(self.content.len());
            let piece = Outgoing::with_question(self.piece(kept), question);
            let exchange = self.client.exchange(self.method, &self.options, piece);
            let response = exchange.await?;
            if response.status().is_success() {
                return Ok(response);
            }
            if response.status() != StatusCode::PERMANENT_REDIRECT {
                return Err(Error::http(self.method, response));
            }
            if response.headers().contains_key(LOCATION) {
                self.uri = address(&self.client, self.method, &response)?;
            }
            kept = match self.kept(&response) {
                Ok(kept) => kept,
                Err(problem) => return Err(Error::unreadable(self.method, problem, response)),
            };
            idle = if kept > furthest { 0 } else { idle + 1 };
            furthest = furthest.max(kept);
            if idle >= PATIENCE {
                let problem = "the server keeps nothing of the media that it is sent";
                return Err(Error::unreadable(self.method, problem, response));
            }
        }
    }

    /// The piece from a position on; when there is nothing left, the question what is missing.
    fn piece(&self, start: usize) -> http::Request<Bytes> {
        let length = self.content.len();
        let end = length.min(start.saturating_add(self.chunk_size));
        let mut request = http::Request::new(self.content.slice(start..end));
        *request.method_mut() = http::Method::PUT;
        *request.uri_mut() = self.uri.clone();
        let headers = request.headers_mut();
        self.client.introduce(headers);
        let range = match end.checked_sub(1) {
            // No range can be written for nothing; without one all of it is meant.
            None => None,
            Some(_) if start == end => Some(format!("bytes */{length}")),
            Some(last) => Some(format!("bytes {start}-{last}/{length}")),
        };
        if let Some(range) = range.and_then(|range| HeaderValue::try_from(range).ok()) {
            headers.insert(CONTENT_RANGE, range);
        }
        if start == end {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        request
    }

    /// How much of the media the server has: it says `bytes=0-<last>`, or nothing at all.
    fn kept(&self, response: &http::Response<Bytes>) -> Result<usize, &'static str> {
        let Some(range) = response.headers().get(RANGE) else {
            return Ok(0);
        };
        let last = range.to_str().ok().and_then(|range| {
            let (_, last) = range.rsplit_once('-')?;
            last.trim().parse::<usize>().ok()
        });
        last.filter(|last| *last < self.content.len())
            .map(|last| last + 1)
            .ok_or("the server does not say what it has of the media")
    }
}

/// Where the session is that a response opens.
fn location(
    client: &Client,
    method: &'static MethodInfo,
    response: &http::Response<Bytes>,
) -> Result<Uri> {
    if response.status() == StatusCode::OK && response.headers().contains_key(LOCATION) {
        address(client, method, response)
    } else {
        let problem = "the server opened no session for the upload";
        Err(Error::unreadable(method, problem, response.clone()))
    }
}

/// The address that a response gives, provided that credentials may go there.
fn address(
    client: &Client,
    method: &'static MethodInfo,
    response: &http::Response<Bytes>,
) -> Result<Uri> {
    let text = response.headers().get(LOCATION);
    let uri = text.and_then(|text| text.to_str().ok()?.parse().ok());
    uri.filter(|uri| may_have_credentials(uri, client.root_url(), client.universe_domain()))
        .ok_or_else(|| {
            let problem = "the upload was sent to an address that credentials must not go to";
            Error::unreadable(method, problem, response.clone())
        })
}

fn may_have_credentials(uri: &Uri, root_url: &str, universe_domain: &str) -> bool {
    let port = |uri: &Uri| {
        let default = if uri.scheme_str() == Some("http") {
            80
        } else {
            443
        };
        uri.port_u16().unwrap_or(default)
    };
    let host = |uri: &Uri| uri.host().unwrap_or_default().to_ascii_lowercase();
    let root: Uri = root_url.parse().unwrap_or_default();
    let plain = uri
        .authority()
        .is_some_and(|authority| !authority.as_str().contains('@'));
    let same =
        uri.scheme() == root.scheme() && host(uri) == host(&root) && port(uri) == port(&root);
    let google = uri.scheme_str() == Some("https")
        && port(uri) == 443
        && host(uri)
            .strip_suffix(&universe_domain.to_ascii_lowercase())
            .is_some_and(|subdomain| subdomain.ends_with('.'));
    plain && (same || google)
}

impl<C> Clone for ResumableUpload<C> {
    fn clone(&self) -> Self {
        Self {
            request: self.request.clone(),
            media: self.media.clone(),
            chunk_size: self.chunk_size,
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
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_stay_where_credentials_may_go() {
        let google = "https://www.googleapis.com/";
        for (uri, root, may) in [
            ("https://www.googleapis.com/upload?id=1", google, true),
            ("https://WWW.googleapis.com:443/upload", google, true),
            ("https://storage.googleapis.com/upload", google, true),
            ("http://www.googleapis.com/upload", google, false),
            ("https://www.googleapis.com:8443/upload", google, false),
            ("https://googleapis.com.evil.example/upload", google, false),
            ("https://evilgoogleapis.com/upload", google, false),
            ("https://user@www.googleapis.com/upload", google, false),
            ("https://evil.example/upload", google, false),
            ("/upload", google, false),
            ("ftp://www.googleapis.com/upload", google, false),
            ("http://127.0.0.1:9/u", "http://127.0.0.1:9/proxy/", true),
            ("http://127.0.0.1:8/u", "http://127.0.0.1:9/", false),
            ("https://127.0.0.1:9/u", "http://127.0.0.1:9/", false),
            ("https://up.googleapis.com/u", "http://127.0.0.1:9/", true),
            ("https://proxy.example/u", "https://proxy.example/", true),
        ] {
            assert_eq!(
                may_have_credentials(&uri.parse().unwrap(), root, "googleapis.com"),
                may,
                "{uri} {root}"
            );
        }
        for (uri, may) in [
            ("https://storage.universe.example/upload", true),
            ("https://storage.googleapis.com/upload", false),
            ("https://evil-universe.example/upload", false),
        ] {
            let root = "https://www.universe.example/";
            let uri = uri.parse().unwrap();
            assert_eq!(may_have_credentials(&uri, root, "Universe.example"), may);
        }
    }
}
