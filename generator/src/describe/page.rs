//! The data of a page.

use crate::ir::Location;

/// The page of a resource, of one method of it, or of a whole API.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/library.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gapi_generator::describe::*;
///
/// /// Prints the shape of a body.
/// fn print(shape: &Shape, depth: usize) {
///     let indent = "    ".repeat(depth);
///     match shape {
///         Shape::Object(Object { members, .. }) => {
///             for Member { name, shape, read_only, .. } in members {
///                 println!("{indent}{name}{}", if *read_only { " (read-only)" } else { "" });
///                 print(shape, depth + 1);
///             }
///         }
///         Shape::Enum(values) => {
///             for AllowedValue { value, .. } in values {
///                 println!("{indent}{value}");
///             }
///         }
///         Shape::Named(schema, Unexpanded::Recursive) => println!("{indent}{schema} again"),
///         _ => {}
///     }
/// }
///
/// # let (api, facts, names) = { let it = library()?; (it.api, it.facts, it.names) };
/// // The three are those of an `Analysis`. `Analysis::describe` returns the same page.
/// let page: Page = page(&api, &facts, &names, "books")?;
/// let ApiInfo { id, client, .. } = &page.api;
/// println!("{}: {client} of {id}", page.crumbs.join(", "));
/// for ResourceEntry { name, methods, .. } in &page.resources {
///     println!("{name}: {}", methods.join(", "));
/// }
/// for MethodPage { signature, arguments, response, .. } in &page.methods {
///     println!("{signature}");
///     for Argument { name, ty, .. } in arguments {
///         println!("    {name}: {ty}");
///     }
///     if let Some(Body { rust, shape }) = response {
///         println!("    {rust}");
///         print(shape, 2);
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The API's title and the names of the resource from the root down.
    pub crumbs: Vec<String>,
    /// The API.
    pub api: ApiInfo,
    /// The expression that leads to the resource: `client.projects().instances()`.
    pub handle: String,
    /// The description, which only an API has.
    pub docs: Option<String>,
    /// `true` if the document marks the resource as deprecated.
    pub deprecated: bool,
    /// The child resources.
    pub resources: Vec<ResourceEntry>,
    /// The methods, by name.
    pub methods: Vec<MethodPage>,
    /// The parameters that every method takes, if there is a method on the page.
    pub standard: Vec<Argument>,
}

/// The facts about the API that each of its pages shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiInfo {
    /// `spanner:v1`
    pub id: String,
    /// The document's revision.
    pub revision: String,
    /// The module, whose name in signatures is `api`: `spanner_v1`.
    pub module: String,
    /// The type of the client.
    pub client: String,
    /// The link to the API's documentation, if it is a web page.
    pub documentation: Option<String>,
}

impl ApiInfo {
    /// Returns `, revision 20261006`, or nothing for a document without a revision.
    pub(super) fn revision_in_prose(&self) -> String {
        match self.revision.as_str() {
            "" => String::new(),
            revision => format!(", revision {revision}"),
        }
    }
}

/// A resource in a tree of resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceEntry {
    /// Its own name.
    pub name: String,
    /// `true` if the document marks it as deprecated.
    pub deprecated: bool,
    /// The names of its methods.
    pub methods: Vec<String>,
    /// The resources below it.
    pub children: Vec<ResourceEntry>,
}

/// A method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodPage {
    /// The name in the document.
    pub name: String,
    /// The id in the document.
    pub id: String,
    /// The function that begins a call, as it is generated.
    pub signature: String,
    /// The type of the call, which has the setters and the functions in `functions`.
    pub call: String,
    /// The functions that return the response: `send`; for media `upload` and `download`; for pages `pages`,
    /// `next_page`, and `items` if one member contains the items.
    pub functions: Vec<String>,
    /// `GET v1/{+name}`
    pub sends: String,
    /// The value of the header `x-goog-api-version`, if it is sent.
    pub api_version: Option<String>,
    /// The types and the size of the media that the call can send: `image/*, at most 2,048 bytes`.
    pub media: Option<String>,
    /// The description.
    pub docs: Option<String>,
    /// `true` if the document marks it as deprecated.
    pub deprecated: bool,
    /// The parameters: the required ones, which are arguments of the function, then the others.
    pub arguments: Vec<Argument>,
    /// The body of the request, the last argument of the function.
    pub request: Option<Body>,
    /// The response; `None` if the document describes none and the function returns bytes.
    pub response: Option<Body>,
    /// The OAuth 2.0 scopes. Each of them is sufficient. A client requests the first one by default.
    pub scopes: Vec<String>,
}

impl MethodPage {
    /// Returns the heading of the list of scopes.
    pub(super) fn scopes_heading(&self) -> &'static str {
        match self.scopes.len() {
            1 => "Scopes, each of which is enough",
            _ => "Scopes, each of which is enough, the default one first",
        }
    }
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The name in the document.
    pub name: String,
    /// The type in the terms of the document, for example `integer (int32)`.
    pub ty: String,
    /// The location in the request.
    pub location: Location,
    /// The argument's or the setter's name in Rust.
    pub rust: String,
    /// The generated setter. A required parameter has none.
    pub setter: Option<String>,
    /// `true` if the method requires it.
    pub required: bool,
    /// `true` if it may occur several times.
    pub repeated: bool,
    /// `true` if the document marks it as deprecated.
    pub deprecated: bool,
    /// The description.
    pub docs: Option<String>,
    /// The value that the server assumes.
    pub default: Option<String>,
    /// The regular expression that values must match.
    pub pattern: Option<String>,
    /// The allowed values; any, if there are none.
    pub values: Vec<AllowedValue>,
}

/// A value and its description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedValue {
    /// The value.
    pub value: String,
    /// The description.
    pub docs: Option<String>,
    /// `true` if the document marks it as deprecated.
    pub deprecated: bool,
}

/// The body of a request or of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Its type in Rust, from the API's module: `schemas::Instance`.
    pub rust: String,
    /// The shape of its JSON.
    pub shape: Shape,
}

/// The shape of a type's JSON. Only the first occurrence of a schema is expanded. Later ones are its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A number, a text, or anything else: the type in the words of the document.
    Plain(String),
    /// A text with allowed values.
    Enum(Vec<AllowedValue>),
    /// An object with known members.
    Object(Object),
    /// An object with any names and such values.
    Map(Box<Shape>),
    /// An array of such elements.
    List(Box<Shape>),
    /// A schema by its name.
    Named(String, Unexpanded),
    /// Bytes of any media type.
    Media,
}

/// The reason for not expanding a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unexpanded {
    /// The schema contains itself.
    Recursive,
    /// The schema was expanded earlier in the same body.
    Above,
    /// The schema is nested too deeply.
    Deep,
}

/// An object with known members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// The schema's id, if it has one.
    pub schema: Option<String>,
    /// The description.
    pub docs: Option<String>,
    /// `true` if the document marks it as deprecated.
    pub deprecated: bool,
    /// The members, by name.
    pub members: Vec<Member>,
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name.
    pub name: String,
    /// The description.
    pub docs: Option<String>,
    /// `true` if only the server sets it.
    pub read_only: bool,
    /// `true` if the document marks it as deprecated.
    pub deprecated: bool,
    /// The value that the server assumes.
    pub default: Option<String>,
    /// Its value.
    pub shape: Shape,
}
