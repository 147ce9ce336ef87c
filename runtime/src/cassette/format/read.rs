//! Reading the lines of a cassette.

use super::VERSION;
use crate::cassette::body::{
    Content, End, Exchange, FAULT_KINDS, FaultKind, Outcome, RecordedFault, Request,
};
use crate::cassette::hide::Names;
use crate::wire::member;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

/// A recorded exchange, and its line.
#[derive(Debug)]
pub(in super::super) struct Recorded {
    pub(in super::super) line: usize,
    pub(in super::super) exchange: Exchange,
}

/// Reads a cassette. An error has the number of its line.
pub(in super::super) fn read(text: &str) -> Result<(Names, Vec<Recorded>), (usize, String)> {
    let mut lines = (1..).zip(text.lines());
    let (_, first) = lines.next().ok_or((1, "the file is empty".to_owned()))?;
    let names = head(first).map_err(|problem| (1, problem))?;
    let mut recorded = Vec::new();
    for (line, text) in lines {
        if text.trim().is_empty() {
            continue;
        }
        let exchange = exchange(text).map_err(|problem| (line, problem))?;
        recorded.push(Recorded { line, exchange });
    }
    Ok((names, recorded))
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| {
        let column = error.column();
        format!("the line is not JSON, column {column}: {error}")
    })
}

fn head(line: &str) -> Result<Names, String> {
    let head = json(line)?;
    match head.get("cassette") {
        Some(version) if version.as_u64() == Some(VERSION) => {}
        Some(version) => {
            return Err(format!(
                "the format has version {version}, only {VERSION} is known"
            ));
        }
        None => return Err("the file is not a cassette: `cassette` is missing".to_owned()),
    }
    let list = |name: &str| {
        let list = head.get("hidden").and_then(|hidden| hidden.get(name));
        let list = list.and_then(Value::as_array).into_iter().flatten();
        list.filter_map(|name| name.as_str().map(str::to_owned))
            .collect()
    };
    Ok(Names {
        headers: list("headers"),
        fields: list("fields"),
        parameters: list("parameters"),
    })
}

fn exchange(line: &str) -> Result<Exchange, String> {
    // The whole line is JSON, so its members are, too.
    json(line)?;
    let text = |object: &str, name: &str| {
        let text = member(object, name).and_then(|json| serde_json::from_str(json).ok());
        text.ok_or_else(|| format!("`{name}` is missing, or is not a string"))
    };
    let request = member(line, "request").ok_or("`request` is missing")?;
    let outcome = if let Some(response) = member(line, "response") {
        let status = member(response, "status").and_then(|status| status.parse().ok());
        let is_status = |status: &u16| http::StatusCode::from_u16(*status).is_ok();
        Outcome::Response {
            status: status
                .filter(is_status)
                .ok_or("`status` of the response is not an HTTP status")?,
            headers: headers(response)?,
            content: content(response)?,
        }
    } else if let Some(found) = member(line, "fault") {
        Outcome::Fault(fault(found)?)
    } else if member(line, "canceled") == Some("true") {
        Outcome::Canceled
    } else {
        return Err("`response` is missing, and so are `fault` and `canceled`".to_owned());
    };
    Ok(Exchange {
        method: text(line, "method")?,
        request: Request {
            verb: text(request, "verb")?,
            uri: text(request, "url")?,
            headers: headers(request)?,
            content: content(request)?,
        },
        outcome,
    })
}

fn headers(message: &str) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    let Some(json) = member(message, "headers") else {
        return Ok(headers);
    };
    let members: crate::wire::Object =
        serde_json::from_str(json).map_err(|_| "`headers` is not an object")?;
    for (name, values) in members {
        let invalid = || format!("the header `{name}` is not valid");
        let header = HeaderName::try_from(&name).map_err(|_| invalid())?;
        let values = match values {
            Value::Array(values) => values,
            value => vec![value],
        };
        for value in values {
            let text = value.as_str().ok_or_else(invalid)?;
            let value = HeaderValue::from_str(text).map_err(|_| invalid())?;
            headers.append(&header, value);
        }
    }
    Ok(headers)
}

fn content(message: &str) -> Result<Content, String> {
    let Some(body) = member(message, "body") else {
        return Ok(Content::default());
    };
    let end = if let Some(found) = member(body, "fault") {
        End::Fault(fault(found)?)
    } else if member(body, "canceled") == Some("true") {
        End::Canceled
    } else {
        End::Complete
    };
    let chunks = if let Some(json) = member(body, "json") {
        vec![Bytes::copy_from_slice(json.as_bytes())]
    } else if let Some(chunks) = member(body, "chunks") {
        let chunks: Vec<Value> =
            serde_json::from_str(chunks).map_err(|_| "`chunks` is not a list")?;
        let chunks = chunks.iter().map(|chunk| {
            let text = |name: &str| chunk.get(name)?.as_str().map(str::to_owned);
            bytes(text("text"), text("base64"))
        });
        chunks.collect::<Result<_, _>>()?
    } else {
        let text = |name: &str| serde_json::from_str(member(body, name)?).ok();
        vec![bytes(text("text"), text("base64"))?]
    };
    Ok(Content { chunks, end })
}

fn bytes(text: Option<String>, base64: Option<String>) -> Result<Bytes, String> {
    match (text, base64) {
        (Some(text), _) => Ok(text.into()),
        (None, Some(base64)) => {
            let decoded = STANDARD.decode(base64);
            let decoded = decoded.map_err(|error| format!("`base64` is not valid: {error}"));
            decoded.map(Bytes::from)
        }
        (None, None) => Err("a body has none of `json`, `text`, `base64` and `chunks`".to_owned()),
    }
}

fn fault(json: &str) -> Result<RecordedFault, String> {
    let fault: Value = serde_json::from_str(json).map_err(|_| "`fault` is not valid")?;
    let name = fault.get("kind").and_then(Value::as_str);
    let kind = FAULT_KINDS
        .iter()
        .find_map(|(kind, known)| (Some(*known) == name).then_some(*kind));
    let message = fault.get("message").and_then(Value::as_str);
    let is_transient = fault.get("transient").and_then(Value::as_bool);
    Ok(RecordedFault {
        kind: kind.unwrap_or(FaultKind::Other),
        is_transient: is_transient.unwrap_or_default(),
        message: message.unwrap_or_default().to_owned(),
    })
}
