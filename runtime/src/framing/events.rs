//! Finds the events in a stream of server-sent events (HTML Living Standard, section 9.2) while it arrives.

use super::KEPT;

/// A search for events.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// The part of the current line that has arrived. Of a comment, only its first byte.
    line: Vec<u8>,
    /// `true` after a carriage return: a line feed that follows it ends no further line.
    after_return: bool,
    /// The lines of data of the current event.
    pub(super) data: Vec<u8>,
    has_data: bool,
    is_error: bool,
    /// `true` if the content type is that of events.
    is_declared: bool,
    /// `true` after a field of events or a comment.
    has_field: bool,
    /// `true` after a line that is neither.
    has_other: bool,
}

/// The result of a step of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// There is no further event in the text. All of it has been read.
    More,
    /// An event. Its data is in the search until the next step.
    Event {
        /// The end of the event in the text.
        end: usize,
        is_error: bool,
    },
    /// A line that is JSON instead of a field. It begins here in the text.
    Json(usize),
    /// The text ends within a line that is of no use.
    Torn,
    /// The text is not a stream of events.
    Foreign,
}

impl Events {
    /// Returns a search in a text whose first byte could begin an event. `is_declared` is `true` if the content type is that of
    /// events.
    pub(super) fn new(is_declared: bool) -> Self {
        Self {
            is_declared,
            ..Self::default()
        }
    }

    /// The number of bytes in memory.
    pub(super) fn len(&self) -> usize {
        self.line.len() + self.data.len()
    }

    /// Forgets the data of the last event.
    pub(super) fn clear(&mut self) {
        self.data.clear();
        self.data.shrink_to(KEPT);
    }

    /// Finds the next event. The text begins with the first byte that no step has read.
    pub(super) fn step(&mut self, text: &[u8], at_end: bool) -> Step {
        let mut rest = text;
        loop {
            if self.after_return && !rest.is_empty() {
                self.after_return = false;
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
            let position = text.len() - rest.len();
            if self.line.is_empty() && matches!(rest.first(), Some(b'{' | b'[')) {
                return self.dispatch(position).unwrap_or(Step::Json(position));
            }
            let Some(length) = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')) else {
                self.extend(rest);
                return if at_end {
                    self.end(text.len())
                } else {
                    Step::More
                };
            };
            self.extend(&rest[..length]);
            self.after_return = rest[length] == b'\r';
            rest = &rest[length + 1..];
            let position = text.len() - rest.len();
            if self.line.is_empty() {
                if let Some(event) = self.dispatch(position) {
                    return event;
                }
            } else {
                self.end_line();
                if self.is_foreign(false) {
                    return Step::Foreign;
                }
            }
        }
    }

    /// Returns `true` if the lines so far show that the text is not a stream of events. In one, other fields are ignored (HTML
    /// Living Standard, section 9.2.6). In a text of another type, the first line must be a field or a comment.
    fn is_foreign(&self, at_end: bool) -> bool {
        self.has_other && !self.has_field && (at_end || !self.is_declared)
    }

    fn extend(&mut self, part: &[u8]) {
        let is_comment = self.line.first().or(part.first()) == Some(&b':');
        if !is_comment {
            self.line.extend_from_slice(part);
        } else if self.line.is_empty() {
            self.line.push(b':');
            self.has_field = true;
        }
    }

    /// Reads the field in the line. Other fields (`id`, `retry`) are for clients that connect again. Returns `true` if the
    /// field is data.
    fn end_line(&mut self) -> bool {
        let mut line = std::mem::take(&mut self.line);
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = line.split_at(colon.unwrap_or(line.len()));
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(value);
            }
            b"event" => self.is_error = value == b"error",
            _ => {}
        }
        let is_data = name == b"data";
        // A comment has no name.
        if matches!(name, b"" | b"data" | b"event" | b"id" | b"retry") {
            self.has_field = true;
        } else {
            self.has_other = true;
        }
        line.clear();
        line.shrink_to(KEPT);
        self.line = line;
        is_data
    }

    /// Returns the event that the lines so far make up, unless there is none.
    fn dispatch(&mut self, end: usize) -> Option<Step> {
        let is_error = std::mem::take(&mut self.is_error);
        let has_data = std::mem::take(&mut self.has_data);
        (has_data || is_error).then_some(Step::Event { end, is_error })
    }

    /// Reads the last lines. Many servers omit the empty line after the last event.
    fn end(&mut self, end: usize) -> Step {
        let is_open = !self.line.is_empty() && self.line[0] != b':';
        let is_torn = is_open && !self.end_line();
        if self.is_foreign(true) {
            return Step::Foreign;
        }
        if is_torn {
            return Step::Torn;
        }
        self.line.clear();
        self.dispatch(end).unwrap_or(Step::More)
    }
}
