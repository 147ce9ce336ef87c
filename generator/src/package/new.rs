//! Options for a new crate.

/// Options for a new crate. They are written to its `Cargo.toml`, which then belongs to the user.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// The name. By default that of the API (`storage-v1`) if there is only one.
    pub name: Option<String>,
    /// The version, by default 0.1.0.
    pub version: Option<String>,
    /// The path of `gapi-runtime` as the manifest writes it. By default it comes from the registry.
    pub runtime_path: Option<String>,
}
