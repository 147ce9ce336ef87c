//! `#[deprecated]` with the description of the replacement, which the compiler shows in its warning.

use proc_macro2::TokenStream;
use quote::quote;

use super::{cx::Cx, docs};
use crate::{
    ir::{MethodId, Shape, TypeId, TypeRef},
    items::Tree,
};

/// The text of the warning if the description has none.
const NO_TEXT: &str = "the service has deprecated it";

/// The maximum length of a note, in bytes. Longer prose is cut at a word.
const LONGEST: usize = 300;

/// Returns `#[deprecated = "…"]` if the document marks the item as deprecated.
pub(super) fn attribute(deprecated: bool, description: Option<&str>) -> Option<TokenStream> {
    deprecated.then(|| {
        let note = description.and_then(note);
        let note = note.as_deref().unwrap_or(NO_TEXT);
        quote! { #[deprecated = #note] }
    })
}

/// Returns `#![allow(deprecated)]` for the file of schemas, because the warning is for users.
pub(super) fn allow_in_schemas(cx: Cx<'_>) -> Option<TokenStream> {
    allow(cx.types.ids().any(|id| cx.items[id].deprecated))
}

/// Returns the attribute for the file with these methods, which are in `module`.
pub(super) fn allow_in_methods(
    cx: Cx<'_>,
    methods: &[MethodId],
    module: &[String],
) -> Option<TokenStream> {
    let bodies = methods.iter().flat_map(|id| {
        let method = &cx.api[*id];
        method.request.iter().chain(&method.response)
    });
    let mut results = methods.iter().filter_map(|id| {
        let result = cx.facts.operation_results.get(id)?;
        Some([result.response, result.metadata])
    });
    let results = results.any(|ids| ids.into_iter().flatten().any(|id| cx.items[id].deprecated));
    let params: Vec<String> = module
        .iter()
        .cloned()
        .chain(["params".to_owned()])
        .collect();
    let mut inline = cx.types.get(&params).into_iter().flat_map(Tree::ids);
    allow(
        bodies.into_iter().any(|ty| mentions(cx, ty))
            || results
            || inline.any(|id| has_field_of(cx, id)),
    )
}

fn allow(mentions: bool) -> Option<TokenStream> {
    mentions.then(|| quote! { #![allow(deprecated, reason = "the warning is for users")] })
}

/// Returns whether code that names the type mentions a deprecated type.
fn mentions(cx: Cx<'_>, ty: &TypeRef) -> bool {
    match ty {
        TypeRef::List(inner) | TypeRef::Map(inner) => mentions(cx, inner),
        TypeRef::Named(id) => cx.items[*id].deprecated,
        _ => false,
    }
}

fn has_field_of(cx: Cx<'_>, id: TypeId) -> bool {
    match &cx.api[id].shape {
        Shape::Struct(fields) => fields.iter().any(|field| mentions(cx, &field.ty)),
        Shape::Alias(_) | Shape::Enum(_) => false,
    }
}

/// Returns the text of a description about the deprecation. This is the first sentence about it that contains more
/// than the word, and the advice right after it.
fn note(description: &str) -> Option<String> {
    let sentences = sentences(&plain(description));
    let has = |word: &str| {
        let about = move |sentence: &String| sentence.to_lowercase().contains(word);
        (0..sentences.len())
            .filter(|&index| about(&sentences[index]))
            .collect::<Vec<_>>()
    };
    let mut places = has("deprecat");
    if places.is_empty() {
        places = has("instead");
    }
    let text = |index: usize| {
        let own = Some(without_label(&sentences[index])).filter(|text| is_content(text));
        let advice = sentences.get(index + 1).map(String::as_str);
        let advice = advice.filter(|next| is_advice(next));
        let parts: Vec<&str> = own.into_iter().chain(advice).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    };
    places.into_iter().find_map(text).map(|text| cut(&text))
}

/// Removes the markup of Markdown. `[text](link)` becomes the text, and `[Deprecated]` a separate sentence.
fn plain(markdown: &str) -> String {
    let mut out = String::new();
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        let (inside, after) = after.split_once(']').unwrap_or((after, ""));
        out.push_str(inside);
        if inside.eq_ignore_ascii_case("deprecated") && !after.starts_with([':', '.']) {
            out.push('.');
        }
        let link = after
            .strip_prefix('(')
            .and_then(|link| link.split_once(')'));
        rest = link.map_or(after, |(_, after)| after);
    }
    out.push_str(rest);
    let code = out.matches('`').count().is_multiple_of(2);
    out.retain(|c| !matches!(c, '*' | '[' | ']') && (code || c != '`'));
    out
}

/// Returns the sentences of a text. A full stop ends a sentence if no lower-case letter follows.
fn sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    for paragraph in text.split("\n\n") {
        let words: Vec<String> = paragraph
            .split_whitespace()
            .map(docs::visible)
            .filter(|word| !word.is_empty())
            .collect();
        let mut start = 0;
        for end in 1..=words.len() {
            let last = words[end - 1].trim_start_matches('(');
            let stops = last.ends_with(['.', '!', '?']) && !["e.g.", "i.e."].contains(&last);
            let small = words
                .get(end)
                .is_some_and(|next| next.starts_with(char::is_lowercase));
            if end == words.len() || (stops && !small) {
                sentences.push(words[start..end].join(" "));
                start = end;
            }
        }
    }
    sentences
}

/// Returns a sentence without its label, because the compiler prints `deprecated` itself.
fn without_label(sentence: &str) -> &str {
    let Some((label, rest)) = sentence.split_at_checked("deprecated".len()) else {
        return sentence;
    };
    let rest = rest.trim_start();
    if label.eq_ignore_ascii_case("deprecated")
        && (rest.is_empty() || rest.starts_with(['!', ':', '.', ',', ';', '-', '–']))
    {
        rest.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '`')
    } else {
        sentence
    }
}

/// Returns whether a sentence has content. A label such as `Output only.` has none.
fn is_content(sentence: &str) -> bool {
    const LABELS: [&str; 6] = [
        "",
        "Immutable",
        "Input only",
        "Optional",
        "Output only",
        "Required",
    ];
    !LABELS.contains(&sentence.trim_end_matches(['.', ':']))
}

/// Returns whether a sentence gives advice.
fn is_advice(sentence: &str) -> bool {
    const WORDS: [&str; 6] = ["Consider", "Do", "Please", "Prefer", "See", "Use"];
    let first = sentence.split(' ').next().unwrap_or_default();
    WORDS.contains(&first) || sentence.to_lowercase().contains("instead")
}

fn cut(note: &str) -> String {
    if note.len() <= LONGEST {
        return note.to_owned();
    }
    let mut short = String::new();
    for word in note.split(' ') {
        if short.len() + word.len() >= LONGEST {
            break;
        }
        short.push_str(word);
        short.push(' ');
    }
    format!("{}…", short.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_is_what_the_description_says_about_it() {
        let cases = [
            (
                "The parent. Deprecated: Use `driveId` instead.",
                "Use `driveId` instead.",
            ),
            (
                "Deprecated: Output only. Use `driveId` instead.",
                "Use `driveId` instead.",
            ),
            (
                "Deprecated. The zone. This field has been deprecated and replaced by the name field.",
                "This field has been deprecated and replaced by the name field.",
            ),
            ("Deprecated. Do not use.", "Do not use."),
            (
                "Overridden.\nDeprecated unused field.",
                "Deprecated unused field.",
            ),
            (
                "[DEPRECATED] This field is deprecated. To control snippets, use `s`.",
                "This field is deprecated.",
            ),
            (
                "Optional. **DEPRECATED.** Instead, use the [list](https://a.b/c) method. More.",
                "Instead, use the list method.",
            ),
            (
                "A mode (e.g. deprecated ones, i.e. `X`). It is gone.",
                "A mode (e.g. deprecated ones, i.e. `X`).",
            ),
            (
                "The edition should be ignored. Take it from Api instead.",
                "Take it from Api instead.",
            ),
            (
                "Old ` stuff\u{202e}. Deprecated in favor of [Foo][bar] <b>.",
                "Deprecated in favor of Foobar <b>.",
            ),
        ];
        for (description, wanted) in cases {
            assert_eq!(note(description).as_deref(), Some(wanted), "{description}");
        }
    }

    #[test]
    fn no_note_is_made_of_a_description_that_says_nothing_about_it() {
        for description in [
            "",
            "Deprecated.",
            "The name.",
            "[Deprecated]",
            "DEPRECATED -",
        ] {
            assert_eq!(note(description), None, "{description}");
        }
    }

    #[test]
    fn a_long_note_is_cut_at_a_word() {
        let description = format!("Deprecated: {}", "word ".repeat(100));
        let note = note(&description).unwrap_or_default();
        assert!(
            note.len() <= LONGEST + "…".len() && note.ends_with("word…"),
            "{note}"
        );
    }
}
