//! A page as Markdown.
//!
//! A description is already Markdown. It is sanitized as in doc comments, so that it contains no HTML and only links to
//! the web, and its headings become bold. Everything else from a document is code.

use std::fmt::Write;

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::{AllowedValue, Argument, Body, MethodPage, Page, ResourceEntry, prototype};
use crate::emit::docs::{self, code, wrap};

/// The width of prose and prototypes, in characters.
const WIDTH: usize = 100;

/// The number of rounds after which a description that still has headings is shown as preformatted text.
const ROUNDS: usize = 4;

/// Returns the page as Markdown.
#[must_use]
pub fn markdown(page: &Page) -> String {
    let mut sheet = Sheet {
        text: String::new(),
        base: page.api.documentation.as_deref(),
    };
    sheet.head(page);
    if !page.resources.is_empty() {
        sheet.block("## Resources");
        let mut tree = String::new();
        resources(&mut tree, 0, &page.resources);
        sheet.block(&tree);
    }
    if page.methods.len() > 1 {
        sheet.block("## Methods");
        let names = page
            .methods
            .iter()
            .map(|method| format!("* {}", code(&method.name)));
        sheet.block(&names.collect::<Vec<_>>().join("\n"));
    }
    for method in &page.methods {
        sheet.method(method);
    }
    if !page.standard.is_empty() {
        sheet.block(&format!(
            "## Setters of every call: `{}::StandardParameters`",
            page.api.module
        ));
        sheet.fenced("rust", &setters(&page.standard).join("\n"));
        sheet.arguments(&page.standard);
    }
    sheet.text
}

/// A text under construction: blocks with blank lines between them.
struct Sheet<'a> {
    text: String,
    /// The base of relative links in descriptions.
    base: Option<&'a str>,
}

impl Sheet<'_> {
    fn block(&mut self, block: &str) {
        if block.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(block.trim_end());
        self.text.push('\n');
    }

    fn fenced(&mut self, language: &str, code: &str) {
        self.block(&fence(language, code));
    }

    fn head(&mut self, page: &Page) {
        let api = &page.api;
        let crumb = |crumb: &String| match docs::inline(crumb) {
            text if text.is_empty() => code(crumb),
            text => text,
        };
        let crumbs: Vec<String> = page.crumbs.iter().map(crumb).collect();
        let mark = deprecated(page.deprecated);
        self.block(&format!("# {}{mark}", crumbs.join(" . ")));
        let link = api.documentation.as_ref().map(|url| format!(" <{url}>"));
        let revision = match api.revision.as_str() {
            "" => String::new(),
            revision => format!(", revision {}", code(revision)),
        };
        self.block(&format!(
            "`{}`, where `client` is `{}::{}` and `api` is `{}`. {}{}.{}",
            page.handle,
            api.module,
            api.client,
            api.module,
            code(&api.id),
            revision,
            link.unwrap_or_default()
        ));
        let docs = self.prose(page.docs.as_deref());
        self.block(&docs);
    }

    /// Returns a description as separate blocks.
    fn prose(&self, text: Option<&str>) -> String {
        let text = docs::restored(text.unwrap_or_default());
        let mut harmless = docs::harmless(&text, self.base);
        // Removing one heading can create another.
        for _ in 0..ROUNDS {
            match without_headings(&harmless) {
                Some(plain) => harmless = docs::harmless(&plain, self.base),
                None => return wrap::wrap(harmless.trim(), WIDTH).join("\n"),
            }
        }
        fence("text", &harmless)
    }

    fn method(&mut self, method: &MethodPage) {
        let mark = deprecated(method.deprecated);
        self.block(&format!("## {}{mark}", code(&method.name)));
        self.fenced("rust", &method.signature);
        self.block(&code(&method.sends));
        if let Some(version) = &method.api_version {
            self.block(&code(&format!("x-goog-api-version: {version}")));
        }
        if let Some(media) = &method.media {
            self.block(&code(&format!("Media: {media}")));
        }
        let docs = self.prose(method.docs.as_deref());
        self.block(&docs);
        if !method.arguments.is_empty() {
            self.block("### Arguments");
            self.arguments(&method.arguments);
        }
        self.block(&format!("### Functions of `{}`", method.call));
        let setters = setters(&method.arguments).into_iter();
        let functions = setters.chain(method.functions.iter().map(String::as_str));
        self.fenced("rust", &functions.collect::<Vec<_>>().join("\n"));
        if let Some(body) = &method.request {
            self.body("Request body", body);
        }
        match &method.response {
            Some(body) => self.body("Response", body),
            None => self.block("### Response\n\nBytes, which the document does not describe."),
        }
        if !method.scopes.is_empty() {
            self.block(&format!("### {}", method.scopes_heading()));
            let scopes = method
                .scopes
                .iter()
                .map(|scope| format!("* {}", code(scope)));
            self.block(&scopes.collect::<Vec<_>>().join("\n"));
        }
    }

    fn arguments(&mut self, arguments: &[Argument]) {
        for argument in arguments {
            let item = self.argument(argument);
            self.block(&item);
        }
    }

    /// Returns a list item with its blocks inside.
    fn argument(&self, argument: &Argument) -> String {
        let mut blocks = vec![self.prose(argument.docs.as_deref())];
        for (what, value) in [
            ("Default", &argument.default),
            ("Pattern", &argument.pattern),
        ] {
            blocks.extend(
                value
                    .as_ref()
                    .map(|value| format!("{what}: {}", code(value))),
            );
        }
        if !argument.values.is_empty() {
            blocks.push("Allowed values:".to_owned());
            blocks.extend(argument.values.iter().map(|value| self.value(value)));
        }
        let lead = format!(
            "{}: {}{}",
            code(&argument.name),
            code(&argument.ty),
            argument.marks()
        );
        item(&lead, &blocks)
    }

    fn value(&self, value: &AllowedValue) -> String {
        let lead = format!("{}{}", code(&value.value), deprecated(value.deprecated));
        item(&lead, &[self.prose(value.docs.as_deref())])
    }

    fn body(&mut self, title: &str, body: &Body) {
        self.block(&format!("### {title}: `{}`", body.rust));
        let lines = prototype::draw(&body.shape, WIDTH);
        let lines: Vec<String> = lines.iter().map(prototype::Line::plain).collect();
        self.fenced("text", &lines.join("\n"));
    }
}

/// Returns a block of code with a fence that its contents cannot close.
fn fence(language: &str, code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{code}\n{fence}")
}

fn deprecated(is: bool) -> &'static str {
    if is { " (deprecated)" } else { "" }
}

fn setters(arguments: &[Argument]) -> Vec<&str> {
    arguments
        .iter()
        .filter_map(|argument| argument.setter.as_deref())
        .collect()
}

/// Returns a list item of blocks, each indented into it.
fn item(lead: &str, blocks: &[String]) -> String {
    let mut item = format!("* {lead}");
    for block in blocks.iter().filter(|block| !block.is_empty()) {
        item.push('\n');
        for line in block.lines() {
            let indent = if line.is_empty() { "" } else { "  " };
            let _ = write!(item, "\n{indent}{line}");
        }
    }
    item
}

fn resources(out: &mut String, depth: usize, resources: &[ResourceEntry]) {
    for resource in resources {
        let methods: Vec<String> = resource.methods.iter().map(|name| code(name)).collect();
        let colon = if methods.is_empty() { "" } else { ": " };
        let _ = writeln!(
            out,
            "{}* **{}**{}{colon}{}",
            "  ".repeat(depth),
            code(&resource.name),
            deprecated(resource.deprecated),
            methods.join(", ")
        );
        self::resources(out, depth + 1, &resource.children);
    }
}

/// Returns the text with its headings in bold; `None` if it has none. Only the page itself has headings.
fn without_headings(text: &str) -> Option<String> {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter();
    let headings: Vec<_> = events
        .filter_map(|(event, range)| match event {
            Event::Start(Tag::Heading { .. }) => Some(range),
            _ => None,
        })
        .collect();
    if headings.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for range in headings {
        out.push_str(&text[at..range.start]);
        let title = title(&text[range.clone()]);
        if !title.is_empty() {
            let _ = write!(out, "**{title}**");
        }
        at = range.end;
        // The next line must not turn the title into a heading.
        let blank = text[at..].starts_with('\n');
        out.push_str(if blank { "\n" } else { "\n\n" });
    }
    out.push_str(&text[at..]);
    Some(out)
}

/// Returns the text of a heading without the marks around it or the line below it.
fn title(heading: &str) -> String {
    let is_underline = |line: &str| {
        ["=", "-"]
            .iter()
            .any(|mark| line.trim().trim_matches(|c| mark.starts_with(c)).is_empty())
    };
    let lines: Vec<&str> = heading
        .lines()
        .map(str::trim)
        .filter(|line| !is_underline(line))
        .collect();
    let title = lines.join(" ").replace('*', "");
    title.trim().trim_matches('#').trim().to_owned()
}
