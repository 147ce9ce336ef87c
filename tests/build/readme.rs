//! The Rust of README.md and `docs/`. Each block is compiled as a doctest. Blocks with tests are run.

use std::path::Path;

/// Returns a document with only the Rust blocks of a Markdown file.
///
/// A block is the body of a separate `async fn`. Hidden code is in a Markdown comment before it: `<!-- doctest: use …; -->`. A
/// block that is a whole file names it in its first line (`// build.rs`) and is skipped. `new_user.py` builds it, or it is a file
/// of the repository (see [`quoted`]).
pub(crate) fn doctests(markdown: &str) -> String {
    blocks(markdown)
        .iter()
        .filter(|block| block.path().is_none() && !block.is_test())
        .map(Block::doctest)
        .collect()
}

/// Returns the blocks with tests, each as a module of a test program.
pub(crate) fn tests(markdown: &str) -> Vec<String> {
    let blocks = blocks(markdown);
    let tests = blocks.iter().filter(|block| block.is_test());
    tests
        .map(|block| format!("{}\n{}", block.hidden, block.lines.join("\n")))
        .collect()
}

/// Returns the files that blocks name and quote, with their code.
pub(crate) fn quoted(markdown: &str) -> Vec<(&str, String)> {
    let blocks = blocks(markdown);
    let files = blocks
        .iter()
        .filter_map(|block| Some((block.path()?, code(&block.lines))));
    files.collect()
}

/// Returns the lines of code, without comments.
pub(crate) fn code(lines: &[&str]) -> String {
    let is_code = |line: &&&str| !line.trim_start().starts_with("//") && !line.is_empty();
    lines
        .iter()
        .filter(is_code)
        .copied()
        .collect::<Vec<_>>()
        .join("\n")
}

struct Block<'a> {
    hidden: String,
    lines: Vec<&'a str>,
}

impl<'a> Block<'a> {
    fn path(&self) -> Option<&'a str> {
        let path = self.lines.first()?.strip_prefix("// ")?;
        (Path::new(path).extension()? == "rs").then_some(path)
    }

    /// Returns whether the block is a module with tests.
    fn is_test(&self) -> bool {
        let is_attribute = |line: &&str| line.starts_with("#[") && line.contains("test");
        self.lines.iter().any(is_attribute)
    }

    fn doctest(&self) -> String {
        let (hidden, code) = (&self.hidden, self.lines.join("\n"));
        format!(
            "```no_run\n{hidden}\nasync fn example() -> Result<(), Box<dyn std::error::Error>> {{\n{code}\nOk(())\n}}\n```\n\n"
        )
    }
}

fn blocks(markdown: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut hidden = String::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("<!-- doctest:") {
            hidden = comment(line, &mut lines);
        } else if line == "```rust" {
            blocks.push(Block {
                hidden: std::mem::take(&mut hidden),
                lines: lines.by_ref().take_while(|line| *line != "```").collect(),
            });
        }
    }
    blocks
}

/// Returns the text of a comment that begins on `first`.
fn comment<'a>(first: &'a str, lines: &mut impl Iterator<Item = &'a str>) -> String {
    let mut text = first.trim_start_matches("<!-- doctest:").to_owned();
    while !text.ends_with("-->") {
        let Some(line) = lines.next() else { break };
        text = format!("{text}\n{line}");
    }
    text.trim_end_matches("-->").trim().to_owned()
}
