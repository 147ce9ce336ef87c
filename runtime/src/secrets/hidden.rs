//! Secrets in text, in any encoding in which a server may repeat them.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;
use std::collections::HashSet;

/// The length of a part, in bytes. A text that repeats twice as many characters of a secret holds one of its parts whole, and is
/// as good as the secret.
const PART: usize = 8;

/// The length, in bytes, from which a text is a secret. Shorter ones protect nothing.
const SHORTEST: usize = 6;

/// The number of encodings that a text can have one within the other.
const DEPTH: u32 = 3;

/// The shortest run of letters that may be base64 or hexadecimal.
const SHORTEST_RUN: usize = 8;

/// The number of bytes that are searched for each byte of a text, and for each text. A text that has more encodings one within the
/// other than that counts as if it had a secret.
const EFFORT: usize = 64;
const LEAST_EFFORT: usize = 16 << 10;

/// Secrets that no error may show.
#[derive(Default)]
pub(crate) struct Hidden {
    /// The secrets that are too short to have parts, folded.
    whole: Vec<String>,
    /// The parts of all others, one after the other.
    parts: HashSet<[u8; PART]>,
}

impl Hidden {
    pub(crate) fn of(secrets: &[&str]) -> Self {
        let mut this = Self::default();
        for secret in secrets {
            // The lines of PEM that begin and end a key are not secret.
            let lines = secret.split(['\n', '\r']);
            let lines = lines.filter(|line| !line.starts_with("-----"));
            let folded = folded(&lines.collect::<String>());
            if folded.len() >= 2 * PART {
                let parts = folded.as_bytes().chunks_exact(PART);
                this.parts.extend(parts.filter_map(part));
            } else if folded.len() >= SHORTEST {
                this.whole.push(folded);
            }
        }
        this
    }

    /// Returns `true` if the text holds a secret or most of one, plain or in an encoding: percent, JSON or HTML escapes, base64,
    /// hexadecimal, with other letters between, in any case, or several of these.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let has_none = self.whole.is_empty() && self.parts.is_empty();
        let mut effort = text.len().saturating_mul(EFFORT).max(LEAST_EFFORT);
        !has_none && self.is_within(text, DEPTH, &mut effort)
    }

    fn is_within(&self, text: &str, depth: u32, effort: &mut usize) -> bool {
        match effort.checked_sub(text.len()) {
            Some(rest) => *effort = rest,
            None => return true,
        }
        if self.is_plain_in(text) {
            return true;
        }
        if depth == 0 {
            return false;
        }
        let percent = percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned();
        let forms = [
            percent_decode_str(text).decode_utf8_lossy().into_owned(),
            percent,
            unescaped(text),
            without_entities(text),
        ];
        if forms
            .iter()
            .any(|form| form != text && self.is_within(form, depth - 1, effort))
        {
            return true;
        }
        runs(text).any(|run| {
            let decoded = decoded(run);
            decoded
                .iter()
                .any(|form| self.is_within(form, depth - 1, effort))
        })
    }

    fn is_plain_in(&self, text: &str) -> bool {
        let text = folded(text);
        let is_whole = |secret: &String| text.contains(secret.as_str());
        let mut windows = text.as_bytes().windows(PART).filter_map(part);
        self.whole.iter().any(is_whole)
            || !self.parts.is_empty() && windows.any(|window| self.parts.contains(&window))
    }
}

fn part(bytes: &[u8]) -> Option<[u8; PART]> {
    bytes.try_into().ok()
}

/// Letters and digits in lower case. The characters between them differ from encoding to encoding.
fn folded(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Resolves the escapes of JSON: `\u0041`, and `\` before any other character.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let hex = after.strip_prefix(['u', 'x']).unwrap_or_default();
        let digits = if after.starts_with('u') { 4 } else { 2 };
        let code = hex.get(..digits);
        let code = code.and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?));
        rest = match code {
            Some(code) => {
                out.push(code);
                hex.get(digits..).unwrap_or_default()
            }
            None => after,
        };
    }
    out.push_str(rest);
    out
}

/// Resolves the numeric entities of HTML and XML: `&#65;` and `&#x41;`.
fn without_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("&#") {
        out.push_str(before);
        let number = after.split_once(';').and_then(|(number, after)| {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            Some((char::from_u32(code)?, after))
        });
        rest = match number {
            Some((code, after)) => {
                out.push(code);
                after
            }
            None => after,
        };
    }
    out.push_str(rest);
    out
}

/// The runs of letters that may be base64 or hexadecimal.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let is_other = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_'));
    text.split(is_other).filter(|run| run.len() >= SHORTEST_RUN)
}

/// The texts that a run may encode. An encoding may begin anywhere in it.
fn decoded(run: &str) -> Vec<String> {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let engine = GeneralPurpose::new(&alphabet::URL_SAFE, config);
    let letters = run.replace('+', "-").replace('/', "_");
    let mut forms = Vec::new();
    for start in 0..4 {
        let Some(mut part) = letters.get(start..) else {
            continue;
        };
        // One letter more than whole bytes encodes nothing.
        if part.len() % 4 == 1 {
            part = part.get(..part.len() - 1).unwrap_or_default();
        }
        if let Ok(bytes) = engine.decode(part) {
            forms.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    for start in 0..2 {
        let digits = run.get(start..).unwrap_or_default().as_bytes();
        let bytes = digits.chunks_exact(2).map_while(|pair| {
            let pair = str::from_utf8(pair).ok()?;
            u8::from_str_radix(pair, 16).ok()
        });
        let bytes: Vec<u8> = bytes.collect();
        if bytes.len() >= SHORTEST_RUN / 2 {
            forms.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    const SECRET: &str = "1//0gA-b_C.d~E/f+Gh=iJkLmNoPqRsTuVwXyZ";

    fn hex(text: &str) -> String {
        let digits = text.bytes().map(|byte| format!("{byte:02X}"));
        digits.collect::<Vec<_>>().concat()
    }

    fn escaped(prefix: &str, suffix: &str, radix: u32) -> String {
        let one = |byte: u8| match radix {
            10 => format!("{prefix}{byte}{suffix}"),
            _ => format!("{prefix}{byte:02x}{suffix}"),
        };
        SECRET.bytes().map(one).collect()
    }

    #[test]
    fn case_c4_a_secret_is_found_in_every_encoding() {
        let hidden = Hidden::of(&[
            "short",
            "SECRET-7",
            SECRET,
            "ya29.another-token-of-the-caller",
        ]);
        let percent = escaped("%", "", 16);
        for text in [
            SECRET.to_owned(),
            SECRET.to_ascii_uppercase(),
            SECRET[3..32].to_owned(),
            percent.clone(),
            percent.replace('%', "%25"),
            SECRET.replace('/', r"\/"),
            escaped(r"\u00", "", 16),
            escaped(r"\x", "", 16),
            escaped("&#", ";", 10),
            escaped("&#x", ";", 16),
            STANDARD.encode(SECRET),
            URL_SAFE_NO_PAD.encode(format!("a{SECRET}")),
            URL_SAFE_NO_PAD.encode(format!("refresh_token={SECRET}&b=1")),
            STANDARD.encode(STANDARD.encode(SECRET)),
            STANDARD.encode(&percent),
            hex(SECRET),
            format!("0{}", hex(SECRET)),
            SECRET
                .split_inclusive(|_| true)
                .collect::<Vec<_>>()
                .join(" "),
            "the token SECRET-7 was revoked".to_owned(),
            "U0VDUkVULTc=".to_owned(),
            "ya29.another-token-of\nthe caller".to_owned(),
        ] {
            for text in [
                text.clone(),
                format!("invalid_grant: '{text}', says the server"),
            ] {
                assert!(hidden.is_in(&text), "{text}");
            }
        }
    }

    #[test]
    fn case_c4_other_texts_are_shown() {
        let key = format!("-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n");
        let hidden = Hidden::of(&["short", "", &key]);
        for text in [
            "",
            "invalid_grant: Token has been expired or revoked.",
            "short",
            "-----BEGIN PRIVATE KEY-----",
            "unauthorized_client: Client is unauthorized to retrieve access tokens using this method, \
             or client not authorized for any of the scopes requested.",
            r"C:\users\u12 100% &#; &#xzz; %zz \",
        ] {
            assert!(!hidden.is_in(text), "{text}");
        }
        let long =
            "The instance projects/p/instances/i of 100% and more does not exist. ".repeat(500);
        assert!(!hidden.is_in(&long));
        let nested = r"%2525\u005c+&#38;".repeat(5_000);
        assert!(!hidden.is_in(&nested) && !Hidden::default().is_in(&nested));
        // More effort than a text is worth.
        assert!(hidden.is_within("text", DEPTH, &mut 3));
    }
}
