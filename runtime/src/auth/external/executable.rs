//! Subject tokens from programs. A file of credentials that can start programs is code, so the caller has to allow it.

use super::super::small_file::{self, MAX_SIZE};
use super::super::token::TokenRequest;
use super::Machine;
use super::command::split;
use super::members::Members;
use super::response::{Problem, Response};
use super::work::{Canceled, apart};
use crate::credentials::CredentialsError;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The time for a program that the file limits in no other way, in milliseconds.
const DEFAULT_TIMEOUT: u64 = 30_000;
const SHORTEST_TIMEOUT: u64 = 5_000;
const LONGEST_TIMEOUT: u64 = 120_000;

/// The maximum size of the output of a program, in bytes.
const LONGEST_OUTPUT: u64 = 1 << 20;

/// A program ends this long before the request for the token.
const MARGIN: Duration = Duration::from_millis(500);

/// The interval between checks whether a program has ended, or is no longer needed.
const INTERVAL: Duration = Duration::from_millis(20);

/// A program that prints a subject token.
///
/// <https://google.aip.dev/auth/4117#determining-the-subject-token-in-executable-sourced-credentials>
#[derive(Debug)]
pub(super) struct Executable {
    /// The name of the file of the credentials, for errors.
    file: String,
    run: Run,
    machine: Machine,
}

/// The parts that a thread needs to run the program.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) command: Vec<String>,
    pub(super) environment: Vec<(&'static str, String)>,
    pub(super) timeout: Duration,
    /// The program keeps its last response here.
    pub(super) output_file: Option<PathBuf>,
}

impl Executable {
    /// Reads the member `credential_source.executable` of a file. `environment` describes the account to the program.
    pub(super) fn new(
        source: &Members<'_>,
        mut environment: Vec<(&'static str, String)>,
        machine: &Machine,
    ) -> Result<Self, CredentialsError> {
        let command = split(source.required("command")?)
            .map_err(|problem| source.problem("command", problem))?;
        if command.is_empty() {
            return Err(source.problem("command", "is empty"));
        }
        let timeout = source
            .number("timeout_millis")?
            .filter(|millis| *millis > 0);
        let timeout = timeout.unwrap_or(DEFAULT_TIMEOUT);
        if !(SHORTEST_TIMEOUT..=LONGEST_TIMEOUT).contains(&timeout) {
            let problem = "is not from 5000 to 120000 milliseconds";
            return Err(source.problem("timeout_millis", problem));
        }
        let output_file = source.text("output_file")?;
        if let Some(path) = output_file {
            environment.push(("GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE", path.to_owned()));
        }
        environment.push(("GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE", "0".to_owned()));
        environment.push(("GOOGLE_EXTERNAL_ACCOUNT_REVOKE", "0".to_owned()));
        Ok(Self {
            file: source.file().to_owned(),
            run: Run {
                command,
                environment,
                timeout: Duration::from_millis(timeout),
                output_file: output_file.map(PathBuf::from),
            },
            machine: machine.clone(),
        })
    }

    /// Returns the token that the program has left in its output file, if it is still valid. Else runs the program.
    pub(super) async fn subject_token(
        &self,
        request: &TokenRequest<'_>,
    ) -> Result<String, CredentialsError> {
        if !self.machine.may_start_programs() {
            return Err(self.forbidden());
        }
        let mut run = self.run.clone();
        let left = request.time_left().unwrap_or(run.timeout);
        // The program has to end first, so that the error says what is slow.
        run.timeout = run.timeout.min(left.saturating_sub(MARGIN));
        let result = apart(move |canceled| run.subject_token(&canceled)).await?;
        result.map_err(|problem| self.failed(&problem))
    }

    fn forbidden(&self) -> CredentialsError {
        CredentialsError::permanent(format!(
            "{} starts a program for its subject token, and that is not allowed; help: if you trust the file, \
             set the environment variable GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES to 1 and call `allow_executables()` of the credentials",
            self.file
        ))
    }

    fn failed(&self, problem: &Problem) -> CredentialsError {
        let text = format!(
            "the program for subject tokens (`credential_source.executable` of {}) {}",
            self.file, problem.text
        );
        if problem.is_transient {
            CredentialsError::transient(text)
        } else {
            CredentialsError::permanent(text)
        }
    }
}

impl Run {
    pub(super) fn subject_token(&self, canceled: &Canceled) -> Result<String, Problem> {
        if let Some(text) = self
            .output_file
            .as_deref()
            .and_then(|path| small_file::read(path, MAX_SIZE).ok())
            && let Some(response) = Response::parse(&text)
        {
            let cached = response.cached(now());
            if let Some(token) = cached.map_err(|problem| problem.of("left an output file that"))? {
                return Ok(token);
            }
        }
        let printed = self.print(canceled)?;
        let text = match &self.output_file {
            Some(path) if printed.trim().is_empty() => {
                small_file::read(path, MAX_SIZE).map_err(|error| {
                    Problem::permanent(format!(
                        "printed nothing, and its output file cannot be read: {error}"
                    ))
                })?
            }
            _ => printed,
        };
        let response = Response::parse(&text)
            .ok_or_else(|| Problem::permanent("printed a response that is not JSON"))?;
        let token = response.token(now());
        token.map_err(|problem| problem.of("returned a response that"))
    }

    /// Runs the program, and returns its output. Error output is dropped, because it can show secrets.
    fn print(&self, canceled: &Canceled) -> Result<String, Problem> {
        let Some((program, arguments)) = self.command.split_first() else {
            return Err(Problem::permanent("has no name"));
        };
        let mut child = Command::new(program)
            .args(arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| {
                Problem::permanent(format!(
                    "cannot be started: {error}; help: check `command`, its path and its permissions"
                ))
            })?;
        let result = self.output(&mut child, canceled);
        if result.is_err() {
            // It has ended already, or it must not continue.
            let _ = child.kill();
            let _ = child.wait();
        }
        result
    }

    fn output(&self, child: &mut Child, canceled: &Canceled) -> Result<String, Problem> {
        let deadline = Instant::now() + self.timeout;
        let mut stdout = child.stdout.take();
        let (sender, receiver) = mpsc::sync_channel(1);
        // A child of the program may keep the output open after the program was ended, so the caller does not wait for this thread.
        let reader = thread::Builder::new().spawn(move || {
            let mut bytes = Vec::new();
            let limited = stdout
                .as_mut()
                .map(|stdout| stdout.take(LONGEST_OUTPUT + 1));
            let read = limited.map(|mut limited| limited.read_to_end(&mut bytes));
            let _ = sender.send(read.transpose().map(|_| bytes));
        });
        reader.map_err(|error| Problem::transient(format!("cannot be read: {error}")))?;
        let (mut bytes, mut status) = (None, None);
        let (bytes, status) = loop {
            if bytes.is_none() {
                bytes = receiver.recv_timeout(INTERVAL).ok();
            } else {
                thread::sleep(INTERVAL);
            }
            if status.is_none() {
                status = child
                    .try_wait()
                    .map_err(|error| Problem::transient(format!("failed: {error}")))?;
            }
            if let (Some(bytes), Some(status)) = (&mut bytes, status) {
                break (std::mem::replace(bytes, Ok(Vec::new())), status);
            }
            if canceled.is_set() || Instant::now() >= deadline {
                let seconds = self.timeout.as_secs_f64().round();
                return Err(Problem::transient(format!(
                    "did not end within {seconds} s; help: run it by hand to see why, or set a longer `token_timeout` of the \
                     builder and a longer `timeout_millis` of the file"
                )));
            }
        };
        let bytes =
            bytes.map_err(|error| Problem::transient(format!("cannot be read: {error}")))?;
        // Before its status: the pipe was closed after so much output, and that can be why the program failed.
        if bytes.len() as u64 > LONGEST_OUTPUT {
            return Err(Problem::permanent("printed more than 1 MiB"));
        }
        if !status.success() {
            return Err(Problem::permanent(format!(
                "failed: {status}; help: run it by hand to see its errors"
            )));
        }
        String::from_utf8(bytes).map_err(|_| Problem::permanent("printed no text"))
    }
}

/// The arguments can be secrets.
impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// Returns the seconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
