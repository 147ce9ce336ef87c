//! A page as self-contained HTML: no script, no linked files, all text escaped.

use std::fmt::Write;

use super::{Argument, Body, MethodPage, Page, ResourceEntry, prose, prototype};

/// The look of a page.
const STYLE: &str = "\
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}\
pre{overflow-x:auto;padding:.75rem;background:#f5f5f5;font-size:14px;line-height:1.4}\
.text{white-space:pre-wrap}\
.note{color:#667}\
dd{margin-bottom:.75rem}\
h2{margin-top:3rem;border-bottom:1px solid #ccc}\
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}pre{background:#242424}a{color:#8bf}.note{color:#99a}}";

/// The width of prototypes, in characters.
const WIDTH: usize = 100;

/// Returns the page as HTML. The anchor of each method is its name.
#[must_use]
pub fn html(page: &Page) -> String {
    let title = escape(&page.crumbs.join(" . "));
    let body = body(page, &title);
    // The page must not load or run anything, whatever its text is.
    format!(
        "<!doctype html>\n\
         <html lang=\"en\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n\
         <style>{STYLE}</style>\n\
         </head>\n\
         <body>\n{body}</body>\n</html>\n"
    )
}

fn body(page: &Page, title: &str) -> String {
    let api = &page.api;
    let mut out = format!("<h1>{title}{}</h1>\n", deprecated(page.deprecated));
    let _ = writeln!(
        out,
        "<p><code>{}</code>, where <code>client</code> is <code>{}::{}</code> and <code>api</code> is \
         <code>{}</code>. {}{}.{}</p>",
        escape(&page.handle),
        escape(&api.module),
        escape(&api.client),
        escape(&api.module),
        escape(&api.id),
        escape(&api.revision_in_prose()),
        api.documentation.as_ref().map_or_else(String::new, |url| {
            let url = escape(url);
            format!(" <a href=\"{url}\">{url}</a>")
        })
    );
    out.push_str(&prose(page.docs.as_deref()));
    if !page.resources.is_empty() {
        out.push_str("<h2>Resources</h2>\n");
        resources(&mut out, &page.resources);
    }
    if page.methods.len() > 1 {
        out.push_str("<h2>Methods</h2>\n<ul>\n");
        for method in &page.methods {
            let (id, name) = (anchor(&method.name), escape(&method.name));
            let _ = writeln!(out, "<li><a href=\"#{id}\">{name}</a></li>");
        }
        out.push_str("</ul>\n");
    }
    for method in &page.methods {
        self::method(&mut out, method);
    }
    if !page.standard.is_empty() {
        let _ = writeln!(
            out,
            "<h2>Setters of every call</h2>\n<p><code>{}::StandardParameters</code></p>",
            escape(&api.module)
        );
        code(
            &mut out,
            page.standard
                .iter()
                .filter_map(|argument| argument.setter.as_ref()),
        );
        arguments(&mut out, &page.standard);
    }
    out
}

/// Escapes text in an element or in a quoted attribute.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            c => out.push(c),
        }
    }
    out
}

/// Returns the anchor of a method, which has no blanks.
fn anchor(name: &str) -> String {
    escape(&name.replace(char::is_whitespace, "-"))
}

fn deprecated(is: bool) -> &'static str {
    if is { " <em>(deprecated)</em>" } else { "" }
}

/// Returns the lines of a description, with text between two backticks as code.
fn prose(text: Option<&str>) -> String {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return String::new();
    };
    // The browser wraps.
    let lines = prose::wrapped(text, usize::MAX);
    let line = |line: &String| match line.split('`').collect::<Vec<_>>() {
        parts if parts.len() % 2 == 0 || line.contains("``") => escape(line),
        parts => parts
            .iter()
            .enumerate()
            .map(|(number, part)| match number % 2 {
                0 => escape(part),
                _ => format!("<code>{}</code>", escape(part)),
            })
            .collect(),
    };
    let lines: Vec<String> = lines.iter().map(line).collect();
    format!("<p class=\"text\">{}</p>\n", lines.join("\n"))
}

fn resources(out: &mut String, resources: &[ResourceEntry]) {
    out.push_str("<ul>\n");
    for resource in resources {
        let _ = write!(
            out,
            "<li><b>{}</b>{} <span class=\"note\">{}</span>",
            escape(&resource.name),
            deprecated(resource.deprecated),
            escape(&resource.methods.join(" "))
        );
        if !resource.children.is_empty() {
            out.push('\n');
            self::resources(out, &resource.children);
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
}

fn method(out: &mut String, method: &MethodPage) {
    let _ = writeln!(
        out,
        "<h2 id=\"{}\">{}{}</h2>",
        anchor(&method.name),
        escape(&method.name),
        deprecated(method.deprecated)
    );
    code(out, [&method.signature]);
    let also = |name: &str, value: &Option<String>| {
        let value = value.as_ref();
        let line = value.map(|value| format!("<br><code>{name}: {}</code>", escape(value)));
        line.unwrap_or_default()
    };
    let _ = writeln!(
        out,
        "<p><code>{}</code>{}{}</p>",
        escape(&method.sends),
        also("x-goog-api-version", &method.api_version),
        also("Media", &method.media)
    );
    out.push_str(&prose(method.docs.as_deref()));
    if !method.arguments.is_empty() {
        out.push_str("<h3>Arguments</h3>\n");
        arguments(out, &method.arguments);
    }
    let _ = writeln!(out, "<h3>Functions of {}</h3>", escape(&method.call));
    let setters = method
        .arguments
        .iter()
        .filter_map(|argument| argument.setter.as_ref());
    code(out, setters.chain(&method.functions));
    if let Some(body) = &method.request {
        drawing(out, "Request body", body);
    }
    match &method.response {
        Some(body) => drawing(out, "Response", body),
        None => {
            out.push_str(
                "<h3>Response</h3>\n<p>Bytes, which the document does not describe.</p>\n",
            );
        }
    }
    if !method.scopes.is_empty() {
        let _ = writeln!(out, "<h3>{}</h3>\n<ul>", method.scopes_heading());
        for scope in &method.scopes {
            let _ = writeln!(out, "<li><code>{}</code></li>", escape(scope));
        }
        out.push_str("</ul>\n");
    }
}

fn code<'a>(out: &mut String, code: impl IntoIterator<Item = &'a String>) {
    let lines: Vec<String> = code.into_iter().map(|code| escape(code)).collect();
    let _ = writeln!(out, "<pre>{}</pre>", lines.join("\n"));
}

fn arguments(out: &mut String, arguments: &[Argument]) {
    out.push_str("<dl>\n");
    for argument in arguments {
        let _ = writeln!(
            out,
            "<dt><code><b>{}</b>: {}</code>{}</dt>\n<dd>",
            escape(&argument.name),
            escape(&argument.ty),
            argument.marks()
        );
        out.push_str(&prose(argument.docs.as_deref()));
        for (what, value) in [
            ("Default", &argument.default),
            ("Pattern", &argument.pattern),
        ] {
            if let Some(value) = value {
                let _ = writeln!(out, "<p>{what}: <code>{}</code></p>", escape(value));
            }
        }
        if !argument.values.is_empty() {
            out.push_str("<p>Allowed values:</p>\n<dl>\n");
            for value in &argument.values {
                let _ = writeln!(
                    out,
                    "<dt><code>{}</code>{}</dt>\n<dd>{}</dd>",
                    escape(&value.value),
                    deprecated(value.deprecated),
                    prose(value.docs.as_deref()).trim_end()
                );
            }
            out.push_str("</dl>\n");
        }
        out.push_str("</dd>\n");
    }
    out.push_str("</dl>\n");
}

fn drawing(out: &mut String, title: &str, body: &Body) {
    let _ = writeln!(out, "<h3>{title}: <code>{}</code></h3>", escape(&body.rust));
    let line = |line: prototype::Line| {
        let comment = match escape(&line.comment) {
            comment if comment.is_empty() => comment,
            comment => format!("<span class=\"note\">{comment}</span>"),
        };
        let code = escape(&line.code);
        prototype::Line {
            code,
            comment,
            ..line
        }
        .plain()
    };
    let lines: Vec<String> = prototype::draw(&body.shape, WIDTH)
        .into_iter()
        .map(line)
        .collect();
    let _ = writeln!(out, "<pre>{}</pre>", lines.join("\n"));
}
