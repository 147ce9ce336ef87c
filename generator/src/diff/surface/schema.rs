//! Structs, enums and aliases, with what is written inside them.

use super::{Builder, Entity, Fact, Form, Item, Kind, item, path};
use crate::{
    emit::{deprecation, schema, ty},
    ir::{Field, Owner, Shape, TypeId, Variant},
};

const UNKNOWN_FIELDS: &str = "gapi_runtime :: UnknownFields";

/// A type, which its place calls `wire`.
pub(super) fn definition(b: Builder<'_>, id: TypeId, wire: impl Into<String>) -> Entity {
    let (definition, name) = (&b.cx.api[id], &b.cx.names[id]);
    let own = path(&name.module, [name.ident.as_str()]);
    let mut entity = Entity::new(Kind::Type, wire);
    entity.deprecated = definition.deprecated;
    entity.docs.clone_from(&definition.docs);
    let (form, rust) = match &definition.shape {
        Shape::Struct(fields) => {
            let fields = fields.iter().enumerate();
            let properties = fields.map(|(index, field)| property(b, id, index, field, &own));
            entity.children.extend(properties);
            (Form::Struct, String::new())
        }
        Shape::Enum(variants) => {
            let variants = variants.iter().zip(&name.members);
            let values = variants.map(|(variant, member)| value(variant, member, &own));
            entity.children.extend(values);
            (Form::Enum, String::new())
        }
        Shape::Alias(target) => {
            let target = ty::owned(b.cx, target, &name.module);
            (Form::Alias, target.to_string())
        }
    };
    entity.items.push(Item {
        rust,
        deprecated: deprecation::is_marked(b.cx, id),
        ..item("type", form, own.clone())
    });
    // What the runtime's macros and the emitter give to each of them.
    let own = own.as_str();
    let given: &[(&str, Form, &str, &str)] = match form {
        Form::Struct => &[("unknown", Form::Field, "unknown_fields", UNKNOWN_FIELDS)],
        Form::Enum => &[
            ("unknown", Form::Variant, "UnknownValue", ""),
            ("text", Form::Function, "as_str", ""),
        ],
        _ => &[],
    };
    let given = given.iter().map(|(role, form, name, rust)| Item {
        rust: (*rust).to_owned(),
        ..item(role, *form, path(&[], [own, *name]))
    });
    entity.items.extend(given);
    let elements = b.owned(&inside(id, None));
    let elements = elements.map(|element| self::definition(b, element, "[]"));
    entity.children.extend(elements);
    let inner = entity.children.iter().flat_map(|child| &child.children);
    let mut inner = inner.chain(&entity.children);
    if let Some(inner) = inner.find(|inner| inner.kind == Kind::Type) {
        let module = inner.items[0].path.rsplit_once("::");
        let module = module.map_or("", |(module, _)| module).to_owned();
        entity.items.push(item("module", Form::Module, module));
    }
    entity
}

fn inside(parent: TypeId, property: Option<&str>) -> Owner {
    let property = property.map(str::to_owned);
    Owner::Inline { parent, property }
}

fn property(b: Builder<'_>, of: TypeId, index: usize, field: &Field, own: &str) -> Entity {
    let mut entity = Entity::new(Kind::Property, &field.wire);
    entity.deprecated = field.deprecated;
    entity.docs.clone_from(&field.docs);
    entity.items.push(Item {
        rust: schema::field_type(b.cx, of, index, field).to_string(),
        deprecated: field.deprecated,
        ..item(
            "field",
            Form::Field,
            path(&[], [own, &b.cx.names[of].members[index]]),
        )
    });
    let default = field.default.clone().map(|value| (Fact::Default, value));
    let read_only = field.read_only.then(|| (Fact::ReadOnly, "yes".to_owned()));
    entity.facts.extend(default.into_iter().chain(read_only));
    let inline = b.owned(&inside(of, Some(&field.wire)));
    let inline = inline.map(|inner| definition(b, inner, "{}"));
    entity.children.extend(inline);
    entity
}

fn value(variant: &Variant, member: &str, own: &str) -> Entity {
    let mut entity = Entity::new(Kind::Value, &variant.wire);
    entity.deprecated = variant.deprecated;
    entity.docs.clone_from(&variant.docs);
    entity.items.push(Item {
        deprecated: variant.deprecated,
        ..item("variant", Form::Variant, path(&[], [own, member]))
    });
    if !variant.aliases.is_empty() {
        let spellings = variant.aliases.join(", ");
        entity.facts.insert(Fact::Spellings, spellings);
    }
    entity
}
