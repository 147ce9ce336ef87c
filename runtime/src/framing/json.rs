//! Finds the values of a JSON text while it arrives. Looks at each byte once.

use super::Broken;
use std::borrow::Cow;
use std::ops::Range;

/// The reason to reject a body of another format.
pub(super) const FOREIGN: &str = "is neither JSON nor a stream of events";

/// A search for values: one after the other, or as the elements of arrays.
///
/// White space and commas may stand anywhere between values. The reader of a value checks its syntax.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    in_array: bool,
    /// The value whose end has not arrived.
    open: Option<Open>,
}

/// The result of a step of a search.
#[derive(Debug)]
pub(super) enum Step {
    /// There is no further value in the text. This many of its first bytes are no longer needed.
    More(usize),
    /// A value, and its place in the text.
    Value(Range<usize>, Outline),
}

/// The facts about a value that tell messages from errors and envelopes.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) is_object: bool,
    /// `true` for an element of an array.
    pub(super) in_array: bool,
    /// The number of members of the object.
    pub(super) members: usize,
    /// `true` if the first member is `result`.
    pub(super) is_result: bool,
    /// The position after the colon of the first member.
    pub(super) after_name: usize,
    /// `true` if the object has a member `error`.
    pub(super) has_error: bool,
    /// `true` if the object has a member `errors`.
    pub(super) has_errors: bool,
    /// `true` if the object has a member `code`.
    pub(super) has_code: bool,
}

impl Outline {
    /// Returns the facts about a value that has arrived as a whole, or `None` if it has no end.
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        match Scanner::default().step(text, true) {
            Ok(Step::Value(_, outline)) => Some(outline),
            _ => None,
        }
    }
}

#[derive(Debug)]
struct Open {
    /// The number of bytes that have been looked at.
    seen: usize,
    depth: usize,
    /// The position of the first character of the string around the next byte.
    string: Option<usize>,
    is_escaped: bool,
    /// The place of the last string directly in the object.
    last: Range<usize>,
    outline: Outline,
}

impl Scanner {
    /// Finds the next value. The text begins with the first byte that no step has finished with.
    pub(super) fn step(&mut self, text: &[u8], at_end: bool) -> Result<Step, Broken> {
        let mut start = 0;
        if self.open.is_none() {
            start = self.pass_separators(text)?;
            if start < text.len() {
                let is_object = text[start] == b'{';
                self.open = Some(Open::new(is_object, self.in_array));
            } else if at_end && self.in_array {
                return Err(Broken("ends within an array"));
            }
        }
        let Some(mut open) = self.open.take() else {
            return Ok(Step::More(start));
        };
        let has_ended = open.advance(&text[start..]);
        if !has_ended && !at_end {
            self.open = Some(open);
            return Ok(Step::More(start));
        }
        if !has_ended && (open.depth > 0 || open.string.is_some()) {
            return Err(Broken("ends within a message"));
        }
        Ok(Step::Value(start..start + open.seen, open.outline))
    }

    /// Returns the position of the next value, or the end of the text.
    fn pass_separators(&mut self, text: &[u8]) -> Result<usize, Broken> {
        for (at, byte) in text.iter().enumerate() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' => {}
                b'[' if !self.in_array => self.in_array = true,
                b']' if self.in_array => self.in_array = false,
                b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => return Ok(at),
                _ => return Err(Broken(FOREIGN)),
            }
        }
        Ok(text.len())
    }
}

impl Open {
    fn new(is_object: bool, in_array: bool) -> Self {
        Self {
            seen: 0,
            depth: 0,
            string: None,
            is_escaped: false,
            last: 0..0,
            outline: Outline {
                is_object,
                in_array,
                ..Outline::default()
            },
        }
    }

    /// Looks at the bytes that have arrived since the last time. Returns `true` at the end of the value.
    fn advance(&mut self, text: &[u8]) -> bool {
        while let Some(&byte) = text.get(self.seen) {
            if let Some(first) = self.string {
                if self.pass_string(first, text) && self.depth == 0 {
                    return true;
                }
                continue;
            }
            match byte {
                b'"' => self.string = Some(self.seen + 1),
                b'{' | b'[' => self.depth += 1,
                // The delimiter after a number or a literal belongs to the array.
                b'}' | b']' | b',' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => {
                    return true;
                }
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        self.seen += 1;
                        return true;
                    }
                }
                b':' if self.depth == 1 => self.add_member(text),
                _ => {}
            }
            self.seen += 1;
        }
        false
    }

    /// Passes the rest of a string as far as it has arrived. Returns `true` after its last byte.
    fn pass_string(&mut self, first: usize, text: &[u8]) -> bool {
        if self.is_escaped {
            self.is_escaped = false;
            self.seen += 1;
            return false;
        }
        let rest = &text[self.seen..];
        let Some(length) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\')) else {
            self.seen = text.len();
            return false;
        };
        let at = self.seen + length;
        self.seen = at + 1;
        if text[at] == b'\\' {
            self.is_escaped = true;
            return false;
        }
        self.string = None;
        if self.depth == 1 {
            self.last = first..at;
        }
        true
    }

    fn add_member(&mut self, text: &[u8]) {
        let name = unescaped(text.get(self.last.clone()).unwrap_or_default());
        let outline = &mut self.outline;
        outline.members += 1;
        if outline.members == 1 {
            outline.is_result = *name == *b"result";
            outline.after_name = self.seen + 1;
        }
        outline.has_error |= *name == *b"error";
        outline.has_errors |= *name == *b"errors";
        outline.has_code |= *name == *b"code";
    }
}

/// Returns the content of a string without its escapes. A wrong escape remains, and the reader of the value reports it.
fn unescaped(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'\\') {
        return Cow::Borrowed(text);
    }
    let quoted = [b"\"", text, b"\""].concat();
    match serde_json::from_slice::<String>(&quoted) {
        Ok(unescaped) => Cow::Owned(unescaped.into_bytes()),
        Err(_) => Cow::Borrowed(text),
    }
}
