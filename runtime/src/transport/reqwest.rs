//! The default transport.

mod idle;

use self::idle::{Incoming, Outgoing, head};
use super::{Body, BoxFuture, Transport, TransportError};
use bytes::Bytes;
use std::fmt;
use std::time::Duration;

/// How long to wait for a connection, the TLS handshake included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a server may say nothing. Longer than any of its own limits on a request: the `wait` methods of Compute block for
/// two minutes.
const READ_TIMEOUT: Duration = Duration::from_mins(5);

/// The [`Transport`] over [`reqwest`](https://docs.rs/reqwest): HTTP/1.1 and HTTP/2, gzip, TLS by rustls with the
/// certificates of the system and the cryptography of a feature, `tls-ring` or `tls-aws-lc`. Needs a tokio runtime with time and I/O.
///
/// It waits 20 seconds for a connection and 5 minutes whenever it waits for the server, be it for an answer or because the
/// server takes nothing of a body; a call as a whole has no time limit.
#[derive(Clone)]
pub struct Reqwest {
    client: reqwest::Client,
    /// How long nothing may move; an application's own client has its own limits.
    limit: Option<Duration>,
}

impl Reqwest {
    /// A transport with the settings described above. Without cryptography for TLS it would panic.
    pub(crate) fn new(https_only: bool) -> reqwest::Result<Self> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .https_only(https_only)
            // 308 means "resume" to upload servers, and a redirect must not carry credentials elsewhere.
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        // Not `read_timeout`: its clock for the answer runs while the body of the request is still on its way.
        Ok(Self {
            client,
            limit: Some(READ_TIMEOUT),
        })
    }

    async fn exchange(
        &self,
        request: http::Request<Body>,
    ) -> Result<http::Response<Body>, TransportError> {
        let url = checked_url(request.uri())?;
        let (parts, body) = request.into_parts();
        let mut request = reqwest::Request::new(parts.method, url);
        *request.headers_mut() = parts.headers;
        let moves = idle::Moves::default();
        match body.into_bytes() {
            Ok(bytes) if bytes.is_empty() => {}
            Ok(bytes) => *request.body_mut() = Some(bytes.into()),
            Err(stream) => {
                let body = reqwest::Body::wrap(Outgoing::new(stream, moves.clone()));
                *request.body_mut() = Some(body);
            }
        }
        let mut response = head(self.client.execute(request), self.limit, moves).await?;
        let mut answer = http::Response::new(());
        *answer.status_mut() = response.status();
        *answer.version_mut() = response.version();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        let body = Body::new(Incoming::new(response.into(), self.limit));
        Ok(answer.map(|()| body))
    }
}

/// A client with settings of the application's own: proxies, certificates, time limits.
///
/// It should not follow redirects (`redirect::Policy::none()`) and should retry nothing. Of its time limits, `read_timeout`
/// also ends uploads from streams that take longer.
impl From<reqwest::Client> for Reqwest {
    fn from(client: reqwest::Client) -> Self {
        Self {
            client,
            limit: None,
        }
    }
}

/// Not the client: it would show the headers that it adds to each request, and its proxies.
impl fmt::Debug for Reqwest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reqwest").finish_non_exhaustive()
    }
}

impl Transport for Reqwest {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let answer = self.exchange(request.map(Body::from)).await?;
            let (head, body) = answer.into_parts();
            Ok(http::Response::from_parts(head, body.collect().await?))
        })
    }

    fn send_streaming(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(self.exchange(request))
    }
}

/// The URL, provided that the parser did not change its path or query: it resolves dot segments and drops line breaks.
fn checked_url(uri: &http::Uri) -> Result<reqwest::Url, TransportError> {
    let url = reqwest::Url::parse(&uri.to_string()).map_err(TransportError::permanent)?;
    if url.path() == uri.path() && url.query() == uri.query() {
        Ok(url)
    } else {
        Err(TransportError::permanent(
            "the URL would not be sent as it was written",
        ))
    }
}

fn transport_error(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    // A time limit on connecting is both; that nothing was sent matters more.
    if error.is_connect() {
        TransportError::connect(error)
    } else if error.is_timeout() {
        TransportError::timeout(error)
    } else if error.is_builder() || error.is_redirect() {
        TransportError::permanent(error)
    } else {
        TransportError::other(error)
    }
}
