//! The token endpoint: refresh tokens and authorization codes (RFC 6749), JWT bearer (RFC 7523), device codes (RFC 8628).

use crate::http::{Request, Response};
use crate::jwt;
use crate::state::{CLIENT_ID, CLIENT_SECRET, DELEGATE, ROBOT, State, USER, scopes_in};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

pub(crate) fn respond(request: &Request, state: &mut State) -> Response {
    let is_form = request.header("content-type");
    if request.method != "POST"
        || is_form.is_none_or(|kind| !kind.starts_with("application/x-www-form-urlencoded"))
    {
        return Response::oauth(400, "invalid_request", "Bad Request: a form is expected");
    }
    let done = match request.field("grant_type").as_deref() {
        Some("refresh_token") => refresh(request, state),
        Some("authorization_code") => code(request, state),
        Some(JWT_BEARER) => assertion(request, state),
        Some(DEVICE_CODE) => device(request, state),
        _ => Err((400, "unsupported_grant_type", "Invalid grant_type")),
    };
    match done {
        Ok(body) => Response::json(&body).with("cache-control", "no-store"),
        Err((status, code, description)) => Response::oauth(status, code, description),
    }
}

/// Status, code and description of an error.
type Failure = (u16, &'static str, &'static str);

fn body(state: &mut State, kind: &str, email: &str, scopes: &[String]) -> Value {
    let token = state.issue(kind, email, scopes.iter().map(String::as_str));
    json!({
        "access_token": token,
        "expires_in": state.settings.lifetime,
        "scope": scopes.join(" "),
        "token_type": "Bearer",
    })
}

fn check_client(request: &Request) -> Result<(), Failure> {
    let (id, secret) = match request.basic() {
        Some((id, secret)) => (Some(id), Some(secret)),
        None => (request.field("client_id"), request.field("client_secret")),
    };
    if id.as_deref() != Some(CLIENT_ID) {
        return Err((401, "invalid_client", "The OAuth client was not found."));
    }
    if secret.as_deref() != Some(CLIENT_SECRET) {
        return Err((401, "invalid_client", "Unauthorized"));
    }
    Ok(())
}

fn refresh(request: &Request, state: &mut State) -> Result<Value, Failure> {
    check_client(request)?;
    let token = request.field("refresh_token").unwrap_or_default();
    let Some(granted) = state.refresh_tokens.scopes(&token) else {
        return Err((400, "invalid_grant", "Token has been expired or revoked."));
    };
    let wanted = scopes_in(request.field("scope"));
    if wanted.iter().any(|scope| !granted.contains(scope)) {
        return Err((400, "invalid_scope", "Some requested scopes were invalid."));
    }
    let scopes = if wanted.is_empty() {
        granted.clone()
    } else {
        wanted
    };
    let mut body = body(state, "refreshed", USER, &scopes);
    if state.settings.rotates {
        let rotated = format!("1//{}", state.unique("rotated"));
        state.refresh_tokens.remove(&token);
        state.refresh_tokens.insert(rotated.clone(), granted);
        body["refresh_token"] = rotated.into();
    }
    Ok(body)
}

/// Exchanges the code of a login, with the verifier of RFC 7636.
fn code(request: &Request, state: &mut State) -> Result<Value, Failure> {
    check_client(request)?;
    let code = request.field("code").unwrap_or_default();
    // A code is used once.
    let Some(login) = state.codes.remove(&code) else {
        return Err((400, "invalid_grant", "Malformed auth code."));
    };
    if request.field("redirect_uri").as_deref() != Some(&login.redirect_uri) {
        return Err((400, "redirect_uri_mismatch", "Bad Request"));
    }
    if let Some((method, challenge)) = login.challenge {
        let Some(verifier) = request.field("code_verifier") else {
            return Err((400, "invalid_grant", "Missing code verifier."));
        };
        let is_well_formed = (43..=128).contains(&verifier.len())
            && verifier
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
        let derived = match method.as_str() {
            "S256" => {
                let hash = ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes());
                BASE64_URL_SAFE_NO_PAD.encode(hash)
            }
            _ => verifier,
        };
        if !is_well_formed || derived != challenge {
            return Err((400, "invalid_grant", "Invalid code verifier."));
        }
    }
    Ok(logged_in(state, login.scopes))
}

/// Returns the tokens of a user who has logged in.
fn logged_in(state: &mut State, scopes: Vec<String>) -> Value {
    let mut body = body(state, "login", USER, &scopes);
    let token = format!("1//{}", state.unique("refresh"));
    state.refresh_tokens.insert(token.clone(), scopes);
    body["refresh_token"] = token.into();
    body
}

fn device(request: &Request, state: &mut State) -> Result<Value, Failure> {
    check_client(request)?;
    let code = request.field("device_code").unwrap_or_default();
    let pending = state.settings.pending;
    let Some(device) = state.devices.get_mut(&code) else {
        return Err((400, "expired_token", "The device code has expired."));
    };
    device.polls += 1;
    if device.polls <= pending {
        return Err((428, "authorization_pending", "Precondition Required"));
    }
    match device.decision {
        None => Err((428, "authorization_pending", "Precondition Required")),
        Some(false) => Err((403, "access_denied", "Forbidden")),
        Some(true) => {
            let scopes = device.scopes.clone();
            state.devices.remove(&code);
            Ok(logged_in(state, scopes))
        }
    }
}

/// Checks the assertion of a service account as Google does.
fn assertion(request: &Request, state: &mut State) -> Result<Value, Failure> {
    const TIME: &str = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your \
                        iat and exp values in the JWT claim.";
    let assertion = request.field("assertion").unwrap_or_default();
    let Some((header, claims)) = jwt::verified(&assertion) else {
        return Err((400, "invalid_grant", "Invalid JWT Signature."));
    };
    // yup-oauth2 does not name the key, and Google does not require it.
    let names_key = header["kid"].is_string() || header["kid"].is_null();
    if header["alg"] != "RS256" || header["typ"] != "JWT" || !names_key {
        return Err((400, "invalid_grant", "Invalid JWT header."));
    }
    let issuer = claims["iss"].as_str().unwrap_or_default();
    if ![ROBOT, DELEGATE].contains(&issuer) {
        return Err((400, "invalid_grant", "Invalid grant: account not found"));
    }
    let own = format!("http://{}{}", request.host, request.path);
    let audience = claims["aud"].as_str().unwrap_or_default();
    if audience != own && audience != "https://oauth2.googleapis.com/token" {
        return Err((400, "invalid_grant", "Invalid JWT: Failed audience check."));
    }
    let (Some(from), Some(until)) = (claims["iat"].as_i64(), claims["exp"].as_i64()) else {
        return Err((400, "invalid_grant", TIME));
    };
    let now = state.now();
    // Google accepts clocks that differ by a few minutes.
    if from > now + 300 || until < now - 300 || until - from > 3_600 || until <= from {
        return Err((400, "invalid_grant", TIME));
    }
    let scopes = scopes_in(claims["scope"].as_str().map(str::to_owned));
    if scopes.is_empty() {
        return Err((400, "invalid_scope", "Empty or missing scope not allowed."));
    }
    if scopes
        .iter()
        .any(|scope| !scope.starts_with("https://") && scope != "openid")
    {
        return Err((
            400,
            "invalid_scope",
            "Invalid OAuth scope or ID token audience provided.",
        ));
    }
    let email = match claims["sub"].as_str() {
        None => issuer,
        Some(subject) if subject == issuer => issuer,
        Some(USER) => {
            let delegated = state.settings.delegated.as_ref();
            if delegated.is_some_and(|all| scopes.iter().any(|scope| !all.contains(scope))) {
                return Err((
                    401,
                    "unauthorized_client",
                    "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of \
                     the scopes requested.",
                ));
            }
            USER
        }
        Some(_) => return Err((400, "invalid_grant", "Invalid email or User ID")),
    };
    Ok(body(state, "assertion", email, &scopes))
}

pub(crate) fn revoke(request: &Request, state: &mut State) -> Response {
    let token = request
        .field("token")
        .or_else(|| request.parameter("token"));
    let token = token.unwrap_or_default();
    let was_there = state.refresh_tokens.remove(&token) || state.tokens.remove(&token).is_some();
    if was_there {
        Response::json(&json!({}))
    } else {
        Response::oauth(400, "invalid_token", "Token expired or revoked")
    }
}
