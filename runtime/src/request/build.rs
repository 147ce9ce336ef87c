//! The HTTP request that a call is sent as.

use super::query::write_query;
use super::{Body, Form, Parts, Request};
use crate::client::METHOD_OVERRIDE;
use crate::error::{Error, ErrorKind, Result};
use crate::media::{Media, multipart};
use crate::method::{MethodInfo, Verb};
use crate::path;
use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};

const API_VERSION: HeaderName = HeaderName::from_static("x-goog-api-version");
const UPLOAD_TYPE: HeaderName = HeaderName::from_static("x-upload-content-type");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("x-upload-content-length");

/// The length of a URL, in bytes, above which a GET is sent as a POST: where Google's Python client draws the line.
const LONGEST_GET: usize = 2048;

/// The length of a URL, in bytes, up to which the crate `http` takes it.
const LONGEST_URL: usize = 65_534;

/// The header of the part that holds the media.
const BINARY: &[u8] = b"Content-Transfer-Encoding: binary\r\n";

/// The parts of a call that passed their checks.
struct Checked<'a> {
    /// The path, relative to the service path.
    target: String,
    body: Option<Content>,
    media: Option<CheckedMedia<'a>>,
}

/// Bytes and their media type.
struct Content {
    media_type: HeaderValue,
    bytes: Bytes,
}

/// Media that has passed its checks, and its type.
struct CheckedMedia<'a> {
    media_type: HeaderValue,
    media: &'a Media,
}

/// A request but for its URL and the media that is a stream.
struct Prepared {
    url: String,
    request: http::Request<Bytes>,
    /// The bytes after media that is a stream. The bytes before it are the body so far.
    after: Bytes,
}

impl Form {
    /// The parameter `alt`, if the call decides about it.
    fn alt(&self, method: &MethodInfo) -> Option<&'static str> {
        match self {
            Self::Download => Some("media"),
            Self::Plain | Self::Upload(_) | Self::Resumable(_) => method.response.alt(),
        }
    }

    fn accept(&self, method: &MethodInfo) -> &'static str {
        match self {
            Self::Download => "*/*",
            Self::Plain | Self::Upload(_) | Self::Resumable(_) => method.response.accept(),
        }
    }

    fn media(&self) -> Option<&Media> {
        match self {
            Self::Plain | Self::Download => None,
            Self::Upload(media) | Self::Resumable(media) => Some(media),
        }
    }

    /// The value of `uploadType`.
    fn upload_type(&self, has_body: bool) -> Option<&'static str> {
        match self {
            Self::Plain | Self::Download => None,
            Self::Upload(_) if has_body => Some("multipart"),
            Self::Upload(_) => Some("media"),
            Self::Resumable(_) => Some("resumable"),
        }
    }
}

impl Request {
    /// Returns the HTTP request as it would be sent, except for the credentials.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if a parameter, the body or the media is rejected, with all the reasons.
    /// [`ErrorKind::Page`] if the request asks for a page that was just read.
    pub fn to_http(&self) -> Result<http::Request<Bytes>> {
        Ok(self.around_media()?.0)
    }

    /// The media that goes with this very request and is not in memory.
    pub(crate) fn streamed(&self) -> Option<&Media> {
        match &self.0.form {
            Form::Upload(media) if media.bytes().is_none() => Some(media),
            _ => None,
        }
    }

    /// Returns the media that goes with this very request and is in memory.
    pub(crate) fn uploaded(&self) -> Option<&Bytes> {
        match &self.0.form {
            Form::Upload(media) => media.bytes(),
            _ => None,
        }
    }

    /// The HTTP request, and what comes after the media that is a stream and not part of it.
    pub(crate) fn around_media(&self) -> Result<(http::Request<Bytes>, Bytes)> {
        let Prepared {
            mut url,
            mut request,
            after,
        } = self.prepare(true)?;
        let is_upload = self.0.form.media().is_some();
        if self.0.method.verb == Verb::Get && !is_upload && url.len() > LONGEST_GET {
            move_query(&mut url, &mut request);
        }
        Ok((self.address(&url, request)?, after))
    }

    /// The same as a part of a batch: it says nothing of the client, and a GET stays one however long it is.
    pub(crate) fn to_part(&self) -> Result<http::Request<Bytes>> {
        let Prepared { url, request, .. } = self.prepare(false)?;
        self.address(&url, request)
    }

    /// `is_whole` is false for a part of a batch.
    fn prepare(&self, is_whole: bool) -> Result<Prepared> {
        let Parts {
            client,
            method,
            query,
            form,
            ..
        } = &*self.0;
        let Checked {
            mut target,
            body,
            media,
        } = self.check()?;
        let upload_type = form.upload_type(body.is_some());
        write_query(query, form.alt(method), upload_type, &mut target);
        let url = match upload_type {
            Some(_) => client.upload_url(&target),
            None => client.url(&target),
        };

        let mut request = http::Request::new(Bytes::new());
        *request.method_mut() = method.verb.into();
        let headers = request.headers_mut();
        let accept = HeaderValue::from_static(form.accept(method));
        headers.insert(header::ACCEPT, accept);
        if let Some(version) = method.api_version {
            headers.insert(API_VERSION, HeaderValue::from_static(version));
        }
        if is_whole {
            client.introduce(headers);
        }
        if let Some(own) = &self.0.headers {
            own.write_to(headers);
        }
        let mut after = Bytes::new();
        let content = match (form, body, media) {
            (Form::Resumable(_), body, Some(CheckedMedia { media_type, media })) => {
                headers.insert(UPLOAD_TYPE, media_type);
                if let Some(length) = media.known_length() {
                    headers.insert(UPLOAD_LENGTH, length.into());
                }
                body
            }
            (_, body, Some(media)) => match (body, media.media.bytes()) {
                (Some(body), Some(bytes)) => Some(related(&body, &media.media_type, bytes)),
                (None, bytes) => Some(Content {
                    media_type: media.media_type,
                    bytes: bytes.cloned().unwrap_or_default(),
                }),
                (Some(body), None) => {
                    let first = body_part(&body);
                    let head = part_head(&media.media_type, BINARY);
                    let frame = multipart::around("related", &first, &head);
                    after = frame.after;
                    Some(Content {
                        media_type: frame.content_type,
                        bytes: frame.before,
                    })
                }
            },
            (_, body, None) => body,
        };
        if let Some(content) = content {
            headers.insert(header::CONTENT_TYPE, content.media_type);
            *request.body_mut() = content.bytes;
        }
        let is_empty = request.body().is_empty() && self.streamed().is_none();
        if is_empty && method.verb.announces_empty_body() {
            let headers = request.headers_mut();
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        Ok(Prepared {
            url,
            request,
            after,
        })
    }

    fn check(&self) -> Result<Checked<'_>> {
        let Parts {
            method,
            path,
            body,
            form,
            rejection,
            ..
        } = &*self.0;
        let mut problems = Vec::new();
        if let Some((kind, reason)) = rejection {
            if *kind != ErrorKind::InvalidArgument {
                return Err(Error::unsent(*kind, Some(method.id), reason.clone()));
            }
            problems.push(reason.clone());
        }
        problems.extend_from_slice(self.problems_of_extras());
        if let Some(alt) = form.alt(method)
            && self.query_of("alt").any(|value| value != alt)
        {
            problems.push("`alt` has another value than the type of the response needs".to_owned());
        }
        let value = |name: &str, index: usize| {
            let values = path.iter().filter(|(known, _)| *known == name);
            values.map(|(_, value)| value.as_str()).nth(index)
        };
        let checks = path::Checks {
            takes_encoded_slashes: self.0.client.takes_encoded_slashes(),
            skips_patterns: self.skips_pattern_checks(),
        };
        let target = path::expand(method, checks, value, &mut problems);
        let media_type = match body {
            Some(Body::Raw(body)) => header_value("body", &body.content_type, &mut problems),
            Some(Body::Json(_)) => Some(HeaderValue::from_static("application/json")),
            None => None,
        };
        let body = media_type.map(|media_type| Content {
            media_type,
            bytes: self.body_bytes(),
        });
        let media = form.media().and_then(|media| {
            let info = method.upload.as_ref();
            problems.extend(info.and_then(|info| media.problem(info)));
            Some(CheckedMedia {
                media_type: header_value("media", media.content_type(), &mut problems)?,
                media,
            })
        });
        if problems.is_empty() {
            Ok(Checked {
                target,
                body,
                media,
            })
        } else {
            let reasons = problems.join("; ");
            Err(Error::invalid_argument(Some(method.id), reasons))
        }
    }

    fn body_bytes(&self) -> Bytes {
        match &self.0.body {
            None => Bytes::new(),
            Some(Body::Raw(body)) => body.data.clone(),
            Some(Body::Json(json)) if self.0.client.service().data_wrapper => wrapped(json),
            Some(Body::Json(json)) => json.clone(),
        }
    }

    fn address(
        &self,
        url: &str,
        mut request: http::Request<Bytes>,
    ) -> Result<http::Request<Bytes>> {
        let uri = url.parse().ok().filter(|uri| is_written_as(uri, url));
        *request.uri_mut() = uri.ok_or_else(|| {
            Error::invalid_argument(Some(self.0.method.id), self.no_url(url.len()))
        })?;
        Ok(request)
    }

    /// Returns the reason why there is no URL. Mostly a value is very long, and the reason names it.
    fn no_url(&self, length: usize) -> String {
        let path = self.0.path.iter().map(|(name, value)| (*name, value));
        let query = self.0.query.iter();
        let parameters = path.chain(query.map(|(name, value)| (name.as_ref(), value)));
        match parameters.max_by_key(|(_, value)| value.len()) {
            Some((name, value)) if length > LONGEST_URL => format!(
                "{name} is too long, with {} bytes: they make a URL of {length}, and {LONGEST_URL} are possible",
                value.len()
            ),
            _ => "the parameters do not make a URL".to_owned(),
        }
    }
}

/// Returns `true` if the parser kept all of a URL. For instance, it drops a fragment after `#`.
fn is_written_as(uri: &http::Uri, url: &str) -> bool {
    let parts = [
        uri.scheme_str(),
        Some("://"),
        uri.authority().map(http::uri::Authority::as_str),
        uri.path_and_query().map(http::uri::PathAndQuery::as_str),
    ];
    let mut parts = parts.into_iter();
    parts.try_fold(url, |rest, part| rest.strip_prefix(part?)) == Some("")
}

fn header_value(what: &str, text: &str, problems: &mut Vec<String>) -> Option<HeaderValue> {
    let value = HeaderValue::from_str(text).ok();
    if value.is_none() {
        problems.push(format!(
            "the content type of the {what} is not a header value"
        ));
    }
    value
}

/// The body, and after it the media: `multipart/related` (RFC 2387).
fn related(body: &Content, media_type: &HeaderValue, media: &Bytes) -> Content {
    let media = multipart::Part {
        head: part_head(media_type, BINARY),
        content: media.clone(),
    };
    let (media_type, bytes) = multipart::write("related", &[body_part(body), media]);
    Content { media_type, bytes }
}

fn body_part(body: &Content) -> multipart::Part {
    multipart::Part {
        head: part_head(&body.media_type, b""),
        content: body.bytes.clone(),
    }
}

fn part_head(media_type: &HeaderValue, encoding: &[u8]) -> Vec<u8> {
    let media_type = media_type.as_bytes();
    let lines = [
        b"Content-Type: ",
        media_type,
        b"\r\nMIME-Version: 1.0\r\n",
        encoding,
    ];
    lines.concat()
}

/// Sends a long GET as a POST that states the original method, with the query as a form in the body.
fn move_query(url: &mut String, request: &mut http::Request<Bytes>) {
    let Some((start, form)) = url.split_once('?') else {
        return;
    };
    *request.method_mut() = http::Method::POST;
    *request.body_mut() = Bytes::copy_from_slice(form.as_bytes());
    let headers = request.headers_mut();
    headers.insert(METHOD_OVERRIDE, HeaderValue::from_static("GET"));
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-www-form-urlencoded"),
    );
    *url = start.to_owned();
}

/// `{"data": X}`, unless X already has that form. X keeps its text, so that no number in it changes.
fn wrapped(json: &Bytes) -> Bytes {
    if crate::response::wrapped(json).is_some() {
        return json.clone();
    }
    [b"{\"data\":", json.as_ref(), b"}"].concat().into()
}
