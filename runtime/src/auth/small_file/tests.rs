use super::*;
use std::path::PathBuf;
use std::time::Instant;

/// A directory that is deleted in the end.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        let name = format!("gapi-small-file-{:016x}", fastrand::u64(..));
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_its_place_and_a_fix() {
    let directory = std::env::current_dir().unwrap();
    let text = |path: &str| unread(Path::new(path), &read(Path::new(path), 10).unwrap_err());
    let missing = text("nowhere.json");
    let expected = format!(
        ", in the working directory {}; help: put the file there, or name another path",
        directory.display()
    );
    assert!(missing.starts_with("cannot be read: "), "{missing}");
    assert!(missing.ends_with(&expected), "{missing}");
    let missing = text("/nowhere/key.json");
    assert!(!missing.contains("working directory"), "{missing}");
    assert!(
        missing.ends_with("; help: put the file there, or name another path"),
        "{missing}"
    );
}

#[test]
fn files_have_a_limit() {
    let directory = Directory::new();
    let small = directory.file("small", b"1234567890");
    assert_eq!(read(&small, 10).unwrap(), "1234567890");
    for (content, max, kind) in [
        (&b"1234567890"[..], 9, ErrorKind::FileTooLarge),
        // The limit is within a character.
        ("äöü".as_bytes(), 2, ErrorKind::FileTooLarge),
        (b"\xff", 10, ErrorKind::InvalidData),
    ] {
        let path = directory.file("file", content);
        assert_eq!(read(&path, max).unwrap_err().kind(), kind);
    }
    assert!(read(&directory.0, 10).is_err());
    assert_eq!(
        read(&directory.0.join("none"), 10).unwrap_err().kind(),
        ErrorKind::NotFound
    );
    // 1 GiB without a block on the disk.
    let huge = directory.0.join("huge");
    File::create(&huge).unwrap().set_len(1 << 30).unwrap();
    let start = Instant::now();
    assert_eq!(
        read(&huge, MAX_SIZE).unwrap_err().kind(),
        ErrorKind::FileTooLarge
    );
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[test]
#[cfg(unix)]
fn pipes_are_read_and_have_a_time_limit() {
    let directory = Directory::new();
    let pipe = directory.0.join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: no mkfifo");
        return;
    }
    let writer = {
        let pipe = pipe.clone();
        thread::spawn(move || fs::write(pipe, "token"))
    };
    assert_eq!(read(&pipe, 10).unwrap(), "token");
    writer.join().unwrap().unwrap();
    assert_eq!(
        read(Path::new("/dev/zero"), 10).unwrap_err().kind(),
        ErrorKind::FileTooLarge
    );
    // No process writes. Each wait ends, and there are no more threads than allowed.
    let waits: Vec<_> = (0..2 * MOST_PIPES)
        .map(|_| {
            let pipe = pipe.clone();
            thread::spawn(move || read(&pipe, 10).unwrap_err().kind())
        })
        .collect();
    let kinds: Vec<ErrorKind> = waits.into_iter().map(|wait| wait.join().unwrap()).collect();
    let late = kinds.iter().filter(|kind| **kind == ErrorKind::TimedOut);
    assert_eq!(late.count(), MOST_PIPES, "{kinds:?}");
    // A writer ends all of them.
    drop(File::options().write(true).open(&pipe).unwrap());
    let end = Instant::now() + Duration::from_secs(10);
    while PIPES.load(Ordering::Relaxed) > 0 && Instant::now() < end {
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(PIPES.load(Ordering::Relaxed), 0);
}
