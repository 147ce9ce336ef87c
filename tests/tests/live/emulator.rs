//! Finds, starts and stops the Cloud Spanner emulator with its REST gateway.

use super::process::{Group, block_on, skip, with_free_ports};
use gapi::gapi_runtime::RetryPolicy;
use gapi::spanner_v1::Spanner;
use gapi::spanner_v1::schemas::{
    CreateDatabaseRequest, CreateInstanceRequest, Instance, Operation,
};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// The project that all tests share. Each test has its own instance in it.
pub(super) const PROJECT: &str = "projects/p";

/// A running emulator. It ends with the last test that uses it.
pub(super) struct Emulator {
    _processes: Group,
    url: String,
}

impl Emulator {
    /// Returns the emulator that other tests of this program use, or starts one. Returns `None`, with the reason on
    /// standard error, if it is not installed.
    pub(super) fn shared() -> Option<Arc<Self>> {
        static CURRENT: Mutex<Weak<Emulator>> = Mutex::new(Weak::new());
        let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(emulator) = current.upgrade() {
            return Some(emulator);
        }
        match installed() {
            Ok(directory) => {
                let emulator = Arc::new(Self::start(&directory));
                *current = Arc::downgrade(&emulator);
                Some(emulator)
            }
            Err(reason) => {
                skip(&reason);
                None
            }
        }
    }

    fn start(directory: &Path) -> Self {
        with_free_ports(|[grpc, http]| {
            let url = format!("http://127.0.0.1:{http}");
            let mut gateway = Command::new(directory.join("gateway_main"));
            gateway
                .args(["--hostname", "127.0.0.1"])
                .args(["--grpc_port", &grpc.to_string()])
                .args(["--http_port", &http.to_string()])
                .arg("--grpc_binary")
                .arg(directory.join("emulator_main"));
            let processes = Group::start(&mut gateway, || is_up(&url))?;
            eprintln!("the emulator is at {url} (gRPC on port {grpc})");
            Some(Self {
                _processes: processes,
                url,
            })
        })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Creates a client.
    pub(super) async fn spanner(&self) -> Spanner {
        Spanner::builder()
            .endpoint(&self.url)
            .build()
            .await
            .unwrap()
    }
}

/// Returns whether the emulator responds.
fn is_up(url: &str) -> bool {
    block_on(async {
        let spanner = Spanner::builder().endpoint(url).build().await.unwrap();
        let configurations = spanner.projects().instance_configs().list(PROJECT);
        let call = configurations.retry(RetryPolicy::never());
        call.send().await.is_ok()
    })
}

/// Returns the directory of the emulator, or the reason why there is none.
fn installed() -> Result<PathBuf, String> {
    let output = Command::new("gcloud")
        .args(["info", "--format=value(installation.sdk_root)"])
        .stderr(Stdio::null())
        .output()
        .map_err(|error| format!("no Google Cloud SDK: gcloud: {error}"))?;
    let root = String::from_utf8_lossy(&output.stdout);
    let directory = PathBuf::from(root.trim()).join("bin/cloud_spanner_emulator");
    for program in ["gateway_main", "emulator_main"] {
        if !directory.join(program).is_file() {
            return Err(format!(
                "the Google Cloud SDK has no Cloud Spanner emulator: no {program}"
            ));
        }
    }
    Ok(directory)
}

/// Runs a test with a client of the emulator, if there is one.
pub(super) fn with_emulator<F: Future<Output = ()>>(test: impl FnOnce(Spanner) -> F) {
    if let Some(emulator) = Emulator::shared() {
        block_on(async { test(emulator.spanner().await).await });
    }
}

/// Creates an instance and returns the operation.
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

/// Creates a database and returns the operation.
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
