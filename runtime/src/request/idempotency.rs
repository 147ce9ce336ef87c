//! Values of a request that let the server execute it at most once: request ids and preconditions.

use super::{Body, Request, set};
use crate::method::Place;
use bytes::Bytes;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::fmt;

impl Request {
    /// Returns the same request, ready to be sent as one call: with a request id, if the method takes one and the caller has set
    /// none. Notes whether the server executes it at most once.
    pub(crate) fn identified(mut self) -> Self {
        let method = self.0.method;
        if let Some(place) = method.request_id {
            if self.0.client.fills_request_ids()
                && !self.has(place)
                && let Some(id) = uuid()
            {
                self = self.with_value(place, &id);
            }
            self.0.options.has_request_id = self.is_set(place);
        }
        let mut conditions = method.conditions.iter();
        self.0.options.is_conditional = conditions.any(|place| self.is_set(*place));
        self
    }

    /// Returns `true` if the caller has said something about a value, even that there is none.
    fn has(&self, place: Place) -> bool {
        match place {
            Place::Query(name) => self.0.query.iter().any(|(known, _)| *known == name),
            Place::Body(path) => match &self.0.body {
                Some(Body::Json(json)) => !matches!(member(json, path), Member::Absent),
                Some(Body::Raw(_)) => true,
                None => false,
            },
        }
    }

    /// Returns `true` if a value is set to a text. An empty one and `*`, which matches any value, do not count.
    fn is_set(&self, place: Place) -> bool {
        let counts = |text: &str| !matches!(text, "" | "*");
        match place {
            Place::Query(name) => {
                let mut query = self.0.query.iter();
                query.any(|(known, value)| *known == name && counts(value))
            }
            Place::Body(path) => match &self.0.body {
                Some(Body::Json(json)) => {
                    matches!(member(json, path), Member::Text(text) if counts(&text))
                }
                _ => false,
            },
        }
    }

    /// Sets a value. A body keeps its text, so that no number in it changes.
    fn with_value(mut self, place: Place, value: &str) -> Self {
        match place {
            Place::Query(name) => set(&mut self.0.query, name, [value.to_owned()]),
            Place::Body(name) => {
                let json = match &self.0.body {
                    Some(Body::Json(json)) => json.trim_ascii(),
                    _ => &b"{}"[..],
                };
                if let Some(rest) = json.strip_prefix(b"{") {
                    let comma = if rest.trim_ascii() == b"}" { "" } else { "," };
                    let first = format!(r#"{{"{name}":"{value}"{comma}"#);
                    let json = [first.as_bytes(), rest].concat();
                    self.0.body = Some(Body::Json(Bytes::from(json)));
                }
            }
        }
        self
    }
}

/// Returns a random UUID of version 4 (RFC 9562), or `None` if the system has no randomness.
///
/// A server ignores a request whose id it has seen. So ids must be unique among all machines, processes and copies of virtual
/// machines. A generator that is seeded from the time, as those for jitter are, is not good enough.
fn uuid() -> Option<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).ok()?;
    let random = u128::from_be_bytes(bytes);
    let version = (random & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{version:032x}");
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    Some(parts.join("-"))
}

/// A member of a JSON object.
#[derive(Debug, PartialEq)]
enum Member {
    Absent,
    Text(String),
    Other,
}

/// Returns the member at a path with dots between its names.
fn member(json: &[u8], path: &str) -> Member {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let found = Find(Some(path)).deserialize(&mut reader);
    // Nothing is known of what cannot be read.
    found.unwrap_or(Member::Other)
}

/// Reads the value at a path; `None` is the value itself.
struct Find<'p>(Option<&'p str>);

impl<'de> DeserializeSeed<'de> for Find<'_> {
    type Value = Member;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Member, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Find<'_> {
    type Value = Member;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Member, A::Error> {
        let Some(path) = self.0 else {
            while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Member::Other);
        };
        let (name, rest) = match path.split_once('.') {
            Some((name, rest)) => (name, Some(rest)),
            None => (path, None),
        };
        let mut found = Member::Absent;
        while let Some(known) = members.next_key::<std::borrow::Cow<'de, str>>()? {
            if known == name {
                found = members.next_value_seed(Find(rest))?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_str<E>(self, text: &str) -> Result<Member, E> {
        Ok(match self.0 {
            None => Member::Text(text.to_owned()),
            Some(_) => Member::Absent,
        })
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Member, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(self.other())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Member, E> {
        Ok(self.other())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Member, E> {
        Ok(self.other())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Member, E> {
        Ok(self.other())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Member, E> {
        Ok(self.other())
    }

    fn visit_unit<E>(self) -> Result<Member, E> {
        Ok(self.other())
    }
}

impl Find<'_> {
    /// A value that is neither a text nor an object.
    fn other(&self) -> Member {
        match self.0 {
            None => Member::Other,
            Some(_) => Member::Absent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn uuids_have_their_form_and_differ() {
        let mut seen = HashSet::new();
        for _ in 0..10_000 {
            let id = uuid().unwrap();
            let groups: Vec<_> = id.split('-').map(str::len).collect();
            assert_eq!(groups, [8, 4, 4, 4, 12], "{id}");
            assert_eq!(&id[14..15], "4", "{id}");
            assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"), "{id}");
            assert!(seen.insert(id));
        }
        // All other bits are random: each digit takes every value.
        for position in (0..36).filter(|at| !matches!(at, 8 | 13 | 14 | 18 | 19 | 23)) {
            let digits: HashSet<_> = seen.iter().map(|id| id.as_bytes()[position]).collect();
            assert_eq!(digits.len(), 16, "{position}");
        }
    }

    #[test]
    fn members_are_found_by_path() {
        let json = br#"{"a": {"etag": "no"}, "etag": "e", "policy": {"etag": "p", "n": 1e999, "x": [{}]}, "n": null, "s": "t"}"#;
        for (path, expected) in [
            ("etag", Member::Text("e".to_owned())),
            ("policy.etag", Member::Text("p".to_owned())),
            ("policy", Member::Other),
            ("policy.n", Member::Other),
            ("policy.x", Member::Other),
            ("policy.y", Member::Absent),
            ("n", Member::Other),
            ("n.m", Member::Absent),
            ("s.m", Member::Absent),
            ("x", Member::Absent),
        ] {
            // A number that is too large makes the rest unreadable: nothing is known then.
            let json = String::from_utf8(json.to_vec()).unwrap();
            let json = json.replace("1e999", if path == "policy.n" { "1e999" } else { "1" });
            assert_eq!(member(json.as_bytes(), path), expected, "{path}");
        }
        for json in ["[]", "7", "\"etag\""] {
            assert_eq!(member(json.as_bytes(), "etag"), Member::Absent);
        }
        for json in ["", "{", "{\"etag\": "] {
            assert_eq!(member(json.as_bytes(), "etag"), Member::Other);
        }
    }
}
