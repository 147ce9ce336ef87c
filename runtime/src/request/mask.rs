//! Masks of responses: the parameter `fields`, which names the members that a response has.
//!
//! The syntax is that of Google's partial responses: `nextPageToken,files(id,owners/emailAddress),*`. Newer APIs take the paths
//! of `google.protobuf.FieldMask` as well (`places.displayName`, names in snake case, map keys in backticks). A mask names
//! members of the response itself, also in an API that wraps its bodies in `data`.

/// The query parameters that hold a mask of the response (<https://cloud.google.com/apis/docs/system-parameters>).
pub(crate) const PARAMETERS: [&str; 2] = ["fields", "$fields"];

/// The selectors that a mask has at its top level.
struct Mask<'a> {
    /// None of them is empty. They end where the mask is malformed, because a server may read the rest in any way.
    selectors: Vec<&'a str>,
    is_malformed: bool,
}

/// The change of a mask after which a response has a certain member.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Amendment {
    /// None: the mask selects the member.
    Keep,
    /// No mask: this one is empty, and a response without a mask has the member.
    LeaveOut,
    /// This mask, which has the member as well.
    Replace(String),
}

impl<'a> Mask<'a> {
    fn read(text: &'a str) -> Self {
        let mut selectors = Vec::new();
        let (mut start, mut depth, mut is_quoted) = (0_usize, 0_usize, false);
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b'`' => is_quoted = !is_quoted,
                _ if is_quoted => {}
                b'(' => depth += 1,
                b')' if depth == 0 => return Self::malformed(selectors),
                b')' => depth -= 1,
                b',' if depth == 0 => {
                    selectors.push(trimmed(&text[start..at]));
                    start = at + 1;
                }
                _ => {}
            }
        }
        if depth > 0 || is_quoted {
            return Self::malformed(selectors);
        }
        selectors.push(trimmed(&text[start..]));
        Self::new(selectors, false)
    }

    fn malformed(selectors: Vec<&'a str>) -> Self {
        Self::new(selectors, true)
    }

    fn new(mut selectors: Vec<&'a str>, is_malformed: bool) -> Self {
        selectors.retain(|selector| !selector.is_empty());
        Self {
            selectors,
            is_malformed,
        }
    }

    fn is_empty(&self) -> bool {
        self.selectors.is_empty() && !self.is_malformed
    }

    /// Returns true if the response certainly has all of this member.
    fn selects(&self, member: &str) -> bool {
        let mut selectors = self.selectors.iter();
        selectors.any(|selector| *selector == "*" || is_name_of(selector, member))
    }

    /// Returns true if the response certainly has nothing of this member.
    fn leaves_out(&self, member: &str) -> bool {
        let is_other = |selector: &&str| {
            let name = selector.split(['/', '.', '(']).next().unwrap_or_default();
            is_plain(trimmed(name)) && !is_alike(trimmed(name), member)
        };
        !self.is_malformed && !self.is_empty() && self.selectors.iter().all(is_other)
    }
}

/// Returns the change of a mask after which a response has this member.
///
/// The member comes first in a mask that gains it, because it would not count behind a parenthesis that is not closed.
pub(crate) fn amend(mask: &str, member: &str) -> Amendment {
    let read = Mask::read(mask);
    if read.is_empty() {
        Amendment::LeaveOut
    } else if read.selects(member) {
        Amendment::Keep
    } else {
        Amendment::Replace(format!("{member},{mask}"))
    }
}

/// Returns true if a response to a request with this mask may lack the member although the server has it.
pub(crate) fn may_lack(mask: &str, member: &str) -> bool {
    matches!(amend(mask, member), Amendment::Replace(_))
}

/// Returns true if a response to a request with this mask certainly lacks the member.
pub(crate) fn lacks(mask: &str, member: &str) -> bool {
    Mask::read(mask).leaves_out(member)
}

/// Returns true if a selector is the name of a member, in the form of JSON (`nextPageToken`) or of protocol buffers
/// (`next_page_token`).
fn is_name_of(selector: &str, member: &str) -> bool {
    if selector == member {
        return true;
    }
    let mut rest = selector.chars();
    let is_start = member.chars().all(|letter| {
        if letter.is_ascii_uppercase() {
            rest.next() == Some('_') && rest.next() == Some(letter.to_ascii_lowercase())
        } else {
            rest.next() == Some(letter)
        }
    });
    is_start && rest.next().is_none()
}

/// Returns true if a server that is not strict could take a selector for the name of a member.
fn is_alike(selector: &str, member: &str) -> bool {
    let letters = |name: &str| name.replace('_', "").to_ascii_lowercase();
    letters(selector) == letters(member)
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|letter: char| letter.is_ascii_whitespace())
}

/// Returns true if a text can only be the name of a member.
fn is_plain(name: &str) -> bool {
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'@');
    !name.is_empty() && name.bytes().all(is_known)
}

#[cfg(test)]
mod tests;
