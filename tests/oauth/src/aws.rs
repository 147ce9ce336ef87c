//! The metadata server of AWS (IMDSv2), and the check of a signed request as AWS STS does it.

use crate::http::{Request, Response};
use crate::time;
use ring::digest::{SHA256, digest};
use ring::hmac::{HMAC_SHA256, Key, sign};
use serde_json::{Value, json};
use std::fmt::Write as _;
use url::Url;

/// The role of the machine.
const ROLE: &str = "gapi-test-role";
/// The public half of the key.
pub(crate) const ACCESS_KEY_ID: &str = "AKIAGAPITEST";
/// The secret half of the key.
pub(crate) const SECRET_ACCESS_KEY: &str = "SECRET-aws-access-key";
/// The token of the session.
pub(crate) const SESSION_TOKEN: &str = "SECRET-aws-session";
const IMDS_TOKEN: &str = "SECRET-imds";

/// The seconds by which the time of a signature may differ.
const LONGEST_SKEW: i64 = 900;

pub(crate) fn respond(request: &Request) -> Response {
    let refused = || Response::new(401, "text/plain", "Unauthorized");
    if request.path == "/latest/api/token" {
        let ttl = request.header("x-aws-ec2-metadata-token-ttl-seconds");
        return if request.method == "PUT" && ttl.is_some() {
            Response::text(IMDS_TOKEN)
        } else {
            refused()
        };
    }
    if request.header("x-aws-ec2-metadata-token") != Some(IMDS_TOKEN) {
        return refused();
    }
    match request.path.trim_start_matches("/latest/meta-data/") {
        "placement/availability-zone" => Response::text("us-east-2b"),
        "placement/region" => Response::text("us-east-2"),
        "iam/security-credentials" | "iam/security-credentials/" => Response::text(ROLE),
        path if path.ends_with(ROLE) => Response::json(&json!({
            "Code": "Success",
            "Type": "AWS-HMAC",
            "AccessKeyId": ACCESS_KEY_ID,
            "SecretAccessKey": SECRET_ACCESS_KEY,
            "Token": SESSION_TOKEN,
            "LastUpdated": "2026-01-01T00:00:00Z",
            "Expiration": "2126-01-01T00:00:00Z",
        })),
        _ => Response::new(404, "text/plain", "not found"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn hmac(key: &[u8], data: &str) -> Vec<u8> {
    sign(&Key::new(HMAC_SHA256, key), data.as_bytes())
        .as_ref()
        .to_vec()
}

/// Checks a subject token: a request to `GetCallerIdentity` with Signature Version 4, as JSON, percent-encoded. `now` is the time
/// in seconds since 1970.
pub(crate) fn verify(subject_token: &str, audience: &str, now: i64) -> Result<(), String> {
    let text =
        url::form_urlencoded::parse(format!("t={}", subject_token.replace('+', "%2B")).as_bytes())
            .next()
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default();
    let request: Value = serde_json::from_str(&text)
        .map_err(|error| format!("the subject token is no JSON: {error}"))?;
    let headers: Vec<(String, String)> = request["headers"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|header| {
            let member = |name: &str| header[name].as_str().unwrap_or_default();
            (
                member("key").to_ascii_lowercase(),
                member("value").to_owned(),
            )
        })
        .collect();
    let header = |name: &str| {
        let found = headers.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.as_str())
            .ok_or_else(|| format!("the header {name} is missing"))
    };
    let url = Url::parse(request["url"].as_str().unwrap_or_default())
        .map_err(|error| error.to_string())?;
    if request["method"] != "POST" || url.host_str() != Some("sts.us-east-2.amazonaws.com") {
        return Err("no request to sts.us-east-2.amazonaws.com".to_owned());
    }
    if header("x-goog-cloud-target-resource")? != audience {
        return Err("another audience is signed".to_owned());
    }
    if header("x-amz-security-token")? != SESSION_TOKEN {
        return Err("another session token".to_owned());
    }
    let authorization = header("authorization")?;
    let part = |name: &str| {
        let found = authorization
            .split([' ', ','])
            .find_map(|part| part.strip_prefix(name));
        found.ok_or_else(|| format!("the authorization has no {name}"))
    };
    let (credential, signed, signature) = (
        part("Credential=")?,
        part("SignedHeaders=")?,
        part("Signature=")?,
    );
    let scope = credential
        .strip_prefix(&format!("{ACCESS_KEY_ID}/"))
        .ok_or("another access key")?;
    let date = header("x-amz-date")?;
    let at = |seconds| time::rfc3339(seconds).replace(['-', ':'], "");
    let (from, until) = (at(now - LONGEST_SKEW), at(now + LONGEST_SKEW));
    if date < from.as_str() {
        return Err(format!(
            "Received invalid AWS response of type SignatureDoesNotMatch with error message: Signature expired: {date} is now \
             earlier than {from}"
        ));
    }
    if date > until.as_str() {
        return Err(format!(
            "Received invalid AWS response of type SignatureDoesNotMatch with error message: Signature not yet current: {date} \
             is still later than {until}"
        ));
    }
    let expected_scope = format!(
        "{}/us-east-2/sts/aws4_request",
        date.get(..8).unwrap_or_default()
    );
    if scope != expected_scope {
        return Err(format!("the scope is {scope}"));
    }
    let mut canonical = format!(
        "POST\n{}\n{}\n",
        url.path(),
        url.query().unwrap_or_default()
    );
    for name in signed.split(';') {
        let _ = writeln!(canonical, "{name}:{}", header(name)?.trim());
    }
    let _ = write!(
        canonical,
        "\n{signed}\n{}",
        hex(digest(&SHA256, b"").as_ref())
    );
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{date}\n{scope}\n{}",
        hex(digest(&SHA256, canonical.as_bytes()).as_ref())
    );
    let mut key = format!("AWS4{SECRET_ACCESS_KEY}").into_bytes();
    for part in scope.split('/') {
        key = hmac(&key, part);
    }
    if hex(&hmac(&key, &to_sign)) == signature {
        Ok(())
    } else {
        Err("the signature is wrong".to_owned())
    }
}
