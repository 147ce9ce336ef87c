//! Lowers JSON schemas to types.
//!
//! An unknown type or format is a warning with a lossless fallback: arbitrary JSON for an unknown type, the type
//! without its format otherwise.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    diagnostics::Diagnostics,
    discovery::{EnumValue, Schema},
    ir::{Field, Owner, Shape, TypeDef, TypeId, TypeRef, Variant},
    spelling::closest,
};

/// The maximum nesting depth of arrays and maps. Published documents have a few levels.
const DEEPEST: usize = 16;

/// The types of an API under construction.
pub(super) struct Types<'d> {
    schemas: BTreeMap<&'d str, TypeId>,
    /// `None` while the type is being lowered.
    types: Vec<Option<TypeDef>>,
    pub(super) diagnostics: &'d mut Diagnostics,
}

impl<'d> Types<'d> {
    /// Creates an id for every top-level schema, so that references can be resolved in any order.
    pub(super) fn new(
        schemas: &'d BTreeMap<String, Schema>,
        diagnostics: &'d mut Diagnostics,
    ) -> Self {
        let types = vec![None; schemas.len()];
        Self {
            schemas: schema_ids(schemas),
            types,
            diagnostics,
        }
    }

    pub(super) fn finish(self) -> Vec<TypeDef> {
        // Every reserved id has been filled.
        let mut types: Vec<TypeDef> = self.types.into_iter().flatten().collect();
        for id in rings(&types) {
            let message =
                "the schema is an array or map of nothing but itself; it is kept as any JSON";
            self.diagnostics.warning(&types[id.0].origin, message);
            types[id.0].shape = Shape::Alias(TypeRef::Any);
        }
        types
    }

    pub(super) fn lower_schemas(&mut self, schemas: &BTreeMap<String, Schema>) {
        for (index, (name, schema)) in schemas.iter().enumerate() {
            let id = TypeId(index);
            let shape = if is_struct(schema) {
                Shape::Struct(self.fields(schema, id))
            } else if is_enum(schema) {
                Shape::Enum(self.variants(&schema.values))
            } else {
                let owner = Owner::Inline {
                    parent: id,
                    property: None,
                };
                Shape::Alias(self.type_ref(schema, &owner))
            };
            self.types[index] = Some(TypeDef {
                owner: Owner::Schema(name.clone()),
                origin: schema.pointer.clone(),
                docs: schema.description.clone(),
                deprecated: schema.deprecated,
                shape,
            });
        }
    }

    /// Returns the type of a schema. Inline objects and enums become types of `owner`.
    pub(super) fn type_ref(&mut self, schema: &Schema, owner: &Owner) -> TypeRef {
        if let Some(reference) = &schema.reference {
            return self.reference(reference, schema);
        }
        if is_enum(schema) {
            let shape = Shape::Enum(self.variants(&schema.values));
            return TypeRef::Named(self.add(schema, owner, shape));
        }
        let format = schema.format.as_deref();
        match schema.r#type.as_deref() {
            Some("boolean") => self.known(TypeRef::Bool, &[], schema),
            Some("integer") => match format {
                None | Some("int32") => TypeRef::I32,
                Some("uint32") => TypeRef::U32,
                Some(_) => self.unknown_format(TypeRef::Any, schema),
            },
            Some("number") => self.known(TypeRef::F64, &["double", "float"], schema),
            Some("string") => match format {
                None => TypeRef::String,
                Some("int64") => TypeRef::I64,
                Some("uint64") => TypeRef::U64,
                Some("byte") => TypeRef::Base64,
                Some("date") => TypeRef::Date,
                Some("date-time" | "google-datetime") => TypeRef::DateTime,
                Some("google-duration") => TypeRef::Duration,
                Some("google-fieldmask") => TypeRef::FieldMask,
                Some(_) => self.unknown_format(TypeRef::String, schema),
            },
            Some("any") => self.known(TypeRef::Any, &["google.protobuf.Value"], schema),
            Some("array") => self.array(schema, owner),
            Some("object") => self.object(schema, owner),
            // Some documents omit the type where the members make it clear.
            None if schema.properties.is_some() || schema.additional_properties.is_some() => {
                self.object(schema, owner)
            }
            Some(other) => {
                let message = format!("the type `{other}` is not known; it is kept as any JSON");
                self.diagnostics.warning(&schema.pointer, message);
                TypeRef::Any
            }
            None => {
                self.diagnostics.warning(
                    &schema.pointer,
                    "neither `type` nor `$ref`; it is kept as any JSON",
                );
                TypeRef::Any
            }
        }
    }

    fn reference(&mut self, reference: &str, schema: &Schema) -> TypeRef {
        if let Some(&id) = self.schemas.get(reference) {
            return TypeRef::Named(id);
        }
        let message =
            format!("`$ref` names the schema `{reference}`, which the document does not have");
        let names = self.schemas.keys().map(|name| (*name).to_owned());
        let near = closest(names, reference);
        let pointer = schema.pointer.child("$ref");
        match near {
            Some(near) => {
                self.diagnostics.error_with_help(
                    &pointer,
                    message,
                    format!("did you mean `{near}`?"),
                );
            }
            None => self.diagnostics.error(&pointer, message),
        }
        TypeRef::Any
    }

    fn array(&mut self, schema: &Schema, owner: &Owner) -> TypeRef {
        let Some(items) = &schema.items else {
            self.diagnostics.warning(
                &schema.pointer,
                "an array without `items`; its elements may be any JSON",
            );
            return TypeRef::List(Box::new(TypeRef::Any));
        };
        let elements = self.type_ref(items, owner);
        TypeRef::List(Box::new(self.shallow(elements, schema)))
    }

    fn object(&mut self, schema: &Schema, owner: &Owner) -> TypeRef {
        if schema
            .properties
            .as_ref()
            .is_some_and(|properties| !properties.is_empty())
        {
            let id = self.add(schema, owner, Shape::Struct(Vec::new()));
            let fields = self.fields(schema, id);
            if let Some(Some(definition)) = self.types.get_mut(id.0) {
                definition.shape = Shape::Struct(fields);
            }
            return TypeRef::Named(id);
        }
        let values = match &schema.additional_properties {
            Some(values) => self.type_ref(values, owner),
            None => TypeRef::Any,
        };
        TypeRef::Map(Box::new(self.shallow(values, schema)))
    }

    /// Returns the type inside an array or map. Limits the nesting depth, because each level uses the stack of every
    /// reader of the code.
    fn shallow(&mut self, inside: TypeRef, schema: &Schema) -> TypeRef {
        if depth(&inside) < DEEPEST {
            return inside;
        }
        let message = format!(
            "more than {DEEPEST} arrays and maps inside each other; the inside is kept as any JSON"
        );
        self.diagnostics.warning(&schema.pointer, message);
        TypeRef::Any
    }

    /// Adds an inline type.
    fn add(&mut self, schema: &Schema, owner: &Owner, shape: Shape) -> TypeId {
        self.types.push(Some(TypeDef {
            owner: owner.clone(),
            origin: schema.pointer.clone(),
            docs: schema.description.clone(),
            deprecated: schema.deprecated,
            shape,
        }));
        TypeId(self.types.len() - 1)
    }

    fn fields(&mut self, schema: &Schema, parent: TypeId) -> Vec<Field> {
        let properties = schema.properties.iter().flatten();
        properties
            .map(|(wire, property)| {
                let owner = Owner::Inline {
                    parent,
                    property: Some(wire.clone()),
                };
                Field {
                    wire: wire.clone(),
                    origin: property.pointer.clone(),
                    docs: property.description.clone(),
                    ty: self.type_ref(property, &owner),
                    read_only: property.read_only,
                    deprecated: property.deprecated,
                    default: property.default.clone(),
                }
            })
            .collect()
    }

    fn variants(&mut self, values: &[EnumValue]) -> Vec<Variant> {
        let mut seen = BTreeSet::new();
        let mut variants = Vec::new();
        for value in values {
            if !seen.insert(&value.value) {
                let message = format!("the value `{}` is listed twice", value.value);
                self.diagnostics.warning(&value.pointer, message);
                continue;
            }
            variants.push(Variant {
                wire: value.value.clone(),
                origin: value.pointer.clone(),
                docs: value.description.clone(),
                aliases: Vec::new(),
                deprecated: value.deprecated,
            });
        }
        fold_aliases(variants)
    }

    fn known(&mut self, ty: TypeRef, formats: &[&str], schema: &Schema) -> TypeRef {
        match schema.format.as_deref() {
            Some(format) if !formats.contains(&format) => self.unknown_format(ty, schema),
            _ => ty,
        }
    }

    fn unknown_format(&mut self, fallback: TypeRef, schema: &Schema) -> TypeRef {
        let ty = schema.r#type.as_deref().unwrap_or_default();
        let format = schema.format.as_deref().unwrap_or_default();
        let kept = if fallback == TypeRef::Any {
            "any JSON"
        } else {
            ty
        };
        let message = format!("the format `{format}` of `{ty}` is not known; it is kept as {kept}");
        self.diagnostics.warning(&schema.pointer, message);
        fallback
    }
}

/// Returns the first alias of each ring of aliases.
fn rings(types: &[TypeDef]) -> BTreeSet<TypeId> {
    let next = |id: TypeId| match &types[id.0].shape {
        Shape::Alias(target) => target.named(),
        _ => None,
    };
    let mut rings = BTreeSet::new();
    // The traversal that first visited each type.
    let mut met: Vec<Option<TypeId>> = vec![None; types.len()];
    for start in (0..types.len()).map(TypeId) {
        let mut at = Some(start);
        while let Some(id) = at.filter(|id| met[id.0].is_none()) {
            met[id.0] = Some(start);
            at = next(id);
        }
        // A ring leads back to its own traversal.
        if let Some(id) = at.filter(|id| met[id.0] == Some(start)) {
            let ring = std::iter::successors(next(id), |&id| next(id));
            rings.extend(ring.take_while(|&other| other != id).chain([id]).min());
        }
    }
    rings
}

/// Returns the nesting depth of arrays and maps.
fn depth(ty: &TypeRef) -> usize {
    match ty {
        TypeRef::List(inner) | TypeRef::Map(inner) => 1 + depth(inner),
        _ => 0,
    }
}

/// Returns the value that this value is a legacy alias of, according to its description.
fn alias_of(variant: &Variant) -> Option<String> {
    let rest = variant
        .docs
        .as_deref()?
        .strip_prefix("Legacy alias for `")?;
    rest.split_once('`').map(|(target, _)| target.to_owned())
}

/// Merges values that only spell another one differently (`EAN_13`, `ean13`, `EAN13`), because they would get the same
/// name. The merged spellings are preserved like any unknown value.
fn fold_aliases(mut variants: Vec<Variant>) -> Vec<Variant> {
    let alias = |variant: &Variant| Some((alias_of(variant)?, variant.wire.clone()));
    let (mut aliases, mut own) = (Vec::new(), BTreeMap::new());
    for (index, variant) in variants.iter().enumerate() {
        match alias(variant) {
            Some(alias) => aliases.push(alias),
            None => {
                own.insert(variant.wire.clone(), index);
            }
        }
    }
    aliases.retain(|(target, _)| own.contains_key(target));
    for (target, alias) in &aliases {
        if let Some(variant) = own.get(target).and_then(|&index| variants.get_mut(index)) {
            variant.aliases.push(alias.clone());
        }
    }
    let folded: BTreeSet<&String> = aliases.iter().map(|(_, alias)| alias).collect();
    variants.retain(|variant| !folded.contains(&variant.wire));
    variants
}

/// Returns the ids of the top-level schemas: their positions in the document's (sorted) map.
fn schema_ids<T>(schemas: &BTreeMap<String, T>) -> BTreeMap<&str, TypeId> {
    schemas
        .keys()
        .enumerate()
        .map(|(index, name)| (name.as_str(), TypeId(index)))
        .collect()
}

/// Returns whether a top-level schema is a struct: an object that is not a map.
fn is_struct(schema: &Schema) -> bool {
    let object = matches!(schema.r#type.as_deref(), Some("object") | None);
    let map = schema.properties.is_none() && schema.additional_properties.is_some();
    object && schema.reference.is_none() && !map
}

fn is_enum(schema: &Schema) -> bool {
    !schema.values.is_empty() && schema.r#type.as_deref() == Some("string")
}
