//! A server of operations with faults. The name of an operation decides the fault.

use std::{
    io::{self, Read as _, Write as _},
    net::TcpStream as StdStream,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::{Result, loopback};

/// The faults.
pub(crate) const FATES: [&str; 6] = ["good", "unavailable", "missing", "cut", "half", "slow"];

/// The delay of slow responses: longer than a busy machine delays the timeout of a call.
const SLOW: Duration = Duration::from_secs(3);

/// The number of connections that are open.
static OPEN: AtomicUsize = AtomicUsize::new(0);

/// Serves until the process ends. Prints a line with the URL first.
pub(crate) async fn serve() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (socket, _) = listener.accept().await?;
        OPEN.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(async move {
            // The client may close the connection at any time.
            let _ = converse(socket).await;
            OPEN.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

async fn converse(mut socket: TcpStream) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let (mut head, mut body) = (Vec::new(), String::new());
    loop {
        head.clear();
        while !head.ends_with(b"\r\n\r\n") {
            if socket.read_buf(&mut head).await? == 0 {
                return Ok(());
            }
        }
        let line = head.split(|byte| *byte == b'\r').next();
        let line = String::from_utf8_lossy(line.unwrap_or_default());
        let target = line.split(' ').nth(1).unwrap_or_default();
        let path = target.split('?').next().unwrap_or_default();
        let name = path.strip_prefix("/v1/").unwrap_or(path);
        let (_, operation) = name.rsplit_once('/').unwrap_or(("", name));
        let fate = operation.split('-').next().unwrap_or_default();
        body.clear();
        let status = match fate {
            "open" => {
                body = OPEN.load(Ordering::SeqCst).to_string();
                "200 OK"
            }
            "cut" => return Ok(()),
            "unavailable" => "503 Service Unavailable",
            "missing" => "404 Not Found",
            _ => {
                loopback::write_operation(name, &mut body);
                "200 OK"
            }
        };
        if fate == "slow" {
            tokio::time::sleep(SLOW).await;
        }
        let length = body.len() + usize::from(fate == "half");
        let head = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n");
        socket
            .write_all(&[head.as_bytes(), body.as_bytes()].concat())
            .await?;
        if fate == "half" {
            return Ok(());
        }
    }
}

/// Returns the number of connections that others than the caller have to this server.
pub(crate) fn open_connections(url: &str) -> Result<usize> {
    let mut socket = StdStream::connect(url.trim_start_matches("http://"))?;
    socket.write_all(b"GET /open HTTP/1.1\r\nhost: localhost\r\n\r\n")?;
    let mut response = [0; 1024];
    let length = socket.read(&mut response)?;
    let text = String::from_utf8_lossy(&response[..length]).into_owned();
    let count = text.rsplit("\r\n").next().unwrap_or_default();
    Ok(count.parse::<usize>()?.saturating_sub(1))
}
