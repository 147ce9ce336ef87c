//! Interrupted runs, and runs at the same time.

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
        // The first response stops in the middle.
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

    // Meanwhile no other run may start.
    let busy = project.fetch(&from);
    assert_eq!(busy.code, 1, "{busy:?}");
    let process = if cfg!(unix) {
        format!(" (process {})", run.id())
    } else {
        String::new()
    };
    assert_eq!(
        busy.err,
        format!(
            "error: another run is writing to discovery{process}\n  \
             help: wait until it has ended, and run again\n"
        )
    );

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
    // A run that is killed while it writes leaves this file.
    let temporary = ".gapi-0123456789abcdef-1.tmp";
    project.write(&format!("discovery/{temporary}"), "{\"kind\": \"disc");
    project.write(
        "discovery/.gapi-run/journal",
        format!("file b.v1.json\ntemporary {temporary}\n"),
    );
    project.write("discovery/.gapi-mine.tmp", "kept");

    let went = ["a unchanged", "b updated", "c updated"].map(str::to_owned);
    assert_eq!(project.statuses(&from), (went.to_vec(), 0));
    assert_eq!(revisions(), ["2", "2", "2"]);
    assert!(!project.path(&format!("discovery/{temporary}")).exists());
    assert!(!project.path("discovery/.gapi-run").exists());
    assert_eq!(project.read("discovery/.gapi-mine.tmp"), "kept");
    // Documents that were fetched before the interruption are only revalidated.
    let requests = server.requests();
    let last_a = requests
        .iter()
        .rev()
        .find(|request| request.target == "/a")
        .unwrap();
    assert_eq!(last_a.header("if-none-match"), Some("\"2\""));
}

#[test]
fn a_directory_that_cannot_be_written_is_reported_and_unchanged() {
    let server = serve(&["a"], |_, _| Reply::ok(document("a", "2")));
    let project = Project::new(&[]);
    // A directory is in the place of the new file.
    std::fs::create_dir(project.path("discovery/a.v1.json.d")).unwrap();
    project.write("discovery/b.v1.json", document("a", "1"));
    std::fs::create_dir(project.path("file")).unwrap();
    let before = project.contents();
    project.write("here", "a file");
    let outcome = project.fetch(&["--from", &server.url(), "--discovery", "here/below", "a"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(
        outcome
            .err
            .starts_with("error: cannot use the directory here/below: "),
        "{outcome:?}"
    );
    assert_eq!(project.contents(), before);
    // The document keeps its file name.
    assert_eq!(
        project.statuses(&["--from", &server.url()]),
        (vec!["a updated".to_owned()], 0)
    );
    assert_eq!(project.read("discovery/b.v1.json"), document("a", "2"));
}

/// Nothing that a link leads to is changed, and no request is sent before the check.
#[cfg(unix)]
#[test]
fn case_s1_a_link_in_the_directory_of_documents_is_an_error() {
    let server = serve(&["a"], |_, _| Reply::ok(document("a", "2")));
    for link in [".etags.jsonl", "README.md", ".gapi-run"] {
        let project = Project::new(&[("a", "1")]);
        project.write("victim", "kept");
        let at = project.path(&format!("discovery/{link}"));
        let _ = std::fs::remove_file(&at);
        std::os::unix::fs::symlink("../victim", &at).unwrap();
        let asked = || {
            let targets = server.targets();
            targets.iter().filter(|target| *target == "/a").count()
        };
        let before = asked();
        for more in [&["--dry-run"][..], &[]] {
            let outcome = project.fetch(&[&["--from", &server.url()][..], more].concat());
            // A dry run has no lock.
            if link == ".gapi-run" && !more.is_empty() {
                continue;
            }
            outcome.failure(&format!(
                "error: cannot use discovery/{link}: it is a symbolic link, which may lead anywhere\n  \
                 help: remove the link; only the output directory itself may be one"
            ));
        }
        assert_eq!(project.read("victim"), "kept");
        assert_eq!(project.read("discovery/a.v1.json"), document("a", "1"));
        // Only the successful dry run sends this request.
        let dry = usize::from(link == ".gapi-run");
        assert_eq!(asked() - before, dry, "{link}");
    }
}

#[cfg(unix)]
#[test]
fn case_s1_a_document_that_is_a_link_is_not_replaced() {
    let server = serve(&["a", "b"], |request, _| {
        Reply::ok(document(&request.target[1..], "2"))
    });
    let project = Project::new(&[("b", "1")]);
    project.write("victim.json", document("a", "1"));
    std::os::unix::fs::symlink("../victim.json", project.path("discovery/a.v1.json")).unwrap();
    let outcome = project.fetch(&["--from", &server.url()]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    let message = "cannot use discovery/a.v1.json: it is a symbolic link, which may lead anywhere";
    assert!(outcome.err.contains(message), "{outcome:?}");
    assert_eq!(project.read("victim.json"), document("a", "1"));
    // All other documents are fetched, and the table is correct.
    assert_eq!(project.read("discovery/b.v1.json"), document("b", "2"));
    let table = project.read("discovery/README.md");
    assert!(
        table.contains("`b.v1.json`") && !table.contains("`a.v1.json`"),
        "{table}"
    );
}

/// A hard link is another name of a file, whose contents must stay.
#[cfg(unix)]
#[test]
fn case_s1_a_hard_link_of_the_cache_is_not_written_through() {
    let server = serve(&["a"], |_, _| {
        Reply::ok(document("a", "2")).header("ETag: \"2\"")
    });
    let project = Project::new(&[("a", "1")]);
    project.write("victim", "kept");
    std::fs::hard_link(
        project.path("victim"),
        project.path("discovery/.etags.jsonl"),
    )
    .unwrap();
    let went = project.statuses(&["--from", &server.url()]);
    assert_eq!(went, (vec!["a updated".to_owned()], 0));
    assert_eq!(project.read("victim"), "kept");
    assert!(project.read("discovery/.etags.jsonl").contains("a.v1.json"));
}

#[test]
fn an_invalid_local_document_is_reported_before_any_request() {
    let server = serve(&["a"], |_, _| Reply::ok(document("a", "2")));
    let project = Project::new(&[("a", "1")]);
    project.write("discovery/half.v1.json", "{\"kind\": ");
    project.write("discovery/twice.json", document("a", "1"));
    let outcome = project.fetch(&["--from", &server.url()]);
    outcome.failure(
        "error: discovery/half.v1.json: not JSON: EOF while parsing a value at line 1 column 9\n  \
         help: remove it, then `gapi fetch` with its name fetches it again\n\
         error: discovery/a.v1.json and discovery/twice.json are both a:v1; remove one of them",
    );
    assert_eq!(server.requests().len(), 0);
    Project::new(&[]).fetch(&["--from", &server.url()]).failure(
        "error: discovery contains no document\n  help: name the APIs to fetch, or give --all",
    );
}
