//! Structs, enums and aliases, with the types inside them.

use super::{
    builder::{Builder, module},
    entity::{Entity, Fact, Kind},
};
use crate::ir::{Field, Owner, Shape, TypeId, Variant};

/// Returns the entity of a type with this wire name.
pub(super) fn definition(b: Builder<'_>, id: TypeId, wire: impl Into<String>) -> Entity {
    let (definition, item) = (&b.api[id], &b.items[id]);
    let mut entity = Entity::new(Kind::Type, wire);
    entity.deprecated = definition.deprecated;
    entity.docs.clone_from(&definition.docs);
    entity.items = item.list().into_iter().map(Into::into).collect();
    entity.children = match &definition.shape {
        Shape::Struct(fields) => {
            let fields = fields.iter().enumerate();
            let properties = fields.map(|(index, field)| property(b, id, index, field));
            properties.collect()
        }
        Shape::Enum(variants) => {
            let variants = variants.iter().enumerate();
            let values = variants.map(|(index, variant)| value(b, id, index, variant));
            values.collect()
        }
        Shape::Alias(_) => Vec::new(),
    };
    let elements = b.owned(&inside(id, None));
    let elements = elements.map(|element| self::definition(b, element, "[]"));
    entity.children.extend(elements);
    let inner = entity.children.iter().flat_map(|child| &child.children);
    let mut inner = inner.chain(&entity.children);
    if let Some(inner) = inner.find(|inner| inner.kind == Kind::Type) {
        let path = inner.items[0].path.rsplit_once("::");
        let path = path.map_or("", |(module, _)| module).to_owned();
        entity.items.push(module(path));
    }
    entity
}

fn inside(parent: TypeId, property: Option<&str>) -> Owner {
    let property = property.map(str::to_owned);
    Owner::Inline { parent, property }
}

fn property(b: Builder<'_>, of: TypeId, index: usize, field: &Field) -> Entity {
    let mut entity = Entity::new(Kind::Property, &field.wire);
    entity.deprecated = field.deprecated;
    entity.docs.clone_from(&field.docs);
    let listed = b.items[of].list_member(index);
    entity.items.extend(listed.map(Into::into));
    let default = field.default.clone().map(|value| (Fact::Default, value));
    let read_only = field.read_only.then(|| (Fact::ReadOnly, "yes".to_owned()));
    entity.facts.extend(default.into_iter().chain(read_only));
    let inline = b.owned(&inside(of, Some(&field.wire)));
    let inline = inline.map(|inner| definition(b, inner, "{}"));
    entity.children.extend(inline);
    entity
}

fn value(b: Builder<'_>, of: TypeId, index: usize, variant: &Variant) -> Entity {
    let mut entity = Entity::new(Kind::Value, &variant.wire);
    entity.deprecated = variant.deprecated;
    entity.docs.clone_from(&variant.docs);
    let listed = b.items[of].list_member(index);
    entity.items.extend(listed.map(Into::into));
    if !variant.aliases.is_empty() {
        let spellings = variant.aliases.join(", ");
        entity.facts.insert(Fact::Spellings, spellings);
    }
    entity
}
