//! The lines of a recording.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::multipart;
use crate::programs::Result;

/// A recorded call.
#[derive(Clone, Debug, Deserialize)]
pub struct Line {
    /// The method's id.
    pub id: String,
    /// The kind of its arguments, for example `min`.
    #[serde(default)]
    pub variant: String,
    /// The id of the document, if the recorder wrote it. It distinguishes otherwise equal versions.
    #[serde(default)]
    pub document: Option<String>,
    /// The arguments of the call.
    #[serde(default)]
    pub args: Args,
    /// The request; `None` if the recorded client rejected the call.
    #[serde(flatten)]
    pub sent: Option<Sent>,
    /// The reason why the recorded client rejected the call.
    #[serde(default)]
    pub error: Option<String>,
}

/// The arguments of a call, by wire name.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Args {
    /// Variables of the path.
    pub path: Map<String, Value>,
    /// Query parameters, own and API-wide ones.
    pub query: Map<String, Value>,
    /// The body; null for none.
    pub body: Value,
    /// The uploaded media, or a mark for a download; null for neither.
    pub media: Value,
    /// The response before the requested page.
    pub page: Value,
    /// The calls of a batch.
    pub calls: Vec<BatchedCall>,
}

/// A call in a batch.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct BatchedCall {
    /// The method's id.
    pub id: String,
    /// Its arguments.
    #[serde(default)]
    pub args: Args,
}

/// A request that was sent to the network.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sent {
    /// The verb.
    pub http_method: String,
    /// The whole URL.
    pub url: String,
    /// The headers.
    #[serde(default)]
    pub headers: BTreeMap<String, Value>,
    /// The body: its text, or for JSON also the value itself; null for none.
    #[serde(default)]
    pub body: Value,
}

impl Sent {
    /// Returns a header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        match value {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// Returns the text of the body; empty if there is none.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.body {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            json => json.to_string(),
        }
    }
}

/// The position of a line.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// Index of the file in [`Recording::files`].
    file: usize,
    offset: u64,
    length: usize,
}

/// Recordings on disk. Lines are read again on demand, because all of them together would fill the memory.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    files: Vec<PathBuf>,
}

impl Recording {
    /// Opens recordings: files, or directories with files that end in `.jsonl`.
    ///
    /// # Errors
    /// Returns an error if there is none.
    pub fn open(paths: &[PathBuf]) -> Result<Self> {
        let mut files = Vec::new();
        for path in paths {
            if path.is_dir() {
                let mut found = crate::workspace::entries(path);
                found.retain(|path| path.extension().is_some_and(|end| end == "jsonl"));
                files.extend(found);
            } else {
                files.push(path.clone());
            }
        }
        if files.is_empty() {
            return Err("there is no recording".into());
        }
        Ok(Self { files })
    }

    /// Calls `visit` with each line.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read, or if a line is not a recorded call.
    pub fn each(&self, mut visit: impl FnMut(Position, Line) -> Result<()>) -> Result<()> {
        for (file, path) in self.files.iter().enumerate() {
            let mut reader = BufReader::new(open(path)?);
            let mut text = String::new();
            let (mut offset, mut number) = (0, 0);
            loop {
                text.clear();
                let length = reader.read_line(&mut text)?;
                if length == 0 {
                    break;
                }
                number += 1;
                if !text.trim().is_empty() {
                    let line = parse(&text)
                        .map_err(|error| format!("{}:{number}: {error}", path.display()))?;
                    visit(
                        Position {
                            file,
                            offset,
                            length,
                        },
                        line,
                    )?;
                }
                offset += length as u64;
            }
        }
        Ok(())
    }

    /// Reads these lines again.
    ///
    /// # Errors
    /// Returns an error if a file can no longer be read.
    pub fn lines(&self, positions: &[Position]) -> Result<Vec<Line>> {
        self.texts(positions)?
            .iter()
            .map(|text| parse(text))
            .collect()
    }

    /// Returns the texts of lines.
    ///
    /// # Errors
    /// Returns an error if a file can no longer be read.
    pub fn texts(&self, positions: &[Position]) -> Result<Vec<String>> {
        let mut texts = Vec::with_capacity(positions.len());
        let mut opened: Option<(usize, File)> = None;
        for position in positions {
            let mut file = match opened.take() {
                Some((index, file)) if index == position.file => file,
                _ => open(&self.files[position.file])?,
            };
            let mut bytes = vec![0; position.length];
            file.seek(SeekFrom::Start(position.offset))?;
            file.read_exact(&mut bytes)?;
            texts.push(String::from_utf8(bytes)?);
            opened = Some((position.file, file));
        }
        Ok(texts)
    }
}

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn parse(text: &str) -> Result<Line> {
    let mut line: Line = serde_json::from_str(text)?;
    if line.error.is_some() {
        line.sent = None;
    }
    if line.sent.is_none() && line.error.is_none() {
        return Err("neither a request nor an error".into());
    }
    line.args.media = media(&line);
    Ok(line)
}

/// Returns the uploaded media (`protocol`, `contentType`, `data`) or `download`. If the arguments do not contain it, it
/// follows from the recorded request.
fn media(line: &Line) -> Value {
    let given = &line.args.media;
    let Some(sent) = &line.sent else {
        return given.clone();
    };
    let said = |name: &str| given[name].as_str().map(str::to_owned);
    let query = sent.url.split_once('?').map_or("", |(_, query)| query);
    let has = |parameter: &str| query.split('&').any(|known| known == parameter);
    let is_upload = sent.url.contains("/upload/");
    let protocol = ["media", "multipart", "resumable"]
        .into_iter()
        .find(|protocol| is_upload && has(&format!("uploadType={protocol}")));
    let header = |name: &str| sent.header(name).unwrap_or_default();
    let (content_type, data) = match protocol {
        None if !given.is_null() || has("alt=media") && line.variant == "media" => {
            return json!({"download": true});
        }
        None => return Value::Null,
        Some("media") => (header("content-type"), sent.text()),
        Some("multipart") => {
            let content_type = header("content-type");
            let boundary = multipart::boundary(&content_type);
            let parts = boundary.and_then(|boundary| multipart::parts(&sent.text(), boundary));
            let last = parts.and_then(|mut parts| parts.pop());
            last.map_or_else(Default::default, |part| {
                (part.header("content-type").to_owned(), part.content)
            })
        }
        Some(_) => {
            let length = header("x-upload-content-length").parse().unwrap_or(0);
            (header("x-upload-content-type"), "0".repeat(length))
        }
    };
    json!({
        "protocol": protocol,
        "contentType": said("contentType").unwrap_or(content_type),
        "data": said("data").unwrap_or(data),
    })
}
