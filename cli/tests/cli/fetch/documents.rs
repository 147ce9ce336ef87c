//! Small documents, and a list of APIs.

use serde_json::{Value, json};

use super::server::{Reply, Request, Server};

/// Returns a valid document of version v1.
pub(super) fn document(name: &str, revision: &str) -> String {
    let document = json!({
        "kind": "discovery#restDescription",
        "id": format!("{name}:v1"),
        "name": name,
        "version": "v1",
        "revision": revision,
        "title": format!("The {name} API"),
        "rootUrl": format!("https://{name}.googleapis.com/"),
        "servicePath": "",
        "methods": { "get": { "id": format!("{name}.get"), "path": "v1/thing", "httpMethod": "GET" } },
    });
    format!("{document:#}\n")
}

/// Returns a list of these APIs, whose documents are at `{server}/{name}`.
pub(super) fn directory(server: &str, names: &[&str]) -> String {
    let item = |name: &&str| {
        json!({
            "kind": "discovery#directoryItem",
            "id": format!("{name}:v1"),
            "name": name,
            "version": "v1",
            "preferred": true,
            "discoveryRestUrl": format!("{server}/{name}"),
        })
    };
    let items: Vec<Value> = names.iter().map(item).collect();
    json!({ "kind": "discovery#directoryList", "discoveryVersion": "v1", "items": items })
        .to_string()
}

/// The path of the list of APIs on a server that the user names without a path.
pub(super) const DIRECTORY: &str = "/discovery/v1/apis";

/// Returns the path of the server's own copy of a document.
pub(super) fn copy(name: &str) -> String {
    format!("{DIRECTORY}/{name}/v1/rest")
}

/// Starts a server with a list of these APIs. `reply` handles all other requests.
pub(super) fn serve(
    names: &'static [&'static str],
    reply: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static,
) -> Server {
    Server::start(move |request, before| {
        if request.target == DIRECTORY {
            let host = request.header("host").unwrap();
            Reply::ok(directory(&format!("http://{host}"), names))
        } else {
            reply(request, before)
        }
    })
}
