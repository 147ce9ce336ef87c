//! The Security Token Service (RFC 8693), and an identity provider of the user.

use crate::aws;
use crate::http::{Request, Response};
use crate::state::{AUDIENCE, CLIENT_ID, CLIENT_SECRET, SUBJECT_TOKEN, State, scopes_in};
use serde_json::json;

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const AWS: &str = "urn:ietf:params:aws:token-type:aws4_request";

pub(crate) fn respond(request: &Request, state: &mut State) -> Response {
    if request.field("grant_type").as_deref() != Some(EXCHANGE) {
        return Response::oauth(400, "unsupported_grant_type", "Invalid grant_type");
    }
    if request
        .basic()
        .is_some_and(|client| client != (CLIENT_ID.to_owned(), CLIENT_SECRET.to_owned()))
    {
        return Response::oauth(401, "invalid_client", "The OAuth client was not found.");
    }
    if request.field("audience").as_deref() != Some(AUDIENCE) {
        return Response::oauth(
            400,
            "invalid_target",
            "The target service indicated by the \"audience\" is invalid",
        );
    }
    if request.field("requested_token_type").as_deref() != Some(ACCESS_TOKEN) {
        return Response::oauth(400, "invalid_request", "Invalid requested_token_type");
    }
    let token = request.field("subject_token").unwrap_or_default();
    let kind = request.field("subject_token_type").unwrap_or_default();
    let is_valid = match kind.as_str() {
        AWS => aws::verify(&token, AUDIENCE, state.now()),
        "urn:ietf:params:oauth:token-type:jwt"
        | "urn:ietf:params:oauth:token-type:id_token"
        | "urn:ietf:params:oauth:token-type:saml2" => {
            if token == SUBJECT_TOKEN {
                Ok(())
            } else {
                Err("The given subject token is invalid".to_owned())
            }
        }
        _ => return Response::oauth(400, "invalid_request", "Invalid subject_token_type"),
    };
    if let Err(problem) = is_valid {
        return Response::oauth(400, "invalid_grant", &problem);
    }
    let scopes = scopes_in(request.field("scope"));
    if scopes.is_empty() {
        return Response::oauth(400, "invalid_scope", "Missing required parameter: scope");
    }
    let token = state.issue("federated", "principal", scopes.iter().map(String::as_str));
    Response::json(&json!({
        "access_token": token,
        "issued_token_type": ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": state.settings.lifetime,
    }))
}

/// Responds with the subject token: as text, or as JSON with `?format=json`. The header of the credentials file is required.
pub(crate) fn subject(request: &Request) -> Response {
    if request.header("x-identity") != Some("gapi") {
        return Response::new(401, "text/plain", "no header x-identity");
    }
    if request.parameter("format").as_deref() == Some("json") {
        return Response::json(&json!({"id_token": SUBJECT_TOKEN}));
    }
    Response::text(SUBJECT_TOKEN)
}
