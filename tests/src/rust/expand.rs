//! Expands the runtime's macros from their source, as rustc does. So a test knows the declarations of generated code
//! without the generator.
//!
//! Only the features of these macros are supported: the fragments `ident`, `literal`, `ty`, `path`, `tt` and `expr`, and
//! repetitions.

use std::{collections::BTreeMap, path::Path};

use proc_macro2::{Delimiter, Group, Ident, Punct, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{
    ImplItem, Item,
    parse::{Parse, ParseStream, Parser},
};

use crate::workspace;

/// The exported macros of a crate by name, each with its rules in order.
#[derive(Debug, Default)]
pub struct Macros(BTreeMap<String, Vec<Rule>>);

/// A rule: the pattern and its body.
#[derive(Debug)]
struct Rule {
    pattern: Vec<Part>,
    body: Vec<Part>,
}

/// A part of a pattern or of a body.
#[derive(Debug)]
enum Part {
    /// A token that is not a group.
    Token(TokenTree),
    Group(Delimiter, Vec<Part>),
    /// `$name:fragment` in a pattern, `$name` in a body.
    Variable(String, String),
    /// `$crate`
    Crate,
    /// `$( … ) separator operator`
    Repeated(Vec<Part>, Option<char>, char),
}

/// The value of a variable.
#[derive(Clone, Debug)]
enum Bound {
    One(TokenStream),
    Many(Vec<Bindings>),
}

type Bindings = BTreeMap<String, Bound>;

impl Macros {
    /// Reads the macros of the runtime.
    #[must_use]
    pub fn of_the_runtime() -> Self {
        let mut macros = Self::default();
        for name in ["call", "client/service", "operation", "schema", "open_enum"] {
            macros.read(&workspace::root().join(format!("runtime/src/{name}.rs")));
        }
        macros
    }

    fn read(&mut self, path: &Path) {
        let file = syn::parse_file(&workspace::read(path));
        let file = file.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for item in file.items {
            if let Item::Macro(item) = item
                && let Some(name) = item.ident
            {
                self.0.insert(name.to_string(), rules(item.mac.tokens));
            }
        }
    }

    /// Returns the items that an invocation of the macro declares. Invocations inside it are not expanded.
    #[must_use]
    pub fn expand(&self, name: &str, input: TokenStream) -> Vec<Item> {
        let file = syn::parse2::<syn::File>(self.tokens(name, input));
        file.unwrap_or_else(|error| panic!("`{name}!` expands to no items: {error}"))
            .items
    }

    /// Returns the items that an invocation within an `impl` block declares.
    #[must_use]
    pub fn expand_within(&self, name: &str, input: TokenStream) -> Vec<ImplItem> {
        let tokens = self.tokens(name, input);
        let block = syn::parse2::<syn::ItemImpl>(quote! { impl Within { #tokens } });
        block
            .unwrap_or_else(|error| panic!("`{name}!` expands to no functions: {error}"))
            .items
    }

    fn tokens(&self, name: &str, input: TokenStream) -> TokenStream {
        let rules = self.0.get(name);
        let rules = rules.unwrap_or_else(|| panic!("the runtime has no macro `{name}!`"));
        let input: Vec<TokenTree> = input.into_iter().collect();
        for rule in rules {
            let mut bindings = Bindings::new();
            if matches(&rule.pattern, &input, &mut bindings) == Some(input.len()) {
                return transcribe(&rule.body, &bindings);
            }
        }
        let input: TokenStream = input.into_iter().collect();
        panic!("no rule of `{name}!` takes {input}");
    }
}

/// Parses `(pattern) => {body}; …`.
fn rules(tokens: TokenStream) -> Vec<Rule> {
    let groups = tokens.into_iter().filter_map(|token| match token {
        TokenTree::Group(group) => Some(parts(group.stream())),
        _ => None,
    });
    let mut groups = groups.collect::<Vec<_>>().into_iter();
    let mut rules = Vec::new();
    while let (Some(pattern), Some(body)) = (groups.next(), groups.next()) {
        rules.push(Rule { pattern, body });
    }
    rules
}

fn parts(tokens: TokenStream) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        parts.push(match token {
            TokenTree::Group(group) => Part::Group(group.delimiter(), self::parts(group.stream())),
            TokenTree::Punct(mark) if mark.as_char() == '$' => match tokens.next() {
                Some(TokenTree::Group(group)) => {
                    let mut mark = || match tokens.next() {
                        Some(TokenTree::Punct(mark)) => mark.as_char(),
                        other => panic!("a repetition ends with {other:?}"),
                    };
                    let (separator, operator) = match mark() {
                        operator @ ('*' | '+' | '?') => (None, operator),
                        separator => (Some(separator), mark()),
                    };
                    Part::Repeated(self::parts(group.stream()), separator, operator)
                }
                Some(TokenTree::Ident(name)) if name == "crate" => Part::Crate,
                Some(TokenTree::Ident(name)) => {
                    let mut fragment = String::new();
                    let is_mark = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ':');
                    if tokens.peek().is_some_and(is_mark) {
                        // In a body no fragment name follows a colon, so the colon is a token.
                        let mut ahead = tokens.clone();
                        ahead.next();
                        if let Some(TokenTree::Ident(kind)) = ahead.next()
                            && ["ident", "literal", "ty", "path", "tt", "expr"].iter().any(|it| kind == it)
                        {
                            fragment = kind.to_string();
                            tokens.nth(1);
                        }
                    }
                    Part::Variable(name.to_string(), fragment)
                }
                other => panic!("`$` stands before {other:?}"),
            },
            token => Part::Token(token),
        });
    }
    parts
}

/// Returns the number of tokens that match the pattern; `None` if they do not. Repetitions are greedy.
fn matches(pattern: &[Part], input: &[TokenTree], bindings: &mut Bindings) -> Option<usize> {
    let mut at = 0;
    for part in pattern {
        at += match part {
            Part::Crate => return None,
            Part::Token(token) => is_same(token, input.get(at)?).then_some(1)?,
            Part::Group(delimiter, inside) => match input.get(at)? {
                TokenTree::Group(group) if group.delimiter() == *delimiter => {
                    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
                    (matches(inside, &tokens, bindings)? == tokens.len()).then_some(1)?
                }
                _ => return None,
            },
            Part::Variable(name, fragment) => {
                let taken = fragment_length(fragment, &input[at..])?;
                let tokens = input[at..at + taken].iter().cloned().collect();
                bindings.insert(name.clone(), Bound::One(tokens));
                taken
            }
            Part::Repeated(inside, separator, operator) => {
                let (taken, times) = repeated(inside, *separator, *operator, &input[at..]);
                if *operator == '+' && times.is_empty() {
                    return None;
                }
                for name in variables(inside) {
                    bindings.insert(name, Bound::Many(times.clone()));
                }
                taken
            }
        };
    }
    Some(at)
}

fn repeated(
    inside: &[Part],
    separator: Option<char>,
    operator: char,
    input: &[TokenTree],
) -> (usize, Vec<Bindings>) {
    let (mut at, mut times) = (0, Vec::new());
    loop {
        let mut start = at;
        if let (Some(separator), false) = (separator, times.is_empty()) {
            match input.get(start) {
                Some(TokenTree::Punct(mark)) if mark.as_char() == separator => start += 1,
                _ => break,
            }
        }
        let mut bindings = Bindings::new();
        match matches(inside, &input[start..], &mut bindings) {
            Some(taken) if taken > 0 => at = start + taken,
            _ => break,
        }
        times.push(bindings);
        if operator == '?' {
            break;
        }
    }
    (at, times)
}

fn is_same(wanted: &TokenTree, token: &TokenTree) -> bool {
    match (wanted, token) {
        (TokenTree::Punct(wanted), TokenTree::Punct(token)) => wanted.as_char() == token.as_char(),
        (TokenTree::Ident(wanted), TokenTree::Ident(token)) => wanted == token,
        _ => false,
    }
}

/// Returns the number of tokens of a fragment.
fn fragment_length(fragment: &str, input: &[TokenTree]) -> Option<usize> {
    let first = input.first()?;
    match fragment {
        "ident" => matches!(first, TokenTree::Ident(_)).then_some(1),
        "literal" => {
            let is_bool = ["true", "false"].contains(&first.to_string().as_str());
            (is_bool || matches!(first, TokenTree::Literal(_))).then_some(1)
        }
        "tt" => Some(1),
        "expr" => Some(input.len()),
        "ty" => parsed_length::<syn::Type>(input),
        "path" => parsed_length::<syn::Path>(input),
        other => panic!("the fragment `{other}` is unknown"),
    }
}

/// Returns the number of tokens that syn parses.
fn parsed_length<T: Parse>(input: &[TokenTree]) -> Option<usize> {
    let tokens: TokenStream = input.iter().cloned().collect();
    let rest = |input: ParseStream<'_>| {
        input.parse::<T>()?;
        input.parse::<TokenStream>()
    };
    let rest = rest.parse2(tokens).ok()?;
    Some(input.len() - rest.into_iter().count())
}

/// Returns the variables of a repeated part.
fn variables(parts: &[Part]) -> Vec<String> {
    let names = parts.iter().flat_map(|part| match part {
        Part::Variable(name, _) => vec![name.clone()],
        Part::Group(_, inside) | Part::Repeated(inside, ..) => variables(inside),
        Part::Token(_) | Part::Crate => Vec::new(),
    });
    names.collect()
}

fn transcribe(body: &[Part], bindings: &Bindings) -> TokenStream {
    let mut tokens = TokenStream::new();
    for part in body {
        match part {
            Part::Token(token) => tokens.extend([token.clone()]),
            Part::Crate => {
                let name = Ident::new("gapi_runtime", Span::call_site());
                tokens.extend([TokenTree::from(name)]);
            }
            Part::Group(delimiter, inside) => {
                let group = Group::new(*delimiter, transcribe(inside, bindings));
                tokens.extend([TokenTree::from(group)]);
            }
            Part::Variable(name, _) => match bindings.get(name) {
                Some(Bound::One(bound)) => tokens.extend(bound.clone()),
                other => panic!("`${name}` stands for {other:?}"),
            },
            Part::Repeated(inside, separator, _) => {
                let names = variables(inside);
                let times = names.iter().find_map(|name| match bindings.get(name)? {
                    Bound::Many(times) => Some(times),
                    Bound::One(_) => None,
                });
                let times =
                    times.unwrap_or_else(|| panic!("nothing says how often {names:?} come"));
                for (number, time) in times.iter().enumerate() {
                    if let (Some(separator), true) = (separator, number > 0) {
                        let mark = Punct::new(*separator, proc_macro2::Spacing::Alone);
                        tokens.extend([TokenTree::from(mark)]);
                    }
                    let mut inner = bindings.clone();
                    inner.extend(time.clone());
                    tokens.extend(transcribe(inside, &inner));
                }
            }
        }
    }
    tokens
}
