//! The ETags of the current documents, so that servers do not send unchanged documents again.
//!
//! The file `.etags.jsonl` in the directory of the documents has a line for each response. The last line of a document applies. The
//! file is a cache: without it, or after an incomplete line, the whole document is fetched. Each run creates a new file, so that it
//! does not append to the target of a link.

use std::{collections::BTreeMap, fs::File, io::Write as _, path::Path};

use gapi_generator::write::{self, Output, WriteError};
use serde::{Deserialize, Serialize};

const FILE: &str = ".etags.jsonl";

/// The ETag that a document had at an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    file: String,
    url: String,
    etag: String,
    /// The digest of the file. If another program has replaced the file, the ETag does not apply.
    digest: String,
}

#[derive(Debug)]
pub(crate) struct Etags {
    known: BTreeMap<String, Known>,
    /// `None` if nothing is written.
    file: Option<File>,
}

impl Etags {
    /// Reads the ETags, and writes nothing.
    ///
    /// # Errors
    /// Returns an error for a file that cannot be read, for example a symbolic link.
    pub(crate) fn read(directory: &Path) -> Result<Self, WriteError> {
        let bytes = write::read(directory, Path::new(FILE))?.unwrap_or_default();
        Ok(Self {
            known: parse(&String::from_utf8_lossy(&bytes)),
            file: None,
        })
    }

    /// Reads the ETags, and creates a new file without outdated lines.
    ///
    /// # Errors
    /// Returns an error for a file that cannot be replaced, for example a symbolic link.
    pub(crate) fn open(output: &Output) -> Result<Self, WriteError> {
        let path = Path::new(FILE);
        let bytes = output.read(path)?.unwrap_or_default();
        let known = parse(&String::from_utf8_lossy(&bytes));
        let lines: String = known.values().map(line).collect();
        let file = output.start(path, lines.as_bytes())?;
        Ok(Self {
            known,
            file: Some(file),
        })
    }

    /// Returns the ETag to send in a request for `file`, which contains `text`, to `url`.
    pub(crate) fn get(&self, file: &str, url: &str, text: &[u8]) -> Option<&str> {
        let known = self.known.get(file)?;
        (known.url == url && known.digest == digest(text)).then_some(known.etag.as_str())
    }

    /// Stores that `url` returns `file`, which contains `text`, with this ETag.
    pub(crate) fn remember(&mut self, file: &str, url: &str, etag: &str, text: &[u8]) {
        let known = Known {
            file: file.to_owned(),
            url: url.to_owned(),
            etag: etag.to_owned(),
            digest: digest(text),
        };
        if self.known.get(file) == Some(&known) {
            return;
        }
        if let Some(cache) = &mut self.file {
            // Without the ETag, the next run fetches the document again. That is not an error.
            let _ = cache.write_all(line(&known).as_bytes());
        }
        self.known.insert(file.to_owned(), known);
    }
}

fn parse(lines: &str) -> BTreeMap<String, Known> {
    let known = lines
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    known
        .map(|known: Known| (known.file.clone(), known))
        .collect()
}

fn line(known: &Known) -> String {
    serde_json::to_string(known).map_or_else(|_| String::new(), |line| line + "\n")
}

/// Returns the 64-bit FNV-1a hash. It distinguishes versions of a file, and forging it has no benefit.
fn digest(text: &[u8]) -> String {
    let hash = text.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_fnv_1a() {
        assert_eq!(digest(b""), "cbf29ce484222325");
        assert_eq!(digest(b"foobar"), "85944171f73967e8");
    }

    #[test]
    fn the_last_line_counts_and_a_torn_one_does_not() {
        let known = |etag: &str| Known {
            file: "a.v1.json".into(),
            url: "https://a".into(),
            etag: etag.into(),
            digest: digest(b"text"),
        };
        let lines = format!(
            "{}{}{{\"file\": \"a.v1",
            line(&known("1")),
            line(&known("2"))
        );
        let etags = Etags {
            known: parse(&lines),
            file: None,
        };
        assert_eq!(etags.get("a.v1.json", "https://a", b"text"), Some("2"));
        assert_eq!(etags.get("a.v1.json", "https://a", b"other"), None);
        assert_eq!(etags.get("a.v1.json", "https://b", b"text"), None);
        assert_eq!(etags.get("b.v1.json", "https://a", b"text"), None);
    }
}
