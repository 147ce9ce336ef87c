//! Types and signatures as tokens and as text.

use proc_macro2::{Punct, Spacing, TokenStream};
use quote::TokenStreamExt;

use super::{
    function::{Function, Receiver},
    ident::ident,
    ty::{Known, Path, Type},
};

/// The module in which paths are written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'p> {
    /// A module of the API, by the modules from the API's module down.
    Module(&'p [String]),
    /// Outside of the API's module, which has this name.
    Outside(&'p str),
}

/// A receiver of Rust code, word by word.
trait Sink {
    /// A keyword or an identifier.
    fn word(&mut self, word: &str);
    /// Punctuation.
    fn mark(&mut self, mark: &'static str);
    /// The arguments of a function, in parentheses.
    fn arguments(&mut self, print: impl FnOnce(&mut Self));
}

impl Sink for TokenStream {
    fn word(&mut self, word: &str) {
        self.append(ident(word));
    }

    fn mark(&mut self, mark: &'static str) {
        let mut characters = mark.chars().peekable();
        while let Some(character) = characters.next() {
            let spacing = match characters.peek() {
                Some(_) => Spacing::Joint,
                None => Spacing::Alone,
            };
            self.append(Punct::new(character, spacing));
        }
    }

    fn arguments(&mut self, print: impl FnOnce(&mut Self)) {
        let mut inside = Self::new();
        print(&mut inside);
        let parentheses = proc_macro2::Delimiter::Parenthesis;
        self.append(proc_macro2::Group::new(parentheses, inside));
    }
}

/// Text in one line, laid out as rustfmt does.
impl Sink for String {
    fn word(&mut self, word: &str) {
        if self.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            self.push(' ');
        }
        self.push_str(word);
    }

    fn mark(&mut self, mark: &'static str) {
        match mark {
            "->" | "=" => {
                self.push(' ');
                self.push_str(mark);
                self.push(' ');
            }
            "," | ":" => {
                self.push_str(mark);
                self.push(' ');
            }
            _ => self.push_str(mark),
        }
    }

    fn arguments(&mut self, print: impl FnOnce(&mut Self)) {
        self.push('(');
        print(self);
        self.push(')');
    }
}

impl Type<'_> {
    pub(crate) fn tokens(&self, place: Place<'_>) -> TokenStream {
        let mut tokens = TokenStream::new();
        self.print(place, &mut tokens);
        tokens
    }

    pub(crate) fn text(&self, place: Place<'_>) -> String {
        let mut text = String::new();
        self.print(place, &mut text);
        text
    }

    fn print(&self, place: Place<'_>, sink: &mut impl Sink) {
        match self {
            Self::Known(path, arguments) => {
                known(path, sink);
                if !arguments.is_empty() {
                    sink.mark("<");
                    for (position, argument) in arguments.iter().enumerate() {
                        if position > 0 {
                            sink.mark(",");
                        }
                        argument.print(place, sink);
                    }
                    sink.mark(">");
                }
            }
            Self::Own(path) => path.print(place, sink),
            Self::Reference(inner) => {
                sink.mark("&");
                inner.print(place, sink);
            }
            Self::Into(inner) => {
                known(&["impl"], sink);
                known(&["Into"], sink);
                sink.mark("<");
                inner.print(place, sink);
                sink.mark(">");
            }
            Self::IntoIterator(inner) => {
                known(&["impl"], sink);
                known(&["IntoIterator"], sink);
                sink.mark("<");
                sink.word("Item");
                sink.mark("=");
                inner.print(place, sink);
                sink.mark(">");
            }
        }
    }
}

fn known(path: Known, sink: &mut impl Sink) {
    for (position, step) in path.iter().enumerate() {
        if position > 0 {
            sink.mark("::");
        }
        sink.word(step);
    }
}

impl Path<'_> {
    pub(crate) fn tokens(&self, place: Place<'_>) -> TokenStream {
        let mut tokens = TokenStream::new();
        self.print(place, &mut tokens);
        tokens
    }

    pub(crate) fn text(&self, place: Place<'_>) -> String {
        let mut text = String::new();
        self.print(place, &mut text);
        text
    }

    fn print(&self, place: Place<'_>, sink: &mut impl Sink) {
        let steps = |steps: &[String], sink: &mut _| {
            for step in steps {
                Sink::word(sink, step);
                Sink::mark(sink, "::");
            }
        };
        match place {
            Place::Outside(module) => {
                sink.word(module);
                sink.mark("::");
                steps(self.module, sink);
            }
            Place::Module(from) => {
                let pairs = self.module.iter().zip(from);
                let common = pairs.take_while(|(a, b)| a == b).count();
                if common == from.len() {
                    steps(&self.module[common..], sink);
                } else if imports_the_api(from) {
                    sink.word("api");
                    sink.mark("::");
                    steps(self.module, sink);
                } else {
                    for _ in &from[common..] {
                        sink.word("super");
                        sink.mark("::");
                    }
                    steps(&self.module[common..], sink);
                }
            }
        }
        sink.word(self.name);
    }
}

/// Returns whether a module imports the API's module. Modules of resources do. The others use `super::super`.
fn imports_the_api(module: &[String]) -> bool {
    !matches!(module[0].as_str(), "schemas" | "params")
        && !module.iter().any(|module| module == "params")
}

impl Function<'_> {
    /// Returns the signature as tokens.
    pub(crate) fn tokens(&self, place: Place<'_>) -> TokenStream {
        let mut tokens = TokenStream::new();
        self.print(place, &mut tokens);
        tokens
    }

    /// Returns the signature as text in one line.
    pub(crate) fn text(&self, place: Place<'_>) -> String {
        let mut text = String::new();
        self.print(place, &mut text);
        text
    }

    fn print(&self, place: Place<'_>, sink: &mut impl Sink) {
        if self.is_public {
            sink.word("pub");
        }
        sink.word("fn");
        sink.word(self.name);
        if let Some(bound) = self.bound {
            sink.mark("<");
            sink.word("T");
            sink.mark(":");
            known(bound, sink);
            sink.mark(">");
        }
        sink.arguments(|sink| {
            match self.receiver {
                Receiver::None => {}
                Receiver::Reference => {
                    sink.mark("&");
                    sink.word("self");
                }
                Receiver::Value => sink.word("self"),
            }
            for (position, parameter) in self.parameters.iter().enumerate() {
                if position > 0 || self.receiver != Receiver::None {
                    sink.mark(",");
                }
                sink.word(parameter.name);
                sink.mark(":");
                parameter.ty.print(place, sink);
            }
        });
        sink.mark("->");
        self.output.print(place, sink);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::function::Parameter;

    #[test]
    fn text_is_laid_out_as_rustfmt_does() {
        let module = ["projects".to_owned(), "r#type".to_owned()];
        let own = Type::Own(Path {
            module: &module,
            name: "List",
        });
        let function = Function {
            bound: Some(&["gapi_runtime", "WireFormat"]),
            parameters: vec![
                Parameter {
                    name: "r#in",
                    ty: Type::IntoIterator(Box::new(Type::Into(Box::new(Type::plain(&[
                        "String",
                    ]))))),
                },
                Parameter {
                    name: "of",
                    ty: Type::Reference(Box::new(Type::Known(
                        &["std", "Map"],
                        vec![own.clone(), own.clone()],
                    ))),
                },
            ],
            ..Function::new("list", Receiver::Reference, own)
        };
        assert_eq!(
            function.text(Place::Module(&module[..1])),
            "pub fn list<T: gapi_runtime::WireFormat>(&self, r#in: impl IntoIterator<Item = impl Into<String>>, \
             of: &std::Map<r#type::List, r#type::List>) -> r#type::List"
        );
        let (elsewhere, resource) = (["schemas".to_owned()], ["a".to_owned()]);
        let ty = |place| function.output.text(place);
        assert_eq!(ty(Place::Module(&module)), "List");
        assert_eq!(ty(Place::Module(&[])), "projects::r#type::List");
        assert_eq!(
            ty(Place::Module(&elsewhere)),
            "super::projects::r#type::List"
        );
        assert_eq!(ty(Place::Module(&resource)), "api::projects::r#type::List");
        assert_eq!(ty(Place::Outside("x_v1")), "x_v1::projects::r#type::List");
        let without_blanks = |text: String| text.split_whitespace().collect::<String>();
        assert_eq!(
            without_blanks(function.tokens(Place::Module(&[])).to_string()),
            without_blanks(function.text(Place::Module(&[])))
        );
    }
}
