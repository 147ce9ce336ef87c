//! A Discovery document as it is written. Its JSON is read member by member, so that every malformed member is reported
//! with its place.
//!
//! Source: the "Discovery document" reference of the Google API Discovery Service. Members without an effect on clients
//! (icons, protocols, …) are not read. Unknown members are ignored, so that future documents generate, too.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostics::{Diagnostics, Pointer};

mod base;
mod node;

use base::Base;
use node::Node;

/// A REST description (`kind: discovery#restDescription`).
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) revision: String,
    pub(crate) title: String,
    pub(crate) description: Option<String>,
    pub(crate) canonical_name: Option<String>,
    pub(crate) documentation_link: Option<String>,
    pub(crate) root_url: String,
    /// The member that `root_url` comes from.
    pub(crate) root_url_member: &'static str,
    pub(crate) mtls_root_url: Option<String>,
    pub(crate) service_path: String,
    pub(crate) batch_path: String,
    pub(crate) features: Vec<String>,
    /// OAuth 2.0 scope → description.
    pub(crate) scopes: BTreeMap<String, String>,
    pub(crate) parameters: BTreeMap<String, Schema>,
    pub(crate) schemas: BTreeMap<String, Schema>,
    /// The methods and resources at the root.
    pub(crate) root: Resource,
}

/// A JSON schema: of a top-level schema, a property, an element, or a parameter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema {
    pub(crate) pointer: Pointer,
    pub(crate) r#type: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) default: Option<String>,
    pub(crate) pattern: Option<String>,
    /// The location of a parameter: `path` or `query`.
    pub(crate) location: Option<String>,
    pub(crate) required: bool,
    pub(crate) repeated: bool,
    pub(crate) read_only: bool,
    pub(crate) deprecated: bool,
    pub(crate) values: Vec<EnumValue>,
    pub(crate) items: Option<Box<Schema>>,
    pub(crate) properties: Option<BTreeMap<String, Schema>>,
    pub(crate) additional_properties: Option<Box<Schema>>,
}

/// One of the allowed values (`enum`, `enumDescriptions`, `enumDeprecated`).
#[derive(Clone, Debug)]
pub(crate) struct EnumValue {
    pub(crate) pointer: Pointer,
    pub(crate) value: String,
    pub(crate) description: Option<String>,
    pub(crate) deprecated: bool,
}

/// A resource: methods and child resources.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resource {
    pub(crate) pointer: Pointer,
    pub(crate) deprecated: bool,
    pub(crate) methods: BTreeMap<String, Method>,
    pub(crate) resources: BTreeMap<String, Resource>,
}

/// A method.
#[derive(Clone, Debug)]
pub(crate) struct Method {
    pub(crate) pointer: Pointer,
    pub(crate) id: String,
    pub(crate) path: String,
    /// The path with the variables of all its segments. It only identifies the method.
    pub(crate) flat_path: Option<String>,
    pub(crate) http_method: String,
    pub(crate) description: Option<String>,
    pub(crate) parameters: BTreeMap<String, Schema>,
    pub(crate) parameter_order: Vec<String>,
    pub(crate) request: Option<Schema>,
    pub(crate) response: Option<Schema>,
    pub(crate) scopes: Vec<String>,
    pub(crate) media_upload: Option<MediaUpload>,
    pub(crate) supports_media_download: bool,
    pub(crate) api_version: Option<String>,
    /// `SERVER_SIDE`: the response is a stream of messages, an array in JSON. Older documents have this member.
    pub(crate) streaming_type: Option<String>,
    pub(crate) deprecated: bool,
}

/// The media uploads of a method.
#[derive(Clone, Debug)]
pub(crate) struct MediaUpload {
    pub(crate) accept: Vec<String>,
    pub(crate) max_size: Option<String>,
    pub(crate) simple: bool,
    pub(crate) resumable: bool,
}

/// Reads a document.
///
/// Returns `None` if it is not a REST description at all. Otherwise reports each malformed member and continues without
/// it.
pub(crate) fn read(value: &Value, diagnostics: &mut Diagnostics) -> Option<Document> {
    let root = Node {
        value,
        pointer: Pointer::root(),
    };
    if !is_description(value) {
        diagnostics.error_with_help(
            &root.pointer,
            "not a Discovery document: `kind` is not `discovery#restDescription`",
            "pass the JSON that https://<api>.googleapis.com/$discovery/rest?version=<version> returns",
        );
        return None;
    }
    let d = diagnostics;
    let id = id(&root, d);
    let name = root.required_string("name", d);
    let version = root.required_string("version", d);
    let base = Base::read(&root, d);
    Some(Document {
        id,
        name,
        version,
        revision: root.string("revision", d).unwrap_or_default(),
        title: root.string("title", d).unwrap_or_default(),
        description: root.string("description", d),
        canonical_name: root.string("canonicalName", d),
        documentation_link: root.string("documentationLink", d),
        root_url: base.root_url,
        root_url_member: base.member,
        mtls_root_url: root.string("mtlsRootUrl", d),
        service_path: base.service_path,
        batch_path: root
            .string("batchPath", d)
            .unwrap_or_else(|| "batch".to_owned()),
        features: root.strings("features", d),
        scopes: scopes(&root, d),
        parameters: root.map("parameters", d, schema),
        schemas: root.map("schemas", d, schema),
        root: resource(&root, d),
    })
}

/// Returns whether a value is a REST description. The first documents have another kind, and documents for tests of other
/// generators have none.
fn is_description(value: &Value) -> bool {
    let has = |member: &str, is: fn(&Value) -> bool| value.get(member).is_some_and(is);
    match value.get("kind").and_then(Value::as_str) {
        Some("discovery#restDescription") => true,
        Some("discovery#describeItem") | None => {
            let has_calls = has("resources", Value::is_object) || has("methods", Value::is_object);
            has_calls && has("name", Value::is_string) && has("version", Value::is_string)
        }
        Some(_) => false,
    }
}

/// Returns the id. If the document has none, builds it from the name and the version.
fn id(root: &Node<'_>, d: &mut Diagnostics) -> String {
    let text = |name: &str| root.value.get(name).and_then(Value::as_str);
    match (root.value.get("id"), text("name"), text("version")) {
        (None, Some(name), Some(version)) => format!("{name}:{version}"),
        _ => root.required_string("id", d),
    }
}

fn scopes(root: &Node<'_>, d: &mut Diagnostics) -> BTreeMap<String, String> {
    root.object("auth", d)
        .and_then(|auth| auth.object("oauth2", d))
        .map(|oauth2| {
            oauth2.map("scopes", d, |scope, d| {
                scope.string("description", d).unwrap_or_default()
            })
        })
        .unwrap_or_default()
}

fn resource(node: &Node<'_>, d: &mut Diagnostics) -> Resource {
    Resource {
        pointer: node.pointer.clone(),
        deprecated: node.flag("deprecated", d),
        methods: node.map("methods", d, method),
        resources: node.map("resources", d, resource),
    }
}

fn method(node: &Node<'_>, d: &mut Diagnostics) -> Method {
    Method {
        pointer: node.pointer.clone(),
        id: node.required_string("id", d),
        path: node.required_string("path", d),
        flat_path: node.string("flatPath", d),
        http_method: node.required_string("httpMethod", d),
        description: node.string("description", d),
        parameters: node.map("parameters", d, schema),
        parameter_order: node.strings("parameterOrder", d),
        request: node.object("request", d).map(|request| schema(&request, d)),
        response: node
            .object("response", d)
            .map(|response| schema(&response, d)),
        scopes: node.strings("scopes", d),
        media_upload: node
            .object("mediaUpload", d)
            .map(|upload| media_upload(&upload, d)),
        supports_media_download: node.flag("supportsMediaDownload", d),
        api_version: node.string("apiVersion", d),
        streaming_type: node.string("streamingType", d),
        deprecated: node.flag("deprecated", d),
    }
}

fn media_upload(node: &Node<'_>, d: &mut Diagnostics) -> MediaUpload {
    let protocols = node.object("protocols", d);
    let mut offers = |name: &str| {
        protocols
            .as_ref()
            .is_some_and(|protocols| protocols.object(name, d).is_some())
    };
    let (simple, resumable) = (offers("simple"), offers("resumable"));
    MediaUpload {
        accept: node.strings("accept", d),
        max_size: node.string("maxSize", d),
        simple,
        resumable,
    }
}

fn schema(node: &Node<'_>, d: &mut Diagnostics) -> Schema {
    Schema {
        pointer: node.pointer.clone(),
        r#type: node.string("type", d),
        format: node.string("format", d),
        reference: node.string("$ref", d),
        description: node.string("description", d),
        default: node.scalar_text("default", d),
        pattern: node.string("pattern", d),
        location: node.string("location", d),
        required: node.flag("required", d),
        repeated: node.flag("repeated", d),
        read_only: node.flag("readOnly", d),
        deprecated: node.flag("deprecated", d),
        values: enum_values(node, d),
        items: node
            .object("items", d)
            .map(|items| Box::new(elements(node, &items, d))),
        properties: node
            .object("properties", d)
            .is_some()
            .then(|| node.map("properties", d, schema)),
        additional_properties: node
            .object("additionalProperties", d)
            .map(|values| Box::new(schema(&values, d))),
    }
}

/// Returns the elements of an array. Some documents have the allowed values there, and their descriptions on the array itself.
fn elements(array: &Node<'_>, items: &Node<'_>, d: &mut Diagnostics) -> Schema {
    let mut items = schema(items, d);
    if items.values.iter().all(|value| value.description.is_none()) {
        let descriptions = array.strings("enumDescriptions", d);
        for (value, description) in items.values.iter_mut().zip(descriptions) {
            value.description = Some(description).filter(|text| !text.is_empty());
        }
    }
    items
}

fn enum_values(node: &Node<'_>, d: &mut Diagnostics) -> Vec<EnumValue> {
    let values = node.strings("enum", d);
    let descriptions = node.strings("enumDescriptions", d);
    let deprecated = node.flags("enumDeprecated", d);
    let pointer = node.pointer.child("enum");
    values
        .into_iter()
        .enumerate()
        .map(|(index, value)| EnumValue {
            pointer: pointer.child(index),
            value,
            description: descriptions
                .get(index)
                .filter(|text| !text.is_empty())
                .cloned(),
            deprecated: deprecated.get(index).copied().unwrap_or(false),
        })
        .collect()
}
