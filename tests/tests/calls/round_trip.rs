//! Reads JSON into a generated type and writes it again. The tests and the programs of `lossless` share this file.

use gapi_runtime::{WireFormat, serde_json};

/// The result of passing JSON through a type.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The written JSON.
    pub(crate) text: String,
    /// `true` if the written JSON is read as the same typed value.
    pub(crate) is_same: bool,
}

/// A function that passes JSON through a type.
pub(crate) type RoundTrip = fn(&str) -> serde_json::Result<Outcome>;

/// Reads, writes and reads again.
///
/// # Errors
/// Returns an error if the JSON, or the written JSON, cannot be read.
pub(crate) fn round_trip<T: WireFormat + PartialEq>(json: &str) -> serde_json::Result<Outcome> {
    let value: T = read(json)?;
    let mut bytes = Vec::new();
    value.encode(&mut serde_json::Serializer::new(&mut bytes))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let is_same = read::<T>(&text)? == value;
    Ok(Outcome { text, is_same })
}

fn read<T: WireFormat>(json: &str) -> serde_json::Result<T> {
    let mut reader = serde_json::Deserializer::from_slice(json.as_bytes());
    let value = T::decode(&mut reader)?;
    reader.end()?;
    Ok(value)
}
