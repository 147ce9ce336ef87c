//! The README's Rust as doctests: each block is compiled, none is run.

/// A document with the blocks of Rust of a README, and nothing else.
///
/// A block stands in an `async fn` of its own, unless it is a whole file, as its first line (`// build.rs`) says. What a
/// reader can do without comes before it in the README, as a comment of Markdown: `<!-- doctest: use …; -->`.
pub(crate) fn doctests(readme: &str) -> String {
    let mut out = String::new();
    let mut hidden = String::new();
    let mut lines = readme.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("<!-- doctest:") {
            hidden = comment(line, &mut lines);
        } else if line == "```rust" {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            out.push_str(&doctest(&block, &hidden));
            hidden.clear();
        }
    }
    out
}

/// The lines of a comment that begins on `first`.
fn comment<'a>(first: &'a str, lines: &mut impl Iterator<Item = &'a str>) -> String {
    let mut text = first.trim_start_matches("<!-- doctest:").to_owned();
    while !text.ends_with("-->") {
        let Some(line) = lines.next() else { break };
        text = format!("{text}\n{line}");
    }
    text.trim_end_matches("-->").trim().to_owned()
}

fn doctest(block: &[&str], hidden: &str) -> String {
    let is_file = block.first().is_some_and(|line| {
        let path = line.strip_prefix("// ");
        path.is_some_and(|path| std::path::Path::new(path).extension() == Some("rs".as_ref()))
    });
    let code = block.join("\n");
    let code = if is_file {
        // With a `main` there is no other around the file.
        let main = if code.contains("fn main()") {
            ""
        } else {
            "fn main() {}"
        };
        format!("{hidden}\n{code}\n{main}")
    } else {
        format!(
            "{hidden}\nasync fn example() -> Result<(), Box<dyn std::error::Error>> {{\n{code}\nOk(())\n}}"
        )
    };
    format!("```no_run\n{code}\n```\n\n")
}
