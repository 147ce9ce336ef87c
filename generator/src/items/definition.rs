//! Types of the document: structs, enums and aliases.

use super::{
    function::{Function, Receiver},
    ty::{OPTION, Path, Type},
};
use crate::{
    derives::Derives,
    facts::{Facts, OperationStyle},
    ir::{self, Api, Owner, TypeDef, TypeId},
    names::Names,
};

/// A generated type.
#[derive(Clone, Debug)]
pub(crate) struct Definition<'a> {
    pub(crate) path: Path<'a>,
    pub(crate) deprecated: bool,
    pub(crate) shape: Shape<'a>,
}

/// The shape of a type.
#[derive(Clone, Debug)]
pub(crate) enum Shape<'a> {
    Struct(Struct<'a>),
    /// The variants of an enum, in the order of the document's values.
    Enum(Vec<Variant<'a>>),
    /// The target of an alias.
    Alias(Type<'a>),
}

/// A struct.
#[derive(Clone, Debug)]
pub(crate) struct Struct<'a> {
    /// The fields, in the order of the document's members.
    pub(crate) fields: Vec<Field<'a>>,
    /// The derive macros in addition to `Clone`.
    pub(crate) derives: &'a [String],
    /// `true` if `Box<Self>` is decoded and encoded.
    pub(crate) boxed: bool,
    /// The style of the long-running operation that the struct is, if it is one.
    pub(crate) operation: Option<OperationStyle>,
}

/// A public field.
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    pub(crate) name: &'a str,
    pub(crate) ty: Type<'a>,
    pub(crate) deprecated: bool,
}

/// A variant of an enum.
#[derive(Clone, Debug)]
pub(crate) struct Variant<'a> {
    pub(crate) name: &'a str,
    /// The type inside, if the variant has one.
    pub(crate) holds: Option<Type<'a>>,
    pub(crate) deprecated: bool,
}

/// Makes the items of a type.
pub(super) fn definition<'a>(
    api: &'a Api,
    facts: &'a Facts,
    names: &'a Names,
    derives: &'a Derives,
    id: TypeId,
) -> Definition<'a> {
    let (definition, name) = (&api[id], &names[id]);
    let shape = match &definition.shape {
        ir::Shape::Struct(fields) => {
            let fields = fields.iter().zip(&name.members).enumerate();
            Shape::Struct(Struct {
                fields: fields
                    .map(|(index, (field, name))| {
                        let boxed = facts.boxed.contains(&(id, index));
                        self::field(names, field, name, boxed)
                    })
                    .collect(),
                derives: derives.get(&id).map_or(&[], Vec::as_slice),
                boxed: facts.held_in_boxes.contains(&id),
                operation: facts.operations.get(&id).copied(),
            })
        }
        ir::Shape::Enum(variants) => {
            let variants = variants.iter().zip(&name.members);
            let variants = variants.map(|(variant, name)| Variant {
                name,
                holds: None,
                deprecated: variant.deprecated,
            });
            Shape::Enum(variants.collect())
        }
        ir::Shape::Alias(target) => Shape::Alias(Type::owned(names, target)),
    };
    Definition {
        path: Path {
            module: &name.module,
            name: &name.ident,
        },
        deprecated: is_marked(definition),
        shape,
    }
}

/// Returns whether the type itself has `#[deprecated]`. An inline type is reached through its parent, which already has the
/// attribute.
fn is_marked(definition: &TypeDef) -> bool {
    definition.deprecated && matches!(definition.owner, Owner::Schema(_))
}

fn field<'a>(names: &'a Names, field: &ir::Field, name: &'a str, boxed: bool) -> Field<'a> {
    let ty = Type::owned(names, &field.ty);
    let ty = if boxed { Type::of(&["Box"], ty) } else { ty };
    Field {
        name,
        ty: Type::of(OPTION, ty),
        deprecated: field.deprecated,
    }
}

impl Struct<'_> {
    /// Returns the field that every struct has besides those of the document.
    pub(crate) fn unknown_fields() -> Field<'static> {
        Field {
            name: "unknown_fields",
            ty: Type::plain(&["gapi_runtime", "UnknownFields"]),
            deprecated: false,
        }
    }

    /// Returns the functions that `operation!` adds.
    pub(crate) fn added(&self) -> Vec<Function<'static>> {
        let decoded = |name| {
            let optional = Type::of(OPTION, Type::plain(&["T"]));
            let output = Type::of(&["gapi_runtime", "Result"], optional);
            Function {
                bound: Some(&["gapi_runtime", "WireFormat"]),
                ..Function::new(name, Receiver::Reference, output)
            }
        };
        match self.operation {
            Some(OperationStyle::Aip151) => vec![decoded("response_as"), decoded("metadata_as")],
            Some(OperationStyle::Compute) | None => Vec::new(),
        }
    }

    /// Returns the traits that the struct implements, by derives and by `schema!` and `operation!`.
    pub(crate) fn traits(&self) -> impl Iterator<Item = &str> {
        const ALWAYS: [&str; 7] = [
            "Clone",
            "Debug",
            "Default",
            "PartialEq",
            "gapi_runtime::Schema",
            "serde::Deserialize<'de>",
            "serde::Serialize",
        ];
        let operation = self.operation.map(|_| "gapi_runtime::LongRunningOperation");
        let derives = self.derives.iter().map(String::as_str);
        ALWAYS.into_iter().chain(operation).chain(derives)
    }
}

/// Returns the variant that every enum has besides those of the document.
pub(crate) fn unknown_value() -> Variant<'static> {
    Variant {
        name: "UnknownValue",
        holds: Some(Type::plain(&["String"])),
        deprecated: false,
    }
}

/// Returns the function that `open_enum!` adds.
pub(crate) fn as_str() -> Function<'static> {
    let text = Type::Reference(Box::new(Type::plain(&["str"])));
    Function::new("as_str", Receiver::Reference, text)
}

/// The traits that an enum implements, by derives and by `open_enum!`.
pub(crate) const TRAITS_OF_ENUMS: [&str; 12] = [
    "Clone",
    "Debug",
    "Display",
    "Eq",
    "From<&str>",
    "From<String>",
    "Hash",
    "PartialEq",
    "gapi_runtime::OpenEnum",
    "gapi_runtime::WireFormat",
    "serde::Deserialize<'de>",
    "serde::Serialize",
];
