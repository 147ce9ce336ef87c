//! A page for a terminal.

use super::{Argument, Body, MethodPage, Page, ResourceEntry, prose, prototype};

/// The appearance of a page in a terminal.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The width of its lines, in characters.
    pub width: usize,
    /// `true` if headings are bold and comments dim.
    pub styled: bool,
}

impl Default for Look {
    /// Returns a look of 100 columns without styles.
    fn default() -> Self {
        Self {
            width: 100,
            styled: false,
        }
    }
}

/// Returns the page as text.
#[must_use]
pub fn text(page: &Page, look: Look) -> String {
    let mut sheet = Sheet {
        text: String::new(),
        look,
    };
    sheet.head(page);
    if !page.resources.is_empty() {
        sheet.heading(0, "Resources");
        sheet.resources(1, &page.resources);
    }
    for method in &page.methods {
        sheet.method(method);
    }
    if !page.standard.is_empty() {
        let title = format!(
            "Setters of every call ({}::StandardParameters)",
            page.api.module
        );
        sheet.heading(0, &title);
        sheet.setters(1, &page.standard);
        sheet.blank();
        for argument in &page.standard {
            sheet.argument(1, argument);
        }
    }
    sheet.text
}

/// A text under construction.
struct Sheet {
    text: String,
    look: Look,
}

impl Sheet {
    fn bold(&self, text: &str) -> String {
        self.styled("\u{1b}[1m", text)
    }

    fn dim(&self, text: &str) -> String {
        self.styled("\u{1b}[2m", text)
    }

    fn styled(&self, style: &str, text: &str) -> String {
        if self.look.styled && !text.is_empty() {
            format!("{style}{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn line(&mut self, indent: usize, line: &str) {
        if !line.is_empty() {
            self.text.push_str(&"  ".repeat(indent));
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    fn blank(&mut self) {
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn heading(&mut self, indent: usize, title: &str) {
        self.blank();
        let title = self.bold(title);
        self.line(indent, &title);
    }

    fn prose(&mut self, indent: usize, text: &str) {
        for line in prose::wrapped(text, self.look.width.saturating_sub(2 * indent)) {
            self.line(indent, &line);
        }
    }

    fn head(&mut self, page: &Page) {
        let crumbs = self.bold(&page.crumbs.join(" . "));
        let mark = if page.deprecated { " (deprecated)" } else { "" };
        self.line(0, &format!("{crumbs}{mark}"));
        self.blank();
        let api = &page.api;
        let mut about = vec![format!("{}{}", api.id, api.revision_in_prose())];
        if page.crumbs.len() > 1 {
            about.push(page.handle.clone());
        }
        about.push(format!(
            "client: {0}::{1}, api: {0}",
            api.module, api.client
        ));
        for line in about.iter().chain(&api.documentation) {
            let line = self.dim(line);
            self.line(0, &line);
        }
        if let Some(docs) = &page.docs {
            self.blank();
            self.prose(0, docs);
        }
    }

    fn resources(&mut self, indent: usize, resources: &[ResourceEntry]) {
        for resource in resources {
            let mark = if resource.deprecated {
                " (deprecated)"
            } else {
                ""
            };
            let name = self.bold(&resource.name);
            let methods = resource.methods.join(" ");
            let room = self.look.width.saturating_sub(2 * indent + 4);
            if resource.name.chars().count() + mark.len() + methods.chars().count() <= room {
                let methods = self.dim(&methods);
                self.line(indent, format!("{name}{mark}  {methods}").trim_end());
            } else {
                self.line(indent, &format!("{name}{mark}"));
                for line in prose::wrapped(&methods, room) {
                    let line = self.dim(&line);
                    self.line(indent + 2, &line);
                }
            }
            self.resources(indent + 1, &resource.children);
        }
    }

    fn method(&mut self, method: &MethodPage) {
        let mark = if method.deprecated {
            " (deprecated)"
        } else {
            ""
        };
        self.heading(0, &format!("{}{mark}", method.name));
        self.code(1, &method.signature);
        self.line(1, &method.sends);
        if let Some(version) = &method.api_version {
            self.line(1, &format!("x-goog-api-version: {version}"));
        }
        if let Some(media) = &method.media {
            self.line(1, &format!("Media: {media}"));
        }
        if let Some(docs) = &method.docs {
            self.blank();
            self.prose(1, docs);
        }
        if !method.arguments.is_empty() {
            self.heading(1, "Arguments");
            for argument in &method.arguments {
                self.argument(2, argument);
            }
        }
        self.heading(1, &format!("Functions of {}", method.call));
        self.setters(2, &method.arguments);
        for function in &method.functions {
            self.code(2, function);
        }
        if let Some(body) = &method.request {
            self.body("Request body", body);
        }
        match &method.response {
            Some(body) => self.body("Response", body),
            None => self.heading(1, "Response: bytes, which the document does not describe"),
        }
        if !method.scopes.is_empty() {
            self.heading(1, method.scopes_heading());
            for scope in &method.scopes {
                self.line(2, scope);
            }
        }
    }

    fn code(&mut self, indent: usize, code: &str) {
        for line in code.lines() {
            self.line(indent, line);
        }
    }

    fn setters(&mut self, indent: usize, arguments: &[Argument]) {
        for setter in arguments
            .iter()
            .filter_map(|argument| argument.setter.as_ref())
        {
            self.code(indent, setter);
        }
    }

    fn argument(&mut self, indent: usize, argument: &Argument) {
        let marks = argument.marks();
        let name = self.bold(&argument.name);
        self.line(indent, &format!("{name}: {}{marks}", argument.ty));
        if let Some(docs) = &argument.docs {
            self.prose(indent + 2, docs);
        }
        for (what, value) in [
            ("Default", &argument.default),
            ("Pattern", &argument.pattern),
        ] {
            if let Some(value) = value {
                self.line(indent + 2, &format!("{what}: {value}"));
            }
        }
        if !argument.values.is_empty() {
            let width = self.look.width.saturating_sub(2 * indent + 4);
            for line in prototype::allowed_values(&argument.values, width) {
                self.line(indent + 2, &line);
            }
        }
    }

    fn body(&mut self, title: &str, body: &Body) {
        self.heading(1, &format!("{title}: {}", body.rust));
        for line in prototype::draw(&body.shape, self.look.width.saturating_sub(4)) {
            let comment = self.dim(&line.comment);
            let shown = prototype::Line { comment, ..line };
            self.line(2, &shown.plain());
        }
    }
}

impl Argument {
    /// Returns marks such as ` (required) (repeated)`.
    pub(super) fn marks(&self) -> String {
        let marks = [
            (self.required, " (required)"),
            (self.repeated, " (repeated)"),
            (self.deprecated, " (deprecated)"),
        ];
        marks
            .iter()
            .filter(|(is, _)| *is)
            .map(|(_, mark)| *mark)
            .collect()
    }
}
