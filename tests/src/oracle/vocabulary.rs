//! The emitter's own words, listed by hand so that a new one is noticed. The test
//! `the_vocabulary_is_what_the_emitter_writes` compares the lists with the golden code: no word is missing, and none is
//! unused.

/// Words: keywords, paths and names that never come from a document.
pub const WORDS: &[&str] = &[
    "Aip151",
    "BTreeMap",
    "Base64",
    "Batch",
    "Body",
    "Box",
    "Bytes",
    "C",
    "Call",
    "Client",
    "ClientBuilder",
    "Compute",
    "Date",
    "DateTime",
    "Delete",
    "Duration",
    "FieldMask",
    "Get",
    "HttpBody",
    "Into",
    "IntoIterator",
    "Item",
    "Json",
    "None",
    "Object",
    "Operation",
    "Option",
    "Patch",
    "Post",
    "Put",
    "Query",
    "RawBody",
    "Request",
    "Response",
    "Resumable",
    "Self",
    "Service",
    "Simple",
    "Some",
    "StandardParameters",
    "String",
    "UnknownFields",
    "UnknownValue",
    "Value",
    "Vec",
    "api",
    "api_version",
    "as",
    "batch",
    "batch_path",
    "body",
    "bool",
    "boxed",
    "builder",
    "but",
    "bytes",
    "call",
    "cancel",
    "client",
    "clone",
    "collections",
    "condition",
    "const",
    "data_wrapper",
    "download",
    "encoded_slashes",
    "enum",
    "f64",
    "false",
    "fn",
    "for",
    "gapi_runtime",
    "get",
    "i32",
    "i64",
    "id",
    "idempotent",
    "impl",
    "in",
    "into",
    "into_iter",
    "items",
    "map",
    "map_request",
    "max",
    "metadata",
    "mod",
    "mtls_root_url",
    "name",
    "new",
    "of",
    "open_enum",
    "operation",
    "pages",
    "params",
    "path",
    "path_all",
    "path_value",
    "pub",
    "query",
    "query_all",
    "query_all_as",
    "query_as",
    "query_text",
    "raw_body",
    "request",
    "request_id",
    "response",
    "revision",
    "root_url",
    "schema",
    "schemas",
    "scope",
    "scopes",
    "self",
    "service",
    "service_path",
    "set_null",
    "std",
    "str",
    "stream",
    "struct",
    "style",
    "super",
    "title",
    "trait",
    "true",
    "type",
    "u32",
    "u64",
    "unknown_fields",
    "upload",
    "use",
    "version",
    "wait",
];

/// Punctuation.
pub const MARKS: &str = "!&',-.:;<=>|";

/// Macros of `gapi_runtime`.
pub const MACROS: [&str; 6] = [
    "boxed",
    "call",
    "open_enum",
    "operation",
    "schema",
    "service",
];

/// Attributes except documentation, as tokens print.
pub const ATTRIBUTES: &[&str] = &[
    "allow (clippy :: module_inception , reason = \"the name is that of the API\")",
    "allow (clippy :: too_many_arguments , reason = \"the API requires them\")",
    "derive (Clone , Debug)",
    "inline",
    "must_use",
    "must_use = \"a call does nothing until it is sent\"",
    "non_exhaustive",
    "rustfmt :: skip",
];

/// The first attributes of a file that uses something deprecated, and of a crate, whose documentation is its README.
pub const INNER_ATTRIBUTES: [&str; 3] = [
    "allow (deprecated , reason = \"the warning is for users\")",
    "cfg_attr (docsrs , feature (doc_cfg))",
    "cfg_attr (not (doctest) , doc = include_str ! (\"../README.md\"))",
];

/// The longest note of a deprecation, in bytes.
pub const LONGEST_NOTE: usize = 300;

/// The words of the example in an API's documentation, in addition to the names.
const EXAMPLE_WORDS: &[&str] = &[
    "None",
    "Ok",
    "Result",
    "async",
    "await",
    "build",
    "builder",
    "client",
    "crate",
    "example",
    "fn",
    "for",
    "gapi",
    "gapi_runtime",
    "in",
    "item",
    "key",
    "let",
    "page",
    "println",
    "response",
    "send",
    "true",
    "unwrap_or_default",
    "use",
];

/// The literals of examples that have braces.
pub const FORMATS: [&str; 3] = ["\"{item:?}\"", "\"{key}: {item:?}\"", "\"{response:?}\""];

/// Returns whether every example has the word, whatever the document is.
#[must_use]
pub fn is_of_example(word: &str) -> bool {
    EXAMPLE_WORDS.contains(&word)
}

/// Returns whether a word is the emitter's own.
#[must_use]
pub fn is_own(word: &str) -> bool {
    WORDS.binary_search(&word).is_ok()
}

/// Returns whether an attribute is the emitter's own.
#[must_use]
pub fn is_attribute(shown: &str) -> bool {
    let feature = shown
        .strip_prefix("cfg (feature = \"")
        .and_then(|rest| rest.strip_suffix("\")"));
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    ATTRIBUTES.contains(&shown) || feature.is_some_and(|feature| feature.bytes().all(letter))
}
