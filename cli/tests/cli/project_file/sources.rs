//! `fetch` and `diff` without arguments.

use std::{fs, path::Path, process::Command};

use gapi_tests::fixture;

use super::Place;

/// Returns the document of a fixture in a later revision.
fn later(name: &str) -> String {
    let text = fixture::named(name).source.text;
    let later = text.replace("\"revision\": \"20260101\"", "\"revision\": \"20270101\"");
    assert_ne!(later, text);
    later
}

#[test]
fn fetch_updates_the_apis_of_the_file_from_its_source() {
    let project =
        "[fetch]\napis = [\"recursive_schema:v1\", \"service_path:v1\"]\nfrom = \"upstream\"\n";
    let place = Place::new(project);
    for name in ["recursive_schema", "paging_query_token"] {
        place.write(&format!("upstream/{name}.v1.json"), &later(name));
    }
    for name in ["service_path", "root_methods"] {
        let text = fixture::named(name).source.text;
        place.write(&format!("upstream/{name}.v1.json"), &text);
    }
    let said = place.run_in("upstream", &["fetch"]).success();
    let lines: Vec<Vec<&str>> = said
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        lines[0],
        [
            "recursive_schema:v1",
            "20260101",
            "->",
            "20270101",
            "updated"
        ],
        "{said}"
    );
    assert_eq!(lines[1][0], "service_path:v1", "{said}");
    assert!(
        said.contains("\n2 documents: 1 added, 1 updated\n"),
        "{said}"
    );
    assert_eq!(
        place.read("discovery/recursive_schema.v1.json"),
        later("recursive_schema")
    );
    assert_ne!(
        place.read("discovery/paging_query_token.v1.json"),
        later("paging_query_token")
    );

    // A name on the command line overrides the list, which does not follow it.
    let said = place
        .run(&["fetch", "root-methods-v1", "--from", "upstream"])
        .success();
    let note = "note: `gapi fetch` without names will not update them; add \"root_methods:v1\" to `apis` in gapi.toml\n";
    assert!(said.ends_with(note), "{said}");

    place.write("gapi.toml", &project.replace("service_path", "servce_path"));
    place.run(&["fetch"]).failure(
        "error: neither the source nor the directory of documents has an API `servce_path:v1`\n  \
         help: did you mean `service-path-v1`?",
    );
}

fn git(directory: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
        .args(arguments)
        .current_dir(directory)
        .output()
        .expect("git runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

#[test]
fn diff_compares_the_documents_with_the_last_commit() {
    let place = Place::new("discovery = \"apis\"\n");
    let text = fixture::named("recursive_schema").source.text;
    place.write("apis/recursive_schema.v1.json", &text);
    git(place.0.path(), &["init", "-q"]);
    git(place.0.path(), &["add", "apis"]);
    git(place.0.path(), &["commit", "-q", "-m", "documents"]);
    let compared = |directory: &str| place.run_in(directory, &["diff"]).success();
    assert_eq!(compared(""), "1 document compared: no change.\n");
    let changed = later("recursive_schema").replace("\"Type\"", "\"Kind\"");
    place.write("apis/recursive_schema.v1.json", &changed);
    for directory in ["", "apis", "discovery"] {
        let said = compared(directory);
        assert!(
            said.contains("revision 20260101 → 20270101"),
            "{directory}: {said}"
        );
    }
    assert_eq!(place.run(&["diff", "--deny", "breaking"]).code, 3);

    // A directory is not a document, and neither the disk nor the commit is read for it.
    place.write("apis/d.json/file", "");
    git(place.0.path(), &["add", "apis/d.json"]);
    git(place.0.path(), &["commit", "-q", "-m", "directory"]);
    assert!(compared("").contains("revision 20260101 → 20270101"));

    // From a sibling directory, with an absolute path, and through a link.
    fs::create_dir_all(place.path("sub/below")).expect("create");
    let file = place.path("gapi.toml").display().to_string();
    let with_file = place.run_in("sub/below", &["diff", "--config", &file]);
    assert!(with_file.success().contains("revision 20260101 → 20270101"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../apis", place.path("sub/link")).expect("link");
        let link = place.path("sub/link").display().to_string();
        let linked = place.run_in("sub", &["diff", "--discovery", &link]);
        assert!(linked.success().contains("revision 20260101 → 20270101"));
    }
}
