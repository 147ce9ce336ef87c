//! Installs, starts and stops fake-gcs-server, a Cloud Storage server in memory.
//!
//! It is not Google's. The tests work around these differences from Cloud Storage:
//!
//! * It treats the status query of an upload (`Content-Range: bytes */N`) as the end of the upload, and creates an
//!   object. The proxy responds to the query instead, with the last range that the server reported.
//! * It appends the bytes of any chunk, whatever the range of the chunk is. So a test notices when an upload sends
//!   bytes twice: the object is longer than the media.
//! * It confirms the cancellation of a session with status 499, as Cloud Storage does, and ignores it.
//! * Lists of buckets have one page and no order, and are not limited to their project.
//! * It ignores `If-Range`. The client compares the version in the headers of the response.
//! * Conditions such as `ifGenerationMatch` work only for uploads with a body.

mod batches;
mod downloads;
mod errors;
mod lists;
mod proxy;
mod sessions;
mod uploads;

use super::process::{Group, block_on, got_by, python, skip, with_free_ports};
use gapi_runtime::{Bytes, Media};
use gapi_test_clients::storage_v1::Storage;
use gapi_test_clients::storage_v1::schemas::{Bucket, Object};
use proxy::Proxy;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// The running server, one for each test.
struct Server {
    _processes: Group,
    port: u16,
}

impl Server {
    /// Starts a server. Its responses contain the external URL, if there is one.
    fn start(program: &PathBuf, external_url: Option<&str>) -> Self {
        with_free_ports(|[port]| {
            let own = url(port);
            let mut command = Command::new(program);
            command
                .args(["-scheme", "http", "-host", "127.0.0.1", "-port"])
                .arg(port.to_string())
                .args(["-backend", "memory", "-external-url"])
                .arg(external_url.unwrap_or(&own));
            let is_up = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
            let processes = Group::start(&mut command, is_up)?;
            Some(Self {
                _processes: processes,
                port,
            })
        })
    }
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Returns the program, if it is installed or can be downloaded. Prints the reason once if not.
fn program() -> Option<&'static PathBuf> {
    static PROGRAM: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let get = || got_by(&mut python("tests/tests/live/fake_gcs_server.py"));
    let program = PROGRAM.get_or_init(|| get().map(PathBuf::from));
    match program {
        Ok(program) => Some(program),
        Err(reason) => {
            skip(&format!("no fake-gcs-server: {reason}"));
            None
        }
    }
}

async fn client(url: &str) -> Storage {
    Storage::builder().endpoint(url).build().await.unwrap()
}

/// Runs a test with a client of a new server with a bucket, if the server is available.
fn with_storage<F: Future<Output = ()>>(test: impl FnOnce(Storage) -> F) {
    if let Some(program) = program() {
        let server = Server::start(program, None);
        block_on(async {
            let storage = client(&url(server.port)).await;
            create_bucket(&storage, BUCKET).await;
            test(storage).await;
        });
    }
}

/// Runs a test through a proxy that can break requests and responses.
fn with_proxy<F: Future<Output = ()>>(test: impl FnOnce(Storage, Proxy) -> F) {
    if let Some(program) = program() {
        block_on(async {
            let proxy = Proxy::bind().await;
            let server = Server::start(program, Some(proxy.url()));
            proxy.lead_to(server.port);
            let storage = client(proxy.url()).await;
            create_bucket(&storage, BUCKET).await;
            test(storage, proxy).await;
        });
    }
}

/// The bucket on each server.
const BUCKET: &str = "bucket";

async fn create_bucket(storage: &Storage, name: &str) -> Bucket {
    let bucket = Bucket {
        name: Some(name.to_owned()),
        ..Default::default()
    };
    let insert = storage.buckets().insert("project", bucket);
    insert.send().await.unwrap()
}

/// Uploads a small object in one request.
async fn upload(storage: &Storage, name: &str, content: impl Into<Bytes>) -> Object {
    let insert = storage.objects().insert(BUCKET, None).name(name);
    let media = Media::new("text/plain", content);
    insert.upload(media).send().await.unwrap()
}

/// Downloads an object.
async fn download(storage: &Storage, name: &str) -> Bytes {
    let get = storage.objects().get(BUCKET, name);
    get.download().send().await.unwrap()
}

/// Returns up to 64 MiB without a pattern, the same each time.
pub(super) fn noise(count: usize) -> Bytes {
    static NOISE: OnceLock<Bytes> = OnceLock::new();
    let noise = NOISE.get_or_init(|| {
        let mut bytes = vec![0; 64 << 20];
        fastrand::Rng::with_seed(20_261_123).fill(&mut bytes);
        bytes.into()
    });
    noise.slice(..count)
}

/// Checks that two contents are the same, without printing them.
#[track_caller]
pub(super) fn assert_same(found: &[u8], expected: &[u8]) {
    assert_eq!(found.len(), expected.len(), "bytes");
    if found != expected {
        let first = found.iter().zip(expected).position(|(a, b)| a != b);
        panic!("another byte at {first:?}");
    }
}
