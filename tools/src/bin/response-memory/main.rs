//! Measures the resident memory of a client that reads hostile responses: gzip of little text, which becomes much more JSON
//! and even more values.
//!
//! Run `cargo run --release -p gapi-tools --bin response-memory -- [SHAPE…]`. The client of Spanner with its defaults reads each
//! response in another process of this program. A row shows the size of the gzip and of the text, the maximum resident memory
//! of the process (`VmHWM`) and the outcome. The program fails if a process needs 256 MiB or more, or if a response succeeds
//! that must be an error.

#![allow(clippy::print_stdout, reason = "a measurement")]

use std::{
    env,
    error::Error,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Command, ExitCode},
    thread,
};

use flate2::{Compression, write::GzEncoder};
use gapi::spanner_v1::Spanner;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// The limit on the resident memory, in KiB.
const BAR: u64 = 256 << 10;

/// The sizes of the texts, in bytes. The last one is just below the limit of a client.
const SIZES: [usize; 3] = [4 << 20, 16 << 20, (64 << 20) - 4096];

/// A text: its name, its beginning, the part that is repeated, its end, and whether the largest size must be an error.
type Shape = (&'static str, &'static str, &'static str, &'static str, bool);

const SHAPES: [Shape; 17] = [
    ("empty-structs", r#"{"instances":[{}"#, ",{}", "]}", true),
    ("nulls", r#"{"instances":[{}"#, ",null", "]}", true),
    (
        "unknown-members",
        r#"{"instances":[{}"#,
        r#",{"x":0}"#,
        "]}",
        true,
    ),
    (
        "unknown-numbers",
        r#"{"instances":[{}"#,
        r#",{"x":1e999}"#,
        "]}",
        true,
    ),
    (
        "null-fields",
        r#"{"instances":[{}"#,
        r#",{"name":null}"#,
        "]}",
        true,
    ),
    (
        "enum-numbers",
        r#"{"instances":[{}"#,
        r#",{"state":0}"#,
        "]}",
        true,
    ),
    (
        "maps",
        r#"{"instances":[{}"#,
        r#",{"labels":{"a":""}}"#,
        "]}",
        true,
    ),
    (
        "entries",
        r#"{"instances":[{"labels":{"a":"""#,
        r#","a":"""#,
        "}}]}",
        false,
    ),
    (
        "short-strings",
        r#"{"unreachable":["""#,
        r#","a""#,
        "]}",
        true,
    ),
    (
        "empty-strings",
        r#"{"unreachable":["""#,
        r#","""#,
        "]}",
        true,
    ),
    ("unknown-lists", r#"{"x":[[]"#, ",[]", "]}", true),
    ("unknown-objects", r#"{"x":[{}"#, r#",{"a":0}"#, "]}", true),
    ("unknown-digits", r#"{"x":[0"#, ",0", "]}", true),
    ("broken", r#"{"instances":[{}"#, ",{}", "", true),
    ("deep", r#"{"x":"#, "[", "", true),
    ("white-space", "", " ", "{}", false),
    (
        "one-string",
        r#"{"nextPageToken":""#,
        "aaaaaaaa",
        "\"}",
        false,
    ),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let ended = match &*arguments {
        [flag, url] if flag == "--read" => read(url).map(|()| true),
        shapes => measure(shapes),
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(asked: &[String]) -> Result<bool> {
    let mut within = true;
    for (name, start, middle, end, must_fail) in SHAPES {
        if !asked.is_empty() && !asked.iter().any(|shape| shape == name) {
            continue;
        }
        for size in SIZES {
            let count = size.saturating_sub(start.len() + end.len()) / middle.len();
            let json = [start, &middle.repeat(count), end].concat();
            let (memory, outcome) = served(&compressed(&json)?)?;
            println!(
                "{name:16} {:6} KiB of gzip {:6} KiB of text {:6} KiB resident: {outcome}",
                compressed(&json)?.len() >> 10,
                json.len() >> 10,
                memory
            );
            let is_largest = size == SIZES[2];
            within &= memory < BAR && (outcome.starts_with("error") || !(must_fail && is_largest));
        }
    }
    println!(
        "{}",
        if within {
            "within the bars"
        } else {
            "NOT within the bars"
        }
    );
    Ok(within)
}

fn compressed(text: &str) -> Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(text.as_bytes())?;
    Ok(gzip.finish()?)
}

/// Sends a body to a client in another process. Returns its memory and the outcome.
fn served(gzip: &[u8]) -> Result<(u64, String)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let output = thread::scope(|scope| {
        scope.spawn(|| listener.accept().map(|(socket, _)| respond(socket, gzip)));
        Command::new(env::current_exe()?)
            .args(["--read", &url])
            .output()
    })?;
    let output = String::from_utf8(output.stdout)?;
    let (memory, outcome) = output
        .trim()
        .split_once(' ')
        .ok_or_else(|| format!("the client ended without a result: {output}"))?;
    Ok((memory.parse()?, outcome.to_owned()))
}

fn respond(mut socket: TcpStream, gzip: &[u8]) -> Result<()> {
    let mut request = [0; 4096];
    let _ = socket.read(&mut request)?;
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        gzip.len()
    );
    socket.write_all(head.as_bytes())?;
    socket.write_all(gzip)?;
    Ok(())
}

/// Reads a page, and prints the memory of this process and the outcome.
fn read(url: &str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(async {
        let spanner: Spanner = Spanner::builder().endpoint(url).build().await?;
        let page = spanner
            .projects()
            .instances()
            .list("projects/p")
            .send()
            .await;
        let outcome = match &page {
            Ok(page) => format!("ok, {} instances", page.instances.iter().flatten().count()),
            Err(error) => format!("error: {error}"),
        };
        Ok::<_, Box<dyn Error + Send + Sync>>(outcome)
    })?;
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    println!("{} {outcome}", number.ok_or("no VmHWM")?);
    Ok(())
}
