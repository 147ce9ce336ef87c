//! Splits the body of a streamed response into messages while it arrives.
//!
//! The first bytes decide about the format:
//!
//! * JSON: an array of messages, a single message, or messages in a row, such as one on each line. Each may be in the envelope
//!   `{"result": …}` of grpc-gateway.
//! * Server-sent events (`text/event-stream`), each with JSON as its data.
//!
//! An error in place of a message ends the stream, in any format.

mod element;
mod events;
mod json;
#[cfg(test)]
mod tests;

use crate::error::Status;
use crate::wire::FieldNames;
use bytes::Bytes;
use element::Element;
use events::Events;
use http::HeaderMap;
use json::{Outline, Scanner};
use std::ops::Range;

/// The capacity that the buffer keeps between messages, in bytes.
const KEPT: usize = 256 << 10;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The reason why the body of a response is not a stream, or is incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken(pub(crate) &'static str);

/// The reason why a stream ends before the end of its body.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The server sent an error, in this element.
    Status(Box<Status>, Bytes),
    Broken(Broken),
    /// A message is longer than the limit.
    TooLarge,
}

/// Splits a body into messages. Its memory depends on the largest message only.
#[derive(Debug)]
pub(crate) struct Splitter {
    /// The fields of a message, if they are known.
    fields: Option<FieldNames>,
    /// The maximum size of a message in bytes.
    limit: usize,
    /// The bytes that have arrived and are still needed, from `start` on.
    buffer: Vec<u8>,
    start: usize,
    at_end: bool,
    form: Form,
}

#[derive(Debug)]
enum Form {
    /// Not known before the first byte that is not white space. The content type may say that it is a stream of events.
    Unknown {
        is_events: bool,
        is_first: bool,
    },
    Json(Scanner),
    Events(Box<Events>),
    /// The values in the data of an event, the position in the data, and the search for further events.
    Data(Scanner, usize, Box<Events>),
    Ended,
}

/// The next thing in a stream.
enum Found {
    /// A value, and its place in the buffer or in the data of the event.
    Value(Range<usize>, Outline),
    /// An event that says that the stream failed.
    Error,
    Nothing,
}

impl Splitter {
    pub(crate) fn new(headers: &HeaderMap, fields: Option<FieldNames>, limit: usize) -> Self {
        let content_type = headers.get(http::header::CONTENT_TYPE);
        let content_type = content_type.map_or(&b""[..], |value| value.as_bytes());
        let expected = b"text/event-stream";
        let media_type = content_type.get(..expected.len());
        let is_events =
            media_type.is_some_and(|media_type| media_type.eq_ignore_ascii_case(expected));
        Self {
            fields,
            limit,
            buffer: Vec::new(),
            start: 0,
            at_end: false,
            form: Form::Unknown {
                is_events,
                is_first: true,
            },
        }
    }

    /// Adds bytes that have arrived.
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        self.buffer.drain(..self.start);
        self.start = 0;
        if self.buffer.len() < KEPT && self.buffer.capacity() > KEPT {
            self.buffer.shrink_to(KEPT);
        }
        self.buffer.extend_from_slice(chunk);
    }

    /// Notes that no more bytes will arrive.
    pub(crate) fn end(&mut self) {
        self.at_end = true;
    }

    /// Returns `true` after the last message.
    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.form, Form::Ended)
    }

    /// Returns the next message, or `None` if more bytes are needed or the stream has ended.
    pub(crate) fn next(&mut self) -> Option<Result<&[u8], Fault>> {
        let found = match self.find() {
            Ok(found) => found,
            Err(broken) => return Some(Err(self.fail(Fault::Broken(broken)))),
        };
        let text = match &self.form {
            Form::Data(_, _, events) => &events.data,
            _ => &self.buffer,
        };
        let (status, text) = match found {
            Found::Nothing if self.held() > self.limit => {
                return Some(Err(self.fail(Fault::TooLarge)));
            }
            Found::Nothing => return None,
            Found::Error => (element::of_event(text), text.as_slice()),
            Found::Value(range, _) if range.len() > self.limit => {
                return Some(Err(self.fail(Fault::TooLarge)));
            }
            Found::Value(range, outline) => {
                match element::of(&text[range.clone()], &outline, self.fields) {
                    Element::Error(status) => (status, &text[range]),
                    Element::Message(inner) => {
                        let range = range.start + inner.start..range.start + inner.end;
                        return Some(Ok(self.text(range)));
                    }
                }
            }
        };
        let text = Bytes::copy_from_slice(text);
        Some(Err(self.fail(Fault::Status(Box::new(status), text))))
    }

    fn text(&self, range: Range<usize>) -> &[u8] {
        match &self.form {
            Form::Data(_, _, events) => &events.data[range],
            _ => &self.buffer[range],
        }
    }

    /// Ends the stream.
    fn fail(&mut self, fault: Fault) -> Fault {
        self.form = Form::Ended;
        self.buffer = Vec::new();
        self.start = 0;
        fault
    }

    /// Returns the number of bytes that wait for the end of their message.
    fn held(&self) -> usize {
        let events = match &self.form {
            Form::Events(events) => events.len(),
            _ => 0,
        };
        self.buffer.len() - self.start + events
    }

    fn find(&mut self) -> Result<Found, Broken> {
        loop {
            let text = &self.buffer[self.start..];
            match &mut self.form {
                Form::Ended => return Ok(Found::Nothing),
                Form::Unknown {
                    is_events,
                    is_first,
                } => {
                    let (passed, form) = match begin(text, *is_events, *is_first, self.at_end) {
                        Begin::More(passed) => (passed, None),
                        Begin::Form(passed, form) => (passed, Some(form)),
                    };
                    *is_first &= passed == 0;
                    self.start += passed;
                    match form {
                        Some(form) => self.form = form,
                        None => return Ok(self.wait()),
                    }
                }
                Form::Json(scanner) => match scanner.step(text, self.at_end)? {
                    json::Step::More(passed) => {
                        self.start += passed;
                        return Ok(self.wait());
                    }
                    json::Step::Value(range, outline) => {
                        let range = self.start + range.start..self.start + range.end;
                        self.start = range.end;
                        return Ok(Found::Value(range, outline));
                    }
                },
                Form::Data(scanner, position, events) => {
                    match scanner.step(&events.data[*position..], true)? {
                        json::Step::More(_) => {
                            let mut events = std::mem::take(events);
                            events.clear();
                            self.form = Form::Events(events);
                        }
                        json::Step::Value(range, outline) => {
                            let range = *position + range.start..*position + range.end;
                            *position = range.end;
                            return Ok(Found::Value(range, outline));
                        }
                    }
                }
                Form::Events(events) => match events.step(text, self.at_end) {
                    events::Step::More => {
                        self.start = self.buffer.len();
                        return Ok(self.wait());
                    }
                    events::Step::Torn => return Err(Broken("ends within an event")),
                    events::Step::Foreign => return Err(Broken(json::FOREIGN)),
                    events::Step::Json(position) => {
                        self.start += position;
                        self.form = Form::Json(Scanner::default());
                    }
                    events::Step::Event { end, is_error } => {
                        self.start += end;
                        let data = events.data.trim_ascii();
                        if !is_error && data == b"[DONE]" {
                            self.form = Form::Ended;
                            return Ok(Found::Nothing);
                        }
                        let events = std::mem::take(events);
                        self.form = Form::Data(Scanner::default(), 0, events);
                        if is_error {
                            return Ok(Found::Error);
                        }
                    }
                },
            }
        }
    }

    /// Ends the stream if no more bytes will arrive.
    fn wait(&mut self) -> Found {
        if self.at_end {
            self.form = Form::Ended;
        }
        Found::Nothing
    }
}

enum Begin {
    /// More bytes are needed. This many are no longer needed.
    More(usize),
    /// The form, after this many bytes.
    Form(usize, Form),
}

/// Returns the form of a text, from its first bytes. JSON may come with the content type of events.
fn begin(text: &[u8], is_events: bool, is_first: bool, at_end: bool) -> Begin {
    let mut passed = 0;
    if is_first {
        if text.len() < BYTE_ORDER_MARK.len() && BYTE_ORDER_MARK.starts_with(text) && !at_end {
            return Begin::More(0);
        }
        if text.starts_with(BYTE_ORDER_MARK) {
            passed = BYTE_ORDER_MARK.len();
        }
    }
    let rest = &text[passed..];
    let Some(white) = rest.iter().position(|byte| !byte.is_ascii_whitespace()) else {
        return Begin::More(text.len());
    };
    let form = match rest[white] {
        b'{' | b'[' => Form::Json(Scanner::default()),
        // The names of fields (`data`, `event`, `id`, `retry`), or a comment.
        b'd' | b'e' | b'i' | b'r' | b':' => Form::Events(Box::new(Events::new(is_events))),
        _ if is_events => Form::Events(Box::new(Events::new(is_events))),
        _ => Form::Json(Scanner::default()),
    };
    Begin::Form(passed + white, form)
}
