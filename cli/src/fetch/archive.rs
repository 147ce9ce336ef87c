//! The documents in an archive: a wheel (which is a zip), a zip, or a compressed tar.

use std::io::{Cursor, Read};

use flate2::read::GzDecoder;
use gapi_generator::diagnostics::printable;

use super::http::LARGEST;
use crate::api_version::ApiVersion;

/// The most bytes of all documents of an archive. Those of all published APIs have 109 MiB.
const LARGEST_SUM: u64 = 2 << 30;

/// A file of an archive with the name of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) api: ApiVersion,
    pub(crate) bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Zip,
    TarGz,
}

fn form(name: &str) -> Option<Form> {
    let name = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&[".whl", ".zip"]) {
        Some(Form::Zip)
    } else if ends(&[".tar.gz", ".tgz"]) {
        Some(Form::TarGz)
    } else {
        None
    }
}

/// Returns `true` if a file of this name is an archive.
pub(crate) fn is_archive(name: &str) -> bool {
    form(name).is_some()
}

/// Returns the documents of an archive: the files `<name>.<version>.json` in any directory.
///
/// # Errors
/// Returns an error if it is no archive, if it is too large, or if one of its names leads out of the directory that it
/// would be unpacked into. Nothing is unpacked here, but such an archive is an attack.
pub(crate) fn documents(name: &str, bytes: &[u8]) -> Result<Vec<Entry>, String> {
    let mut found = Found::default();
    match form(name) {
        Some(Form::Zip) => zip(bytes, &mut found)?,
        Some(Form::TarGz) => tar_gz(bytes, &mut found)?,
        None => return Err("it is no .whl, .zip, .tar.gz or .tgz".to_owned()),
    }
    if found.harmful.is_empty() {
        Ok(found.entries)
    } else {
        Err(format!(
            "it has names that lead out of it: {}",
            found.harmful.join(", ")
        ))
    }
}

#[derive(Default)]
struct Found {
    entries: Vec<Entry>,
    harmful: Vec<String>,
    sum: u64,
}

impl Found {
    fn add(&mut self, path: &str, contents: impl Read) -> Result<(), String> {
        if leads_out(path) {
            self.harmful.push(printable(path));
            return Ok(());
        }
        let file = path.rsplit('/').next().unwrap_or(path);
        let Some(api) = ApiVersion::of_file(file) else {
            return Ok(());
        };
        let mut bytes = Vec::new();
        contents
            .take(LARGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| format!("cannot read {} in it: {error}", printable(path)))?;
        self.sum += bytes.len() as u64;
        if bytes.len() as u64 > LARGEST {
            let most = LARGEST >> 20;
            return Err(format!(
                "{} in it has more than {most} MiB",
                printable(path)
            ));
        }
        if self.sum > LARGEST_SUM {
            let most = LARGEST_SUM >> 20;
            return Err(format!("its documents have more than {most} MiB"));
        }
        self.entries.push(Entry { api, bytes });
        Ok(())
    }
}

/// Returns `true` for a path that is absolute, has a drive, or goes up.
fn leads_out(path: &str) -> bool {
    path.starts_with('/')
        || path.contains('\\')
        || path.contains('\0')
        || path.get(1..2) == Some(":")
        || path.split('/').any(|part| part == "..")
}

fn zip(bytes: &[u8], found: &mut Found) -> Result<(), String> {
    let no_zip = |error: zip::result::ZipError| printable(&format!("it cannot be read: {error}"));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(no_zip)?;
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(no_zip)?;
        let name = String::from_utf8_lossy(file.name_raw()).into_owned();
        if file.is_dir() && !leads_out(&name) {
            continue;
        }
        found.add(&name, file)?;
    }
    Ok(())
}

fn tar_gz(bytes: &[u8], found: &mut Found) -> Result<(), String> {
    let no_tar = |error: std::io::Error| printable(&format!("it cannot be read: {error}"));
    // Skipped entries are decompressed as well, so the limit is for all of them.
    let whole = GzDecoder::new(bytes).take(LARGEST_SUM);
    let mut archive = tar::Archive::new(whole);
    for entry in archive.entries().map_err(no_tar)? {
        let entry = entry.map_err(no_tar)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        // Links have no contents, and may lead anywhere.
        if entry.header().entry_type().is_file() || leads_out(&name) {
            found.add(&name, entry)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::leads_out;

    #[test]
    fn names_stay_below() {
        for name in ["a.v1.json", "a/b..c/a.v1.json", "./a.v1.json"] {
            assert!(!leads_out(name), "{name}");
        }
        for name in [
            "../a.v1.json",
            "a/../../b",
            "/etc/passwd",
            "C:/a",
            "a\\..\\b",
            "a\0b",
        ] {
            assert!(leads_out(name), "{name}");
        }
    }
}
