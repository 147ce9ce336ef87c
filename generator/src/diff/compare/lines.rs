//! Formats items as lines.

use crate::{
    diff::surface::{Entity, Form, Item, Kind, Rust},
    text,
};

/// Returns the lines of an entity, beginning with the item that a user names first.
pub(super) fn of(entity: &Entity) -> Vec<String> {
    match entity.items.first() {
        Some(first) => {
            // A resource is reached by its function.
            let accessor = entity.items.iter().find(|item| item.role == "accessor");
            vec![item(accessor.unwrap_or(first))]
        }
        None if entity.kind == Kind::Parameter => {
            vec![format!("{} (required)", text::one_line(&entity.wire))]
        }
        None => Vec::new(),
    }
}

/// Returns an item as a line.
pub(super) fn item(item: &Item) -> String {
    let path = &item.path;
    let name = path
        .rsplit_once("::")
        .map_or(path.as_str(), |(_, name)| name);
    if let Rust::Function(signature) = &item.rust {
        return signature.text.clone();
    }
    let ty = match &item.rust {
        Rust::Type(ty) => ty,
        Rust::Name | Rust::Function(_) => "",
    };
    match item.form {
        Form::Module => format!("pub mod {path}"),
        Form::Struct => format!("pub struct {path}"),
        Form::Enum => format!("pub enum {path}"),
        Form::Trait => format!("pub trait {path}"),
        Form::Constant => format!("pub const {path}: {ty}"),
        Form::Alias => format!("pub type {path} = {ty}"),
        Form::Field => format!("pub {name}: {ty}"),
        Form::Variant => {
            let mut steps = path.rsplit("::");
            let (variant, of) = (steps.next().unwrap_or(path), steps.next().unwrap_or(""));
            format!("{of}::{variant}")
        }
        Form::Marker => format!("impl {path}"),
        Form::Function | Form::TraitFunction => format!("pub fn {path}"),
    }
}
