//! Bodies that are compressed with gzip, which may have secrets as well.

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use std::io::{Read, Write};

/// The first bytes of gzip.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The maximum size of a body that is decompressed, in bytes.
const MAX_SIZE: u64 = 256 << 20;

/// Returns the content of gzip: all of it, or as much as can be read of a truncated one. Returns `None` for other bytes.
pub(super) fn decompressed(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.starts_with(&MAGIC) {
        return None;
    }
    let mut content = Vec::new();
    let read = MultiGzDecoder::new(bytes)
        .take(MAX_SIZE)
        .read_to_end(&mut content);
    (read.is_ok() || !content.is_empty()).then_some(content)
}

/// Compresses a content.
pub(super) fn compressed(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to memory cannot fail.
    let written = encoder.write_all(content).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_read_whole_or_truncated() {
        let gzip = compressed(b"a content");
        assert_eq!(decompressed(&gzip).as_deref(), Some(&b"a content"[..]));
        let twice = [&gzip[..], &gzip[..]].concat();
        assert_eq!(decompressed(&twice).map(|content| content.len()), Some(18));
        let truncated = gzip.get(..gzip.len() - 4).unwrap_or_default();
        assert_eq!(decompressed(truncated).as_deref(), Some(&b"a content"[..]));
        assert_eq!(decompressed(b"a content"), None);
        assert_eq!(decompressed(&MAGIC), None);
    }
}
