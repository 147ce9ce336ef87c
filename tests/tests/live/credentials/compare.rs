//! Requests without their random parts, and the deliberate differences.

use gapi_test_oauth::{Endpoint, Request, Server, decoded_jwt};
use serde_json::{Map, Value, json};

/// A request, as far as it is compared.
pub(super) type Shown = Value;

/// The headers that are compared.
const HEADERS: [&str; 9] = [
    "authorization",
    "content-type",
    "metadata-flavor",
    "x-aws-ec2-metadata-token",
    "x-aws-ec2-metadata-token-ttl-seconds",
    "x-goog-api-client",
    "x-goog-user-project",
    "x-identity",
    "accept-language",
];

/// Differences that are meant: the endpoint, the place, and the reason. A place is a pointer into a request.
const DEVIATIONS: &[(Endpoint, &str, &str)] = &[
    (
        Endpoint::Api,
        "/headers/x-goog-api-client",
        "for the statistics of Google, generated clients name gapi, and google-auth its kind of credentials",
    ),
    (
        Endpoint::Api,
        "/path",
        "the flows for users call Gmail there, and Cloud Spanner here",
    ),
    (Endpoint::Api, "/host", "the same"),
    (
        Endpoint::Api,
        "/query/alt",
        "generated clients ask for JSON",
    ),
];

/// Requests that only one of both sends, or at another time: the path, and the reason.
const NOT_COMPARED: &[(&str, &str)] = &[
    (
        "/v1/projects/1",
        "google-auth looks up the id of the project when it loads an external account; nothing here needs it",
    ),
    (
        "/",
        "google-auth asks if there is a metadata server; here the first request for a token shows it",
    ),
    (
        "/computeMetadata/v1/project/project-id",
        "google-auth looks up the id of the project with the default credentials; nothing here needs it",
    ),
    (
        "/computeMetadata/v1/instance/service-accounts/default/",
        "google-auth looks up the address and the scopes before each token; nothing here needs them",
    ),
    (
        "/computeMetadata/v1/instance/service-accounts/default/email",
        "google-auth has no subject for the account of the machine, and takes its address",
    ),
    (
        "/computeMetadata/v1/universe/universe-domain",
        "google-auth looks it up for impersonation only, before the token; here each call needs it, after the token",
    ),
];

/// Returns the requests that a server has received.
pub(super) fn shown(server: &Server) -> Vec<Shown> {
    let requests = server.requests();
    let requests = requests.iter().filter(|request| {
        let mut rows = NOT_COMPARED.iter();
        !rows.any(|(path, _)| *path == request.path)
    });
    let own = server.host();
    requests.map(|request| one(request, &own)).collect()
}

fn one(request: &Request, own: &str) -> Shown {
    let headers = HEADERS.iter().filter_map(|name| {
        let value = request.header(name)?;
        let value = match *name {
            "content-type" => value.split(';').next().unwrap_or_default().into(),
            "x-goog-api-client" => unversioned(value).into(),
            _ => masked(value),
        };
        Some(((*name).to_owned(), value))
    });
    let form = request
        .header("content-type")
        .is_some_and(|kind| kind.contains("form-urlencoded"));
    let body = if form {
        let fields = request.form().into_iter();
        Value::Object(fields.map(|(name, value)| (name, masked(&value))).collect())
    } else {
        without_null(request.json())
    };
    let query = gapi_test_oauth::http::pairs(request.query.as_bytes()).into_iter();
    let query: Map<String, Value> = query.map(|(name, value)| (name, value.into())).collect();
    let server = if request.host == own {
        "own"
    } else {
        &request.host
    };
    json!({
        "endpoint": format!("{:?}", Endpoint::of(request)),
        "method": request.method,
        "host": server,
        "path": request.path,
        "query": query,
        "headers": Value::Object(headers.collect()),
        "body": body,
    })
}

/// Returns the words of a header without the names and versions of language and library.
fn unversioned(value: &str) -> String {
    let words = value.split(' ').map(|word| match word.split('/').next() {
        Some("auth") => "auth",
        Some(name) if name.starts_with("gl-") => "gl",
        _ => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// JSON members that are null mean the same as missing ones.
fn without_null(mut value: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.retain(|_, value| !value.is_null() && *value != json!([]));
        if let Some(payload) = members.get("payload").and_then(Value::as_str) {
            let claims = serde_json::from_str(payload).unwrap();
            members.insert("payload".to_owned(), timeless(claims));
        }
    }
    value
}

/// Returns claims with their lifetime instead of times.
fn timeless(mut claims: Value) -> Value {
    let (from, until) = (claims["iat"].as_i64(), claims["exp"].as_i64());
    if let (Some(from), Some(until)) = (from, until) {
        claims["iat"] = "now".into();
        claims["exp"] = json!(until - from);
    }
    claims
}

/// Returns a value with assertions decoded, and without its random parts.
fn masked(value: &str) -> Value {
    let (scheme, text) = value
        .strip_prefix("Bearer ")
        .map_or(("", value), |text| ("Bearer ", text));
    if let Some((header, claims)) = decoded_jwt(text) {
        return json!({"scheme": scheme, "header": header, "claims": timeless(claims)});
    }
    // Tokens of the server are numbered.
    if text.starts_with("ya29.") {
        let kind = text.trim_end_matches(|character: char| character.is_ascii_digit());
        return format!("{scheme}{kind}").into();
    }
    let decoded = gapi_test_oauth::http::pairs(format!("x={value}").as_bytes());
    let json = decoded
        .first()
        .and_then(|(_, text)| serde_json::from_str::<Value>(text).ok());
    match json {
        Some(Value::Object(request)) => aws(Value::Object(request)),
        _ => value.into(),
    }
}

/// Returns a signed request to AWS without times and signature. The server has checked both.
fn aws(mut request: Value) -> Value {
    let headers = request["headers"].as_array().cloned().unwrap_or_default();
    let headers = headers.iter().map(|header| {
        let (name, value) = (
            header["key"].as_str().unwrap(),
            header["value"].as_str().unwrap(),
        );
        let name = name.to_ascii_lowercase();
        let value = match name.as_str() {
            "x-amz-date" => "now".to_owned(),
            "authorization" => {
                let signed = value.split("SignedHeaders=").nth(1).unwrap_or_default();
                signed.split(',').next().unwrap_or_default().to_owned()
            }
            _ => value.to_owned(),
        };
        (name, value.into())
    });
    request["headers"] = Value::Object(headers.collect());
    request
}

/// Compares the requests of both, and returns the differences that are not deviations.
///
/// `used` gets the places of the deviations.
pub(super) fn differences(ours: &[Shown], theirs: &[Shown], used: &mut Vec<String>) -> Vec<String> {
    let lines = |all: &[Shown]| {
        let line = |request: &Shown| {
            format!(
                "{} {}{}",
                request["method"], request["host"], request["path"]
            )
        };
        all.iter().map(line).collect::<Vec<_>>()
    };
    if ours.len() != theirs.len() {
        return vec![format!(
            "we send {:#?}, they send {:#?}",
            lines(ours),
            lines(theirs)
        )];
    }
    let mut found = Vec::new();
    for (our, their) in ours.iter().zip(theirs) {
        let mut places = Vec::new();
        collect("", our, their, &mut places);
        let endpoint = our["endpoint"].as_str().unwrap();
        let is_meant = |place: &str| {
            let mut rows = DEVIATIONS.iter();
            rows.any(|(of, at, _)| format!("{of:?}") == endpoint && place == *at)
        };
        for (place, text) in places {
            if is_meant(&place) {
                used.push(place);
            } else {
                let [method, host, path] =
                    ["method", "host", "path"].map(|name| our[name].as_str().unwrap());
                found.push(format!("{method} {host}{path}: {place}: {text}"));
            }
        }
    }
    found
}

/// Collects the places at which two values differ.
fn collect(place: &str, ours: &Value, theirs: &Value, places: &mut Vec<(String, String)>) {
    match (ours, theirs) {
        (Value::Object(our), Value::Object(their)) => {
            let names: std::collections::BTreeSet<_> = our.keys().chain(their.keys()).collect();
            for name in names {
                let [our, their] =
                    [our, their].map(|members| members.get(name).unwrap_or(&Value::Null));
                collect(&format!("{place}/{name}"), our, their, places);
            }
        }
        _ if ours == theirs => {}
        _ => places.push((place.to_owned(), format!("{ours} instead of {theirs}"))),
    }
}

/// Returns the places of the deviations that did not occur.
pub(super) fn unused(used: &[String]) -> Vec<&'static str> {
    let places = DEVIATIONS.iter().map(|(_, place, _)| *place);
    places
        .filter(|place| !used.iter().any(|other| other == place))
        .collect()
}
