//! Measures the memory of media and of streams: an upload in one request, an upload in chunks, a download, and streams of
//! messages as a JSON array and as server-sent events, each of any size, with a server on loopback that discards the bytes.
//!
//! Run `cargo run --release -p gapi-tools --bin media-memory -- [GIB]`. The default is 5. The server is another process of this
//! program. A row shows the maximum growth of the memory in use (`VmRSS`) since before any media, sampled 100 times a second.
//! The program fails at 64 MiB or more. The row of a stream begins after its first message. There the program fails at 4 MiB or
//! more.

#![allow(clippy::print_stdout, reason = "a measurement")]

use std::{
    error::Error,
    io::{BufRead as _, BufReader},
    process::{Command, ExitCode, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, stream};
use gapi_runtime::{Bytes, Client, Media, MessageStream, Request, Service, Value};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// The limit on memory growth, in KiB.
const BAR: u64 = 64 << 10;

/// The limit on memory growth after the first message of a stream, in KiB.
const STREAM_BAR: u64 = 4 << 10;

/// The size of the chunks that a source and the server send.
const CHUNK: usize = 256 << 10;

#[derive(Clone, Debug)]
struct Store(Client);

gapi_runtime::service!(Store {
    id: "store:v1",
    name: "store",
    version: "v1",
    revision: "1",
    title: "Store",
    root_url: "https://store.googleapis.com/",
    batch_path: "batch",
});

struct Insert(Request);
gapi_runtime::call!(Insert {
    id: "store.insert",
    service: Store,
    request: Post "objects",
    upload: Resumable "*/*",
    response: Json Value,
});

struct Get(Request);
gapi_runtime::call!(Get {
    id: "store.get",
    service: Store,
    request: Get "objects",
    response: Json Value,
    download: Bytes,
});

struct Read(Request);
gapi_runtime::call!(Read {
    id: "store.read",
    service: Store,
    request: Post "messages",
    response: Json Vec<Value>,
    stream: Value,
});

struct Watch(Request);
gapi_runtime::call!(Watch {
    id: "store.watch",
    service: Store,
    request: Post "events",
    response: Json Vec<Value>,
    stream: Value,
});

fn main() -> ExitCode {
    let argument = std::env::args().nth(1);
    let ended = match argument.as_deref() {
        Some("--serve") => run(serve(std::env::args().nth(2))),
        size => match size.map_or(Ok(5), str::parse::<u64>) {
            Ok(gib) => run(measure(gib << 30)),
            Err(_) => Err("usage: media-memory [GIB]".into()),
        },
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(work: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(work)
}

async fn measure(size: u64) -> Result<()> {
    let mut server = Command::new(std::env::current_exe()?)
        .args(["--serve", &size.to_string()])
        .stdout(Stdio::piped())
        .spawn()?;
    let measured = async {
        let stdout = server.stdout.take().ok_or("the server has no output")?;
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url)?;
        measure_at(url.trim(), size).await
    };
    let measured = measured.await;
    server.kill()?;
    server.wait()?;
    measured
}

async fn measure_at(url: &str, size: u64) -> Result<()> {
    let store = at(url).await?;
    let insert = Insert(Request::of::<Insert>(store.client()));
    let get = Get(Request::of::<Get>(store.client()));
    // Creates the connections and tables.
    insert.clone().upload(zeros(1)).send().await?;
    get.clone().send().await?;
    let base = resident()?;
    println!("{} MiB of media; {} KiB in use before", size >> 20, base);

    // First, because memory that uploads have released would hide their growth.
    let read = Read(Request::of::<Read>(store.client()));
    stream_row("a stream, as an array", read.stream(), size).await?;
    let watch = Watch(Request::of::<Watch>(store.client()));
    stream_row("a stream, as events", watch.stream(), size).await?;

    let upload = insert.clone().upload(zeros(size).length(size)).send();
    row("an upload in one request", base, upload).await?;
    let body = Insert(Request::of::<Insert>(store.client()).body(Value::from("body")));
    let upload = body.upload(zeros(size)).send();
    row("with a body, of unknown length", base, upload).await?;
    let upload = insert.clone().upload(zeros(size).length(size)).resumable();
    row("an upload in chunks of 16 MiB", base, upload.send()).await?;
    let upload = insert.upload(zeros(size)).resumable().send();
    row("of unknown length", base, upload).await?;
    let download = async {
        let mut media = get.download().stream().await?.into_body();
        let mut length = 0;
        while let Some(chunk) = media.next().await {
            length += u64::try_from(chunk?.len())?;
        }
        if length == size {
            Ok(())
        } else {
            Err("the download has another length".into())
        }
    };
    row::<_, Box<dyn Error + Send + Sync>>("a download", base, download).await
}

/// Reads a stream and prints its memory growth since the first message.
async fn stream_row(what: &str, mut messages: MessageStream<Value>, size: u64) -> Result<()> {
    let first = messages.next().await.ok_or("no message")??;
    let base = resident()?;
    let rest = async {
        let mut bytes = 0;
        while let Some(message) = messages.next().await {
            let text = message?["text"].as_str().map_or(0, str::len);
            bytes += u64::try_from(text)?;
        }
        // The rest is punctuation.
        if first["text"].is_string() && bytes > size / 100 * 99 {
            Ok(())
        } else {
            Err("the stream has another length".into())
        }
    };
    row_within::<_, Box<dyn Error + Send + Sync>>(what, STREAM_BAR, base, rest).await
}

/// Returns a client of the server at this URL.
async fn at(url: &str) -> Result<Store> {
    let client = gapi_runtime::ClientBuilder::new().endpoint(url);
    Ok(client.build().await?)
}

/// Returns media of zeros. No two chunks share memory.
fn zeros(size: u64) -> Media {
    let chunks = stream::unfold(size, |left| async move {
        let length = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
        let rest = left - u64::try_from(length).ok()?;
        (length > 0).then(|| (Ok(Bytes::from(vec![0; length])), rest))
    });
    Media::stream("application/octet-stream", chunks)
}

/// Runs an operation on media and prints its memory growth.
async fn row<T, E: Into<Box<dyn Error + Send + Sync>>>(
    what: &str,
    base: u64,
    work: impl Future<Output = std::result::Result<T, E>>,
) -> Result<()> {
    row_within(what, BAR, base, work).await
}

async fn row_within<T, E: Into<Box<dyn Error + Send + Sync>>>(
    what: &str,
    bar: u64,
    base: u64,
    work: impl Future<Output = std::result::Result<T, E>>,
) -> Result<()> {
    let most = Arc::new(AtomicU64::new(0));
    let ended = Arc::new(AtomicBool::new(false));
    let watcher = std::thread::spawn({
        let (most, ended) = (Arc::clone(&most), Arc::clone(&ended));
        move || {
            while !ended.load(Ordering::Relaxed) {
                most.fetch_max(resident().unwrap_or(u64::MAX), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    });
    let begin = Instant::now();
    let done = work.await;
    let took = begin.elapsed();
    ended.store(true, Ordering::Relaxed);
    let _ = watcher.join();
    done.map_err(Into::into)?;
    let growth = most.load(Ordering::Relaxed).saturating_sub(base);
    println!("{what:32} {growth:8} KiB more {:8.1} s", took.as_secs_f64());
    if growth < bar {
        Ok(())
    } else {
        Err(format!("that is more than {bar} KiB").into())
    }
}

/// Returns the memory of this process, in KiB (`proc(5)`).
fn resident() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("no VmRSS")?.parse()?)
}

/// Runs a server that accepts and discards everything, and sends media of this many zeros.
async fn serve(size: Option<String>) -> Result<()> {
    let size: u64 = size.ok_or("no size")?.parse()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    println!("{url}");
    loop {
        let (socket, _) = listener.accept().await?;
        // The client may close the connection at any time.
        tokio::spawn(converse(socket, url.clone(), size));
    }
}

async fn converse(mut socket: TcpStream, url: String, size: u64) -> Result<()> {
    let mut buffer = vec![0; CHUNK];
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            head.push(char::from(socket.read_u8().await?));
        }
        let header = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            let value = lines.find(|(known, _)| *known == name);
            value.map_or("", |(_, value)| value)
        };
        if header("transfer-encoding") == "chunked" {
            loop {
                let mut line = String::new();
                while !line.ends_with("\r\n") {
                    line.push(char::from(socket.read_u8().await?));
                }
                let length = u64::from_str_radix(line.trim(), 16)?;
                pass_over(&mut socket, &mut buffer, length + 2).await?;
                if length == 0 {
                    break;
                }
            }
        } else {
            let length = header("content-length").parse().unwrap_or(0);
            pass_over(&mut socket, &mut buffer, length).await?;
        }
        if let Some(form) = FORMS.iter().find(|form| head.starts_with(form.request)) {
            send_messages(&mut socket, form, size).await?;
            continue;
        }
        let range = header("content-range").strip_prefix("bytes ");
        let (range, total) = range
            .and_then(|range| range.split_once('/'))
            .unwrap_or(("", ""));
        let last = range.split_once('-').map_or("", |(_, last)| last);
        let is_last = total.parse() == Ok(last.parse::<u64>().unwrap_or(0) + 1);
        let (response, media) = if head.contains("alt=media") {
            (format!("200 OK\r\ncontent-length: {size}"), size)
        } else if head.contains("uploadType=resumable") {
            let location = format!("200 OK\r\nlocation: {url}/session\r\ncontent-length: 0");
            (location, 0)
        } else if !last.is_empty() && !is_last {
            let kept = format!("308 Resume\r\nrange: bytes=0-{last}\r\ncontent-length: 0");
            (kept, 0)
        } else {
            ("200 OK\r\ncontent-length: 0".to_owned(), 0)
        };
        let response = format!("HTTP/1.1 {response}\r\n\r\n");
        socket.write_all(response.as_bytes()).await?;
        buffer.fill(0);
        let mut left = media;
        while left > 0 {
            let length = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
            socket.write_all(&buffer[..length]).await?;
            left -= u64::try_from(length)?;
        }
    }
}

/// A form of a stream.
struct Form {
    request: &'static str,
    content_type: &'static str,
    begin: &'static str,
    before: &'static str,
    after: &'static str,
    end: &'static str,
}

const FORMS: [Form; 2] = [
    Form {
        request: "POST /messages",
        content_type: "application/json",
        begin: "[{\"text\":\"first\"}",
        before: ",\r\n",
        after: "",
        end: "]",
    },
    Form {
        request: "POST /events",
        content_type: "text/event-stream",
        begin: "data: {\"text\":\"first\"}\n\n",
        before: "data: ",
        after: "\n\n",
        end: "",
    },
];

/// Sends messages of about 8 KiB, of this size together.
async fn send_messages(socket: &mut TcpStream, form: &Form, size: u64) -> Result<()> {
    let message = format!("{{\"text\":\"{}\"}}", "x".repeat(8 << 10));
    let block = [form.before, &message, form.after].concat().repeat(32);
    let count = size.div_ceil(u64::try_from(block.len())?);
    let length =
        count * u64::try_from(block.len())? + u64::try_from(form.begin.len() + form.end.len())?;
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {}\r\ncontent-length: {length}\r\n\r\n{}",
        form.content_type, form.begin
    );
    socket.write_all(head.as_bytes()).await?;
    for _ in 0..count {
        socket.write_all(block.as_bytes()).await?;
    }
    socket.write_all(form.end.as_bytes()).await?;
    Ok(())
}

async fn pass_over(socket: &mut TcpStream, buffer: &mut [u8], length: u64) -> Result<()> {
    let mut left = length;
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
        let read = socket.read(&mut buffer[..most]).await?;
        if read == 0 {
            return Err("the client has closed the connection".into());
        }
        left -= u64::try_from(read)?;
    }
    Ok(())
}
