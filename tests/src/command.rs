//! The program, run as a user runs it.

use std::{path::Path, process::Command};

/// Returns the command of the program with these arguments, in a directory and a clean environment.
#[must_use]
pub fn command(program: &str, directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(directory)
        .env_remove("RUST_BACKTRACE");
    for proxy in ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY"] {
        command.env_remove(proxy).env_remove(proxy.to_lowercase());
    }
    command
}

/// The result of running the program.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code.
    pub code: i32,
    /// All of stdout.
    pub out: String,
    /// All of stderr.
    pub err: String,
}

/// Runs the program to its end.
#[must_use]
pub fn run(program: &str, directory: &Path, arguments: &[&str]) -> Outcome {
    outcome(&mut command(program, directory, arguments))
}

/// Runs a command to its end.
pub fn outcome(command: &mut Command) -> Outcome {
    let output = command.output().expect("the program runs");
    Outcome {
        code: output.status.code().expect("it ends by itself"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

impl Outcome {
    /// Asserts success without stderr, and returns stdout.
    #[allow(
        clippy::must_use_candidate,
        reason = "that it succeeds may be all that a test wants"
    )]
    pub fn success(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
        self.out
    }

    /// Asserts failure with exactly this message.
    pub fn failure(self, message: &str) {
        assert_eq!(
            (self.code, self.err.trim_end()),
            (1, message),
            "{}",
            self.out
        );
    }
}
