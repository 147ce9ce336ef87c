//! A server on loopback that takes its time, and notes the headers of requests.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

/// The time that each response takes.
const TIME: Duration = Duration::from_millis(20);

/// The record of a server.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// The requests: the target, and the headers with names in lower case.
    pub(crate) requests: Vec<(String, Vec<(String, String)>)>,
    /// When each of them came.
    pub(crate) times: Vec<Instant>,
    /// The number of requests in progress.
    now: usize,
    /// The largest number of requests at a time.
    pub(crate) most: usize,
}

impl Record {
    /// Returns the values of a header in all requests.
    pub(crate) fn values(&self, name: &str) -> Vec<String> {
        let values = self.requests.iter().map(|(_, headers)| {
            let mut headers = headers.iter();
            let found = headers.find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        });
        values.collect()
    }
}

/// Serves for as long as the test runs. The first responses have these statuses, all others 200. Returns the URL and the record.
pub(crate) fn serve(statuses: &'static [&'static str]) -> (String, Arc<Mutex<Record>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    let record = Arc::new(Mutex::new(Record::default()));
    let noted = Arc::clone(&record);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let record = Arc::clone(&noted);
            thread::spawn(move || respond(stream, &record, statuses));
        }
    });
    (format!("http://{address}"), record)
}

/// Responds to one request and closes the connection.
fn respond(mut stream: TcpStream, record: &Mutex<Record>, statuses: &[&str]) {
    let mut lines = BufReader::new(stream.try_clone().expect("a second handle")).lines();
    let mut next = || lines.next().and_then(Result::ok).unwrap_or_default();
    let target = next().split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    while let Some((name, value)) = next().split_once(": ") {
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let number = {
        let mut record = record.lock().expect("no panic");
        record.requests.push((target, headers));
        record.times.push(Instant::now());
        record.now += 1;
        record.most = record.most.max(record.now);
        record.requests.len() - 1
    };
    thread::sleep(TIME);
    record.lock().expect("no panic").now -= 1;
    let status = statuses.get(number).unwrap_or(&"200 OK");
    let body = r#"{"instances": [{"name": "projects/p/instances/orders"}]}"#;
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    // The client may have gone.
    let _ = stream.write_all([head.as_bytes(), body.as_bytes()].concat().as_slice());
}
