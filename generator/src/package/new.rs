//! The choices for a crate.

/// The choices for a crate. The `Cargo.toml` of an existing crate belongs to the user: `gapi generate` edits it, and the
/// library does not.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// The name. For an existing crate it must be the name in its manifest. For a new crate with a single API, the default is the
    /// name of the API (`storage-v1`).
    pub name: Option<String>,
    /// The version of a new crate. By default 0.1.0.
    pub version: Option<String>,
    /// The path of `gapi-runtime` as the manifest of a new crate writes it. By default it comes from the registry.
    pub runtime_path: Option<String>,
    /// The command that generates the crate again, as its README shows it. By default it lists documents and options.
    pub regenerate: Option<String>,
}
