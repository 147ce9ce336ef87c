//! Overlapping outputs, links that lead out of the project, and hidden characters.

use std::fs;

use super::Place;

#[test]
fn outputs_in_the_sources_of_a_crate_are_an_error() {
    for (of_crate, of_modules) in [(".", "src"), ("k", "k/src"), ("k", "./k/src/google")] {
        let place = Place::new(&format!(
            "[[output]]\nout = \"{of_crate}\"\nflavor = \"crate\"\n[[output]]\nout = \"{of_modules}\"\n"
        ));
        let before = place.contents();
        for command in ["generate", "check"] {
            place.run(&[command]).failure(&format!(
                "error: gapi.toml:5:7: `{of_modules}` is inside the sources of the crate `{of_crate}`, \
                 the output in gapi.toml:2:7\n  help: choose another directory"
            ));
        }
        assert_eq!(place.contents(), before);
    }
    let place = Place::new(
        "[[output]]\nout = \"src\"\n[[output]]\nout = \"src/recursive_schema_v1/below\"\n",
    );
    place.run(&["generate"]).failure(
        "error: `src/recursive_schema_v1/below` is inside a module of the output `src`\n  \
         help: choose another directory",
    );
    // Next to the sources, and in a crate whose sources are deeper, each file has one owner.
    let place = Place::new(
        "[[output]]\nout = \"k\"\nflavor = \"crate\"\nname = \"k\"\n[[output]]\nout = \"k/modules\"\n\
         [[output]]\nout = \"src\"\n[[output]]\nout = \"src/google\"\n",
    );
    place.run(&["generate"]).success();
    place.run(&["check"]).success();
}

#[cfg(unix)]
#[test]
fn two_outputs_in_one_directory_behind_a_link_are_an_error() {
    let place = Place::new(
        "[[output]]\nout = \"link\"\n[[output]]\nout = \"src\"\n\
         [[output]]\nout = \"k\"\nflavor = \"crate\"\n[[output]]\nout = \"sources/below\"\n",
    );
    fs::create_dir_all(place.path("k/src")).expect("create");
    for (target, link) in [("src", "link"), ("k/src", "sources")] {
        std::os::unix::fs::symlink(target, place.path(link)).expect("link");
    }
    fs::create_dir(place.path("src")).expect("create");
    place.run(&["generate"]).failure(
        "error: gapi.toml:4:7: the output in gapi.toml:2:7 writes to `src`, too\n  \
         help: write one `[[output]]` with the documents of both, or choose another directory\n\
         error: gapi.toml:9:7: `sources/below` is inside the sources of the crate `k`, the output in gapi.toml:6:7\n  \
         help: choose another directory",
    );
}

/// Patterns and the directory of documents do not leave the project. Documents that are named one by one may.
#[cfg(unix)]
#[test]
fn documents_outside_behind_a_link_are_an_error() {
    use std::os::unix::fs::symlink;
    let place = Place::new("");
    fs::create_dir_all(place.path("project/discovery")).expect("create");
    symlink("../discovery", place.path("project/link")).expect("link");
    let outside = "../../discovery/recursive_schema.v1.json";
    symlink(outside, place.path("project/discovery/z.v1.json")).expect("link");
    let write = |documents: &str| {
        place.write(
            "project/gapi.toml",
            &format!("[[output]]\nout = \"src\"\n{documents}"),
        );
    };
    let before = place.path("project/src");
    for (documents, message) in [
        (
            "documents = [\"link/p*.json\"]",
            "3:14: link/paging_query_token.v1.json leads out of the project through a symbolic link\n  \
             help: name documents outside one by one, without `*`",
        ),
        (
            "documents = [\"discovery/z*.json\"]",
            "3:14: discovery/z.v1.json leads out of the project through a symbolic link\n  \
             help: name documents outside one by one, without `*`",
        ),
        (
            "",
            "2:7: discovery/z.v1.json leads out of the project through a symbolic link\n  \
             help: replace the link, or list the documents in `documents`",
        ),
    ] {
        write(documents);
        let outcome = place.run_in("project", &["generate"]);
        outcome.failure(&format!("error: gapi.toml:{message}"));
        assert!(!before.exists());
    }
    write("documents = [\"link/recursive_schema.v1.json\", \"z-v1\"]");
    place.run_in("project", &["generate"]).success();
    // A link inside the project stays in it.
    fs::remove_file(place.path("project/discovery/z.v1.json")).expect("remove");
    let text = place.read("discovery/recursive_schema.v1.json");
    place.write("project/apis/r.json", &text);
    symlink("../apis/r.json", place.path("project/discovery/y.v1.json")).expect("link");
    write("documents = [\"discovery/*\"]");
    place.run_in("project", &["generate"]).success();
}

/// Returns `true` if a text has no hidden character but line feeds.
fn is_visible(text: &str) -> bool {
    text.chars()
        .all(|c| c == '\n' || !gapi_generator::diagnostics::is_hidden(c))
}

#[cfg(unix)]
#[test]
fn hidden_characters_do_not_reach_the_terminal() {
    // The title of a terminal, a change of direction, and a line that looks like ours.
    let hidden = "\u{1b}]0;pwn\u{7}\u{202e}\r\nerror: x";
    let escaped = "\\u001b]0;pwn\\u0007\\u202e\\r\\nerror: x";
    let shown = "\u{fffd}]0;pwn\u{fffd}\u{fffd}\u{fffd}\u{fffd}error: x";
    let place = Place::new("");
    fs::create_dir(place.path(hidden)).expect("create");
    place.write(&format!("{hidden}/wrong.json"), "{");
    place.write(
        &format!("{hidden}/gapi.toml"),
        &format!("[[output]]\nout = \"{escaped}\"\n"),
    );
    std::os::unix::fs::symlink("/", place.path("root")).expect("link");
    let output = |keys: &str| format!("[[output]]\nout = \"{escaped}/out\"\n{keys}");
    for (project, arguments, code) in [
        (
            output(&format!("documents = [\"{escaped}.json\"]")),
            &["generate"][..],
            1,
        ),
        (
            output(&format!("documents = [\"{escaped}/*.json\"]")),
            &["generate"],
            1,
        ),
        (
            output(&format!("documents = [\"{escaped}\"]")),
            &["check"],
            1,
        ),
        (
            format!("[[output]]\nout = \"root/{escaped}\"\n"),
            &["generate"],
            1,
        ),
        (format!("discovery = \"no/{escaped}\"\n"), &["list"], 1),
        (format!("discovery = \"{escaped}\"\n"), &["list"], 1),
        (output(""), &["generate", "--out", hidden], 1),
        (
            output(""),
            &["generate", "--config", &format!("{hidden}/gapi.toml")],
            1,
        ),
        (output(""), &["fetch", "--from", hidden], 1),
        (output(""), &["generate"], 0),
        (output(""), &["check"], 0),
    ] {
        place.write("gapi.toml", &project);
        let outcome = place.run(arguments);
        assert_eq!(outcome.code, code, "{project}: {outcome:?}");
        let said = outcome.out + &outcome.err;
        assert!(is_visible(&said), "{project}: {said:?}");
        assert!(
            said.contains(shown) || arguments[0] == "fetch",
            "{project}: {said:?}"
        );
        assert!(!said.contains("\nerror: x"), "{project}: {said:?}");
    }
}

/// Opening a pipe would wait for its writer.
#[cfg(target_os = "linux")]
#[test]
fn a_pipe_in_the_place_of_the_file_is_an_error() {
    let place = Place::new("");
    let made = std::process::Command::new("mkfifo")
        .arg(place.path("gapi.toml"))
        .status()
        .expect("mkfifo runs");
    assert!(made.success());
    place.run(&["list"]).failure(
        "error: cannot read gapi.toml: it is not a regular file\n  help: replace it with a file",
    );
}

/// A full or closed stderr does not cause a panic.
#[cfg(target_os = "linux")]
#[test]
fn errors_that_nobody_can_read_keep_their_status() {
    let place = Place::new("discovry = 1\n");
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("open");
    let (reader, closed) = std::io::pipe().expect("a pipe");
    drop(reader);
    for stderr in [std::process::Stdio::from(full), closed.into()] {
        let mut command =
            gapi_tests::command::command(crate::PROGRAM, &place.path(""), &["generate"]);
        let status = command.stderr(stderr).status().expect("the program runs");
        assert_eq!(status.code(), Some(1));
    }
}
