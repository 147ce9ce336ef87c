//! The media of methods.

use crate::{
    diagnostics::Diagnostics,
    discovery::{MediaUpload, Method},
    ir::Upload,
};

/// Lowers the media uploads of a method.
pub(super) fn upload(method: &Method, d: &mut Diagnostics) -> Option<Upload> {
    let upload = method.media_upload.as_ref()?;
    let pointer = method.pointer.child("mediaUpload");
    let max_size = upload.max_size.as_deref().and_then(|text| {
        let size = size(text);
        if size.is_none() {
            let message = format!("`{text}` is not a size, so uploads are not limited");
            d.warning(&pointer.child("maxSize"), message);
        }
        // As in the reference client, a size of 0 means no limit.
        size.filter(|size| *size > 0)
    });
    let odd = upload.accept.iter().find(|range| !is_media_range(range));
    if let Some(odd) = odd {
        let message = format!("`{odd}` is not a media type, so uploads of all types are accepted");
        d.warning(&pointer.child("accept"), message);
    }
    let MediaUpload {
        simple, resumable, ..
    } = *upload;
    Some(Upload {
        accept: match odd {
            Some(_) => Vec::new(),
            None => upload.accept.clone(),
        },
        max_size,
        simple,
        resumable,
    })
}

/// Parses a number of bytes, optionally with `KB`, `MB`, `GB` or `TB`, which are powers of 1,024.
fn size(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_uppercase();
    let units = [("KB", 10), ("MB", 20), ("GB", 30), ("TB", 40)];
    let found = units
        .iter()
        .find_map(|(unit, shift)| Some((text.strip_suffix(unit)?, *shift)));
    let (digits, shift) = found.unwrap_or((&text, 0));
    let digits = digits.trim();
    // `u64::from_str` accepts a sign as well.
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    let number: u64 = digits.parse().ok().filter(|_| plain)?;
    number.checked_mul(1 << shift)
}

/// Returns whether a text is a media range: `image/png`, `image/*`, `*/*` (tokens of RFC 9110). It becomes part of
/// messages in generated code.
fn is_media_range(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    let is_token = |text: &str| !text.is_empty() && text.bytes().all(plain);
    text.split_once('/')
        .is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, expected) in [
            ("0", Some(0)),
            ("5497558138880", Some(5_497_558_138_880)),
            ("10KB", Some(10_240)),
            ("10MB", Some(10_485_760)),
            ("1gb", Some(1 << 30)),
            (" 2 TB ", Some(2 << 40)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("16777216TB", None),
            ("+1", None),
            ("-1", None),
            ("1.5MB", None),
            ("10 PB", None),
            ("MB", None),
            ("", None),
        ] {
            assert_eq!(size(text), expected, "{text}");
        }
    }

    #[test]
    fn media_ranges() {
        for range in ["*/*", "image/*", "application/vnd.android.package-archive"] {
            assert!(is_media_range(range), "{range}");
        }
        for range in [
            "", "image", "image/", "/png", "a/b/c", "a/b c", "a/\n", "é/x",
        ] {
            assert!(!is_media_range(range), "{range}");
        }
    }
}
