//! Reserved names, by kind of scope.

/// Keywords of every edition up to 2024, reserved ones included.
pub(super) const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Keywords that cannot be written as raw identifiers.
pub(super) const NEVER_RAW: &[&str] = &["Self", "crate", "self", "super"];

/// Modules that cannot be named after their file. `mod.rs` belongs to the parent, and the others are devices on
/// Windows.
pub(super) const NO_FILES: &[&str] = &[
    "aux", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con", "lpt1",
    "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "mod", "nul", "prn",
];

/// The first segments of paths in the module of the schemas. A module of that name would shadow them.
pub(super) const INLINE_MODULES: &[&str] = &[
    "bool",
    "f64",
    "gapi_runtime",
    "i32",
    "i64",
    "std",
    "str",
    "u32",
    "u64",
];

/// The names that code in the module of the schemas uses unqualified.
pub(super) const SCHEMA_TYPES: &[&str] = &["Box", "Option", "String", "Vec"];

/// The names that the module of the API-wide parameters uses unqualified or declares itself.
pub(super) const PARAMS_TYPES: &[&str] = &[
    "Box",
    "Call",
    "Into",
    "IntoIterator",
    "Option",
    "StandardParameters",
    "String",
    "Vec",
];

/// The fields that every struct has in addition to the document's members.
pub(super) const FIELDS: &[&str] = &["unknown_fields"];

/// The variants that every enum has in addition to the document's values.
pub(super) const VARIANTS: &[&str] = &["UnknownValue"];

/// Modules and types of the API's root module.
pub(super) const ROOT_ITEMS: &[&str] = &[
    "Into",
    "IntoIterator",
    "None",
    "Option",
    "Request",
    "Some",
    "StandardParameters",
    "String",
    "Vec",
    "bool",
    "f64",
    "gapi_runtime",
    "i32",
    "i64",
    "params",
    "schemas",
    "scopes",
    "std",
    "str",
    "u32",
    "u64",
];

/// The names that code in the module of a resource uses unqualified.
pub(super) const RESOURCE_ITEMS: &[&str] = &[
    "Client",
    "Into",
    "IntoIterator",
    "Option",
    "Request",
    "String",
    "Vec",
    "api",
    "bool",
    "f64",
    "gapi_runtime",
    "i32",
    "i64",
    "params",
    "std",
    "str",
    "u32",
    "u64",
];

/// Functions that every client has.
pub(super) const CLIENT_FUNCTIONS: &[&str] = &["batch", "builder", "from_client"];

/// Arguments of methods in addition to the document's parameters.
pub(super) const ARGUMENTS: &[&str] = &["body"];

/// Functions of calls in addition to the setters, including names that are reserved so that no setter has to be renamed
/// when the runtime gains functions.
pub(super) const SETTERS: &[&str] = &[
    "batch",
    "body",
    "clone",
    "download",
    "from_request",
    "header",
    "headers",
    "idempotent",
    "into",
    "items",
    "map_request",
    "media",
    "next_page",
    "pages",
    "poller",
    "request",
    "resume",
    "retry",
    "send",
    "send_with_headers",
    "skip_pattern_checks",
    "stream",
    "timeout",
    "upload",
];
