//! HTTP/1.1 requests and responses.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{Read, Write};

/// A received request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The verb.
    pub method: String,
    /// The host that the client meant, with its port if it named one.
    pub host: String,
    /// The path, without the query.
    pub path: String,
    /// The query, without the question mark.
    pub query: String,
    /// Names in lower case, and values, in the order of arrival.
    pub headers: Vec<(String, String)>,
    /// The bytes of the body.
    pub body: Vec<u8>,
    /// `true` if it came through the proxy, over TLS.
    pub is_tls: bool,
}

impl Request {
    /// Returns the first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name);
        values.next().map(|(_, value)| value.as_str())
    }

    /// Returns the parameters of a form in the body.
    pub fn form(&self) -> Vec<(String, String)> {
        pairs(&self.body)
    }

    /// Returns a parameter of the form in the body.
    pub fn field(&self, name: &str) -> Option<String> {
        value_of(self.form(), name)
    }

    /// Returns a parameter of the query.
    pub fn parameter(&self, name: &str) -> Option<String> {
        value_of(pairs(self.query.as_bytes()), name)
    }

    /// Returns the body as JSON, or `null`.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Returns the token of the header `authorization`.
    pub fn bearer(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ")
    }

    /// Returns name and password of the header `authorization`.
    pub fn basic(&self) -> Option<(String, String)> {
        let encoded = self.header("authorization")?.strip_prefix("Basic ")?;
        let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
        let (name, password) = decoded.split_once(':')?;
        Some((name.to_owned(), password.to_owned()))
    }

    /// Returns method, host and path.
    pub fn line(&self) -> String {
        format!("{} {}{}", self.method, self.host, self.path)
    }

    /// Reads a request; `None` if the client closes the connection.
    pub(crate) fn read(stream: &mut impl Read, buffer: &mut Vec<u8>) -> Option<Self> {
        const END: &[u8] = b"\r\n\r\n";
        let head_len = loop {
            if let Some(end) = buffer.windows(END.len()).position(|window| window == END) {
                break end;
            }
            more(stream, buffer)?;
        };
        let head = String::from_utf8_lossy(&buffer[..head_len]).into_owned();
        let mut lines = head.split("\r\n");
        let mut line = lines.next()?.split(' ');
        let (method, target) = (line.next()?.to_owned(), line.next()?.to_owned());
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let header = |name: &str| {
            let found = headers.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.as_str())
        };
        if header("expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue")) {
            return None;
        }
        let body_start = head_len + END.len();
        let body = if header("transfer-encoding").is_some() {
            let rest = buffer.split_off(body_start);
            *buffer = rest;
            chunked(stream, buffer)?
        } else {
            let length: usize =
                header("content-length").map_or(Some(0), |text| text.parse().ok())?;
            while buffer.len() < body_start + length {
                more(stream, buffer)?;
            }
            let rest = buffer.split_off(body_start + length);
            std::mem::replace(buffer, rest).split_off(body_start)
        };
        // A proxy for plain HTTP receives whole URLs.
        let (host, target) = match target
            .strip_prefix("http://")
            .map(|rest| rest.split_once('/'))
        {
            Some(Some((host, rest))) => (host.to_owned(), format!("/{rest}")),
            _ => (header("host").unwrap_or_default().to_owned(), target),
        };
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        Some(Self {
            method,
            host,
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body,
            is_tls: false,
        })
    }
}

fn more(stream: &mut impl Read, buffer: &mut Vec<u8>) -> Option<()> {
    let mut chunk = [0; 16 << 10];
    let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
    buffer.extend_from_slice(&chunk[..count]);
    Some(())
}

fn chunked(stream: &mut impl Read, buffer: &mut Vec<u8>) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = buffer.windows(2).position(|window| window == b"\r\n") {
                break end;
            }
            more(stream, buffer)?;
        };
        let size = usize::from_str_radix(str::from_utf8(&buffer[..end]).ok()?.trim(), 16).ok()?;
        while buffer.len() < end + 2 + size + 2 {
            more(stream, buffer)?;
        }
        body.extend_from_slice(&buffer[end + 2..end + 2 + size]);
        buffer.drain(..end + 2 + size + 2);
        if size == 0 {
            return Some(body);
        }
    }
}

/// Decodes a form or a query.
pub fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

fn value_of(pairs: Vec<(String, String)>, name: &str) -> Option<String> {
    let mut found = pairs.into_iter().filter(|(known, _)| known == name);
    found.next().map(|(_, value)| value)
}

/// A response.
#[derive(Clone, Debug)]
pub struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// Creates a response with a body of any type.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: body.into(),
        }
    }

    /// Creates a response with status 200 and JSON.
    pub fn json(body: &Value) -> Self {
        Self::status_json(200, body)
    }

    /// Creates a response with any status and JSON.
    pub fn status_json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json; charset=UTF-8", body.to_string())
    }

    /// Creates the error of a token server: RFC 6749, section 5.2.
    pub fn oauth(status: u16, code: &str, description: &str) -> Self {
        Self::status_json(
            status,
            &serde_json::json!({"error": code, "error_description": description}),
        )
    }

    /// Creates the error of an API.
    pub fn api(code: u16, status: &str, message: &str) -> Self {
        let error = serde_json::json!({"code": code, "message": message, "status": status});
        Self::status_json(code, &serde_json::json!({"error": error}))
    }

    pub(crate) fn text(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "text/plain", body)
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let _ = write!(head, "content-length: {}\r\n\r\n", self.body.len());
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Writes the response.
    ///
    /// # Errors
    /// The errors of the stream.
    pub fn write(&self, stream: &mut (impl Write + ?Sized)) -> std::io::Result<()> {
        stream.write_all(&self.to_bytes())?;
        stream.flush()
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Status",
    }
}
