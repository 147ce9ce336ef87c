//! `byte`

use super::ConversionError;
use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, URL_SAFE};

/// Reads with or without padding, and with bits left over at the end.
const TOLERANT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

super::text_type! {
    /// Bytes as base64 text: format `byte`.
    ///
    /// ```
    /// use gapi_runtime::Base64;
    ///
    /// let field = Base64::from_bytes("hi");
    /// assert_eq!(field.as_str(), "aGk=");
    /// assert_eq!(field.decode()?, b"hi");
    /// assert_eq!(field.into_string(), "aGk=");
    /// # Ok::<(), gapi_runtime::ConversionError>(())
    /// ```
    Base64, "base64", "google.protobuf.BytesValue"
}

impl Base64 {
    /// Encodes bytes: URL-safe alphabet, padded, as Google's table of formats has it.
    #[must_use]
    pub fn from_bytes(bytes: impl AsRef<[u8]>) -> Self {
        Self(URL_SAFE.encode(bytes))
    }

    /// Decodes the text. Both alphabets are read, with and without padding.
    ///
    /// # Errors
    /// When the text is not base64.
    pub fn decode(&self) -> Result<Vec<u8>, ConversionError> {
        let url_safe: String = self
            .0
            .chars()
            .map(|character| match character {
                '+' => '-',
                '/' => '_',
                other => other,
            })
            .collect();
        TOLERANT.decode(url_safe).map_err(|_| Self::INVALID)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_and_any_padding_are_read() {
        for text in ["-_8=", "+/8=", "-_8", "+/8", "+_8", "-_9"] {
            assert_eq!(Base64::from(text).decode(), Ok(vec![0xfb, 0xff]), "{text}");
        }
        assert_eq!(Base64::from("").decode(), Ok(vec![]));
        for text in ["*", "A", "-_8==", "a b="] {
            assert_eq!(Base64::from(text).decode(), Err(Base64::INVALID), "{text}");
        }
    }

    #[test]
    fn url_safe_with_padding_is_written() {
        assert_eq!(Base64::from_bytes([0xfb, 0xff]).as_str(), "-_8=");
        assert_eq!(Base64::from_bytes("").as_str(), "");
    }
}
