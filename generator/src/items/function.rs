//! Functions: those that are generated, and those that the runtime's macros add.

use super::ty::{Known, Type};

/// A function up to its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Function<'a> {
    pub(crate) name: &'a str,
    /// `true` if it is declared `pub`. A function of a trait is not.
    pub(crate) is_public: bool,
    /// The bound of its type parameter `T`, if it has one.
    pub(crate) bound: Option<Known>,
    pub(crate) receiver: Receiver,
    /// The parameters after the receiver.
    pub(crate) parameters: Vec<Parameter<'a>>,
    pub(crate) output: Type<'a>,
    pub(crate) deprecated: bool,
}

/// The way a function takes `self`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Receiver {
    /// Not at all.
    None,
    /// `&self`
    Reference,
    /// `self`
    Value,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parameter<'a> {
    pub(crate) name: &'a str,
    pub(crate) ty: Type<'a>,
}

impl<'a> Function<'a> {
    /// Creates a public function without parameters.
    pub(crate) fn new(name: &'a str, receiver: Receiver, output: Type<'a>) -> Self {
        Self {
            name,
            is_public: true,
            bound: None,
            receiver,
            parameters: Vec::new(),
            output,
            deprecated: false,
        }
    }

    /// Returns the same with one more parameter.
    pub(crate) fn taking(mut self, name: &'a str, ty: Type<'a>) -> Self {
        self.parameters.push(Parameter { name, ty });
        self
    }
}
