//! Two releases of Google's Python client, each with the documents of its day.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use gapi_tests::{command, expected, workspace};
use serde_json::Value;

/// Returns the wheel of a release, cached in `target/tmp/wheels`. With `GAPI_LIVE` it is downloaded by pip; other runs
/// use no network. Returns `None`, after a message, if there is none.
fn wheel(version: &str) -> Option<PathBuf> {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("wheels")
        .join(version);
    let package = format!("google-api-python-client=={version}");
    let found = || {
        let paths = fs::read_dir(&directory)
            .ok()?
            .flatten()
            .map(|entry| entry.path());
        let mut wheels =
            paths.filter(|path| path.extension().is_some_and(|ending| ending == "whl"));
        wheels.next()
    };
    if found().is_none() {
        if std::env::var_os("GAPI_LIVE").is_none() {
            println!("skipped: {package} is not here; GAPI_LIVE=1 gets it by pip");
            return None;
        }
        let pip = Command::new("python3")
            .args([
                "-m",
                "pip",
                "download",
                "-q",
                "--no-deps",
                "--only-binary=:all:",
                "-d",
            ])
            .arg(&directory)
            .arg(&package)
            .output();
        let failed = match pip {
            Ok(output) if output.status.success() => None,
            Ok(output) => Some(String::from_utf8_lossy(&output.stderr).into_owned()),
            Err(error) => Some(error.to_string()),
        };
        if let Some(why) = failed {
            println!("skipped: pip cannot get {package}: {}", why.trim());
            return None;
        }
    }
    found()
}

/// Copies `discovery/` into a temporary directory.
fn copy() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("discovery")).unwrap();
    for path in workspace::entries(&workspace::root().join("discovery")) {
        let name = workspace::name(&path);
        if !name.starts_with('.') {
            fs::copy(&path, directory.path().join("discovery").join(name)).unwrap();
        }
    }
    directory
}

/// Returns the number of documents by status.
fn fetch(directory: &Path, arguments: &[&str]) -> Vec<(String, String)> {
    let arguments = [&["fetch", "--json"][..], arguments].concat();
    let out = command::run(crate::PROGRAM, directory, &arguments).success();
    let json: Value = serde_json::from_str(&out).unwrap();
    let rows = json["documents"].as_array().unwrap().iter();
    let text = |row: &Value, member: &str| row[member].as_str().unwrap().to_owned();
    rows.map(|row| (text(row, "id"), text(row, "status")))
        .collect()
}

#[test]
fn an_older_release_changes_nothing_and_a_newer_one_moves_forward() {
    let (Some(old), Some(new)) = (wheel("2.100.0"), wheel("2.202.0")) else {
        return;
    };
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    let here = copy();
    let mut before = expected::files_below(&here.path().join("discovery"));
    let statuses = fetch(here.path(), &["--from", old]);
    println!("ours, then 2.100.0: {statuses:?}");
    assert_eq!(statuses.len(), 9);
    for (id, status) in &statuses {
        assert!(
            ["older", "unchanged", "left", "gone"].contains(&status.as_str()),
            "{id} {status}"
        );
    }
    assert!(
        statuses
            .iter()
            .filter(|(_, status)| status == "older")
            .count()
            >= 3,
        "{statuses:?}"
    );
    let mut after = expected::files_below(&here.path().join("discovery"));
    after.remove(Path::new(".etags.jsonl"));
    before.remove(Path::new(".etags.jsonl"));
    assert_eq!(after, before);

    // Fetches the old release into an empty directory, and then the new one, which our documents are from.
    let fresh = tempfile::tempdir().unwrap();
    let names = [
        "accesscontextmanager-v1",
        "healthcare-v1",
        "healthcare-v1beta1",
        "servicemanagement-v1",
        "spanner-v1",
    ];
    let all = |status: &str, found: &[(String, String)]| {
        found.len() == names.len() && found.iter().all(|(_, found)| found == status)
    };
    let added = fetch(fresh.path(), &[&["--from", old][..], &names].concat());
    assert!(all("added", &added), "{added:?}");
    let updated = fetch(fresh.path(), &["--from", new]);
    assert!(all("updated", &updated), "{updated:?}");
    for path in workspace::entries(&fresh.path().join("discovery")) {
        let name = workspace::name(&path);
        if !name.starts_with('.') {
            let ours = workspace::root().join("discovery").join(&name);
            assert_eq!(workspace::read(&path), workspace::read(&ours), "{name}");
        }
    }
    // Does not go back to an older release.
    let older = fetch(fresh.path(), &["--from", old]);
    assert!(all("older", &older), "{older:?}");
}

/// Checks that the table matches the documents.
#[test]
fn the_readme_lists_the_documents_that_are_here() {
    let readme = workspace::read(&workspace::root().join("discovery/README.md"));
    let listed: Vec<&str> = readme
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    let documents = workspace::documents();
    assert_eq!(listed.len(), documents.len());
    for (line, source) in listed.into_iter().zip(documents) {
        let document: Value = serde_json::from_str(&source.text).unwrap();
        let text = |member: &str| document[member].as_str().unwrap();
        let revision = text("revision");
        let start = format!(
            "| `{}` | {} {} | {}-{}-{} | ",
            source.name,
            text("title"),
            text("version"),
            &revision[..4],
            &revision[4..6],
            &revision[6..]
        );
        assert!(line.starts_with(&start), "{line}\n{start}");
    }
}
