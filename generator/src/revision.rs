//! Revisions of documents and their order.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
};

use serde::{Deserialize, Serialize};

/// The revision of a Discovery document: usually a date such as `20261006`, sometimes a small number such as `9`.
///
/// Revisions compare as numbers of any length. A revision that is not a number is older than every number, and two of
/// them compare as text. The original text is kept.
///
/// ```
/// use gapi_generator::Revision;
///
/// assert!(Revision::from("9") < Revision::from("20261006"));
/// assert_eq!(Revision::from("020261006"), Revision::from("20261006"));
/// assert!(Revision::from("") < Revision::from("0"));
/// assert_eq!(Revision::from("020261006").to_string(), "020261006");
/// ```
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(String);

/// The order of revisions: by variant, then by contents.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Key<'a> {
    Text(&'a str),
    /// The digits without leading zeros, and before them their number.
    Number(usize, &'a str),
}

impl Revision {
    /// Returns the text, as the document has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the revision is a number: one or more ASCII digits.
    ///
    /// ```
    /// use gapi_generator::Revision;
    ///
    /// assert!(Revision::from("20261006").is_number());
    /// assert_eq!(Revision::from("beta").as_str(), "beta");
    /// ```
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self.key(), Key::Number(..))
    }

    fn key(&self) -> Key<'_> {
        let text = self.0.as_str();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Key::Text(text);
        }
        let digits = text.trim_start_matches('0');
        Key::Number(digits.len(), digits)
    }
}

impl From<&str> for Revision {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Revision {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq for Revision {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Revision {}

impl PartialOrd for Revision {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Revision {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Hash for Revision {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::Revision;

    #[test]
    fn case_g12_revisions_compare_as_numbers() {
        let sorted = [
            "",
            "2026-10-06",
            "٣",
            "0",
            "9",
            "10",
            "20201204",
            "20261006",
            "100000101",
            "99999999999999999999999999999999",
            "100000000000000000000000000000000",
        ];
        let revisions = sorted.map(Revision::from);
        assert!(revisions.is_sorted_by(|a, b| a < b), "{revisions:?}");
        let numbers = revisions.iter().filter(|revision| revision.is_number());
        assert_eq!(numbers.count(), 8);
    }

    #[test]
    fn case_g12_leading_zeros_do_not_count() {
        for (a, b) in [("0", "000"), ("9", "09"), ("20261006", "0020261006")] {
            assert_eq!(Revision::from(a), Revision::from(b));
        }
        assert_ne!(Revision::from(""), Revision::from("0"));
    }
}
