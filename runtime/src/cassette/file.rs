//! Files: complete or not there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

/// The maximum size of a file that is read, in bytes. Base64 makes a session longer.
const MAX_SIZE: u64 = 512 << 20;

/// Replaces a file by a complete one.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| {
        let problem = "the path has no file name";
        io::Error::new(io::ErrorKind::InvalidInput, problem)
    })?;
    let temporary = format!(".{}.{:016x}.tmp", name.to_string_lossy(), fastrand::u64(..));
    let temporary = path.with_file_name(temporary);
    // Follows no link, and overwrites nothing.
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&temporary)?;
    let written = write(file, content).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The error of writing counts.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn write(mut file: File, content: &[u8]) -> io::Result<()> {
    file.write_all(content)?;
    file.sync_all()
}

/// Returns the text of a file.
pub(super) fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let read = File::open(path)?
        .take(MAX_SIZE + 1)
        .read_to_string(&mut text)?;
    if u64::try_from(read).is_ok_and(|read| read <= MAX_SIZE) {
        Ok(text)
    } else {
        let problem = format!("the file has more than {MAX_SIZE} bytes");
        Err(io::Error::new(io::ErrorKind::InvalidData, problem))
    }
}
