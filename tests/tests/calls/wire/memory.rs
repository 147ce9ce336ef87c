//! The memory of responses. Each case runs in another process of this test.

use gapi::gapi_runtime::{ClientBuilder, MockTransport};
use gapi::spanner_v1::Spanner;
use std::process::Command;

/// The environment variable with the response that the process reads.
const SHAPE: &str = "GAPI_RESPONSE_SHAPE";

/// The limit on the resident memory, in KiB.
const BAR: u64 = 256 << 10;

/// The text that is repeated in each response.
const SHAPES: [&str; 5] = [
    ",{}",
    ",null",
    r#",{"unknown":[[],[],{"a":0}]}"#,
    r#",{"labels":{"a":""}}"#,
    r#",{"state":0}"#,
];

/// 16 MiB of JSON, compressed to 16 KB by gzip, are an error within 256 MiB.
#[test]
fn case_r15_hostile_responses_stay_within_the_memory() {
    if !std::path::Path::new("/proc/self/status").exists() {
        println!("SKIPPED: only Linux states the memory of a process");
        return;
    }
    for (shape, name) in SHAPES.iter().enumerate() {
        let output = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "wire::memory::reads_a_hostile_response",
                "--nocapture",
            ])
            .env(SHAPE, shape.to_string())
            .output()
            .unwrap();
        let output = String::from_utf8_lossy(&output.stdout).into_owned();
        let memory = output.lines().find_map(|line| line.strip_prefix("VmHWM "));
        let memory: u64 = memory.and_then(|kib| kib.parse().ok()).expect("a result");
        assert!(memory < BAR, "{name}: {memory} KiB");
    }
}

#[tokio::test]
async fn reads_a_hostile_response() {
    let Some(shape) = std::env::var(SHAPE)
        .ok()
        .and_then(|shape| shape.parse::<usize>().ok())
    else {
        return;
    };
    let middle = SHAPES[shape];
    let body = format!(
        r#"{{"instances":[{{}}{}]}}"#,
        middle.repeat((16 << 20) / middle.len())
    );
    let mock = MockTransport::new().respond(200, body);
    let spanner: Spanner = ClientBuilder::new().transport(mock).build().await.unwrap();
    let list = spanner.projects().instances().list("projects/p");
    let error = list.send().await.unwrap_err().to_string();
    assert!(
        error.contains(": instances[") && error.contains("max_response_size"),
        "{error}"
    );
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next());
    println!("\nVmHWM {}", kib.unwrap());
}
