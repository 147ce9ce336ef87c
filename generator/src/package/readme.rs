//! The README of a crate: a first part that is written once, and an updated list of its documents.

use super::{example::Example, manifest, new::Package};
use crate::{
    Generated, Options, Selector, Unmatched,
    emit::{docs, manifest::Entry},
    text::{printable, shell_word},
};

/// The line below which a README belongs to the generator.
const MARKER: &str = "<!-- Generated: the documents. Everything above is written by hand. -->";

/// Returns a README for a new crate.
pub(super) fn new(
    name: &str,
    package: &Package,
    entries: &[Entry],
    command: &str,
    example: Option<Example>,
) -> String {
    let description = docs::inline(&manifest::description(entries));
    let version = package.version.as_deref().unwrap_or("0.1.0");
    let (feature, code) = example.map_or((None, None), |it| (it.feature, Some(it.code)));
    let dependency = match feature {
        Some(feature) => format!("{{ version = \"{version}\", features = [\"{feature}\"] }}"),
        None => format!("\"{version}\""),
    };
    let features = match entries {
        [_] => "",
        _ => {
            "Each API is a module behind its own feature. No feature is on by default. `all` turns on all of them.\n\n"
        }
    };
    let example = code.map_or_else(String::new, |code| format!("```rust\n{code}```\n\n"));
    let tail = tail(entries, command);
    format!(
        "# {name}

{description}.

```toml
[dependencies]
{name} = {dependency}
```

{features}{example}Required parameters are arguments, and optional parameters are setters. Pages are streams, enums are open, and members that
the document does not know are kept. The documentation of `gapi-runtime` explains credentials, retries, media, errors, and the
features `auth`, `reqwest`, `tls-ring`, `tls-aws-lc` and `tracing`.

## License

See `Cargo.toml` and `NOTICE`: the documents, and with them the descriptions in this crate, are Google's. This crate is
not a product of Google.

{tail}"
    )
}

/// Returns a README with an updated list of documents. Without the marker line it stays unchanged.
pub(super) fn updated(current: &str, entries: &[Entry], command: &str) -> String {
    match marker(current) {
        Some(at) => format!("{}{}", &current[..at], tail(entries, command)),
        None => current.to_owned(),
    }
}

/// Returns the offset of the last line that is the marker. Text that only mentions the marker is hand-written.
fn marker(readme: &str) -> Option<usize> {
    let mut at = 0;
    let lines = readme.split_inclusive('\n').map(|line| {
        let start = at;
        at += line.len();
        (start, line)
    });
    let markers = lines.filter(|(_, line)| line.trim() == MARKER);
    markers.last().map(|(start, _)| start)
}

fn tail(entries: &[Entry], command: &str) -> String {
    let rows = entries.iter().map(|entry| {
        let (title, version) = (docs::inline(&entry.title), docs::inline(&entry.version));
        let title = format!("{title} {version}").replace('|', "\\|");
        let (id, revision) = (docs::code(&entry.id), docs::inline(&entry.revision));
        format!("| {title} | {id} | {revision} | `{}` |\n", entry.module)
    });
    let rows: String = rows.collect();
    format!(
        "{MARKER}
## Documents

| API | document | revision | module |
|---|---|---|---|
{rows}
Regenerated, with newer documents, by

```sh
{command}
```
"
    )
}

/// Returns the command that writes the crate again.
pub(super) fn command(package: &Package, documents: &[Generated], options: &Options) -> String {
    if let Some(command) = &package.regenerate {
        return printable(command);
    }
    // Other options are for documents of other crates.
    let is_here = |id: &String| documents.iter().any(|document| document.id == *id);
    let applies = |selector: &Selector| selector.document.as_ref().is_none_or(is_here);
    let matches = |selector: &Selector| {
        let is_it = |unmatched: &Unmatched| unmatched.selector == *selector;
        let mut unmatched = documents.iter().map(|it| it.unmatched.iter().any(is_it));
        unmatched.any(|unmatched| !unmatched)
    };
    let mut ids: Vec<&String> = documents.iter().map(|document| &document.id).collect();
    ids.sort();
    let files = ids
        .iter()
        .map(|id| format!("{}.json", id.replace(':', ".")));
    let mut words = vec!["gapi".to_owned(), "generate".to_owned()];
    words.extend(files);
    words.extend(["--out", ".", "--flavor", "crate"].map(str::to_owned));
    let mut option = |name: &str, value: String| words.extend([format!("--{name}"), value]);
    for host in &options.allowed_hosts {
        option("allow-host", host.clone());
    }
    for rename in options.renames.iter().filter(|it| is_here(&it.document)) {
        option(
            "rename",
            format!("{}#{}={}", rename.document, rename.pointer, rename.rust),
        );
    }
    let resources = options.resources.iter();
    for selector in resources.filter(|it| applies(it) && matches(it)) {
        option("resources", selector.to_string());
    }
    for derive in options.derives.iter().filter(|it| applies(&it.structs)) {
        option("derive", format!("{}={}", derive.structs, derive.macros));
    }
    let quoted: Vec<String> = words.iter().map(|word| shell_word(word)).collect();
    quoted.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{MARKER, marker};

    #[test]
    fn the_marker_is_the_last_line_of_its_own() {
        assert_eq!(marker(&format!("a\n{MARKER}\r\nb\n")), Some(2));
        let mentioned = format!("Below `{MARKER}` it is generated.\n{MARKER}.\n");
        assert_eq!(marker(&mentioned), None);
        let quoted = format!("```\n{MARKER}\n```\n\nby hand\n");
        assert_eq!(marker(&format!("{quoted}{MARKER}")), Some(quoted.len()));
    }
}
