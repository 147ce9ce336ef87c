//! The documents in an archive: a wheel (which is a zip), a zip, or a compressed tar.

use std::io::{Cursor, Read};

use flate2::read::GzDecoder;
use gapi_generator::diagnostics::printable;

use super::http::LARGEST;
use crate::api_version::ApiVersion;

/// The maximum size of all documents of an archive, in bytes. Those of all published APIs have 109 MiB.
const LARGEST_SUM: u64 = 512 << 20;

/// The maximum size of an unpacked tar, in bytes. It is read as a stream, so this limits only the time.
const LARGEST_TAR: u64 = 2 << 30;

/// The maximum number of files in a zip, and of documents in any archive.
const MOST_FILES: usize = 200_000;
const MOST_DOCUMENTS: usize = 20_000;

/// The maximum length of a name in a tar, in bytes.
const LONGEST_NAME: u64 = 64 << 10;

/// The maximum number of harmful names in an error.
const HARMFUL: usize = 10;

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
/// Returns an error if the file is not an archive, if it is too large, or if one of its names leads out of the directory that it
/// would be unpacked into. Nothing is unpacked here, but such an archive is an attack.
pub(crate) fn documents(name: &str, bytes: &[u8]) -> Result<Vec<Entry>, String> {
    let mut found = Found::default();
    match form(name) {
        Some(Form::Zip) => zip(bytes, &mut found)?,
        Some(Form::TarGz) => tar_gz(bytes, &mut found)?,
        None => return Err("it is not a .whl, .zip, .tar.gz or .tgz".to_owned()),
    }
    found.check()?;
    Ok(found.entries)
}

#[derive(Default)]
struct Found {
    entries: Vec<Entry>,
    harmful: Vec<String>,
    sum: u64,
}

impl Found {
    /// Returns an error for harmful names.
    fn check(&self) -> Result<(), String> {
        if self.harmful.is_empty() {
            return Ok(());
        }
        let names = self.harmful.join(", ");
        Err(format!("it has names that lead out of it: {names}"))
    }

    fn add(&mut self, path: &str, contents: impl Read) -> Result<(), String> {
        if leads_out(path) {
            self.harmful.push(printable(path));
            return if self.harmful.len() < HARMFUL {
                Ok(())
            } else {
                self.check()
            };
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
        if self.entries.len() == MOST_DOCUMENTS {
            return Err(format!("it has more than {MOST_DOCUMENTS} documents"));
        }
        self.entries.push(Entry { api, bytes });
        Ok(())
    }
}

/// Returns `true` for a path that is absolute, has a drive, or contains `..`.
fn leads_out(path: &str) -> bool {
    path.starts_with('/')
        || path.contains('\\')
        || path.contains('\0')
        || path.get(1..2) == Some(":")
        || path.split('/').any(|part| part == "..")
}

/// The bytes with which the list of a zip has an entry for each file.
const ZIP_ENTRY: &[u8] = b"PK\x01\x02";

fn zip(bytes: &[u8], found: &mut Found) -> Result<(), String> {
    // The library reads the whole list into memory.
    let files = bytes.windows(ZIP_ENTRY.len());
    if files.filter(|bytes| *bytes == ZIP_ENTRY).count() > MOST_FILES {
        return Err(format!("it has more than {MOST_FILES} files"));
    }
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
    // Skipped entries are decompressed as well, so the limit is for all of them.
    let whole = GzDecoder::new(bytes).take(LARGEST_TAR);
    let mut archive = tar::Archive::new(whole);
    // The library would read names of any length.
    let entries = archive.entries().map_err(|error| no_tar(&error))?.raw(true);
    let (mut gnu, mut pax) = (None, None);
    for entry in entries {
        let mut entry = entry.map_err(|error| no_tar(&error))?;
        let form = entry.header().entry_type();
        let is_pax = form.is_pax_local_extensions();
        if is_pax || form.is_gnu_longname() {
            let extension = extension(&mut entry)?;
            if is_pax {
                pax = path(&extension)?;
            } else {
                gnu = Some(extension);
            }
            continue;
        }
        if form.is_gnu_longlink() || form.is_pax_global_extensions() {
            extension(&mut entry)?;
            continue;
        }
        let name = gnu.take().or(pax.take());
        let name = name.unwrap_or_else(|| entry.path_bytes().into_owned());
        let name = name.strip_suffix(b"\0").unwrap_or(&name);
        let name = String::from_utf8_lossy(name).into_owned();
        // Links have no contents, and may lead anywhere.
        if form.is_file() || leads_out(&name) {
            found.add(&name, entry)?;
        }
    }
    Ok(())
}

fn no_tar(error: &std::io::Error) -> String {
    printable(&format!("it cannot be read: {error}"))
}

/// Returns the contents of an entry with the name of the next one.
fn extension(entry: &mut tar::Entry<'_, impl Read>) -> Result<Vec<u8>, String> {
    if entry.size() > LONGEST_NAME {
        let most = LONGEST_NAME >> 10;
        return Err(format!("a name in it has more than {most} KiB"));
    }
    let mut bytes = Vec::new();
    entry
        .read_to_end(&mut bytes)
        .map_err(|error| no_tar(&error))?;
    Ok(bytes)
}

/// Returns the path in a header of POSIX.1-2001, if it has one.
fn path(header: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let mut path = None;
    for record in tar::PaxExtensions::new(header) {
        let record = record.map_err(|error| no_tar(&error))?;
        if record.key_bytes() == b"path" {
            path = Some(record.value_bytes().to_owned());
        }
    }
    Ok(path)
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
