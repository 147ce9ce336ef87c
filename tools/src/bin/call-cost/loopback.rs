//! A server of operations on loopback with little overhead. It builds responses from constant texts, with one write for
//! each. One thread serves all connections, so the scheduler favors none of the compared clients.
//!
//! The name of an instance decides the response. The operations of `pages-N` have N pages. Responses for `slow` have the delay
//! [`SLOW`]. Responses for any other instance have no delay and one operation.

use std::{
    error::Error,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// The number of operations on a page.
pub(crate) const PAGE: usize = 100;

/// The delay of responses for the instance `slow`.
pub(crate) const SLOW: Duration = Duration::from_millis(50);

/// The text before the name of an operation, and the text after it: an operation that creates an instance.
const BEFORE: &str = r#"{"name":""#;
const AFTER: &str = concat!(
    r#"","metadata":{"@type":"type.googleapis.com/google.spanner.admin.instance.v1.CreateInstanceMetadata","#,
    r#""instance":{"name":"projects/p/instances/i","config":"projects/p/instanceConfigs/regional-europe-west1","#,
    r#""displayName":"An instance","nodeCount":1,"labels":{"team":"storage"}},"#,
    r#""startTime":"2026-11-01T09:00:00.123456Z","endTime":"2026-11-01T09:00:07.654321Z"},"done":true,"#,
    r#""response":{"@type":"type.googleapis.com/google.spanner.admin.instance.v1.Instance","#,
    r#""name":"projects/p/instances/i","config":"projects/p/instanceConfigs/regional-europe-west1","#,
    r#""displayName":"An instance","nodeCount":1,"processingUnits":1000,"state":"READY","labels":{"team":"storage"}}}"#,
);

/// Serves until standard input is closed. Prints a line with the URL first.
pub(crate) fn serve() -> io::Result<()> {
    thread::spawn(|| {
        // The parent process has ended.
        let _ = io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("http://{}", listener.local_addr()?);
        loop {
            let (socket, _) = listener.accept().await?;
            // The client may close the connection at any time.
            tokio::spawn(converse(socket));
        }
    })
}

/// A server process. Dropping this ends it.
pub(crate) struct Server {
    pub(crate) url: String,
    process: Child,
}

impl Server {
    /// Starts the server with a command that calls [`serve`].
    pub(crate) fn start(command: &mut Command) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn()?;
        let output = process.stdout.take().ok_or("the server has no output")?;
        let mut url = String::new();
        BufReader::new(output).read_line(&mut url)?;
        let url = url.trim().to_owned();
        Ok(Self { url, process })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

async fn converse(mut socket: TcpStream) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let mut head = Vec::new();
    let (mut body, mut response) = (String::new(), Vec::new());
    loop {
        head.clear();
        // A request without a body ends with its head.
        while !head.ends_with(b"\r\n\r\n") {
            if socket.read_buf(&mut head).await? == 0 {
                return Ok(());
            }
        }
        let line = head.split(|byte| *byte == b'\r').next();
        let line = String::from_utf8_lossy(line.unwrap_or_default());
        if line.contains("/instances/slow/") {
            tokio::time::sleep(SLOW).await;
        }
        body.clear();
        let status = match respond(&line, &mut body) {
            Some(()) => "200 OK",
            None => "404 Not Found",
        };
        response.clear();
        write!(
            response,
            "HTTP/1.1 {status}\r\ncontent-type: application/json; charset=UTF-8\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        socket.write_all(&response).await?;
    }
}

/// Writes the body of the response to a request line. Returns `None` for an unknown target.
fn respond(line: &str, body: &mut String) -> Option<()> {
    let target = line.strip_prefix("GET /v1/")?.split(' ').next()?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (instance, operation) = path.split_once("/operations")?;
    if operation.starts_with('/') {
        write_operation(path, body);
    } else {
        let (_, pages) = instance.rsplit_once("/pages-")?;
        let mut parameters = query.split('&');
        let token = parameters.find_map(|parameter| parameter.strip_prefix("pageToken="));
        let page = token.map_or(Some(0), |token| token.parse().ok())?;
        write_page(page, pages.parse().ok()?, body);
    }
    Some(())
}

/// Writes an operation with this name.
pub(crate) fn write_operation(name: &str, body: &mut String) {
    for text in [BEFORE, name, AFTER] {
        body.push_str(text);
    }
}

/// Writes a page of operations, numbered on from the previous page. The token is the number of the next page.
pub(crate) fn write_page(page: usize, pages: usize, body: &mut String) {
    body.push_str(r#"{"operations":["#);
    for number in page * PAGE..(page + 1) * PAGE {
        if number > page * PAGE {
            body.push(',');
        }
        write_operation(&name(number), body);
    }
    body.push(']');
    if page + 1 < pages {
        let token = (page + 1).to_string();
        for text in [r#","nextPageToken":""#, &token, "\""] {
            body.push_str(text);
        }
    }
    body.push('}');
}

/// Returns the name of the operation with this number.
pub(crate) fn name(number: usize) -> String {
    format!("projects/p/instances/i/operations/{number}")
}
