//! Fields that need a `Box`: those on a cycle of types without an array or map.

use std::collections::BTreeSet;

use crate::ir::{Api, Shape, TypeId, TypeRef};

/// Returns the fields whose type leads back to the type of the field: both are in one component of the graph of
/// containment.
pub(super) fn boxed_fields(api: &Api) -> BTreeSet<(TypeId, usize)> {
    let contained: Vec<Vec<usize>> = api.type_ids().map(|id| contained(api, id)).collect();
    let components = components(&contained);
    let mut boxed = BTreeSet::new();
    for id in api.type_ids() {
        let Shape::Struct(fields) = &api[id].shape else {
            continue;
        };
        for (index, field) in fields.iter().enumerate() {
            if let TypeRef::Named(target) = field.ty
                && components[target.0] == components[id.0]
            {
                boxed.insert((id, index));
            }
        }
    }
    boxed
}

/// Returns the structs inside a `Box`, directly or through an alias.
pub(super) fn held_in_boxes(api: &Api, boxed: &BTreeSet<(TypeId, usize)>) -> BTreeSet<TypeId> {
    let field = |(id, index): &(TypeId, usize)| match &api[*id].shape {
        Shape::Struct(fields) => fields.get(*index),
        _ => None,
    };
    let fields = boxed.iter().filter_map(field);
    fields
        .filter_map(|field| struct_of(api, &field.ty))
        .collect()
}

/// Returns the struct, also through aliases.
fn struct_of(api: &Api, ty: &TypeRef) -> Option<TypeId> {
    let mut ty = ty;
    // Lowering rejects circular aliases.
    loop {
        let TypeRef::Named(id) = ty else { return None };
        match &api[*id].shape {
            Shape::Struct(_) => return Some(*id),
            Shape::Alias(target) => ty = target,
            Shape::Enum(_) => return None,
        }
    }
}

/// Returns the strongly connected component of each node (Kosaraju's algorithm). It uses no recursion, because a
/// document decides the length of a chain of types.
fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut back = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for &to in targets {
            back[to].push(from);
        }
    }
    let mut seen = vec![false; edges.len()];
    let mut finished = Vec::new();
    for start in 0..edges.len() {
        // Each node with the number of its edges that have been followed.
        let mut path = vec![(start, 0)];
        while let Some((node, followed)) = path.pop() {
            if followed == 0 && std::mem::replace(&mut seen[node], true) {
                continue;
            }
            match edges[node].get(followed) {
                Some(&next) => path.extend([(node, followed + 1), (next, 0)]),
                None => finished.push(node),
            }
        }
    }
    let mut component = vec![usize::MAX; edges.len()];
    for &root in finished.iter().rev() {
        let mut waiting = vec![root];
        while let Some(node) = waiting.pop() {
            if component[node] == usize::MAX {
                component[node] = root;
                waiting.extend(&back[node]);
            }
        }
    }
    component
}

/// Returns the types that a value of type `id` contains without an array or map in between.
fn contained(api: &Api, id: TypeId) -> Vec<usize> {
    let named = |ty: &TypeRef| match ty {
        TypeRef::Named(id) => Some(id.0),
        _ => None,
    };
    match &api[id].shape {
        Shape::Struct(fields) => fields.iter().filter_map(|field| named(&field.ty)).collect(),
        Shape::Alias(ty) => named(ty).into_iter().collect(),
        Shape::Enum(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::components;

    /// Returns the component of each node, named by its first node.
    fn groups(edges: &[Vec<usize>]) -> Vec<usize> {
        let components = components(edges);
        let first = |component| components.iter().position(|other| *other == component);
        components
            .iter()
            .filter_map(|component| first(*component))
            .collect()
    }

    #[test]
    fn finds_cycles_and_nothing_else() {
        assert_eq!(groups(&[vec![1], vec![2], vec![0]]), [0, 0, 0]);
        assert_eq!(groups(&[vec![1], vec![2], vec![]]), [0, 1, 2]);
        assert_eq!(
            groups(&[vec![0], vec![0, 2], vec![1, 3], vec![3]]),
            [0, 1, 1, 3]
        );
        assert_eq!(
            groups(&[vec![1, 2], vec![3], vec![3], vec![1]]),
            [0, 1, 2, 1]
        );
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let length = 200_000;
        let ring: Vec<Vec<usize>> = (0..length).map(|node| vec![(node + 1) % length]).collect();
        let components = components(&ring);
        assert!(
            components
                .iter()
                .all(|component| *component == components[0])
        );
    }
}
