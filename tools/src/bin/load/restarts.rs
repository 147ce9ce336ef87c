//! A server that restarts every second: no POST is executed twice, none is acknowledged without being executed, and hardly
//! any GET fails.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use gapi::spanner_v1::{Spanner, schemas::CreateInstanceRequest};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinSet,
};

use crate::{Result, at_most};

const TIME: Duration = Duration::from_secs(30);
const UP: Duration = Duration::from_millis(950);
const DOWN: Duration = Duration::from_millis(50);
const TASKS: usize = 16;

/// The part of the GETs that may fail.
const BAR: f64 = 0.001;

/// The number of executions of each POST, by the id of its instance.
type Executed = Arc<Mutex<HashMap<String, u32>>>;

#[derive(Default)]
struct Counts {
    gets: AtomicUsize,
    failed_gets: AtomicUsize,
    posts: AtomicUsize,
    acknowledged: Mutex<Vec<String>>,
}

pub(crate) async fn check() -> Result<bool> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    drop(listener);
    let executed = Executed::default();
    let end = Instant::now() + TIME;
    let server = tokio::spawn(restart(address, executed.clone(), end));
    let spanner = Spanner::builder().endpoint(format!("http://{address}"));
    let spanner: Spanner = spanner.build().await?;
    let counts = Arc::new(Counts::default());
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        tasks.spawn(call(spanner.clone(), counts.clone(), task, end));
    }
    while let Some(task) = tasks.join_next().await {
        task?;
    }
    server.await??;
    let executed = executed.lock().unwrap_or_else(PoisonError::into_inner);
    let acknowledged = counts
        .acknowledged
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let twice = executed.values().filter(|times| **times > 1).count();
    let lost = acknowledged
        .iter()
        .filter(|id| !executed.contains_key(*id))
        .count();
    let count = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
    let (gets, failed) = (count(&counts.gets), count(&counts.failed_gets));
    println!(
        "{gets} GETs, {failed} failed; {} POSTs, {} acknowledged, {} executed, {twice} executed twice, \
         {lost} acknowledged and not executed",
        count(&counts.posts),
        acknowledged.len(),
        executed.len(),
    );
    let part = ratio(failed, gets);
    let within = at_most("GETs that fail", part, BAR, "");
    Ok(within && twice == 0 && lost == 0 && gets > 1_000 && acknowledged.len() > 1_000)
}

fn ratio(part: usize, all: usize) -> f64 {
    let number = |count: usize| u32::try_from(count).map_or(f64::INFINITY, f64::from);
    number(part) / number(all)
}

/// Sends calls until the end.
async fn call(spanner: Spanner, counts: Arc<Counts>, task: usize, end: Instant) {
    let instances = spanner.projects().instances();
    for number in 0.. {
        if Instant::now() >= end {
            return;
        }
        if number % 2 == 0 {
            counts.gets.fetch_add(1, Ordering::Relaxed);
            let get = instances
                .operations()
                .get("projects/p/instances/i/operations/o");
            if get.send().await.is_err() {
                counts.failed_gets.fetch_add(1, Ordering::Relaxed);
            }
        } else {
            let id = format!("{task}-{number}");
            let body = CreateInstanceRequest {
                instance_id: Some(id.clone()),
                ..CreateInstanceRequest::default()
            };
            counts.posts.fetch_add(1, Ordering::Relaxed);
            if instances.create("projects/p", body).send().await.is_ok() {
                let acknowledged = counts.acknowledged.lock();
                acknowledged
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(id);
            }
        }
    }
}

/// Serves at this address, with all connections cut every second, until the end.
async fn restart(address: SocketAddr, executed: Executed, end: Instant) -> Result<()> {
    // Runs longer than the clients, so that their last calls have a server.
    while Instant::now() < end + Duration::from_secs(5) {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let listener = socket.listen(1024)?;
        let mut connections = JoinSet::new();
        let serve = async {
            while let Ok((socket, _)) = listener.accept().await {
                connections.spawn(converse(socket, executed.clone()));
            }
        };
        let _ = tokio::time::timeout(UP, serve).await;
        drop(listener);
        connections.abort_all();
        tokio::time::sleep(DOWN).await;
    }
    Ok(())
}

async fn converse(mut socket: TcpStream, executed: Executed) -> std::io::Result<()> {
    let mut received = Vec::new();
    loop {
        received.clear();
        let (head, length) = loop {
            if socket.read_buf(&mut received).await? == 0 {
                return Ok(());
            }
            if let Some(found) = complete(&received) {
                break found;
            }
        };
        if received.starts_with(b"POST") {
            let body: serde_json::Value = serde_json::from_slice(&received[head..head + length])?;
            let id = body["instanceId"].as_str().unwrap_or_default().to_owned();
            let mut executed = executed.lock().unwrap_or_else(PoisonError::into_inner);
            *executed.entry(id).or_default() += 1;
        }
        socket
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
            .await?;
    }
}

/// Returns the lengths of the head and the body, when the whole request has been received.
fn complete(received: &[u8]) -> Option<(usize, usize)> {
    let end = received
        .windows(4)
        .position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&received[..end]).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length = length.map_or(Some(0), |length| length.trim().parse().ok())?;
    let head = end + 4;
    (received.len() >= head + length).then_some((head, length))
}
