//! The page docs/cli.md.

#![allow(clippy::expect_used, reason = "tests")]

use std::fmt::Write as _;

use gapi_tests::{expected, workspace};

use crate::project::run;

const FILE: &str = "docs/cli.md";
const UPDATE: &str = "INSTA_UPDATE=always cargo test -p gapi-cli --test cli reference::";
const BEGIN: &str =
    "<!-- Made by `INSTA_UPDATE=always cargo test -p gapi-cli --test cli reference::`. -->\n";
const END: &str = "<!-- End of the help. -->\n";

/// Returns the names of all commands but `help`, as the help of the program lists them.
fn commands(help: &str) -> Vec<&str> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = listed.map_while(|line| line.strip_prefix("  ")?.split_whitespace().next());
    names.filter(|name| *name != "help").collect()
}

#[test]
fn the_page_of_commands_shows_the_help() {
    let help =
        |arguments: &[&str]| run(&workspace::root(), &[arguments, &["--help"]].concat()).success();
    let all = help(&[]);
    let commands = commands(&all);
    assert!(commands.contains(&"generate"), "{all}");
    let mut page = format!("\n## gapi\n\n```text\n{all}```\n");
    for command in commands {
        let text = help(&[command]);
        // Empty lines of an option contain spaces.
        let lines: Vec<_> = text.lines().map(str::trim_end).collect();
        writeln!(
            page,
            "\n## gapi {command}\n\n```text\n{}\n```",
            lines.join("\n")
        )
        .expect("write");
    }
    page.push('\n');
    expected::table(FILE, [BEGIN, END], &page, UPDATE);
}
