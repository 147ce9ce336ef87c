//! Reports contain text of documents. It must not control a terminal or change a page.

use gapi_generator::{
    Source,
    diagnostics::is_hidden,
    diff::{self, Changes},
};
use gapi_tests::fixture;
use pulldown_cmark::{Event, Parser, Tag};
use serde_json::{Value, json};

use super::compare;

/// Compares the fixtures with hostile text in every place: as new, as removed, and with all texts changed.
fn changes() -> Vec<Changes> {
    let hostile = fixture::good().into_iter();
    let hostile = hostile
        .filter(|fixture| fixture.name.contains("hostile") || fixture.name.contains("names"));
    let mut all = Vec::new();
    for fixture in hostile {
        let whole: Value = serde_json::from_str(&fixture.source.text).expect("JSON");
        let mut bare = whole.clone();
        bare["schemas"] = json!({});
        bare["resources"] = json!({});
        bare["parameters"] = json!({});
        bare["auth"] = json!({});
        bare["methods"] = json!({});
        let source = |document: &Value| Source {
            name: fixture.name.clone(),
            text: document.to_string(),
        };
        let (whole, bare) = (source(&whole), source(&bare));
        let mut shouted = whole.clone();
        shouted.text = shouted
            .text
            .replace("\"description\":\"", "\"description\":\"Now ");
        shouted.text = shouted.text.replace("\"path\":\"", "\"path\":\"v9/");
        for (old, new) in [(&whole, &bare), (&bare, &whole), (&whole, &shouted)] {
            all.push(compare(
                std::slice::from_ref(old),
                std::slice::from_ref(new),
            ));
        }
    }
    assert!(all.len() > 10, "{} comparisons", all.len());
    all
}

#[test]
fn nothing_hidden_is_printed() {
    for changes in changes() {
        for text in [
            diff::text(&changes, false),
            diff::markdown(&changes),
            diff::changelog(&changes),
        ] {
            let hidden = text.lines().find(|line| line.contains(is_hidden));
            assert_eq!(hidden, None);
        }
    }
}

#[test]
fn pages_are_neither_html_nor_links() {
    for changes in changes() {
        for text in [diff::markdown(&changes), diff::changelog(&changes)] {
            for event in Parser::new(&text) {
                let own = !matches!(
                    event,
                    Event::Html(_)
                        | Event::InlineHtml(_)
                        | Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock)
                );
                assert!(own, "{event:?}");
            }
        }
    }
}
