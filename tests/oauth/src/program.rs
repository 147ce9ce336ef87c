//! Programs that run as a user runs them: with the server in the place of Google, and a person who logs in.

use crate::server::Server;
use crate::state::SUBJECT_TOKEN;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use tempfile::TempDir;

/// Variables that lead a program to other servers or other credentials.
const VARIABLES: [&str; 6] = [
    "NO_PROXY",
    "no_proxy",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "DISPLAY",
    "BROWSER",
    "XDG_CONFIG_HOME",
];

/// The reaction of a person to the prompt of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    /// No person reacts.
    Absent,
    /// Presses "Allow" in the browser of the URL that the program shows.
    LogsIn,
    /// Enters the code that the program shows.
    EntersCode,
}

/// The output of a program that has ended.
#[derive(Debug)]
pub struct Ran {
    /// The exit status.
    pub status: ExitStatus,
    /// All of stdout.
    pub out: String,
    /// All of stderr.
    pub err: String,
}

impl Server {
    /// Returns a new directory with all credentials files of Google. It is the home and the working directory of a program.
    pub fn home(&self) -> TempDir {
        let directory = tempfile::tempdir().unwrap();
        let files = self.files_of_google();
        let subject = directory.path().join("subject");
        fs::write(&subject, SUBJECT_TOKEN).unwrap();
        let external = files.external_impersonated(subject.to_str().unwrap());
        for (name, file) in [
            ("key.json", files.service_account()),
            ("user.json", files.authorized_user()),
            ("external.json", external),
            ("impersonated.json", files.impersonated()),
            ("client_secret.json", files.client_secret()),
        ] {
            fs::write(directory.path().join(name), file.to_string()).unwrap();
        }
        directory
    }

    /// Returns the command of a program whose requests to Google reach this server through a proxy.
    pub fn command(&self, program: impl AsRef<Path>, home: &Path) -> Command {
        let mut command = Command::new(program.as_ref());
        for name in VARIABLES {
            command.env_remove(name);
        }
        command
            .current_dir(home)
            .env("HOME", home)
            .env("HTTPS_PROXY", self.url())
            .env("https_proxy", self.url())
            .env("SSL_CERT_FILE", Self::ca_file())
            .env("GCE_METADATA_HOST", self.host())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end, while a person reads what it shows on stderr.
    pub fn run(&self, command: &mut Command, person: Person) -> Ran {
        let mut child = command.spawn().unwrap();
        let mut err = String::new();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        while let Some(Ok(line)) = lines.next() {
            err.push_str(&line);
            err.push('\n');
            let url = line
                .split_whitespace()
                .find(|word| word.starts_with("https://accounts.google.com/"));
            if let (Person::LogsIn, Some(url)) = (person, url) {
                let page = self.log_in(url, true);
                assert!(page.starts_with("HTTP/1.1 200"), "{page}");
            }
            if person == Person::EntersCode {
                for code in self.waiting_devices() {
                    assert!(err.contains(&code), "{err}");
                    self.decide(&code, true);
                }
            }
        }
        let output = child.wait_with_output().unwrap();
        assert!(!err.contains("SECRET"), "{err}");
        Ran {
            status: output.status,
            out: String::from_utf8(output.stdout).unwrap(),
            err,
        }
    }
}

impl Ran {
    /// Asserts success, and returns stdout.
    pub fn success(self) -> String {
        assert!(self.status.success(), "{}{}", self.out, self.err);
        self.out
    }
}
