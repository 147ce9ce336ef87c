//! Batches: each part is a call.

use super::dispatch::Timed;
use super::failure::{Fault, Reply};
use crate::batch::{head, split};
use crate::client::Called;
use crate::media::multipart;
use crate::method::MethodInfo;
use crate::transport::TransportError;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use std::time::Duration;

/// Responds to a batch with a response to each of its calls. `methods` are those of the parts.
pub(super) fn respond(
    batch: &http::Request<Bytes>,
    called: &Called,
    methods: &[&'static MethodInfo],
    respond_to_call: impl Fn(&http::Request<Bytes>, &Called) -> Result<Timed, TransportError>,
) -> Result<Timed, TransportError> {
    let unreadable = || TransportError::unusable("the mock cannot read the batch");
    let parts = split(batch.headers(), batch.body()).ok_or_else(unreadable)?;
    let mut delay = Duration::ZERO;
    let mut responses = Vec::with_capacity(parts.len());
    for ((headers, content), method) in parts.into_iter().zip(methods) {
        let request = inner(&content).ok_or_else(unreadable)?;
        let timed = respond_to_call(&request, &called.with_method(method))?;
        delay = delay.max(timed.delay);
        let id = headers.get("content-id").and_then(|id| id.to_str().ok());
        match part(id.unwrap_or_default(), timed.reply) {
            Ok(part) => responses.push(part),
            // A connection breaks for the batch as a whole.
            Err(fault) => {
                let reply = Reply::Fault(fault);
                return Ok(Timed { delay, reply });
            }
        }
    }
    let (content_type, body) = multipart::write("mixed", &responses);
    let mut response = http::Response::new(vec![Ok(body)]);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    let reply = Reply::Response(response);
    Ok(Timed { delay, reply })
}

/// Returns the request in a part: request line, headers, body.
fn inner(content: &Bytes) -> Option<http::Request<Bytes>> {
    let line = content.split(|byte| *byte == b'\n').next()?;
    let rest = content.get(line.len() + 1..)?;
    let mut words = str::from_utf8(line).ok()?.split_ascii_whitespace();
    let (verb, target) = (words.next()?, words.next()?);
    let (headers, body) = head(rest);
    let host = headers.get("host").and_then(|host| host.to_str().ok());
    let mut request = http::Request::new(content.slice_ref(body));
    *request.method_mut() = verb.parse().ok()?;
    *request.uri_mut() = format!("https://{}{target}", host.unwrap_or("mock"))
        .parse()
        .ok()?;
    *request.headers_mut() = headers;
    Some(request)
}

/// Returns the part with a response.
fn part(id: &str, reply: Reply) -> Result<multipart::Part, Fault> {
    let response = match reply {
        Reply::Fault(fault) => return Err(fault),
        Reply::Response(response) => response,
    };
    let (parts, chunks) = response.into_parts();
    let chunks = chunks.into_iter().collect::<Result<Vec<Bytes>, Fault>>()?;
    let id = id.strip_prefix('<').unwrap_or(id);
    let head = format!("Content-Type: application/http\r\nContent-ID: <response-{id}\r\n");
    let mut content = format!("HTTP/1.1 {}\r\n", parts.status).into_bytes();
    for (name, value) in &parts.headers {
        let line = [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"];
        content.extend(line.concat());
    }
    content.extend_from_slice(b"\r\n");
    content.extend(chunks.concat());
    Ok(multipart::Part {
        head: head.into_bytes(),
        content: content.into(),
    })
}
