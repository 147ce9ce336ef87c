//! Intended differences between generated clients and Google's Python client. Everything else must be equal.

use std::fmt::Write as _;

use serde_json::Value;

use super::{
    compare::{CallOutcome, Difference},
    recording::Line,
};

/// A rule for an intended difference.
#[derive(Clone, Copy, Debug)]
pub struct Deviation {
    /// The behavior of generated clients.
    pub rule: &'static str,
    /// The reason.
    pub reason: &'static str,
    /// The number of covered lines in the recordings of the sample and of every published document.
    pub lines: Lines,
    /// A function that returns whether the rule covers a difference.
    covers: fn(&Case<'_>) -> bool,
}

/// The number of lines, by recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lines {
    /// `record.py --sample`
    pub sample: usize,
    /// `record.py --corpus`
    pub corpus: usize,
}

/// A line whose request differs from the recorded one.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The line.
    pub line: &'a Line,
    /// The request of the generated client.
    pub outcome: &'a CallOutcome,
    /// One of the differences; `None` where the recorded client rejected the call.
    pub difference: Option<&'a Difference>,
}

/// All deviations. A line counts for the first rule that covers its first difference. Its other differences must be
/// covered, too.
pub const DEVIATIONS: &[Deviation] = &[
    Deviation {
        rule: "`?` and `#` in a `{+name}` variable are encoded",
        reason: "google/api/http.proto asks for it; as Python sends them, they end the path, and another resource is acted on",
        lines: Lines {
            sample: 176,
            corpus: 994,
        },
        covers: is_path_that_ends_early,
    },
    Deviation {
        rule: "a response of any media type (`HttpBody`) is requested with `accept: */*`",
        reason: "Healthcare responds with status 406 to requests for JSON; Python has no other way to ask",
        lines: Lines {
            sample: 702,
            corpus: 0,
        },
        covers: |case| {
            let any = |difference: &Difference| {
                difference.place.ends_with("header accept")
                    && difference.recorded == "application/json"
                    && difference.generated == "*/*"
            };
            case.difference.is_some_and(any)
        },
    },
    Deviation {
        rule: "an empty, `.` or `..` segment in a path variable is rejected",
        reason: "what is on the way may take it out, so that another resource is acted on",
        lines: Lines {
            sample: 4,
            corpus: 10,
        },
        covers: |case| rejects(case, "path segment") || rejects(case, "is empty"),
    },
    Deviation {
        rule: "an encoded slash is rejected for a `{+name}` variable, unless the document asks for them",
        reason: "a gateway that decodes `%2F` makes two segments of one, so that another resource is acted on",
        lines: Lines {
            sample: 81,
            corpus: 410,
        },
        covers: |case| rejects(case, "contains an encoded slash"),
    },
    Deviation {
        rule: "each `%` in a `{+name}` variable is looked at by itself, as RFC 6570 says",
        reason: "uritemplate 4.2.0 puts a value in as it is when there is a triplet anywhere in it",
        lines: Lines {
            sample: 89,
            corpus: 406,
        },
        covers: |case| {
            let path = |difference: &Difference| {
                difference.place == "path"
                    && by_triplet(&difference.recorded) == without_breaks(&difference.generated)
            };
            case.difference.is_some_and(path)
        },
    },
    Deviation {
        rule: "a method can be called that has the name of a resource beside it",
        reason: "in Rust methods and resources have names of their own",
        lines: Lines {
            sample: 67,
            corpus: 106,
        },
        covers: |case| rejected_because(case, "Shadowed"),
    },
    Deviation {
        rule: "an integer parameter with a pattern can be set",
        reason: "in Python only texts can be held against a pattern",
        lines: Lines {
            sample: 4,
            corpus: 8,
        },
        covers: |case| rejected_because(case, "TypeError: 'int' object is not iterable"),
    },
    Deviation {
        rule: "the next page is asked for with all values of repeated parameters",
        reason: "Python's `list_next` fails with a ValueError",
        lines: Lines {
            sample: 88,
            corpus: 412,
        },
        covers: |case| {
            case.line.variant == "next"
                && rejected_because(
                    case,
                    "ValueError: URL-encoded content contains a repeated value",
                )
        },
    },
    Deviation {
        rule: "the next page is asked for with the parameters that are blank",
        reason: "Python's `list_next` drops them",
        lines: Lines {
            sample: 164,
            corpus: 1054,
        },
        covers: |case| {
            let blank = |difference: &Difference| {
                difference.place.starts_with("query ")
                    && difference.recorded == "nothing"
                    && difference.generated.is_empty()
            };
            case.line.variant == "next" && case.difference.is_some_and(blank)
        },
    },
    Deviation {
        rule: "a PATCH, PUT or DELETE has no pages",
        reason: "asking for the next page would write again",
        lines: Lines {
            sample: 1,
            corpus: 1,
        },
        covers: |case| {
            let sent = case.line.sent.as_ref();
            let writes = sent.is_some_and(|sent| {
                matches!(sent.http_method.as_str(), "PATCH" | "PUT" | "DELETE")
            });
            case.line.variant == "next"
                && writes
                && *case.outcome == CallOutcome::Missing("the method has no pages".to_owned())
        },
    },
    Deviation {
        rule: "a response that is a stream of messages has no next page",
        reason: "it is an array; Python, which does not know that, looks for a token in it",
        lines: Lines {
            sample: 1,
            corpus: 1,
        },
        covers: |case| {
            case.line.variant == "next"
                && case.line.id == "youtube.youtube.v3.liveChat.messages.stream"
                && *case.outcome == CallOutcome::Missing("the method has no pages".to_owned())
        },
    },
    Deviation {
        rule: "`pp` is the boolean that the document says it is",
        reason: "Python has an undocumented text of that name, which hides it, and sends `True`",
        lines: Lines {
            sample: 6,
            corpus: 6,
        },
        covers: |case| {
            let written = |difference: &Difference| {
                difference.place.ends_with("query pp")
                    && difference.recorded.to_lowercase() == difference.generated
            };
            case.difference.is_some_and(written)
        },
    },
    Deviation {
        rule: "a call decides on `alt` by itself",
        reason: "it must read the response; Python lets the caller choose if the document describes none",
        lines: Lines {
            sample: 67,
            corpus: 364,
        },
        covers: |case| {
            let decided = |difference: &Difference| {
                difference.place == "query alt" && difference.generated == "nothing"
            };
            case.line.args.query.contains_key("alt") && case.difference.is_some_and(decided)
        },
    },
];

fn rejects(case: &Case<'_>, reason: &str) -> bool {
    matches!(case.outcome, CallOutcome::Rejected(said) if said.contains(reason))
        && case.line.sent.is_some()
}

/// Returns whether the recorded URL has another path and query than the generated one only because `?` or `#` of a path
/// variable ends its path.
fn is_path_that_ends_early(case: &Case<'_>) -> bool {
    let mut values = case.line.args.path.values().filter_map(Value::as_str);
    let (Some(recorded), CallOutcome::Sent(sent), Some(difference)) =
        (&case.line.sent, case.outcome, case.difference)
    else {
        return false;
    };
    let plain = |url: &str| {
        let url = without_breaks(&by_triplet(url));
        url.replace("%3F", "?").replace("%23", "#")
    };
    let path = plain(sent.url.split('?').next().unwrap_or_default());
    // Python drops all that comes after `#`.
    let (kept, _) = path.split_once('#').unwrap_or((&path, ""));
    // A long URL is sent in two parts: Python puts all that comes after the first `?` in the body.
    let is_split = recorded.header("x-http-method-override").is_some();
    let whole = match recorded.body.as_str() {
        Some(rest) if is_split => format!("{}?{rest}", recorded.url),
        _ => recorded.url.clone(),
    };
    let is_here = match difference.place.as_str() {
        "path" => true,
        place => place.starts_with("query ") || is_split && place.starts_with("body"),
    };
    values.any(|value| value.contains(['?', '#'])) && is_here && plain(&whole).starts_with(kept)
}

/// Returns an encoded URL without line breaks and tabs, which Python drops where it has not encoded them.
fn without_breaks(url: &str) -> String {
    let breaks = ["%09", "%0A", "%0D"].into_iter();
    breaks.fold(url.to_owned(), |url, encoded| url.replace(encoded, ""))
}

/// Returns whether the recorded client rejected the call for this reason.
fn rejected_because(case: &Case<'_>, reason: &str) -> bool {
    let error = case.line.error.as_ref();
    error.is_some_and(|error| error.starts_with(reason))
}

/// Returns the URL with all characters percent-encoded that a URL cannot contain, and each `%` that begins no triplet.
fn by_triplet(url: &str) -> String {
    let mut encoded = String::with_capacity(url.len());
    for (index, byte) in url.bytes().enumerate() {
        let triplet = || {
            let digits = url.as_bytes().get(index + 1..index + 3);
            digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        };
        let stays = byte.is_ascii_alphanumeric()
            || b"-._~!#$&'()*+,/:;=?@[]".contains(&byte)
            || byte == b'%' && triplet();
        if stays {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Returns the index of the rule that covers a case.
#[must_use]
pub fn covering(case: &Case<'_>) -> Option<usize> {
    DEVIATIONS
        .iter()
        .position(|deviation| (deviation.covers)(case))
}
