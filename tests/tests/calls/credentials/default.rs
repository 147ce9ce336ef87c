//! The conditions under which a client looks for Application Default Credentials.

use super::child::Child;
use super::found::{service_account, user};
use std::path::Path;

const ORIGIN: &str = "Application Default Credentials";

#[tokio::test]
async fn they_are_the_default_over_https() {
    let directory = tempfile::tempdir().unwrap();
    let file = service_account(directory.path(), None);
    for settings in [
        &[][..],
        &["endpoint=https://regional.example"],
        &["payer=p"],
    ] {
        let report = Child::new(settings).with_file(&file).run().await;
        let client = report["client"].as_str().unwrap();
        assert!(client.contains(ORIGIN), "{client}");
    }
    let report = Child::new(&[]).with_file(Path::new("/nowhere")).run().await;
    assert_eq!(report["unbuilt"]["kind"], "Credentials", "{report}");
}

#[tokio::test]
async fn they_are_not_looked_for_where_nobody_wants_them() {
    for settings in [
        &["recorded"][..],
        &["endpoint=http://127.0.0.1:9"],
        &["key=SECRET"],
        &["anonymous"],
        &["token=SECRET"],
        &["default", "token=SECRET"],
        &["default", "anonymous", "recorded"],
    ] {
        let child = Child::new(settings).with_file(Path::new("/nowhere"));
        let report = child.run().await;
        let client = report["client"].as_str().unwrap_or_default();
        assert!(!client.is_empty() && !client.contains(ORIGIN), "{report}");
        assert_eq!(report["errors"], serde_json::json!([]));
    }
}

#[tokio::test]
async fn they_can_be_asked_for() {
    for settings in [
        &["default", "recorded"][..],
        &["default", "endpoint=http://127.0.0.1:9"],
        &["default", "key=SECRET"],
    ] {
        let child = Child::new(settings).with_file(Path::new("/nowhere"));
        let report = child.run().await;
        let text = report["unbuilt"]["text"].as_str().unwrap();
        assert!(
            text.starts_with(
                "no credentials: the credentials file /nowhere (named by `GOOGLE_APPLICATION_CREDENTIALS`) cannot be read: "
            ),
            "{text}"
        );
    }
}

#[tokio::test]
async fn they_need_a_runtime_and_outlive_it() {
    let directory = tempfile::tempdir().unwrap();
    let file = user(directory.path(), "http://127.0.0.1:9/token");
    let settings = ["no-runtime", "default", "recorded"];
    let report = Child::new(&settings).with_file(&file).run().await;
    assert_eq!(
        report["errors"][0]["text"],
        "spanner.projects.instances.operations.get: no credentials: \
         a token request needs a Tokio runtime with time enabled"
    );
    let file = service_account(directory.path(), None);
    let child = Child::new(&["runtimes", "default"]).with_file(&file);
    assert_eq!(child.run().await["sent"], 2);
}
