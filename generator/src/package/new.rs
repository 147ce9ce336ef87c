//! The choices for a crate.

/// The choices for a crate. They replace those in the `Cargo.toml` of a crate that exists. The rest of the manifest belongs
/// to the user.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// The name. By default that of the manifest, or that of the API (`storage-v1`) if there is only one.
    pub name: Option<String>,
    /// The version. By default that of the manifest, or 0.1.0.
    pub version: Option<String>,
    /// The path of `gapi-runtime` as the manifest writes it. By default a new crate gets it from the registry.
    pub runtime_path: Option<String>,
    /// The command that generates the crate again, as its README shows it. By default it lists documents and options.
    pub regenerate: Option<String>,
}
