//! The result of a run, as text and as JSON.

use std::{fmt::Write as _, path::Path};

use serde::Serialize;
use serde_json::json;

use crate::{api_version::fold, outputs::counted, terminal::Shown as _};

/// The result for one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Row {
    /// The API's id, `spanner:v1`.
    pub(crate) id: String,
    /// The revision before the run.
    #[serde(rename = "from")]
    pub(crate) old: Option<String>,
    /// The revision of the source.
    #[serde(rename = "to")]
    pub(crate) new: Option<String>,
    pub(crate) status: Status,
    /// The reason for keeping the document.
    pub(crate) note: Option<String>,
    /// The reasons for a failure.
    pub(crate) problems: Vec<String>,
}

/// The outcomes, in the order in which they are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Added,
    Updated,
    Unchanged,
    Older,
    Left,
    Gone,
    Failed,
}

const ALL: [Status; 7] = [
    Status::Added,
    Status::Updated,
    Status::Unchanged,
    Status::Older,
    Status::Left,
    Status::Gone,
    Status::Failed,
];

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Older => "older",
            Self::Left => "left",
            Self::Gone => "gone",
            Self::Failed => "failed",
        }
    }

    /// Returns the word in a color of a terminal.
    fn styled(self) -> String {
        let color = match self {
            Self::Added | Self::Updated => 32,
            Self::Unchanged => return self.word().to_owned(),
            Self::Older | Self::Left | Self::Gone => 33,
            Self::Failed => 31,
        };
        format!("\u{1b}[{color}m{}\u{1b}[0m", self.word())
    }
}

/// Returns the table, its totals, and the next step.
pub(crate) fn text(rows: &[Row], dry: bool, has_outputs: bool) -> String {
    let width = rows.iter().map(|row| row.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for row in rows {
        let revisions = match (&row.old, &row.new) {
            (Some(old), Some(new)) if old != new => format!("{old} -> {new}"),
            (Some(only), _) | (None, Some(only)) => only.clone(),
            (None, None) => "-".to_owned(),
        };
        let status = row.status.styled();
        let note = row
            .note
            .as_ref()
            .map_or_else(String::new, |note| format!(": {note}"));
        let _ = writeln!(text, "{:width$}  {revisions:20}  {status}{note}", row.id);
    }
    let counts = ALL.iter().filter_map(|status| {
        let count = rows.iter().filter(|row| row.status == *status).count();
        (count > 0).then(|| format!("{count} {}", status.word()))
    });
    let counts: Vec<String> = counts.collect();
    let _ = writeln!(text, "{}: {}", counted(rows.len()), counts.join(", "));
    let changed = rows
        .iter()
        .any(|row| matches!(row.status, Status::Added | Status::Updated));
    match (dry, changed) {
        (true, _) => text.push_str("dry run: nothing was written\n"),
        (false, true) if has_outputs => {
            text.push_str("next: `gapi generate` regenerates the clients\n");
        }
        (false, true) => {
            text.push_str(
                "next: a build script, or `gapi generate DOC --out src`, makes clients of them\n",
            );
        }
        (false, false) => {}
    }
    text
}

/// Returns a note about new documents that the project file does not list.
pub(crate) fn not_followed(rows: &[Row], apis: &[String], file: &Path) -> String {
    let is_followed = |row: &&Row| {
        let id = fold(&row.id);
        let name = id.rsplit_once('-').map(|(name, _)| name.to_owned());
        apis.iter().any(|api| {
            let api = fold(api);
            api == id || Some(api) == name
        })
    };
    let new = rows.iter().filter(|row| row.status == Status::Added);
    let new = new.filter(|row| !is_followed(row));
    let names: Vec<String> = new.map(|row| format!("\"{}\"", row.id)).collect();
    if names.is_empty() {
        return String::new();
    }
    format!(
        "note: `gapi fetch` without names will not update them; add {} to `apis` in {}\n",
        names.join(", "),
        file.shown()
    )
}

/// Returns the result as JSON.
pub(crate) fn json(rows: &[Row], source: &str, dry: bool) -> serde_json::Value {
    json!({ "source": source, "dry_run": dry, "documents": rows })
}

/// Returns the errors of all documents, if there are any.
pub(crate) fn failures(rows: &[Row]) -> Option<String> {
    let failed: Vec<&Row> = rows
        .iter()
        .filter(|row| row.status == Status::Failed)
        .collect();
    if failed.is_empty() {
        return None;
    }
    let mut text = String::new();
    for row in &failed {
        let _ = writeln!(text, "error: {} was not fetched", row.id);
        for line in row.problems.iter().flat_map(|problem| problem.lines()) {
            let _ = writeln!(text, "  {line}");
        }
    }
    let (some, all) = (failed.len(), rows.len());
    let _ = write!(
        text,
        "error: {some} of {all} documents failed; all others were processed"
    );
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, old: Option<&str>, new: Option<&str>, status: Status) -> Row {
        Row {
            id: id.to_owned(),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
            status,
            note: (status == Status::Left).then(|| "why".to_owned()),
            problems: vec!["what\nhelp".to_owned()],
        }
    }

    #[test]
    fn the_table_says_what_became_of_each() {
        let rows = [
            row("a:v1", Some("1"), Some("2"), Status::Updated),
            row("long:v1", None, Some("3"), Status::Added),
            row("b:v1", Some("4"), Some("4"), Status::Left),
        ];
        let plain = anstream::adapter::strip_str(&text(&rows, false, true)).to_string();
        assert_eq!(
            plain,
            "a:v1     1 -> 2                updated\n\
             long:v1  3                     added\n\
             b:v1     4                     left: why\n\
             3 documents: 1 added, 1 updated, 1 left\n\
             next: `gapi generate` regenerates the clients\n"
        );
        assert_eq!(failures(&rows), None);
    }

    #[test]
    fn a_new_document_that_is_not_followed_is_noted() {
        let rows = [
            row("a:v1", None, Some("1"), Status::Added),
            row("b:v1", None, Some("1"), Status::Added),
            row("c:v1", Some("1"), Some("2"), Status::Updated),
        ];
        let note = |apis: &[&str]| {
            let apis: Vec<String> = apis.iter().map(|&api| api.to_owned()).collect();
            not_followed(&rows, &apis, Path::new("../gapi.toml"))
        };
        let start = "note: `gapi fetch` without names will not update them; add ";
        assert_eq!(note(&["a-v1", "B"]), "");
        assert_eq!(
            note(&["a:v1"]),
            format!("{start}\"b:v1\" to `apis` in ../gapi.toml\n")
        );
    }

    #[test]
    fn failures_are_told_together() {
        let rows = [
            row("a:v1", None, None, Status::Failed),
            row("b:v1", Some("1"), None, Status::Gone),
        ];
        assert_eq!(
            failures(&rows).as_deref(),
            Some(
                "error: a:v1 was not fetched\n  what\n  help\nerror: 1 of 2 documents failed; all others were processed"
            )
        );
    }
}
