//! The document that tests of hostile texts change.

use serde_json::{Value, json};

/// Returns a document with one of everything that has a text or a name.
#[must_use]
pub fn document() -> Value {
    json!({
        "kind": "discovery#restDescription",
        "id": "hostile:v1",
        "name": "hostile",
        "version": "v1",
        "rootUrl": "https://hostile.googleapis.com/",
        "auth": {"oauth2": {"scopes": {"https://www.googleapis.com/auth/all": {}}}},
        "parameters": {"trace": {"type": "string", "location": "query", "enum": ["on"]}},
        "schemas": {
            "Thing": {"type": "object", "properties": {
                "text": {"type": "string"},
                "kind": {"type": "string", "enum": ["one", "two"]},
                "inside": {"type": "object", "properties": {"deep": {"$ref": "Thing"}}},
            }},
        },
        "resources": {"things": {"methods": {
            "get": {
                "id": "hostile.things.get",
                "path": "v1/{+name}",
                "httpMethod": "GET",
                "parameters": {
                    "name": {"type": "string", "location": "path", "required": true},
                    "view": {"type": "string", "location": "query", "enum": ["full"]},
                    "filter": {"type": "string", "location": "query", "required": true},
                },
                "response": {"$ref": "Thing"},
                "scopes": ["https://www.googleapis.com/auth/all"],
            },
        }}},
    })
}
