//! What servers of other people have in common: they are started, waited for, and stopped whatever happens.

use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take until it answers; those that there are need about a second.
const START_LIMIT: Duration = Duration::from_secs(30);

/// A program under way, with all that it has started in turn. Ends when this is dropped.
pub(super) struct Group(Child);

impl Group {
    /// Starts a program that has nothing to say, and waits until it is up. `None` when it ends before.
    ///
    /// A server that starts others does not take them with it when it is stopped: they are a group of their own.
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
            assert!(elapsed < START_LIMIT, "{command:?} does not answer");
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

/// Does something with ports of this machine that are free now, and again with others when it fails: somebody else may take
/// a port between the moment that it is found free and its use.
pub(super) fn with_free_ports<const N: usize, T>(start: impl Fn([u16; N]) -> Option<T>) -> T {
    let started = (0..3).find_map(|_| {
        let listeners = [(); N].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        start(listeners.map(|listener| listener.local_addr().unwrap().port()))
    });
    started.expect("the server starts")
}

/// Says why a test does nothing.
pub(super) fn skip(reason: &str) {
    // Not by `eprintln!`, whose text the test harness keeps to itself when a test passes.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {reason}");
}

/// A program in Python of this repository, relative to its top. What it needs from PyPI it gets by itself if that is asked
/// for (`GAPI_LIVE=1`): the ordinary tests need nothing but the repository.
pub(super) fn python(program: &str) -> Command {
    let top = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut command = Command::new("python3");
    command.arg(top.join(program)).stdin(Stdio::null());
    if std::env::var_os("GAPI_LIVE").is_none() {
        command.env("GAPI_OFFLINE", "1");
    }
    command
}

/// What a program in Python prints that has something to get from PyPI, or why that cannot be had.
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

/// With what such a program ends when it cannot be had: `EX_UNAVAILABLE` of sysexits.h.
const UNAVAILABLE: i32 = 69;

pub(super) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}
