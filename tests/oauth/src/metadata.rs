//! The metadata server of Google Cloud.

use crate::http::{Request, Response};
use crate::state::{CLOUD_PLATFORM, ROBOT, State};
use serde_json::json;

pub(crate) fn respond(request: &Request, state: &mut State) -> Response {
    let response = found(request, state);
    response
        .with("metadata-flavor", "Google")
        .with("server", "Metadata Server for VM")
}

fn found(request: &Request, state: &mut State) -> Response {
    let forbidden = |text: &str| Response::new(403, "text/html", text);
    if request.path == "/" {
        return Response::text("computeMetadata/\n");
    }
    if request.header("metadata-flavor") != Some("Google") {
        return forbidden("Missing Metadata-Flavor:Google header.");
    }
    // It protects programs that act as proxies.
    if request.header("x-forwarded-for").is_some() {
        return forbidden("X-Forwarded-For is set.");
    }
    let missing = || Response::new(404, "text/html", "not found");
    let path = request.path.trim_start_matches("/computeMetadata/v1/");
    if let Some(rest) = path.strip_prefix("instance/service-accounts/") {
        let Some((account, item)) = rest.split_once('/') else {
            return missing();
        };
        if !state.settings.has_account || !["default", ROBOT].contains(&account) {
            return missing();
        }
        return match item {
            "token" => token(request, state),
            "email" => Response::text(ROBOT),
            "scopes" => Response::text(CLOUD_PLATFORM),
            "" => Response::json(
                &json!({"aliases": ["default"], "email": ROBOT, "scopes": [CLOUD_PLATFORM]}),
            ),
            _ => missing(),
        };
    }
    match path {
        "project/project-id" => Response::text("p"),
        "project/numeric-project-id" => Response::text("1"),
        "universe/universe-domain" | "universe/universe_domain" => {
            match &state.settings.universe_domain {
                Some(domain) => Response::text(domain.clone()),
                None => missing(),
            }
        }
        _ => missing(),
    }
}

fn token(request: &Request, state: &mut State) -> Response {
    let scopes = request.parameter("scopes");
    let scopes = scopes.unwrap_or_else(|| CLOUD_PLATFORM.to_owned());
    let token = state.issue("metadata", ROBOT, scopes.split([',', ' ']));
    Response::json(&json!({
        "access_token": token,
        "expires_in": state.settings.lifetime,
        "token_type": "Bearer",
    }))
}
