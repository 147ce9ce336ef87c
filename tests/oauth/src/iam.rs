//! The IAM Credentials API: `generateAccessToken` and `signJwt`.

use crate::http::{Request, Response};
use crate::jwt;
use crate::state::{CLOUD_PLATFORM, DELEGATE, ROBOT, State};
use crate::time;
use serde_json::{Value, json};

const IAM: &str = "https://www.googleapis.com/auth/iam";

pub(crate) fn respond(request: &Request, state: &mut State) -> Response {
    let Some(grant) = request.bearer().and_then(|token| state.valid(token)) else {
        return Response::api(
            401,
            "UNAUTHENTICATED",
            "Request had invalid authentication credentials.",
        );
    };
    if !grant
        .scopes
        .iter()
        .any(|scope| scope == CLOUD_PLATFORM || scope == IAM)
    {
        return Response::api(
            403,
            "PERMISSION_DENIED",
            "Request had insufficient authentication scopes.",
        );
    }
    let name = request.path.rsplit('/').next().unwrap_or_default();
    let Some((email, action)) = name.split_once(':') else {
        return Response::api(404, "NOT_FOUND", "Method not found.");
    };
    let email = email.replace("%40", "@");
    if email != ROBOT && email != DELEGATE {
        let message = "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).";
        return Response::api(403, "PERMISSION_DENIED", message);
    }
    let body = request.json();
    for delegate in body["delegates"].as_array().into_iter().flatten() {
        let name = delegate.as_str().unwrap_or_default();
        if !name.starts_with("projects/-/serviceAccounts/") {
            return Response::api(
                400,
                "INVALID_ARGUMENT",
                "Request contains an invalid argument.",
            );
        }
    }
    match action {
        "generateAccessToken" => access_token(&email, &body, state),
        "signJwt" => {
            let payload = body["payload"].as_str().unwrap_or_default();
            let claims: Value = serde_json::from_str(payload).unwrap_or_default();
            if !claims.is_object() {
                return Response::api(400, "INVALID_ARGUMENT", "The payload is no JSON object.");
            }
            let key = "system-managed";
            Response::json(&json!({"keyId": key, "signedJwt": jwt::signed(key, payload)}))
        }
        _ => Response::api(404, "NOT_FOUND", "Method not found."),
    }
}

fn access_token(email: &str, body: &Value, state: &mut State) -> Response {
    let scopes = body["scope"].as_array().into_iter().flatten();
    let scopes: Vec<&str> = scopes.filter_map(Value::as_str).collect();
    let lifetime = body["lifetime"].as_str().unwrap_or("3600s");
    let seconds: i64 = lifetime.trim_end_matches('s').parse().unwrap_or(0);
    if scopes.is_empty() || seconds <= 0 || seconds > 43_200 {
        return Response::api(
            400,
            "INVALID_ARGUMENT",
            "Request contains an invalid argument.",
        );
    }
    let token = state.issue("impersonated", email, scopes);
    let expires = state.now() + seconds.min(state.settings.lifetime);
    Response::json(&json!({"accessToken": token, "expireTime": time::rfc3339(expires)}))
}
