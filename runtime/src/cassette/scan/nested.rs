//! Texts with names and values within strings: as they are, percent-encoded, or in base64.

use crate::encode;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD, URL_SAFE};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// The shortest base64 that can have a name and a value.
const SHORTEST: usize = 12;

/// Hides values in a text within a string: JSON, possibly with other text around it, or a query. `hide` returns the text
/// without hidden values, or `None` if it has none.
pub(super) fn hide(string: &str, mut hide: impl FnMut(&str) -> Option<String>) -> Option<String> {
    if let Some(bytes) = decoded(string) {
        let hidden = hide(str::from_utf8(&bytes).ok()?)?;
        let is_of_urls = string.contains(['-', '_']);
        let engine = if is_of_urls { URL_SAFE } else { STANDARD };
        return Some(engine.encode(hidden));
    }
    let string = percent_decoded(string, &mut hide).map_or(Cow::Borrowed(string), Cow::Owned);
    let has_names = string.contains('"') && string.contains(':') || string.contains(['=', '@']);
    let hidden = has_names.then(|| hide(&string)).flatten();
    match (hidden, string) {
        (Some(hidden), _) => Some(hidden),
        (None, Cow::Owned(string)) => Some(string),
        (None, Cow::Borrowed(_)) => None,
    }
}

/// Hides values in the percent-encoded JSON of a string, such as a parameter of a URL.
fn percent_decoded(string: &str, hide: &mut impl FnMut(&str) -> Option<String>) -> Option<String> {
    let mut is_changed = false;
    let units = string
        .split_inclusive(['?', '&', '=', '#', ' '])
        .map(|unit| {
            let body = unit.trim_end_matches(['?', '&', '=', '#', ' ']);
            let text = percent_decode_str(body).decode_utf8_lossy();
            let has_names = body.contains("%22") && text.contains(':');
            match has_names.then(|| hide(&text)).flatten() {
                Some(hidden) => {
                    is_changed = true;
                    encode::simple(&hidden) + &unit[body.len()..]
                }
                None => unit.to_owned(),
            }
        });
    let text: String = units.collect();
    is_changed.then_some(text)
}

/// Returns the bytes of base64 in either alphabet, with or without padding.
fn decoded(text: &str) -> Option<Vec<u8>> {
    const ANY: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    const OF_URLS: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, ANY);
    if text.len() < SHORTEST {
        return None;
    }
    let text = text.replace('+', "-").replace('/', "_");
    OF_URLS.decode(text).ok()
}
