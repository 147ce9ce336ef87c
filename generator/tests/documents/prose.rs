//! Rules for the prose of doc comments in hand-written files.

#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};

use gapi_tests::workspace;

/// Words that no line of a doc comment begins with. A doc comment begins with a verb or a noun, and names the thing.
const WORDS: [&str; 10] = [
    "What", "Whether", "How", "Where", "Why", "Who", "Whose", "That", "Those", "Unless",
];

/// Directories without hand-written Rust, relative to the root of the workspace.
const GENERATED: [&str; 3] = ["discovery", "generated/src", "tests/fixtures"];

/// Returns every hand-written file of Rust in the repository, relative to its root.
fn files() -> Vec<PathBuf> {
    let root = workspace::root();
    let (mut found, mut waiting) = (Vec::new(), vec![root.clone()]);
    while let Some(directory) = waiting.pop() {
        for path in workspace::entries(&directory) {
            let name = workspace::name(&path);
            let relative = path.strip_prefix(&root).expect("below the root");
            if path.is_symlink() || name.starts_with('.') || name == "target" {
                continue;
            }
            if path.is_dir() {
                let is_generated = GENERATED.iter().any(|known| relative == Path::new(known));
                waiting.extend((!is_generated).then_some(path));
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(relative.to_owned());
            }
        }
    }
    found.sort();
    found
}

/// Returns whether a line of a doc comment begins with one of the [`WORDS`].
fn is_wrong(line: &str) -> bool {
    let line = line.trim_start();
    let text = line
        .strip_prefix("/// ")
        .or_else(|| line.strip_prefix("//! "));
    let word = text.and_then(|text| text.split(|c: char| !c.is_alphanumeric()).next());
    word.is_some_and(|word| WORDS.contains(&word))
}

#[test]
fn no_line_of_a_doc_comment_begins_with_a_question_word() {
    let files = files();
    assert!(files.len() > 400, "{} files", files.len());
    let root = workspace::root();
    let mut wrong = Vec::new();
    for file in &files {
        let text = workspace::read(&root.join(file));
        for (number, line) in (1..).zip(text.lines()) {
            if is_wrong(line) {
                wrong.push(format!("{}:{number}: {}", file.display(), line.trim()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "doc comments begin with {WORDS:?}:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_check_finds_question_words() {
    for word in WORDS {
        assert!(is_wrong(&format!("    /// {word} the server does.")));
        assert!(is_wrong(&format!("//! {word}: a question")));
        assert!(!is_wrong(&format!("// {word} is no doc comment")));
        assert!(!is_wrong(&format!("/// {word}ever it is")));
        assert!(!is_wrong(&format!("/// Returns {word}")));
    }
}
