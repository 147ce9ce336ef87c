//! Starts and stops servers of others.

use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The time limit for starting a server. The present ones need about a second.
const START_LIMIT: Duration = Duration::from_secs(30);

/// A running program with all programs that it has started. Dropping this ends them.
pub(super) struct Group(Child);

impl Group {
    /// Starts a program without output, and waits until it is up. Returns `None` if it ends before.
    ///
    /// A server that is stopped does not stop the programs that it has started. Therefore they form a process group.
    pub(super) fn start(command: &mut Command, is_up: impl Fn() -> bool) -> Option<Self> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        let mut group = Self(child.unwrap_or_else(|error| panic!("{command:?}: {error}")));
        let begin = Instant::now();
        while !is_up() {
            if group.0.try_wait().unwrap().is_some() {
                return None;
            }
            let elapsed = begin.elapsed();
            assert!(elapsed < START_LIMIT, "{command:?} does not respond");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(group)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let group = format!("-{}", self.0.id());
        let killed = Command::new("kill")
            .args(["-s", "KILL", "--", &group])
            .status();
        if !killed.is_ok_and(|status| status.success()) {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

/// Calls `start` with free ports of this machine, and again with others if it fails. Another program can take a port
/// between the check and its use.
pub(super) fn with_free_ports<const N: usize, T>(start: impl Fn([u16; N]) -> Option<T>) -> T {
    let started = (0..3).find_map(|_| {
        let listeners = [(); N].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        start(listeners.map(|listener| listener.local_addr().unwrap().port()))
    });
    started.expect("the server starts")
}

/// Prints the reason why a test does nothing.
pub(super) fn skip(reason: &str) {
    // `eprintln!` does not work, because the test harness captures its text.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {reason}");
}

/// Returns the command of a Python program in this repository, by its relative path. The program installs its PyPI
/// packages only with `GAPI_LIVE=1`. The ordinary tests need only the repository.
pub(super) fn python(program: &str) -> Command {
    let top = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut command = Command::new("python3");
    command.arg(top.join(program)).stdin(Stdio::null());
    if std::env::var_os("GAPI_LIVE").is_none() {
        command.env("GAPI_OFFLINE", "1");
    }
    command
}

/// Returns the output of a Python program, or the reason why its packages are not available.
pub(super) fn got_by(command: &mut Command) -> Result<String, String> {
    let output = command.output();
    let output = output.map_err(|error| format!("python3: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        Some(UNAVAILABLE) => Err(said.trim().to_owned()),
        _ => panic!("{command:?}: {}\n{said}", output.status),
    }
}

/// The exit code of a program whose packages are not available: `EX_UNAVAILABLE` of sysexits.h.
const UNAVAILABLE: i32 = 69;

pub(super) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
