//! The shape of a body, drawn like JSON: types in the places of values, descriptions as comments.

use super::{AllowedValue, Member, Object, Shape, Unexpanded, prose};

/// A line of the drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The nesting depth.
    pub(super) indent: usize,
    /// The part that represents JSON.
    pub(super) code: String,
    /// The comment, `//` included; behind the code, or alone.
    pub(super) comment: String,
}

impl Line {
    /// Returns the line without colors.
    pub(super) fn plain(&self) -> String {
        let blank = if self.code.is_empty() || self.comment.is_empty() {
            ""
        } else {
            " "
        };
        let indent = "  ".repeat(self.indent);
        format!("{indent}{}{blank}{}", self.code, self.comment)
    }
}

/// Draws a body in lines of about `width` characters.
pub(super) fn draw(shape: &Shape, width: usize) -> Vec<Line> {
    let mut drawing = Drawing {
        lines: Vec::new(),
        width,
    };
    drawing.lead(0, None, shape);
    drawing.value(0, "", shape, "", Vec::new());
    drawing.lines
}

struct Drawing {
    lines: Vec<Line>,
    width: usize,
}

impl Drawing {
    fn push(&mut self, indent: usize, code: String, notes: &[String]) {
        let comment = if notes.is_empty() {
            String::new()
        } else {
            format!("// {}", notes.join(", "))
        };
        self.lines.push(Line {
            indent,
            code,
            comment,
        });
    }

    /// Draws the value after `before` on the first line, and before `after` on the last one.
    fn value(
        &mut self,
        indent: usize,
        before: &str,
        shape: &Shape,
        after: &str,
        mut notes: Vec<String>,
    ) {
        match shape {
            Shape::Plain(ty) => self.push(indent, format!("{before}{ty}{after}"), &notes),
            Shape::Enum(_) => self.push(indent, format!("{before}string{after}"), &notes),
            Shape::Media => {
                notes.push("of any media type".to_owned());
                self.push(indent, format!("{before}bytes{after}"), &notes);
            }
            Shape::Named(schema, why) => {
                notes.push(said(*why).to_owned());
                self.push(indent, format!("{before}{schema} {{…}}{after}"), &notes);
            }
            Shape::List(item) if is_short(item) => {
                let (before, after) = (format!("{before}["), format!("]{after}"));
                self.value(indent, &before, item, &after, notes);
            }
            Shape::List(item) => {
                self.push(indent, format!("{before}["), &notes);
                self.lead(indent + 1, None, item);
                self.value(indent + 1, "", item, ",", Vec::new());
                self.push(indent, format!("]{after}"), &[]);
            }
            Shape::Map(value) if is_short(value) => {
                let before = format!("{before}{{ \"a_key\": ");
                self.value(indent, &before, value, &format!(" }}{after}"), notes);
            }
            Shape::Map(value) => {
                self.push(indent, format!("{before}{{"), &notes);
                self.lead(indent + 1, None, value);
                self.value(indent + 1, "\"a_key\": ", value, ",", Vec::new());
                self.push(indent, format!("}}{after}"), &[]);
            }
            Shape::Object(object) => self.object(indent, before, object, after, notes),
        }
    }

    fn object(
        &mut self,
        indent: usize,
        before: &str,
        object: &Object,
        after: &str,
        mut notes: Vec<String>,
    ) {
        if object.deprecated && !notes.iter().any(|note| note == DEPRECATED) {
            notes.push(DEPRECATED.to_owned());
        }
        let name = object.schema.as_ref().map(|schema| format!("{schema} "));
        let before = format!("{before}{}{{", name.unwrap_or_default());
        if object.members.is_empty() {
            self.push(indent, format!("{before}}}{after}"), &notes);
            return;
        }
        self.push(indent, before, &notes);
        for member in &object.members {
            self.member(indent + 1, member);
        }
        self.push(indent, format!("}}{after}"), &[]);
    }

    fn member(&mut self, indent: usize, member: &Member) {
        let docs = member.docs.as_deref();
        self.lead(indent, docs, &member.shape);
        let marks = [
            (member.read_only, "read-only"),
            (member.deprecated, DEPRECATED),
        ];
        let marks = marks.iter().filter(|(is, _)| *is);
        let mut notes: Vec<String> = marks.map(|(_, mark)| (*mark).to_owned()).collect();
        notes.extend(
            member
                .default
                .iter()
                .map(|default| format!("default: {default}")),
        );
        let name = serde_json::Value::from(member.name.as_str());
        self.value(indent, &format!("{name}: "), &member.shape, ",", notes);
    }

    /// Draws the comment above a value: the descriptions of its member and of its type, and the allowed values.
    fn lead(&mut self, indent: usize, docs: Option<&str>, shape: &Shape) {
        let inner = match shape {
            Shape::List(inner) | Shape::Map(inner) if is_short(inner) => inner,
            _ => shape,
        };
        let own = match shape {
            // The description of an inline type is that of its member.
            Shape::Object(object) => object.docs.as_deref().filter(|own| docs != Some(own)),
            _ => None,
        };
        let mut paragraphs: Vec<Vec<String>> = Vec::new();
        let width = self.width.saturating_sub(2 * indent + 3);
        for text in [docs, own].into_iter().flatten() {
            paragraphs.push(prose::wrapped(text, width));
        }
        if let Shape::Enum(values) = inner {
            paragraphs.push(allowed_values(values, width));
        }
        for (number, paragraph) in paragraphs.iter().enumerate() {
            let blank = (number > 0).then(String::new);
            for line in blank.iter().chain(paragraph) {
                self.lines.push(Line {
                    indent,
                    code: String::new(),
                    comment: format!("// {line}").trim_end().to_owned(),
                });
            }
        }
    }
}

const DEPRECATED: &str = "deprecated";

/// Returns whether a value fits on the line of the value that contains it.
fn is_short(shape: &Shape) -> bool {
    match shape {
        Shape::List(inner) | Shape::Map(inner) => is_short(inner),
        Shape::Object(object) => object.members.is_empty() && object.docs.is_none(),
        _ => true,
    }
}

fn said(why: Unexpanded) -> &'static str {
    match why {
        Unexpanded::Recursive => "recursive: inside itself",
        Unexpanded::Above => "as above",
        Unexpanded::Deep => "too deep to show",
    }
}

/// Returns the values as a list with their descriptions.
pub(super) fn allowed_values(values: &[AllowedValue], width: usize) -> Vec<String> {
    let mut lines = vec!["Allowed values:".to_owned()];
    for value in values {
        let mark = if value.deprecated {
            " (deprecated)"
        } else {
            ""
        };
        let lead = format!("{}{mark}", value.value);
        let Some(docs) = value.docs.as_deref().filter(|docs| !docs.trim().is_empty()) else {
            lines.push(format!("  {lead}"));
            continue;
        };
        let text = prose::wrapped(
            &format!("{lead} - {}", docs.trim()),
            width.saturating_sub(6),
        );
        for (number, line) in text.iter().enumerate() {
            let indent = if number == 0 { "  " } else { "      " };
            lines.push(format!("{indent}{line}").trim_end().to_owned());
        }
    }
    lines
}
