//! An HTTP/2 server on loopback that chooses each frame of its responses (RFC 9113, section 6).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const GO_AWAY: u8 = 7;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// A step of a response.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// The head: the status, and the other fields.
    Head(&'static str, &'static [(&'static str, &'static str)]),
    Data(&'static str),
    /// The end of the stream.
    End,
    /// The code of the error that resets the stream.
    Reset(u8),
    /// The code of the error that ends the connection, and a text.
    GoAway(u8, &'static str),
}

pub(super) struct Server {
    pub(super) url: String,
    responses: Arc<Mutex<VecDeque<Vec<Step>>>>,
    /// The number of requests.
    requests: Arc<Mutex<usize>>,
}

impl Server {
    pub(super) async fn start(responses: &[&[Step]]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let responses = responses.iter().map(|steps| steps.to_vec()).collect();
        let server = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            responses: Arc::new(Mutex::new(responses)),
            requests: Arc::default(),
        };
        let (responses, requests) = (server.responses.clone(), server.requests.clone());
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, responses.clone(), requests.clone()));
            }
        });
        server
    }

    /// Returns the number of requests. Every response must have been sent.
    pub(super) fn requests(&self) -> usize {
        assert!(self.responses.lock().unwrap().is_empty());
        *self.requests.lock().unwrap()
    }
}

async fn serve(
    mut socket: TcpStream,
    responses: Arc<Mutex<VecDeque<Vec<Step>>>>,
    requests: Arc<Mutex<usize>>,
) -> Option<()> {
    let mut preface = [0; 24];
    socket.read_exact(&mut preface).await.ok()?;
    socket.write_all(&frame(SETTINGS, 0, 0, &[])).await.ok()?;
    loop {
        let mut start = [0; 9];
        socket.read_exact(&mut start).await.ok()?;
        let [_, high, low, kind, .., stream] = start;
        let mut payload = vec![0; usize::from(u16::from_be_bytes([high, low]))];
        socket.read_exact(&mut payload).await.ok()?;
        if kind != HEADERS {
            continue;
        }
        *requests.lock().unwrap() += 1;
        let steps = responses.lock().unwrap().pop_front().unwrap();
        for step in steps {
            socket.write_all(&step.frame(stream)).await.ok()?;
        }
    }
}

fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    let mut frame = vec![0, 0, length, kind, flags, 0, 0, 0, stream];
    frame.extend(payload);
    frame
}

impl Step {
    fn frame(self, stream: u8) -> Vec<u8> {
        match self {
            Self::Head(status, fields) => {
                // The name `:status` is number 8 of the static table (RFC 7541, appendix A).
                let mut head = vec![8];
                add_text(&mut head, status);
                for (name, value) in fields {
                    head.push(0);
                    add_text(&mut head, name);
                    add_text(&mut head, value);
                }
                frame(HEADERS, END_HEADERS, stream, &head)
            }
            Self::Data(text) => frame(DATA, 0, stream, text.as_bytes()),
            Self::End => frame(DATA, END_STREAM, stream, b""),
            Self::Reset(code) => frame(RESET, 0, stream, &[0, 0, 0, code]),
            Self::GoAway(code, text) => {
                // No stream was processed.
                let payload = [&[0, 0, 0, 0, 0, 0, 0, code], text.as_bytes()].concat();
                frame(GO_AWAY, 0, 0, &payload)
            }
        }
    }
}

fn add_text(head: &mut Vec<u8>, text: &str) {
    head.push(u8::try_from(text.len()).unwrap());
    head.extend(text.as_bytes());
}
