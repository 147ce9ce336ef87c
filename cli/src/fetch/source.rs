//! Sources of newer documents: a directory of APIs, a directory of files, or an archive.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read as _},
    num::NonZero,
    path::Path,
    thread,
};

use gapi_generator::{Revision, diagnostics::printable, parallel};
use serde::Deserialize;

use super::{
    address::{self, DIRECTORY, Origin},
    archive::{self, Entry},
    http::{Client, HttpResponse, LARGEST, Request},
    plan::Offer,
};
use crate::{
    api_version::{ApiVersion, Head},
    documents,
    terminal::Shown as _,
};

/// The maximum size of an archive, in bytes. The whole archive is in memory.
const LARGEST_ARCHIVE: u64 = 512 << 20;

/// An opened source.
#[derive(Debug)]
pub(crate) enum DocumentSource {
    /// A server. Each document is a request.
    Directory(Directory),
    /// Files that have been read.
    Files { label: String, entries: Vec<Entry> },
}

/// A directory of APIs, as the Discovery API serves it.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(crate) client: Client,
    /// The address of the list.
    pub(crate) url: String,
    /// The server that the user has named.
    pub(crate) named: Option<Origin>,
    listed: Vec<Listed>,
}

/// An API version in the directory.
#[derive(Clone, Debug)]
struct Listed {
    api: ApiVersion,
    preferred: bool,
    url: Option<String>,
}

impl DocumentSource {
    /// Opens a source: a directory, an archive, the URL of an archive, or the URL of a directory of APIs. Without `from` it is
    /// Google's directory.
    pub(crate) fn open(from: Option<&str>) -> Result<Self, String> {
        match from {
            None => directory(DIRECTORY, None),
            Some(url) if url.contains("://") => remote(url),
            Some(path) => local(Path::new(path)),
        }
        .map_err(|why| {
            let name = from.map_or_else(|| DIRECTORY.to_owned(), printable);
            let help = "\n  help: --from takes a directory, an archive or a wheel instead";
            let help = if from.is_none() { help } else { "" };
            format!("error: cannot fetch from {name}: {why}{help}")
        })
    }

    /// Returns the name of the source.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Directory(directory) => &directory.url,
            Self::Files { label, .. } => label,
        }
    }

    /// Returns the APIs of the source.
    pub(crate) fn offers(&self) -> Vec<Offer> {
        let offer = |api: &ApiVersion, preferred| Offer {
            api: api.clone(),
            preferred,
        };
        match self {
            Self::Directory(directory) => {
                let listed = directory.listed.iter();
                listed.map(|l| offer(&l.api, l.preferred)).collect()
            }
            Self::Files { entries, .. } => entries
                .iter()
                .map(|entry| offer(&entry.api, false))
                .collect(),
        }
    }
}

impl Directory {
    /// Returns the addresses where the document of an API may be.
    pub(crate) fn candidates(&self, api: &ApiVersion) -> Vec<String> {
        let listed = self.listed.iter().find(|listed| listed.api == *api);
        let url = listed.and_then(|listed| listed.url.as_deref());
        address::candidates(api, url, &self.url)
    }
}

fn remote(url: &str) -> Result<DocumentSource, String> {
    let named = address::named(url)?;
    let path = url.split(['?', '#']).next().unwrap_or(url);
    if archive::is_archive(path) {
        let name = path.rsplit('/').next().unwrap_or(path);
        let bytes = get(&Client::new(), url, LARGEST_ARCHIVE, false)?;
        return files(name, archive::documents(name, &bytes)?);
    }
    // Without a path, the list is at the path of the Discovery API.
    let url = url.trim_end_matches('/');
    let is_server = url
        .split("://")
        .nth(1)
        .is_some_and(|rest| !rest.contains('/'));
    let list = if is_server { "/discovery/v1/apis" } else { "" };
    directory(&format!("{url}{list}"), Some(named))
}

fn directory(url: &str, named: Option<Origin>) -> Result<DocumentSource, String> {
    let client = Client::new();
    let bytes = get(&client, url, LARGEST, true)?;
    Ok(DocumentSource::Directory(Directory {
        listed: list(&bytes)?,
        client,
        url: url.to_owned(),
        named,
    }))
}

fn get(client: &Client, url: &str, limit: u64, json: bool) -> Result<Vec<u8>, String> {
    let request = Request {
        url,
        etag: None,
        limit,
        json,
    };
    match client.get(request).map_err(|problem| problem.message)? {
        HttpResponse::Body { bytes, .. } => Ok(bytes),
        HttpResponse::NotModified => {
            Err("the server responds with 304 to a request without an ETag".to_owned())
        }
    }
}

/// A `DirectoryList` of the Discovery API.
#[derive(Deserialize)]
struct DirectoryList {
    items: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    name: String,
    version: String,
    #[serde(default)]
    preferred: bool,
    discovery_rest_url: Option<String>,
}

/// Reads the directory. Entries without a valid name are skipped, because no file could have that name.
fn list(bytes: &[u8]) -> Result<Vec<Listed>, String> {
    let list: DirectoryList = serde_json::from_slice(bytes)
        .map_err(|error| printable(&format!("it is not a directory of APIs: {error}")))?;
    let listed = list.items.into_iter().filter_map(|item| {
        Some(Listed {
            api: ApiVersion::new(&item.name, &item.version)?,
            preferred: item.preferred,
            url: item.discovery_rest_url,
        })
    });
    Ok(listed.collect())
}

fn local(path: &Path) -> Result<DocumentSource, String> {
    let name = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = name.file_name().unwrap_or_default().to_string_lossy();
    if path.is_dir() {
        let mut entries = Vec::new();
        for path in documents::paths(path)? {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            if let Some(api) = ApiVersion::of_file(&file) {
                entries.push(Entry {
                    api,
                    bytes: read(&path, LARGEST)?,
                });
            }
        }
        return files(&format!("directory {name}"), entries);
    }
    if !archive::is_archive(&name) {
        let known = "a directory, a .whl, .zip, .tar.gz or .tgz, or a URL";
        return Err(match path.metadata() {
            Err(error) => format!("{error}\n  help: give {known}"),
            Ok(_) => format!("it is not {known}"),
        });
    }
    files(
        &name,
        archive::documents(&name, &read(path, LARGEST_ARCHIVE)?)?,
    )
}

fn read(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let failed = |error: io::Error| format!("cannot read {}: {error}", path.shown());
    let mut bytes = Vec::new();
    // One byte more than allowed shows that the file is too long.
    let file = File::open(path).map_err(failed)?;
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(format!(
            "{} has more than {} MiB",
            path.shown(),
            limit >> 20
        ));
    }
    Ok(bytes)
}

fn files(name: &str, entries: Vec<Entry>) -> Result<DocumentSource, String> {
    if entries.is_empty() {
        return Err("it contains no document (<name>.<version>.json)".to_owned());
    }
    let label = package(name);
    let entries = latest(entries);
    Ok(DocumentSource::Files { label, entries })
}

/// Returns each API once, by the names in the documents. Some archives contain a document under two file names. A file that is
/// not a document stays in the list, so that a request for it reports the reason.
fn latest(entries: Vec<Entry>) -> Vec<Entry> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let heads = parallel::map_on(threads, &entries, |entry| Head::read(&entry.bytes).ok());
    let mut latest: BTreeMap<ApiVersion, (Revision, Entry)> = BTreeMap::new();
    for (entry, head) in entries.into_iter().zip(heads) {
        let (api, revision) = match head {
            Some(head) => (head.api, head.revision),
            None => (entry.api.clone(), Revision::default()),
        };
        let known = latest.get(&api);
        if known.is_none_or(|(known, _)| *known < revision) {
            let entry = Entry {
                api: api.clone(),
                ..entry
            };
            latest.insert(api, (revision, entry));
        }
    }
    latest.into_values().map(|(_, entry)| entry).collect()
}

/// Returns the name that PyPI uses: `google-api-python-client 2.202.0` for
/// `google_api_python_client-2.202.0-py3-none-any.whl`. Other names stay unchanged.
fn package(name: &str) -> String {
    let stem = [".whl", ".tar.gz"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending));
    let mut parts = stem.unwrap_or_default().split('-');
    match (parts.next(), parts.next()) {
        (Some(package), Some(version)) if version.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("{} {}", package.replace('_', "-"), printable(version))
        }
        _ => printable(name),
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn each_api_is_there_once_in_its_latest_revision() {
        let api = |name: &str| ApiVersion::new(name, "v1").expect("a name");
        let entry = |file: &str, name: &str, revision: &str| {
            Entry {
            api: api(file),
            bytes: format!(
                r#"{{"kind": "discovery#restDescription", "name": "{name}", "version": "v1", "revision": "{revision}"}}"#
            )
            .into_bytes(),
        }
        };
        let (old, new) = (entry("a", "a", "9"), entry("other", "a", "10"));
        let broken = Entry {
            api: api("b"),
            bytes: b"{".to_vec(),
        };
        let wanted = vec![
            Entry {
                api: api("a"),
                ..new.clone()
            },
            broken.clone(),
        ];
        assert_eq!(
            latest(vec![old.clone(), broken.clone(), new.clone()]),
            wanted
        );
        assert_eq!(latest(vec![new, old, broken]), wanted);
    }

    #[test]
    fn packages_are_called_as_on_pypi() {
        for (file, name) in [
            (
                "google_api_python_client-2.202.0-py3-none-any.whl",
                "google-api-python-client 2.202.0",
            ),
            (
                "google_api_python_client-2.202.0.tar.gz",
                "google-api-python-client 2.202.0",
            ),
            (
                "google-api-python-client-2.tar.gz",
                "google-api-python-client-2.tar.gz",
            ),
            ("documents.zip", "documents.zip"),
            ("directory documents", "directory documents"),
        ] {
            assert_eq!(package(file), name);
        }
    }
}
