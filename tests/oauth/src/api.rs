//! Endpoints of Gmail, Drive, Sheets, Calendar, Directory and Cloud Spanner that check tokens and scopes.

use crate::http::{Request, Response};
use crate::state::{CLOUD_PLATFORM, Grant, State, USER};
use serde_json::{Value, json};

/// The scopes of which a method needs one, without the prefix that Google's have in common.
const GMAIL: &[&str] = &["gmail.readonly", "gmail.modify", "gmail.metadata"];
const DRIVE: &[&str] = &["drive", "drive.file", "drive.appdata"];
const CALENDAR: &[&str] = &[
    "calendar",
    "calendar.events",
    "calendar.events.owned",
    "calendar.app.created",
];
const EVENTS: &[&str] = &[
    "calendar",
    "calendar.readonly",
    "calendar.events",
    "calendar.events.readonly",
];
const SHEETS: &[&str] = &["spreadsheets", "drive", "drive.file"];
const DIRECTORY: &[&str] = &[
    "admin.directory.user",
    "admin.directory.user.readonly",
    "cloud-platform",
];
const SPANNER: &[&str] = &["cloud-platform", "spanner.admin", "spanner.data"];

/// A response of an API, for an account that may call it.
type Method = fn(&Request, &Grant) -> Response;

fn method(request: &Request) -> Option<(&'static [&'static str], Method)> {
    let path = request.path.as_str();
    let method: (&[&str], Method) = match request.method.as_str() {
        "GET" if path.starts_with("/gmail/v1/users/") && path.ends_with("/messages") => {
            (GMAIL, messages)
        }
        "GET" if path.starts_with("/gmail/v1/users/") => (GMAIL, message),
        "POST" if path == "/upload/drive/v3/files" => (DRIVE, upload),
        "GET" if path == "/drive/v3/files" => (
            &[
                "drive",
                "drive.file",
                "drive.readonly",
                "drive.metadata.readonly",
                "drive.metadata",
            ],
            files,
        ),
        "GET" if path.starts_with("/drive/v3/files/") => {
            (&["drive", "drive.file", "drive.readonly"], content)
        }
        "POST" if path.starts_with("/v4/spreadsheets/") && path.ends_with(":append") => {
            (SHEETS, append)
        }
        "GET" if path.starts_with("/v4/spreadsheets/") => (SHEETS, cells),
        "POST" if path.starts_with("/calendar/v3/calendars/") && path.ends_with("/events") => {
            (CALENDAR, event)
        }
        "GET" if path.starts_with("/calendar/v3/calendars/") => (EVENTS, events),
        "GET" if path == "/admin/directory/v1/users" => (DIRECTORY, users),
        "GET" if path.starts_with("/v1/projects/") && path.ends_with("/instances") => {
            (SPANNER, instances)
        }
        "GET" if path.starts_with("/v1/projects/") => (SPANNER, spanner),
        _ => return None,
    };
    Some(method)
}

pub(crate) fn respond(request: &Request, state: &mut State) -> Response {
    let Some((scopes, method)) = method(request) else {
        return Response::api(404, "NOT_FOUND", "Method not found.");
    };
    let Some(grant) = request.bearer().and_then(|token| state.valid(token)) else {
        let message = "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other \
                       valid authentication credential.";
        return Response::api(401, "UNAUTHENTICATED", message).with(
            "www-authenticate",
            "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"",
        );
    };
    let is_enough = grant.scopes.iter().any(|scope| {
        let name = scope.strip_prefix("https://www.googleapis.com/auth/");
        scope == "https://mail.google.com/" || name.is_some_and(|name| scopes.contains(&name))
    });
    if !is_enough {
        return insufficient();
    }
    method(request, &grant)
}

fn insufficient() -> Response {
    let error = json!({
        "code": 403,
        "message": "Request had insufficient authentication scopes.",
        "status": "PERMISSION_DENIED",
        "details": [{
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            "domain": "googleapis.com",
        }],
    });
    Response::status_json(403, &json!({"error": error})).with(
        "www-authenticate",
        "Bearer realm=\"https://accounts.google.com/\", error=\"insufficient_scope\"",
    )
}

/// A mailbox belongs to a person.
fn messages(_: &Request, grant: &Grant) -> Response {
    if grant.email != USER {
        return Response::api(400, "FAILED_PRECONDITION", "Precondition check failed.");
    }
    let messages = ["m1", "m2"].map(|id| json!({"id": id, "threadId": format!("t-{id}")}));
    Response::json(&json!({"messages": messages, "resultSizeEstimate": 2}))
}

/// A message as `format=metadata` shows it.
fn message(request: &Request, grant: &Grant) -> Response {
    if grant.email != USER {
        return Response::api(400, "FAILED_PRECONDITION", "Precondition check failed.");
    }
    let id = request.path.rsplit('/').next().unwrap_or_default();
    let headers = [
        json!({"name": "From", "value": "Ann <ann@example.com>"}),
        json!({"name": "Subject", "value": format!("Minutes of {id}")}),
    ];
    Response::json(&json!({"id": id, "payload": {"headers": headers}, "snippet": "Hello"}))
}

/// Returns `true` if the only scope of a token is this one, without the common prefix.
fn has_only(grant: &Grant, scope: &str) -> bool {
    grant.scopes.iter().all(|other| other.ends_with(scope))
}

fn upload(request: &Request, grant: &Grant) -> Response {
    // With this scope a program reaches its own hidden directory only.
    if has_only(grant, "/drive.appdata")
        && !String::from_utf8_lossy(&request.body).contains("appDataFolder")
    {
        return insufficient();
    }
    let name = match request.parameter("uploadType").as_deref() {
        Some("multipart") => {
            let body = String::from_utf8_lossy(&request.body);
            let parts = body.split("\r\n\r\n").nth(1).unwrap_or_default();
            let metadata = parts.split("\r\n--").next().unwrap_or_default();
            let metadata: Value = serde_json::from_str(metadata).unwrap_or_default();
            metadata["name"].as_str().unwrap_or("Untitled").to_owned()
        }
        Some("media") => "Untitled".to_owned(),
        _ => return Response::api(400, "INVALID_ARGUMENT", "The upload type is not supported."),
    };
    Response::json(
        &json!({"kind": "drive#file", "id": "file-1", "name": name, "owners": [{"emailAddress": grant.email}]}),
    )
}

fn files(_: &Request, grant: &Grant) -> Response {
    let file =
        json!({"id": "file-1", "name": "report.txt", "owners": [{"emailAddress": grant.email}]});
    Response::json(&json!({"kind": "drive#fileList", "files": [file]}))
}

/// A file as metadata, or its content.
fn content(request: &Request, _: &Grant) -> Response {
    if request.parameter("alt").as_deref() == Some("media") {
        return Response::new(200, "text/plain", "a report\n");
    }
    Response::json(&json!({"kind": "drive#file", "id": "file-1", "name": "report.txt"}))
}

/// Accepts rows of two columns at the end of a sheet.
fn append(request: &Request, _: &Grant) -> Response {
    if request.parameter("valueInputOption").is_none() {
        return Response::api(400, "INVALID_ARGUMENT", "'valueInputOption' is required");
    }
    let rows = request.json()["values"].as_array().map_or(0, Vec::len);
    let range = format!("Sheet1!A3:B{}", 2 + rows);
    Response::json(&json!({"updates": {"updatedRange": range, "updatedRows": rows}}))
}

fn cells(_: &Request, _: &Grant) -> Response {
    let rows = [json!(["item", "price"]), json!(["tea", 2.5])];
    Response::json(&json!({"range": "Sheet1!A1:B2", "values": rows}))
}

/// A day, and an hour of another one.
fn events(_: &Request, _: &Grant) -> Response {
    let items = [
        json!({"summary": "Holiday", "start": {"date": "2027-04-01"}}),
        json!({"summary": "Retro", "start": {"dateTime": "2027-04-02T09:00:00+02:00"}}),
    ];
    Response::json(&json!({"kind": "calendar#events", "items": items}))
}

fn event(request: &Request, grant: &Grant) -> Response {
    // With this scope a program reaches the calendars that it has made.
    if has_only(grant, "/calendar.app.created") && request.path.contains("/primary/") {
        return insufficient();
    }
    let mut event = request.json();
    if !event["start"].is_object() {
        return Response::api(400, "INVALID_ARGUMENT", "Missing end time.");
    }
    event["id"] = "event-1".into();
    event["creator"] = json!({"email": grant.email});
    Response::json(&event)
}

/// Only a user with the rights of an administrator may list users, or an account with such a role.
fn users(request: &Request, _: &Grant) -> Response {
    if request.parameter("customer").is_none() && request.parameter("domain").is_none() {
        return Response::api(400, "INVALID_ARGUMENT", "Bad Request");
    }
    let users = ["a@example.com", USER].map(|email| json!({"primaryEmail": email}));
    Response::json(&json!({"kind": "admin#directory#users", "users": users}))
}

fn instances(request: &Request, _: &Grant) -> Response {
    let parent = request.path.trim_start_matches("/v1/");
    let instance =
        |name, nodes: i32| json!({"name": format!("{parent}/{name}"), "nodeCount": nodes});
    Response::json(&json!({"instances": [instance("orders", 3), instance("users", 1)]}))
}

/// A client of Spanner does not care about the scopes of its token.
fn spanner(request: &Request, grant: &Grant) -> Response {
    let name = request.path.trim_start_matches("/v1/");
    Response::json(
        &json!({"name": name, "done": true, "response": {"by": grant.email, "all": CLOUD_PLATFORM}}),
    )
}
