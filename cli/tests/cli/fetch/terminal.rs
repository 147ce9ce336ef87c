//! Output on a terminal, and its absence in a pipe.

use std::{path::Path, process::Command, time::Duration};

use gapi_tests::command;

use super::{
    documents::{document, serve},
    project::Project,
    server::Reply,
};

#[test]
fn a_pipe_gets_text_and_nothing_else() {
    let server = serve(&["a", "b"], |request, _| {
        let reply = Reply::ok(document(&request.target[1..], "2"));
        if request.target == "/a" {
            reply.delay(Duration::from_secs(1))
        } else {
            Reply::new("403 No", "")
        }
    });
    let project = Project::new(&[("a", "1"), ("b", "1")]);
    let outcome = project.fetch(&["--from", &server.url()]);
    for text in [&outcome.out, &outcome.err] {
        assert!(!text.is_empty());
        assert!(
            !text.contains(|c: char| c.is_control() && c != '\n'),
            "{text:?}"
        );
    }
}

/// Runs the program on a new terminal (`script` of util-linux) and returns the whole output.
fn on_a_terminal(project: &Project, arguments: &[&str], no_colour: bool) -> Option<String> {
    if !Path::new("/usr/bin/script").exists() {
        println!("skipped: there is no /usr/bin/script to make a terminal");
        return None;
    }
    let line = format!("{} fetch {}", crate::PROGRAM, arguments.join(" "));
    let mut command = Command::new("/usr/bin/script");
    command
        .args(["-qec", &line, "/dev/null"])
        .current_dir(project.directory())
        .env("TERM", "xterm");
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI"] {
        command.env_remove(name);
    }
    if no_colour {
        command.env("NO_COLOR", "1");
    }
    Some(command::outcome(&mut command).out)
}

#[test]
fn a_terminal_shows_a_bar_and_colours_unless_they_are_not_wanted() {
    let server = serve(&["a"], |request, _| match request.target.as_str() {
        "/a" => Reply::ok(document("a", "1")).delay(Duration::from_secs(1)),
        _ => Reply::new("404 Not Found", ""),
    });
    let project = Project::new(&[("a", "1")]);
    project.write("discovery/b.v1.json", document("b", "1"));
    let from = ["--from", &server.url()];
    let Some(shown) = on_a_terminal(&project, &from, false) else {
        return;
    };
    assert!(shown.contains("fetching ["), "{shown:?}");
    assert!(shown.contains("\u{1b}[33mgone\u{1b}[0m"), "{shown:?}");
    let plain = on_a_terminal(&project, &from, true).unwrap();
    assert!(
        !plain.contains("\u{1b}[33m") && plain.contains("  gone"),
        "{plain:?}"
    );
    let quiet = on_a_terminal(&project, &[&from[..], &["--quiet"]].concat(), false).unwrap();
    assert_eq!(quiet, "");
}
