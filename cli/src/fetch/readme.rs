//! The table in README.md of the directory, with the source of each document.

use gapi_generator::diagnostics::quoted;

use crate::api_version::Head;

const HEADER: &str = "| file | API | revision | source |";

/// Returns the text with an updated row of a document, or `None` if there is no such table.
pub(crate) fn update(text: &str, file: &str, head: &Head, source: &str) -> Option<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let header = lines.iter().position(|line| line.trim() == HEADER)?;
    // The next line consists of dashes.
    let first = header + 2;
    let rows = lines
        .get(first..)?
        .iter()
        .take_while(|line| line.starts_with('|'));
    let end = first + rows.count();
    let row = row(file, head, source);
    let key = format!("| `{file}` |");
    let rows = &lines[first..end];
    if let Some(index) = rows.iter().position(|line| line.starts_with(&key)) {
        lines[first + index] = &row;
    } else {
        let before = rows.iter().take_while(|line| ***line < *key).count();
        lines.insert(first + before, &row);
    }
    let ending = if text.ends_with('\n') { "\n" } else { "" };
    Some(lines.join("\n") + ending)
}

fn row(file: &str, head: &Head, source: &str) -> String {
    // Code in a table needs a backslash, too.
    let cell = |text: &str| quoted(text).replace('|', "\\|");
    let title = match &head.title[..] {
        "" => &head.api.name,
        title => title,
    };
    format!(
        "| `{file}` | {} {} | {} | {} |",
        cell(title),
        cell(&head.api.version),
        cell(&date(head.revision.as_str())),
        self::source(source)
    )
}

/// Returns a source: the address of a document, or the name of an archive or of a directory.
fn source(source: &str) -> String {
    let consists = |of: &str| {
        let mut letters = source.chars();
        letters.all(|c| c.is_ascii_alphanumeric() || of.contains(c))
    };
    let is_address = source.starts_with("https://") || source.starts_with("http://");
    // Text between two dollars is a formula on some pages.
    let is_address = is_address && consists("-._:/?$=&%") && source.matches('$').count() < 2;
    if is_address || consists(" .-") {
        source.to_owned()
    } else {
        quoted(source).replace('|', "\\|")
    }
}

/// `20261006` → `2026-10-06`
fn date(revision: &str) -> String {
    match (revision.get(..4), revision.get(4..6), revision.get(6..8)) {
        (Some(year), Some(month), Some(day))
            if revision.len() == 8 && revision.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            format!("{year}-{month}-{day}")
        }
        _ => revision.to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::api_version::ApiVersion;

    #[test]
    fn a_row_is_replaced_or_inserted_and_all_else_stays() {
        let text = "# X\n\n| file | API | revision | source |\n|---|---|---|---|\n\
            | `b.v1.json` | B v1 | 2020-01-01 | s |\n\nEnd: | `a.v1.json` |\n";
        let head = |name: &str| Head {
            api: ApiVersion::new(name, "v1").expect("a name"),
            title: format!("The {name}|x"),
            revision: "20210203".into(),
        };
        let row =
            |name: &str| format!("| `{name}.v1.json` | `The {name}\\|x` v1 | 2021-02-03 | t |");
        let old = "| `b.v1.json` | B v1 | 2020-01-01 | s |";
        for (name, wanted) in [
            ("a", text.replace(old, &format!("{}\n{old}", row("a")))),
            ("b", text.replace(old, &row("b"))),
            ("c", text.replace(old, &format!("{old}\n{}", row("c")))),
        ] {
            let updated = update(text, &format!("{name}.v1.json"), &head(name), "t");
            assert_eq!(updated, Some(wanted));
        }
        assert_eq!(update("# No table\n", "a.v1.json", &head("a"), "t"), None);
    }

    #[test]
    fn a_revision_that_is_no_date_stays_as_it_is() {
        assert_eq!(date("9"), "9");
        assert_eq!(date("2026x006"), "2026x006");
    }
}
