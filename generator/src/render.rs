//! Renders tokens as the text of a file, with syn, prettyplease, blank lines and the banner.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, File, Item};

use crate::text::is_hidden;

/// The width of a line.
const WIDTH: usize = 100;

/// Renders a file from chunks of whole items. `banner` is its first line.
///
/// # Errors
/// Returns an error if the tokens are not Rust, which is a mistake of an emitter, never of a document.
pub(crate) fn render(
    banner: &str,
    fragments: impl IntoIterator<Item = TokenStream>,
) -> Result<String, String> {
    let mut text = format!("{banner}\n\n");
    let mut group = Group::Own;
    for tokens in fragments {
        let fragment: File = syn::parse2(tokens)
            .map_err(|error| format!("the generator emitted tokens that are not Rust: {error}"))?;
        if !fragment.attrs.is_empty() {
            text.push_str(&unparse(fragment.attrs, Vec::new()));
        }
        for item in fragment.items {
            let next = Group::of(&item);
            if next == Group::Own || next != group && next != Group::Table {
                blank_line(&mut text);
            }
            group = next;
            text.push_str(&print(item));
        }
    }
    Ok(escaped(text))
}

/// Returns code whose hidden characters are escaped. They can only be in string literals.
fn escaped(text: String) -> String {
    let is_odd = |c: char| c != '\n' && is_hidden(c);
    if text.is_ascii() || !text.contains(is_odd) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_odd(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Returns the signature of a function as it is printed in an `impl`, without indentation.
pub(crate) fn signature(tokens: &TokenStream) -> String {
    let around = quote! { impl X { #tokens { x } } };
    // Rendering the file reports tokens that are not Rust. Here they are printed as they are.
    let Ok(file) = syn::parse2::<File>(around) else {
        return tokens.to_string();
    };
    let text = prettyplease::unparse(&file);
    let lines = text.lines().skip(1).take_while(|line| line.trim() != "x");
    let lines: Vec<&str> = lines
        .map(|line| line.strip_prefix("    ").unwrap_or(line))
        .collect();
    lines.join("\n").trim_end_matches(" {").to_owned()
}

/// A kind of item. Items of one kind are not separated by blank lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Imports,
    Modules,
    /// A table, which follows its type.
    Table,
    Own,
}

impl Group {
    fn of(item: &Item) -> Self {
        match item {
            Item::Use(import) if matches!(import.vis, syn::Visibility::Inherited) => Self::Imports,
            Item::Mod(module) if module.content.is_none() && module.attrs.is_empty() => {
                Self::Modules
            }
            Item::Macro(_) => Self::Table,
            _ => Self::Own,
        }
    }
}

fn blank_line(text: &mut String) {
    if !text.ends_with("\n\n") {
        text.push('\n');
    }
}

/// Prints one item: inline modules item by item, tables row by row, everything else with prettyplease.
fn print(item: Item) -> String {
    match item {
        Item::Mod(module) if module.content.is_some() => print_module(module),
        Item::Macro(call) => match print_table(&call) {
            Some(table) => table,
            None => unparse(Vec::new(), vec![Item::Macro(call)]),
        },
        item => space_out(&unparse(Vec::new(), vec![item])),
    }
}

fn unparse(attrs: Vec<Attribute>, items: Vec<Item>) -> String {
    prettyplease::unparse(&File {
        shebang: None,
        frontmatter: None,
        attrs,
        items,
    })
}

fn print_module(mut module: syn::ItemMod) -> String {
    let items = module
        .content
        .take()
        .map(|(_, items)| items)
        .unwrap_or_default();
    module.semi = Some(syn::token::Semi::default());
    let declaration = unparse(Vec::new(), vec![Item::Mod(module)]);
    let mut text = declaration.trim_end().trim_end_matches(';').to_owned();
    text.push_str(" {\n");
    let mut inner = String::new();
    for item in items {
        if !inner.is_empty() && Group::of(&item) != Group::Table {
            inner.push('\n');
        }
        inner.push_str(&print(item));
    }
    for line in inner.lines() {
        if !line.is_empty() {
            text.push_str("    ");
            text.push_str(line);
        }
        text.push('\n');
    }
    text.push_str("}\n");
    text
}

/// Prints `schema!(Name { field: "wire", … });`, because prettyplease prints the arguments of macros as raw tokens. Facts of a call
/// have a line each, and wire names share lines.
fn print_table(call: &syn::ItemMacro) -> Option<String> {
    let mut tokens = call.mac.tokens.clone().into_iter();
    let TokenTree::Ident(name) = tokens.next()? else {
        return None;
    };
    let mut name = name.to_string();
    let table = loop {
        match tokens.next()? {
            TokenTree::Group(table) => break table,
            // `Name as "id"`
            word => name = format!("{name} {word}"),
        }
    };
    if tokens.next().is_some() {
        return None;
    }
    let segments = call.mac.path.segments.iter();
    let path = segments
        .map(|segment| segment.ident.to_string())
        .collect::<Vec<_>>()
        .join("::");
    let rows = rows(table.stream());
    let listed = ["::call", "::operation", "::service"]
        .iter()
        .any(|end| path.ends_with(end));
    let short = format!("{path}!({name} {{ {} }});\n", rows.join(", "));
    if rows.is_empty() {
        return Some(format!("{path}!({name} {{}});\n"));
    }
    if short.len() <= WIDTH && !listed {
        return Some(short);
    }
    let mut text = format!("{path}!({name} {{");
    let mut column = WIDTH;
    for row in rows {
        if listed || column + row.len() + 2 > WIDTH {
            text.push_str("\n   ");
            column = 3;
        }
        text.push(' ');
        text.push_str(&row);
        text.push(',');
        column += row.len() + 2;
    }
    text.push_str("\n});\n");
    Some(text)
}

/// Returns the rows of a table, `field: "wire"`, separated by commas.
fn rows(table: TokenStream) -> Vec<String> {
    let mut rows = vec![String::new()];
    let mut angles = 0_usize;
    let mut joint = false;
    for token in table {
        let last = rows.len() - 1;
        let row = &mut rows[last];
        match &token {
            TokenTree::Punct(punct) => {
                let (mark, path) = (punct.as_char(), joint || punct.spacing() == Spacing::Joint);
                match mark {
                    ',' if angles == 0 => rows.push(String::new()),
                    ',' => row.push_str(", "),
                    '=' => row.push_str(" = "),
                    ';' => row.push_str("; "),
                    ':' if !path => row.push_str(": "),
                    mark => row.push(mark),
                }
                angles = match mark {
                    '<' => angles + 1,
                    '>' => angles.saturating_sub(1),
                    _ => angles,
                };
                joint = punct.spacing() == Spacing::Joint;
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                row.push(' ');
                push_list(row, group.stream());
                joint = false;
            }
            word => {
                let follows =
                    row.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '"' | '>'));
                if follows {
                    row.push(' ');
                }
                row.push_str(&word.to_string());
                joint = false;
            }
        }
    }
    rows.retain(|row| !row.is_empty());
    rows
}

/// Appends `[first, second]` to a row of a listed table. Long lists fill several lines.
fn push_list(row: &mut String, list: TokenStream) {
    let words = rows(list);
    let mut column = "    ".len() + row.len() + "[".len();
    row.push('[');
    for (index, word) in words.iter().enumerate() {
        let is_last = index + 1 == words.len();
        let end = if is_last { "]," } else { "," };
        if index > 0 && column + " ".len() + word.len() + end.len() > WIDTH {
            row.push_str("\n       ");
            column = "       ".len();
        }
        if index > 0 {
            row.push(' ');
            column += 1;
        }
        row.push_str(word);
        column += word.len() + ",".len();
        if !is_last {
            row.push(',');
        }
    }
    row.push(']');
}

/// Adds blank lines between the functions of an `impl`, which prettyplease omits. No emitted literal contains a line
/// break, so each line is a line of code.
fn space_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut closed = false;
    for line in text.lines() {
        if closed && line.starts_with("    ") && !line.trim_start().starts_with('}') {
            out.push('\n');
        }
        closed = line == "    }" || line == "    };";
        out.push_str(line);
        out.push('\n');
    }
    out
}
