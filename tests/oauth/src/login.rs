//! The pages that a person sees, and the start of a device's login.

use crate::http::{Request, Response, pairs};
use crate::state::{CLIENT_ID, Code, Device, State, scopes_in};
use serde_json::json;
use url::Url;

/// Responds with the page of a login, or to its buttons.
pub(crate) fn page(request: &Request, state: &mut State) -> Response {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/device") => device_page(request),
        ("POST", "/device") => {
            let code = request.field("user_code").unwrap_or_default();
            let is_allowed = request.field("decision").as_deref() == Some("allow");
            if state.decide(code.trim(), is_allowed) {
                html(
                    200,
                    "<h1>Device</h1><p id=\"done\">You can close this window.</p>",
                )
            } else {
                html(400, "<h1>Device</h1><p id=\"error\">Unknown code</p>")
            }
        }
        ("GET", _) => authorize(request),
        ("POST", "/consent") => consent(request, state),
        _ => html(400, "<p id=\"error\">Bad request</p>"),
    }
}

fn html(status: u16, body: &str) -> Response {
    let text = format!(
        "<!doctype html><html lang=\"en\"><title>Sign in</title><body>{body}</body></html>"
    );
    Response::new(status, "text/html; charset=utf-8", text)
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('"', "&quot;")
}

/// Returns the reason why Google shows an error instead of the page.
fn problem(request: &Request) -> Option<&'static str> {
    let parameter = |name: &str| request.parameter(name);
    if parameter("client_id").as_deref() != Some(CLIENT_ID) {
        return Some("Error 401: invalid_client");
    }
    if parameter("response_type").as_deref() != Some("code") {
        return Some("Error 400: unsupported_response_type");
    }
    if parameter("scope").is_none_or(|scope| scope.is_empty()) {
        return Some("Error 400: invalid_request: Missing required parameter: scope");
    }
    let redirect = parameter("redirect_uri").and_then(|text| Url::parse(&text).ok());
    // Desktop clients may use any port and path of the loopback interface: RFC 8252, section 7.3.
    let is_loopback = redirect.is_some_and(|url| {
        url.scheme() == "http"
            && matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"))
    });
    if !is_loopback {
        return Some("Error 400: redirect_uri_mismatch");
    }
    let method = parameter("code_challenge_method");
    if method.is_some_and(|method| method != "S256" && method != "plain") {
        return Some("Error 400: invalid_request: code_challenge_method");
    }
    None
}

/// Shows the page with its two buttons.
fn authorize(request: &Request) -> Response {
    if let Some(problem) = problem(request) {
        return html(
            400,
            &format!("<h1>Access blocked</h1><p id=\"error\">{problem}</p>"),
        );
    }
    let fields = pairs(request.query.as_bytes());
    let fields = fields.iter().map(|(name, value)| {
        let (name, value) = (escaped(name), escaped(value));
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")
    });
    let fields = fields.collect::<Vec<_>>().concat();
    let scopes = scopes_in(request.parameter("scope"));
    let scopes = scopes
        .iter()
        .map(|scope| format!("<li>{}</li>", escaped(scope)));
    let scopes = scopes.collect::<Vec<_>>().concat();
    html(
        200,
        &format!(
            "<h1>A program wants to access your account</h1><ul>{scopes}</ul>\
             <form method=\"post\" action=\"/consent\">{fields}\
             <button id=\"allow\" name=\"decision\" value=\"allow\">Allow</button>\
             <button id=\"deny\" name=\"decision\" value=\"deny\">Deny</button></form>"
        ),
    )
}

/// Redirects the browser to the program.
fn consent(request: &Request, state: &mut State) -> Response {
    let Some(mut url) = request
        .field("redirect_uri")
        .and_then(|text| Url::parse(&text).ok())
    else {
        return html(400, "<p id=\"error\">Error 400: redirect_uri_mismatch</p>");
    };
    let mut scopes = scopes_in(request.field("scope"));
    if let Some(granted) = &state.settings.granted {
        scopes.retain(|scope| granted.contains(scope));
    }
    let is_allowed = request.field("decision").as_deref() == Some("allow") && !scopes.is_empty();
    if let Some(sent) = request.field("state") {
        url.query_pairs_mut().append_pair("state", &sent);
    }
    if is_allowed {
        let code = format!("4/{}", state.unique("code"));
        let challenge = request.field("code_challenge").map(|challenge| {
            let method = request.field("code_challenge_method");
            (method.unwrap_or_else(|| "plain".to_owned()), challenge)
        });
        url.query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("scope", &scopes.join(" "));
        let redirect_uri = request.field("redirect_uri").unwrap_or_default();
        state.codes.insert(
            code,
            Code {
                redirect_uri,
                challenge,
                scopes,
            },
        );
    } else {
        url.query_pairs_mut().append_pair("error", "access_denied");
    }
    html(302, "").with("location", url.to_string())
}

/// Starts the login of a device: RFC 8628, section 3.1.
pub(crate) fn device(request: &Request, state: &mut State) -> Response {
    if request.field("client_id").as_deref() != Some(CLIENT_ID) {
        return Response::oauth(401, "invalid_client", "The OAuth client was not found.");
    }
    let scopes = scopes_in(request.field("scope"));
    if scopes.is_empty() {
        return Response::oauth(400, "invalid_scope", "Missing required parameter: scope");
    }
    let device_code = format!("AH-{}", state.unique("device"));
    let user_code = format!("GQVQ-{:04}", state.devices.len() + 1);
    state.devices.insert(
        device_code.clone(),
        Device {
            user_code: user_code.clone(),
            scopes,
            decision: None,
            polls: 0,
        },
    );
    let scheme = if request.is_tls { "https" } else { "http" };
    Response::json(&json!({
        "device_code": device_code,
        "user_code": user_code,
        // Google's name for it. RFC 8628 has `verification_uri`.
        "verification_url": format!("{scheme}://{}/device", request.host),
        "expires_in": 1_800,
        "interval": state.settings.interval,
    }))
}

fn device_page(request: &Request) -> Response {
    let code = escaped(&request.parameter("user_code").unwrap_or_default());
    html(
        200,
        &format!(
            "<h1>Device</h1><form method=\"post\" action=\"/device\">\
             <input id=\"code\" name=\"user_code\" value=\"{code}\">\
             <button id=\"allow\" name=\"decision\" value=\"allow\">Allow</button>\
             <button id=\"deny\" name=\"decision\" value=\"deny\">Deny</button></form>"
        ),
    )
}
