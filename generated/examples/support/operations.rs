//! The shared parts of the examples: arguments, a table of operations, and a progress bar.

use futures_util::TryStreamExt;
use gapi::gapi_runtime::{ClientBuilder, Poller, Result, Service, Update, WireFormat};
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt;
use std::future::Future;
use std::process::ExitCode;

/// A command with its operation, or with the parent of operations.
#[allow(dead_code, reason = "each example has commands of its own")]
pub(crate) enum Command {
    List(String),
    Watch(String),
    Cancel(String),
    /// A command of a single example.
    Other(String, String),
}

pub(crate) struct Arguments {
    pub(crate) command: Command,
    endpoint: Option<String>,
}

impl Arguments {
    fn read(mut given: impl Iterator<Item = String>) -> Option<Self> {
        let mut endpoint = None;
        let mut words = Vec::new();
        while let Some(argument) = given.next() {
            match argument.as_str() {
                "--endpoint" => endpoint = Some(given.next()?),
                flag if flag.starts_with('-') => return None,
                _ => words.push(argument),
            }
        }
        let [command, name]: [String; 2] = words.try_into().ok()?;
        let command = match command.as_str() {
            "list" => Command::List(name),
            "watch" => Command::Watch(name),
            "cancel" => Command::Cancel(name),
            _ => Command::Other(command, name),
        };
        Some(Self { command, endpoint })
    }

    /// Returns a builder with the endpoint and the credentials.
    pub(crate) fn client<S: Service>(&self) -> ClientBuilder<S> {
        let mut builder = ClientBuilder::new().user_agent("gapi-examples/1.0");
        if let Some(endpoint) = &self.endpoint {
            builder = builder.endpoint(endpoint);
        }
        match std::env::var("GAPI_ACCESS_TOKEN") {
            Ok(token) => builder.bearer_token(token),
            // Application Default Credentials, or none for an emulator.
            Err(_) => builder,
        }
    }
}

/// Reads the arguments and runs the example. Prints errors. `run` returns `None` for an unknown command.
pub(crate) async fn main<F>(usage: &str, run: impl FnOnce(Arguments) -> F) -> ExitCode
where
    F: Future<Output = Option<Result<()>>>,
{
    let Some(arguments) = Arguments::read(std::env::args().skip(1)) else {
        eprintln!("{usage}");
        return ExitCode::from(2);
    };
    match run(arguments).await {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(error)) => {
            eprintln!("error: {error}");
            // More details of the server: a reason that identifies the error, and others.
            let status = error.status().into_iter();
            for detail in status.flat_map(|status| &status.details) {
                eprintln!("  {detail}");
            }
            ExitCode::FAILURE
        }
        None => {
            eprintln!("{usage}");
            ExitCode::from(2)
        }
    }
}

/// The columns of an operation. Each API has its own type of operations.
pub(crate) struct Row {
    pub(crate) name: Option<String>,
    pub(crate) done: Option<bool>,
    /// Code and message.
    pub(crate) error: Option<(Option<i32>, Option<String>)>,
}

pub(crate) fn print_table(rows: impl IntoIterator<Item = Row>) {
    let rows: Vec<Row> = rows.into_iter().collect();
    let name = |row: &Row| row.name.clone().unwrap_or_default();
    let widths = rows.iter().map(|row| name(row).chars().count());
    let width = widths.max().unwrap_or(0).max("NAME".len());
    println!("{:width$}  {:5}  ERROR", "NAME", "DONE");
    for row in &rows {
        let error = row.error.as_ref().map(|(code, message)| {
            let message = message.as_deref().unwrap_or_default();
            format!("{}: {message}", code.unwrap_or_default())
        });
        let (name, done) = (name(row), row.done.unwrap_or(false));
        let line = format!("{name:width$}  {done:5}  {}", error.unwrap_or_default());
        println!("{}", line.trim_end());
    }
}

/// Waits for the operation and shows its progress: a bar on a terminal, otherwise a line for each change.
pub(crate) async fn watch<R: WireFormat + fmt::Debug, M: WireFormat>(
    poller: Poller<R, M>,
    percent: impl Fn(&M) -> Option<u64>,
) -> Result<()> {
    let bar = ProgressBar::new(100);
    let style = ProgressStyle::with_template("{bar:40} {percent} %  {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut updates = poller.updates();
    let mut shown = None;
    while let Some(update) = updates.try_next().await? {
        match update {
            Update::InProgress(state) => {
                let percent = state.metadata().and_then(&percent);
                bar.set_position(percent.unwrap_or_default());
                if bar.is_hidden() && shown != Some(percent) {
                    shown = Some(percent);
                    match percent {
                        Some(percent) => println!("{percent} %"),
                        None => println!("in progress"),
                    }
                }
            }
            Update::Done(result) => {
                bar.finish_and_clear();
                println!("done: {result:#?}");
            }
            _ => {}
        }
    }
    Ok(())
}
