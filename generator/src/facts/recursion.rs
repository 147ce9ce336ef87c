//! Which fields need a `Box`: those on a cycle of types that no array or map interrupts.

use std::collections::BTreeSet;

use crate::ir::{Api, Shape, TypeId, TypeRef};

/// The fields whose type leads back to the type that has them.
pub(super) fn boxed_fields(api: &Api) -> BTreeSet<(TypeId, usize)> {
    let mut boxed = BTreeSet::new();
    for id in api.type_ids() {
        let Shape::Struct(fields) = &api[id].shape else {
            continue;
        };
        for (index, field) in fields.iter().enumerate() {
            if let TypeRef::Named(target) = field.ty
                && reaches(api, target, id)
            {
                boxed.insert((id, index));
            }
        }
    }
    boxed
}

/// Whether a value of type `from` directly contains one of type `to`.
fn reaches(api: &Api, from: TypeId, to: TypeId) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(id) = waiting.pop() {
        if id == to {
            return true;
        }
        if seen.insert(id) {
            waiting.extend(contained(api, id));
        }
    }
    false
}

/// The types that a value of type `id` holds without an array or map in between.
fn contained(api: &Api, id: TypeId) -> Vec<TypeId> {
    let named = |ty: &TypeRef| match ty {
        TypeRef::Named(id) => Some(*id),
        _ => None,
    };
    match &api[id].shape {
        Shape::Struct(fields) => fields.iter().filter_map(|field| named(&field.ty)).collect(),
        Shape::Alias(ty) => named(ty).into_iter().collect(),
        Shape::Enum(_) => Vec::new(),
    }
}
