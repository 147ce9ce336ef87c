//! Links, brackets that are not links, and bare URLs.

use std::ops::Range;

use pulldown_cmark::{BrokenLinkCallback, Event, LinkType, Parser, TagEnd};

use super::edit::{Edit, escape};

/// Returns the range of a link's text.
pub(super) fn inner(events: &[(Event<'_>, Range<usize>)]) -> Option<Range<usize>> {
    let shown = || {
        events
            .iter()
            .take_while(|(event, _)| !matches!(event, Event::End(TagEnd::Link | TagEnd::Image)))
    };
    Some(shown().map(|(_, range)| range.start).min()?..shown().map(|(_, range)| range.end).max()?)
}

/// Returns the edits for definitions of links whose labels are paths of items. The links of the emitter have such labels.
pub(super) fn definitions<'t, F: BrokenLinkCallback<'t>>(parser: &Parser<'t, F>) -> Vec<Edit> {
    let definitions = parser.reference_definitions().iter();
    let own = definitions.filter(|(label, _)| label.contains('`') || label.contains("::"));
    own.map(|(_, definition)| Edit {
        range: definition.span.start..definition.span.start,
        with: "\\".to_owned(),
    })
    .collect()
}

/// Keeps links to the web, resolves those to the documentation, and unlinks the rest.
pub(super) fn link(
    text: &str,
    range: &Range<usize>,
    inside: Option<Range<usize>>,
    kind: LinkType,
    destination: &str,
    base: Option<&str>,
    edits: &mut Vec<Edit>,
) {
    let absolute = ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| destination.starts_with(scheme));
    if absolute || kind == LinkType::Email {
        return;
    }
    // `<javascript:…>` is a link as well. Without its bracket it is text.
    if kind == LinkType::Autolink {
        edits.push(Edit {
            range: range.start..range.start,
            with: "\\".to_owned(),
        });
        return;
    }
    let Some(inside) = inside else {
        // A link without text can be removed.
        edits.push(Edit {
            range: range.clone(),
            with: String::new(),
        });
        return;
    };
    let resolved = base
        .and_then(origin)
        .filter(|_| destination.starts_with('/') && !destination.starts_with("//"));
    match (resolved, kind) {
        (Some(origin), LinkType::Inline) => {
            let with = format!("]({origin}{})", destination.replace(' ', "%20"));
            edits.push(Edit {
                range: inside.end..range.end,
                with,
            });
        }
        // `[x]` alone is not a link.
        (_, LinkType::ShortcutUnknown) => {
            edits.push(Edit {
                range: range.start..range.start,
                with: "\\".to_owned(),
            });
            edits.push(Edit {
                range: range.end - 1..range.end - 1,
                with: "\\".to_owned(),
            });
        }
        // `[Instance.name][google.spanner.admin.instance.v1.Instance.name]` shows its text.
        _ => {
            let mark = if is_name(&text[inside.clone()]) {
                "`"
            } else {
                ""
            };
            edits.push(Edit {
                range: range.start..inside.start,
                with: mark.to_owned(),
            });
            edits.push(Edit {
                range: inside.end..range.end,
                with: mark.to_owned(),
            });
        }
    }
}

/// Returns whether a text is the name of a type, a member or a method, and not a word of prose.
fn is_name(text: &str) -> bool {
    let inner = text.get(1..).unwrap_or_default();
    text.bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
        && inner.contains(|c: char| c.is_ascii_uppercase() || matches!(c, '_' | '.'))
        && !text.ends_with('.')
}

/// Returns the origin of a URL: `https://cloud.google.com/spanner/` → `https://cloud.google.com`.
fn origin(url: &str) -> Option<&str> {
    let host = url.strip_prefix("https://")?;
    let end = host.find('/').unwrap_or(host.len());
    url.get(.."https://".len() + end)
}

/// Escapes brackets that are not links, and turns bare URLs into links.
pub(super) fn prose(text: &str, range: &Range<usize>, linked: bool, edits: &mut Vec<Edit>) {
    let urls = if linked {
        Vec::new()
    } else {
        bare_urls(&text[range.clone()], range.start)
    };
    let in_url = |at: usize| urls.iter().any(|url| url.contains(&at));
    edits.extend(
        escape(text, range, |c| matches!(c, '[' | ']')).filter(|edit| !in_url(edit.range.start)),
    );
    for url in &urls {
        let shown = &text[url.clone()];
        let literal = shown.contains(['{', '}', '*', '[', ']', '\\', '^', '|', '`']);
        let with = if literal {
            format!("`{}`", shown.replace(['`', '\\'], ""))
        } else {
            format!("<{shown}>")
        };
        edits.push(Edit {
            range: url.clone(),
            with,
        });
    }
}

fn bare_urls(slice: &str, start: usize) -> Vec<Range<usize>> {
    let mut urls = Vec::new();
    let mut at = 0;
    while let Some(found) = ["https://", "http://"]
        .iter()
        .filter_map(|scheme| slice[at..].find(scheme))
        .min()
    {
        let from = at + found;
        let rest = &slice[from..];
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | ')' | '`'))
            .unwrap_or(rest.len());
        let url = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '(', '*', '_']);
        urls.push(start + from..start + from + url.len());
        at = from + end.max(1);
    }
    urls
}
