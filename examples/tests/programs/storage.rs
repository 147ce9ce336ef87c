//! Programs for Cloud Storage, with a server in the place of fake-gcs-server. The programs are killed and started again.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use gapi_runtime::Base64;
use gapi_runtime::serde_json::json;
use gapi_test_oauth::{Request, Response, Stub};

use crate::{command, run, success};

const CHUNK: usize = 1 << 20;

/// Returns bytes that depend on their position.
fn content(length: usize) -> Vec<u8> {
    (0..=250).cycle().take(length).collect()
}

/// Starts a program, and discards its output.
fn start(program: &str, arguments: &[&str]) -> Child {
    let mut command = command(program, arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program runs")
}

/// Waits until a condition is true, and then kills the program.
fn kill_when(mut child: Child, is_true: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if is_true() {
            child.kill().expect("the program is running");
            child.wait().expect("it ends");
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    let _ = child.kill();
    panic!("the program does not come that far");
}

/// The state of an upload session.
#[derive(Default)]
struct Session {
    kept: Vec<u8>,
    /// `true` if the server responds to nothing as soon as it has a chunk.
    stalls: bool,
    is_lost: bool,
}

fn lock(session: &Mutex<Session>) -> MutexGuard<'_, Session> {
    session.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends the connection after the program has been killed.
fn stall() -> io::Result<()> {
    thread::sleep(Duration::from_secs(20));
    Err(io::ErrorKind::TimedOut.into())
}

/// Responds as Cloud Storage does to resumable uploads.
fn upload(request: &Request, stream: &mut dyn Write, session: &Mutex<Session>) -> io::Result<()> {
    if request.method == "POST" {
        let host = request.header("host").unwrap_or_default();
        let opened = Response::json(&json!({})).with("location", format!("http://{host}/session"));
        return opened.write(stream);
    }
    let mut session = lock(session);
    if session.is_lost {
        return Response::new(404, "text/plain", "no such session").write(stream);
    }
    if session.stalls && !session.kept.is_empty() {
        drop(session);
        return stall();
    }
    let range = request.header("content-range").unwrap_or_default();
    if let Some((start, _)) = range.trim_start_matches("bytes ").split_once('-') {
        assert_eq!(start.parse(), Ok(session.kept.len()), "{range}");
        session.kept.extend_from_slice(&request.body);
    }
    let length = session.kept.len();
    if range.ends_with(&format!("/{length}")) {
        let size = length.to_string();
        return Response::json(&json!({"name": "film.mp4", "size": size})).write(stream);
    }
    let incomplete = Response::new(308, "text/plain", "");
    match length.checked_sub(1) {
        Some(last) => incomplete
            .with("range", format!("bytes=0-{last}"))
            .write(stream),
        None => incomplete.write(stream),
    }
}

#[test]
fn upload_with_progress_continues_after_it_was_killed() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("film.mp4");
    let media = content(2 * CHUNK + 1);
    fs::write(&file, &media).expect("the file is written");
    let session = Arc::new(Mutex::new(Session {
        stalls: true,
        ..Session::default()
    }));
    let shared = Arc::clone(&session);
    let server = Stub::start(move |request, stream| upload(request, stream, &shared));
    let program = env!("CARGO_BIN_EXE_upload-with-progress");
    let url = server.url();
    let arguments = ["films", file.to_str().expect("UTF-8"), &url];

    kill_when(start(program, &arguments), || server.requests().len() == 3);
    lock(&session).stalls = false;
    let printed = success(program, &arguments);
    assert_eq!(
        printed,
        "1048576 of 2097153 bytes\n2097152 of 2097153 bytes\n2097153 of 2097153 bytes\nfilm.mp4: 2097153 bytes\n"
    );
    assert!(lock(&session).kept == media, "the object is not the file");
    let opened = server
        .requests()
        .iter()
        .filter(|request| request.method == "POST")
        .count();
    assert_eq!(opened, 1);
    assert!(!directory.path().join("film.mp4.session").exists());
}

#[test]
fn upload_with_progress_begins_again_without_its_session() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("film.mp4");
    fs::write(&file, content(10)).expect("the file is written");
    let session = Arc::new(Mutex::new(Session {
        is_lost: true,
        ..Session::default()
    }));
    let shared = Arc::clone(&session);
    let server = Stub::start(move |request, stream| upload(request, stream, &shared));
    let program = env!("CARGO_BIN_EXE_upload-with-progress");
    let url = server.url();
    let arguments = ["films", file.to_str().expect("UTF-8"), &url];

    let (code, _, err) = run(program, &arguments);
    assert_eq!(code, Some(1));
    assert!(err.contains("start the program again"), "{err}");
    lock(&session).is_lost = false;
    assert!(success(program, &arguments).ends_with("film.mp4: 10 bytes\n"));
}

/// Responds as Cloud Storage does to requests for an object. Sends no more than `most` bytes of media, and then nothing.
fn download(
    request: &Request,
    stream: &mut dyn Write,
    media: &[u8],
    most: usize,
) -> io::Result<()> {
    if request.parameter("alt").as_deref() != Some("media") {
        let checksum = Base64::from_bytes(crc32c::crc32c(media).to_be_bytes());
        let size = media.len().to_string();
        let object = json!({"size": size, "generation": "7", "crc32c": checksum.to_string()});
        return Response::json(&object).write(stream);
    }
    let range = request.header("range").unwrap_or_default();
    let start: usize = range
        .trim_start_matches("bytes=")
        .trim_end_matches('-')
        .parse()
        .unwrap_or_default();
    let (total, rest) = (media.len(), &media[start..]);
    let head = match start {
        0 => "HTTP/1.1 200 OK\r\n".to_owned(),
        _ => format!(
            "HTTP/1.1 206 Partial Content\r\ncontent-range: bytes {start}-{}/{total}\r\n",
            total - 1
        ),
    };
    write!(
        stream,
        "{head}x-goog-generation: 7\r\ncontent-length: {}\r\n\r\n",
        rest.len()
    )?;
    stream.write_all(&rest[..rest.len().min(most)])?;
    stream.flush()?;
    if most < rest.len() { stall() } else { Ok(()) }
}

/// Returns the length of a file.
fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

#[test]
fn download_resume_requests_the_missing_bytes() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("film.mp4");
    let part = directory.path().join("film.mp4.7.part");
    let media = content(300_000);
    let most = Arc::new(Mutex::new(100_000));
    let (shared, limit) = (media.clone(), Arc::clone(&most));
    let server = Stub::start(move |request, stream| {
        let most = *limit.lock().unwrap_or_else(PoisonError::into_inner);
        download(request, stream, &shared, most)
    });
    let program = env!("CARGO_BIN_EXE_download-resume");
    let url = server.url();
    let arguments = ["films", "film.mp4", file.to_str().expect("UTF-8"), &url];

    kill_when(start(program, &arguments), || length(&part) == 100_000);
    *most.lock().unwrap_or_else(PoisonError::into_inner) = usize::MAX;
    let printed = success(program, &arguments);
    assert!(
        printed.starts_with("100000 of 300000 bytes are there\n"),
        "{printed}"
    );
    assert!(
        fs::read(&file).expect("the file") == media,
        "the file is not the object"
    );
    assert!(!part.exists());
    let last = server.requests().pop().expect("requests");
    assert_eq!(last.header("range"), Some("bytes=100000-"));
    assert_eq!(last.parameter("generation").as_deref(), Some("7"));
}

#[test]
fn download_resume_rejects_a_part_of_something_else() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("film.mp4");
    let part = directory.path().join("film.mp4.7.part");
    fs::write(&part, "something else").expect("the file is written");
    let media = content(1_000);
    let server = Stub::start(move |request, stream| download(request, stream, &media, usize::MAX));
    let program = env!("CARGO_BIN_EXE_download-resume");
    let url = server.url();
    let arguments = ["films", "film.mp4", file.to_str().expect("UTF-8"), &url];

    let (code, _, err) = run(program, &arguments);
    assert_eq!(code, Some(1));
    assert!(err.contains("does not match its checksum"), "{err}");
    assert!(!part.exists() && !file.exists());
    assert!(success(program, &arguments).ends_with("1000 bytes\n"));
}
