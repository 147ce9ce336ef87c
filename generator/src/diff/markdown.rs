//! A report as a page, for a pull request or a release.

use super::{ApiChanges, Change, Changes, Verdict, What, words};
use crate::emit::docs::{code, inline};

/// The report in Markdown.
#[must_use]
pub fn markdown(changes: &Changes) -> String {
    let mut text = String::new();
    for api in &changes.apis {
        self::api(&mut text, api);
    }
    let breaking = words::breaking(changes);
    if !breaking.is_empty() {
        text.push_str("## Breaking, by rule\n\n| rule | changes | because |\n|---|---|---|\n");
    }
    for (rule, count) in &breaking {
        let row = format!("| `{}` | {count} | {} |\n", rule.id(), rule.reason());
        text.push_str(&row);
    }
    if !breaking.is_empty() {
        text.push('\n');
    }
    text + &words::conclusion(changes, |word| format!("**{word}**")) + "\n"
}

fn api(text: &mut String, api: &ApiChanges) {
    let (title, id) = (inline(&api.title), code(&api.id));
    let head = format!(
        "## {title} ({id}), {}\n\n{}.\n\n",
        words::revisions(api),
        words::counts(api)
    );
    text.push_str(&head);
    for group in api.groups() {
        let heading = group.first();
        if let Some(heading) = heading.and_then(|first| words::group(&first.group, code)) {
            text.push_str(&format!("### {heading}\n\n"));
        }
        let described = |change: &&Change| change.what == What::Description;
        for change in group.iter().filter(|change| !described(change)) {
            self::change(text, change);
        }
        let names = group.iter().filter(described).map(|change| {
            if change.name.is_empty() {
                words::noun(change).to_owned()
            } else {
                change.name.clone()
            }
        });
        let names: Vec<String> = names.collect();
        if !names.is_empty() {
            let names = words::list(&names, code);
            text.push_str(&format!("* described differently: {names}\n"));
        }
        text.push('\n');
    }
}

fn change(text: &mut String, change: &Change) {
    let mark = match change.verdict {
        Verdict::Breaking => "**breaking:** ",
        Verdict::Additive | Verdict::Invisible => "",
    };
    let name = if change.name.is_empty() {
        String::new()
    } else {
        format!(" {}", code(&change.name))
    };
    let what = words::happened(change, code);
    text.push_str(&format!("* {mark}{}{name} {what}", words::noun(change)));
    if let Some(rust) = words::rust(change) {
        text.push_str(&format!(": {}", code(rust)));
    }
    text.push('\n');
    if words::compares(change) && !(change.old.is_empty() && change.new.is_empty()) {
        text.push_str("\n  ```diff\n");
        for (mark, lines) in [("-", &change.old), ("+", &change.new)] {
            for line in lines {
                text.push_str(&format!("  {mark} {line}\n"));
            }
        }
        text.push_str("  ```\n\n");
    }
}
