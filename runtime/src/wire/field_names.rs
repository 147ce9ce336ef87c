//! The names of fields in Rust and in JSON.

/// The names of a struct and of its fields.
#[derive(Clone, Copy, Debug)]
pub struct FieldNames {
    /// The name of the struct, or the schema's id if the two differ much.
    pub name: &'static str,
    /// In Rust, separated by white space; raw identifiers with their `r#`.
    pub rust: &'static str,
    /// In JSON, in the same order.
    pub wire: &'static [&'static str],
}

impl FieldNames {
    /// Returns the JSON name of a field, from its name in Rust.
    pub(crate) fn wire_name(&self, rust: &str) -> Option<&'static str> {
        let mut names = self.rust.split_ascii_whitespace();
        let position = names.position(|known| known == rust)?;
        self.wire.get(position).copied()
    }
}
