//! The Cloud Spanner emulator with its REST gateway: found, started, waited for, and stopped whatever happens.

use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::schemas::{
    CreateDatabaseRequest, CreateInstanceRequest, Instance, Operation,
};
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

/// How long the emulator may take until it answers; it needs about a second.
const START_LIMIT: Duration = Duration::from_secs(30);

/// The project that all tests share. Each has an instance of its own in it.
pub(super) const PROJECT: &str = "projects/p";

/// The emulator under way. Ends when the last test that uses it does.
pub(super) struct Emulator {
    gateway: Child,
    url: String,
}

impl Emulator {
    /// The emulator that other tests of this program use at this time, or a new one. `None`, with the reason on standard
    /// error, where it is not installed.
    pub(super) fn shared() -> Option<Arc<Self>> {
        static CURRENT: Mutex<Weak<Emulator>> = Mutex::new(Weak::new());
        let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(emulator) = current.upgrade() {
            return Some(emulator);
        }
        match installed() {
            Ok(folder) => {
                let emulator = Arc::new(Self::start(&folder));
                *current = Arc::downgrade(&emulator);
                Some(emulator)
            }
            Err(reason) => {
                // Not by `eprintln!`, whose text the test harness keeps to itself when a test passes.
                let _ = writeln!(std::io::stderr(), "SKIPPED: {reason}");
                None
            }
        }
    }

    fn start(folder: &Path) -> Self {
        // Somebody else may take a port between the moment that it is found free and the start.
        for attempt in 1.. {
            let (grpc, http) = free_ports();
            let gateway = Command::new(folder.join("gateway_main"))
                .args(["--hostname", "127.0.0.1"])
                .args(["--grpc_port", &grpc.to_string()])
                .args(["--http_port", &http.to_string()])
                .arg("--grpc_binary")
                .arg(folder.join("emulator_main"))
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                // The gateway does not take the emulator with it when it is stopped: the two are a group of their own.
                .process_group(0)
                .spawn()
                .expect("the emulator can be started");
            let mut emulator = Self {
                gateway,
                url: format!("http://127.0.0.1:{http}"),
            };
            if emulator.becomes_ready() {
                eprintln!("the emulator is at {} (gRPC on port {grpc})", emulator.url);
                return emulator;
            }
            assert!(attempt < 3, "the emulator does not start");
        }
        unreachable!("the loop ends by itself")
    }

    /// Waits for a first answer; `false` when the gateway ends before.
    fn becomes_ready(&mut self) -> bool {
        let begin = Instant::now();
        let url = self.url.clone();
        let is_up = || {
            block_on(async {
                let spanner = Spanner::builder().endpoint(&url).build().await.unwrap();
                spanner
                    .projects()
                    .instance_configs()
                    .list(PROJECT)
                    .send()
                    .await
                    .is_ok()
            })
        };
        while !is_up() {
            if self.gateway.try_wait().unwrap().is_some() {
                return false;
            }
            assert!(
                begin.elapsed() < START_LIMIT,
                "the emulator does not answer"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        true
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// A new client.
    pub(super) async fn spanner(&self) -> Spanner {
        Spanner::builder()
            .endpoint(&self.url)
            .build()
            .await
            .unwrap()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let group = format!("-{}", self.gateway.id());
        let killed = Command::new("kill")
            .args(["-s", "KILL", "--", &group])
            .status();
        if !killed.is_ok_and(|status| status.success()) {
            let _ = self.gateway.kill();
        }
        let _ = self.gateway.wait();
    }
}

/// The folder of the emulator, or why there is none.
fn installed() -> Result<PathBuf, String> {
    let output = Command::new("gcloud")
        .args(["info", "--format=value(installation.sdk_root)"])
        .stderr(Stdio::null())
        .output()
        .map_err(|error| format!("no Google Cloud SDK: gcloud: {error}"))?;
    let root = String::from_utf8_lossy(&output.stdout);
    let folder = PathBuf::from(root.trim()).join("bin/cloud_spanner_emulator");
    for program in ["gateway_main", "emulator_main"] {
        if !folder.join(program).is_file() {
            return Err(format!(
                "the Google Cloud SDK has no Cloud Spanner emulator: no {program}"
            ));
        }
    }
    Ok(folder)
}

/// Two ports that are free now.
fn free_ports() -> (u16, u16) {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let [grpc, http] = listeners.map(|listener| listener.local_addr().unwrap().port());
    (grpc, http)
}

pub(super) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// Runs a test with a client of the emulator, if there is one.
pub(super) fn with_emulator<F: Future<Output = ()>>(test: impl FnOnce(Spanner) -> F) {
    if let Some(emulator) = Emulator::shared() {
        block_on(async { test(emulator.spanner().await).await });
    }
}

/// Creates an instance and gives the operation that does so.
pub(super) async fn create_instance(spanner: &Spanner, id: &str) -> Operation {
    let request = CreateInstanceRequest {
        instance_id: Some(id.to_owned()),
        instance: Some(Instance {
            config: Some(format!("{PROJECT}/instanceConfigs/emulator-config")),
            display_name: Some(format!("Instance {id}")),
            node_count: Some(1),
            ..Default::default()
        }),
        ..Default::default()
    };
    let call = spanner.projects().instances().create(PROJECT, request);
    call.send().await.unwrap()
}

/// Creates a database and gives the operation that does so.
pub(super) async fn create_database(spanner: &Spanner, instance: &str, id: &str) -> Operation {
    let request = CreateDatabaseRequest {
        create_statement: Some(format!("CREATE DATABASE `{id}`")),
        extra_statements: Some(vec![
            "CREATE TABLE t (id INT64, name STRING(MAX)) PRIMARY KEY (id)".to_owned(),
        ]),
        ..Default::default()
    };
    let databases = spanner.projects().instances().databases();
    databases
        .create(format!("{PROJECT}/instances/{instance}"), request)
        .send()
        .await
        .unwrap()
}
