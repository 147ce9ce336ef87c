//! Runs that are ended in the middle, and runs beside each other.

use std::{
    process::Stdio,
    sync::{Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

use super::{
    documents::{document, serve},
    project::Project,
    server::Reply,
};

fn wait_until(what: &str, done: impl Fn() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "{what} takes too long"
        );
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_run_that_is_killed_leaves_whole_files_and_the_next_one_goes_on() {
    let (release, held) = mpsc::channel();
    let held = Mutex::new(Some(held));
    let server = serve(&["a", "b", "c"], move |request, _| {
        let name = &request.target[1..];
        let reply = Reply::ok(document(name, "2")).header("ETag: \"2\"");
        if request.header("if-none-match").is_some() {
            return Reply::new("304 Not Modified", "");
        }
        // The first time half of it, then silence.
        let first = if name == "b" {
            held.lock().unwrap().take()
        } else {
            None
        };
        match first {
            Some(held) => reply.cut_at(document(name, "2").len() / 2).hold(held),
            None => reply,
        }
    });
    let project = Project::new(&[("a", "1"), ("b", "1"), ("c", "1")]);
    let from = ["--from", &server.url()];
    let mut command = project.command(&[&from[..], &["--jobs", "1"]].concat());
    let mut run = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("the first document", || {
        server.targets().iter().any(|target| target == "/b")
    });

    // Meanwhile nobody else may.
    project
        .fetch(&from)
        .failure("error: another run is fetching into discovery; let it end first");

    run.kill().unwrap();
    run.wait().unwrap();
    drop(release);
    let revisions = || {
        ["a", "b", "c"].map(|name| {
            let text = project.read(&format!("discovery/{name}.v1.json"));
            ["1", "2"]
                .into_iter()
                .find(|revision| text == document(name, revision))
                .expect("a whole document")
        })
    };
    assert_eq!(revisions(), ["2", "1", "1"]);
    assert!(
        project
            .read("discovery/README.md")
            .contains("| `a.v1.json` | The a API v1 | 2 |")
    );
    // What a run leaves that is killed while it writes.
    project.write("discovery/.b.v1.json.4711.tmp", "{\"kind\": \"disc");
    project.write("discovery/.b.v1.json.mine", "kept");

    let went = ["a unchanged", "b updated", "c updated"].map(str::to_owned);
    assert_eq!(project.statuses(&from), (went.to_vec(), 0));
    assert_eq!(revisions(), ["2", "2", "2"]);
    assert!(!project.path("discovery/.b.v1.json.4711.tmp").exists());
    assert_eq!(project.read("discovery/.b.v1.json.mine"), "kept");
    // What was brought before the break is only asked after.
    let requests = server.requests();
    let last_a = requests
        .iter()
        .rev()
        .find(|request| request.target == "/a")
        .unwrap();
    assert_eq!(last_a.header("if-none-match"), Some("\"2\""));
}

#[test]
fn a_folder_that_cannot_be_written_is_told_and_stays_as_it_is() {
    let server = serve(&["a"], |_, _| Reply::ok(document("a", "2")));
    let project = Project::new(&[]);
    // In the way of the new file: a folder of its name.
    std::fs::create_dir(project.path("discovery/a.v1.json.d")).unwrap();
    project.write("discovery/b.v1.json", document("a", "1"));
    std::fs::create_dir(project.path("file")).unwrap();
    let before = project.contents();
    project.write("here", "a file");
    let outcome = project.fetch(&["--from", &server.url(), "--discovery", "here/below", "a"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(
        outcome.err.starts_with("error: cannot create here/below: "),
        "{outcome:?}"
    );
    assert_eq!(project.contents(), before);
    // The file of an API keeps the name that it has here.
    assert_eq!(
        project.statuses(&["--from", &server.url()]),
        (vec!["a updated".to_owned()], 0)
    );
    assert_eq!(project.read("discovery/b.v1.json"), document("a", "2"));
}

#[test]
fn what_is_here_and_no_document_is_told_before_anything_is_asked() {
    let server = serve(&["a"], |_, _| Reply::ok(document("a", "2")));
    let project = Project::new(&[("a", "1")]);
    project.write("discovery/half.v1.json", "{\"kind\": ");
    project.write("discovery/twice.json", document("a", "1"));
    let outcome = project.fetch(&["--from", &server.url()]);
    outcome.failure(
        "error: discovery/half.v1.json: not JSON: EOF while parsing a value at line 1 column 9\n  \
         help: remove it, then `fetch` with its name brings it anew\n\
         error: discovery/a.v1.json and discovery/twice.json are both a:v1; remove one of them",
    );
    assert_eq!(server.requests().len(), 0);
    Project::new(&[]).fetch(&["--from", &server.url()]).failure(
        "error: discovery holds no document\n  help: name the APIs to fetch, or give --all",
    );
}
