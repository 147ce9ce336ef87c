//! Requests: few at a time, patient where the server asks for it, and never for more than is reasonable.

use std::{
    io::Read as _,
    thread,
    time::{Duration, SystemTime},
};

use gapi_generator::diagnostics::printable;
use ureq::{
    Agent, Body,
    http::{Response, StatusCode, header},
    tls::{RootCerts, TlsConfig},
};

use super::retry::{self, Failure};

/// The largest document or directory; the largest published one has 6 MiB.
pub(crate) const LARGEST: u64 = 32 << 20;

/// What a server says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is as it was when it had the ETag that went with the request.
    NotModified,
    /// The body, and its ETag.
    Body {
        bytes: Vec<u8>,
        etag: Option<String>,
    },
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) failure: Failure,
    pub(crate) message: String,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) url: &'a str,
    /// Only an answer that differs from the one with this ETag is wanted.
    pub(crate) etag: Option<&'a str>,
    /// The most bytes that the answer may have.
    pub(crate) limit: u64,
    /// Whether the answer is JSON, whose end can be told from its beginning.
    pub(crate) json: bool,
}

/// Connections, with proxies of the environment and the certificates of the system. Credentials are never sent, and
/// redirects are not followed: whose address is asked is decided before the request.
#[derive(Clone, Debug)]
pub(crate) struct Client(Agent);

impl Client {
    pub(crate) fn new() -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("gapi/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_recv_response(Some(Duration::from_mins(1)))
            .timeout_recv_body(Some(Duration::from_mins(5)))
            .build();
        Self(Agent::new_with_config(config))
    }

    /// Asks until there is an answer, or no use in asking.
    pub(crate) fn get(&self, request: Request<'_>) -> Result<Answer, Problem> {
        let mut attempt = 1;
        loop {
            let problem = match self.attempt(request) {
                Ok(answer) => return Ok(answer),
                Err(problem) => problem,
            };
            match retry::wait(problem.failure, attempt) {
                Some(wait) => thread::sleep(wait),
                None => return Err(problem.after(attempt)),
            }
            attempt += 1;
        }
    }

    fn attempt(&self, request: Request<'_>) -> Result<Answer, Problem> {
        let mut builder = self.0.get(request.url);
        if let Some(etag) = request.etag {
            builder = builder.header(header::IF_NONE_MATCH, etag);
        }
        let response = builder.call().map_err(|error| unreachable(&error))?;
        match response.status() {
            StatusCode::NOT_MODIFIED if request.etag.is_some() => Ok(Answer::NotModified),
            StatusCode::OK => body(response, request),
            status => Err(refusal(status, &response)),
        }
    }
}

impl Problem {
    /// One that would come again.
    pub(crate) fn last(message: impl Into<String>) -> Self {
        problem(Failure::Final, message)
    }

    fn after(mut self, attempts: u32) -> Self {
        if attempts > 1 {
            self.message = format!("{} ({attempts} attempts)", self.message);
        }
        self
    }
}

fn problem(failure: Failure, message: impl Into<String>) -> Problem {
    Problem {
        failure,
        message: message.into(),
    }
}

fn unreachable(error: &ureq::Error) -> Problem {
    let failure = match error {
        ureq::Error::Io(_)
        | ureq::Error::Timeout(_)
        | ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed => Failure::Unreachable,
        _ => Failure::Final,
    };
    problem(failure, printable(&format!("no answer: {error}")))
}

/// What an answer without a document means.
fn refusal(status: StatusCode, response: &Response<Body>) -> Problem {
    let text = |name| {
        let value = response.headers().get(name);
        value.and_then(|value| value.to_str().ok())
    };
    let asked =
        text(header::RETRY_AFTER).and_then(|header| retry::retry_after(header, SystemTime::now()));
    let failure = match status.as_u16() {
        404 | 410 => Failure::Missing,
        408 | 429 | 500 | 502 | 503 | 504 => Failure::Busy(asked),
        _ => Failure::Final,
    };
    let more = match (text(header::LOCATION), asked) {
        (Some(to), _) if status.is_redirection() => {
            format!(", a redirect to {}, which is not followed", printable(to))
        }
        (_, Some(wait)) => format!(", it asks to wait {} s", wait.as_secs()),
        _ => String::new(),
    };
    problem(failure, format!("the server answers {status}{more}"))
}

fn body(response: Response<Body>, request: Request<'_>) -> Result<Answer, Problem> {
    let etag = response.headers().get(header::ETAG);
    let etag = etag.and_then(|etag| etag.to_str().ok()).map(str::to_owned);
    let mut bytes = Vec::new();
    // One byte more than allowed tells that there is more.
    let mut reader = response.into_body().into_reader().take(request.limit + 1);
    if let Err(error) = reader.read_to_end(&mut bytes) {
        let message = format!("the answer broke off after {} bytes: {error}", bytes.len());
        return Err(problem(Failure::Truncated, printable(&message)));
    }
    if bytes.len() as u64 > request.limit {
        let message = format!("the answer has more than {} MiB", request.limit >> 20);
        return Err(problem(Failure::Final, message));
    }
    if request.json && ends_early(&bytes) {
        let message = format!("the answer broke off after {} bytes", bytes.len());
        return Err(problem(Failure::Truncated, message));
    }
    Ok(Answer::Body { bytes, etag })
}

/// Whether it is the beginning of JSON.
fn ends_early(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_err_and(|error| error.is_eof())
}
